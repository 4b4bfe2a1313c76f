package ocr

import "testing"

func TestModels(t *testing.T) {
	for setting, want := range map[string]string{"": "vie", Auto: "vie", "fra": "fra", "vie+eng": "vie+eng"} {
		if got := models(setting); got != want {
			t.Errorf("models(%q) = %q; want %q", setting, got, want)
		}
	}
}

func TestAnEngineStaysOpenForItsLanguage(t *testing.T) {
	var none *engine
	first := none.speaking("vie")
	if again := first.speaking("vie"); again != first {
		t.Error("another engine for the same language")
	}
	other := first.speaking("eng+vie")
	defer other.close()
	if got := other.client.Languages; other == first || len(got) != 2 || got[0] != "eng" {
		t.Errorf("an engine for %v; want one for eng and vie", got)
	}
}
