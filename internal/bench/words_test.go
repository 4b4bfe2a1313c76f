package bench

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/pipeline/proof"
	"github.com/sohoa/sohoa/record"
)

func TestWordsAreComparedWithWhatStandsThere(t *testing.T) {
	truth := [][]printed{{{"thẩm", record.Box{100, 100, 200, 140}}, {"quyền", record.Box{210, 100, 300, 140}}, {"(12)", record.Box{310, 100, 350, 140}}}}
	for _, c := range []struct {
		read  string
		box   record.Box
		right bool
		want  string
	}{
		{"thẩm", record.Box{98, 97, 203, 141}, true, "thẩm"},
		{"thấm", record.Box{98, 97, 203, 141}, false, "thẩm"},
		{"quyền", record.Box{98, 97, 203, 141}, false, "thẩm"}, // true elsewhere is not true here
		{"thẩmquyền", record.Box{98, 97, 303, 141}, true, "thẩm quyền"},
		{"12", record.Box{310, 100, 350, 140}, true, "(12)"},
		{"xx", record.Box{900, 900, 950, 940}, false, ""},
	} {
		page := record.Page{Width: 1000, Height: 1000, Lines: []record.Line{{Size: 40, Words: []record.Word{{Text: c.read, Box: c.box, Confidence: 0.9}}}}}
		got := checkWords([]record.Page{page}, truth)
		if len(got) != 1 || got[0].right != c.right || strings.Join(got[0].want, " ") != c.want {
			t.Errorf("%s at %v: %+v; want right %t, printed %q", c.read, c.box, got, c.right, c.want)
		}
	}
}

// TestFitFindsTheWeights makes words that are right as often as known weights say.
func TestFitFindsTheWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var words []checked
	for range 20000 {
		x := make([]float64, len(proof.Measures))
		x[0], x[1] = 1, r.Float64()*4-2
		words = append(words, checked{measured: x, right: r.Float64() < 1/(1+math.Exp(-(0.5+2*x[1])))})
	}
	w, err := fit(words)
	if err != nil || math.Abs(w[0]-0.5) > 0.1 || math.Abs(w[1]-2) > 0.1 || w[2] != 0 {
		t.Errorf("fit = %.3f, %.3f, %.3f, %v; want 0.5, 2 and 0 for what was never measured", w[0], w[1], w[2], err)
	}
}
