package paper

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// A dice throws for one document: the same seed, the same throws.
type dice struct{ *rand.Rand }

func (d dice) one(of ...string) string { return of[d.IntN(len(of))] }

func (d dice) chance(p float64) bool { return d.Float64() < p }

// between is lo to hi, hi included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// Names are put together from common parts; they belong to nobody.
var (
	surnames    = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Mai", "Trịnh", "Tạ", "Lương", "Quách"}
	middleMen   = []string{"Văn", "Hữu", "Đức", "Công", "Quốc", "Minh", "Thành", "Xuân", "Đình", "Ngọc", "Trọng", "Bá"}
	middleWomen = []string{"Thị", "Thị Kim", "Thị Ngọc", "Thu", "Thanh", "Bích", "Mỹ", "Thị Thùy", "Hồng", "Diệu"}
	givenMen    = []string{"An", "Bình", "Cường", "Dũng", "Đạt", "Giang", "Hải", "Hùng", "Khánh", "Kiên", "Lâm", "Long", "Nghĩa", "Phong", "Quân", "Sơn", "Tài", "Thắng", "Thịnh", "Toản", "Trường", "Tuấn", "Việt", "Vĩnh"}
	givenWomen  = []string{"Ánh", "Chi", "Duyên", "Hà", "Hạnh", "Hiền", "Hoa", "Hương", "Lan", "Liên", "Mai", "Nga", "Nhung", "Oanh", "Phượng", "Quyên", "Thảo", "Thủy", "Trang", "Tuyết", "Uyên", "Vân", "Xuyến", "Yến"}
)

func (d dice) person() string {
	if d.chance(.45) {
		return d.one(surnames...) + " " + d.one(middleWomen...) + " " + d.one(givenWomen...)
	}
	return d.one(surnames...) + " " + d.one(middleMen...) + " " + d.one(givenMen...)
}

// Provinces and communes are invented; a few syllables are those of half the
// country's place names.
var (
	provinces = []string{"An Hải", "Bình Sơn", "Tân Giang", "Phú Điền", "Lam Hà", "Vĩnh Trạch", "Thanh Khê", "Đông Lĩnh", "Ngọc Xuyên", "Quế Dương"}
	communes  = []string{"Tân Thạnh", "Mỹ Lộc", "Hòa Xuân", "Đức Lập", "Phước Thiện", "Cẩm Nhượng", "Yên Thủy", "Nghĩa Trung", "Bàu Sen", "Ia Kring", "Suối Giàng", "Đắk Nang", "Thượng Ấm", "Kỳ Phú", "Vĩnh Ưng", "Quảng Ngạn"}
	streets   = []string{"Trần Phú", "Lê Lợi", "Hùng Vương", "Nguyễn Trãi", "Lý Thường Kiệt", "Hai Bà Trưng"}
)

// An agency issues documents. Abbr stands in the ký hiệu.
type agency struct {
	above      []string // cơ quan chủ quản, its printed lines; nil for none
	lines      []string // cơ quan ban hành, its printed lines
	abbr       string
	place      string
	head       string   // office of its head
	deputy     string   // and of the deputy
	collective string   // for TM.; "" if the head does not sign on behalf of a body
	offices    []string // offices that may sign TL. the head
	unit       string   // drafting unit: second half of a công văn's ký hiệu, and in Lưu
	named      string   // how text speaks of it
}

// A department is a sở.
type department struct{ name, abbr, unit string }

var departments = []department{
	{"Nội vụ", "SNV", "VTLT"}, {"Tư pháp", "STP", "HCTP"}, {"Tài chính", "STC", "QLNS"}, {"Y tế", "SYT", "NVY"}, {"Xây dựng", "SXD", "QLN"},
	{"Giáo dục và Đào tạo", "SGDĐT", "GDTrH"}, {"Nông nghiệp và Môi trường", "SNNMT", "QLĐĐ"}, {"Khoa học và Công nghệ", "SKHCN", "CĐS"}, {"Công Thương", "SCT", "QLTM"},
}

// agency invents the agency that issues a document of type t.
func (d dice) agency(t Type) agency {
	province, commune := d.one(provinces...), d.one(communes...)
	tinh := "tỉnh " + province
	if t.Kind == "nghi-quyet" {
		return agency{lines: []string{"HỘI ĐỒNG NHÂN DÂN", upper(tinh)}, abbr: "HĐND", place: province, head: "CHỦ TỊCH", deputy: "PHÓ CHỦ TỊCH",
			collective: "HỘI ĐỒNG NHÂN DÂN", unit: "CTHĐ", named: "Hội đồng nhân dân " + tinh}
	}
	switch d.IntN(6) {
	case 0:
		return agency{lines: []string{"ỦY BAN NHÂN DÂN", upper(tinh)}, abbr: "UBND", place: province, head: "CHỦ TỊCH", deputy: "PHÓ CHỦ TỊCH",
			collective: "ỦY BAN NHÂN DÂN", offices: []string{"CHÁNH VĂN PHÒNG"}, unit: d.one("NC", "KGVX", "TTHC", "KTTH"), named: "Ủy ban nhân dân " + tinh}
	case 1:
		xa := d.one("xã ", "phường ") + commune
		return agency{lines: []string{"ỦY BAN NHÂN DÂN", upper(xa)}, abbr: "UBND", place: commune, head: "CHỦ TỊCH", deputy: "PHÓ CHỦ TỊCH",
			collective: "ỦY BAN NHÂN DÂN", unit: d.one("VHXH", "KT", "VP"), named: "Ủy ban nhân dân " + xa}
	case 2:
		name := d.person()
		return agency{above: []string{"SỞ GIÁO DỤC VÀ ĐÀO TẠO"}, lines: []string{"TRƯỜNG THPT", upper(name)}, abbr: "THPT" + initials(name), place: commune,
			head: "HIỆU TRƯỞNG", deputy: "PHÓ HIỆU TRƯỞNG", unit: d.one("TC", "VP"), named: "Trường Trung học phổ thông " + name}
	case 3:
		xa := "xã " + commune
		return agency{above: []string{"ỦY BAN NHÂN DÂN", upper(xa)}, lines: []string{"TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG"}, abbr: "TTPVHCC", place: commune,
			head: "GIÁM ĐỐC", deputy: "PHÓ GIÁM ĐỐC", unit: "HCTH", named: "Trung tâm Phục vụ hành chính công " + xa}
	}
	above := []string{"ỦY BAN NHÂN DÂN", upper(tinh)}
	if d.chance(.5) {
		above = []string{"UBND " + upper(tinh)}
	}
	dep := departments[d.IntN(len(departments))]
	return agency{above: above, lines: []string{"SỞ " + upper(dep.name)}, abbr: dep.abbr, place: province,
		head: "GIÁM ĐỐC", deputy: "PHÓ GIÁM ĐỐC", offices: []string{"CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG TỔ CHỨC - HÀNH CHÍNH"}, unit: dep.unit,
		named: "Sở " + dep.name}
}

// office returns the lines above a signature: authority and office.
func (d dice) office(a agency) []string {
	switch k := d.IntN(10); {
	case a.collective != "" && k < 3:
		return []string{"TM. " + a.collective, a.head}
	case a.collective != "" && k < 5:
		return []string{"TM. " + a.collective, "KT. " + a.head, a.deputy}
	case k < 7:
		return []string{"KT. " + a.head, a.deputy}
	case k < 8 && len(a.offices) > 0:
		return []string{"TL. " + a.head, d.one(a.offices...)}
	case k < 9 && len(a.offices) > 0:
		return []string{"TUQ. " + a.head, d.one(a.offices...)}
	case k == 9:
		return []string{"Q. " + a.head}
	}
	return []string{a.head}
}

// day is a working day in the years of the documents that archives hold now.
func (d dice) day(l Layout) time.Time {
	first, last := time.Date(2020, 3, 9, 0, 0, 0, 0, time.UTC), time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)
	switch l {
	case TT01:
		first, last = time.Date(2011, 4, 4, 0, 0, 0, 0, time.UTC), time.Date(2020, 2, 28, 0, 0, 0, 0, time.UTC)
	case TTLT55:
		first, last = time.Date(2005, 6, 6, 0, 0, 0, 0, time.UTC), time.Date(2011, 3, 31, 0, 0, 0, 0, time.UTC)
	}
	t := first.AddDate(0, 0, d.IntN(int(last.Sub(first).Hours()/24)))
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

func slashed(t time.Time) string { return t.Format("02/01/2006") }

// printedDay is the day as letterheads print it: leading zeros for days under
// 10 and for January and February.
func printedDay(t time.Time) (day, month, year string) {
	month = fmt.Sprint(int(t.Month()))
	if t.Month() < 3 {
		month = "0" + month
	}
	return fmt.Sprintf("%02d", t.Day()), month, fmt.Sprint(t.Year())
}

func upper(s string) string { return strings.ToUpper(s) }

func initials(name string) string {
	var b strings.Builder
	for _, w := range strings.Fields(name) {
		b.WriteRune([]rune(w)[0])
	}
	return b.String()
}
