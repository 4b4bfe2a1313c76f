package paper

import (
	"fmt"
	"math/rand/v2"
)

// Papers of a dossier that only [FormCorpus] has.
const (
	MarriageCertificate  Kind = "giay-chung-nhan-ket-hon"
	LandCertificate      Kind = "giay-chung-nhan-quyen-su-dung-dat"
	BusinessRegistration Kind = "dang-ky-doanh-nghiep"
	ConstructionPermit   Kind = "giay-phep-xay-dung"
)

// FormKinds are the kinds of paper that a form describes.
var FormKinds = []Kind{BirthCertificate, MarriageCertificate, LandCertificate, BusinessRegistration, ConstructionPermit, Application, EnglishLetter, FrenchLetter}

// FormCorpus returns the specs of n papers, the kinds in turn, each in a condition
// of its own.
func FormCorpus(n int, seed int64) []Spec {
	specs := make([]Spec, n)
	for i := range specs {
		specs[i] = formMember(i, seed)
	}
	return specs
}

func formMember(i int, seed int64) Spec {
	d := dice{rand.New(rand.NewPCG(uint64(seed), 2<<32+uint64(i)))}
	s := d.condition(Spec{Kind: FormKinds[i%len(FormKinds)], Seed: int64(d.Uint64() >> 1)})
	s.Marks.QR, s.Layout = "", ND30
	s.Name = fmt.Sprintf("f%04d-%s-%s-%d", i+1, s.Kind, s.Colour, s.DPI)
	return s
}

// certificate sets one of them; false: the kind is none.
func (w *writer) certificate() bool {
	set, ok := map[Kind]func(){MarriageCertificate: w.marriage, LandCertificate: w.land, BusinessRegistration: w.business, ConstructionPermit: w.permit}[w.spec.Kind]
	if ok {
		w.day = w.dice.day(ND30)
		set()
	}
	return ok
}

// heading sets the title in capitals and, below it, the number.
func (w *writer) heading(title, number string) {
	w.nationHead()
	p := w.press
	p.set(p.body(centre), run{text: title, style: style{face: bold, size: 16}})
	if number != "" {
		p.set(p.body(centre), run{text: "Số: " + number, style: plain})
		w.keep("Số", number)
	}
	p.skip(12)
}

func (w *writer) keep(label, value string) {
	if w.truth.Entries == nil {
		w.truth.Entries = map[string]string{}
	}
	w.truth.Entries[label] = value
}

// pair sets two entries of one label side by side.
func (w *writer) pair(label string, names, values [2]string, size float64) {
	p := w.press
	middle := (p.margin.left + p.margin.right) / 2
	sides := [2]column{{x0: p.margin.left, x1: middle - 8, lead: 1.28}, {x0: middle + 8, x1: p.margin.right, lead: 1.28}}
	p.need(50)
	set := func(i int) func() {
		return func() {
			p.set(sides[i], run{text: label + ": ", style: style{face: regular, size: size}}, run{text: " " + values[i], style: style{face: bold, size: size}})
			p.skip(5)
		}
	}
	p.beside(set(0), set(1))
	for i, name := range names {
		if name != "" {
			w.keep(name, values[i])
		}
	}
}

func (w *writer) marriage() {
	p, d := w.press, w.dice
	commune := d.one("xã ", "phường ") + d.one(communes...)
	w.agency = agency{lines: []string{"ỦY BAN NHÂN DÂN", upper(commune)}, place: d.one(communes...), named: "Ủy ban nhân dân " + commune}
	w.heading("GIẤY CHỨNG NHẬN KẾT HÔN", fmt.Sprintf("%d/%d", d.between(1, 320), w.day.Year()))
	wife, husband := d.one(surnames...)+" "+d.one(middleWomen...)+" "+d.one(givenWomen...), d.one(surnames...)+" "+d.one(middleMen...)+" "+d.one(givenMen...)
	bornWife, bornHusband := w.day.AddDate(-d.between(20, 40), -d.between(0, 11), 0), w.day.AddDate(-d.between(20, 45), -d.between(0, 11), -d.between(0, 27))
	middle := (p.margin.left + p.margin.right) / 2
	p.beside(func() {
		p.set(column{x0: p.margin.left, x1: middle - 8, lead: 1.28}, run{text: "Họ, chữ đệm, tên vợ: ", style: plain}, run{text: " " + wife, style: strong})
	}, func() {
		p.set(column{x0: middle + 8, x1: p.margin.right, lead: 1.28}, run{text: "Họ, chữ đệm, tên chồng: ", style: plain}, run{text: " " + husband, style: strong})
	})
	w.keep("wifeName", wife)
	w.keep("husbandName", husband)
	w.pair("Ngày, tháng, năm sinh", [2]string{"wifeBirthDate", "husbandBirthDate"}, [2]string{slashed(bornWife), slashed(bornHusband)}, 13)
	w.pair("Dân tộc", [2]string{}, [2]string{d.one("Kinh", "Tày"), d.one("Kinh", "Mường")}, 13)
	w.pair("Nơi cư trú", [2]string{}, [2]string{commune, "xã " + d.one(communes...)}, 13)
	w.pair("Giấy tờ tùy thân", [2]string{"wifeId", "husbandId"}, [2]string{w.citizen(bornWife, true), w.citizen(bornHusband, false)}, 13)
	p.skip(8)
	c := p.body(left)
	w.filled(c, "Nơi đăng ký kết hôn", w.agency.named)
	w.filled(c, "Ngày, tháng, năm đăng ký", slashed(w.day))
	p.skip(10)
	p.need(130)
	name := d.person()
	w.sign(signing, []string{"NGƯỜI KÝ GIẤY CHỨNG NHẬN KẾT HÔN", "CHỦ TỊCH"}, name, true)
}

func (w *writer) land() {
	p, d := w.press, w.dice
	commune := d.one("xã ", "phường ") + d.one(communes...)
	w.agency = agency{lines: []string{"VĂN PHÒNG ĐĂNG KÝ", "ĐẤT ĐAI"}, place: d.one(provinces...), named: "Văn phòng đăng ký đất đai"}
	w.heading("GIẤY CHỨNG NHẬN", "")
	p.set(p.body(centre), run{text: "QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT", style: strong})
	p.skip(10)
	owner := d.one("Ông ", "Bà ") + d.person()
	c := p.body(left)
	w.para(run{text: "I. Người sử dụng đất, chủ sở hữu nhà ở và tài sản khác gắn liền với đất", style: strong})
	born := w.day.AddDate(-d.between(25, 70), 0, 0)
	p.set(c, run{text: owner + ", sinh năm " + fmt.Sprint(born.Year()) + ",", style: plain})
	w.filled(c, "CCCD số", w.citizen(born, owner[0] == 'B'))
	w.para(run{text: "II. Thửa đất, nhà ở và tài sản khác gắn liền với đất", style: strong})
	parcel, sheet := fmt.Sprint(d.between(2, 980)), fmt.Sprint(d.between(1, 90))
	p.set(c, run{text: "a) Thửa đất số: " + parcel + ", tờ bản đồ số: " + sheet + ",", style: plain})
	w.keep("Thửa đất số", parcel)
	w.keep("tờ bản đồ số", sheet)
	p.skip(6)
	area := fmt.Sprintf("%d,%d m²", d.between(45, 990), d.between(1, 9))
	for _, e := range [][2]string{{"b) Địa chỉ", fmt.Sprintf("thôn %d, %s, tỉnh %s", d.between(1, 12), commune, d.one(provinces...))}, {"c) Diện tích", area},
		{"d) Hình thức sử dụng", "Sử dụng riêng"}, {"đ) Mục đích sử dụng", d.one("Đất ở tại nông thôn", "Đất ở tại đô thị", "Đất trồng cây lâu năm")},
		{"e) Thời hạn sử dụng", d.one("Lâu dài", "50 năm")}, {"g) Nguồn gốc sử dụng", d.one("Nhà nước giao đất có thu tiền sử dụng đất", "Nhận chuyển nhượng quyền sử dụng đất")}} {
		p.set(c, run{text: e[0] + ": ", style: plain}, run{text: " " + e[1], style: plain})
		p.skip(6)
		if label := string([]rune(e[0])[3:]); label != "Hình thức sử dụng" {
			w.keep(label, e[1])
		}
	}
	p.skip(10)
	p.need(130)
	w.sign(signing, []string{"GIÁM ĐỐC"}, d.person(), true)
}

func (w *writer) business() {
	p, d := w.press, w.dice
	w.agency = agency{lines: []string{"SỞ TÀI CHÍNH", "PHÒNG ĐĂNG KÝ KINH DOANH"}, place: d.one(provinces...), named: "Phòng Đăng ký kinh doanh"}
	w.heading("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", "")
	c := p.body(left)
	day, month, year := printedDay(w.day)
	first := fmt.Sprintf("ngày %s tháng %s năm %s", day, month, year)
	for _, e := range [][2]string{{"Mã số doanh nghiệp", d.taxCode()}, {"Đăng ký lần đầu", first}} {
		p.set(p.body(centre), run{text: e[0] + ": " + e[1], style: plain})
		w.keep(e[0], e[1])
	}
	p.skip(10)
	w.para(run{text: "1. Tên công ty", style: strong})
	w.filled(c, "Tên công ty viết bằng tiếng Việt", "CÔNG TY TNHH "+upper(d.one("Thương mại ", "Xây dựng ", "Dịch vụ ")+d.one(givenWomen...)+" "+d.one(givenMen...)))
	w.para(run{text: "2. Địa chỉ trụ sở chính", style: strong})
	w.filled(c, "Địa chỉ trụ sở chính", fmt.Sprintf("Số %d, đường %s, xã %s", d.between(2, 380), d.one(streets...), d.one(communes...)))
	w.filled(c, "Điện thoại", fmt.Sprintf("09%08d", d.IntN(100000000)))
	w.filled(c, "Vốn điều lệ", thousands(d.between(3, 90)*1000000000)+" đồng")
	w.para(run{text: "4. Người đại diện theo pháp luật của công ty", style: strong})
	born := w.day.AddDate(-d.between(25, 60), -d.between(0, 11), 0)
	w.filled(c, "Họ và tên", upper(d.one(surnames...)+" "+d.one(middleMen...)+" "+d.one(givenMen...)))
	p.set(c, run{text: "Chức danh: Giám đốc", style: plain})
	w.filled(c, "Số giấy tờ pháp lý của cá nhân", w.citizen(born, false))
	p.skip(10)
	p.need(130)
	w.sign(signing, []string{"TRƯỞNG PHÒNG"}, d.person(), true)
}

// taxCode ends in its check digit.
func (d dice) taxCode() string {
	for {
		nine := fmt.Sprintf("0%d%07d", d.between(1, 9), d.IntN(10000000))
		sum := 0
		for i, weight := range [9]int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
			sum += weight * int(nine[i]-'0')
		}
		if check := 10 - sum%11; check < 10 {
			return nine + fmt.Sprint(check)
		}
	}
}

func (w *writer) permit() {
	p, d := w.press, w.dice
	commune := d.one("xã ", "phường ") + d.one(communes...)
	w.agency = agency{lines: []string{"ỦY BAN NHÂN DÂN", upper(commune)}, place: d.one(communes...), named: "Ủy ban nhân dân " + commune}
	w.heading("GIẤY PHÉP XÂY DỰNG", fmt.Sprintf("%02d/GPXD", d.between(1, 400)))
	c := p.body(left)
	for _, e := range [][2]string{{"Cấp cho", d.one("Ông ", "Bà ") + d.person()}, {"Địa chỉ", fmt.Sprintf("số %d đường %s, %s", d.between(2, 300), d.one(streets...), commune)},
		{"Được phép xây dựng công trình", d.one("Nhà ở riêng lẻ", "Nhà kho", "Hàng rào")}, {"Lô đất số", fmt.Sprint(d.between(1, 200))},
		{"Diện tích xây dựng", fmt.Sprintf("%d,%d m²", d.between(40, 400), d.between(1, 9))}, {"Chiều cao công trình", fmt.Sprintf("%d,%d m", d.between(4, 21), d.between(1, 9))},
		{"Số tầng", fmt.Sprint(d.between(1, 6))}} {
		w.filled(c, e[0], e[1])
	}
	w.say("Giấy phép này có hiệu lực khởi công trong thời hạn 12 tháng kể từ ngày cấp; quá thời hạn trên thì phải đề nghị gia hạn.")
	p.skip(10)
	p.need(130)
	w.sign(signing, []string{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, d.person(), true)
}
