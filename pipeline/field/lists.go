package field

import (
	_ "embed"
	"strings"
)

//go:embed lists/kinds.tsv
var kindsFile string

//go:embed lists/offices.tsv
var officesFile string

//go:embed lists/provinces.tsv
var provincesFile string

//go:embed lists/agencies.tsv
var agenciesFile string

// A kind is a type of document (tên loại).
type kind struct{ name, abbr, code string }

// An office signs; a deputy's chief is the office that it signs for.
type office struct{ name, chief string }

type phrase struct {
	name string
	head bool // a name can begin with it
}

var (
	kinds     = load(kindsFile, func(c []string) kind { return kind{c[0], c[1], c[2]} })
	offices   = load(officesFile, func(c []string) office { return office{c[0], c[1]} })
	provinces = load(provincesFile, func(c []string) province { return province{c[0], c[1]} })
	phrases   = load(agenciesFile, func(c []string) phrase { return phrase{c[0], c[1] == "head"} })
)

type province struct{ name, unit string }

// load reads one entry a line, columns parted by tabs; # begins a comment.
func load[T any](file string, entry func([]string) T) []T {
	var out []T
	for line := range strings.Lines(file) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		out = append(out, entry(append(strings.Split(line, "\t"), "", "")))
	}
	return out
}

// provinceNamed returns the province that text names; exact: letter by letter.
func provinceNamed(text string) (name string, exact, ok bool) {
	text = strings.TrimSpace(text)
	want := plain(text)
	for _, p := range provinces {
		if p.name == text {
			return p.name, true, true
		}
	}
	best, next := 0.8, 0.0
	for _, p := range provinces {
		s := similar(text, p.name)
		if plain(p.name) == want {
			s = 1
		}
		if s > best {
			name, best, next = p.name, s, max(next, best)
		} else {
			next = max(next, s)
		}
	}
	return name, false, name != "" && best-next > 0.05
}
