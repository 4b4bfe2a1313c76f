package ocr

import (
	"strings"
	"testing"
)

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
	if got := other.languages; other == first || got != "eng+vie" {
		t.Errorf("an engine for %q; want one for eng+vie", got)
	}
}

func TestAnEngineWithoutItsModel(t *testing.T) {
	e := open("xyz")
	defer e.close()
	if err := e.ready(); err == nil || !strings.Contains(err.Error(), `"xyz"`) {
		t.Errorf("ready = %v; want an error that names the model", err)
	}
}

func TestAVariableThatTheEngineDoesNotKnow(t *testing.T) {
	e := open("vie")
	defer e.close()
	if err := e.ready(); err != nil {
		t.Fatal(err)
	}
	if err := e.set("textord_no_such_thing", "1"); err == nil {
		t.Error("set = nil; want an error")
	}
}
