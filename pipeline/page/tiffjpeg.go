package page

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// maxStrips bounds the strips of a JPEG page that are joined.
const maxStrips = 65536

// passTIFFJPEG makes one JPEG of the JPEG strips of a page and the tables that
// stand apart from them, without decoding a coefficient. ok is false if the page
// must be decoded instead.
func (d *opened) passTIFFJPEG(t *tiff, dir tiffDir, p tiffPicture, strips []strip, name string) (s record.Scan, ok bool, err error) {
	if p.bits != 8 || p.photometric != 1 && p.photometric != 2 && p.photometric != 6 || len(strips) > maxStrips || t.value(dir, tagPlanar, 1) != 1 {
		return s, false, nil
	}
	tables, err := t.bytes(dir, tagJPEGTables, 1<<20)
	if err != nil {
		return s, false, err
	}
	var parts []jpegStrip
	for _, at := range strips {
		b, err := t.read(int64(at.at), at.length)
		if err != nil {
			return s, false, err
		}
		parts = append(parts, cutStrip(b))
	}
	b := joinStrips(tables, parts, p)
	h, err := readJPEG(b)
	if err != nil || h.width != p.width || h.height != p.height || h.components != int(p.samples) || p.photometric == 6 && !t.fullRange(dir) {
		return s, false, nil
	}
	if len(h.icc) == 0 {
		h.icc, _ = t.bytes(dir, tagICCProfile, maxProfile)
	}
	h.orientation = 0 // the directory's tag counts
	s, err = d.passJPEG(b, h, name)
	return s, err == nil, err
}

// A jpegStrip is a strip taken apart.
type jpegStrip struct {
	head    []byte // markers from after SOI up to and with SOS
	data    []byte // entropy-coded
	frameAt int    // of the content of the frame header in head; 0: none was found
}

// cutStrip takes apart a sequential JPEG of one scan without restarts; of any
// other it returns a strip without a frame.
func cutStrip(b []byte) jpegStrip {
	var s jpegStrip
	for at := 2; ; {
		marker, body, next := nextMarker(b, at)
		switch {
		case marker == 0 || marker == 0xdd || marker >= 0xc2 && isFrame(marker):
			return jpegStrip{}
		case isFrame(marker) && len(body) >= 9:
			s.frameAt = next - len(body) - 2
		case marker == 0xda:
			end := endOfScan(b, next)
			if m, _, _ := nextMarker(b, end); m != 0xd9 && m != 0 || bytes.Contains(b[next:end], []byte{0xff, 0xd0}) {
				return jpegStrip{}
			}
			s.head, s.data = b[2:next], b[next:end]
			return s
		}
		at = next
	}
}

// rows is the height that the strip's frame header states.
func (s jpegStrip) rows() int { return int(binary.BigEndian.Uint16(s.head[s.frameAt+1:])) }

// joinStrips makes one JPEG of strips: each strip begins anew, as data does after
// a restart marker, so restart markers take the place of the strips' headers. It
// returns nil if the strips do not go together.
func joinStrips(tables []byte, parts []jpegStrip, p tiffPicture) []byte {
	soi, eoi := []byte{0xff, 0xd8}, []byte{0xff, 0xd9}
	out := bytes.Clone(soi)
	if p.photometric == 2 { // RGB without colour transform must be marked, or decoders take it for YCbCr
		out = append(out, 0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0)
	}
	if len(tables) > 4 {
		out = append(out, bytes.TrimSuffix(bytes.TrimPrefix(tables, soi), eoi)...)
	}
	first := parts[0]
	if first.frameAt == 0 {
		return nil
	}
	head := slices.Clone(first.head)
	if len(parts) > 1 {
		interval := restartInterval(parts, p)
		if interval == 0 {
			return nil
		}
		out = append(out, 0xff, 0xdd, 0, 4, byte(interval>>8), byte(interval))
		binary.BigEndian.PutUint16(head[first.frameAt+1:], uint16(p.height))
	}
	out = append(out, head...)
	for i, s := range parts {
		if i > 0 {
			out = append(out, 0xff, 0xd0+byte((i-1)%8))
		}
		out = append(out, s.data...)
	}
	return append(out, eoi...)
}

// restartInterval is the number of coding units in a strip; 0 if the strips have
// different headers, or do not end where a row of units ends.
func restartInterval(parts []jpegStrip, p tiffPicture) int {
	first := parts[0]
	frame := first.head[first.frameAt:]
	across, down := 1, 1
	for i := 0; i < int(frame[5]) && frame[5] > 1 && len(frame) >= 9+3*i; i++ {
		sampling := frame[7+3*i]
		across, down = max(across, int(sampling>>4)), max(down, int(sampling&15))
	}
	rows := first.rows()
	interval := (p.width + 8*across - 1) / (8 * across) * (rows / (8 * down))
	if rows%(8*down) != 0 || interval > 65535 || p.height > 65535 {
		return 0
	}
	for i, s := range parts {
		want := min(rows, p.height-i*rows)
		if s.frameAt != first.frameAt || len(s.head) != len(first.head) || s.rows() != want {
			return 0
		}
		same := slices.Clone(s.head)
		copy(same[s.frameAt+1:], first.head[first.frameAt+1:first.frameAt+3])
		if !bytes.Equal(same, first.head) {
			return 0
		}
	}
	return interval
}
