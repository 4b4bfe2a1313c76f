package pipeline

import (
	"context"
	"io"

	"github.com/sohoa/sohoa/record"
)

// The ports are interfaces because tests must make each of them fail: the engine,
// the object store and the catalogue are the outside world.

// A Recogniser reads one page; the real one is ocr.Pool.
type Recogniser interface {
	// Recognise decodes p.Scan from the work folder and returns p with its facts,
	// its preview (written into the work folder) and its words.
	Recognise(ctx context.Context, work string, p record.Page) (record.Page, error)
}

// Objects is the object store.
type Objects interface {
	// Get copies an object to w; other bytes than the digest says are an error.
	Get(ctx context.Context, d record.Digest, version string, w io.Writer) error
	// Put stores an object once. When it returns nil the bytes are durable.
	Put(ctx context.Context, r io.Reader, size int64, d record.Digest, mediaType string) (version string, err error)
	// MarkSeal notes durably that a sealed PDF of this digest is about to be put.
	MarkSeal(ctx context.Context, document string, version int, sealed record.Digest) error
	// MarkedSeals returns what was noted, whether it was put afterwards or not.
	MarkedSeals(ctx context.Context, document string, version int) ([]record.Digest, error)
}

// Catalogue is where documents stand.
type Catalogue interface {
	Document(ctx context.Context, id string) (record.Document, error)
	Agency(ctx context.Context, id string) (record.Agency, error)
	// Advance moves a document, or is an error of kind record.ErrConflict when
	// somebody else was faster. When it returns nil everything in the change is
	// committed together.
	Advance(ctx context.Context, id string, from, to record.Status, change record.Change) (record.Document, error)
}
