package proof_test

import (
	"strings"
	"testing"

	"github.com/sohoa/sohoa/pipeline/proof"
	"github.com/sohoa/sohoa/record"
)

// line is a line of words that the engine read at the confidence 0.96.
func line(y int, text string) record.Line {
	l := record.Line{Size: 40, Block: 1}
	x := 300
	for _, w := range strings.Fields(text) {
		wide := 20 * len([]rune(w))
		l.Words = append(l.Words, record.Word{Text: w, Box: record.Box{x, y, x + wide, y + 40}, Confidence: 0.96})
		l.Box = l.Box.Union(l.Words[len(l.Words)-1].Box)
		x += wide + 20
	}
	return l
}

func page(lines ...string) record.Page {
	p := record.Page{Number: 1, Width: 2480, Height: 3508, Source: "image"}
	for i, l := range lines {
		p.Lines = append(p.Lines, line(400+60*i, l))
	}
	return p
}

func TestSuggestions(t *testing.T) {
	for _, c := range []struct{ read, want, rule string }{
		{"có thấm quyền quyết định", "thẩm", "phrase"},
		{"Tống hợp, báo cáo", "Tổng", "phrase"},
		{"CHÚ TỊCH", "CHỦ", "phrase"},
		{"có thẩm quyền quyết định", "", ""},
		{"ông Nguyễn Thanh Phố", "", ""}, // a name keeps to no phrase
		{"của Công ty Samsung", "", ""},
		{"Số: 12/QĐ-UBND", "", ""},
		{"triểnn khaii dự án", "", ""}, // no form is near
		{"các trìển lãm", "triển", "syllable/frequent"},
		{"điểm c) khoản 2", "", ""},
		{"bị ngoạm mất, ngoậm hết", "ngoạm", "syllable/in-document"},
		{"trìển trìển trìển", "", ""}, // what a document has again and again it means
	} {
		p := page(c.read)
		proof.Read([]record.Page{p})
		var got, rule, text string
		for _, w := range p.Lines[0].Words {
			text += " " + w.Text
			if w.Suggestion != nil {
				got, rule = got+w.Suggestion.Text, w.Suggestion.Rule
			}
		}
		if got != c.want || rule != c.rule {
			t.Errorf("%s: suggested %q by %q; want %q by %q", c.read, got, rule, c.want, c.rule)
		}
		if text[1:] != c.read {
			t.Errorf("%s became %s: a text was changed", c.read, text)
		}
	}
}

func confidence(text string, change func(*record.Word)) float64 {
	p := page(text, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;", "Theo đề nghị của Giám đốc Sở Tài chính tại Tờ trình số 12.")
	if change != nil {
		change(&p.Lines[0].Words[1])
	}
	proof.Read([]record.Page{p})
	return p.Lines[0].Words[1].Confidence
}

func TestConfidenceKnowsMoreThanTheEngine(t *testing.T) {
	sure := confidence("có thẩm quyền phê duyệt dự án", nil)
	if sure < 0.98 {
		t.Errorf("a word of a fixed phrase has the confidence %.3f; want at least 0.98", sure)
	}
	for name, less := range map[string]float64{
		"an acute where a phrase has a hook":   confidence("có thấm quyền phê duyệt dự án", nil),
		"what is no syllable":                  confidence("có thẩmq phê duyệt dự án", func(w *record.Word) { w.Confidence = 0.85 }),
		"a word of which the engine is unsure": confidence("có nhắm 12 mục khác nhau", func(w *record.Word) { w.Confidence = 0.3 }),
	} {
		if less > 0.9*sure {
			t.Errorf("%s: confidence %.3f, of the plain word %.3f", name, less, sure)
		}
	}
}

func TestReadingTwiceChangesNothing(t *testing.T) {
	pages := []record.Page{page("có thấm quyền phê duyệt")}
	proof.Read(pages)
	first := pages[0].Lines[0].Words[1]
	proof.Read(pages)
	if again := pages[0].Lines[0].Words[1]; again.Confidence != first.Confidence || again.Engine != 0.96 || *again.Suggestion != *first.Suggestion {
		t.Errorf("the second time %+v; the first %+v", again, first)
	}
}

func TestAnEngineThatIsNotSureAtAllStaysSo(t *testing.T) {
	p := page("có thấm quyền phê duyệt")
	p.Lines[0].Words[4].Confidence = 0
	proof.Read([]record.Page{p})
	if raw := p.Lines[0].Words[4].Raw(); raw > 0.01 {
		t.Errorf("the engine said 0, and %v is what it is taken to have said", raw)
	}
}

func TestAPageOwnTextIsSure(t *testing.T) {
	p := page("có thấm quyền")
	p.Source = "text"
	for i := range p.Lines[0].Words {
		p.Lines[0].Words[i].Confidence = 1
	}
	pages := []record.Page{p}
	proof.Read(pages)
	if w := pages[0].Lines[0].Words[1]; w.Confidence != 1 || w.Suggestion != nil || pages[0].Confidence != 1 {
		t.Errorf("own text has %+v, its page %.3f; want 1 and no suggestion", w, pages[0].Confidence)
	}
}

func TestWhatASealLeavesIsRejected(t *testing.T) {
	p := page("Ấ", "GIÁM ĐỐC SỞ TÀI CHÍNH TỈNH")
	p.Regions = []record.Region{{Kind: record.SealRegion, Box: record.Box{250, 350, 1500, 700}}}
	p.Lines[0].Words[0].Confidence = 0.4
	pages := []record.Page{p}
	proof.Read(pages)
	if !pages[0].Lines[0].Words[0].Rejected {
		t.Errorf("%+v in a seal is kept", pages[0].Lines[0].Words[0])
	}
	for _, w := range pages[0].Lines[1].Words {
		if w.Rejected {
			t.Errorf("%+v in a seal is rejected, and was read well", w)
		}
	}
	if text := record.Text(pages); text != "GIÁM ĐỐC SỞ TÀI CHÍNH TỈNH \n" {
		t.Errorf("text %q; want it without what the seal left", text)
	}
}

func TestWeakestPlaceIsNamed(t *testing.T) {
	p := page("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;", "qxz wjk zzt")
	for i := range p.Lines[1].Words {
		w := &p.Lines[1].Words[i]
		w.Confidence = 0.3
		w.Box[1], w.Box[3] = 3200, 3240
	}
	pages := []record.Page{p}
	proof.Read(pages)
	at := pages[0].Weakest
	if at == nil || at.Name != "bottom-left" || at.Words != 3 || at.Confidence > 0.5 || at.Box[1] != 3200 {
		t.Errorf("weakest place %+v; want the three words at the bottom left", at)
	}
	if c := pages[0].Confidence; c < 0.7 || c > 0.99 {
		t.Errorf("page has the confidence %.3f", c)
	}
	p.Lines = append(p.Lines, line(300, "sxz, wqjk zztr ạ1b xq"))
	for i := range p.Lines[2].Words {
		p.Lines[2].Words[i].Confidence = 0.7
	}
	pages = []record.Page{p}
	if proof.Read(pages); pages[0].Weakest.Name != "bottom-left" {
		t.Errorf("weakest place %+v; want the bottom left, which is weaker than the top", pages[0].Weakest)
	}
	good := []record.Page{page("Căn cứ Luật Tổ chức chính quyền địa phương")}
	if proof.Read(good); good[0].Weakest != nil {
		t.Errorf("a page read well has the weakest place %+v", good[0].Weakest)
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; Theo đề nghị của Giám đốc Sở Tài chính tại Tờ trình", "vie"},
		{"We have the honour to inform you that the application of your company has been received by the department and that it will be answered within", "eng"},
		{"J'ai l'honneur de vous informer que la demande de votre société a été reçue par le service et que vous serez informé de la suite dans", "fra"},
		{"Jai Phonneur đe vous informer que votre demande a été reçue le 3 mars par lẻ service des archives et sera étudiée dans les prochains jours avec la plus grande attention", "fra"}, // read with the model of Vietnamese
		{"12.500 13.000 14.500 15.000", ""},
		{"Nguyen Van A", ""},
	} {
		if got := proof.Language(page(c.text).Lines); got != c.want {
			t.Errorf("Language(%.40s…) = %q; want %q", c.text, got, c.want)
		}
	}
}
