package layout

import (
	"fmt"
	"io"

	"github.com/sohoa/sohoa/record"
)

// HOCR writes d as one hOCR 1.2 file in XHTML, an ocr_page for each page.
func HOCR(to io.Writer, d Document) error {
	w := newWriter(to, "hOCR")
	language := text(d.language())
	w.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>")
	w.put(`<html xmlns="http://www.w3.org/1999/xhtml" lang="%s" xml:lang="%[1]s">`, language)
	w.put("<head>\n<meta charset=\"utf-8\"/>\n<title>%s</title>", text(d.Name))
	w.put(`<meta name="ocr-system" content="%s"/>`, text(d.Software))
	w.put(`<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word"/>`)
	w.put(`<meta name="ocr-langs" content="%s"/>`, language)
	w.put("<meta name=\"ocr-number-of-pages\" content=\"%d\"/>\n</head>\n<body>", len(d.Pages))
	for i, p := range d.Pages {
		hocrPage(w, i+1, d.Name, p)
	}
	w.put("</body>\n</html>")
	return w.close()
}

func hocrPage(w *writer, number int, image string, p record.Page) {
	id := fmt.Sprintf("page_%d", number)
	resolution := ""
	if p.DPI > 0 {
		resolution = fmt.Sprintf("; scan_res %s %[1]s", decimal(p.DPI, 0))
	}
	w.put(`<div class="ocr_page" id="%s" title="image &#34;%s&#34;; bbox 0 0 %d %d; ppageno %d%s">`, id, text(quotable(image)), p.Width, p.Height, number-1, resolution)
	for i, lines := range blocks(p) {
		block := fmt.Sprintf("%d_%d", number, i+1)
		where := hocrBox(bounds(lines))
		w.put(`<div class="ocr_carea" id="block_%s" title="%s"><p class="ocr_par" id="par_%[1]s" title="%[2]s">`, block, where)
		for j, l := range lines {
			hocrLine(w, fmt.Sprintf("%s_%d", block, j+1), l)
		}
		w.put(`</p></div>`)
	}
	w.put(`</div>`)
}

func hocrLine(w *writer, id string, l record.Line) {
	w.put(`<span class="ocr_line" id="line_%s" title="%s; baseline %s %s; x_size %s">`,
		id, hocrBox(l.Box), decimal(l.Baseline.Slope, 5), decimal(l.Baseline.Offset, 1), decimal(l.Size, 1))
	for i, word := range l.Words {
		if word.Rejected {
			continue
		}
		w.put(`<span class="ocrx_word" id="word_%s_%d" title="%s; x_wconf %s">%s</span>`,
			id, i+1, hocrBox(word.Box), decimal(share(word.Confidence)*100, 0), text(word.Text))
	}
	w.put(`</span>`)
}

func hocrBox(b record.Box) string { return fmt.Sprintf("bbox %d %d %d %d", b[0], b[1], b[2], b[3]) }

// quotable is a file's name without what would end the quotation in a title.
func quotable(name string) string {
	out := []rune(name)
	for i, r := range out {
		if r == '"' || r == ';' || r == '\\' {
			out[i] = '_'
		}
	}
	return string(out)
}
