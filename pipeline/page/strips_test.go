package page

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

// Pieces of a picture stand one below the other, and what is found in one is led back.
func TestStrips(t *testing.T) {
	p := openedJPEG(t, rows([3]int{100, 100, 8}, [3]int{500, 400, 5}), 300, 0)
	clean, err := p.pixels.eightBits()
	if err != nil {
		t.Fatal(err)
	}
	defer clean.Free()
	s, err := clean.Strips([]record.Box{{490, 390, 660, 440}, {90, 90, 350, 140}, {-20, 690, 60, 720}}, 22)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Free()
	if s.Width() != 260+2*22 || s.Height() != 50+50+10+4*22 {
		t.Errorf("strips are %d x %d pixels", s.Width(), s.Height())
	}
	ink, err := s.darkerThan(128)
	if err != nil {
		t.Fatal(err)
	}
	defer ink.Free()
	n := 0
	for _, b := range ink.parts() {
		if _, at := s.From(b); at[1] < 500 { // below are the frame and the rule
			n++
			if l := clean.at(t, at); l > 60 {
				t.Errorf("part %v comes from %v, which is of level %d there", b, at, l)
			}
		}
	}
	if n != 13 {
		t.Errorf("%d letters in the strips; want 13", n)
	}
	for _, c := range []struct {
		in    record.Box
		strip int
		want  record.Box
	}{
		{record.Box{32, 32, 52, 58}, 0, record.Box{500, 400, 520, 426}},
		{record.Box{32, 104, 52, 130}, 1, record.Box{100, 100, 120, 126}},
		{record.Box{32, 90, 52, 130}, 1, record.Box{100, 86, 120, 126}}, // with a mark in the margin
	} {
		if strip, got := s.From(c.in); strip != c.strip || got != c.want {
			t.Errorf("From(%v) = %d, %v; want %d, %v", c.in, strip, got, c.strip, c.want)
		}
	}
}

// at is the level at the upper left corner of a box.
func (x *Pix) at(t *testing.T, b record.Box) uint32 {
	t.Helper()
	words, wpl := x.words()
	return words[b[1]*wpl+b[0]/4] >> (24 - 8*(b[0]%4)) & 255
}
