package page

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// passOldJPEG makes one JPEG of a page in the JPEG of TIFF 6.0, section 22, which
// writers took in several ways. ok is false if what comes of it cannot be decoded
// without a complaint, or has colours of another range than a JPEG's.
func (d *opened) passOldJPEG(t *tiff, dir tiffDir, p tiffPicture, strips []strip, name string) (s record.Scan, ok bool, err error) {
	b := t.oldJPEG(dir, p, strips)
	h, err := readJPEG(b)
	if err != nil || h.width != p.width || h.height != p.height || h.components != int(p.samples) || p.samples == 3 && !t.fullRange(dir) {
		return s, false, nil
	}
	x, warnings, err := decodeJPEG(b, false)
	x.Free()
	if err != nil || warnings > 0 {
		return s, false, nil
	}
	if len(h.icc) == 0 {
		h.icc, _ = t.bytes(dir, tagICCProfile, maxProfile)
	}
	h.orientation = 0 // the directory's tag counts
	s, err = d.passJPEG(b, h, name)
	return s, err == nil, err
}

// oldJPEG puts the JPEG of a page together; nil if that cannot be done. It lies in
// the file whole, or only its tables do, or those are tags; the strips hold the
// data then.
func (t *tiff) oldJPEG(dir tiffDir, p tiffPicture, strips []strip) []byte {
	head, _ := t.read(int64(t.value(dir, tagOldJPEG, 0)), t.value(dir, tagOldJPEGLength, 0))
	if len(head) == 0 && len(strips) == 1 {
		head, _ = t.read(int64(strips[0].at), strips[0].length)
	}
	soi, eoi := []byte{0xff, 0xd8}, []byte{0xff, 0xd9}
	if h, _ := readJPEG(head); h.frame != 0 && bytes.Contains(head, []byte{0xff, 0xda}) {
		if !h.ended {
			head = append(head, eoi...)
		}
		return head
	}
	if bytes.HasPrefix(head, soi) && bytes.Contains(head, []byte{0xff, 0xc0}) {
		head = bytes.TrimSuffix(head, eoi)
	} else {
		head = t.oldTables(dir, p)
	}
	if head == nil || len(strips) == 0 || len(strips) > maxStrips {
		return nil
	}
	out := binary.BigEndian.AppendUint16(append(head, 0xff, 0xdd, 0, 4), t.oldInterval(dir, p, len(strips)))
	for i, at := range strips {
		b, err := t.read(int64(at.at), at.length)
		if err != nil {
			return nil
		}
		switch {
		case i > 0:
			out = append(out, 0xff, 0xd0+byte((i-1)%8))
		case !bytes.HasPrefix(b, []byte{0xff, 0xda}):
			out = append(out, scanHeader(p)...)
		}
		out = append(out, bytes.TrimSuffix(b, eoi)...)
	}
	return append(out, eoi...)
}

// oldInterval is the number of coding units after which the data begins anew: those
// of a strip, unless the page says it; 0 for a page of one.
func (t *tiff) oldInterval(dir tiffDir, p tiffPicture, strips int) uint16 {
	if n := t.value(dir, tagOldJPEGRestart, 0); n > 0 || strips == 1 {
		return uint16(n)
	}
	across, down := t.subsampling(dir, p)
	rows := int(min(t.value(dir, tagRowsPerStrip, 0), uint64(p.height)))
	return uint16((p.width + 8*across - 1) / (8 * across) * (rows / (8 * down)))
}

// subsampling is how many luminance samples there are to one of colour.
func (t *tiff) subsampling(dir tiffDir, p tiffPicture) (across, down int) {
	if p.samples == 1 {
		return 1, 1
	}
	across, down = 2, 2
	if v, _ := t.numbers(dir, tagSubsampling); len(v) == 2 && v[0]*v[1] > 0 && v[0] <= 4 && v[1] <= 4 {
		across, down = int(v[0]), int(v[1])
	}
	return across, down
}

// oldTables makes everything of a JPEG up to its scan from tags.
func (t *tiff) oldTables(dir tiffDir, p tiffPicture) []byte {
	if p.width > 0xffff || p.height > 0xffff || p.samples != 1 && p.samples != 3 {
		return nil
	}
	out := []byte{0xff, 0xd8}
	for class, tag := range []uint16{tagOldJPEGQ, tagOldJPEGDC, tagOldJPEGAC} {
		at, err := t.numbers(dir, tag)
		if err != nil || len(at) != int(p.samples) {
			return nil
		}
		var tables [][]byte
		for i, from := range at {
			table := t.oldTable(class, byte(min(i, 1)), int64(from))
			if table == nil || i == 2 && !bytes.Equal(table, tables[1]) {
				return nil // a baseline JPEG has no third one
			}
			tables = append(tables, table)
		}
		out = append(out, slices.Concat(tables[:min(len(tables), 2)]...)...)
	}
	across, down := t.subsampling(dir, p)
	n := byte(p.samples)
	out = append(out, 0xff, 0xc0, 0, 8+3*n, 8, byte(p.height>>8), byte(p.height), byte(p.width>>8), byte(p.width), n)
	for i := range n {
		sampling := byte(0x11)
		if i == 0 {
			sampling = byte(across<<4 | down)
		}
		out = append(out, i+1, sampling, min(i, 1))
	}
	return out
}

// oldTable returns a table: class 0 of 64 quantisers, else of Huffman codes, whose
// number the first 16 bytes give for each length.
func (t *tiff) oldTable(class int, id byte, at int64) []byte {
	if class == 0 {
		b, err := t.read(at, 64)
		if err != nil {
			return nil
		}
		return append([]byte{0xff, 0xdb, 0, 67, id}, b...)
	}
	counts, err := t.read(at, 16)
	if err != nil {
		return nil
	}
	n := 0
	for _, c := range counts {
		n += int(c)
	}
	b, err := t.read(at, uint64(16+n))
	if err != nil || n > 256 {
		return nil
	}
	return append([]byte{0xff, 0xc4, byte((19 + n) >> 8), byte(19 + n), byte(class-1)<<4 | id}, b...)
}

// scanHeader is the start of a scan of all components.
func scanHeader(p tiffPicture) []byte {
	n := byte(p.samples)
	out := []byte{0xff, 0xda, 0, 6 + 2*n, n}
	for i := range n {
		out = append(out, i+1, min(i, 1)*0x11)
	}
	return append(out, 0, 63, 0)
}
