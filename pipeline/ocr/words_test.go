package ocr

import (
	"reflect"
	"testing"

	"github.com/sohoa/sohoa/record"
)

const twoBlocks = `L 1 10 10 300 40 30.5 0.01 -6
W 10 12 90 40 96 Ðộc
W 100 11 180 39 91 lập
L 2 10 100 300 130 28 0 -5
W 10 100 60 130 40 12⁄05 & Tỉnh
L 2 10 140 300 160 28 0 -5
W 10 140 60 160 0
`

func TestParse(t *testing.T) {
	got, err := parse(twoBlocks)
	if err != nil {
		t.Fatal(err)
	}
	want := []record.Line{
		{Block: 1, Box: record.Box{10, 10, 300, 40}, Size: 30.5, Baseline: record.Baseline{Slope: 0.01, Offset: -6}, Words: []record.Word{
			{Text: "Độc", Box: record.Box{10, 12, 90, 40}, Confidence: 0.96},
			{Text: "lập", Box: record.Box{100, 11, 180, 39}, Confidence: 0.91},
		}},
		{Block: 2, Box: record.Box{10, 100, 300, 130}, Size: 28, Baseline: record.Baseline{Offset: -5}, Words: []record.Word{
			{Text: "12/05&Tỉnh", Box: record.Box{10, 100, 60, 130}, Confidence: 0.4},
		}},
		{Block: 2, Box: record.Box{10, 140, 300, 160}, Size: 28, Baseline: record.Baseline{Offset: -5}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("parse = %+v\nwant %+v", got, want)
	}
}

func TestWhatNoEngineAnswersIsAnError(t *testing.T) {
	for _, s := range []string{"no words", "W 1 2 3 4 90 before-any-line", "L 1 2 3", "L 1 a 3 4 5 6 7 8", "L 1 1 2 3 4 5 0 0\nW 1 2 3 x 90 Tỉnh"} {
		if lines, err := parse(s); err == nil {
			t.Errorf("parse(%q) = %+v; want an error", s, lines)
		}
	}
}
