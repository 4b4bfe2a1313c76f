package signing

import (
	"bytes"
	"context"
	"crypto/x509"
	"io"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key"
)

// The tests hold files as bytes, to break them.

func source(b []byte) Source { return bytes.NewReader(b) }

func contents(s Source) []byte {
	if s == nil {
		return nil
	}
	b, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size()))
	if err != nil {
		panic(err) // sources of tests are memory
	}
	return b
}

func seal(ctx context.Context, in []byte, k *key.Key, r Request) ([]byte, error) {
	out, err := Seal(ctx, source(in), k, r)
	return contents(out), err
}

func signed(ctx context.Context, in []byte, k *key.Key, r Request) ([]byte, error) {
	out, err := Sign(ctx, source(in), k, r)
	return contents(out), err
}

func raise(ctx context.Context, in []byte, to record.Level, o RaiseOptions) ([]byte, record.Level, error) {
	out, level, err := Raise(ctx, source(in), to, o)
	return contents(out), level, err
}

func accept(before, returned []byte, now time.Time) (*x509.Certificate, error) {
	return AcceptMark(source(before), source(returned), now, false)
}

func complete(before []byte, draft Draft, chain []*x509.Certificate, r Request, value, whole []byte) ([]byte, error) {
	out, err := CompleteMark(source(before), draft.File, chain, r, value, whole)
	return contents(out), err
}

func opened(b []byte) (*pdf.File, error) { return open(source(b)) }

func digestOf(s signature, file []byte) []byte {
	d, err := s.digest(source(file), digestAlgorithm)
	if err != nil {
		panic(err)
	}
	return d
}

func preparedBytes(in []byte, r Request) ([]byte, error) {
	out, err := prepare(source(in), r)
	return contents(out), err
}
