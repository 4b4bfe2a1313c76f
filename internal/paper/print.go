package paper

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"github.com/sohoa/sohoa/record"
)

// print draws a leaf and returns the words where they came to lie.
func (s *sheet) print(l *leaf, rng *rand.Rand) (lines []record.Line, hand []record.Box) {
	toner := patchy(rng, s.dpi, .12)
	for _, q := range l.rules {
		s.ink(q, black, .95, toner)
	}
	for n, line := range l.lines {
		words, slots := s.printLine(line, rng, toner)
		hand = append(hand, slots...)
		if len(words) > 0 {
			lines = append(lines, s.line(line, words, n))
		}
	}
	return lines, hand
}

func (s *sheet) printLine(line []token, rng *rand.Rand, toner texture) (words []record.Word, hand []record.Box) {
	for i, t := range line {
		if t.hand {
			p := pen{[2]color.RGBA{blue, black}[rng.IntN(2)], .9 + .4*rng.Float64(), rng}
			at := p.digits(s, t.text, t.x+t.w*.2, t.y+1, t.style.size*.95)
			hand = append(hand, boxOf(at))
			continue
		}
		ink := black
		if t.style.red {
			ink = red
		}
		at := boxOf(s.text(t.text, t.style.face, t.style.size, moved(t.x, t.y), ink, .97, toner))
		if t.glued && i > 0 && !line[i-1].hand && len(words) > 0 {
			last := &words[len(words)-1]
			last.Text, last.Box = last.Text+t.text, last.Box.Union(at)
			continue
		}
		words = append(words, record.Word{Text: t.text, Box: at, Confidence: 1})
	}
	return words, hand
}

// line makes the record of a line: its box around its words, its baseline turned with the sheet.
func (s *sheet) line(line []token, words []record.Word, block int) record.Line {
	l := record.Line{Block: block, Words: words}
	size := 0.0
	for _, w := range words {
		l.Box = l.Box.Union(w.Box)
	}
	for _, t := range line {
		size = max(size, t.style.size)
	}
	a := s.m.apply(point{line[0].x, line[0].y})
	l.Baseline.Slope = s.m.b / s.m.a
	l.Baseline.Offset = a.y + l.Baseline.Slope*(float64(l.Box[0])-a.x) - float64(l.Box[3])
	l.Size = size * (ascent + descent) * math.Hypot(s.m.a, s.m.b)
	return l
}

func boxOf(r image.Rectangle) record.Box { return record.Box{r.Min.X, r.Min.Y, r.Max.X, r.Max.Y} }

// through lays the other side's print on the sheet as it shows through.
func (s *sheet) through(other *leaf, strength float64) {
	mirrored := s.m
	s.m = s.m.after(affine{-1, 0, 0, 1, sheetWidth + 2, 1.5})
	for _, line := range other.lines {
		for _, t := range line {
			s.text(t.text, t.style.face, t.style.size, moved(t.x, t.y), black, .3*strength, solid)
		}
	}
	s.m = mirrored
	blur(s.img, s.dpi*.009)
}
