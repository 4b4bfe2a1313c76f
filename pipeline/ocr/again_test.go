package ocr

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

func TestMerged(t *testing.T) {
	first := func() []record.Line {
		return []record.Line{lineAt(100, 100, "-@0.95 Lưu:@0.95 VT.@0.95"), lineAt(700, 100, "CHỦ@0.9 TỊCH@0.9"), lineAt(700, 300, "uần@0.4")}
	}
	for _, c := range []struct {
		name   string
		second record.Line
		want   string
	}{
		{"a line that was left out", lineAt(700, 200, "Đặng@0.95 Văn@0.95"), "- Lưu: VT. / CHỦ TỊCH / uần / Đặng Văn"},
		{"a word beside its line", lineAt(640, 100, "KT.@0.9"), "- Lưu: VT. / KT. CHỦ TỊCH / uần"},
		{"what the first look was sure of stands", lineAt(700, 100, "CHÚ@0.97"), "- Lưu: VT. / CHỦ TỊCH / uần"},
		{"what it doubted does not", lineAt(700, 300, "Tuấn@0.9"), "- Lưu: VT. / CHỦ TỊCH / Tuấn"},
		{"what was doubted less stands too", lineAt(700, 300, "Tuấn@0.3"), "- Lưu: VT. / CHỦ TỊCH / uần"},
	} {
		var left []record.Line
		for _, l := range merged(first(), []record.Line{c.second}) {
			if len(l.Words) > 0 {
				left = append(left, l)
			}
		}
		if got := text(left); got != c.want {
			t.Errorf("%s: merged = %q; want %q", c.name, got, c.want)
		}
	}
}

func TestTaken(t *testing.T) {
	l := lineAt(100, 100, "Nguyên@0.7 Văn Phúc 2 xưng@0.7")
	got := taken([]record.Line{l}, &page.Part{X: 10, Y: 20}, mended)
	if text(got) != "Nguyên Văn Phúc" {
		t.Errorf("taken = %q; want no figure alone and no doubtful word beside it", text(got))
	}
	for _, w := range got[0].Words {
		if w.Confidence > mended {
			t.Errorf("%s is sure to %.2f; want %.2f at most", w.Text, w.Confidence, mended)
		}
	}
	if b := got[0].Words[1].Box; b != (record.Box{l.Words[1].Box[0] + 10, l.Words[1].Box[1] + 20, l.Words[1].Box[2] + 10, l.Words[1].Box[3] + 20}) {
		t.Errorf("box = %v; want %v moved by 10, 20", b, l.Words[1].Box)
	}
}

// What stands in a frame is left out by the first look, as if it were a picture.
func TestWhatIsFramedIsRead(t *testing.T) {
	doc, err := paper.Make(paper.Spec{Name: "t", Kind: "thong-cao", Seed: 1, DPI: 200, Colour: paper.InGrey, Wear: paper.Wear{Noise: 2}})
	if err != nil {
		t.Fatal(err)
	}
	p := NewPool(1, Options{})
	defer p.Close()
	work := t.TempDir()
	got, err := p.Recognise(t.Context(), work, record.Page{Number: 1, Scan: scanOf(t, work, doc.Pages[0].Image, 200)})
	if err != nil {
		t.Fatal(err)
	}
	if text := record.Text([]record.Page{got}); !strings.Contains(text, *doc.Truth.Urgency) {
		t.Errorf("read:\n%s\nwant %q, which is framed", text, *doc.Truth.Urgency)
	}
}
