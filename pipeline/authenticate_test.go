package pipeline

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/trust"
)

// A device is a key that is there and does not work.
type device struct {
	crypto.Signer
	err error
}

func (d device) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, d.err }

// A key that cannot be used leaves the document approved, with the reason, and
// nothing that is half signed.
func TestKeyThatFails(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(m *marking)
		other  record.Digest
		want   record.Reason
	}{
		{"expired", func(m *marking) { m.Seal.Now = func() time.Time { return time.Now().AddDate(20, 0, 0) } }, "", record.CertExpired},
		{"revoked", func(m *marking) { m.pki.Revoke(m.pki.Signer.Certificate, time.Now().Add(-time.Hour)) }, "", record.CertRevoked},
		{"of another certificate", func(m *marking) { m.Seal.Key = &key.Key{Signer: m.clerk.Signer, Chain: m.Seal.Key.Chain} }, "", record.KeyMismatch},
		{"of a CA", func(m *marking) {
			m.Seal.Key = &key.Key{Signer: m.pki.CA.Key, Chain: []*x509.Certificate{m.pki.CA.Certificate}}
		}, "", record.CertUsage},
		{"locked", func(m *marking) {
			m.Seal.Key = &key.Key{Signer: device{m.Seal.Key.Signer, record.Refuse(record.KeyLocked, nil, "sign")}, Chain: m.Seal.Key.Chain}
		}, "", record.KeyLocked},
		{"with a wrong PIN", func(m *marking) {
			m.Seal.Key = &key.Key{Signer: device{m.Seal.Key.Signer, record.Refuse(record.KeyPassword, nil, "sign")}, Chain: m.Seal.Key.Chain}
		}, "", record.KeyPassword},
		{"sound, the decision is on another PDF", func(*marking) {}, record.DigestOf([]byte("another")), record.StaleDecision},
	} {
		m := newMarking(t)
		d := m.reviewed(t, record.Approved, record.JobAuthenticate, c.other)
		c.change(m)
		err := m.Authenticate(t.Context(), m.job(t, d))
		if record.ReasonOf(err) != c.want {
			t.Errorf("a key %s: Authenticate = %v; want %s", c.what, err, c.want)
		}
		after, err := m.catalogue.Document(t.Context(), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, sealed := after.Rendition(record.RenditionSealed); sealed || after.Status != record.Approved {
			t.Errorf("a key %s: the document is %s, sealed %v; want it approved", c.what, after.Status, sealed)
		}
		if c.want != record.StaleDecision && after.Reason != c.want {
			t.Errorf("a key %s: the document says %q; want %q", c.what, after.Reason, c.want)
		}
		if noted, err := m.store.MarkedSeals(t.Context(), d.ID, after.Version); err != nil || len(noted) != 0 {
			t.Errorf("a key %s: seals noted %v, %v; want none", c.what, noted, err)
		}
	}
}

func TestOnlyApprovedDocumentsAreSealed(t *testing.T) {
	m := newMarking(t)
	d := m.awaiting(t)
	if err := m.Authenticate(t.Context(), record.Job{Document: d.ID}); !errors.Is(err, record.ErrConflict) {
		t.Errorf("Authenticate(awaiting mark) = %v; want a conflict", err)
	}
	if err := m.Raise(t.Context(), record.Job{Document: d.ID}); !errors.Is(err, record.ErrConflict) {
		t.Errorf("Raise(awaiting mark) = %v; want a conflict", err)
	}
	if after, err := m.catalogue.Document(t.Context(), d.ID); err != nil || after.Status != record.AwaitingMark || after.Version != d.Version {
		t.Errorf("afterwards it is %s, %v; want it as it was", after.Status, err)
	}
}

// job is the one that is due for a document, begun.
func (m *marking) job(t *testing.T, d record.Document) record.Job {
	t.Helper()
	due, err := m.catalogue.Pending(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range due {
		if j.Document == d.ID {
			if j, _, err = m.catalogue.Start(t.Context(), j.JobRef, "test"); err != nil {
				t.Fatal(err)
			}
			return j
		}
	}
	t.Fatal("no job is due")
	return record.Job{}
}

// When a seal ends is noted with the table of algorithms that says so; by another
// table it ends at another day, whatever is noted.
func TestASealEndsByItsTable(t *testing.T) {
	m := newMarking(t)
	m.Seal.Target = record.BLTA
	m.Seal.Raise.TSA = &timestamp.Client{URLs: []string{m.pki.URL + "/tsa"}, Roots: m.pki.Roots()}
	m.Seal.Raise.Algorithms = trust.TS119312()
	d := m.reviewed(t, record.Approved, record.JobAuthenticate, "")
	for _, handle := range []func(context.Context, record.Job) error{m.Authenticate, m.Raise} {
		if err := handle(t.Context(), m.job(t, d)); err != nil {
			t.Fatal(err)
		}
	}
	d, err := m.catalogue.Document(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := d.Rendition(record.RenditionSealed)
	if end := m.pki.TSA.Certificate.NotAfter; d.Level != record.BLTA || sealed.Until == nil || !sealed.Until.Equal(end) || sealed.Table != trust.TS119312().Name() {
		t.Fatalf("%s until %v by %q; want B-LTA until %s by the table of the standard", d.Level, sealed.Until, sealed.Table, end)
	}
	soon := time.Now().AddDate(2, 0, 0).UTC().Truncate(time.Second)
	m.Seal.Raise.Algorithms.Digests["SHA-256"] = soon
	if other := m.Seal.Raise.Algorithms.Name(); other == sealed.Table {
		t.Errorf("another table has the name %q too", other)
	}
	if until, err := m.SealEnds(t.Context(), d); err != nil || !until.Equal(soon) {
		t.Errorf("SealEnds = %s, %v; want %s, when SHA-256 ends", until, err, soon)
	}
}
