package field

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed lists/kinds.tsv
var kindsFile string

//go:embed lists/offices.tsv
var officesFile string

//go:embed lists/provinces.tsv
var provincesFile string

// A kind is a type of document (tên loại).
type kind struct {
	name       folded
	abbr, code string
}

// An office signs; a deputy's chief is the office that it signs for.
type office struct {
	name  folded
	chief string
}

type province struct {
	name     folded
	unit     string // tỉnh, thành phố
	from, to string // ISO dates between which it is one; "" is open
	prefix   string // of the personal numbers registered there
	code     string // since 2025-07-01
	plain    string
}

// Lists are loaded when something is read for the first time: most child processes
// of the program read nothing.
var (
	kinds = sync.OnceValue(func() []kind {
		return load(kindsFile, func(c []string) kind { return kind{fold(c[0]), c[1], c[2]} })
	})
	offices = sync.OnceValue(func() []office {
		return load(officesFile, func(c []string) office { return office{fold(c[0]), c[1]} })
	})
	provinces = sync.OnceValue(func() []province {
		return load(provincesFile, func(c []string) province {
			return province{name: fold(c[0]), unit: c[1], from: c[2], to: c[3], prefix: c[4], code: c[6], plain: plain(c[0])}
		})
	})
)

// chiefs are the offices that head agencies, by how their names begin; the longer
// beginning comes first.
var chiefs = [][2]string{
	{"ỦY BAN NHÂN DÂN", "Chủ tịch"}, {"UBND", "Chủ tịch"}, {"HỘI ĐỒNG NHÂN DÂN", "Chủ tịch"}, {"BỘ TƯ LỆNH", "Tư lệnh"}, {"BỘ CHỈ HUY", "Chỉ huy trưởng"},
	{"BỘ", "Bộ trưởng"}, {"SỞ", "Giám đốc"}, {"TRUNG TÂM", "Giám đốc"}, {"CÔNG TY", "Giám đốc"}, {"BỆNH VIỆN", "Giám đốc"}, {"HỌC VIỆN", "Giám đốc"},
	{"TRƯỜNG", "Hiệu trưởng"}, {"TỔNG CỤC", "Tổng cục trưởng"}, {"CHI CỤC", "Chi cục trưởng"}, {"CỤC", "Cục trưởng"}, {"VỤ", "Vụ trưởng"},
	{"VIỆN KIỂM SÁT", "Viện trưởng"}, {"VIỆN", "Viện trưởng"}, {"TÒA ÁN", "Chánh án"}, {"VĂN PHÒNG", "Chánh Văn phòng"}, {"PHÒNG", "Trưởng phòng"},
	{"THANH TRA", "Chánh Thanh tra"}, {"BAN", "Trưởng ban"},
}

// chiefOfAgency is the office that heads the agency of this name, "" if the name
// does not tell.
func chiefOfAgency(organ string) string {
	for _, c := range chiefs {
		if strings.HasPrefix(organ, c[0]+" ") {
			return c[1]
		}
	}
	return ""
}

// load reads one entry a line, columns parted by tabs; # begins a comment.
func load[T any](file string, entry func([]string) T) []T {
	var out []T
	for line := range strings.Lines(file) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		out = append(out, entry(append(strings.Split(line, "\t"), "", "", "", "", "")))
	}
	return out
}

// provinceNamed returns the province that text names; exact: letter by letter.
// Other letters are forgiven where recognition was in doubt.
func provinceNamed(text string, doubted bool) (name string, exact, ok bool) {
	want, f := plain(text), fold(text)
	best, next := 0.0, 0.0
	for _, p := range provinces() {
		if p.name.text == text {
			return text, true, true
		}
		s := 0.0
		if p.plain == want {
			s = 0.95
		} else if doubted {
			s = f.like(p.name, 0.6)
		}
		if s > best {
			name, best, next = p.name.text, s, best
		} else {
			next = max(next, s)
		}
	}
	return name, false, best >= 0.85 && best-next > 0.04
}

// nearProvince reports whether the name is a province's but for a letter.
func nearProvince(name string) bool {
	return slices.ContainsFunc(provinces(), func(p province) bool {
		return len(p.plain) > 4 && distance([]rune(plain(name)), []rune(p.plain)) == 1
	})
}
