package pages

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/sohoa/sohoa/internal/raster"
)

const (
	dpi       = 100
	maxPixels = 4 << 20
	tolerance = 32 // of 255: what differs less is how an edge was drawn
	cell      = 12 // pixels; differences closer than that are one
	maxBoxes  = 40
)

// A pair is a document before and after.
type pair struct{ before, after *raster.Document }

func newPair(f io.ReaderAt, signed, size int64) (*pair, error) {
	before, err := raster.Open(io.NewSectionReader(f, 0, signed), signed)
	if err != nil {
		return nil, err
	}
	after, err := raster.Open(io.NewSectionReader(f, 0, size), size)
	if err != nil {
		return nil, err
	}
	return &pair{before, after}, nil
}

// compare draws one page of both and stores the pictures if they differ.
func (p *pair) compare(r request) (reply, error) {
	old, err := shown(p.before, r.Page)
	if err != nil {
		return reply{}, err
	}
	now, err := shown(p.after, r.Page)
	if err != nil {
		return reply{}, err
	}
	out := reply{Page: Page{Number: r.Page + 1, Boxes: differences(old, now)}}
	if len(out.Page.Boxes) == 0 {
		return reply{Same: true}, nil
	}
	for _, side := range []struct {
		picture *image.RGBA
		name    string
		file    *string
	}{{old, "before", &out.Old}, {now, "after", &out.New}} {
		if side.picture == nil {
			continue
		}
		out.Page.Width, out.Page.Height = side.picture.Rect.Dx(), side.picture.Rect.Dy()
		mark(side.picture, out.Page.Boxes)
		*side.file = filepath.Join(r.Folder, fmt.Sprintf("page-%d-%s.jpg", r.Page+1, side.name))
		if err := store(*side.file, side.picture); err != nil {
			return reply{}, err
		}
	}
	return out, nil
}

func store(path string, picture image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := jpeg.Encode(f, picture, &jpeg.Options{Quality: 85}); err != nil {
		return err
	}
	return f.Close()
}

// shown draws page n with all that a reader shows; nil if there is no such page.
func shown(d *raster.Document, n int) (*image.RGBA, error) {
	if n >= d.Pages() {
		return nil, nil
	}
	page, err := d.Page(n)
	if err != nil {
		return nil, err
	}
	defer page.Close()
	scale := dpi / 72.0
	for scale > 0.01 && page.Width*scale*page.Height*scale > maxPixels {
		scale *= 0.8
	}
	width, height := max(1, int(page.Width*scale)), max(1, int(page.Height*scale))
	if width*height > maxPixels {
		return nil, fmt.Errorf("page %d of %.0f x %.0f points is too large", n+1, page.Width, page.Height)
	}
	var out *image.RGBA
	err = page.DrawShown(width, height, func(picture *image.RGBA) error {
		out = image.NewRGBA(picture.Rect)
		draw.Draw(out, out.Rect, picture, image.Point{}, draw.Src)
		return nil
	})
	return out, err
}

// differences finds the parts in which two pictures differ: the whole of one if the
// other is missing or has another size.
func differences(a, b *image.RGBA) []Box {
	if a == nil || b == nil || a.Rect != b.Rect {
		one := b
		if one == nil {
			one = a
		}
		return []Box{{0, 0, one.Rect.Dx(), one.Rect.Dy()}}
	}
	g := newGrid(a.Rect.Dx(), a.Rect.Dy())
	for y := range a.Rect.Dy() {
		rowA, rowB := a.Pix[y*a.Stride:], b.Pix[y*b.Stride:]
		for x := range a.Rect.Dx() {
			for c := 4 * x; c < 4*x+3; c++ {
				if d := int(rowA[c]) - int(rowB[c]); d > tolerance || d < -tolerance {
					g.set(x, y)
					break
				}
			}
		}
	}
	return g.boxes()
}

// A grid notes, for squares of a picture, what differs in them.
type grid struct {
	columns, rows int
	parts         []image.Rectangle // empty: nothing differs
}

func newGrid(width, height int) *grid {
	g := &grid{columns: (width + cell - 1) / cell, rows: (height + cell - 1) / cell}
	g.parts = make([]image.Rectangle, g.columns*g.rows)
	return g
}

func (g *grid) set(x, y int) {
	part := &g.parts[y/cell*g.columns+x/cell]
	*part = part.Union(image.Rect(x, y, x+1, y+1))
}

// boxes joins squares that touch, and leaves out what lies inside another.
func (g *grid) boxes() []Box {
	var all []Box
	var whole image.Rectangle
	for i := range g.parts {
		if g.parts[i].Empty() {
			continue
		}
		r := g.take(i)
		whole = whole.Union(r)
		all = append(all, Box{r.Min.X, r.Min.Y, r.Max.X, r.Max.Y})
	}
	all = slices.DeleteFunc(slices.Clone(all), func(b Box) bool { return slices.ContainsFunc(all, func(o Box) bool { return o != b && b.in(o) }) })
	if len(all) > maxBoxes {
		return []Box{{whole.Min.X, whole.Min.Y, whole.Max.X, whole.Max.Y}}
	}
	return all
}

func (b Box) in(o Box) bool { return b[0] >= o[0] && b[1] >= o[1] && b[2] <= o[2] && b[3] <= o[3] }

// take empties square i and all that hang together with it.
func (g *grid) take(i int) image.Rectangle {
	var r image.Rectangle
	todo := []int{i}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if g.parts[i].Empty() {
			continue
		}
		r = r.Union(g.parts[i])
		g.parts[i] = image.Rectangle{}
		x, y := i%g.columns, i/g.columns
		for dy := max(0, y-1); dy <= min(g.rows-1, y+1); dy++ {
			for dx := max(0, x-1); dx <= min(g.columns-1, x+1); dx++ {
				todo = append(todo, dy*g.columns+dx)
			}
		}
	}
	return r
}

// mark frames the boxes in red, a little outside of what differs.
func mark(picture *image.RGBA, boxes []Box) {
	const gap, thick = 3, 3
	red := image.NewUniform(color.RGBA{R: 0xd0, A: 0xff})
	for _, b := range boxes {
		outer := image.Rect(b[0]-gap-thick, b[1]-gap-thick, b[2]+gap+thick, b[3]+gap+thick)
		for _, side := range []image.Rectangle{
			{outer.Min, image.Pt(outer.Max.X, outer.Min.Y+thick)}, {image.Pt(outer.Min.X, outer.Max.Y-thick), outer.Max},
			{outer.Min, image.Pt(outer.Min.X+thick, outer.Max.Y)}, {image.Pt(outer.Max.X-thick, outer.Min.Y), outer.Max},
		} {
			draw.Draw(picture, side.Intersect(picture.Rect), red, image.Point{}, draw.Src)
		}
	}
}
