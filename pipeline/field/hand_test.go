package field

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

// header sets the titles and an agency, and below them the number line and the
// date line from runs.
func slotPage(number, date []run) []record.Page {
	p := newPaper()
	p.line(280, centred(680, "ỦY BAN NHÂN DÂN", 52))
	p.line(280, centred(1740, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 52))
	p.line(346, centred(680, "TỈNH LÀO CAI", 52))
	p.line(346, centred(1740, "Độc lập - Tự do - Hạnh phúc", 52))
	p.line(480, number...)
	p.line(480, date...)
	p.line(640, centred(1290, "QUYẾT ĐỊNH", 58))
	p.line(710, centred(1290, "Về việc giao đất", 58))
	p.filler(900, 12)
	return p.pages
}

func TestHandwritingInSlotsIsReportedAsHandwriting(t *testing.T) {
	number := func(digits ...run) []run {
		out := []run{{x: 480, text: "Số:", size: 54}}
		out = append(out, digits...)
		return append(out, run{x: 720, text: "/QĐ-UBND", size: 54})
	}
	date := func(digits ...run) []run {
		out := []run{{x: 1240, text: "Lào Cai, ngày", size: 54}}
		out = append(out, digits...)
		return append(out, run{x: 1720, text: "tháng 3 năm 2024", size: 54})
	}
	printed := date(run{x: 1590, text: "14", size: 54})
	for _, c := range []struct {
		name         string
		number, date []run
		field        string
		want         record.FieldStatus
	}{
		{"an empty slot for the number", number(), printed, record.CodeNumber, record.Handwritten},
		{"tall digits", number(run{x: 590, text: "88", size: 54, tall: 1.4}), printed, record.CodeNumber, record.Handwritten},
		{"low digits", number(run{x: 590, text: "23", size: 54, lift: -14}), printed, record.CodeNumber, record.Handwritten},
		{"no digits but letters", number(run{x: 590, text: "đố", size: 54, conf: 0.45}), printed, record.CodeNumber, record.Handwritten},
		{"typed digits in a gap", number(run{x: 590, text: "88", size: 54}), printed, record.CodeNumber, record.Read},
		{"an empty day", number(run{x: 590, text: "88", size: 54}), date(), record.IssuedDate, record.Handwritten},
		{"a tall day", number(run{x: 590, text: "88", size: 54}), date(run{x: 1590, text: "17", size: 54, tall: 1.35}), record.IssuedDate, record.Handwritten},
		{"a day read as letters", number(run{x: 590, text: "88", size: 54}), date(run{x: 1590, text: "Íð", size: 54}), record.IssuedDate, record.Handwritten},
		{"a printed day", number(run{x: 590, text: "88", size: 54}), printed, record.IssuedDate, record.Read},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := Extract(slotPage(c.number, c.date))[c.field]
			if f.Status != c.want {
				t.Errorf("status = %q (%q, %.2f), want %q", f.Status, f.Value, f.Confidence, c.want)
			}
			if len(f.Evidence) == 0 || f.Evidence[0].Box.Width() <= 0 || f.Evidence[0].Box.Height() <= 0 {
				t.Errorf("evidence = %v, want the slot's box", f.Evidence)
			}
			if f.Status == record.Handwritten && f.Confidence >= sure {
				t.Errorf("confidence = %.2f, want less than %.2f", f.Confidence, sure)
			}
		})
	}
}

func TestDoubtfulDigitsInAnOpenSlotAreNotTrusted(t *testing.T) {
	f := Extract(slotPage(
		[]run{{x: 480, text: "Số:", size: 54}, {x: 590, text: "71", size: 54, conf: 0.87}, {x: 720, text: "/QĐ-UBND", size: 54}},
		[]run{{x: 1240, text: "Lào Cai, ngày 14 tháng 3 năm 2024", size: 54}}))[record.CodeNumber]
	if f.Normal != "71" || f.Confidence >= sure {
		t.Errorf("number = %q with %.2f, want 71 with less than %.2f", f.Normal, f.Confidence, sure)
	}
}

func TestDateWordsGrownTogetherWithDigits(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"Hà Nội, ngày 03 tháng 9năm 2025", "2025-09-03"},
		{"Hà Nội, ngày 26tháng 7 năm 2020", "2020-07-26"},
		{"Hà Nội, ngày14 tháng12 năm 2021", "2021-12-14"},
		{"Thanh Hóa, ngày 01 tháng 8 năm 2012", "2012-08-01"},
		{"Nam Định, ngày 31 tháng 12 năm 2019", "2019-12-31"},
		{"Nam Định, ngày 31 tháng 02 năm 2019", ""},
	} {
		f := Extract(slotPage([]run{{x: 480, text: "Số: 71/QĐ-UBND", size: 54}}, []run{{x: 1240, text: c.line, size: 54}}))[record.IssuedDate]
		if f.Normal != c.want {
			t.Errorf("%s = %q, want %q", c.line, f.Normal, c.want)
		}
	}
}

// Digits that look like print and lie where the page has handwriting are written.
func TestWhereThePageHasHandwritingASlotIsWritten(t *testing.T) {
	pages := slotPage([]run{{x: 480, text: "Số:", size: 54}, {x: 590, text: "88", size: 54}, {x: 720, text: "/QĐ-UBND", size: 54}},
		[]run{{x: 1240, text: "Lào Cai, ngày 14 tháng 3 năm 2024", size: 54}})
	for _, c := range []struct {
		kind string
		box  record.Box
		want record.FieldStatus
	}{
		{record.HandRegion, record.Box{570, 420, 680, 500}, record.Handwritten},
		{record.HandRegion, record.Box{570, 600, 680, 700}, record.Read},
		{record.StampRegion, record.Box{570, 420, 680, 500}, record.Read},
	} {
		pages[0].Regions = []record.Region{{Kind: c.kind, Box: c.box, Confidence: 0.9}}
		if f := Extract(pages)[record.CodeNumber]; f.Status != c.want {
			t.Errorf("%s at %v: %q, want %q", c.kind, c.box, f.Status, c.want)
		}
	}
}

// What a person has to type is shown: the slot itself, and the pen strokes that
// leave it, not the print beside it.
func TestTheEvidenceOfAHandwrittenNumberIsItsSlot(t *testing.T) {
	date := []run{{x: 1240, text: "Lào Cai, ngày 14 tháng 3 năm 2024", size: 54}}
	lead, slash := run{x: 480, text: "Số:", size: 54}, run{x: 720, text: "/QĐ-UBND", size: 54}
	for _, c := range []struct {
		name   string
		number []run
		pen    record.Box
		least  record.Box // what must be seen
		most   record.Box // and what need not
	}{
		{"nothing was read", []run{lead, slash}, record.Box{}, record.Box{560, 460, 715, 480}, record.Box{530, 400, 725, 520}},
		{"strokes were read as letters", []run{lead, {x: 590, text: "đố", size: 54, conf: 0.45}, slash}, record.Box{}, record.Box{590, 460, 640, 480}, record.Box{530, 400, 725, 520}},
		{"the pen goes over the line", []run{lead, slash}, record.Box{580, 400, 700, 500}, record.Box{580, 400, 700, 500}, record.Box{530, 395, 725, 520}},
		{"a remark stands above", []run{lead, slash}, record.Box{580, 200, 700, 300}, record.Box{560, 460, 715, 480}, record.Box{530, 400, 725, 520}},
		{"only the word before it was read", []run{{x: 480, text: "Số:", size: 54}}, record.Box{}, record.Box{560, 460, 640, 480}, record.Box{530, 400, 900, 520}},
	} {
		pages := slotPage(c.number, date)
		pages[0].Regions = []record.Region{{Kind: record.HandRegion, Box: c.pen, Confidence: 0.6}}
		f := Extract(pages)[record.CodeNumber]
		if f.Status != record.Handwritten || len(f.Evidence) != 1 {
			t.Fatalf("%s: %q with %v, want one slot filled by hand", c.name, f.Status, f.Evidence)
		}
		if got := f.Evidence[0].Box; got.Union(c.least) != got || got.Union(c.most) != c.most {
			t.Errorf("%s: shown is %v, want %v to be in it and it in %v", c.name, got, c.least, c.most)
		}
	}
}
