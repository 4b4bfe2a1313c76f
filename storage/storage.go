// Package storage keeps objects for decades: written once, named by their
// SHA-256, checked when they are read.
//
// An object lies under sha256/ab/cd/<hex>; an operator can check a store with
// sha256sum alone. Beside the objects lie manifests under manifest/<subject>/<n>.json,
// one for every event, from which the catalogue can be made again.
//
// There are two backends with one contract: a folder on this machine, where
// writing once is a promise of the file system's permissions only, and an S3
// server (MinIO and its kin), where it can be object lock.
package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/record"
)

// A backend puts and reads keys. Put must be durable when it returns, must never
// replace what is there, and says fs.ErrExist-like [errExists] if the key is taken.
type backend interface {
	put(ctx context.Context, key string, r io.Reader, size int64, digest record.Digest, mediaType string) (version string, err error)
	open(ctx context.Context, key, version string) (Object, error)
	list(ctx context.Context, prefix string) iter.Seq2[string, error]
}

// errExists is what a backend's put says when the key is taken.
var errExists = errors.New("key exists")

// An Object is an open object. Size is in bytes. Version is the object store's
// own, empty where it has none.
type Object struct {
	io.ReadSeekCloser
	Size    int64
	Version string
}

// A Store is a set of objects and manifests.
type Store struct{ b backend }

func objectKey(d record.Digest) string {
	return "sha256/" + string(d[:2]) + "/" + string(d[2:4]) + "/" + string(d)
}

// Put stores size bytes from r, which must have the digest d, and returns the
// version that holds them. When it returns nil the bytes are durable. An object
// that is there already with the same bytes is success. Bytes of another digest
// are an error and leave nothing behind.
func (s *Store) Put(ctx context.Context, r io.Reader, size int64, d record.Digest, mediaType string) (string, error) {
	if _, err := record.ParseDigest(string(d)); err != nil {
		return "", err
	}
	timed, done := observe.Store(ctx, "put")
	version, err := s.b.put(timed, objectKey(d), r, size, d, mediaType)
	done(unlessHeld(err))
	if errors.Is(err, errExists) {
		return s.held(ctx, d, size)
	}
	if err != nil {
		return "", fmt.Errorf("store object %s: %w", d, err)
	}
	return version, nil
}

// unlessHeld is err, unless it says that the object is there already.
func unlessHeld(err error) error {
	if errors.Is(err, errExists) {
		return nil
	}
	return err
}

// PutBytes is Put of b under its own digest.
func (s *Store) PutBytes(ctx context.Context, b []byte, mediaType string) (record.Rendition, error) {
	d := record.DigestOf(b)
	version, err := s.Put(ctx, bytes.NewReader(b), int64(len(b)), d, mediaType)
	return record.Rendition{SHA256: d, Bytes: int64(len(b)), MediaType: mediaType, VersionID: version}, err
}

// held checks that the object which is there already is what was to be stored.
func (s *Store) held(ctx context.Context, d record.Digest, size int64) (string, error) {
	o, err := s.Open(ctx, d, "")
	if err != nil {
		return "", err
	}
	defer o.Close()
	if o.Size != size {
		return "", fmt.Errorf("object %s is held with %d bytes, %d were to be stored: %w", d, o.Size, size, ErrDamaged)
	}
	got, _, err := record.ReadDigest(o)
	if err != nil {
		return "", fmt.Errorf("read held object %s: %w", d, err)
	}
	if got != d {
		return "", fmt.Errorf("object %s is held with digest %s: %w", d, got, ErrDamaged)
	}
	return o.Version, nil
}

// ErrDamaged says that stored bytes are not what their name says.
var ErrDamaged = record.Fail(record.StoredDamaged, nil, "stored bytes are damaged")

// Open opens an object for reading; version "" is the only or newest one. An
// object that is not there is an error of kind record.ErrNotFound. The bytes are
// not checked here: whoever streams them compares the digest (see [Check]).
func (s *Store) Open(ctx context.Context, d record.Digest, version string) (Object, error) {
	if _, err := record.ParseDigest(string(d)); err != nil {
		return Object{}, err
	}
	timed, done := observe.Store(ctx, "open")
	o, err := s.b.open(timed, objectKey(d), version)
	if errors.Is(err, record.ErrNotFound) {
		done(nil) // that is an answer
	} else {
		done(err)
	}
	return o, err
}

// Get copies an object to w. If the bytes do not have the digest it ends with an
// error wrapping ErrDamaged, and w holds less than the whole object.
func (s *Store) Get(ctx context.Context, d record.Digest, version string, w io.Writer) error {
	o, err := s.Open(ctx, d, version)
	if err != nil {
		return err
	}
	defer o.Close()
	if _, err := io.Copy(w, Check(o, o.Size, d)); err != nil {
		return fmt.Errorf("read object %s: %w", d, err)
	}
	return nil
}

// Read returns a whole object of at most limit bytes, its digest checked.
func (s *Store) Read(ctx context.Context, d record.Digest, version string, limit int64) ([]byte, error) {
	o, err := s.Open(ctx, d, version)
	if err != nil {
		return nil, err
	}
	defer o.Close()
	if o.Size > limit {
		return nil, fmt.Errorf("object %s has %d bytes, at most %d can be read at once: %w", d, o.Size, limit, record.ErrInvalid)
	}
	b, err := io.ReadAll(io.LimitReader(o, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read object %s: %w", d, err)
	}
	if got := record.DigestOf(b); got != d {
		return nil, fmt.Errorf("object %s was read with digest %s: %w", d, got, ErrDamaged)
	}
	return b, nil
}

// Objects lists the digests of all objects.
func (s *Store) Objects(ctx context.Context) iter.Seq2[record.Digest, error] {
	return func(yield func(record.Digest, error) bool) {
		for key, err := range s.b.list(ctx, "sha256/") {
			d, perr := record.ParseDigest(key[strings.LastIndexByte(key, '/')+1:])
			if err == nil && (perr != nil || objectKey(d) != key) {
				continue // not ours
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

func manifestKey(subject string, n int) string {
	return fmt.Sprintf("manifest/%s/%d.json", subject, n)
}

// PutManifest stores manifest n of a document or dossier. The same bytes again
// are success, other bytes are an error of kind record.ErrConflict.
func (s *Store) PutManifest(ctx context.Context, subject string, n int, b []byte) error {
	key := manifestKey(subject, n)
	_, err := s.b.put(ctx, key, bytes.NewReader(b), int64(len(b)), record.DigestOf(b), "application/json")
	if !errors.Is(err, errExists) {
		return err
	}
	held, err := s.Manifest(ctx, subject, n)
	if err != nil {
		return err
	}
	if !bytes.Equal(held, b) {
		return fmt.Errorf("%s is held with other bytes: %w", key, record.ErrConflict)
	}
	return nil
}

const manifestLimit = 16 << 20 // bytes

// Manifest returns manifest n of a subject.
func (s *Store) Manifest(ctx context.Context, subject string, n int) ([]byte, error) {
	o, err := s.b.open(ctx, manifestKey(subject, n), "")
	if err != nil {
		return nil, err
	}
	defer o.Close()
	return io.ReadAll(io.LimitReader(o, manifestLimit))
}

// A ManifestRef names one manifest.
type ManifestRef struct {
	Subject string
	Number  int
}

// Manifests lists all manifests, in no particular order.
func (s *Store) Manifests(ctx context.Context) iter.Seq2[ManifestRef, error] {
	return func(yield func(ManifestRef, error) bool) {
		for key, err := range s.b.list(ctx, "manifest/") {
			if err != nil {
				yield(ManifestRef{}, err)
				return
			}
			parts := strings.Split(strings.TrimSuffix(key, ".json"), "/")
			n, nerr := strconv.Atoi(parts[len(parts)-1])
			if len(parts) != 3 || nerr != nil || manifestKey(parts[1], n) != key {
				continue // not ours
			}
			if !yield(ManifestRef{parts[1], n}, nil) {
				return
			}
		}
	}
}

func sealKey(document string, version int) string {
	return fmt.Sprintf("seal/%s/%d/", document, version)
}

// MarkSeal notes, before a sealed PDF is stored, under which digest it is going to
// lie: after a crash the seal of that version of the document can be found again
// although no row names it yet.
func (s *Store) MarkSeal(ctx context.Context, document string, version int, sealed record.Digest) error {
	body := []byte("{}\n")
	_, err := s.b.put(ctx, sealKey(document, version)+string(sealed), bytes.NewReader(body), int64(len(body)), record.DigestOf(body), "application/json")
	if errors.Is(err, errExists) {
		return nil
	}
	return err
}

// MarkedSeals returns what MarkSeal noted for that version of the document,
// whether the object was stored afterwards or not.
func (s *Store) MarkedSeals(ctx context.Context, document string, version int) ([]record.Digest, error) {
	var all []record.Digest
	for key, err := range s.b.list(ctx, sealKey(document, version)) {
		if err != nil {
			return nil, err
		}
		d, err := record.ParseDigest(strings.TrimPrefix(key, sealKey(document, version)))
		if err != nil {
			continue // not ours
		}
		all = append(all, d)
	}
	return all, nil
}

// Ping reports whether the store answers.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.b.open(ctx, "ping", "")
	if err == nil || errors.Is(err, record.ErrNotFound) {
		return nil
	}
	return fmt.Errorf("ask the object store: %w", err)
}
