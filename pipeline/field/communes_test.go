package field

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// QĐ 19/2025/QĐ-TTg: 2,621 communes, 687 wards and 13 special zones in 34 provinces.
func TestCommunesOfTodayAreThoseOfTheDecision(t *testing.T) {
	codes, names := map[string]bool{}, map[string]bool{}
	count := map[string]int{}
	for _, p := range Communes() {
		if p.To != "" {
			count["until 2025-06-30: "+p.Unit]++
			continue
		}
		count[p.Unit]++
		if len(p.Code) != 5 || codes[p.Code] || names[p.Parent+p.Unit+p.Name] || p.From != "2025-07-01" {
			t.Errorf("%+v: its code has not five digits, or code or name is there twice in the province", p)
		}
		codes[p.Code], names[p.Parent+p.Unit+p.Name] = true, true
		if !slices.ContainsFunc(provinces(), func(q province) bool { return q.code == p.Parent && q.to == "" }) {
			t.Errorf("%s lies in %s, which is no province of today", p.Name, p.Parent)
		}
	}
	for unit, want := range map[string]int{"xã": 2621, "phường": 687, "đặc khu": 13, "until 2025-06-30: quận": 46} {
		if count[unit] != want {
			t.Errorf("%d %s, want %d", count[unit], unit, want)
		}
	}
	var b bytes.Buffer
	if err := WritePlaces(&b, Communes()); err != nil {
		t.Fatal(err)
	}
	if read, err := ParsePlaces("x.places", &b); err != nil || !slices.Equal(read, Communes()) {
		t.Errorf("read again: %d places, %v; want %d", len(read), err, len(Communes()))
	}
}

func TestPlacesAreMendedAgainstThoseThatExist(t *testing.T) {
	for _, c := range []struct {
		place string
		conf  float64
		want  string
		trust bool
	}{
		{"Mộ Đức", 0.96, "Mộ Đức", true},
		{"Mọ Dức", 0.8, "Mộ Đức", true},
		{"Ea Kiêt", 0.96, "Ea Kiết", true},
		{"Đăk Hà", 0.96, "Đăk Hà", true},        // written so, Đắk and Đak
		{"Hòang Maii", 0.6, "Hoàng Mai", false}, // a letter too many
		{"Vinh", 0.96, "Vinh", true},
		{"Vĩnh", 0.75, "Vinh", false},        // or what is left of Vĩnh Ưng
		{"Zzung Xa", 0.9, "Zzung Xa", false}, // no such place
	} {
		d := documents["report of a commune"]
		d.place = c.place
		pages := d.lay(newPaper())
		reread(pages, c.place, c.conf)
		g := Extract(pages)[record.Place]
		if g.Normal != c.want || g.Confidence >= sure != c.trust {
			t.Errorf("%q read at %.2f = %q with %.2f (%s), want %q", c.place, c.conf, g.Normal, g.Confidence, g.Rule, c.want)
		}
	}
}

func TestTownsInNamesOfAgencies(t *testing.T) {
	for _, c := range []struct{ row, want string }{
		{"UBND XÃ EA KIÊT", "UBND XÃ EA KIẾT"},
		{"UBND XÃ VINH ƯNG", "UBND XÃ VINH ƯNG"}, // no such place: left as it is
		{"UBND PHƯỜNG HOÀNG MAI", "UBND PHƯỜNG HOÀNG MAI"},
		{"BẢO HIỂM XÃ HỘI HUYỆN SÓC SON", "BẢO HIỂM XÃ HỘI HUYỆN SÓC SƠN"},
	} {
		if line, _ := mendLine(textLine(c.row), nil); line != c.want {
			t.Errorf("%q = %q, want %q", c.row, line, c.want)
		}
	}
}

// reread gives the words of text, wherever they stand, another confidence.
func reread(pages []record.Page, text string, conf float64) {
	words := strings.Fields(text)
	for _, p := range pages {
		for _, l := range p.Lines {
			for i, w := range l.Words {
				if slices.Contains(words, strings.Trim(w.Text, ",")) {
					l.Words[i].Confidence = conf
				}
			}
		}
	}
}
