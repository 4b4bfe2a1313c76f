package field

import (
	"cmp"
	"maps"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// A Tally counts how fields that were read compare with the truth. It is how a
// form or a rule is measured on examples.
type Tally struct {
	Names map[string]*Count `json:"names"` // by field
	Bins  [10]Bin           `json:"bins"`  // by confidence: 0 to 0.1, …, 0.9 to 1
}

// A Count is of one field.
type Count struct {
	Right   int `json:"right"`
	Wrong   int `json:"wrong"`   // read as something else, or where there is nothing
	Missing int `json:"missing"` // in the truth and not read
	Silent  int `json:"silent"`  // wrong, and trusted
	Flagged int `json:"flagged"` // reported as handwriting
}

// A Bin is how often values of about one confidence were right.
type Bin struct {
	Values int     `json:"values"`
	Right  int     `json:"right"`
	Sum    float64 `json:"sum"` // of the confidences
}

// Add counts one document. want holds the normal forms by field; a field that it
// does not name must not be read.
func (t *Tally) Add(got record.Fields, want map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		c := t.count(name)
		f, ok := got[name]
		switch {
		case ok && f.Status == record.Handwritten:
			c.Flagged++
		case !ok || f.Normal == "":
			c.Missing++
		default:
			t.judge(c, f, Agrees(name, f.Normal, want[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok && got[name].Normal != "" && got[name].Status != record.Handwritten {
			t.judge(t.count(name), got[name], false)
		}
	}
}

func (t *Tally) judge(c *Count, f record.Field, right bool) {
	bin := &t.Bins[min(9, int(f.Confidence*10))]
	bin.Values++
	bin.Sum += f.Confidence
	switch {
	case right:
		bin.Right++
		c.Right++
	default:
		c.Wrong++
		if f.Confidence >= sure {
			c.Silent++
		}
	}
}

func (t *Tally) count(name string) *Count {
	if t.Names == nil {
		t.Names = map[string]*Count{}
	}
	if t.Names[name] == nil {
		t.Names[name] = &Count{}
	}
	return t.Names[name]
}

// Total is the sum over all fields.
func (t *Tally) Total() Count {
	var sum Count
	for _, c := range t.Names {
		sum.Right += c.Right
		sum.Wrong += c.Wrong
		sum.Missing += c.Missing
		sum.Silent += c.Silent
		sum.Flagged += c.Flagged
	}
	return sum
}

// Precision is the share of the values read that are right, 1 if none was read.
func (c Count) Precision() float64 { return share(c.Right, c.Right+c.Wrong) }

// Recall is the share of the values in the truth that were read right; what was
// flagged as handwriting does not count.
func (c Count) Recall() float64 { return share(c.Right, c.Right+c.Wrong+c.Missing) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// CalibrationError is the mean gap between confidence and the share that is
// right, weighted by the number of values.
func (t *Tally) CalibrationError() float64 {
	gap, all := 0.0, 0
	for _, b := range t.Bins {
		gap += abs(b.Sum - float64(b.Right))
		all += b.Values
	}
	return gap / float64(max(1, all))
}

// Worst returns the fields by how often they are wrong or missing, worst first.
func (t *Tally) Worst() []string {
	names := slices.Sorted(maps.Keys(t.Names))
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Compare(t.Names[b].Wrong+t.Names[b].Missing, t.Names[a].Wrong+t.Names[a].Missing)
	})
	return names
}
