// Package pdf is the one PDF reader, the one incremental writer and the one XMP
// packet builder of the house.
//
// The reader ([Open]) takes files as they are: it follows cross-reference
// tables and streams (ISO 32000-1, 7.5), lists every revision of the file
// ([File.Revisions]), shows the file as it was after each of them ([File.AsOf])
// and says what a verifier must hear about it ([File.Anomalies]). It repairs
// nothing; [OpenRepaired] does, for recognition only.
//
// Input is hostile. Nothing is allocated because a length says so, everything
// is counted against [Limits], cycles end, and memory does not grow with the
// size of the file but with the number of its objects (about 100 bytes each).
//
// The writers ([Writer], [Update]) are deterministic: same calls, same bytes.
//
// Files that open without a password can be read ([File.Unlock]) and are never
// written. The package does not decode pictures and runs no content streams. A File is not safe for concurrent use; open one for each goroutine.
package pdf

import "errors"

// What can be wrong with a file. Errors of this package wrap one of them, or an
// error of the underlying reader.
var (
	ErrNotPDF        = errors.New("not a PDF")
	ErrEncrypted     = errors.New("encrypted")
	ErrDamaged       = errors.New("damaged")
	ErrLimit         = errors.New("limit exceeded")
	ErrNotAppendable = errors.New("no cross-reference of one kind to append to")
)

// Limits bound what a reader does for one file.
type Limits struct {
	Objects     int   // entries in all cross-reference sections together
	Depth       int   // nesting of arrays, dictionaries and the page tree; length of a chain of references
	Revisions   int   // cross-reference sections
	Pages       int   // pages of a document
	Values      int   // values inside one object
	StringBytes int   // length of one string or name
	StreamBytes int64 // decoded length of one stream
}

// DefaultLimits are generous for paper and small for an attack.
func DefaultLimits() Limits {
	return Limits{
		Objects:     1 << 20,
		Depth:       100,
		Revisions:   1000,
		Pages:       100_000,
		Values:      1 << 20,
		StringBytes: 16 << 20,
		StreamBytes: 64 << 20,
	}
}
