package say

import (
	"regexp"
	"slices"
	"testing"
)

// TestUpkeepTakesTheSameInEveryLanguage: the same codes, with the same things in
// the same order.
func TestUpkeepTakesTheSameInEveryLanguage(t *testing.T) {
	verb := regexp.MustCompile("%[a-z]")
	first := in(Languages[0]).Upkeep
	for _, lang := range Languages {
		all := in(lang).Upkeep
		if len(all) != len(first) || len(all) < 10 {
			t.Errorf("%s has %d formats; want %d", lang, len(all), len(first))
		}
		for code, format := range first {
			if got, want := verb.FindAllString(all[code], -1), verb.FindAllString(format, -1); !slices.Equal(got, want) {
				t.Errorf("%s, %s: takes %q; want %q", lang, code, got, want)
			}
		}
	}
	if got, want := Upkeep("fr", "lost-event", 2, "a"), "événement 2 de a : pas de manifeste"; got != want {
		t.Errorf("Upkeep = %q; want %q", got, want)
	}
}
