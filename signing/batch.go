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
	size := BatchSize(k)
	var stop error
	for start := 0; start < len(items); start += size {
		end := min(start+size, len(items))
		if stop == nil && size > 1 {
			b := NewBatch(k)
			for _, item := range items[start:end] {
				b.Add(ctx, item.In, item.Request)
			}
			stop = b.Authorise(ctx)
		}
		for i := start; i < end; i++ {
			if out[i].Err = stop; stop == nil {
				out[i].Sealed, out[i].Err = Seal(ctx, items[i].In, k, items[i].Request)
			}
			if stop == nil && Shared(ctx, out[i].Err) {
				stop = out[i].Err
			}
			if progress != nil {
				progress(i + 1)
			}
		}
	}
	return out
}

// Shared reports whether an error of [Seal] would befall every other file with the
// same key too.
func Shared(ctx context.Context, err error) bool {
	switch record.ReasonOf(err) {
	case record.KeyPassword, record.KeyLocked, record.KeyMismatch, record.CertExpired, record.CertNotYet, record.CertUsage, record.CertRevoked, record.KeyWeak:
		return err != nil
	}
	return ctx.Err() != nil
}

// BatchSize is how many files one authorisation of k can be for: 1 where what is
// signed need not be told before.
func BatchSize(k *key.Key) int {
	if authoriser, is := k.Signer.(key.Authoriser); is {
		return authoriser.Batch()
	}
	return 1
}

// A Batch is files that are going to be sealed one after another, with the one
// authorisation that [Batch.Authorise] asks for.
type Batch struct {
	key     *key.Key
	digests [][]byte
	opts    crypto.SignerOpts
}

// NewBatch returns an empty one.
func NewBatch(k *key.Key) *Batch { return &Batch{key: k} }

// Add notes what [Seal] would have signed. Nothing is signed yet, and what is wrong
// with a file shows when it is sealed.
func (b *Batch) Add(ctx context.Context, in Source, r Request) {
	seen := &witness{public: b.key.Signer.Public()}
	_, _ = Seal(ctx, in, &key.Key{Signer: seen, Chain: b.key.Chain}, r) // never a seal: a witness signs nothing
	if seen.digest != nil {
		b.digests, b.opts = append(b.digests, seen.digest), seen.opts
	}
}

// Authorise has all that was added authorised at once: at most [BatchSize] files.
func (b *Batch) Authorise(ctx context.Context) error {
	authoriser, is := b.key.Signer.(key.Authoriser)
	if !is || len(b.digests) == 0 {
		return ctx.Err()
	}
	return authoriser.Authorise(ctx, b.digests, b.opts)
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
