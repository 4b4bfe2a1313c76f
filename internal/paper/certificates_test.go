package paper

import (
	"strings"
	"testing"
)

func TestEveryFormSaysOnPaperWhatItsTruthSays(t *testing.T) {
	for i, spec := range FormCorpus(2*len(FormKinds), 3) {
		spec.DPI, spec.Marks, spec.Wear, spec.Duplex = 72, Marks{}, Wear{}, false
		doc := mustMake(t, spec)
		text := strings.Join(strings.Fields(doc.Text()), " ")
		if len(doc.Truth.Entries) < 4 {
			t.Errorf("document %d, %s: %d entries", i, spec.Kind, len(doc.Truth.Entries))
		}
		for label, want := range doc.Truth.Entries {
			if label != "date" && !strings.Contains(text, want) {
				t.Errorf("document %d, %s: the text lacks %s %q", i, spec.Kind, label, want)
			}
		}
	}
}
