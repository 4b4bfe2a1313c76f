package catalogue

import "testing"

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Ủy ban nhân dân tỉnh Đắk Lắk", "uy ban nhan dan tinh dak lak"},
		{"đường ƯỚC đất", "duong uoc dat"},
		{"Số: 123/QĐ-UBND", "so 123 qd ubnd"},
		{"  ,. ", ""},
		{"Nghĩa", "nghia"}, // NFD
		{"ĐẶNG", "dang"},
	} {
		if got := Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q; want %q", c.in, got, c.want)
		}
	}
}
