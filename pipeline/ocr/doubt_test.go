package ocr

import (
	"slices"
	"testing"

	"github.com/sohoa/sohoa/pipeline/proof"
	"github.com/sohoa/sohoa/record"
)

// boxed are words of given widths, one beside the other.
func boxed(words ...any) (out []record.Word) {
	x := 100
	for i := 0; i < len(words); i += 2 {
		wide := words[i+1].(int)
		if s := words[i].(string); s != "" {
			out = append(out, record.Word{Text: s, Box: record.Box{x, 100, x + wide, 130}, Confidence: 0.95})
		}
		x += wide + 10
	}
	return out
}

// asRead are words of which the engine saw nothing else.
func asRead(words []record.Word) (out []reading) {
	for _, w := range words {
		out = append(out, readingOf(w, nil))
	}
	return out
}

func TestInstead(t *testing.T) {
	line := boxed("Về", 40, "việc", 70, "bạn", 60, "hành", 80)
	for _, c := range []struct {
		name     string
		i        int
		read     []record.Word
		from, to int
		want     string
	}{
		{"word for word", 2, boxed("Về", 40, "việc", 70, "ban", 60, "hành", 80), 2, 3, "ban"},
		{"nothing is read there", 2, boxed("Về", 40, "việc", 70, "", 60, "hành", 80), 2, 3, ""},
		{"two words for one", 3, boxed("", 40, "", 70, "", 60, "hà", 30, "nh", 30), 3, 4, "hà nh"},
		{"one word for two", 0, boxed("Web", 120, "ban", 60), 0, 2, "Web"},
		{"one word for all", 1, boxed("Vềviệcbanhành", 280), 1, 2, ""},
		{"words of another line do not touch it", 2, []record.Word{{Text: "x", Box: record.Box{230, 140, 290, 170}}}, 2, 3, ""},
	} {
		from, to, words := instead(line, c.i, asRead(c.read))
		if got := text([]record.Line{{Words: ways(nil, words)[0]}}); from != c.from || to != c.to || got != c.want {
			t.Errorf("%s: instead = %d, %d, %q; want %d, %d, %q", c.name, from, to, got, c.from, c.to, c.want)
		}
	}
}

// What is read another time counts only if it is likelier right where it stands.
func TestReplaced(t *testing.T) {
	for _, c := range []struct{ name, first, other, want string }{
		{"a misread mark", "cơ quan có thấm quyền quyết định", "cơ quan có thẩm quyền quyết định", "cơ quan có thẩm quyền quyết định"},
		{"a mark that is misread the other time", "cơ quan có thẩm quyền quyết định", "cơ quan có thấm quyền quyết định", "cơ quan có thẩm quyền quyết định"},
		{"nonsense for nonsense", "cơ quan có thäm quyền quyết định", "cơ quan có thỗm quyền quyết định", "cơ quan có thäm quyền quyết định"},
		{"a number", "Nghị quyết số 31/2024,QH15@0.3 của Quốc hội", "Nghị quyết số 37/2024/QH15 của Quốc hội", "Nghị quyết số 31/2024,QH15 của Quốc hội"},
		{"a number of the same figures", "Nghị quyết số 31/2024,QH15@0.3 của Quốc hội", "Nghị quyết số 31/2024/QH15 của Quốc hội", "Nghị quyết số 31/2024/QH15 của Quốc hội"},
		{"a letter for a figure", "Hà Nội, ngày 03 tháng I0@0.4 năm 2025", "Hà Nội, ngày 03 tháng 10 năm 2025", "Hà Nội, ngày 03 tháng 10 năm 2025"},
		{"two words", "kiếm tra, tống hợp các nội dung", "kiểm tra, tổng hợp các nội dung", "kiểm tra, tổng hợp các nội dung"},
	} {
		lines := []record.Line{lineAt(100, 100, c.first)}
		p := record.Page{Number: 1, Width: 2480, Height: 3508, Source: "image", Lines: []record.Line{lineAt(100, 100, c.first)}}
		judge := proof.Of(p)
		replaced(judge, doubtsOf(judge, lines, func(int) bool { return true }), lines, map[int][]reading{0: asRead(lineAt(100, 100, c.other).Words)}, func(b record.Box) record.Box { return b })
		if got := text(lines); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

// What the engine saw in the place of a letter counts as what it read does, even where it read the same again.
func TestReplacedByWhatWasSeen(t *testing.T) {
	for _, c := range []struct{ name, line, signs, want string }{
		{"what makes sense", "cơ quan có thấm quyền quyết định", "t h ấ90ẩ70ắ60 m", "cơ quan có thẩm quyền quyết định"},
		{"what makes none", "cơ quan có thấm quyền quyết định", "t h ấ90ẫ70 m", "cơ quan có thấm quyền quyết định"},
		{"what makes less", "cơ quan có thẩm quyền quyết định", "t h ẩ90ấ89 m", "cơ quan có thẩm quyền quyết định"},
	} {
		lines := []record.Line{lineAt(100, 100, c.line)}
		judge := proof.Of(record.Page{Number: 1, Width: 2480, Height: 3508, Source: "image", Lines: []record.Line{lineAt(100, 100, c.line)}})
		read := asRead(lines[0].Words)
		read[3] = readingOf(lines[0].Words[3], signsOf(c.signs))
		replaced(judge, []doubt{{line: 0, word: 3}}, lines, map[int][]reading{0: read}, func(b record.Box) record.Box { return b })
		if got := text(lines); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

func TestReplacedWordsAreDoubtedNoMore(t *testing.T) {
	pieces := boxed("cơ", 40, "quan", 70, "doanh", 80, "ng", 30, "hi", 30, "ệp", 30)
	for i := 3; i < 6; i++ {
		pieces[i].Confidence = 0.2
	}
	whole := boxed("cơ", 40, "quan", 70, "doanh", 80, "nghiệp", 110)
	page := func() []record.Line {
		return []record.Line{{Words: slices.Clone(pieces), Box: record.Box{100, 100, 450, 130}, Size: 30}}
	}
	lines := page()
	judge := proof.Of(record.Page{Number: 1, Width: 2480, Height: 3508, Source: "image", Lines: page()})
	replaced(judge, []doubt{{line: 0, word: 4}, {line: 0, word: 5}}, lines, map[int][]reading{0: asRead(whole)}, func(b record.Box) record.Box { return b })
	if got := text(lines); got != "cơ quan doanh nghiệp" {
		t.Errorf("replaced: %q; want three pieces made one word", got)
	}
}

func TestPlaces(t *testing.T) {
	lines := []record.Line{lineAt(100, 100, "một hai ba bốn năm sáu bảy tám"), lineAt(100, 200, "chín mười")}
	at := func(line, from, to int) record.Box {
		b := within(lines[line], lines[line].Words[from:to]).Box
		return record.Box{b[0] - 3, b[1] - 3, b[2] + 3, b[3] + 3}
	}
	got, of := places(lines, []doubt{{line: 0, word: 0}, {line: 0, word: 2}, {line: 0, word: 6}, {line: 1, word: 1}})
	want := []record.Box{at(0, 0, 4), at(0, 5, 8), at(1, 0, 2)}
	if len(got) != len(want) || !slices.Equal(of, []int{0, 0, 1}) {
		t.Fatalf("places = %v of lines %v; want %v", got, of, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("place %d = %v; want %v", i, got[i], want[i])
		}
	}
}
