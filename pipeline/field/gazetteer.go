package field

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

// A Place is one administrative unit while it exists. QĐ 19/2025/QĐ-TTg lists
// provinces and communes; before 2025-07-01 there were districts between them.
type Place struct {
	Name   string // Mộ Đức
	Unit   string // tỉnh, thành phố, quận, huyện, thị xã, xã, phường, thị trấn, đặc khu
	Parent string // the unit above it, or its code
	Code   string
	From   string // ISO dates; "" is open
	To     string
}

var placeUnits = map[string]bool{"tỉnh": true, "thành phố": true, "quận": true, "huyện": true, "thị xã": true, "xã": true,
	"phường": true, "thị trấn": true, "đặc khu": true}

// maxPlaces is well above all units that ever were.
const maxPlaces = 200_000

// ParsePlaces reads an operator's list of places: one a line, columns parted by
// tabs: name, unit, parent, code, from, to (ISO dates, empty is open); # begins a
// comment. All that is wrong is told at once, as in ParseForm.
func ParsePlaces(file string, r io.Reader) ([]Place, error) {
	var places []Place
	p := problems{file: file}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		p.line++
		text := strings.TrimRight(lines.Text(), "\r ")
		if text == "" || text[0] == '#' {
			continue
		}
		c := append(strings.Split(text, "\t"), "", "", "", "", "")
		place := Place{Name: oneSpace(c[0]), Unit: strings.ToLower(oneSpace(c[1])), Parent: c[2], Code: c[3], From: c[4], To: c[5]}
		switch {
		case len(c) > 11:
			p.wrong("%d columns, want at most 6", len(c)-5)
		case letters(place.Name) == 0: // a ward may be called 1
			p.wrong("%q is no name", c[0])
		case !placeUnits[place.Unit]:
			p.wrong("%q is no unit: tỉnh, thành phố, quận, huyện, thị xã, xã, phường, thị trấn, đặc khu", c[1])
		case !isISODate(place.From) || !isISODate(place.To):
			p.wrong("%q to %q are no dates like 2025-07-01", place.From, place.To)
		case place.From != "" && place.To != "" && place.From > place.To:
			p.wrong("it ends (%s) before it begins (%s)", place.To, place.From)
		case len(places) == maxPlaces:
			p.wrong("more than %d places", maxPlaces)
			return nil, p.err()
		default:
			places = append(places, place)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read places %s: %w", file, err)
	}
	return places, p.err()
}

// Provinces are the provinces that come with the program, those of today and those
// that were merged on 2025-07-01, with the code of QĐ 19/2025/QĐ-TTg where they have
// one.
func Provinces() []Place {
	var out []Place
	for _, p := range provinces() {
		out = append(out, Place{Name: p.name.text, Unit: p.unit, Code: p.code, From: p.from, To: p.to})
	}
	return out
}

// WritePlaces writes places as ParsePlaces reads them.
func WritePlaces(w io.Writer, places []Place) error {
	for _, p := range places {
		if _, err := fmt.Fprintln(w, strings.TrimRight(strings.Join([]string{p.Name, p.Unit, p.Parent, p.Code, p.From, p.To}, "\t"), "\t")); err != nil {
			return err
		}
	}
	return nil
}

func isISODate(s string) bool {
	if s == "" {
		return true
	}
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// A gazetteer finds places by their unit and name, without marks.
type gazetteer map[string][]phrase

func newGazetteer(places []Place) gazetteer {
	g := gazetteer{}
	for _, p := range places {
		text := strings.ToUpper(p.Unit + " " + p.Name)
		f := fold(text)
		g[plain(text)] = append(g[plain(text)], phrase{folded: f, parts: strings.Fields(text), plain: plain(text)})
	}
	return g
}

// at returns the longest place that the words name: letter by letter, or the only
// one with these letters under other marks.
func (g gazetteer) at(words []string) (n int, as phrase) {
	if len(g) == 0 {
		return 0, phrase{}
	}
	text, spoken := "", ""
	for i, w := range words[:min(len(words), 7)] {
		text += plain(w)
		spoken = strings.TrimSpace(spoken + " " + bare(w))
		for _, p := range g[text] {
			if len(p.parts) == i+1 && (p.text == spoken || sameText(g[text])) {
				n, as = i+1, p
			}
		}
	}
	return n, as
}

// sameText reports whether all phrases are one: a name that several places share.
func sameText(all []phrase) bool {
	for _, p := range all {
		if p.text != all[0].text {
			return false
		}
	}
	return true
}
