package field

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed lists/communes.tsv
var communesFile string

//go:embed lists/communes-old.tsv
var oldCommunesFile string

// The days between which the lists hold: QĐ 19/2025/QĐ-TTg did away with districts.
const (
	lastOldDay  = "2025-06-30"
	firstNewDay = "2025-07-01"
)

// Communes are the places below the provinces that come with the program: the
// communes since 2025-07-01, and the districts and communes before, with their
// codes and that of the unit above.
func Communes() []Place {
	return append(placesIn(communesFile, firstNewDay, ""), placesIn(oldCommunesFile, "", lastOldDay)...)
}

func placesIn(file, from, to string) []Place {
	var out []Place
	for _, line := range load(file, func(c []string) []string { return c }) {
		for entry := range strings.SplitSeq(line[2], "|") {
			code, name, _ := strings.Cut(entry, " ")
			out = append(out, Place{Name: name, Unit: line[1], Parent: line[0], Code: code, From: from, To: to})
		}
	}
	return out
}

// townships are the names of all those places, whatever their unit and years.
type townships struct {
	spelled map[string][]string // by letters without marks: how the names are written
	long    [40][]string        // letters, by how many they are
}

// knownTowns are read when a name is met that no other list has.
var knownTowns = sync.OnceValue(func() *townships {
	t := &townships{spelled: map[string][]string{}}
	for _, file := range []string{communesFile, oldCommunesFile} {
		for _, line := range load(file, func(c []string) []string { return c }) {
			for entry := range strings.SplitSeq(line[2], "|") {
				_, name, _ := strings.Cut(entry, " ")
				t.add(name)
			}
		}
	}
	return t
})

func (t *townships) add(name string) {
	letters := plain(name)
	all, known := t.spelled[letters]
	if !known && len(letters) < len(t.long) {
		t.long[len(letters)] = append(t.long[len(letters)], letters)
	}
	if !slices.ContainsFunc(all, func(s string) bool { return sameSpelling(s, name) }) {
		t.spelled[letters] = append(all, name)
	}
}

// sameSpelling forgives the place of a tone, spaces and dashes, and how a people's
// word is written that papers write in three ways (Đắk, Đăk, Đak).
func sameSpelling(a, b string) bool { return spelling(a) == spelling(b) }

func spelling(s string) string {
	var b strings.Builder
	for _, r := range peoplesWords.Replace(tonesPlaced(s)) {
		if sounds(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

var peoplesWords = strings.NewReplacer("đắk", "đak", "đăk", "đak", "đắc", "đak", "krông", "krong", "pơng", "pong", "glông", "glong")

// How sure a name is that the list knows: as it is read; where the list alone
// tells its marks; where it tells them and recognition was sure of others; where a
// letter had to be changed; where several are spelled with these letters.
const (
	townRead    = 0.985
	townMarks   = 0.93
	townAgainst = 0.85
	townNear    = 0.72
)

// has reports whether a town has the name as it is written.
func (t *townships) has(name string) bool {
	return slices.ContainsFunc(t.spelled[plain(name)], func(s string) bool { return sameSpelling(s, name) })
}

// settle finds the name that the text is and how sure that is; p is the chance
// that recognition read it right. Without a name of these letters, ok is false.
func (t *townships) settle(text string, p float64) (name string, conf float64, ok bool) {
	if strings.IndexFunc(text, unicode.IsLetter) < 0 {
		return "", 0, false // wards are called 4, and so are scraps
	}
	all := t.spelled[plain(text)]
	for _, s := range all {
		if sameSpelling(s, text) {
			if len(all) > 1 {
				return text, min(p, townRead), true
			}
			return text, max(p, townRead), true
		}
	}
	switch {
	case len(all) == 1 && p < sure && !strings.Contains(text, " "):
		return all[0], townNear, true // one word may be what is left of two
	case len(all) == 1 && p < 0.93:
		return all[0], townMarks, true
	case len(all) == 1:
		return all[0], townAgainst, true
	case len(all) > 1 && p > 0.97:
		return text, unconfirmed, true
	case len(all) > 1:
		return nearestSpelling(text, all), townNear, true
	case p < 0.8:
		if near := t.nearest(plain(text)); near != "" && len(t.spelled[near]) == 1 {
			return t.spelled[near][0], townNear, true
		}
	}
	return "", 0, false
}

// nearestSpelling is the one whose marks are most like what was read.
func nearestSpelling(text string, all []string) string {
	f := fold(text)
	return slices.MaxFunc(all, func(a, b string) int { return cmp.Compare(f.like(fold(a), 0), f.like(fold(b), 0)) })
}

// nearest is the only name that is one letter off, "" if there is none or several.
func (t *townships) nearest(letters string) string {
	found := ""
	if len(letters) < 6 {
		return ""
	}
	for n := len(letters) - 1; n <= len(letters)+1 && n < len(t.long); n++ {
		for _, other := range t.long[n] {
			if !oneOff(letters, other) {
				continue
			}
			if found != "" {
				return ""
			}
			found = other
		}
	}
	return found
}

// oneOff reports whether one letter is another, too many or missing.
func oneOff(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	switch len(a) - len(b) {
	case 0:
		return i < len(a) && a[i+1:] == b[i+1:]
	case 1:
		return a[i+1:] == b[i:]
	case -1:
		return b[i+1:] == a[i:]
	}
	return false
}

// townUnits are the words before a town's name.
var townUnits = []string{"xa", "phuong", "thitran", "dackhu", "huyen", "quan", "thixa", "thanhpho"}

// townAt reads the town's name behind its unit: before are the words up to it. The
// name goes to the end of the line, or to the next unit's.
func townAt(before, words []string, tokens []token) (n int, name []mended) {
	if !endsInUnit(before) {
		return 0, nil
	}
	most := len(words)
	for i, w := range words {
		if i > 0 && slices.Contains([]string{"-", "–", "tinh", "huyen", "thanhpho"}, orDash(w)) || i == 5 {
			most = i
			break
		}
	}
	text := oneSpace(strings.Trim(strings.Join(words[:most], " "), " .,;:"))
	if letters(text) < 2 {
		return 0, nil
	}
	as, conf, ok := knownTowns().settle(text, trust(tokens[:most]))
	if !ok {
		return 0, nil
	}
	return most, townWords(strings.ToUpper(as), words[:most], conf)
}

func orDash(w string) string {
	if p := plain(w); p != "" {
		return p
	}
	return w
}

// endsInUnit reports whether the words end in a unit and it is one: BẢO HIỂM XÃ is
// half of another word.
func endsInUnit(words []string) bool {
	last := ""
	for i := len(words) - 1; i >= max(0, len(words)-2); i-- {
		last = plain(words[i]) + last
		if slices.Contains(townUnits, last) {
			return true
		}
	}
	return false
}

// townWords are the words of a name; where they are as many as were read, each
// keeps what stands behind it.
func townWords(name string, read []string, conf float64) []mended {
	parts := strings.Fields(name)
	if len(parts) != len(read) {
		return []mended{{text: name, listed: true, conf: conf}}
	}
	out := make([]mended, len(parts))
	for i, p := range parts {
		out[i] = mended{text: strings.Replace(read[i], bare(read[i]), p, 1), listed: true, conf: 0.999}
	}
	out[0].conf = conf
	return out
}
