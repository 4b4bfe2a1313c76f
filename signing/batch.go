package signing

import (
	"context"
	"crypto"
	"errors"
	"io"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key"
)

// An Item is one of several files that are sealed with one key.
type Item struct {
	In      Source
	Request Request
}

// An Outcome is what became of an item: its seal, or why there is none.
type Outcome struct {
	Sealed Source
	Err    error
}

// SealAll seals the items, with one authorisation for as many as the key allows.
// A failure of one leaves the others; after one that all would share (a wrong PIN,
// a locked key, the end of ctx) the rest are not tried and have the same error.
// progress may be nil; it is called after each item. The outcomes are in the order
// of the items. Reasons: those of [Seal].
func SealAll(ctx context.Context, items []Item, k *key.Key, progress func(done int)) []Outcome {
	out := make([]Outcome, len(items))
	authoriser, _ := k.Signer.(key.Authoriser)
	size := 1
	if authoriser != nil {
		size = authoriser.Batch()
	}
	var stop error
	for start := 0; start < len(items); start += size {
		end := min(start+size, len(items))
		if stop == nil && size > 1 {
			stop = authorise(ctx, items[start:end], k, authoriser)
		}
		for i := start; i < end; i++ {
			if out[i].Err = stop; stop == nil {
				out[i].Sealed, out[i].Err = Seal(ctx, items[i].In, k, items[i].Request)
			}
			if stop == nil && shared(ctx, out[i].Err) {
				stop = out[i].Err
			}
			if progress != nil {
				progress(i + 1)
			}
		}
	}
	return out
}

// shared reports whether an error would befall every other item too.
func shared(ctx context.Context, err error) bool {
	switch record.ReasonOf(err) {
	case record.KeyPassword, record.KeyLocked, record.KeyMismatch, record.CertExpired, record.CertNotYet, record.CertUsage, record.CertRevoked, record.KeyWeak:
		return err != nil
	}
	return ctx.Err() != nil
}

// authorise has the digests of the items authorised that can be sealed. What is
// wrong with the others shows when they are.
func authorise(ctx context.Context, items []Item, k *key.Key, authoriser key.Authoriser) error {
	var digests [][]byte
	var opts crypto.SignerOpts
	for _, item := range items {
		seen := &witness{public: k.Signer.Public()}
		_, _ = Seal(ctx, item.In, &key.Key{Signer: seen, Chain: k.Chain}, item.Request) // never a seal: what else is wrong shows later
		if seen.digest != nil {
			digests, opts = append(digests, seen.digest), seen.opts
		}
	}
	if len(digests) == 0 {
		return ctx.Err()
	}
	return authoriser.Authorise(ctx, digests, opts)
}

// A witness is a key that only learns what it would sign: the same request gives
// the same bytes to sign.
type witness struct {
	public crypto.PublicKey
	digest []byte
	opts   crypto.SignerOpts
}

var errWitness = errors.New("nothing is signed yet")

func (w *witness) Public() crypto.PublicKey { return w.public }

func (w *witness) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	w.digest, w.opts = digest, opts
	return nil, errWitness
}
