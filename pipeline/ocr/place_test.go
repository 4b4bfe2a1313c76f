package ocr

import (
	"math"
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestWidened(t *testing.T) {
	l := record.Line{Size: 30, Box: record.Box{75, 100, 300, 130}, Baseline: record.Baseline{Slope: 0.04, Offset: -6},
		Words: []record.Word{{Text: "Căn", Box: record.Box{75, 100, 150, 130}}, {Text: "cứ", Box: record.Box{226, 102, 301, 131}}}}
	got := widened([]record.Line{l}, 0.75)[0]
	if got.Box != (record.Box{100, 100, 400, 130}) || got.Words[0].Box != (record.Box{100, 100, 200, 130}) || got.Words[1].Box != (record.Box{301, 102, 402, 131}) {
		t.Errorf("widened from 0.75 = %v, %v, %v; want what lies a third further right, as high as before", got.Box, got.Words[0].Box, got.Words[1].Box)
	}
	if rise := got.Baseline.Slope * float64(got.Box.Width()); math.Abs(rise-9) > 1e-9 || got.Baseline.Offset != -6 {
		t.Errorf("baseline = %+v; want it to rise by 9 pixels as before", got.Baseline)
	}
}
