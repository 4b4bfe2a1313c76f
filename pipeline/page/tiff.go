package page

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/sohoa/sohoa/record"
)

// TIFF 6.0 tags besides those in fax.go.
const (
	tagNewSubfileType = 254
	tagOrientation    = 274
	tagXResolution    = 282
	tagYResolution    = 283
	tagPlanar         = 284
	tagT6Options      = 293
	tagResolutionUnit = 296
	tagPredictor      = 317
	tagColorMap       = 320
	tagTileOffsets    = 324
	tagTileByteCounts = 325
	tagTileWidth      = 322
	tagTileLength     = 323
	tagExtraSamples   = 338
	tagSampleFormat   = 339
	tagJPEGTables     = 347
	tagOldJPEG        = 513 // where a JPEG, or its tables, begin
	tagOldJPEGLength  = 514
	tagOldJPEGRestart = 515
	tagOldJPEGQ       = 519 // where each component's tables lie
	tagOldJPEGDC      = 520
	tagOldJPEGAC      = 521
	tagSubsampling    = 530
	tagReferenceBW    = 532 // which values are black and white
	tagICCProfile     = 34675
)

// maxEntries bounds the entries of a directory; real ones have some twenty.
const maxEntries = 4096

// A tiff is the directories of a TIFF or BigTIFF (also of an EXIF segment).
type tiff struct {
	r     io.ReaderAt
	size  int64
	order binary.ByteOrder
	big   bool
	first int64 // offset of the first directory
}

// A tiffDir is one directory: a page.
type tiffDir struct {
	at, next int64
	entries  map[uint16]tiffEntry
}

type tiffEntry struct {
	kind  uint16
	count uint64
	value []byte // 4 or 8 bytes: the value itself if it fits, else its offset
}

var tiffSizes = map[uint16]uint64{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

func newTIFF(r io.ReaderAt, size int64) (*tiff, error) {
	var head [16]byte
	n, _ := r.ReadAt(head[:], 0)
	if n < 8 {
		return nil, record.Refuse(record.Truncated, nil, "TIFF of %d bytes", size)
	}
	t := &tiff{r: r, size: size, order: binary.LittleEndian}
	if head[0] == 'M' {
		t.order = binary.BigEndian
	}
	switch version := t.order.Uint16(head[2:]); {
	case version == 42:
		t.first = int64(t.order.Uint32(head[4:]))
	case version == 43 && n == 16:
		t.big = true
		t.first = int64(t.order.Uint64(head[8:]))
	default:
		return nil, record.Refuse(record.Damaged, nil, "TIFF of version %d", version)
	}
	return t, nil
}

// read returns n bytes at an offset, within the file.
func (t *tiff) read(at int64, n uint64) ([]byte, error) {
	if at < 0 || n > math.MaxInt32 || at > t.size-int64(n) {
		return nil, record.Refuse(record.Truncated, nil, "TIFF of %d bytes: %d bytes at %d lie outside", t.size, n, at)
	}
	b := make([]byte, n)
	if _, err := t.r.ReadAt(b, at); err != nil {
		return nil, fmt.Errorf("read TIFF: %w", err)
	}
	return b, nil
}

// directory reads the directory at an offset.
func (t *tiff) directory(at int64) (tiffDir, error) {
	countLen, entryLen, valueAt := uint64(2), uint64(12), 8
	if t.big {
		countLen, entryLen, valueAt = 8, 20, 12
	}
	head, err := t.read(at, countLen)
	if err != nil {
		return tiffDir{}, err
	}
	n := t.number(head)
	if n > maxEntries {
		return tiffDir{}, record.Refuse(record.Damaged, nil, "TIFF directory with %d entries", n)
	}
	body, err := t.read(at+int64(countLen), n*entryLen)
	if err != nil {
		return tiffDir{}, err
	}
	d := tiffDir{at: at, entries: make(map[uint16]tiffEntry, n)}
	for ; len(body) > 0; body = body[entryLen:] {
		e := tiffEntry{kind: t.order.Uint16(body[2:]), count: t.number(body[4:valueAt]), value: body[valueAt:entryLen]}
		d.entries[t.order.Uint16(body)] = e
	}
	next, err := t.read(at+int64(countLen+n*entryLen), t.offsetLen())
	if err != nil {
		return tiffDir{}, err
	}
	d.next = int64(t.number(next))
	return d, nil
}

func (t *tiff) offsetLen() uint64 {
	if t.big {
		return 8
	}
	return 4
}

func (t *tiff) number(b []byte) uint64 {
	switch len(b) {
	case 2:
		return uint64(t.order.Uint16(b))
	case 4:
		return uint64(t.order.Uint32(b))
	}
	return t.order.Uint64(b)
}

// bytes returns the value of a tag as it is stored, at most limit bytes; nil
// without the tag.
func (t *tiff) bytes(d tiffDir, tag uint16, limit uint64) ([]byte, error) {
	e, ok := d.entries[tag]
	unit := tiffSizes[e.kind]
	if !ok || unit == 0 || e.count == 0 {
		return nil, nil
	}
	if e.count > limit/unit {
		return nil, record.Refuse(record.Damaged, nil, "TIFF tag %d with %d values", tag, e.count)
	}
	if n := e.count * unit; n <= uint64(len(e.value)) {
		return e.value[:n], nil
	}
	return t.read(int64(t.number(e.value)), e.count*unit)
}

// maxValues bounds the bytes of one tag: strip offsets of a page of a million rows.
const maxValues = 8 << 20

// numbers returns the values of a tag of integers.
func (t *tiff) numbers(d tiffDir, tag uint16) ([]uint64, error) {
	b, err := t.bytes(d, tag, maxValues)
	if err != nil || b == nil {
		return nil, err
	}
	unit := int(tiffSizes[d.entries[tag].kind])
	if unit == 1 {
		out := make([]uint64, len(b))
		for i, v := range b {
			out[i] = uint64(v)
		}
		return out, nil
	}
	out := make([]uint64, 0, len(b)/unit)
	for ; len(b) >= unit; b = b[unit:] {
		out = append(out, t.number(b[:unit]))
	}
	return out, nil
}

// value returns the first value of a tag, or otherwise.
func (t *tiff) value(d tiffDir, tag uint16, otherwise uint64) uint64 {
	v, err := t.numbers(d, tag)
	if err != nil || len(v) == 0 {
		return otherwise
	}
	return v[0]
}

// resolution returns dots per inch, 0 when none is stated.
func (t *tiff) resolution(d tiffDir) (x, y float64) {
	scale := map[uint64]float64{2: 1, 3: 2.54}[t.value(d, tagResolutionUnit, 2)]
	return scale * t.rational(d, tagXResolution), scale * t.rational(d, tagYResolution)
}

// fullRange reports whether luminance and colour reach from 0 to 255, as in every
// JPEG.
func (t *tiff) fullRange(dir tiffDir) bool {
	b, err := t.bytes(dir, tagReferenceBW, 48)
	if err != nil || len(b) != 48 {
		return err == nil
	}
	for i, want := range [6]uint32{0, 255, 128, 255, 128, 255} {
		if over := t.order.Uint32(b[8*i+4:]); over == 0 || t.order.Uint32(b[8*i:])/over != want {
			return false
		}
	}
	return true
}

func (t *tiff) rational(d tiffDir, tag uint16) float64 {
	b, err := t.bytes(d, tag, 8)
	if err != nil || len(b) != 8 || t.order.Uint32(b[4:]) == 0 {
		return 0
	}
	return float64(t.order.Uint32(b)) / float64(t.order.Uint32(b[4:]))
}

// pages walks the chain of directories and returns the offsets of those that are
// pages: no thumbnails, no masks. A chain that runs into itself or out of the
// file ends there; rest says so.
func (t *tiff) pages(limit int) (offsets []int64, rest error, err error) {
	seen := map[int64]bool{}
	var reduced []int64
	for at := t.first; at != 0; {
		if seen[at] {
			rest = record.Refuse(record.Damaged, nil, "the chain of TIFF directories runs in a circle after %d", len(seen))
			break
		}
		seen[at] = true
		if len(offsets) >= limit || len(seen) > 2*limit+16 {
			return nil, nil, record.Refuse(record.TooManyPages, nil, "TIFF with more than %d pages", limit)
		}
		d, err := t.directory(at)
		if err != nil {
			rest = err
			break
		}
		if t.value(d, tagNewSubfileType, 0)&5 == 0 {
			offsets = append(offsets, at)
		} else {
			reduced = append(reduced, at)
		}
		at = d.next
	}
	if len(offsets) == 0 {
		offsets = reduced
	}
	return offsets, rest, nil
}
