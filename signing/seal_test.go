package signing

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// A desk has everything that sealing needs.
type desk struct {
	pki *devpki.PKI
	key *key.Key
	tsa *timestamp.Client
}

func newDesk(t *testing.T, signer devpki.KeyKind) *desk { return newDeskAt(t, signer, time.Now) }

func newDeskAt(t *testing.T, signer devpki.KeyKind, now func() time.Time) *desk {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	p, err := devpki.New(devpki.Options{URL: "http://" + server.Listener.Addr().String(), Keys: devpki.ECDSAP256, Signer: signer, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = p.Handler()
	server.Start()
	t.Cleanup(server.Close)
	dir := t.TempDir()
	if err := p.Save(dir); err != nil {
		t.Fatal(err)
	}
	k, err := key.OpenPKCS12(filepath.Join(dir, devpki.SignerFile), filepath.Join(dir, devpki.PasswordFile))
	if err != nil {
		t.Fatal(err)
	}
	return &desk{pki: p, key: k, tsa: &timestamp.Client{URLs: []string{p.URL + "/tsa"}, Roots: p.Roots(), Now: now}}
}

// archival is a PDF/A of one grey A4 page with a line of text, turned by rotate.
func archival(t *testing.T, pages, rotate int) []byte {
	t.Helper()
	work := t.TempDir()
	img := image.NewGray(image.Rect(0, 0, 413, 585))
	for i := range img.Pix {
		img.Pix[i] = 0xf0
	}
	for x := 30; x < 380; x++ {
		img.SetGray(x, 100, color.Gray{})
	}
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, img, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, "1.jpg"), jpg.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	w, h := 413, 585
	if rotate%180 != 0 {
		w, h = h, w
	}
	d := pdfa.Document{Title: "Quyết định", Language: "vi", Work: work, Source: record.DigestOf(jpg.Bytes()), Producer: "Sohoa test"}
	for n := range pages {
		d.Pages = append(d.Pages, record.Page{
			Number: n + 1, Width: w, Height: h, DPI: 50, Rotate: rotate, Colour: "grey", Bits: 8, Source: "image",
			Lines: []record.Line{{Box: record.Box{30, 80, 150, 98}, Size: 18, Words: []record.Word{{Text: "Quyết", Box: record.Box{30, 80, 80, 98}, Confidence: 0.9}, {Text: "định", Box: record.Box{90, 80, 150, 98}, Confidence: 0.9}}}},
			Scan:  record.Scan{File: "1.jpg", Filter: "DCTDecode", Width: 413, Height: 585, Bits: 8, Space: "DeviceGray", Colors: 1, DPIX: 50, DPIY: 50},
		})
	}
	var out bytes.Buffer
	if err := pdfa.Write(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var request = Request{
	CopyForm: "Sao y",
	Fields: record.Fields{
		record.CodeNumber: {Value: "15", Normal: "15", Status: record.Read, Confidence: 0.9},
		record.OrganName:  {Value: "ỦY BAN NHÂN DÂN\nXÃ VĨNH NGHĨA", Normal: "ỦY BAN NHÂN DÂN XÃ VĨNH NGHĨA", Status: record.Read},
		record.Urgency:    {Status: record.Missing},
	},
}

func now() Request {
	r := request
	r.Time = time.Now()
	return r
}

// keep writes what a test made into the folder SOHOA_KEEP, for other validators.
func keep(t *testing.T, name string, b []byte, d *desk) {
	dir := os.Getenv("SOHOA_KEEP")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.pki.Save(filepath.Join(dir, "pki-"+name)); err != nil {
		t.Fatal(err)
	}
}

func TestSealAndTimestamp(t *testing.T) {
	for _, kind := range []devpki.KeyKind{devpki.RSA2048, devpki.ECDSAP256} {
		d := newDesk(t, kind)
		for _, rotate := range []int{0, 90, 180, 270} {
			in := archival(t, 1, rotate)
			sealed, err := seal(t.Context(), in, d.key, now())
			if err != nil {
				t.Fatalf("%s: Seal = %v; want a seal", kind, err)
			}
			stamped, level, err := raise(t.Context(), sealed, record.BT, RaiseOptions{TSA: d.tsa})
			if err != nil || level != record.BT {
				t.Fatalf("%s: Raise = %s, %v; want B-T", kind, level, err)
			}
			if rotate == 0 || kind == devpki.RSA2048 {
				name := string(kind)[:3] + string(rune('0'+rotate/90))
				keep(t, name+"-B.pdf", sealed, d)
				keep(t, name+"-T.pdf", stamped, d)
			}
		}
	}
}
