package page

import (
	"math/bits"
	"strings"

	"github.com/makiuchi-d/gozxing"

	"github.com/sohoa/sohoa/record"
)

// maxSymbol bounds what a symbol may say, or several together; the largest QR code
// holds 4,296 letters.
const maxSymbol = 1 << 15

// codes reads the QR codes and the bar codes on the page. Most pages have
// none: a look at some rows shows that, for a hundredth of the work of reading.
func (p *Picture) codes() []record.Symbol {
	up := p.ink
	if p.turn != 0 {
		turned, err := p.ink.Turned(p.turn)
		if err != nil {
			return nil
		}
		defer turned.Free()
		up = turned
	}
	b := bitmapOf(up)
	found, eyes := b.squares()
	if len(found) == 0 && eyes > 0 {
		found = squaresBlurred(up)
	}
	var out []record.Symbol
	strips, stacks := b.strips(max(4, int(p.dpi*p.scale/12)))
	found = append(found, strips...)
	for _, s := range append(found, stacked(stacks, p)...) {
		for i, v := range s.Box {
			s.Box[i] = int(float64(v) / p.scale)
		}
		s.Text = strings.ToValidUTF8(s.Text, "\uFFFD")
		if s.Text != "" && len(s.Text) <= maxSymbol {
			out = append(out, s)
		}
	}
	return out
}

// A bitmap is a 1-bit picture to walk over.
type bitmap struct {
	words         []uint32
	wpl           int // words a line
	width, height int
}

func bitmapOf(x *Pix) bitmap {
	words, wpl := x.words()
	return bitmap{words, wpl, x.Width(), x.Height()}
}

func (b bitmap) black(x, y int) bool { return b.words[y*b.wpl+x/32]>>(31-x%32)&1 == 1 }

// edges appends where the colour changes along row y: black begins at even
// places, white at odd ones. The row begins white and ends white.
func (b bitmap) edges(y int, out []int) []int {
	carry := uint32(0)
	for i, w := range b.words[y*b.wpl : (y+1)*b.wpl] {
		change := w ^ (w>>1 | carry<<31)
		carry = w & 1
		for change != 0 {
			n := bits.LeadingZeros32(change)
			if x := 32*i + n; x < b.width {
				out = append(out, x)
			}
			change &^= 1 << (31 - n)
		}
	}
	if len(out)%2 == 1 {
		out = append(out, b.width)
	}
	return out
}

// edgesDown is edges along column x.
func (b bitmap) edgesDown(x int, out []int) []int {
	column, mask, last := b.words[x/32:], uint32(1)<<(31-x%32), uint32(0)
	for y := range b.height {
		if now := column[y*b.wpl] & mask; now != last {
			out, last = append(out, y), now
		}
	}
	if last != 0 {
		out = append(out, b.height)
	}
	return out
}

// matrix copies a part for the library that decodes; nil if there is none.
func (b bitmap) matrix(x0, y0, x1, y1 int) *gozxing.BitMatrix {
	m, err := gozxing.NewBitMatrix(x1-x0, y1-y0)
	if err != nil {
		return nil
	}
	for y := y0; y < y1; y++ {
		m.SetRow(y-y0, b.row(x0, x1, y))
	}
	return m
}

func (b bitmap) row(x0, x1, y int) *gozxing.BitArray {
	row := gozxing.NewBitArray(x1 - x0)
	for x := x0; x < x1; x++ {
		if b.black(x, y) {
			row.Set(x - x0)
		}
	}
	return row
}

// safely runs a decoder that may panic on what only looks like a code: then there
// is none.
func safely(decode func() (string, error)) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	text, err := decode()
	return text, err == nil
}
