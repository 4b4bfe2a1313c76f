package field

import (
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// leave takes all words from the line but those kept.
func leave(pages []record.Page, line, kept string) {
	for _, p := range pages {
		for i, l := range p.Lines {
			var words []string
			for _, w := range l.Words {
				words = append(words, w.Text)
			}
			if strings.Join(words, " ") == line {
				p.Lines[i].Words = slices.DeleteFunc(slices.Clone(l.Words), func(w record.Word) bool { return !slices.Contains(strings.Fields(kept), w.Text) })
			}
		}
	}
}

// What a seal left of a title stands where only one office would have it.
func TestATitleIsToldByTheWidthOfItsRest(t *testing.T) {
	for _, c := range []struct {
		name  string
		rows  []string
		left  []string // of the rows, in their order
		organ []string
		want  string
	}{
		{"a chairman", []string{"CHỦ TỊCH"}, []string{"TỊCH"}, []string{"ỦY BAN NHÂN DÂN", "XÃ TÂN THẠNH"}, "CHỦ TỊCH"},
		{"a deputy chairman", []string{"KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, []string{"TỊCH", "TỊCH"}, []string{"ỦY BAN NHÂN DÂN", "XÃ TÂN THẠNH"}, "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"},
		{"a committee and its chairman", []string{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, []string{"NHÂN DÂN", "TỊCH"}, []string{"ỦY BAN NHÂN DÂN", "XÃ TÂN THẠNH"}, "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH"},
		{"a deputy headmaster", []string{"KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"}, []string{"TRƯỞNG", "-"}, []string{"TRƯỜNG THPT SỐ 2"}, "KT. HIỆU TRƯỞNG PHÓ HIỆU TRƯỞNG"},
		{"a council and nothing below it", []string{"TM. HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"}, []string{"TM. HỘI ĐỒNG NHÂN DÂN", ""}, []string{"HỘI ĐỒNG NHÂN DÂN", "XÃ TÂN THẠNH"}, "TM. HỘI ĐỒNG NHÂN DÂN CHỦ TỊCH"},
		{"the head of an office", []string{"TUQ. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}, []string{"TUQ. CHỦ TỊCH", "PHÒNG"}, []string{"ỦY BAN NHÂN DÂN", "XÃ TÂN THẠNH"}, "TUQ. CHỦ TỊCH CHÁNH VĂN PHÒNG"},
		{"the same, its chief half lost", []string{"TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}, []string{"TỊCH", "PHÒNG"}, []string{"ỦY BAN NHÂN DÂN", "XÃ TÂN THẠNH"}, "TL. CHỦ TỊCH CHÁNH VĂN PHÒNG"},
	} {
		d := documents["letter of a department"]
		d.superior, d.organ, d.title = nil, c.organ, c.rows
		pages := d.lay(newPaper())
		for i, row := range c.rows {
			leave(pages, row, c.left[i])
		}
		pages[0].Lines = slices.DeleteFunc(pages[0].Lines, func(l record.Line) bool { return len(l.Words) == 0 })
		if f := Extract(pages)[record.SignerTitle]; f.Normal != c.want || f.Confidence >= sure {
			t.Errorf("%s: %q = %q with %.2f, want %q below %.1f", c.name, c.left, f.Normal, f.Confidence, c.want, sure)
		}
	}
}

// Elsewhere in the column nothing of an office's width has its middle.
func TestARestBesideItsPlaceTellsNoTitle(t *testing.T) {
	d := documents["letter of a department"]
	d.superior, d.organ, d.title = nil, []string{"ỦY BAN NHÂN DÂN", "XÃ TÂN THẠNH"}, []string{"CHỦ TỊCH"}
	pages := d.lay(newPaper())
	leave(pages, "CHỦ TỊCH", "TỊCH")
	for _, l := range pages[0].Lines {
		if len(l.Words) == 1 && l.Words[0].Text == "TỊCH" {
			l.Words[0].Box[0], l.Words[0].Box[2] = l.Words[0].Box[0]+150, l.Words[0].Box[2]+150
		}
	}
	if f, ok := Extract(pages)[record.SignerTitle]; ok {
		t.Errorf("title = %q, want none", f.Normal)
	}
}

func TestAuthoritiesThatLostLetters(t *testing.T) {
	for _, c := range []struct {
		rows []string
		want string
	}{
		{[]string{"HQ. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}, "TUQ. CHỦ TỊCH CHÁNH VĂN PHÒNG"},
		{[]string{"VT BỘ TRƯỞNG"}, "KT. BỘ TRƯỞNG THỨ TRƯỞNG"},
		{[]string{"“TI:BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"}, "TL. BỘ TRƯỞNG CHÁNH VĂN PHÒNG"},
		{[]string{"BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"}, "TL. BỘ TRƯỞNG CHÁNH VĂN PHÒNG"},
		{[]string{"TM. ỨỬY BAN NHÂN DẪN", "CHỦ TỊCH"}, "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH"},
	} {
		d := documents["letter of a department"]
		d.title = c.rows
		if f := Extract(d.lay(newPaper()))[record.SignerTitle]; f.Normal != c.want || f.Confidence >= sure {
			t.Errorf("%q = %q with %.2f, want %q below %.1f", c.rows, f.Normal, f.Confidence, c.want, sure)
		}
	}
}

func TestNamesThatLostLettersOrGotMarks(t *testing.T) {
	for _, c := range []struct {
		line, doubted string
		conf          float64
		want          string
	}{
		{"Mai Mỹ Chỉ", "Chỉ", 0.96, "Mai Mỹ Chi"},
		{"Trần Hoàng Tuần", "Tuần", 0.94, "Trần Hoàng Tuấn"},
		{"Nguy Văn Phúc", "Nguy", 0.1, "Nguyễn Văn Phúc"},
		{"ĐinB Bá Quân", "ĐinB", 0.22, "Đinh Bá Quân"},
		{"-_Ngô Mỹ Nhung", "-_Ngô", 0.3, "Ngô Mỹ Nhung"},
		{"ũ Văn Toản", "ũ", 0.35, "Vũ Văn Toản"},
	} {
		p := newPaper()
		p.line(500, run{x: 300, text: c.line, size: 54})
		reread(p.pages, c.doubted, c.conf)
		f, _, ok := nameOn(layout(p.pages[0]).rows[0])
		if !ok || f.Normal != c.want || f.Confidence >= sure {
			t.Errorf("%q = %q with %.2f, want %q below %.1f", c.line, f.Normal, f.Confidence, c.want, sure)
		}
	}
}

// Two lines that a seal lies over and no other pair is like are believed.
func TestATitleWhoseLinesAgreeIsSure(t *testing.T) {
	for _, c := range []struct {
		name    string
		rows    []string
		doubted string
		want    bool
	}{
		{"a deputy under the head of the agency", []string{"KT. GIÁM ĐỐC", "PHỐ GIAM DỐC"}, "PHỐ GIAM DỐC", true},
		{"the head alone, right above the name", []string{"GIAM ĐỐC"}, "GIAM", true},
		{"the head of another agency", []string{"KT. HIỆU TRƯỞNG", "PHỐ HIEU TRUỞNG"}, "PHỐ HIEU TRUỞNG", false},
		{"a deputy without the head", []string{"PHỐ GIAM ĐỐC"}, "PHỐ GIAM", false},
	} {
		d := documents["letter of a department"]
		d.title = c.rows
		pages := d.lay(newPaper())
		reread(pages, c.doubted, 0.45)
		if f := Extract(pages)[record.SignerTitle]; f.Confidence >= sure != c.want {
			t.Errorf("%s: %q with %.2f", c.name, f.Normal, f.Confidence)
		}
	}
}
