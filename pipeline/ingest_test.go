package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
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

// kept is a store that keeps the last object.
type kept struct {
	Objects
	body []byte
}

func (k *kept) Put(_ context.Context, body io.Reader, size int64, d record.Digest, mediaType string) (string, error) {
	var err error
	k.body, err = io.ReadAll(body)
	if int64(len(k.body)) != size || record.DigestOf(k.body) != d {
		return "", errors.New("size or digest is that of something else")
	}
	return "", err
}

// A record that goes by way of a file is what encoding/json writes: its digest must not change.
func TestTheRecordIsStoredAsEver(t *testing.T) {
	r := record.Digitised{Name: "<đơn> & \u2028", Pages: []record.Page{{Number: 1}}}
	want, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var store kept
	k := keeper{ctx: t.Context(), objects: &store}
	k.record(t.TempDir(), r)
	if k.err != nil || !bytes.Equal(store.body, want) || len(k.kept) != 1 || k.kept[0].MediaType != "application/json" {
		t.Errorf("stored %s as %+v, %v; want %s", store.body, k.kept, k.err, want)
	}
	gone := keeper{ctx: t.Context(), objects: &store}
	if gone.record("/nowhere/at/all", r); gone.err == nil || len(gone.kept) > 0 {
		t.Errorf("a folder that is not there: %v, %v", gone.kept, gone.err)
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
