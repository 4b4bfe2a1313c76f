package bench

import (
	"fmt"
	"io"
	"math"

	"github.com/sohoa/sohoa/pipeline/proof"
)

// ridge keeps the weights of measures that tell little near 0.
const ridge = 1.0

// fit returns the weights of a logistic regression: those under which what is right
// of the words is likeliest (iteratively reweighted least squares).
func fit(words []checked) ([]float64, error) {
	n := len(proof.Measures)
	w := make([]float64, n)
	for range 60 {
		gradient, hessian := make([]float64, n), make([][]float64, n)
		for i := range hessian {
			hessian[i] = make([]float64, n)
			hessian[i][i] = ridge
			gradient[i] = -ridge * w[i]
		}
		for _, c := range words {
			addTo(gradient, hessian, c, w)
		}
		step, err := solve(hessian, gradient)
		if err != nil {
			return nil, err
		}
		most := 0.0
		for i, s := range step {
			w[i] += s
			most = max(most, math.Abs(s))
		}
		if most < 1e-6 {
			return w, nil
		}
	}
	return nil, fmt.Errorf("fit the weights: no end after 60 steps")
}

func addTo(gradient []float64, hessian [][]float64, c checked, w []float64) {
	z := 0.0
	for i, x := range c.measured {
		z += x * w[i]
	}
	p := 1 / (1 + math.Exp(-z))
	miss := -p
	if c.right {
		miss = 1 - p
	}
	for i, x := range c.measured {
		if x == 0 {
			continue
		}
		gradient[i] += miss * x
		for j, y := range c.measured {
			hessian[i][j] += max(p*(1-p), 1e-6) * x * y
		}
	}
}

// solve returns x of a·x = b by elimination with pivots; it overwrites both.
func solve(a [][]float64, b []float64) ([]float64, error) {
	n := len(b)
	for i := range n {
		pivot := i
		for r := i + 1; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[pivot][i]) {
				pivot = r
			}
		}
		if math.Abs(a[pivot][i]) < 1e-12 {
			return nil, fmt.Errorf("fit the weights: measures %d are not independent", i)
		}
		a[i], a[pivot], b[i], b[pivot] = a[pivot], a[i], b[pivot], b[i]
		for r := i + 1; r < n; r++ {
			f := a[r][i] / a[i][i]
			if f == 0 {
				continue
			}
			for k := i; k < n; k++ {
				a[r][k] -= f * a[i][k]
			}
			b[r] -= f * b[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= a[i][k] * b[k]
		}
		b[i] /= a[i][i]
	}
	return b, nil
}

// writeWeights writes the table that stands in pipeline/proof.
func writeWeights(w io.Writer, weights []float64, words int, from string) error {
	_, err := fmt.Fprintf(w, `package proof

// weights were fitted by `+"`sohoa bench words --fit`"+` on %d words: %s.
// Another kind of page, or another engine, wants another fit.
var weights = []float64{
`, words, from)
	for i, v := range weights {
		if err == nil {
			_, err = fmt.Fprintf(w, "\t%.4f, // %s\n", v, proof.Measures[i])
		}
	}
	if err == nil {
		_, err = fmt.Fprintln(w, "}")
	}
	return err
}
