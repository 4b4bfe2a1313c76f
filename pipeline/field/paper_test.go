package field

import (
	"math/rand/v2"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// A paper lays out words as a recogniser would see them on an A4 page at 300 dpi.
type paper struct {
	pages []record.Page
	rng   *rand.Rand // nil: read without a slip
	slips float64    // share of words misread
}

func newPaper() *paper { p := &paper{}; p.turn(); return p }

// turn begins a new page.
func (p *paper) turn() {
	p.pages = append(p.pages, record.Page{Number: len(p.pages) + 1, Width: 2480, Height: 3508, DPI: 300})
}

func (p *paper) page() *record.Page { return &p.pages[len(p.pages)-1] }

// A run is some words on one line at x.
type run struct {
	x    float64
	text string
	size float64
	conf float64
	lift float64 // how far above the line it stands
	tall float64 // height of its letters, in print 1
}

// width is that of text in a Times-like face of the size.
func width(text string, size float64) float64 {
	w := 0.0
	for _, r := range text {
		switch {
		case r == ' ':
			w += 0.25
		case strings.ContainsRune("iljtIÌÍỈĨỊf.,:;'/-", r):
			w += 0.3
		case unicode.IsUpper(r):
			w += 0.7
		default:
			w += 0.48
		}
	}
	return w * size
}

// line sets runs on one recognised line whose foot is y.
func (p *paper) line(y float64, runs ...run) {
	l := record.Line{Block: 1}
	for _, r := range runs {
		if r.tall == 0 {
			r.tall = 1
		}
		if r.conf == 0 {
			r.conf = 0.96
		}
		x := r.x
		for _, w := range strings.Fields(r.text) {
			wide := width(w, r.size)
			text, conf := p.misread(w, r.conf)
			l.Words = append(l.Words, record.Word{Text: text, Confidence: conf, Box: wordBox(w, x, y-r.lift, wide, r.size, r.tall)})
			l.Box = l.Box.Union(l.Words[len(l.Words)-1].Box)
			l.Size = max(l.Size, r.size)
			x += wide + 0.27*r.size
		}
	}
	p.page().Lines = append(p.page().Lines, l)
}

// wordBox is as high as its letters are: descenders, capitals, marks over capitals.
func wordBox(w string, x, y, wide, size, tall float64) record.Box {
	top, foot := 0.45, 0.0
	for _, r := range w {
		switch {
		case strings.ContainsRune("gpqyjQ,;/", unicode.ToLower(r)) && !unicode.IsUpper(r):
			foot = max(foot, 0.2)
		case unicode.IsUpper(r) && bases[unicode.ToLower(r)] != 0 && r != 'Đ':
			top = max(top, 0.85)
		case unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("bdđhklt", r):
			top = max(top, 0.66)
		case bases[r] != 0:
			top = max(top, 0.7)
		}
	}
	return record.Box{int(x), int(y - top*size*tall), int(x + wide), int(y + foot*size)}
}

// centred is a run whose middle is cx.
func centred(cx float64, text string, size float64) run {
	full := 0.0
	for i, w := range strings.Fields(text) {
		if i > 0 {
			full += 0.27 * size
		}
		full += width(w, size)
	}
	return run{x: cx - full/2, text: text, size: size}
}

// misread makes the slips that recognition makes in Vietnamese: marks lost or
// exchanged, look-alike letters; it doubts most of them.
func (p *paper) misread(w string, conf float64) (string, float64) {
	if p.rng == nil || p.rng.Float64() > p.slips {
		return w, conf
	}
	runes := []rune(w)
	i := p.rng.IntN(len(runes))
	swap := map[rune]string{'ổ': "ốô", 'ộ': "ọô", 'ỉ': "íi", 'ị': "i", 'ể': "ếê", 'ệ': "ê", 'l': "t", 'ă': "â", 'ồ': "ö", 'Ế': "É", 'Ỉ': "ĨÍ", 'Ả': "A",
		'ủ': "ú", 'Ủ': "Ú", 'ư': "u", 'ờ': "ở", 'ạ': "a", 'Ộ': "Ọ", 'Ở': "Ờ", 'ẩ': "ấ", 'ề': "ê", 'Đ': "D", 'ữ': "ứ", 'ơ': "o", 'ậ': "â"}
	for range runes {
		if to, ok := swap[runes[i]]; ok {
			pick := []rune(to)
			runes[i] = pick[p.rng.IntN(len(pick))]
			return string(runes), 0.5 + 0.45*p.rng.Float64()
		}
		i = (i + 1) % len(runes)
	}
	return w, conf
}

// filler is justified text from y down; it returns the next foot.
func (p *paper) filler(y float64, lines int) float64 {
	text := "thực hiện quy định của pháp luật về tổ chức các cơ quan đơn vị khẩn trương triển khai"
	for i := range lines {
		x := 360.0
		if i%4 == 0 {
			x = 480
		}
		p.line(y, run{x: x, text: text + map[bool]string{true: " nội dung", false: ""}[i%4 != 0], size: 54})
		y += 70
	}
	return y
}
