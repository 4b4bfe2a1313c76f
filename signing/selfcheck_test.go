package signing

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/key"
)

// A bench has one seal fresh from the engine, to be broken.
type bench struct {
	*desk
	f           *pdf.File
	before, out []byte
	want        expected
}

func newBench(t *testing.T) bench {
	t.Helper()
	b := bench{desk: newDesk(t, devpki.ECDSAP256)}
	r := now()
	var err error
	if b.before, err = preparedBytes(archival(t, 2, 90), r); err != nil {
		t.Fatal(err)
	}
	if b.f, err = opened(b.before); err != nil {
		t.Fatal(err)
	}
	mark, err := layOut(b.f, b.key, r)
	if err != nil {
		t.Fatal(err)
	}
	b.want = expected{certificate: b.key.Certificate(), time: r.Time, rect: mark.Rect}
	once := &keyOnce{ctx: t.Context(), signer: b.key.Signer, chain: b.key.Chain}
	out, err := engineSign(t.Context(), source(b.before), b.before, once, once.chain, r, mark)
	if err != nil {
		t.Fatal(err)
	}
	b.out = contents(out)
	return b
}

// resign puts a signature that holds into a file whose signed bytes were changed.
func (b bench) resign(t *testing.T, file []byte) []byte {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), pdf.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	all, err := signatures(f)
	if err != nil {
		return file
	}
	s := all[len(all)-1]
	der, err := cms.Build(cms.Draft{Signer: b.key.Signer, Certificate: b.key.Certificate(), Hash: crypto.SHA256, Digest: digestOf(s, file)})
	if err != nil {
		t.Fatal(err)
	}
	out, err := replaceValue(source(file), s, der)
	if err != nil {
		t.Fatal(err)
	}
	return contents(out)
}

// lastly replaces text in the revision of the signature by one as long.
func (b bench) lastly(t *testing.T, old, new string) []byte {
	t.Helper()
	n := len(b.before)
	if len(old) != len(new) || strings.Count(string(b.out[n:]), old) == 0 {
		t.Fatalf("%q is not in the revision of the signature, or %q is not as long", old, new)
	}
	return b.resign(t, append(slices.Clone(b.out[:n]), bytes.ReplaceAll(b.out[n:], []byte(old), []byte(new))...))
}

func TestSelfCheck(t *testing.T) {
	b := newBench(t)
	other, err := b.pki.IssueSigner("Somebody else (for development)", devpki.ECDSAP256)
	if err != nil {
		t.Fatal(err)
	}
	stranger := b
	stranger.desk = &desk{key: &key.Key{Signer: other.Key, Chain: []*x509.Certificate{other.Certificate}}}
	mismatch := b
	mismatch.desk = &desk{key: &key.Key{Signer: other.Key, Chain: b.key.Chain}}
	for _, c := range []struct {
		what string
		out  []byte
		want string // in the error; "" for none
	}{
		{"as the engine made it", b.out, ""},
		{"signed again by us", b.resign(t, b.out), ""},
		{"a byte before the signature", b.resign(t, bytes.Replace(b.out, []byte("DisplayDocTitle true"), []byte("DisplayDocTitle null"), 1)), "have changed"},
		{"a signed byte", bytes.Replace(b.out, []byte("/SigFlags 3"), []byte("/SigFlags 2"), 1), "digest"},
		{"bytes at the end", append(slices.Clone(b.out), "\n% more"...), "follow the last"},
		{"another certificate", stranger.resign(t, b.out), "another certificate"},
		{"key of another certificate", mismatch.resign(t, b.out), "does not verify"},
		{"byte range", bytes.Replace(b.out, []byte("/ByteRange [0 "), []byte("/ByteRange [1 "), 1), "byte range"},
		{"page turned", b.lastly(t, "/Rotate 90", "/Rotate 80"), "page 1 has changed"},
		{"language", b.lastly(t, "/Lang (vi)", "/Lang (en)"), "catalog has changed"},
		{"flags of the form", b.lastly(t, "/SigFlags 3", "/SigFlags 1"), "form has changed"},
		{"flags of the field", b.lastly(t, "/F 132", "/F 134"), "flags 134"},
		{"field without mark", b.lastly(t, "/AP << /N", "/AP << /D"), "shows no mark"},
		{"claimed time", b.lastly(t, "+07'00'", "+08'00'"), "claimed time"},
		{"another kind of signature", b.lastly(t, "/ETSI.CAdES.detached", "/adbe.pkcs7.detachd"+"e"), "PAdES"},
		{"text in the signature", b.lastly(t, "/DigestMethod", "/Reason (a)%%"), "/Reason"},
	} {
		err := selfCheck(b.f, source(b.before), source(c.out), b.want)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: selfCheck = %v; want %q", c.what, err, c.want)
		}
	}
}

func TestMarkElsewhereIsCaught(t *testing.T) {
	b := newBench(t)
	b.want.rect[0] += 1
	if err := selfCheck(b.f, source(b.before), source(b.out), b.want); err == nil {
		t.Error("selfCheck of a mark a point beside its place = nil; want an error")
	}
}

func TestKeyIsUsedOnce(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	k := &keyOnce{ctx: t.Context(), signer: d.key.Signer, chain: d.key.Chain}
	if _, err := k.Sign(nil, make([]byte, 32), crypto.SHA256); err != nil {
		t.Errorf("first Sign = %v; want a signature", err)
	}
	if _, err := k.Sign(nil, make([]byte, 32), crypto.SHA256); err == nil {
		t.Error("second Sign = nil; want an error")
	}
}

// A forger signs with a key that is not the one it shows.
type forger struct{ shown, used crypto.Signer }

func (f forger) Public() crypto.PublicKey { return f.shown.Public() }
func (f forger) Sign(r io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	return f.used.Sign(r, digest, o)
}

type broken struct{ crypto.Signer }

var errToken = errors.New("token removed")

func (broken) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, errToken }

func TestNothingLeavesUnsound(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	in := archival(t, 1, 0)
	chain := d.key.Chain
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late := now()
	late.Time = late.Time.AddDate(6, 0, 0)
	odd := now()
	odd.Agency = "日本"
	for _, c := range []struct {
		what string
		ctx  context.Context
		key  *key.Key
		r    Request
		want record.Reason
	}{
		{"sound", t.Context(), d.key, now(), ""},
		{"a device that signs with another key", t.Context(), &key.Key{Signer: forger{d.key.Signer, d.pki.TSA.Key}, Chain: chain}, now(), record.SealUnsound},
		{"a device that fails", t.Context(), &key.Key{Signer: broken{d.key.Signer}, Chain: chain}, now(), record.Internal},
		{"too late", cancelled, d.key, now(), record.Internal},
		{"key of another certificate", t.Context(), &key.Key{Signer: d.pki.TSA.Key, Chain: chain}, now(), record.KeyMismatch},
		{"certificate expired", t.Context(), d.key, late, record.CertExpired},
		{"agency in letters that the face lacks", t.Context(), d.key, odd, record.MarkUnprintable},
	} {
		out, err := seal(c.ctx, in, c.key, c.r)
		if got := record.ReasonOf(err); got != c.want || (err != nil) != (out == nil) {
			t.Errorf("%s: Seal = %d bytes, %v; want reason %q", c.what, len(out), err, c.want)
		}
	}
}

func TestSameRequestSameBytes(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	in := archival(t, 1, 0)
	r := now()
	one, err1 := seal(t.Context(), in, d.key, r)
	two, err2 := seal(t.Context(), in, d.key, r)
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Errorf("two seals of one request differ, or %v, %v", err1, err2)
	}
	r.Time = r.Time.Add(time.Hour)
	if three, err := seal(t.Context(), in, d.key, r); err != nil || bytes.Equal(one, three) {
		t.Errorf("a seal an hour later is the same, or %v", err)
	}
}
