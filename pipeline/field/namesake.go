package field

import (
	"slices"
	"strings"
)

// levels are the schools that bear the names of persons.
var levels = foldAll("THPT", "THCS", "TIỂU HỌC", "MẦM NON", "TRUNG HỌC PHỔ THÔNG", "TRUNG HỌC CƠ SỞ")

// namesake is how sure the person's name is that a school bears, 1 for an agency that
// bears none: TRƯỜNG THPT VỤ DIỆU HƯƠNG must be VŨ.
func (a agency) namesake() float64 {
	words, tokens := strings.Fields(strings.Join(a.lines, " ")), slices.Concat(a.rows...)
	if len(words) != len(tokens) || plain(words[0]) != "truong" {
		return 1
	}
	for i := range tokens {
		n, _ := beginsAny(tokens[i:], levels, 0.9)
		if rest := len(tokens) - i - n; n == 0 || rest < 2 || rest > 4 {
			continue
		}
		name := slices.Clone(tokens[i+n:])
		for k := range name {
			name[k].text = asName(bare(words[i+n+k]))
		}
		if _, conf, ok := readName(name); ok {
			return conf
		}
	}
	return 1
}
