package ocr

import "testing"

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
