package verify

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// Sums digests a file from its start, as every signature does, and remembers the
// states where it stopped: what several signatures cover alike is read once.
type sums struct {
	r    io.ReaderAt
	size int64
	at   map[crypto.Hash][]checkpoint // in the order of their ends
}

type checkpoint struct {
	end   int64
	state hash.Cloner
}

// prefix returns the state of h after the first end bytes.
func (s *sums) prefix(ctx context.Context, h crypto.Hash, end int64) (hash.Cloner, error) {
	known := s.at[h]
	i := len(known)
	for i > 0 && known[i-1].end > end {
		i--
	}
	var from int64
	state, ok := h.New().(hash.Cloner)
	if !ok {
		return nil, fmt.Errorf("digest %v keeps no states", h)
	}
	if i > 0 {
		from = known[i-1].end
		var err error
		if state, err = known[i-1].state.Clone(); err != nil {
			return nil, err
		}
	}
	if err := s.add(ctx, state, from, end-from); err != nil {
		return nil, err
	}
	kept, err := state.Clone()
	if err != nil {
		return nil, err
	}
	s.at[h] = slices.Insert(known, i, checkpoint{end, kept})
	return state, nil
}

func (s *sums) add(ctx context.Context, state hash.Hash, from, n int64) error {
	read, err := io.CopyBuffer(struct{ io.Writer }{state}, &stoppable{ctx, io.NewSectionReader(s.r, from, n)}, make([]byte, 64<<10))
	if err == nil && read != n {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// covered digests what a signature covers.
func (s *sums) covered(ctx context.Context, h crypto.Hash, e extent) ([]byte, error) {
	if !h.Available() {
		return nil, fmt.Errorf("digest %v is not available", h)
	}
	state, err := s.prefix(ctx, h, e.ranges[1])
	if err == nil {
		err = s.add(ctx, state, e.ranges[2], e.ranges[3])
	}
	if err != nil {
		return nil, fmt.Errorf("digest the covered bytes: %w", err)
	}
	return state.Sum(nil), nil
}

// whole is the digest of the file.
func (s *sums) whole(ctx context.Context) (record.Digest, error) {
	state, err := s.prefix(ctx, crypto.SHA256, s.size)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the file became shorter: %w", err)
	}
	if err != nil {
		return "", err
	}
	return record.ParseDigest(fmt.Sprintf("%x", state.Sum(nil)))
}
