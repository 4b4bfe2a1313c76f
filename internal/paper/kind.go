package paper

import "slices"

// A Kind is a kind of paper that the generator can make.
type Kind string

// The kinds beside the 29 types of NĐ 30/2020, article 7, which stand in [Types].
const (
	BirthCertificate Kind = "giay-khai-sinh"
	Application      Kind = "don-de-nghi"
	FrenchLetter     Kind = "lettre"
	EnglishLetter    Kind = "letter"
)

// A build is how the text of a type is built.
type build int

const (
	articles  build = iota // căn cứ, then Điều 1, 2, 3 …
	sections               // I., 1., a) …
	letter                 // Kính gửi, paragraphs
	orders                 // an opening, numbered paragraphs
	minutes                // time and place, those present, proceedings, two signers
	agreement              // two parties, articles, two signers
	slip                   // short: a heading and lines to fill in
)

// A Type is one of the 29 types of administrative document: its abbreviation
// (NĐ 30/2020, appendix III; "" for none) and how we build its text.
type Type struct {
	Kind  Kind
	Name  string // as printed above the trích yếu; "" for công văn
	Abbr  string
	build build
	about string // what the trích yếu begins with
}

// Types are the 29 types in the order of article 7 of NĐ 30/2020.
var Types = []Type{
	{"nghi-quyet", "NGHỊ QUYẾT", "NQ", articles, "Về việc thông qua Đề án"},
	{"quyet-dinh", "QUYẾT ĐỊNH", "QĐ", articles, "Về việc ban hành Kế hoạch"},
	{"chi-thi", "CHỈ THỊ", "CT", orders, "Về việc tăng cường"},
	{"quy-che", "QUY CHẾ", "QC", sections, "Phối hợp trong"},
	{"quy-dinh", "QUY ĐỊNH", "QyĐ", sections, "Về quản lý"},
	{"thong-cao", "THÔNG CÁO", "TC", orders, "Về kết quả"},
	{"thong-bao", "THÔNG BÁO", "TB", orders, "Kết luận tại cuộc họp về"},
	{"huong-dan", "HƯỚNG DẪN", "HD", sections, "Thực hiện một số nội dung về"},
	{"chuong-trinh", "CHƯƠNG TRÌNH", "CTr", sections, "Hành động về"},
	{"ke-hoach", "KẾ HOẠCH", "KH", sections, "Triển khai thực hiện"},
	{"phuong-an", "PHƯƠNG ÁN", "PA", sections, "Tổ chức"},
	{"de-an", "ĐỀ ÁN", "ĐA", sections, "Nâng cao hiệu quả"},
	{"du-an", "DỰ ÁN", "DA", sections, "Đầu tư hạ tầng phục vụ"},
	{"bao-cao", "BÁO CÁO", "BC", sections, "Tình hình, kết quả thực hiện"},
	{"bien-ban", "BIÊN BẢN", "BB", minutes, "Họp về"},
	{"to-trinh", "TỜ TRÌNH", "TTr", letter, "Về việc phê duyệt kinh phí thực hiện"},
	{"hop-dong", "HỢP ĐỒNG", "HĐ", agreement, "Cung cấp dịch vụ phục vụ"},
	{"cong-van", "", "", letter, "V/v đôn đốc thực hiện"},
	{"cong-dien", "CÔNG ĐIỆN", "CĐ", orders, "Về việc tập trung chỉ đạo"},
	{"ban-ghi-nho", "BẢN GHI NHỚ", "BGN", agreement, "Hợp tác về"},
	{"ban-thoa-thuan", "BẢN THỎA THUẬN", "BTT", agreement, "Phối hợp thực hiện"},
	{"giay-uy-quyen", "GIẤY ỦY QUYỀN", "GUQ", slip, "Về việc ký văn bản trong"},
	{"giay-moi", "GIẤY MỜI", "GM", slip, "Dự họp về"},
	{"giay-gioi-thieu", "GIẤY GIỚI THIỆU", "GGT", slip, ""},
	{"giay-nghi-phep", "GIẤY NGHỈ PHÉP", "GNP", slip, ""},
	{"phieu-gui", "PHIẾU GỬI", "PG", slip, ""},
	{"phieu-chuyen", "PHIẾU CHUYỂN", "PC", slip, ""},
	{"phieu-bao", "PHIẾU BÁO", "PB", slip, ""},
	{"thu-cong", "THƯ CÔNG", "", letter, ""},
}

// Kinds are all kinds: the 29 types, then the others.
func Kinds() []Kind {
	var all []Kind
	for _, t := range Types {
		all = append(all, t.Kind)
	}
	return append(all, BirthCertificate, Application, FrenchLetter, EnglishLetter)
}

func typeOf(k Kind) (Type, bool) {
	i := slices.IndexFunc(Types, func(t Type) bool { return t.Kind == k })
	if i < 0 {
		return Type{}, false
	}
	return Types[i], true
}
