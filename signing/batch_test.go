package signing

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"io"
	"testing"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key"
)

// A remoteKey signs what was authorised and nothing else.
type remoteKey struct {
	crypto.Signer
	batch   int
	asked   []int // digests in each authorisation
	granted map[string]bool
	refuse  func(n int) error // at the nth signature
	n       int
}

func (r *remoteKey) Batch() int { return r.batch }

func (r *remoteKey) Authorise(_ context.Context, digests [][]byte, _ crypto.SignerOpts) error {
	r.asked = append(r.asked, len(digests))
	for _, d := range digests {
		r.granted[string(d)] = true
	}
	return nil
}

var errNotGranted = errors.New("not authorised")

func (r *remoteKey) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if r.n++; r.refuse != nil && r.refuse(r.n) != nil {
		return nil, r.refuse(r.n)
	}
	if !r.granted[string(digest)] {
		return nil, errNotGranted
	}
	delete(r.granted, string(digest))
	return r.Signer.Sign(rand, digest, opts)
}

func TestSealAll(t *testing.T) {
	for _, kind := range []devpki.KeyKind{devpki.RSA2048, devpki.ECDSAP256} {
		d := newDesk(t, kind)
		locked := record.Refuse(record.KeyLocked, nil, "sign")
		for _, c := range []struct {
			what    string
			batch   int
			pss     bool
			refuse  func(int) error
			asked   []int
			outcome []record.Reason // of five items, of which the third is no PDF
		}{
			{"one authorisation for all", 50, false, nil, []int{4}, []record.Reason{"", "", record.NotOurs, "", ""}},
			{"by PSS", 50, true, nil, []int{4}, []record.Reason{"", "", record.NotOurs, "", ""}},
			{"two at a time", 2, false, nil, []int{2, 1, 1}, []record.Reason{"", "", record.NotOurs, "", ""}},
			{"one signature fails", 50, false, func(n int) error {
				if n == 2 {
					return record.Fail(record.KeyUnreadable, nil, "sign")
				}
				return nil
			}, []int{4}, []record.Reason{"", record.KeyUnreadable, record.NotOurs, "", ""}},
			{"locked in the middle", 50, false, func(n int) error {
				if n == 2 {
					return locked
				}
				return nil
			}, []int{4}, []record.Reason{"", record.KeyLocked, record.KeyLocked, record.KeyLocked, record.KeyLocked}},
		} {
			remote := &remoteKey{Signer: d.key.Signer, batch: c.batch, granted: map[string]bool{}, refuse: c.refuse}
			var items []Item
			for n := range 5 {
				r := now()
				r.PSS = c.pss
				in := archival(t, n+1, 0)
				if n == 2 {
					in = []byte("GIF89a")
				}
				items = append(items, Item{bytes.NewReader(in), r})
			}
			done := 0
			out := SealAll(t.Context(), items, &key.Key{Signer: remote, Chain: d.key.Chain}, func(n int) { done = n })
			for i, o := range out {
				if got := record.ReasonOf(o.Err); got != c.outcome[i] || (o.Err == nil) != (o.Sealed != nil) {
					t.Errorf("%s, %s: item %d: %v; want %q", kind, c.what, i+1, o.Err, c.outcome[i])
				}
			}
			if done != 5 || len(remote.asked) != len(c.asked) || remote.asked[0] != c.asked[0] {
				t.Errorf("%s, %s: %d items done, authorised for %v; want 5, %v", kind, c.what, done, remote.asked, c.asked)
			}
		}
	}
}
