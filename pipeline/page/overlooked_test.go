package page

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// rows draws rows of n letters, 20 x 26 pixels each, at places of a white sheet, and a
// rule and a frame, which are none.
func rows(places ...[3]int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 1000, 700))
	draw.Draw(m, m.Rect, image.White, image.Point{}, draw.Src)
	fill := func(r image.Rectangle, c color.Gray) { draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src) }
	fill(image.Rect(80, 650, 900, 654), color.Gray{30})
	for _, p := range places {
		for i := range p[2] {
			x := p[0] + 30*i
			fill(image.Rect(x, p[1], x+20, p[1]+26), color.Gray{30})
			fill(image.Rect(x+6, p[1]+6, x+14, p[1]+20), color.Gray{255})
		}
	}
	return m
}

func TestOverlooked(t *testing.T) {
	for _, c := range []struct {
		name   string
		letter [][3]int
		read   []record.Box
		want   []record.Box // that must be held, nothing further than 30 pixels off
	}{
		{"all is read", [][3]int{{100, 100, 8}}, []record.Box{{98, 98, 340, 130}}, nil},
		{"a row", [][3]int{{100, 100, 8}, {500, 400, 5}}, []record.Box{{98, 98, 340, 130}}, []record.Box{{500, 400, 640, 426}}},
		{"what is read lies beside it", [][3]int{{100, 100, 8}}, []record.Box{{98, 98, 215, 130}}, []record.Box{{220, 100, 330, 126}}},
		{"three letters are too few", [][3]int{{500, 400, 3}}, nil, nil},
		{"two rows, one below the other", [][3]int{{500, 400, 5}, {500, 440, 6}}, nil, []record.Box{{500, 400, 670, 466}}},
		{"two rows far apart", [][3]int{{100, 100, 5}, {500, 400, 5}}, nil, []record.Box{{100, 100, 240, 126}, {500, 400, 640, 426}}},
	} {
		p := openedJPEG(t, rows(c.letter...), 300, 0)
		clean, err := p.pixels.eightBits()
		if err != nil {
			t.Fatal(err)
		}
		got, err := clean.Overlooked(c.read, 44)
		if err != nil || len(got) != len(c.want) {
			t.Fatalf("%s: Overlooked = %d parts, %v; want %d", c.name, len(got), err, len(c.want))
		}
		for i, part := range got {
			b, w := record.Box{part.X, part.Y, part.X + part.Width(), part.Y + part.Height()}, c.want[i]
			if b.Union(w) != b || w[0]-b[0] > 30 || w[1]-b[1] > 30 || b[2]-w[2] > 30 || b[3]-w[3] > 30 {
				t.Errorf("%s: part %d is %v; want it around %v", c.name, i, b, w)
			}
			part.Free()
		}
		clean.Free()
	}
}
