package pipeline

import (
	"context"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// agencies is a catalogue that knows one agency.
type agencies struct {
	Catalogue
	text record.TextMode
}

func (a agencies) Agency(context.Context, string) (record.Agency, error) {
	return record.Agency{ID: "H01", Text: a.text}, nil
}

// What a clerk asks of a PDF's own text goes before what her agency wants.
func TestTextModeOfAnUpload(t *testing.T) {
	for _, tt := range []struct{ asked, agency, want record.TextMode }{
		{"", "", ""},
		{"", record.RedoText, record.RedoText},
		{record.SkipText, record.ForceText, record.SkipText},
		{record.ForceText, "", record.ForceText},
	} {
		w := &Worker{Catalogue: agencies{text: tt.agency}}
		in, err := w.fetch(context.Background(), record.Document{Agency: "H01", Text: tt.asked}, t.TempDir())
		if err != nil || in.Text != tt.want {
			t.Errorf("asked %q, agency %q: %q, %v; want %q", tt.asked, tt.agency, in.Text, err, tt.want)
		}
	}
}

func TestLayoutsNameTheirSource(t *testing.T) {
	r := record.Digitised{Name: "qd", Software: "Sohoa", Original: record.Original{Files: []record.RenditionRef{{SHA256: record.DigestOf([]byte("scan"))}}},
		Pages: []record.Page{{Width: 10, Height: 10}}}
	for _, l := range []Layout{ALTO, HOCR} {
		path, err := l.File(t.TempDir(), r, "vi")
		if err != nil {
			t.Fatal(err)
		}
		ref, err := describeFile(path)
		if err != nil || ref.Bytes == 0 || l.Kind == "" || l.MediaType == "" {
			t.Errorf("%s: %+v, %v", l.Suffix, ref, err)
		}
		if _, err := l.File("/nowhere/at/all", r, "vi"); err == nil {
			t.Errorf("%s: a folder that is not there is no error", l.Suffix)
		}
	}
}
