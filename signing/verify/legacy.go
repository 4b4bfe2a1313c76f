package verify

import (
	"slices"

	"github.com/sohoa/sohoa/signing/trust"
)

// secondLook judges a signature again, forgiving what real state files of the
// years before lack: it returns what had to be forgiven for the signature to hold,
// nothing if it does not hold even then. The verdict itself does not change.
func (v *verification) secondLook(s signature) []string {
	strict := v.paths
	v.paths, v.lenient, v.forgiven = map[visit]*path{}, true, nil
	defer func() { v.paths, v.lenient = strict, false }()
	s.best = v.bestTime(&s)
	s.path = v.validate(s.cert, s.best.time, trust.Signing)
	if v.signatureProblem(&s) != nil {
		return nil
	}
	slices.Sort(v.forgiven)
	return slices.Compact(v.forgiven)
}

func (v *verification) forgive(what string) { v.forgiven = append(v.forgiven, what) }
