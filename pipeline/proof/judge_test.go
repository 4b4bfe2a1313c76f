package proof_test

import (
	"testing"

	"github.com/sohoa/sohoa/pipeline/proof"
	"github.com/sohoa/sohoa/record"
)

func TestSureness(t *testing.T) {
	p := page("cơ quan có thấm quyền quyết định theo quy định của pháp luật", "về việc phê duyệt kế hoạch phát triển kinh tế của địa phương trong năm")
	j := proof.Of(p)
	if got := j.Language(); got != proof.Vietnamese {
		t.Errorf("Language = %q", got)
	}
	as := func(texts ...string) (words []record.Word) {
		for i, s := range texts {
			w := p.Lines[0].Words[3]
			w.Text, w.Box[0] = s, w.Box[0]+i
			words = append(words, w)
		}
		return words
	}
	wrong, right := j.Sureness(0, 3, 4), j.Sureness(0, 3, 4, as("thẩm")...)
	if wrong > 0.5 || right < 0.8 {
		t.Errorf("thấm quyền is sure to %.3f, thẩm quyền to %.3f", wrong, right)
	}
	if got := j.Sureness(0, 2, 5); got != wrong {
		t.Errorf("có thấm quyền is sure to %.3f; want %.3f, that of the least sure word", got, wrong)
	}
	if got := j.Sureness(0, 3, 4, as("có", "thấm")...); got > wrong+0.1 {
		t.Errorf("with thấm among them two words are sure to %.3f", got)
	}
	if got := p.Lines[0].Words[3].Text; got != "thấm" {
		t.Errorf("the page has %q now", got)
	}
}
