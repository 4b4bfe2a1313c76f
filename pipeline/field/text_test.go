package field

import "testing"

// A bound only spares work: what reaches it is measured as without one.
func TestLikenessUpToABound(t *testing.T) {
	for _, c := range []struct{ read, listed string }{
		{"CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{"CONG HOA XA HOI CHU NGHIA VIET NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{"NG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
		{"CHỦ TỊCH PHÓ", "PHÓ CHỦ TỊCH"},
		{"1IÁM Đ0C", "GIÁM ĐỐC"},
		{"Độc lập Tự do", "Độc lập - Tự do - Hạnh phúc"},
		{"SỞ", "BỘ"},
		{"", "BỘ"},
	} {
		whole := similar(c.read, c.listed)
		for _, least := range []float64{0.2, 0.4, 0.6, 0.72, 0.81, 0.9, 0.96, whole} {
			want := whole
			if whole < least {
				want = 0
			}
			if got := fold(c.read).like(fold(c.listed), least); got != want {
				t.Errorf("%q like %q, at least %.2f = %v, want %v", c.read, c.listed, least, got, want)
			}
		}
	}
}
