// Package say has the words for people: what happened and what to do next for
// every reason code, what a verdict means, what fields and states are called, in
// Vietnamese, English and French.
//
// It promises that every code of package record has words in all three, and
// that the words hold nothing of a document. It refuses to decide: it is given a
// code or a verdict and says it.
package say

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Languages are those that there are words in; the first is the default.
var Languages = []string{"vi", "en", "fr"}

// words of one language, by code. A pair is a heading or fact and a sentence
// that goes with it.
type words struct {
	Reason        map[string][2]string `json:"reason"`        // what happened, what to do next
	Outcome       map[string][2]string `json:"outcome"`       // the verdict, what it means
	SubIndication map[string]string    `json:"subIndication"` // one sentence each
	Changes       map[string]string    `json:"changes"`
	Content       map[string]string    `json:"content"`  // what a signed file holds besides its pages
	Standing      map[string]string    `json:"standing"` // of a certificate at signing
	TimeSource    map[string]string    `json:"timeSource"`
	Quality       map[string]string    `json:"quality"`
	Field         map[string]string    `json:"field"`
	FieldStatus   map[string]string    `json:"fieldStatus"`
	Status        map[string]string    `json:"status"`
	Label         map[string]string    `json:"label"`  // of the lines of a verdict
	Check         map[string][2]string `json:"check"`  // what holds, what to do where it does not
	State         map[string]string    `json:"state"`  // of a check
	Upkeep        map[string]string    `json:"upkeep"` // formats of what rebuild, fixity, backup, restore and jobs tell
}

//go:embed words/*.json
var files embed.FS

// tables are the words by language, read when something is said for the first time.
var tables = sync.OnceValue(func() map[string]words {
	all := map[string]words{}
	for _, lang := range Languages {
		b, err := files.ReadFile("words/" + lang + ".json")
		if err != nil {
			panic(err) // embedded: the build is broken
		}
		var w words
		if err := json.Unmarshal(b, &w); err != nil {
			panic(lang + ".json: " + err.Error())
		}
		all[lang] = w
	}
	return all
})

func in(lang string) words {
	if w, ok := tables()[lang]; ok {
		return w
	}
	return tables()[Languages[0]]
}

// Language returns the language to speak: asked if it is one of ours, else that
// of the locale (LC_ALL, LC_MESSAGES, LANG: the first that is set decides, as in
// POSIX); English where the locale names another (C is one of these), and
// Vietnamese where there is none.
func Language(asked string, getenv func(string) string) string {
	if slices.Contains(Languages, asked) {
		return asked
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := getenv(name)
		if locale == "" {
			continue
		}
		lang, _, _ := strings.Cut(strings.ToLower(locale), "_")
		lang, _, _ = strings.Cut(lang, ".")
		if slices.Contains(Languages, lang) {
			return lang
		}
		return "en"
	}
	return Languages[0]
}

// Reason says what happened and what to do next, for a reason code of package
// record. An unknown code is said as an internal error.
func Reason(lang, code string) string {
	pair, ok := in(lang).Reason[code]
	if !ok {
		pair = in(lang).Reason["internal"]
	}
	return pair[0] + " " + pair[1]
}

// SubIndication says in one sentence what a sub-indication of EN 319 102-1
// means, or the code itself if it is unknown.
func SubIndication(lang, code string) string { return or(in(lang).SubIndication, code) }

// Quality says a code of Page.Quality.
func Quality(lang, code string) string { return or(in(lang).Quality, code) }

// Field is what people call a field of package record.
func Field(lang, name string) string { return or(in(lang).Field, name) }

// FieldStatus says how a field's value is known.
func FieldStatus(lang, status string) string { return or(in(lang).FieldStatus, status) }

// Status says where a document stands.
func Status(lang, status string) string { return or(in(lang).Status, status) }

// Finding says what a check of package record looks at, how it came out, and what
// to do where it does not hold.
func Finding(lang, check, state string) (outcome, what, todo string) {
	pair := in(lang).Check[check]
	return or(in(lang).State, state), or(map[string]string{check: pair[0]}, check), pair[1]
}

// Upkeep says what a command for operators did or found.
func Upkeep(lang, code string, of ...any) string {
	return fmt.Sprintf(or(in(lang).Upkeep, code), of...)
}

// Table is the words of a language as they stand in its file, JSON by kind and
// code, for screens that say codes themselves.
func Table(lang string) json.RawMessage {
	if _, ok := tables()[lang]; !ok {
		lang = Languages[0]
	}
	b, err := files.ReadFile("words/" + lang + ".json")
	if err != nil {
		panic(err) // embedded: the build is broken
	}
	return b
}

func or(words map[string]string, code string) string {
	if s, ok := words[code]; ok {
		return s
	}
	return code
}
