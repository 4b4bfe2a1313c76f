package page

import (
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"slices"

	xtiff "golang.org/x/image/tiff"

	"github.com/sohoa/sohoa/record"
)

// TIFF compressions that matter here.
const (
	tiffPlain      = 1
	tiffHuffman    = 2
	tiffG3         = 3
	tiffG4         = 4
	tiffLZW        = 5
	tiffOldJPEG    = 6
	tiffJPEG       = 7
	tiffDeflate    = 8
	tiffOldDeflate = 32946
	tiffPackBits   = 32773
)

// openTIFF finds the pages. A chain of pages that breaks off is refused: an
// archive must not lose the rest in silence. One that runs in a circle is read
// up to there.
func (d *opened) openTIFF(f *os.File, size int64) error {
	t, err := newTIFF(f, size)
	if err != nil {
		return err
	}
	offsets, rest, err := t.pages(d.limits.Pages)
	if err != nil {
		return err
	}
	if rest != nil {
		if len(offsets) == 0 || record.ReasonOf(rest) != record.Damaged {
			return rest
		}
		d.warn("%v", rest)
	}
	if len(offsets) == 0 {
		return record.Refuse(record.NoPages, nil, "TIFF without a page")
	}
	d.count = len(offsets)
	d.page = func(n int) (record.Scan, error) {
		dir, err := t.directory(offsets[n])
		if err != nil {
			return record.Scan{}, err
		}
		return d.tiffPage(t, dir, f.Name(), fmt.Sprintf("%04d", n+1))
	}
	return nil
}

// tiffPage passes a page through if a PDF can carry its one strip, and otherwise
// decodes it and stores it without loss.
func (d *opened) tiffPage(t *tiff, dir tiffDir, file, name string) (record.Scan, error) {
	p := tiffPicture{
		width: int(min(t.value(dir, tagWidth, 0), math.MaxInt32)), height: int(min(t.value(dir, tagHeight, 0), math.MaxInt32)),
		bits: t.value(dir, tagBitsPerSample, 1), samples: t.value(dir, tagSamplesPerPixel, 1),
		compression: t.value(dir, tagCompression, tiffPlain), photometric: t.value(dir, tagPhotometric, 0),
	}
	if _, stated := dir.entries[tagSamplesPerPixel]; !stated {
		depths, _ := t.numbers(dir, tagBitsPerSample)
		p.samples = uint64(max(1, len(depths)))
	}
	if err := d.checkPixels(p.width, p.height); err != nil {
		return record.Scan{}, err
	}
	if err := t.whole(dir); err != nil {
		return record.Scan{}, err
	}
	strips, err := t.strips(dir)
	if err != nil {
		return record.Scan{}, err
	}
	s, upright, err := d.tiffScan(t, dir, p, strips, file, name)
	if err != nil {
		return record.Scan{}, err
	}
	s.DPIX, s.DPIY = t.resolution(dir)
	orientation := int(t.value(dir, tagOrientation, 1))
	if upright {
		if orientation >= 5 && orientation <= 8 {
			s.DPIX, s.DPIY = s.DPIY, s.DPIX
		}
	} else {
		s.Rotate, s.Mirrored = turn(orientation)
	}
	return s, nil
}

// essential are the tags whose values must lie inside the file.
var essential = []uint16{tagBitsPerSample, tagStripOffsets, tagStripByteCounts, tagColorMap, tagTileOffsets, tagTileByteCounts, tagJPEGTables}

// whole refuses a page of which a part lies outside the file.
func (t *tiff) whole(dir tiffDir) error {
	for _, tag := range essential {
		if _, err := t.bytes(dir, tag, maxValues); err != nil {
			return err
		}
	}
	return nil
}

// tiffPicture is what the tags of a page say of its samples.
type tiffPicture struct {
	width, height                           int
	bits, samples, compression, photometric uint64
}

// A strip is where some rows of a page lie.
type strip struct{ at, length uint64 }

// strips returns the strips of a page, each inside the file; none if it is tiled.
func (t *tiff) strips(dir tiffDir) ([]strip, error) {
	offsets, err := t.numbers(dir, tagStripOffsets)
	if err != nil {
		return nil, err
	}
	lengths, err := t.numbers(dir, tagStripByteCounts)
	if err != nil {
		return nil, err
	}
	if len(lengths) != len(offsets) {
		return nil, nil // old writers leave the lengths out; libtiff works them out
	}
	all := make([]strip, len(offsets))
	for i, at := range offsets {
		if at > uint64(t.size) || lengths[i] > uint64(t.size)-at {
			return nil, record.Refuse(record.Truncated, nil, "TIFF of %d bytes: strip %d has %d bytes at %d", t.size, i+1, lengths[i], at)
		}
		all[i] = strip{at, lengths[i]}
	}
	return all, nil
}

// tiffScan writes the stream of a page. It says whether the pixels are already
// turned as the orientation tag asks.
func (d *opened) tiffScan(t *tiff, dir tiffDir, p tiffPicture, strips []strip, file, name string) (s record.Scan, upright bool, err error) {
	one := len(strips) == 1 && p.bits == 1 && p.samples == 1
	switch {
	case one && p.compression == tiffG4 && p.photometric <= 1 && t.value(dir, tagT6Options, 0) == 0:
		s, err = d.passG4(t, dir, p, strips[0], name)
		return s, false, err
	case p.compression == tiffJPEG && len(strips) > 0:
		s, ok, err := d.passTIFFJPEG(t, dir, p, strips, name)
		if ok || err != nil {
			return s, false, err
		}
	case p.compression == tiffOldJPEG:
		s, ok, err := d.passOldJPEG(t, dir, p, strips, name)
		if ok || err != nil {
			return s, false, err
		}
	}
	if p.compression == tiffJPEG && len(strips) == 0 {
		if m, err := t.jpegTiles(dir, p); m != nil || err != nil {
			return d.storeTIFF(t, dir, m, err, name)
		}
	}
	if m := t.wholeBytes(dir, p); m != nil {
		return d.storeTIFF(t, dir, m, nil, name)
	}
	if p.bits > 1 && t.value(dir, tagPlanar, 1) == 1 && t.value(dir, tagFillOrder, 1) == 1 {
		if m, err := xtiff.Decode(pageReader(t, dir)); err == nil {
			return d.storeTIFF(t, dir, m, nil, name)
		}
	}
	if x, err := t.faxes(dir, p); x != nil {
		defer x.Free()
		s, err = d.storeG4(x, name)
		return s, false, err
	} else if err != nil && t.tiled(dir) { // of strips libtiff may know where they are
		return s, false, err
	}
	if p.bits > 1 || p.samples > 1 || t.tiled(dir) {
		if m, err := t.samples(dir, p); m != nil || err != nil {
			return d.storeTIFF(t, dir, m, err, name)
		}
	}
	x, err := decodeTIFFAt(file, dir.at)
	if err != nil {
		return s, false, t.notRead(dir, p, err)
	}
	defer x.Free()
	if err := p.judge(x.faults); err != nil {
		return s, false, err
	}
	s, err = d.storePix(x, name)
	return s, true, err
}

// Compressions that no standard reader needs, and that libtiff knows.
var tiffUncommon = []uint64{34887, 34925, 50000} // LERC, LZMA, Zstandard

// judge says what it means that a decoded page has faults: a fax may have come so
// over the line, and what is left can be read; of others the places are black.
func (p tiffPicture) judge(faults int) error {
	switch {
	case faults == 0 || p.compression >= tiffHuffman && p.compression <= tiffG4:
		return nil
	case p.compression > tiffPackBits && !slices.Contains(tiffUncommon, p.compression):
		return record.Refuse(record.FormatNotRead, nil, "TIFF with compression %d", p.compression)
	}
	return record.Refuse(record.Damaged, nil, "TIFF page of which %d parts cannot be unpacked", faults)
}

// notRead says of a page that could not be decoded that its kind is not read here,
// if that is so: it need not be damaged.
func (t *tiff) notRead(dir tiffDir, p tiffPicture, err error) error {
	known := []uint64{tiffPlain, tiffHuffman, tiffG3, tiffG4, tiffLZW, tiffJPEG, tiffDeflate, tiffOldDeflate, tiffPackBits}
	switch format := t.value(dir, tagSampleFormat, 1); {
	case !slices.Contains(known, p.compression):
		return record.Refuse(record.FormatNotRead, err, "TIFF with compression %d", p.compression)
	case p.compression == tiffJPEG && p.photometric == 5:
		return record.Refuse(record.FormatNotRead, err, "TIFF with %d inks in JPEG", p.samples)
	case format != 1:
		return record.Refuse(record.FormatNotRead, err, "TIFF with samples of format %d", format)
	case p.bits > 16 && p.bits <= 64:
		return record.Refuse(record.FormatNotRead, err, "TIFF with samples of %d bits", p.bits)
	case p.photometric > 8:
		return record.Refuse(record.FormatNotRead, err, "TIFF with colours of kind %d", p.photometric)
	}
	return err
}

// storeTIFF stores a decoded page, which is not turned, unless it failed.
func (d *opened) storeTIFF(t *tiff, dir tiffDir, m image.Image, failed error, name string) (s record.Scan, upright bool, err error) {
	if failed != nil {
		return s, false, failed
	}
	icc, _ := t.bytes(dir, tagICCProfile, maxProfile)
	s, err = d.storeImage(m, icc, name)
	return s, false, err
}

// passG4 takes a Group 4 strip as it is; only the order of the bits in each byte
// is turned where a PDF asks for it. Photometric 1 shows white runs black.
func (d *opened) passG4(t *tiff, dir tiffDir, p tiffPicture, at strip, name string) (record.Scan, error) {
	b, err := t.read(int64(at.at), at.length)
	if err != nil {
		return record.Scan{}, err
	}
	if t.value(dir, tagFillOrder, 1) == 2 {
		turnBits(b)
	}
	s := record.Scan{
		File: name + ".g4", Filter: "CCITTFaxDecode", Width: p.width, Height: p.height, Bits: 1,
		Space: "DeviceGray", Colors: 1, K: -1, BlackIs1: p.photometric == 1,
	}
	return s, d.out.write(s.File, b)
}

// pageReader shows the file with another page as its first one, for a decoder
// that reads only the first.
func pageReader(t *tiff, dir tiffDir) io.Reader {
	head := make([]byte, 8)
	t.r.ReadAt(head[:4], 0)
	t.order.PutUint32(head[4:], uint32(dir.at))
	return io.NewSectionReader(patched{t.r, head}, 0, t.size)
}

// patched is a file whose first bytes are others.
type patched struct {
	r    io.ReaderAt
	head []byte
}

func (p patched) ReadAt(b []byte, at int64) (int, error) {
	n, err := p.r.ReadAt(b, at)
	if at < int64(len(p.head)) {
		copy(b[:n], p.head[at:])
	}
	return n, err
}
