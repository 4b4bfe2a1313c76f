package ocr

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// lineAt returns a line of words 20 pixels a letter and 30 high, x apart by one
// letter; a word may carry its confidence behind an @.
func lineAt(x, y int, text string) record.Line {
	l := record.Line{Size: 30, Baseline: record.Baseline{Offset: -6}}
	for _, s := range strings.Fields(text) {
		w := record.Word{Confidence: 0.95}
		s, low, found := strings.Cut(s, "@")
		if found {
			w.Confidence = number([]string{low}, 0)
		}
		w.Text = strings.ReplaceAll(s, "␣", "")
		n := 20 * len([]rune(s))
		w.Box = record.Box{x, y, x + n, y + 30}
		x += n + 15
		if w.Text == "" { // a gap
			continue
		}
		l.Words = append(l.Words, w)
		l.Box = l.Box.Union(w.Box)
	}
	return l
}

func text(lines []record.Line) string {
	var out []string
	for _, l := range lines {
		var words []string
		for _, w := range l.Words {
			words = append(words, w.Text)
		}
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, " / ")
}

func TestSift(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain text", "Căn cứ Luật Đất đai", "Căn cứ Luật Đất đai"},
		{"rules of a table", "| 1 | Máy |quét @", "1 Máy quét"},
		{"dots to write on", "Họ tên: Nam......................2.00202", "Họ tên: Nam"},
		{"three dots are text", "rà soát... về", "rà soát... về"},
		{"hopeless and alone", "Quyết ␣␣␣␣ zK@0.1", "Quyết"},
		{"hopeless within text", "số 101/2024@0.1 ngày", "số 101/2024 ngày"},
		{"two doubted words before text", "Về@0.1 việc@0.1 tăng cường", "Về việc tăng cường"},
		{"three before text", "Z@0.1 Về@0.1 việc@0.1 tăng", "Về việc tăng"},
		{"a notation that grew into a number by hand", "Số: ␣␣␣␣ 2z4/TB-UBND@0.1", "Số: 2z4/TB-UBND"},
		{"scrawl of a signature", "Z2@0.3 =t@0.2 TC@0.4", ""},
		{"dashes and stops are text", "Độc lập - Tự do - Hạnh phúc ./.", "Độc lập - Tự do - Hạnh phúc ./."},
	} {
		got := text(sift([]record.Line{lineAt(100, 100, strings.TrimSuffix(c.in, " @"))}, 2000, 2000))
		if got != c.want {
			t.Errorf("%s: sift(%q) = %q; want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestSiftAtTheEdge(t *testing.T) {
	shadow := lineAt(0, 500, "mms@0.4 sx@0.3")
	inside := lineAt(200, 500, "mms@0.4 sx@0.7")
	if got := text(sift([]record.Line{shadow, inside}, 2000, 2000)); got != "mms sx" {
		t.Errorf("sift = %q; want the line inside only", got)
	}
}

func TestSiftKnowsLettersBySize(t *testing.T) {
	l := lineAt(100, 100, "Nguyễn Văn An rule sweep@0.5")
	l.Words[3].Box[3] = l.Words[3].Box[1] + 4  // as flat as a rule
	l.Words[4].Box[3] = l.Words[4].Box[1] + 90 // three lines high
	if got := text(sift([]record.Line{l}, 2000, 2000)); got != "Nguyễn Văn An" {
		t.Errorf("sift = %q; want the name only", got)
	}
}
