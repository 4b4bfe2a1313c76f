//go:build crash

package process

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/key"
)

// A desk is where a person marks documents with her own token, once each: what she
// has signed is sent again until it is taken.
type desk struct {
	key    *key.Key
	whole  bool // a program of hers signs the file; otherwise her token signs attributes
	signed map[string][]byte
}

// desk gives a person a certificate of the house's PKI, and has the agency ask for
// her mark.
func (h *house) desk() *desk {
	h.t.Helper()
	p, err := devpki.Load(filepath.Dir(h.work.Key))
	if err != nil {
		h.t.Fatal(err)
	}
	e, err := p.IssueSigner("Nguyễn Thị Nghĩa", devpki.ECDSAP256)
	if err != nil {
		h.t.Fatal(err)
	}
	h.call("PUT", "/admin/agency", map[string]any{"name": "Sở Thử nghiệm", "personMark": true}, nil)
	return &desk{key: &key.Key{Signer: e.Key, Chain: []*x509.Certificate{e.Certificate, p.CA.Certificate}}, signed: map[string][]byte{}}
}

// mark does the next step for a document that waits for her.
func (k *desk) mark(h *house, d record.Document) {
	h.t.Helper()
	if d.Reason != "" {
		h.t.Fatalf("the mark of document %s is refused: %s", d.ID, d.Reason)
	}
	path := "/documents/" + d.ID + "/mark"
	_, given := d.Rendition(record.RenditionToMark)
	switch {
	case d.Mark.Answered() || !given:
	case k.whole:
		if k.signed[d.ID] == nil {
			k.signed[d.ID] = k.signFile(h, d)
		}
		_ = h.try("POST", path, k.signed[d.ID], nil) // sent again
	case d.Mark == nil:
		_ = h.try("POST", path+"/prepare", map[string]any{"certificates": [][]byte{k.key.Chain[0].Raw, k.key.Chain[1].Raw}}, nil)
	case d.Mark.Prepared():
		if k.signed[d.ID] == nil {
			var err error
			if k.signed[d.ID], err = k.key.Signer.Sign(rand.Reader, d.Mark.Digest, crypto.SHA256); err != nil {
				h.t.Fatal(err)
			}
		}
		_ = h.try("POST", path+"/complete", map[string]any{"signature": k.signed[d.ID]}, nil)
	}
}

// signFile is the rendition to-mark signed by her own program, nil if it could not
// be fetched.
func (k *desk) signFile(h *house, d record.Document) []byte {
	var b []byte
	if h.try("GET", "/documents/"+d.ID+"/content/to-mark", nil, &b) != nil {
		return nil
	}
	out, err := signing.Sign(h.t.Context(), bytes.NewReader(b), k.key, signing.Request{Person: "Nguyễn Thị Nghĩa", Time: time.Now()})
	if err != nil {
		h.t.Fatal(err)
	}
	signed, err := io.ReadAll(io.NewSectionReader(out, 0, out.Size()))
	if err != nil {
		h.t.Fatal(err)
	}
	return signed
}

// TestKilledAroundAMark kills the service at each point around a person's mark, in
// both ways in which it comes: she signs each document once, and the seal stands
// over the very mark that she made.
func TestKilledAroundAMark(t *testing.T) {
	t.Parallel()
	for i, c := range []struct {
		way    string
		points []string
	}{
		{"by value", []string{"moved-awaiting-mark", "put-to-mark", "advanced-awaiting-mark", "moved-awaiting-mark:2", "mark-drafted", "advanced-awaiting-mark:2", "moved-awaiting-mark:3", "put-marked", "advanced-approved"}},
		{"by file", []string{"mark-returned", "moved-awaiting-mark:2", "put-marked", "advanced-approved"}},
	} {
		t.Run(c.way, func(t *testing.T) {
			h := embedded(t)
			l := newLoad(h)
			one := start(t, h.all(), l.armed("")...)
			h.awake()
			l.clerk = h.desk()
			l.clerk.whole = c.way == "by file"
			for j, point := range c.points {
				one.kill()
				l.arm(point, one)
				one.again()
				l.add(int64(5000 + 100*i + j))
				h.until("killed at "+point, func() error { return l.untilKilled(one) })
			}
			l.arm("", one)
			one.again()
			l.finish(len(c.points))
			for _, id := range l.done {
				l.clerk.stands(h, id)
			}
		})
	}
}

// stands looks whether a sealed document bears what the person signed, taken once.
func (k *desk) stands(h *house, id string) {
	h.t.Helper()
	taken := 0
	for _, e := range h.history(id) {
		if e.Kind == "marked" {
			taken++
		}
	}
	var marked, sealed []byte
	h.call("GET", "/documents/"+id+"/content/marked", nil, &marked)
	h.call("GET", "/documents/"+id+"/content/sealed", nil, &sealed)
	if taken != 1 || !bytes.HasPrefix(sealed, marked) || k.whole && !bytes.Equal(unstamped(h.t, marked), unstamped(h.t, k.signed[id])) {
		h.t.Errorf("document %s: %d marks were taken; sealed over what she signed: %v", id, taken, bytes.HasPrefix(sealed, marked))
	}
	var d record.Document
	h.call("GET", "/documents/"+id, nil, &d)
	if n := len(slices.DeleteFunc(d.Renditions, func(r record.Rendition) bool { return r.Kind != record.RenditionMarked })); n != 1 {
		h.t.Errorf("document %s: %d marked renditions; want one", id, n)
	}
}

// unstamped is a file with one signature, with the bare value in place of its CMS:
// a time-stamp in there changes nothing of what the person signed.
func unstamped(t *testing.T, file []byte) []byte {
	t.Helper()
	return regexp.MustCompile(`/Contents ?<[0-9a-fA-F]+>`).ReplaceAllFunc(file, func(entry []byte) []byte {
		der, err := hex.DecodeString(string(entry[bytes.IndexByte(entry, '<')+1 : len(entry)-1]))
		if err != nil {
			t.Fatal(err)
		}
		signed, err := cms.Parse(der)
		if err != nil {
			t.Fatal(err)
		}
		return signed.Signers[0].Signature
	})
}
