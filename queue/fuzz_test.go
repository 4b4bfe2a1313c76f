package queue

import "testing"

// FuzzParseTask: a ring that is taken is one that could have been rung.
func FuzzParseTask(f *testing.F) {
	for _, task := range []string{"abc.7", "", ".", "a.b.3", "a.-1", "a.99999999999999999999", "a.07"} {
		f.Add(task)
	}
	f.Fuzz(func(t *testing.T, task string) {
		ref, err := parseTask(task)
		if err != nil {
			return
		}
		if again, err := parseTask(ref.TaskID()); err != nil || again != ref {
			t.Errorf("%q is taken as %v, which is rung as %q", task, ref, ref.TaskID())
		}
	})
}
