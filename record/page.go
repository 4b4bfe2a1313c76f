package record

import (
	"cmp"
	"strings"
)

// A Box is a rectangle in pixels: x0, y0, x1, y1, the origin at the top left of
// the page as a reader sees it (after Page.Rotate), x1 and y1 exclusive.
type Box [4]int

// Width is in pixels.
func (b Box) Width() int { return b[2] - b[0] }

// Height is in pixels.
func (b Box) Height() int { return b[3] - b[1] }

// Union returns the smallest box that holds both; an empty box adds nothing.
func (b Box) Union(c Box) Box {
	if b.Width() <= 0 || b.Height() <= 0 {
		return c
	}
	if c.Width() <= 0 || c.Height() <= 0 {
		return b
	}
	return Box{min(b[0], c[0]), min(b[1], c[1]), max(b[2], c[2]), max(b[3], c[3])}
}

// A Page is what is known of one page of a document: the facts of the scan and
// the words on it. Width and Height are in pixels of the scan as a reader sees
// it, that is, after Rotate.
type Page struct {
	Number  int      `json:"number"` // from 1
	Width   int      `json:"width"`
	Height  int      `json:"height"`
	DPI     float64  `json:"dpi"`
	DPIFrom string   `json:"dpiFrom"` // "file", or "paper": the file states none and the paper's size was assumed
	Rotate  int      `json:"rotate"`  // clockwise turn in degrees (0, 90, 180, 270) from the stored pixels to what a reader sees
	Skew    float64  `json:"skew"`    // degrees, clockwise positive, of the text in the upright page; left as it is in the archive
	Colour  string   `json:"colour"`  // "bilevel", "grey", "colour"
	Bits    int      `json:"bits"`    // per pixel, as stored
	Blank   bool     `json:"blank,omitempty"`
	Ink     float64  `json:"ink"`               // share of dark pixels, 0 to 1
	Source  string   `json:"source"`            // "image": the scan's own stream; "rendered": drawn from a PDF page; "text": rendered, with the page's own text
	Quality []string `json:"quality,omitempty"` // what a clerk should know: "below-200-dpi", "not-colour", "too-dark", "blurred", "cut-off", "damaged"
	Lines   []Line   `json:"lines,omitempty"`
	Codes   []Symbol `json:"codes,omitempty"`   // bar codes and QR codes
	Regions []Region `json:"regions,omitempty"` // seals, signatures, handwriting

	Occupied []Box `json:"occupied,omitempty"` // where in the upper sixth of the first page there is ink of any kind

	Language   string  `json:"language,omitempty"`   // of the text: "vie", "fra", "eng" (ISO 639-2/T); "" if there is too little
	Confidence float64 `json:"confidence,omitempty"` // share of the words that are right, as their confidences say
	Weakest    *Area   `json:"weakest,omitempty"`    // where fewest are; nil: nowhere less than nine in ten

	Preview string `json:"-"` // file name in the work folder: a JPEG that a browser can show, upright
	Scan    Scan   `json:"-"` // where the encoded picture lies
}

// LanguageTag is the language of the page's text as a tag of RFC 5646, "" if it is
// not known.
func (p Page) LanguageTag() string {
	switch p.Language {
	case "vie":
		return "vi"
	case "fra":
		return "fr"
	case "eng":
		return "en"
	}
	return ""
}

// LanguageOf is the language of most pages as a tag of RFC 5646, usual where that
// is not known.
func LanguageOf(pages []Page, usual string) string {
	count := map[string]int{}
	best := ""
	for _, p := range pages {
		if tag := p.LanguageTag(); tag != "" {
			if count[tag]++; count[tag] > count[best] {
				best = tag
			}
		}
	}
	return cmp.Or(best, usual)
}

// The kinds of symbol that are read.
const (
	QR      = "qr"      // ISO/IEC 18004
	Code128 = "code128" // ISO/IEC 15417
	PDF417  = "pdf417"  // ISO/IEC 15438
)

// The kinds of region.
const (
	SealRegion      = "seal"        // con dấu: a round seal
	StampRegion     = "stamp"       // a framed stamp in colour, such as dấu đến
	SignatureRegion = "signature"   // strokes of a signature
	HandRegion      = "handwriting" // words written by hand
)

// A Region is a part of the page that holds no print.
type Region struct {
	Kind       string  `json:"kind"`
	Box        Box     `json:"box"`
	Confidence float64 `json:"confidence"` // 0 to 1
}

// An Area is a part of a page with the words in it.
type Area struct {
	Name       string  `json:"name"` // "top-left" … "bottom-right", or the kind of the region it lies in
	Box        Box     `json:"box"`
	Words      int     `json:"words"`
	Confidence float64 `json:"confidence"` // share of them that are right
}

// A Symbol is a code for machines, printed on the page, and what it says.
type Symbol struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
	Box  Box    `json:"box"`
}

// A Line is one line of text, its words in reading order. Lines of a page are in
// reading order too.
type Line struct {
	Block    int      `json:"block"`
	Box      Box      `json:"box"`
	Baseline Baseline `json:"baseline"`
	Size     float64  `json:"size"` // height of the letters, ascender to descender, in pixels
	Words    []Word   `json:"words"`
}

// A Baseline is the line y = Box[3] + Offset + Slope*(x - Box[0]) in page pixels, as in hOCR.
type Baseline struct {
	Slope  float64 `json:"slope"`
	Offset float64 `json:"offset"`
}

// A Word is one word as recognised: NFC, Đ (U+0110) never Ð.
type Word struct {
	Text       string      `json:"text"`
	Box        Box         `json:"box"`
	Confidence float64     `json:"confidence"`           // that it is right, 0 to 1: of words at 0.9 nine in ten are (ALTO WC)
	Engine     float64     `json:"engine,omitempty"`     // what the recognition engine said, 0 to 1; see Raw
	Suggestion *Suggestion `json:"suggestion,omitempty"` // what may have been printed; Text stays what was read
	Rejected   bool        `json:"rejected,omitempty"`   // taken for what a seal or a pen left: it stands in no text
}

// Raw is the engine's own confidence, which says less than Confidence and which
// rules about single words were made with. Words recorded before the two were told
// apart have it as their Confidence.
func (w Word) Raw() float64 {
	if w.Engine != 0 {
		return w.Engine
	}
	return w.Confidence
}

// A Suggestion is another reading of a word, by a rule. Nothing takes it over by
// itself.
type Suggestion struct {
	Text  string  `json:"text"`
	Rule  string  `json:"rule"`
	Score float64 `json:"score"` // share of the rule's suggestions that are right, 0 to 1
}

// A Scan is the encoded picture of one page, as it lies in the work folder: the
// stream exactly as a PDF may carry it, and what is needed to decode it. Its
// pixels are never altered.
type Scan struct {
	File       string // name in the work folder
	Filter     string // PDF filter of the stream: "DCTDecode", "CCITTFaxDecode", "JPXDecode", "FlateDecode"
	Width      int    // pixels, as stored
	Height     int
	Bits       int       // per component
	Space      string    // "DeviceGray", "DeviceRGB", "DeviceCMYK", "Indexed" (over RGB)
	Palette    []byte    // Indexed: RGB triples
	ICC        string    // file name of an ICC profile in the work folder, "" for none
	Decode     []float64 // /Decode of the PDF image, nil for the default
	Predictor  int       // FlateDecode: 1 none, 2 TIFF, 15 PNG
	Colors     int       // components per pixel, for predictors and ICC
	BlackIs1   bool      // CCITTFaxDecode
	K          int       // CCITTFaxDecode: -1 Group 4
	ByteAlign  bool      // CCITTFaxDecode
	DPIX, DPIY float64   // 0: not stated
	Mirrored   bool      // the stored pixels are to be shown with left and right changed, before they are turned
	Rotate     int       // clockwise turn that the file itself asks for (EXIF, /Rotate)
	Source     string    // see Page.Source
	Spoiled    bool      // part of the pixels is what a decoder made of damaged data; unknown of streams that were only copied
	Text       []Line    // Source "text": the page's own exact text, boxes in pixels of the upright page
}

// Text is the recognised text of pages, for search: words parted by spaces, lines
// by line breaks, without what was rejected.
func Text(pages []Page) string {
	var b strings.Builder
	for _, p := range pages {
		for _, l := range p.Lines {
			n := b.Len()
			for _, word := range l.Words {
				if !word.Rejected {
					b.WriteString(word.Text)
					b.WriteByte(' ')
				}
			}
			if b.Len() > n {
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}
