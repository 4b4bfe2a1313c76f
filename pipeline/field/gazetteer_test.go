package field

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestPlacesOfTheOperatorMendTheHeader(t *testing.T) {
	places, err := ParsePlaces("places.tsv", strings.NewReader("# our communes\nĐức Phong\txã\tMộ Đức\t21433\t\t2025-06-30\nMộ Đức\thuyện\tQuảng Ngãi\t533\t\t2025-06-30\n"))
	if err != nil || len(places) != 2 {
		t.Fatalf("places = %v, %v", places, err)
	}
	d := documents["report of a commune"]
	d.superior, d.organ = []string{"UBND HUYỆN MỌ DỨC"}, []string{"ỦY BAN NHÂN DÂN", "XÃ DỨC PHONG"}
	got := NewReader(places, nil).Extract(d.lay(newPaper()))
	if g := got[record.OrganName].Normal; g != "ỦY BAN NHÂN DÂN XÃ ĐỨC PHONG" {
		t.Errorf("organ = %q", g)
	}
	if g := got[record.SuperiorOrgan].Normal; g != "UBND HUYỆN MỘ ĐỨC" {
		t.Errorf("superior = %q", g)
	}
}

func TestPlacesThatDifferInMarksAreNotMendedIntoEachOther(t *testing.T) {
	places, _ := ParsePlaces("places.tsv", strings.NewReader("Đức Phong\txã\nĐức Phòng\txã\n"))
	if n, _ := newGazetteer(places).at([]string{"XÃ", "DỨC", "PHONG"}); n != 0 {
		t.Error("one of two places with the same letters was taken")
	}
	if n, p := newGazetteer(places).at([]string{"XÃ", "ĐỨC", "PHONG"}); n != 3 || p.text != "XÃ ĐỨC PHONG" {
		t.Errorf("place = %q", p.text)
	}
}

func TestWrongPlacesSayLineAndReason(t *testing.T) {
	for _, c := range []struct {
		text   string
		line   int
		reason string
	}{
		{"Đức Phong\tlàng\n", 1, "no unit"},
		{"# c\n\txã\n", 2, "no name"},
		{"Đức Phong\txã\t\t\t01/07/2025\n", 1, "no dates"},
		{"Đức Phong\txã\t\t\t2025-07-01\t2025-06-30\n", 1, "before it begins"},
		{"Đức Phong\txã\t1\t2\t\t\t7\n", 1, "columns"},
	} {
		_, err := ParsePlaces("places.tsv", strings.NewReader(c.text))
		bad, ok := errors.AsType[*FileError](err)
		if !ok || bad.Line != c.line || !strings.Contains(bad.Reason, c.reason) {
			t.Errorf("%q: %v, want line %d: %s", c.text, err, c.line, c.reason)
		}
	}
}

// What comes with the program is written in the form that an operator's list has:
// 34 provinces of today, 63 on the day before the merger.
func TestProvincesAreWrittenAsTheyAreRead(t *testing.T) {
	var b bytes.Buffer
	if err := WritePlaces(&b, Provinces()); err != nil {
		t.Fatal(err)
	}
	read, err := ParsePlaces("x.places", &b)
	if err != nil || !slices.Equal(read, Provinces()) {
		t.Fatalf("read again: %d places, %v; want %d", len(read), err, len(Provinces()))
	}
	for _, c := range []struct {
		day  string
		want int
	}{{"2025-06-30", 63}, {"2025-07-01", 34}} {
		n := 0
		for _, p := range read {
			if (p.From == "" || p.From <= c.day) && (p.To == "" || p.To >= c.day) {
				n++
			}
			if p.To == "" && len(p.Code) != 2 {
				t.Errorf("%s has the code %q", p.Name, p.Code)
			}
		}
		if n != c.want {
			t.Errorf("%d provinces on %s, want %d", n, c.day, c.want)
		}
	}
}
