package ocr

import "cmp"

// Auto is the setting of languages under which pages are read as Vietnamese, and
// again with another model where they are plainly written in a language that pays.
const Auto = "auto"

// models are the Tesseract models for a setting.
func models(setting string) string {
	if setting == Auto {
		return "vie"
	}
	return cmp.Or(setting, "vie")
}

// speaking returns an engine for languages: this one if it is for them. There is one
// at a time: a page in another language costs its start, twice.
func (e *engine) speaking(languages string) *engine {
	if e != nil && e.languages == languages {
		return e
	}
	e.close()
	return open(languages)
}
