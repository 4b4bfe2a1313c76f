package page

import (
	"bytes"
	"compress/zlib"
	"os"
	"path/filepath"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// chequered returns rows of samples with a pattern that has no symmetry, so that
// a turned, mirrored or shifted picture is seen.
func chequered(width, height, colors, bits int) []byte {
	stride := (width*colors*bits + 7) / 8
	out := make([]byte, stride*height)
	for y := range height {
		for i := range width * colors {
			v := (i*i + 3*y + i*y/2) & (1<<min(bits, 8) - 1)
			if bits == 16 {
				out[y*stride+2*i] = byte(v)
				continue
			}
			at := i * bits
			out[y*stride+at/8] |= byte(v << (8 - bits - at%8))
		}
	}
	return out
}

func deflated(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func inWork(t *testing.T, b []byte) (work, name string) {
	t.Helper()
	work = t.TempDir()
	if err := os.WriteFile(filepath.Join(work, "p"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return work, "p"
}

// paeth is the predictor of the fifth filter, word by word as ISO/IEC 15948, 9.4 has it.
func paeth(a, b, c int) byte {
	p := a + b - c
	distance := func(v int) int { return max(p-v, v-p) }
	pa, pb, pc := distance(a), distance(b), distance(c)
	if pa <= pb && pa <= pc {
		return byte(a)
	}
	if pb <= pc {
		return byte(b)
	}
	return byte(c)
}

// predicted puts a PNG filter before each row, all five in turn.
func predicted(rows []byte, stride, bpp int) []byte {
	var out []byte
	above := make([]byte, stride)
	for y := range len(rows) / stride {
		row, filter := rows[y*stride:(y+1)*stride], byte(y%5)
		out = append(out, filter)
		for i, v := range row {
			var a, c byte
			if i >= bpp {
				a, c = row[i-bpp], above[i-bpp]
			}
			b := above[i]
			out = append(out, v-[]byte{0, a, b, byte((int(a) + int(b)) / 2), paeth(int(a), int(b), int(c))}[filter])
		}
		above = row
	}
	return out
}

func TestDecodeFlate(t *testing.T) {
	const width, height = 37, 11
	palette := make([]byte, 3*256)
	for i := range 256 {
		copy(palette[3*i:], []byte{byte(255 - i), byte(i / 2), byte(7 * i)})
	}
	for _, c := range []struct {
		name          string
		scan          record.Scan
		depth         int
		x, y, samples int // place looked at and which sample to compare, of those FromSamples takes
		want          byte
	}{
		{"grey 8", record.Scan{Space: "DeviceGray", Bits: 8}, 8, 5, 3, 0, 25 + 9 + 7},
		{"grey 8 with PNG predictor", record.Scan{Space: "DeviceGray", Bits: 8, Predictor: 15}, 8, 5, 3, 0, 25 + 9 + 7},
		{"grey 16", record.Scan{Space: "DeviceGray", Bits: 16}, 8, 5, 3, 0, 25 + 9 + 7},
		{"grey 4", record.Scan{Space: "DeviceGray", Bits: 4}, 8, 5, 3, 0, (41 & 15) * 17},
		{"grey 2, inverted", record.Scan{Space: "DeviceGray", Bits: 2, Decode: []float64{1, 0}}, 8, 5, 3, 0, (3 - 41&3) * 85},
		{"colour", record.Scan{Space: "DeviceRGB", Bits: 8}, 32, 5, 3, 2, 323 - 256},
		{"colour with PNG predictor", record.Scan{Space: "DeviceRGB", Bits: 8, Predictor: 15}, 32, 5, 3, 2, 323 - 256},
		{"palette 8", record.Scan{Space: "Indexed", Bits: 8, Palette: palette}, 32, 5, 3, 0, 255 - 41},
		{"palette 4", record.Scan{Space: "Indexed", Bits: 4, Palette: palette}, 32, 5, 3, 0, 255 - 41&15},
		{"CMYK", record.Scan{Space: "DeviceCMYK", Bits: 8}, 32, 0, 0, 0, byte(255 * (255 - 9) / 255)},
	} {
		s := c.scan
		s.Filter, s.Width, s.Height = "FlateDecode", width, height
		colors := components(s)
		rows := chequered(width, height, colors, s.Bits)
		if s.Predictor == 15 {
			rows = predicted(rows, width*colors, colors)
		}
		work, name := inWork(t, deflated(t, rows))
		s.File = name
		x, err := Decode(work, s)
		if err != nil {
			t.Errorf("%s: Decode = %v", c.name, err)
			continue
		}
		got, gotColors, _ := x.Samples()
		if v := got[(c.y*width+c.x)*gotColors+c.samples]; v != c.want || x.Depth() != c.depth {
			t.Errorf("%s: sample %d of pixel %d,%d = %d at depth %d; want %d at %d", c.name, c.samples, c.x, c.y, v, x.Depth(), c.want, c.depth)
		}
		x.Free()
	}
}

func TestDecodeBilevel(t *testing.T) {
	const width, height = 77, 40
	rows := chequered(width, height, 1, 1)
	ink, err := FromSamples(rows, width, height, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer ink.Free()
	fax, err := ink.EncodeG4()
	if err != nil {
		t.Fatal(err)
	}
	black, white := []byte{0, 0, 0}, []byte{255, 255, 255}
	flip := bytes.Clone(rows)
	for i := range flip {
		flip[i] ^= 0xff
	}
	for _, c := range []struct {
		name   string
		scan   record.Scan
		stream []byte
		same   bool // ink is where FromSamples saw it; otherwise the negative
	}{
		{"Group 4", record.Scan{Filter: "CCITTFaxDecode", K: -1, Space: "DeviceGray"}, fax, true},
		{"Group 4, black is 1", record.Scan{Filter: "CCITTFaxDecode", K: -1, Space: "DeviceGray", BlackIs1: true}, fax, false},
		{"Group 4, black is 1, inverted", record.Scan{Filter: "CCITTFaxDecode", K: -1, Space: "DeviceGray", BlackIs1: true, Decode: []float64{1, 0}}, fax, true},
		{"Group 4, palette white first", record.Scan{Filter: "CCITTFaxDecode", K: -1, Space: "Indexed", Palette: append(white, black...)}, fax, false},
		{"Flate, 0 is black", record.Scan{Filter: "FlateDecode", Space: "DeviceGray"}, deflated(t, flip), true},
		{"Flate, palette white first", record.Scan{Filter: "FlateDecode", Space: "Indexed", Palette: append(white, black...)}, deflated(t, rows), true},
	} {
		s := c.scan
		s.Width, s.Height, s.Bits = width, height, 1
		work, name := inWork(t, c.stream)
		s.File = name
		x, err := Decode(work, s)
		if err != nil {
			t.Errorf("%s: Decode = %v", c.name, err)
			continue
		}
		if !c.same {
			x.Invert()
		}
		got, _, _ := x.Samples()
		if !bytes.Equal(trimmed(got, width), trimmed(rows, width)) {
			t.Errorf("%s: Decode gave other pixels", c.name)
		}
		x.Free()
	}
}

// trimmed clears the padding bits at the end of each row.
func trimmed(rows []byte, width int) []byte {
	out, stride := bytes.Clone(rows), (width+7)/8
	for i := stride - 1; i < len(out); i += stride {
		out[i] &= 0xff << (8*stride - width)
	}
	return out
}

func TestDecodeRefuses(t *testing.T) {
	const width, height = 64, 48
	x, err := FromSamples(chequered(width, height, 3, 8), width, height, 3, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Free()
	jpeg, err := x.EncodeJPEG(90)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		scan   record.Scan
		stream []byte
		want   record.Reason
	}{
		{"whole JPEG", record.Scan{Filter: "DCTDecode", Width: width, Height: height}, jpeg, ""},
		{"half a JPEG", record.Scan{Filter: "DCTDecode", Width: width, Height: height}, jpeg[:len(jpeg)/2], record.Truncated},
		{"JPEG of another size", record.Scan{Filter: "DCTDecode", Width: width, Height: height + 1}, jpeg, record.Damaged},
		{"no JPEG", record.Scan{Filter: "DCTDecode", Width: width, Height: height}, []byte("GIF89a"), record.Damaged},
		{"empty", record.Scan{Filter: "JPXDecode", Width: width, Height: height}, nil, record.Damaged},
		{"too large", record.Scan{Filter: "DCTDecode", Width: 60000, Height: 60000}, jpeg, record.TooManyPixels},
		{"too few samples", record.Scan{Filter: "FlateDecode", Space: "DeviceGray", Bits: 8, Width: width, Height: height}, deflated(t, make([]byte, 100)), record.Truncated},
		{"unknown filter", record.Scan{Filter: "LZWDecode", Width: width, Height: height}, jpeg, record.Damaged},
		{"bits that no picture has", record.Scan{Filter: "FlateDecode", Space: "DeviceGray", Bits: 3, Width: width, Height: height}, jpeg, record.Damaged},
	} {
		work, name := inWork(t, c.stream)
		c.scan.File, c.scan.Colors = name, 3
		x, err := Decode(work, c.scan)
		x.Free()
		if got := record.ReasonOf(err); got != c.want {
			t.Errorf("%s: Decode = %v, reason %q; want %q", c.name, err, got, c.want)
		}
	}
}
