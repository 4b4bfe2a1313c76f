package storage

import (
	"context"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// listing is a backend that holds nothing but one name.
type listing struct{ key string }

func (l listing) put(context.Context, string, io.Reader, int64, record.Digest, string) (string, error) {
	return "", nil
}

func (l listing) open(context.Context, string, string) (Object, error) {
	return Object{}, record.ErrNotFound
}

func (l listing) list(_ context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if strings.HasPrefix(l.key, prefix) {
			yield(l.key, nil)
		}
	}
}

// FuzzNames: whatever name somebody gave to something in a bucket, what is listed
// as ours is found under that name and no other.
func FuzzNames(f *testing.F) {
	for _, key := range []string{"", "sha256/", "manifest/x/1.json", "manifest/x/01.json", "manifest//1.json", "manifest/x/-1.json", "manifest/x/1", "manifest/../x/1.json",
		"sha256/e3/b0/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "sha256/aa/b0/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"seal/x/3/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "seal/x/3/aa"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		s := &Store{listing{key}}
		for d, err := range s.Objects(t.Context()) {
			if err == nil && objectKey(d) != key {
				t.Errorf("%q is listed as object %s", key, d)
			}
		}
		for m, err := range s.Manifests(t.Context()) {
			if err == nil && manifestKey(m.Subject, m.Number) != key {
				t.Errorf("%q is listed as manifest %d of %q", key, m.Number, m.Subject)
			}
		}
		if all, err := s.MarkedSeals(t.Context(), "x", 3); err == nil {
			for _, d := range all {
				if sealKey("x", 3)+string(d) != key {
					t.Errorf("%q is listed as seal %s", key, d)
				}
			}
		}
	})
}
