package ocr

import (
	"slices"
	"testing"
)

func TestWidths(t *testing.T) {
	for _, c := range []struct {
		name   string
		as     Profile
		pixels float64 // of the scan that become one
		width  float64
		again  []float64
	}{
		{"300 dpi", Balanced, 1.4, 0.9, []float64{1}},
		{"large letters", Balanced, 1.25, 0.9, []float64{1}},
		{"200 dpi", Balanced, 1, 1, []float64{0.85}},
		{"a photograph", Balanced, 0.67, 1, []float64{0.85}},
		{"fast, a photograph", Fast, 0.67, 0.75, []float64{1}},
		{"accurate, 300 dpi", Accurate, 1.4, 1, []float64{0.85, 1.2}},
	} {
		width := c.as.width(c.pixels)
		if again := c.as.again(width); width != c.width || !slices.Equal(again, c.again) {
			t.Errorf("%s: width %.2f, again %.2f; want %.2f, %.2f", c.name, width, again, c.width, c.again)
		}
	}
}
