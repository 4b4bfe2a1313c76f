package ocr

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestOrdered(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []record.Line
		want string
	}{
		{"head of two columns, read as lines", []record.Line{
			lineAt(100, 100, "UBND TỈNH ␣␣␣ CỘNG HÒA XÃ HỘI"),
			lineAt(100, 150, "SỞ NỘI VỤ ␣␣␣ Độc lập - Tự do"),
			lineAt(100, 200, "Số: 12/QĐ ␣␣␣ Huế, ngày 05"),
			lineAt(350, 300, "QUYẾT ĐỊNH"),
			lineAt(100, 350, "Về việc giao đất cho thị trấn Mộ Đức"),
		}, "UBND TỈNH / SỞ NỘI VỤ / Số: 12/QĐ / CỘNG HÒA XÃ HỘI / Độc lập - Tự do / Huế, ngày 05 / QUYẾT ĐỊNH / Về việc giao đất cho thị trấn Mộ Đức"},
		{"recipients beside the signer, who begins higher", []record.Line{
			lineAt(100, 60, "Quyết định này có hiệu lực từ ngày ký ban hành"),
			lineAt(700, 100, "KT. GIÁM ĐỐC"),
			lineAt(100, 130, "Nơi nhận:"),
			lineAt(100, 170, "- Như trên; ␣␣␣␣␣␣␣␣␣␣␣␣␣␣␣␣ PHÓ GIÁM ĐỐC"),
			lineAt(100, 210, "- Lưu: VT."),
			lineAt(700, 500, "Trần An"),
		}, "Quyết định này có hiệu lực từ ngày ký ban hành / Nơi nhận: / - Như trên; / - Lưu: VT. / KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC / Trần An"},
		{"two signers", []record.Line{
			lineAt(100, 60, "Biên bản được lập thành hai bản như nhau"),
			lineAt(100, 100, "THƯ KÝ ␣␣␣␣␣␣␣␣␣␣␣ CHỦ TỌA"),
			lineAt(100, 300, "Lê Ba ␣␣␣␣␣␣␣␣␣␣␣␣ Tạ Tư"),
		}, "Biên bản được lập thành hai bản như nhau / THƯ KÝ / Lê Ba / CHỦ TỌA / Tạ Tư"},
		{"a table is read by rows", []record.Line{
			lineAt(100, 400, "Nội dung ␣␣␣␣ Số tiền"),
			lineAt(100, 450, "Máy quét ␣␣␣␣ 91.130"),
			lineAt(100, 500, "Chữ ký số ␣␣␣ 27.820"),
			lineAt(100, 560, "Tổng cộng là hai khoản nói trên"),
		}, "Nội dung Số tiền / Máy quét 91.130 / Chữ ký số 27.820 / Tổng cộng là hai khoản nói trên"},
		{"the lower half of the page was read first", []record.Line{
			lineAt(100, 400, "Điều 1. Ban hành kèm theo văn bản này"),
			lineAt(100, 450, "Điều 2. Văn bản này có hiệu lực"),
			lineAt(100, 100, "HỘI ĐỒNG NHÂN DÂN"),
			lineAt(100, 200, "Căn cứ Luật Ngân sách nhà nước"),
		}, "HỘI ĐỒNG NHÂN DÂN / Căn cứ Luật Ngân sách nhà nước / Điều 1. Ban hành kèm theo văn bản này / Điều 2. Văn bản này có hiệu lực"},
		{"a scribble beside the text was read first", []record.Line{
			lineAt(10, 150, "Ạ"), lineAt(10, 180, "VẤ"),
			lineAt(350, 50, "HỘI ĐỒNG NHÂN DÂN"),
			lineAt(100, 100, "Điều 1. Ban hành kèm theo văn bản này"),
			lineAt(100, 150, "Điều 2. Văn bản này có hiệu lực"),
			lineAt(100, 200, "Nơi nhận: ␣␣␣␣␣␣␣␣ CHỦ TỊCH"),
		}, "Ạ / VẤ / HỘI ĐỒNG NHÂN DÂN / Điều 1. Ban hành kèm theo văn bản này / Điều 2. Văn bản này có hiệu lực / Nơi nhận: CHỦ TỊCH"},
		{"a stamp beside the head", []record.Line{
			lineAt(10, 100, "„Ï ␣␣␣ UBND TỈNH ␣␣␣ CỘNG HÒA XÃ HỘI"),
			lineAt(10, 150, "h ␣␣␣␣ SỞ NỘI VỤ ␣␣␣ Độc lập - Tự do"),
			lineAt(350, 300, "QUYẾT ĐỊNH"),
		}, "„Ï UBND TỈNH / h SỞ NỘI VỤ / CỘNG HÒA XÃ HỘI / Độc lập - Tự do / QUYẾT ĐỊNH"},
		{"columns of running text stay one after the other", []record.Line{
			lineAt(100, 400, "cột trái dòng một"), lineAt(100, 440, "cột trái dòng hai"), lineAt(100, 480, "cột trái dòng ba"),
			lineAt(700, 400, "cột phải dòng một"), lineAt(700, 440, "cột phải dòng hai"), lineAt(100, 600, "và một dòng dưới cả hai cột của trang giấy này đây"),
		}, "cột trái dòng một / cột trái dòng hai / cột trái dòng ba / cột phải dòng một / cột phải dòng hai / và một dòng dưới cả hai cột của trang giấy này đây"},
		{"nothing", nil, ""},
	} {
		if got := text(ordered(c.in)); got != c.want {
			t.Errorf("%s: ordered = %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestOrderedNumbersBlocks(t *testing.T) {
	got := ordered([]record.Line{
		lineAt(100, 100, "UBND TỈNH ␣␣␣ CỘNG HÒA XÃ HỘI"),
		lineAt(100, 150, "SỞ NỘI VỤ ␣␣␣ Độc lập - Tự do"),
	})
	for i, want := range []int{1, 1, 2, 2} {
		if got[i].Block != want {
			t.Errorf("block of line %d (%s) = %d; want %d", i, text(got[i:i+1]), got[i].Block, want)
		}
	}
}

func TestBaselineStaysWhenALineIsParted(t *testing.T) {
	l := lineAt(100, 100, "trái ␣␣␣␣ phải")
	l.Baseline = record.Baseline{Slope: 0.02, Offset: -6}
	part := within(l, l.Words[1:])
	x := float64(part.Box[0])
	want := float64(l.Box[3]) + l.Baseline.Offset + l.Baseline.Slope*(x-float64(l.Box[0]))
	if got := float64(part.Box[3]) + part.Baseline.Offset; got != want {
		t.Errorf("baseline of the right part at its start = %v; want %v", got, want)
	}
}
