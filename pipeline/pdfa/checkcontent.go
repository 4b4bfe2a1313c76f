package pdfa

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/internal/pdf"
)

// operators are those of ISO 32000-1, annex A.
var operators = strings.Fields(`b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l
	m M MP n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' "`)

// mostNested is how deep q may nest (6.1.13).
const mostNested = 28

// A content is what is known while a content stream is read.
type content struct {
	*checker
	where     string
	num       int // object that it belongs to, 0 for a page
	resources pdf.Dict
	name      pdf.Name        // the last name among the operands
	strings   [][]byte        // among the operands
	codes     map[string]bool // that the current font gives a meaning; nil: not known
	depth     int
}

// pageContent checks the content of page n (6.2.2).
func (c *checker) pageContent(n int, p pdf.PageRef) {
	var all []byte
	streams := c.f.Array(p.Dict["Contents"])
	if len(streams) == 0 {
		streams = pdf.Array{p.Dict["Contents"]}
	}
	for _, v := range streams {
		s := c.f.Stream(v)
		if s == nil {
			continue
		}
		b, err := c.f.Decoded(s)
		if err != nil {
			c.breach("6.2.2", "the content of page %d cannot be decoded: %v", n, err)
			return
		}
		all = append(append(all, b...), '\n')
	}
	(&content{checker: c, where: "page " + number(float64(n)), resources: p.Resources}).read(all)
}

// formContent checks the content of a form, such as the appearance of a seal.
func (c *checker) formContent(num int, s *pdf.Stream) {
	b, err := c.f.Decoded(s)
	if err != nil {
		c.breach("6.2.2", "object %d: a form that cannot be decoded: %v", num, err)
		return
	}
	(&content{checker: c, where: "object " + number(float64(num)), num: num, resources: c.f.Dict(s.Dict["Resources"])}).read(b)
}

func (c *content) read(b []byte) {
	t := tokens{b}
	for tok := t.next(); tok.kind != tokenEnd; tok = t.next() {
		switch tok.kind {
		case tokenName:
			c.name = pdf.Name(tok.text)
		case tokenString:
			c.strings = append(c.strings, tok.text)
			if len(tok.text) > 32767 {
				c.breach("6.1.13", "%s: a string of %d bytes", c.where, len(tok.text))
			}
		case tokenOperator:
			op := string(tok.text)
			if op == "ID" {
				t.skipInline()
			}
			c.operator(op)
			c.name, c.strings = "", nil
		}
	}
}

func (c *content) operator(op string) {
	switch op {
	case "true", "false", "null": // operands
	case "q":
		if c.depth++; c.depth > mostNested {
			c.breach("6.1.13", "%s: q nests deeper than %d", c.where, mostNested)
		}
	case "Q":
		c.depth--
	case "Do":
		c.needs("XObject")
	case "gs":
		c.needs("ExtGState")
	case "Tf":
		c.font()
	case "Tj", "TJ", "'", "\"":
		c.shown()
	case "ID":
		if c.name == "LZWDecode" || c.name == "LZW" || c.name == "Crypt" {
			c.breach("6.1.10", "%s: an inline picture with the filter %s", c.where, c.name)
		}
	case "ri":
		if !slices.Contains(intentNames, c.name) {
			c.breach("6.2.6", "%s: the rendering intent %q", c.where, c.name)
		}
	case "rg", "RG":
		c.colour(c.num, pdf.Name("DeviceRGB"))
	case "k", "K":
		c.colour(c.num, pdf.Name("DeviceCMYK"))
	case "cs", "CS":
		if c.name != "Pattern" && c.f.Dict(c.resources["ColorSpace"])[c.name] == nil {
			c.colour(c.num, c.name)
		}
	default:
		if !slices.Contains(operators, op) {
			c.breach("6.2.2", "%s: the operator %.20q", c.where, op)
		}
	}
}

// needs looks whether the resources have what the last name names.
func (c *content) needs(kind pdf.Name) {
	if c.f.Resolve(c.f.Dict(c.resources[kind])[c.name]) == nil {
		c.breach("6.2.2", "%s: %s %q is not among its resources", c.where, kind, c.name)
	}
}

// font notes which codes of the new font have a meaning, where the file claims
// that all have one.
func (c *content) font() {
	c.needs("Font")
	c.codes = nil
	font := c.f.Dict(c.f.Dict(c.resources["Font"])[c.name])
	if !c.unicode || c.f.Name(font["Subtype"]) != "Type0" {
		return
	}
	cmap, err := c.f.Decoded(c.f.Stream(font["ToUnicode"]))
	if err == nil {
		c.codes = meant(cmap)
	}
}

// meant are the codes of two bytes that a character map gives a meaning one by one;
// nil if it has ranges, which no font of ours has.
func meant(cmap []byte) map[string]bool {
	codes := map[string]bool{}
	var row [][]byte
	t := tokens{cmap}
	for tok := t.next(); tok.kind != tokenEnd; tok = t.next() {
		switch {
		case tok.kind == tokenString:
			row = append(row, tok.text)
		case tok.kind != tokenOperator:
		case string(tok.text) == "beginbfrange":
			return nil
		default:
			if string(tok.text) == "endbfchar" {
				for i := 0; i+1 < len(row); i += 2 {
					codes[string(row[i])] = true
				}
			}
			row = nil
		}
	}
	return codes
}

// shown looks whether what is shown has a meaning (6.2.11.7.2).
func (c *content) shown() {
	if c.codes == nil {
		return
	}
	for _, s := range c.strings {
		for ; len(s) >= 2; s = s[2:] {
			if !c.codes[string(s[:2])] {
				c.breach("6.2.11.7.2", "%s: the code %x is shown and means nothing", c.where, s[:2])
			}
		}
	}
}
