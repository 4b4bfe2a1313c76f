package paper

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryHouseSaysOnPaperWhatItsTruthSays(t *testing.T) {
	for i, spec := range VariedCorpus(len(houses), 5) {
		spec.DPI, spec.Marks, spec.Wear, spec.Annex, spec.Duplex = 72, Marks{}, Wear{}, false, false
		doc := mustMake(t, spec)
		text := strings.Join(strings.Fields(doc.Text()), " ")
		for name, want := range doc.wanted() {
			if house := houses[(spec.House-1)%len(houses)](dice{stream(spec.Seed, forText)}); house.party && name == "number" {
				want = strings.Replace(strings.Replace(want, "Số: ", "Số ", 1), "/", "-", 1)
			}
			if !strings.Contains(text, want) {
				t.Errorf("document %d, %s: the text lacks %s %q", i, spec.Name, name, want)
			}
		}
	}
}

// The truth of a varied corpus is no longer one if the usual corpus changes with it.
func TestHousesLeaveTheUsualCorpusAsItIs(t *testing.T) {
	if slices.ContainsFunc(Corpus(40, 3), func(s Spec) bool { return s.House != 0 }) {
		t.Error("a document of the usual corpus is of a house")
	}
	spec := VariedCorpus(1, 9)[0]
	spec.DPI = 72
	if a, b := mustMake(t, spec), mustMake(t, spec); a.Text() != b.Text() || a.Truth.Title != b.Truth.Title {
		t.Error("the same spec gave two texts")
	}
}
