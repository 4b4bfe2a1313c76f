package pdf417

import (
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"
)

// A Content is what a symbol says.
type Content struct {
	Text  string
	Part  *Part // nil unless the symbol is one of several
	Width int   // of the whole symbol, in modules
}

// A Part is the place of a symbol among those that hold one text together (macro
// PDF417: ISO/IEC 15438, annex H).
type Part struct {
	File  string // the same in all parts, three digits for each codeword
	Index int    // from 0
	Count int    // of all parts; 0 if the symbol does not say
	Last  bool
}

// The codewords that say how those after them are to be read.
const (
	asText       = 900
	asBytes      = 901
	asDigits     = 902
	oneByte      = 913
	initialise   = 921
	partEnds     = 922
	partField    = 923
	asSixes      = 924 // bytes, as many as six goes into
	charsetUser  = 925
	charsetWide  = 926
	charset      = 927
	part         = 928
	firstCommand = 900
)

// A parser turns codewords into text.
type parser struct {
	words []int
	out   strings.Builder
	raw   []byte // not yet text
	utf8  bool   // the symbol says so
	part  *Part

	letters int // sub-mode of text
	shifted int // sub-mode of the next letter alone, or none
}

// parse reads the codewords between the length and those for error correction.
func parse(words []int) (Content, error) {
	p := &parser{words: words, shifted: none}
	mode := asText
	for len(p.words) > 0 && p.part == nil {
		if w := p.words[0]; w >= firstCommand {
			p.words = p.words[1:]
			switch w {
			case asText, asBytes, asDigits, asSixes:
				mode, p.letters, p.shifted = w, 0, none
			default:
				if err := p.command(w); err != nil {
					return Content{}, err
				}
				continue
			}
		}
		switch mode {
		case asText:
			p.text()
		case asDigits:
			if err := p.digits(); err != nil {
				return Content{}, err
			}
		default:
			p.bytes(mode == asSixes)
		}
	}
	p.flush()
	return Content{Text: p.out.String(), Part: p.part}, nil
}

// command obeys a codeword that is no change of the mode.
func (p *parser) command(w int) error {
	need := map[int]int{charset: 1, charsetUser: 1, charsetWide: 2, oneByte: 1}[w]
	if len(p.words) < need {
		return fmt.Errorf("read a PDF417 symbol: codeword %d ends it", w)
	}
	switch w {
	case charset:
		p.flush()
		p.utf8 = p.words[0] == 26 // AIM ECI 000026
	case oneByte:
		p.raw = append(p.raw, byte(p.words[0]))
	case part:
		return p.readPart()
	case initialise, charsetUser, charsetWide:
	default:
		return fmt.Errorf("read a PDF417 symbol: codeword %d has no meaning", w)
	}
	p.words = p.words[need:]
	return nil
}

// take returns the codewords up to the next command, at most n.
func (p *parser) take(n int) []int {
	i := 0
	for i < len(p.words) && i < n && p.words[i] < firstCommand {
		i++
	}
	taken := p.words[:i]
	p.words = p.words[i:]
	return taken
}

// flush turns bytes into text. Without a word about the letters they should be
// Latin-1, but writers put UTF-8 there too.
func (p *parser) flush() {
	if p.utf8 || utf8.Valid(p.raw) {
		p.out.WriteString(strings.ToValidUTF8(string(p.raw), "\uFFFD"))
	} else {
		for _, b := range p.raw {
			p.out.WriteRune(rune(b))
		}
	}
	p.raw = nil
}

// bytes reads five codewords as six bytes, and what is left over as a byte each. In
// the mode that is not for sixes the last codewords are always left over.
func (p *parser) bytes(sixes bool) {
	words := p.take(len(p.words))
	for len(words) > 5 || sixes && len(words) == 5 {
		n := 0
		for _, w := range words[:5] {
			n = n*firstCommand + w
		}
		for shift := 40; shift >= 0; shift -= 8 {
			p.raw = append(p.raw, byte(n>>shift))
		}
		words = words[5:]
	}
	for _, w := range words {
		p.raw = append(p.raw, byte(w))
	}
}

// digits reads groups of up to fifteen codewords, each a number in base 900 whose
// digits follow a 1.
func (p *parser) digits() error {
	for {
		words := p.take(15)
		if len(words) == 0 {
			return nil
		}
		text := decimal(words)
		if text[0] != '1' {
			return fmt.Errorf("read a PDF417 symbol: a number that begins with %c", text[0])
		}
		p.raw = append(p.raw, text[1:]...)
	}
}

// decimal is a number in base 900, written in base 10.
func decimal(words []int) string {
	n := new(big.Int)
	for _, w := range words {
		n.Add(n.Mul(n, big.NewInt(firstCommand)), big.NewInt(int64(w)))
	}
	return n.String()
}
