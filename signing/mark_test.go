package signing

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"slices"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/key"
)

// A clerk has a token at her own desk.
type clerk struct {
	*key.Key
	pss bool
}

func (d *desk) clerk(t *testing.T, kind devpki.KeyKind, pss bool) clerk {
	t.Helper()
	e, err := d.pki.IssueSigner("Nguyễn Thị Nghĩa", kind)
	if err != nil {
		t.Fatal(err)
	}
	return clerk{&key.Key{Signer: e.Key, Chain: []*x509.Certificate{e.Certificate, d.pki.CA.Certificate}}, pss}
}

// signs is what her token makes of the attributes that were given out.
func (c clerk) signs(t *testing.T, attributes []byte) []byte {
	t.Helper()
	digest := sha256.Sum256(attributes)
	var opts crypto.SignerOpts = crypto.SHA256
	if c.pss {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	}
	value, err := c.Signer.Sign(rand.Reader, digest[:], opts)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func toMark(t *testing.T) (before []byte, r Request) {
	t.Helper()
	r = now()
	r.Person, r.Reviewed = "Nguyễn Thị Nghĩa", true
	before, err := preparedBytes(archival(t, 2, 0), r)
	if err != nil {
		t.Fatal(err)
	}
	return before, r
}

func TestMarkAtTheDesk(t *testing.T) {
	for _, c := range []struct {
		kind devpki.KeyKind
		pss  bool
	}{{devpki.RSA2048, false}, {devpki.RSA2048, true}, {devpki.ECDSAP256, false}} {
		d := newDesk(t, devpki.RSA2048)
		person := d.clerk(t, c.kind, c.pss)
		before, r := toMark(t)
		r.PSS = c.pss
		draft, err := DraftMark(source(before), person.Chain, r)
		if err != nil {
			t.Fatalf("%s: DraftMark = %v", c.kind, err)
		}
		marked, err := complete(before, draft, person.Chain, r, person.signs(t, draft.Attributes), nil)
		if err != nil {
			t.Fatalf("%s: CompleteMark = %v", c.kind, err)
		}
		if by, err := accept(before, marked, time.Now()); err != nil || !by.Equal(person.Certificate()) {
			t.Errorf("%s: AcceptMark = %v, %v; want the clerk", c.kind, by, err)
		}
		s, err := lastSignature(draft.File)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := cms.Build(cms.Draft{Signer: person.Signer, Certificate: person.Certificate(), Hash: crypto.SHA256, PSS: c.pss, Digest: digestOf(s, contents(draft.File))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := complete(before, draft, person.Chain, r, nil, whole); err != nil {
			t.Errorf("%s: CompleteMark(a CMS of her own) = %v", c.kind, err)
		}
		sealed, err := seal(t.Context(), marked, d.key, now())
		if err != nil {
			t.Fatalf("%s: Seal over the mark = %v", c.kind, err)
		}
		raised, level, err := raise(t.Context(), sealed, record.BLTA, RaiseOptions{TSA: d.tsa, Roots: d.pki.Roots(), Evidence: NewEvidence(true)})
		if err != nil || level != record.BLTA {
			t.Errorf("%s: Raise = %s, %v; want B-LTA", c.kind, level, err)
		}
		keep(t, "desk-"+string(c.kind[:3])+map[bool]string{true: "-pss"}[c.pss]+".pdf", raised, d)
	}
}

func TestMarkThatIsRefused(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	person, other := d.clerk(t, devpki.ECDSAP256, false), d.clerk(t, devpki.ECDSAP256, false)
	before, r := toMark(t)
	draft, err := DraftMark(source(before), person.Chain, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what         string
		value, whole []byte
	}{
		{"a value over something else", person.signs(t, []byte("something else")), nil},
		{"a value of another key", other.signs(t, draft.Attributes), nil},
		{"no value", []byte{}, nil},
		{"a CMS that is none", nil, []byte("no CMS")},
		{"a value that does not fit", nil, make([]byte, valueBytes+1)},
	} {
		if _, err := complete(before, draft, person.Chain, r, c.value, c.whole); record.ReasonOf(err) != record.MarkUnsound {
			t.Errorf("%s: CompleteMark = %v; want mark-unsound", c.what, err)
		}
	}
	expired := r
	expired.Time = time.Now().AddDate(20, 0, 0)
	if _, err := DraftMark(source(before), person.Chain, expired); record.ReasonOf(err) != record.CertExpired {
		t.Errorf("DraftMark(expired) = %v; want certificate-expired", err)
	}
}

func TestReturnedDocumentThatIsRefused(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	person := d.clerk(t, devpki.ECDSAP256, false)
	before, r := toMark(t)
	good, err := signed(t.Context(), before, person.Key, r)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := signed(t.Context(), good, person.Key, r)
	if err != nil {
		t.Fatal(err)
	}
	sealedAnew, err := seal(t.Context(), before, person.Key, r) // describes the fields once more
	if err != nil {
		t.Fatal(err)
	}
	other := r
	other.Fields = record.Fields{}
	anotherDocument, err := seal(t.Context(), archival(t, 1, 0), person.Key, other)
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(good)
	flipped[len(flipped)-40] ^= 1
	for _, c := range []struct {
		what     string
		returned []byte
		want     record.Reason
	}{
		{"signed by her program", good, ""},
		{"as it was given out", before, record.MarkUnsound},
		{"cut off", good[:len(good)-100], record.MarkUnsound},
		{"another document", anotherDocument, record.MarkOther},
		{"signed twice", twice, record.MarkUnsound},
		{"metadata changed before signing", sealedAnew, record.MarkMore},
		{"a page turned before signing", signTurned(t, before, person.Key, r), record.MarkMore},
		{"bytes after the signature", append(slices.Clone(good), "% more\n"...), record.MarkMore},
		{"a byte of the signature's revision changed", flipped, record.MarkUnsound},
		{"no PDF", []byte("%PDF-1.7\n"), record.MarkOther},
	} {
		if _, err := accept(before, c.returned, time.Now()); record.ReasonOf(err) != c.want {
			t.Errorf("%s: AcceptMark = %v; want reason %q", c.what, err, c.want)
		}
	}
	if _, err := accept(before, good, time.Now().AddDate(20, 0, 0)); record.ReasonOf(err) != record.CertExpired {
		t.Errorf("accept(expired) = %v; want certificate-expired", err)
	}
}

// signTurned turns the second page in the revision that is signed.
func signTurned(t *testing.T, before []byte, k *key.Key, r Request) []byte {
	t.Helper()
	f, err := opened(before)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := f.Pages()
	if err != nil {
		t.Fatal(err)
	}
	update, err := pdf.NewUpdate(f)
	if err != nil {
		t.Fatal(err)
	}
	pages[1].Dict["Rotate"] = 180
	update.Set(pages[1].Ref, pages[1].Dict)
	out := bytes.NewBuffer(slices.Clone(before))
	if _, err := update.WriteTo(out); err != nil {
		t.Fatal(err)
	}
	signed, err := signed(t.Context(), out.Bytes(), k, r)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}
