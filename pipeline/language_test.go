package pipeline

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// speaker is a recogniser that knows what stands on a page in each language.
type speaker map[string]string

func (s speaker) Recognise(_ context.Context, _ string, p record.Page) (record.Page, error) {
	text, knows := s[p.Language]
	if !knows {
		return p, errors.New("no such model")
	}
	return readAs(p.Number, text), nil
}

func readAs(number int, text string) record.Page {
	p := record.Page{Number: number, Lines: []record.Line{{}}}
	for _, w := range strings.Fields(text) {
		p.Lines[0].Words = append(p.Lines[0].Words, record.Word{Text: w, Confidence: 0.9})
	}
	return p
}

func TestPagesInOtherLanguagesAreReadAgain(t *testing.T) {
	const (
		vietnamese = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; Theo đề nghị của Giám đốc Sở Tài chính tại Tờ trình"
		misread    = "Jai Phonneur đe vous informer que votre demande a été reçue le 3 mars par lẻ service des archives et sera étudiée dans les jours"
		french     = "J'ai l'honneur de vous informer que votre demande a été reçue le 3 mars par le service des archives et sera étudiée dans les jours"
		english    = "We have the honour to inform you that the application of your company has been received by the department and will be answered within"
	)
	for _, c := range []struct {
		name, first, want string
		knows             speaker
		detect            bool
	}{
		{"French, the model is there", misread, french, speaker{"fra+vie": french}, true},
		{"French, by setting not looked for", misread, misread, speaker{"fra+vie": french}, false},
		{"French, the model is missing", misread, misread, speaker{}, true},
		{"French, the second reading is none", misread, misread, speaker{"fra+vie": "§ § §"}, true},
		{"English, which is read well as it is", english, english, speaker{"eng": "again", "eng+vie": "again"}, true},
		{"Vietnamese", vietnamese, vietnamese, speaker{"vie": "again", "": "again"}, true},
	} {
		d := Digitiser{Recogniser: c.knows, Detect: c.detect}
		read := []record.Page{readAs(1, c.first)}
		if err := d.readAgain(context.Background(), "", []record.Page{{Number: 1}}, read); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(record.Text(read)); got != c.want {
			t.Errorf("%s: %.40s…; want %.40s…", c.name, got, c.want)
		}
	}
}

func TestCancelledWhileReadingAgain(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d := Digitiser{Recogniser: speaker{}, Detect: true}
	read := []record.Page{readAs(1, strings.Repeat("le service des archives et la demande pour vous ", 4))}
	if err := d.readAgain(ctx, "", []record.Page{{Number: 1}}, read); !errors.Is(err, context.Canceled) {
		t.Errorf("readAgain = %v; want that it was cancelled", err)
	}
}
