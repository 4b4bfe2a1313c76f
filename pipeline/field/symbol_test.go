package field

import (
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

const cardText = "001203004567|123456789|Nguyễn Văn Ánh|05092003|Nam|Xã Đại Lộc, Quảng Nam|12042021"

// paged is a page that says the line and bears the QR code.
func paged(line, qr string, conf float64) []record.Page {
	p := newPaper()
	p.line(900, run{x: 360, text: line, size: 54, conf: conf})
	p.page().Codes = []record.Symbol{{Kind: record.QR, Text: qr, Box: record.Box{100, 100, 300, 300}}}
	return p.pages
}

// codesOf lists the codes of a kind, "!" before those that are not to be trusted.
func codesOf(all []record.Code, kind record.CodeKind) []string {
	var out []string
	for _, c := range all {
		if c.Kind == kind {
			out = append(out, map[bool]string{true: "", false: "!"}[c.Confidence >= sure]+c.Normal)
		}
	}
	return out
}

func TestSymbolsAndText(t *testing.T) {
	for _, c := range []struct {
		situation, line, qr string
		conf                float64
		kind                record.CodeKind
		want                []string
	}{
		{"a card's code alone", "Bản chụp thẻ", cardText, 0.96, record.PersonID, []string{"001203004567"}},
		{"the text says the same", "Số CCCD: 001203004567", cardText, 0.96, record.PersonID, []string{"001203004567"}},
		{"a code that lies", "Số CCCD: 001203009999", cardText, 0.96, record.PersonID, []string{"!001203004567", "!001203009999"}},
		{"text that was hard to read", "Số CCCD: 001203004561", cardText, 0.7, record.PersonID, []string{"001203004567", "!001203004561"}},
		{"a card whose number was born in another year", "Bản chụp thẻ", strings.Replace(cardText, "2003|", "1999|", 1), 0.96, record.PersonID, []string{"!001203004567"}},
		{"the holder", "Bản chụp thẻ", cardText, 0.96, record.Holder, []string{"Nguyễn Văn Ánh"}},
		{"the holder's birthday", "Bản chụp thẻ", cardText, 0.96, record.BirthDate, []string{"2003-09-05"}},
		{"a dossier's code", "Giấy tiếp nhận", "H49.12-250312-0042|1.000894|H49.12", 0.96, record.DossierID, []string{"H49.12-250312-0042"}},
		{"in an address", "Giấy tiếp nhận", "https://dichvucong.example/tra-cuu?ma=H49.12-250312-0042", 0.96, record.DossierID, []string{"H49.12-250312-0042"}},
		{"the text has another dossier", "Mã hồ sơ: H49.12-250312-0043", "H49.12-250312-0042", 0.96, record.DossierID, []string{"!H49.12-250312-0042", "!H49.12-250312-0043"}},
		{"a declaration's payload", "Tờ khai", "aa419010100109106   012025000000~50000000~079300012345", 0.96, record.PersonID, nil},
		{"a code of something else", "Giấy tiếp nhận", "WIFI:S:van-phong;;", 0.96, record.DossierID, nil},
	} {
		got := codesOf(Describe(paged(c.line, c.qr, c.conf)).Codes, c.kind)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %s = %q; want %q", c.situation, c.kind, got, c.want)
		}
	}
}

// What a symbol adds to the same code in the text is a second place, not a second code.
func TestACodeSaidTwiceHasTwoPlaces(t *testing.T) {
	for _, c := range Describe(paged("Số CCCD: 001203004567", cardText, 0.96)).Codes {
		if got, want := len(c.Evidence), 2; c.Kind == record.PersonID && got != want {
			t.Errorf("%s stands in %d places; want %d", c.Normal, got, want)
		}
	}
}

// An application with the applicant's card on the page: what differs is shown on both
// sides, what was read stays, and what agrees is not doubted.
func TestCardAgainstForm(t *testing.T) {
	const form = "Kính gửi: UBND xã Đại Lộc\nHọ và tên: Nguyễn Văn Ánh\nNgày, tháng, năm sinh: 05/09/2003\nSố CCCD: 001203004567\nNội dung đề nghị: xác nhận cư trú"
	const another = "079084001234||Trần Thị Bình|01021984|Nữ|Huế|12042021"
	for _, c := range []struct {
		situation string
		change    []string // of the form: what, into what
		cards     []string
		want      map[string]string // field: what the card says otherwise
	}{
		{"the same person", nil, []string{cardText}, nil},
		{"the name in capitals", []string{"Nguyễn Văn Ánh", "NGUYỄN VĂN ÁNH"}, []string{cardText}, nil},
		{"another name", []string{"Nguyễn Văn Ánh", "Nguyễn Văn Anh"}, []string{cardText}, map[string]string{"applicant": "Nguyễn Văn Ánh"}},
		{"another birthday", []string{"05/09/2003", "06/09/2003"}, []string{cardText}, map[string]string{"birthDate": "2003-09-05"}},
		{"another number", []string{"001203004567", "001203004568"}, []string{cardText}, map[string]string{"personId": "001203004567"}},
		{"no card", []string{"Nguyễn Văn Ánh", "Nguyễn Văn Anh"}, nil, nil},
		{"the spouse's card too", nil, []string{another, cardText}, nil},
	} {
		pages := lines("ĐƠN ĐỀ NGHỊ", strings.Split(strings.NewReplacer(c.change...).Replace(form), "\n")...)
		for i, text := range c.cards {
			pages[0].Codes = append(pages[0].Codes, record.Symbol{Kind: record.QR, Text: text, Box: record.Box{100 + 300*i, 100, 300 + 300*i, 300}})
		}
		got := Describe(pages)
		for _, name := range []string{"applicant", "birthDate", "personId"} {
			f := got.FormFields[name]
			if f.Normal == "" || f.Other != c.want[name] {
				t.Errorf("%s: %s = %q, the card says %q; want %q", c.situation, name, f.Normal, f.Other, c.want[name])
			}
			if doubted := f.Confidence < sure; doubted != (c.want[name] != "") {
				t.Errorf("%s: %s has confidence %.2f; doubted: want %v", c.situation, name, f.Confidence, c.want[name] != "")
			}
			if places := len(f.Evidence); c.want[name] != "" && places < 2 {
				t.Errorf("%s: %s stands in %d places; want both", c.situation, name, places)
			}
		}
		if holders := codesOf(got.Codes, record.Holder); c.want["applicant"] != "" && !slices.Equal(holders, []string{"!" + c.want["applicant"]}) {
			t.Errorf("%s: holder = %q; want it doubted", c.situation, holders)
		}
	}
}
