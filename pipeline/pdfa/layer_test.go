package pdfa_test

import (
	"bytes"
	"encoding/hex"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/sohoa/sohoa/internal/pdf"
)

// A shown is a word as a viewer would find it: where it begins and ends on its
// baseline, in user space, and how large its letters are.
type shown struct {
	text     string
	from, to [2]float64
	size     float64
	mode     string  // of rendering
	gap      float64 // the widest between its letters, on an unturned page
}

// layer reads the text of a page's content as ISO 32000-1, 9.4 says.
func layer(t *testing.T, f *pdf.File, p pdf.PageRef) []shown {
	t.Helper()
	content, err := f.Decoded(f.Stream(p.Dict["Contents"]))
	if err != nil {
		t.Fatal(err)
	}
	m := machine{fonts: f.Dict(p.Resources["Font"]), f: f, t: t}
	var operands []string
	for _, tok := range token.FindAllString(string(content), -1) {
		if strings.ContainsAny(tok[:1], "0123456789.-/<[]") {
			operands = append(operands, tok)
			continue
		}
		m.run(tok, operands)
		operands = nil
	}
	return m.out
}

var token = regexp.MustCompile(`<[0-9a-f]*>|[][]|[^][<>\s]+`)

type machine struct {
	t          *testing.T
	f          *pdf.File
	fonts      pdf.Dict
	line, text [6]float64
	size, tz   float64
	mode       string
	toUnicode  map[string]string
	width      map[int]float64
	out        []shown
}

func (m *machine) run(op string, operands []string) {
	n := make([]float64, len(operands))
	for i, s := range operands {
		n[i], _ = strconv.ParseFloat(s, 64)
	}
	switch op {
	case "q", "Q", "cm", "Do", "ET":
	case "BT":
		m.line = [6]float64{1, 0, 0, 1, 0, 0}
		m.text = m.line
	case "Tr":
		m.mode = operands[0]
	case "Tf":
		m.size = n[1]
		m.font(m.f.Dict(m.fonts[pdf.Name(operands[0][1:])]))
	case "Tm":
		copy(m.line[:], n)
		m.text = m.line
	case "Td":
		m.line[4] += n[0]*m.line[0] + n[1]*m.line[2]
		m.line[5] += n[0]*m.line[1] + n[1]*m.line[3]
		m.text = m.line
	case "Tz":
		m.tz = n[0]
	case "TJ":
		m.show(operands, n)
	default:
		m.t.Errorf("operator %s", op)
	}
}

// move moves the pen by thousandths of the size.
func (m *machine) move(by float64) {
	dx := by / 1000 * m.size * m.tz / 100
	m.text[4] += dx * m.text[0]
	m.text[5] += dx * m.text[1]
}

func (m *machine) show(operands []string, n []float64) {
	inWord := false
	for i, o := range operands {
		if o[0] != '<' {
			m.move(-n[i])
			continue
		}
		codes, err := hex.DecodeString(strings.Trim(o, "<>"))
		if err != nil {
			m.t.Fatal(err)
		}
		for ; len(codes) > 1; codes = codes[2:] {
			char := m.toUnicode[hex.EncodeToString(codes[:2])]
			at := [2]float64{m.text[4], m.text[5]}
			m.move(m.width[int(codes[0])<<8|int(codes[1])])
			if char == " " {
				inWord = false
				continue
			}
			if !inWord {
				m.out = append(m.out, shown{from: at, size: m.size * math.Hypot(m.text[2], m.text[3]), mode: m.mode})
				inWord = true
			}
			s := &m.out[len(m.out)-1]
			if s.text != "" {
				s.gap = max(s.gap, at[0]-s.to[0])
			}
			s.text += char
			s.to = [2]float64{m.text[4], m.text[5]}
		}
	}
}

// font reads widths and meanings of a Type 0 font.
func (m *machine) font(d pdf.Dict) {
	m.toUnicode, m.width = map[string]string{}, map[int]float64{}
	cmap, err := m.f.Decoded(m.f.Stream(d["ToUnicode"]))
	if err != nil {
		m.t.Fatal(err)
	}
	for line := range strings.Lines(string(cmap)) {
		fields := strings.Fields(line)
		if len(fields) != 2 || line[0] != '<' || fields[1] == "<ffff>" {
			continue
		}
		b, _ := hex.DecodeString(strings.Trim(fields[1], "<>"))
		var units []uint16
		for i := 0; i+1 < len(b); i += 2 {
			units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
		}
		m.toUnicode[strings.Trim(fields[0], "<>")] = string(utf16.Decode(units))
	}
	cid := m.f.Dict(m.f.Array(d["DescendantFonts"])[0])
	w := m.f.Array(cid["W"])
	first, _ := m.f.Int(w[0])
	for i, v := range m.f.Array(w[1]) {
		m.width[int(first)+i], _ = m.f.Number(v)
	}
}

// upright turns a point of user space into one of the page as a reader sees it,
// in user units from the top left.
func upright(p pdf.PageRef, at [2]float64) [2]float64 {
	w, h := p.MediaBox[2], p.MediaBox[3]
	switch p.Rotate {
	case 90:
		return [2]float64{at[1], at[0]}
	case 180:
		return [2]float64{w - at[0], at[1]}
	case 270:
		return [2]float64{h - at[1], w - at[0]}
	}
	return [2]float64{at[0], h - at[1]}
}

// near allows for what nobody sees: a tenth of a letter at the end of a word.
func near(a, b [2]float64, apart float64) bool { return math.Hypot(a[0]-b[0], a[1]-b[1]) < apart }

func open(t *testing.T, b []byte) (*pdf.File, []pdf.PageRef) {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(b), int64(len(b)), pdf.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := f.Pages()
	if err != nil {
		t.Fatal(err)
	}
	return f, pages
}
