package ocr

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// signsOf are the signs of a word: "Đ ắ94ấ55 t" has ấ seen for ắ at 0.55, the other letters at 0.95.
func signsOf(s string) (out []sign) {
	for _, f := range strings.Fields(s) {
		var one sign
		for i, r := range []rune(f) {
			if r < '0' || r > '9' {
				one = append(one, choice{string(r), 0.95})
			} else if i%3 == 1 {
				one[len(one)-1].sure = float64(r-'0') / 10
			} else {
				one[len(one)-1].sure += float64(r-'0') / 100
			}
		}
		out = append(out, one)
	}
	return out
}

func TestReadingOf(t *testing.T) {
	for _, c := range []struct {
		name, word, signs string
		want              []string
	}{
		{"another mark", "Đắt", "Đ ắ94ấ55 t", []string{"Đất"}},
		{"a mark hardly seen", "Đắt", "Đ ắ94ấ29 t", nil},
		{"another letter", "Đắt", "Đ ắ94ó70 t70l60", nil},
		{"a letter of another case", "số", "s94S80 ố", nil},
		{"the stroke of đ", "đụng", "đ91d81 ụ n g", []string{"dụng"}},
		{"two letters, one at a time", "thâm", "t h â79ẩ69ắ56 m", []string{"thẩm", "thắm"}},
		{"a bar beside it", "|kê", "| k ê90ế80", []string{"kế"}},
		{"signs that are not the word's", "Đắt", "Đ ấ94ắ55 t", nil},
		{"nothing is known of a sign", "Đắt", "", nil},
	} {
		r := readingOf(record.Word{Text: c.word, Confidence: 0.9}, signsOf(c.signs))
		var got []string
		for _, w := range r.others {
			got = append(got, w.Text)
			if w.Confidence >= 0.9 {
				t.Errorf("%s: the engine is sure of %s by %.2f, of %s by 0.9", c.name, w.Text, w.Confidence, c.word)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q besides %s; want %q", c.name, got, c.word, c.want)
		}
	}
	one := readingOf(record.Word{Text: "Đắt", Confidence: 0.8}, signsOf("Đ ắ90ấ45 t"))
	if got := one.others[0].Confidence; math.Abs(got-0.4) > 1e-9 {
		t.Errorf("confidence %.3f of what was seen half as surely as a word of 0.8; want 0.4", got)
	}
}

func TestWays(t *testing.T) {
	old := boxed("duyệt", 80, "Kê", 40)
	uyat := readingOf(boxed("uyật", 80)[0], signsOf("u y ậ90ạ60 t"))
	ke := readingOf(boxed("Kế", 40)[0], signsOf("K ế93ề59"))
	for _, c := range []struct {
		name string
		old  []record.Word
		read []reading
		want string
	}{
		{"nothing was read", old[:1], nil, ""},
		{"a word", old[1:], []reading{ke}, "Kế|Kề"},
		{"a word for two", old, []reading{ke}, "Kế|Kề"},
		{"two for two", old, []reading{uyat, ke}, "uyật Kế|uyạt Kế|uyật Kề|uyật Kê|uyạt Kê|duyệt Kế|duyệt Kề"},
	} {
		var got []string
		for _, words := range ways(c.old, c.read) {
			got = append(got, text([]record.Line{{Words: words}}))
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s: %s; want %s", c.name, s, c.want)
		}
	}
	if got := text([]record.Line{{Words: old}}); got != "duyệt Kê" {
		t.Errorf("the words are %q now", got)
	}
}

func TestParsedKeepsChoices(t *testing.T) {
	r, err := parsed(`<span class='ocr_line' title="bbox 10 100 300 130; baseline 0 -5; x_size 28">
	 <span class='ocrx_word' id='word_1_1' title='bbox 10 100 60 130; x_wconf 89'>Đắ
	  <span class='ocrx_cinfo' id='lstm_choices_1_1_1'>
	   <span class='ocrx_cinfo' id='choice_1_1_1' title='x_confs 91.5'>Đ</span></span>
	  <span class='ocrx_cinfo' id='lstm_choices_1_1_2'>
	   <span class='ocrx_cinfo' id='choice_1_1_2' title='x_confs 94'>ắ</span>
	   <span class='ocrx_cinfo' id='choice_1_1_3' title='x_confs 55'>ấ</span>
	   <span class='ocrx_cinfo' id='choice_1_1_4' title='x_confs 0'></span></span></span><span class='ocrx_word' id='word_1_2' title='bbox 70 100 90 130; x_wconf 96'>x</span>
	</span>`)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(r.lines); got != "Đắ x" {
		t.Errorf("lines %q; want the words without their choices", got)
	}
	want := []sign{{{"Đ", 0.915}}, {{"ắ", 0.94}, {"ấ", 0.55}, {}}}
	if len(r.signs) != 2 || !slices.EqualFunc(r.signs[0], want, func(a, b sign) bool { return slices.Equal(a, b) }) || r.signs[1] != nil {
		t.Errorf("signs %v; want %v of the first word, none of the second", r.signs, want)
	}
}

// The engine tells what it saw where it is asked to, and nowhere else.
func TestChoose(t *testing.T) {
	e := open("vie")
	defer e.close()
	e.work = t.TempDir()
	scan := scanOf(t, e.work, sheet(t).Image, 200)
	p, err := page.Open(e.work, scan, page.Letters)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Free()
	clean, _, err := p.Clean(0)
	if err != nil {
		t.Fatal(err)
	}
	defer clean.Free()
	r, err := e.choose(clean)
	if err != nil {
		t.Fatal(err)
	}
	words, several := 0, 0
	for _, signs := range r.signs {
		for _, s := range signs {
			if len(s) > 1 {
				several++
			}
		}
		if len(signs) > 0 {
			words++
		}
	}
	if words < 20 || several < 20 {
		t.Errorf("%d of %d words have signs, %d of which may be something else", words, len(r.signs), several)
	}
	hocr, err := e.hocr(clean, asBlock)
	if err != nil || strings.Contains(hocr, "lstm_choices") {
		t.Errorf("asked for words alone the engine answers choices, %v", err)
	}
}
