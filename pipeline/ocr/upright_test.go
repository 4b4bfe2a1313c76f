package ocr

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestSenseContradictsTheShapesOfLetters(t *testing.T) {
	for _, c := range []struct {
		name         string
		sense, other float64
		want         bool
	}{
		{"plain text against nothing", 80, 0, true},
		{"text against half as much garbage", 60, 30, true},
		{"hardly more", 60, 50, false},
		{"two letters against nothing", 4, 0, false},
		{"nothing either way", 0, 0, false},
	} {
		if got := contradicts(c.sense, c.other); got != c.want {
			t.Errorf("%s: contradicts(%v, %v) = %v; want %v", c.name, c.sense, c.other, got, c.want)
		}
	}
}

func TestWhatWasReadShowsThatThePageStandsUpright(t *testing.T) {
	line := func(n int, text string, confidence float64) (l record.Line) {
		for range n {
			l.Words = append(l.Words, record.Word{Text: text, Confidence: confidence})
		}
		return l
	}
	for _, c := range []struct {
		name  string
		lines []record.Line
		want  bool
	}{
		{"plain text", []record.Line{line(30, "huyện", 0.95)}, true},
		{"a few words", []record.Line{line(5, "huyện", 0.95)}, false},
		{"as much garbage", []record.Line{line(30, "huyện", 0.95), line(30, "uậÁnq", 0.3)}, false},
		{"letters that stand alone", []record.Line{line(200, "l", 0.95)}, false},
		{"dots", []record.Line{line(60, "....", 0.95)}, false},
		{"nothing", nil, false},
	} {
		if got := makesSense(c.lines); got != c.want {
			t.Errorf("%s: makesSense = %v; want %v", c.name, got, c.want)
		}
	}
}
