// Loaded before libtesseract (LD_PRELOAD), this writes every line picture that the engine
// gives its network into the folder $LINES, as NAME.png, with what it read in NAME.txt.
// It needs the headers of Tesseract's source package, see docs/development.md.
#include <allheaders.h>
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "imagedata.h"
#include "lstmrecognizer.h"
#include "pageres.h"

namespace tesseract {

using Recognise = void (*)(LSTMRecognizer *, const ImageData &, float, bool, double, const TBOX &, PointerVector<WERD_RES> *, int, int);

void LSTMRecognizer::RecognizeLine(const ImageData &image, float invert, bool debug, double worst, const TBOX &box,
                                   PointerVector<WERD_RES> *words, int mode, int amount) {
  static const auto engines = reinterpret_cast<Recognise>(dlsym(
      RTLD_NEXT, "_ZN9tesseract14LSTMRecognizer13RecognizeLineERKNS_9ImageDataEfbdRKNS_4TBOXEPNS_13PointerVectorINS_8WERD_RESEEEii"));
  static int number = 0;
  const size_t before = words->size();
  engines(this, image, invert, debug, worst, box, words, mode, amount);
  const char *folder = getenv("LINES");
  if (folder == nullptr) {
    return;
  }
  const std::string name = std::string(folder) + "/" + std::to_string(getpid()) + "-" + std::to_string(number++);
  Image picture = image.GetPix();
  pixWrite((name + ".png").c_str(), picture, IFF_PNG);
  picture.destroy();
  if (FILE *text = fopen((name + ".txt").c_str(), "w")) {
    for (size_t i = before; i < words->size(); ++i) {
      if ((*words)[i]->best_choice != nullptr) {
        fprintf(text, "%s ", (*words)[i]->best_choice->unichar_string().c_str());
      }
    }
    fclose(text);
  }
}

}  // namespace tesseract
