package paper

import (
	"bytes"
	"image"
)

// encodeG4 returns a bilevel picture (palette index 1 is black) as CCITT Group 4
// data, most significant bit first, ended by EOFB. ITU-T T.6.
func encodeG4(img *image.Paletted) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var out bits
	above := make([]byte, w)
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+w]
		encodeRow(&out, above, row)
		above = row
	}
	out.code("000000000001")
	out.code("000000000001")
	return out.done()
}

// Codes of vertical mode for a1 3 pixels left of b1 to 3 pixels right of it.
var verticalCodes = [7]string{"0000010", "000010", "010", "1", "011", "000011", "0000011"}

func encodeRow(out *bits, above, row []byte) {
	w := len(row)
	var colour byte
	for a0 := -1; a0 < w; {
		at := max(a0, 0)
		a1 := change(row, at, colour)
		b1 := below(above, a0, colour)
		b2 := change(above, b1, 1-colour)
		switch {
		case b2 < a1:
			out.code("0001")
			a0 = b2
		case a1-b1 >= -3 && a1-b1 <= 3:
			out.code(verticalCodes[a1-b1+3])
			a0, colour = a1, 1-colour
		default:
			a2 := change(row, a1, 1-colour)
			out.code("001")
			out.run(a1-at, colour)
			out.run(a2-a1, 1-colour)
			a0 = a2
		}
	}
}

// change is the first place from at on where row is not of the colour, or its end.
func change(row []byte, at int, colour byte) int {
	if at >= len(row) {
		return len(row)
	}
	if i := bytes.IndexByte(row[at:], 1-colour); i >= 0 {
		return at + i
	}
	return len(row)
}

// below is b1: the first place in the row above, right of a0, where it changes
// from the colour to the other. Before the row there is white.
func below(above []byte, a0 int, colour byte) int {
	at := a0 + 1
	var before byte
	if a0 >= 0 {
		before = above[a0]
	}
	if before != colour {
		at = change(above, at, 1-colour)
	}
	return change(above, at, colour)
}

// bits gathers code words.
type bits struct {
	out   []byte
	acc   byte
	count int
}

func (b *bits) code(word string) {
	for i := range len(word) {
		b.acc = b.acc<<1 | word[i]&1
		if b.count++; b.count == 8 {
			b.out, b.acc, b.count = append(b.out, b.acc), 0, 0
		}
	}
}

func (b *bits) run(n int, colour byte) {
	codes := [2][]string{whiteCodes, blackCodes}[colour]
	for n > 2560+63 {
		b.code(longCodes[len(longCodes)-1])
		n -= 2560
	}
	if n >= 1792 {
		b.code(longCodes[(n-1792)/64])
		n %= 64
	} else if n >= 64 {
		b.code(codes[63+n/64])
		n %= 64
	}
	b.code(codes[n])
}

func (b *bits) done() []byte {
	if b.count > 0 {
		b.out = append(b.out, b.acc<<(8-b.count))
	}
	return b.out
}
