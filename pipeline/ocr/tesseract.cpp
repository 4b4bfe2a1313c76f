#include "tesseract.h"

#include <cmath>
#include <cstring>
#include <exception>
#include <memory>
#include <sstream>

#include <tesseract/baseapi.h>
#include <tesseract/ltrresultiterator.h>

using namespace tesseract;

namespace {

// An Engine lends its words in the order of its lines: the iterator that also minds
// writing from the right starts over at the first word of the page for every word.
struct Engine : TessBaseAPI {
  using TessBaseAPI::GetLTRIterator;
};

double thousandths(double v) { return std::round(v * 1000) / 1000; }

void write_line(const LTRResultIterator &at, int block, std::ostream &out) {
  int left, top, right, bottom, x1, y1, x2, y2;
  at.BoundingBox(RIL_TEXTLINE, &left, &top, &right, &bottom);
  float size = 0, descenders, ascenders;
  at.RowAttributes(&size, &descenders, &ascenders);
  double slope = 0, offset = 0; // of the baseline, from the lower left corner
  if (at.Baseline(RIL_TEXTLINE, &x1, &y1, &x2, &y2) && x1 != x2) {
    slope = double(y2 - y1) / (x2 - x1);
    offset = y1 - bottom - slope * (x1 - left);
  }
  out << "L " << block << ' ' << left << ' ' << top << ' ' << right << ' ' << bottom << ' ' << size << ' '
      << thousandths(slope) << ' ' << thousandths(offset) << '\n';
}

void write_words(Engine *engine, std::ostream &out) {
  std::unique_ptr<LTRResultIterator> at(engine->GetLTRIterator());
  int block = 0;
  for (bool more = at != nullptr; more; more = at->Next(RIL_WORD)) {
    if (at->Empty(RIL_WORD)) continue;
    if (at->IsAtBeginningOf(RIL_BLOCK)) block++;
    if (at->IsAtBeginningOf(RIL_TEXTLINE)) write_line(*at, block, out);
    int left, top, right, bottom;
    if (!at->BoundingBox(RIL_WORD, &left, &top, &right, &bottom)) continue;
    std::unique_ptr<char[]> text(at->GetUTF8Text(RIL_WORD));
    out << "W " << left << ' ' << top << ' ' << right << ' ' << bottom << ' ' << int(at->Confidence(RIL_WORD)) << ' '
        << text.get() << '\n';
  }
}

} // namespace

void *sohoa_open(const char *languages) try {
  auto engine = std::make_unique<Engine>();
  return engine->Init(nullptr, languages) == 0 ? engine.release() : nullptr;
} catch (const std::exception &) {
  return nullptr;
}

void sohoa_close(void *engine) { delete static_cast<Engine *>(engine); }

int sohoa_set(void *engine, const char *name, const char *value) {
  return static_cast<Engine *>(engine)->SetVariable(name, value);
}

char *sohoa_read(void *engine, PIX *picture, int mode) try {
  auto e = static_cast<Engine *>(engine);
  e->SetPageSegMode(static_cast<PageSegMode>(mode));
  e->SetImage(picture);
  if (e->Recognize(nullptr) != 0) return nullptr;
  std::ostringstream out;
  write_words(e, out);
  e->Clear();
  return strdup(out.str().c_str());
} catch (const std::exception &) {
  return nullptr;
}
