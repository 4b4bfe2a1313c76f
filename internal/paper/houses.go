package paper

import (
	"fmt"
	"strings"
)

// A house is an agency beyond those that follow NĐ 30/2020 to the letter, and how
// it writes.
type house struct {
	agency
	party   bool       // the party's head: its name instead of the state's, a star under the agency
	number  string     // what parts number and notation: "/", or "-" in the party
	mark    string     // the notation; %s stands for the type's abbreviation
	letters string     // the notation of a letter, which has no type
	signers [][]string // the lines above a signature, one of which is thrown for
	ranks   []string   // written before the name, no part of it
}

// kinds of paper that any house may issue.
var commonKinds = []Kind{"quyet-dinh", "thong-bao", "cong-van", "ke-hoach", "bao-cao", "to-trinh", "huong-dan"}

var (
	titled  = []string{"PGS.TS. ", "TS. ", "ThS. ", "BS.CKII. ", "GS.TS. "}
	soldier = []string{"Đại tá ", "Thượng tá ", "Trung tá ", "Thiếu tướng "}
)

// houses are thrown for in turn.
var houses = []func(d dice) house{
	partyCommittee, partyBranch, ministry, bureau, government, council, court, procuracy, hospital, university, company, school,
	townOffice, commune, communeUnit, army, police, front, union, management, district,
}

func (d dice) town() string { return d.one(towns...) }

// Names of places of many shapes; a few are those of more than one commune.
var towns = []string{"Mỹ Lộc", "Ia Pếch", "Đắk Kroong", "Hồng Thái", "Quảng Uyên", "Vĩnh Thạnh Trung", "Ea Kiết", "Nậm Cắn", "Trà Bồng", "Krông Búk", "Thạnh Mỹ Tây", "Phước Long",
	"Mường Lống", "A Lưới", "Tân Hòa Đông", "Bình Minh", "Cát Tiến", "Xuân Lũng", "Kim Bôi", "Sín Chéng"}

var plainHeads = [][]string{{"GIÁM ĐỐC"}, {"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"}, {"Q. GIÁM ĐỐC"}}

func partyCommittee(d dice) house {
	p := d.one(provinces...)
	return house{agency: agency{lines: []string{"TỈNH ỦY " + upper(p)}, place: p, unit: "VP", named: "Tỉnh ủy " + p}, party: true, number: "-", mark: "%s/TU", letters: "CV/TU",
		signers: [][]string{{"T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ"}, {"T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ THƯỜNG TRỰC"}, {"BÍ THƯ"}, {"T/L BAN THƯỜNG VỤ", "CHÁNH VĂN PHÒNG"}}}
}

func partyBranch(d dice) house {
	x := d.town()
	return house{agency: agency{above: []string{"ĐẢNG BỘ TỈNH " + upper(d.one(provinces...))}, lines: []string{"ĐẢNG ỦY XÃ " + upper(x)}, place: x, unit: "VP", named: "Đảng ủy xã " + x}, party: true,
		number: "-", mark: "%s/ĐU", letters: "CV/ĐU", signers: [][]string{{"T/M BAN THƯỜNG VỤ", "BÍ THƯ"}, {"T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ"}, {"T/M BAN CHẤP HÀNH", "BÍ THƯ"}}}
}

// ministries are those of 2025 with their abbreviations.
var ministries = [][2]string{{"TÀI CHÍNH", "BTC"}, {"NỘI VỤ", "BNV"}, {"Y TẾ", "BYT"}, {"NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "BNNMT"}, {"KHOA HỌC VÀ CÔNG NGHỆ", "BKHCN"}, {"XÂY DỰNG", "BXD"},
	{"VĂN HÓA, THỂ THAO VÀ DU LỊCH", "BVHTTDL"}, {"CÔNG THƯƠNG", "BCT"}, {"TƯ PHÁP", "BTP"}}

func ministry(d dice) house {
	m := ministries[d.IntN(len(ministries))]
	return house{agency: agency{lines: []string{"BỘ " + m[0]}, place: "Hà Nội", unit: "VP", named: "Bộ " + m[0]}, mark: "%s-" + m[1], letters: m[1] + "-" + d.one("VP", "TCCB", "PC", "KHTC"),
		signers: [][]string{{"BỘ TRƯỞNG"}, {"KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"}, {"TL. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"}, {"TL. BỘ TRƯỞNG", "KT. VỤ TRƯỞNG VỤ PHÁP CHẾ", "PHÓ VỤ TRƯỞNG"},
			{"TL. BỘ TRƯỞNG", "VỤ TRƯỞNG VỤ TỔ CHỨC CÁN BỘ"}}}
}

func bureau(d dice) house {
	m := ministries[d.IntN(len(ministries))]
	b := [][2]string{{"CỤC CÔNG NGHỆ THÔNG TIN", "CNTT"}, {"CỤC QUẢN LÝ KHÁM, CHỮA BỆNH", "KCB"}, {"CỤC VIỄN THÔNG", "CVT"}, {"TỔNG CỤC THỐNG KÊ", "TCTK"}}[d.IntN(4)]
	head := "CỤC TRƯỞNG"
	if strings.HasPrefix(b[0], "TỔNG") {
		head = "TỔNG CỤC TRƯỞNG"
	}
	return house{agency: agency{above: []string{"BỘ " + m[0]}, lines: []string{b[0]}, place: "Hà Nội", unit: "VP", named: "Cục"}, mark: "%s-" + b[1], letters: b[1] + "-VP",
		signers: [][]string{{head}, {"KT. " + head, "PHÓ " + head}, {"TL. " + head, "CHÁNH VĂN PHÒNG"}}}
}

func government(d dice) house {
	if d.chance(.5) {
		return house{agency: agency{lines: []string{"VĂN PHÒNG CHÍNH PHỦ"}, place: "Hà Nội", unit: "KSTT", named: "Văn phòng Chính phủ"}, mark: "%s-VPCP", letters: "VPCP-" + d.one("KSTT", "NN", "CN"),
			signers: [][]string{{"KT. BỘ TRƯỞNG, CHỦ NHIỆM", "PHÓ CHỦ NHIỆM"}, {"BỘ TRƯỞNG, CHỦ NHIỆM"}, {"TL. BỘ TRƯỞNG, CHỦ NHIỆM", "VỤ TRƯỞNG"}}}
	}
	return house{agency: agency{lines: []string{"THỦ TƯỚNG CHÍNH PHỦ"}, place: "Hà Nội", unit: "TH", named: "Thủ tướng Chính phủ"}, mark: "%s-TTg", letters: "TTg-" + d.one("NN", "KTTH"),
		signers: [][]string{{"KT. THỦ TƯỚNG", "PHÓ THỦ TƯỚNG"}, {"THỦ TƯỚNG"}}}
}

func council(d dice) house {
	p := d.one(provinces...)
	lines, place := []string{"HỘI ĐỒNG NHÂN DÂN", "TỈNH " + upper(p)}, p
	if d.chance(.4) {
		place = d.town()
		lines = []string{"HỘI ĐỒNG NHÂN DÂN", d.one("XÃ ", "PHƯỜNG ") + upper(place)}
	}
	return house{agency: agency{lines: lines, place: place, unit: "VP", collective: "HỘI ĐỒNG NHÂN DÂN", named: "Hội đồng nhân dân"}, mark: "%s-HĐND", letters: "HĐND-VP",
		signers: [][]string{{"CHỦ TỊCH"}, {"TM. THƯỜNG TRỰC HĐND", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, {"TM. HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"}}}
}

func court(d dice) house {
	p := d.one(provinces...)
	return house{agency: agency{lines: []string{"TÒA ÁN NHÂN DÂN", "TỈNH " + upper(p)}, place: p, unit: "VP", named: "Tòa án nhân dân tỉnh " + p}, mark: "%s-TA", letters: "TA-VP",
		signers: [][]string{{"CHÁNH ÁN"}, {"KT. CHÁNH ÁN", "PHÓ CHÁNH ÁN"}, {"THẨM PHÁN"}}}
}

func procuracy(d dice) house {
	p := d.one(provinces...)
	return house{agency: agency{above: []string{"VIỆN KIỂM SÁT NHÂN DÂN", "TỐI CAO"}, lines: []string{"VIỆN KIỂM SÁT NHÂN DÂN", "TỈNH " + upper(p)}, place: p, unit: "VP", named: "Viện kiểm sát nhân dân tỉnh " + p},
		mark: "%s-VKS-VP", letters: "VKS-P1", signers: [][]string{{"VIỆN TRƯỞNG"}, {"KT. VIỆN TRƯỞNG", "PHÓ VIỆN TRƯỞNG"}}}
}

func hospital(d dice) house {
	x := d.town()
	return house{agency: agency{above: []string{"SỞ Y TẾ " + upper(d.one(provinces...))}, lines: []string{"BỆNH VIỆN ĐA KHOA", "KHU VỰC " + upper(x)}, place: x, unit: "KHTH", named: "Bệnh viện"}, mark: "%s-BVĐK",
		letters: "BVĐK-KHTH", signers: plainHeads, ranks: titled}
}

func university(d dice) house {
	return house{agency: agency{above: []string{"BỘ GIÁO DỤC VÀ ĐÀO TẠO"}, lines: []string{"TRƯỜNG ĐẠI HỌC", d.one("KINH TẾ - KỸ THUẬT", "SƯ PHẠM", "THỦY LỢI", "NGOẠI NGỮ - TIN HỌC")}, place: d.one("Hà Nội", "Đà Nẵng", "Cần Thơ"), unit: "ĐT", named: "Trường"},
		mark: "%s-ĐH" + d.one("KTKT", "SP", "TL"), letters: "ĐHSP-ĐT", signers: [][]string{{"HIỆU TRƯỞNG"}, {"KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"}, {"TM. HỘI ĐỒNG TRƯỜNG", "CHỦ TỊCH"}}, ranks: titled}
}

func company(d dice) house {
	name := d.one("CẤP THOÁT NƯỚC", "ĐIỆN LỰC", "MÔI TRƯỜNG ĐÔ THỊ", "LƯƠNG THỰC")
	return house{agency: agency{above: []string{"TẬP ĐOÀN ĐIỆN LỰC VIỆT NAM"}, lines: []string{"TỔNG CÔNG TY", name + " " + upper(d.one(provinces...))}, place: d.one(provinces...), unit: "TCHC", named: "Tổng công ty"}, mark: "%s-TCT",
		letters: "TCT-" + d.one("KT", "KHĐT"), signers: [][]string{{"TỔNG GIÁM ĐỐC"}, {"KT. TỔNG GIÁM ĐỐC", "PHÓ TỔNG GIÁM ĐỐC"}, {"TM. HỘI ĐỒNG THÀNH VIÊN", "CHỦ TỊCH"}, {"TUQ. TỔNG GIÁM ĐỐC", "TRƯỞNG BAN KẾ HOẠCH"}}}
}

func school(d dice) house {
	x, name := d.town(), d.person()
	kind := d.one("TRƯỜNG TIỂU HỌC", "TRƯỜNG THCS", "TRƯỜNG MẦM NON")
	return house{agency: agency{above: []string{"UBND XÃ " + upper(x)}, lines: []string{kind + " " + upper(name)}, place: x, unit: "VT", named: "Trường"}, mark: "%s-TH" + initials(name), letters: "TH" + initials(name) + "-VP",
		signers: [][]string{{"HIỆU TRƯỞNG"}, {"KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"}}}
}

func townOffice(d dice) house {
	x := d.one(provinces...)
	unit := [][2]string{{"PHÒNG TÀI NGUYÊN VÀ MÔI TRƯỜNG", "PTNMT"}, {"PHÒNG NỘI VỤ", "PNV"}, {"PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", "PGDĐT"}}[d.IntN(3)]
	return house{agency: agency{above: []string{d.one("ỦY BAN NHÂN DÂN", "UBND") + " HUYỆN " + upper(x)}, lines: []string{unit[0]}, place: x, unit: "VT", named: "Phòng"}, mark: "%s-" + unit[1], letters: unit[1],
		signers: [][]string{{"TRƯỞNG PHÒNG"}, {"KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"}, {"PHÓ TRƯỞNG PHÒNG PHỤ TRÁCH"}}}
}

func commune(d dice) house {
	x := d.town()
	a := agency{lines: []string{"ỦY BAN NHÂN DÂN", d.one("XÃ ", "PHƯỜNG ", "THỊ TRẤN ", "ĐẶC KHU ") + upper(x)}, place: x, unit: "VP", collective: "ỦY BAN NHÂN DÂN", named: "Ủy ban nhân dân " + x}
	if d.chance(.5) {
		a.above = []string{d.one("UBND TỈNH ", "ỦY BAN NHÂN DÂN TỈNH ") + upper(d.one(provinces...))}
		a.lines = []string{"ỦY BAN NHÂN DÂN XÃ " + upper(x)}
	}
	return house{agency: a, mark: "%s-UBND", letters: "UBND" + d.one("-VP", "-KT", ""), signers: [][]string{{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, {"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"},
		{"KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, {"TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}, {"TUQ. CHỦ TỊCH", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH"}}}
}

func communeUnit(d dice) house {
	x := d.town()
	unit := [][2]string{{"PHÒNG VĂN HÓA - XÃ HỘI", "VHXH"}, {"PHÒNG KINH TẾ", "PKT"}, {"TRẠM Y TẾ", "TYT"}, {"VĂN PHÒNG HĐND VÀ UBND", "VP"}}[d.IntN(4)]
	head := map[string]string{"PHÒ": "TRƯỞNG PHÒNG", "TRẠ": "TRẠM TRƯỞNG", "VĂN": "CHÁNH VĂN PHÒNG"}[string([]rune(unit[0])[:3])]
	return house{agency: agency{above: []string{"ỦY BAN NHÂN DÂN", "XÃ " + upper(x)}, lines: []string{unit[0]}, place: x, unit: "VT", named: "Phòng"}, mark: "%s-" + unit[1], letters: unit[1],
		signers: [][]string{{head}, {"KT. " + head, "PHÓ " + head}}}
}

func army(d dice) house {
	p := d.one(provinces...)
	return house{agency: agency{above: []string{"QUÂN KHU " + d.one("5", "7", "9")}, lines: []string{"BỘ CHỈ HUY QUÂN SỰ", "TỈNH " + upper(p)}, place: p, unit: "TM", named: "Bộ Chỉ huy"}, mark: "%s-BCH", letters: "BCH-TM",
		signers: [][]string{{"CHỈ HUY TRƯỞNG"}, {"KT. CHỈ HUY TRƯỞNG", "PHÓ CHỈ HUY TRƯỞNG"}, {"TL. CHỈ HUY TRƯỞNG", "THAM MƯU TRƯỞNG"}}, ranks: soldier}
}

func police(d dice) house {
	p := d.one(provinces...)
	a := agency{above: []string{"BỘ CÔNG AN"}, lines: []string{"CÔNG AN TỈNH " + upper(p)}, place: p, unit: "PV01", named: "Công an tỉnh"}
	if d.chance(.4) {
		a = agency{above: []string{"CÔNG AN TỈNH " + upper(p)}, lines: []string{"PHÒNG CẢNH SÁT", "QUẢN LÝ HÀNH CHÍNH VỀ TTXH"}, place: p, unit: "Đ1", named: "Phòng"}
		return house{agency: a, mark: "%s-QLHC", letters: "QLHC-Đ1", signers: [][]string{{"TRƯỞNG PHÒNG"}, {"KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"}}, ranks: soldier}
	}
	return house{agency: a, mark: "%s-CAT-PV01", letters: "CAT-PV01", signers: plainHeads, ranks: soldier}
}

func front(d dice) house {
	x := d.town()
	return house{agency: agency{above: []string{"ỦY BAN MTTQ VIỆT NAM", "TỈNH " + upper(d.one(provinces...))}, lines: []string{"ỦY BAN MTTQ VIỆT NAM", "XÃ " + upper(x)}, place: x, unit: "VP", named: "Mặt trận"}, mark: "%s-MTTQ-BTT",
		letters: "MTTQ-BTT", signers: [][]string{{"TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH"}, {"TM. BAN THƯỜNG TRỰC", "PHÓ CHỦ TỊCH"}, {"TM. ỦY BAN", "PHÓ CHỦ TỊCH THƯỜNG TRỰC"}}}
}

func union(d dice) house {
	p := d.one(provinces...)
	u := [][3]string{{"HỘI NÔNG DÂN VIỆT NAM", "HỘI NÔNG DÂN", "HND"}, {"HỘI LHPN VIỆT NAM", "HỘI LIÊN HIỆP PHỤ NỮ", "BTV"}, {"TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM", "LIÊN ĐOÀN LAO ĐỘNG", "LĐLĐ"}}[d.IntN(3)]
	return house{agency: agency{above: []string{u[0]}, lines: []string{u[1], "TỈNH " + upper(p)}, place: p, unit: "VP", named: "Hội"}, mark: "%s-" + u[2], letters: u[2] + "-VP",
		signers: [][]string{{"TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"}, {"TM. BAN THƯỜNG VỤ", "PHÓ CHỦ TỊCH"}, {"TM. BAN CHẤP HÀNH", "ỦY VIÊN THƯỜNG VỤ"}}}
}

func management(d dice) house {
	p := d.one(provinces...)
	return house{agency: agency{above: []string{"ỦY BAN NHÂN DÂN", "TỈNH " + upper(p)}, lines: []string{"BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ", "XÂY DỰNG CÔNG TRÌNH", "GIAO THÔNG"}, place: p, unit: "KHTH", named: "Ban"}, mark: "%s-BQLDA",
		letters: "BQLDA-KHTH", signers: [][]string{{"GIÁM ĐỐC"}, {"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"}, {"TRƯỞNG BAN"}}}
}

func district(d dice) house {
	p := d.one(provinces...)
	unit := d.one("HUYỆN ", "THỊ XÃ ", "THÀNH PHỐ ", "QUẬN ")
	return house{agency: agency{lines: []string{"ỦY BAN NHÂN DÂN", unit + upper(p)}, place: p, unit: "VP", collective: "ỦY BAN NHÂN DÂN", named: "Ủy ban nhân dân"}, mark: "%s-UBND", letters: "UBND-" + d.one("TNMT", "NV", "TP"),
		signers: [][]string{{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, {"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, {"CHỦ TỊCH"}, {"KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH THƯỜNG TRỰC"}, {"TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"}}}
}

// name is one of two to five syllables, or of a people with names of its own.
func (d dice) name() string {
	switch d.IntN(6) {
	case 0:
		return d.one("Y Bion Niê", "H'Yim Kđoh", "Thạch Thị Sa Ry", "Lò Văn Muôn", "Giàng A Páo", "Rơ Châm Hoa", "Ksor Phước", "Điểu Hoàng Sơn", "Vi Văn Sơn", "Hà Thị Khiết", "Kim Ngọc Thái", "Đinh Văn Y Blô", "Siu Hương", "Tráng A Dơ", "Danh Thành Út")
	case 1:
		return d.one(surnames...) + " " + d.one(givenMen...)
	case 2:
		return d.one(surnames...) + " " + d.one(surnames...) + " " + d.one(middleWomen...) + " " + d.one(givenWomen...)
	}
	return d.person()
}

// notation is the house's for a type; a letter has none of its own.
func (h house) notation(t Type) string {
	if t.Abbr == "" {
		return h.letters
	}
	return fmt.Sprintf(h.mark, t.Abbr)
}
