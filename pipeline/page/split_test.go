package page

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/image/bmp"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
)

func TestMain(m *testing.M) {
	sandbox.Serve(map[string]sandbox.Func{"split": ServeSplit})
	os.Exit(m.Run())
}

// splitBytes puts b into a file and splits it.
func splitBytes(t *testing.T, b []byte, limits Limits) (Document, string, error) {
	t.Helper()
	return splitText(t, b, "", limits)
}

// splitText is splitBytes with a mode for existing text.
func splitText(t *testing.T, b []byte, text record.TextMode, limits Limits) (Document, string, error) {
	t.Helper()
	in, work := filepath.Join(t.TempDir(), "in"), t.TempDir()
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Split(context.Background(), in, work, text, limits)
	return d, work, err
}

// onlyScan splits b, which must have one page, and decodes it.
func onlyScan(t *testing.T, b []byte) (record.Scan, *Pix, string) {
	t.Helper()
	d, work, err := splitBytes(t, b, Limits{})
	if err != nil {
		t.Fatalf("Split: %v", err)
	}
	if len(d.Pages) != 1 {
		t.Fatalf("Split gave %d pages, want 1", len(d.Pages))
	}
	s := d.Pages[0].Scan
	x, err := Decode(work, s)
	if err != nil {
		t.Fatalf("Decode: %v", err)
	}
	t.Cleanup(x.Free)
	return s, x, work
}

// painted is a picture without symmetry: a dark block top left, a red one top
// right, a ramp below.
func painted(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{uint8(x * 255 / width), uint8(y * 255 / height), 200, 255}
			switch {
			case x < width/3 && y < height/3:
				c = color.NRGBA{10, 10, 10, 255}
			case x > 2*width/3 && y < height/4:
				c = color.NRGBA{250, 5, 5, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// ramp has no edges, which a JPEG would blur.
func ramp(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x * 255 / width), uint8(y * 255 / height), 90, 255})
		}
	}
	return m
}

func greyPainted(width, height int) *image.Gray {
	m, p := image.NewGray(image.Rect(0, 0, width, height)), painted(width, height)
	for y := range height {
		for x := range width {
			m.Set(x, y, p.At(x, y))
		}
	}
	return m
}

// bilevelPainted is black and white in a palette, index 1 black.
func bilevelPainted(width, height int) *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
	for y := range height {
		for x := range width {
			if x < width/3 && y < height/2 || (x*x+y)%7 == 0 {
				m.SetColorIndex(x, y, 1)
			}
		}
	}
	return m
}

// samePixels compares a decoded page with a picture; each component may differ by
// tolerance.
func samePixels(t *testing.T, x *Pix, m image.Image, tolerance int) {
	t.Helper()
	b := m.Bounds()
	if x.Width() != b.Dx() || x.Height() != b.Dy() {
		t.Fatalf("decoded page has %d x %d pixels, want %d x %d", x.Width(), x.Height(), b.Dx(), b.Dy())
	}
	data, colors, bits := x.Samples()
	stride := (b.Dx()*colors*bits + 7) / 8
	for y := range b.Dy() {
		for i := range b.Dx() {
			var got [3]int
			for c := range 3 {
				switch {
				case bits == 1:
					got[c] = 255 * (1 - int(data[y*stride+i/8]>>(7-i%8)&1))
				case colors == 1:
					got[c] = int(data[y*stride+i])
				default:
					got[c] = int(data[y*stride+3*i+c])
				}
			}
			r, g, bl, a := m.At(b.Min.X+i, b.Min.Y+y).RGBA()
			for c, v := range [3]uint32{r, g, bl} {
				want := int(v+0xffff-a) >> 8
				if d := got[c] - want; d > tolerance || d < -tolerance {
					t.Fatalf("pixel %d,%d component %d = %d, want %d", i, y, c, got[c], want)
				}
			}
		}
	}
}

func encoded(t *testing.T, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, m image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, m) })
}

func asJPEG(t *testing.T, m image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, m, &jpeg.Options{Quality: 95}) })
}

func TestPicturesKeepTheirPixels(t *testing.T) {
	colour, grey, bilevel := painted(61, 47), greyPainted(61, 47), bilevelPainted(61, 47)
	coast := image.NewPaletted(image.Rect(0, 0, 400, 300), bilevel.Palette) // one edge that wanders, as letters have
	for y, at, dice := 0, 200, uint32(1); y < 300; y++ {
		dice = dice*1664525 + 1013904223
		at += int(dice>>30) - 1
		for x := min(at, 399); x < 400; x++ {
			coast.SetColorIndex(x, y, 1)
		}
	}
	see := image.NewNRGBA(colour.Rect)
	copy(see.Pix, colour.Pix)
	for i := 3; i < len(see.Pix); i += 8 {
		see.Pix[i] = 0
	}
	deep := image.NewGray16(grey.Rect)
	for i, v := range grey.Pix {
		deep.Pix[2*i], deep.Pix[2*i+1] = v, v
	}
	var sixteen color.Palette
	for i := range 16 {
		sixteen = append(sixteen, color.RGBA{uint8(i * 16), uint8(255 - i*16), 40, 255})
	}
	few := image.NewPaletted(colour.Rect, sixteen)
	for i := range few.Pix {
		few.Pix[i] = uint8(i*i%31) % 16
	}
	asGIF := encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, few, nil) })
	asBMP := encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, colour) })
	for _, tt := range []struct {
		name          string
		file          []byte
		picture       image.Image
		filter, space string
		bits          int
		tolerance     int
	}{
		{"colour PNG", asPNG(t, colour), colour, "FlateDecode", "DeviceRGB", 8, 0},
		{"grey PNG", asPNG(t, grey), grey, "FlateDecode", "DeviceGray", 8, 0},
		{"16-bit PNG", asPNG(t, deep), grey, "FlateDecode", "DeviceGray", 16, 0},
		{"palette PNG of 4 bits", asPNG(t, few), few, "FlateDecode", "Indexed", 4, 0},
		{"1-bit PNG", asPNG(t, coast), coast, "CCITTFaxDecode", "DeviceGray", 1, 0},
		{"1-bit PNG of a halftone", asPNG(t, bilevel), bilevel, "FlateDecode", "Indexed", 1, 0},
		{"transparent PNG", asPNG(t, see), see, "FlateDecode", "DeviceRGB", 8, 0},
		{"GIF", asGIF, few, "FlateDecode", "Indexed", 8, 0},
		{"BMP", asBMP, colour, "FlateDecode", "DeviceRGB", 8, 0},
		{"grey JPEG", asJPEG(t, grey), grey, "DCTDecode", "DeviceGray", 8, 12},
		{"colour JPEG", asJPEG(t, ramp(61, 47)), ramp(61, 47), "DCTDecode", "DeviceRGB", 8, 12},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, x, _ := onlyScan(t, tt.file)
			if s.Filter != tt.filter || s.Space != tt.space || s.Bits != tt.bits {
				t.Errorf("Split = %s, %s, %d bits; want %s, %s, %d", s.Filter, s.Space, s.Bits, tt.filter, tt.space, tt.bits)
			}
			samePixels(t, x, tt.picture, tt.tolerance)
		})
	}
}

func TestTwoColoursStayColours(t *testing.T) {
	m := bilevelPainted(61, 47)
	m.Palette = color.Palette{color.White, color.RGBA{255, 0, 0, 255}}
	if s, _, _ := onlyScan(t, asPNG(t, m)); s.Space != "Indexed" || string(s.Palette) != "\xff\xff\xff\xff\x00\x00" {
		t.Errorf("Split = %s with palette %x, want white and red", s.Space, s.Palette)
	}
}

func TestPNGDataIsUntouched(t *testing.T) {
	file := asPNG(t, painted(50, 40))
	h, err := readPNG(file)
	if err != nil {
		t.Fatal(err)
	}
	s, _, work := onlyScan(t, file)
	got, err := os.ReadFile(filepath.Join(work, s.File))
	if err != nil {
		t.Fatal(err)
	}
	if want := slices.Concat(h.data...); !bytes.Equal(got, want) {
		t.Errorf("stream of %d bytes differs from the %d bytes of IDAT", len(got), len(want))
	}
}

func TestHeaderFacts(t *testing.T) {
	exif := func(orientation byte) []byte {
		return append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01"), 1, 18, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0)
	}
	file := asJPEG(t, painted(64, 32))
	for _, tt := range []struct {
		name          string
		file          []byte
		rotate        int
		width, height int
		dpi           float64
	}{
		{"nothing stated", file, 0, 64, 32, 0},
		{"density of JFIF in inches", withSegment(file, 0xe0, []byte("JFIF\x00\x01\x01\x01\x01\x2c\x01\x2c\x00\x00")), 0, 64, 32, 300},
		{"density of JFIF in centimetres", withSegment(file, 0xe0, []byte("JFIF\x00\x01\x01\x02\x00\x64\x00\x64\x00\x00")), 0, 64, 32, 254},
		{"only a ratio", withSegment(file, 0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x64\x00\x64\x00\x00")), 0, 64, 32, 0},
		{"EXIF: on its right side", withSegment(file, 0xe1, exif(6)), 90, 32, 64, 0},
		{"EXIF: upside down", withSegment(file, 0xe1, exif(3)), 180, 64, 32, 0},
		{"EXIF: on its left side", withSegment(file, 0xe1, exif(8)), 270, 32, 64, 0},
	} {
		d, work, err := splitBytes(t, tt.file, Limits{})
		if err != nil {
			t.Errorf("%s: Split: %v", tt.name, err)
			continue
		}
		p := d.Pages[0]
		if p.Rotate != tt.rotate || p.Width != tt.width || p.Height != tt.height || p.DPI != tt.dpi {
			t.Errorf("%s: Split = %d x %d, turned %d, %v dpi; want %d x %d, %d, %v", tt.name, p.Width, p.Height, p.Rotate, p.DPI, tt.width, tt.height, tt.rotate, tt.dpi)
		}
		if got, _ := os.ReadFile(filepath.Join(work, p.Scan.File)); !bytes.Equal(got, tt.file) {
			t.Errorf("%s: the JPEG was altered", tt.name)
		}
	}
}

// withSegment puts a marker segment behind a JPEG's start of image.
func withSegment(file []byte, marker byte, body []byte) []byte {
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, marker}, uint16(len(body)+2))
	return slices.Concat(head, body, file[2:])
}

func TestProfileIsKeptIfItFits(t *testing.T) {
	icc := make([]byte, 200)
	icc[8] = 4
	copy(icc[12:], "mntrRGB XYZ ")
	copy(icc[36:], "acsp")
	chunk := append([]byte("ICC_PROFILE\x00\x01\x01"), icc...)
	for _, tt := range []struct {
		name string
		file []byte
		want bool
	}{
		{"RGB profile of a colour JPEG", withSegment(asJPEG(t, painted(16, 16)), 0xe2, chunk), true},
		{"RGB profile of a grey JPEG", withSegment(asJPEG(t, greyPainted(16, 16)), 0xe2, chunk), false},
		{"half a profile", withSegment(asJPEG(t, painted(16, 16)), 0xe2, append([]byte("ICC_PROFILE\x00\x01\x02"), icc...)), false},
	} {
		s, _, work := onlyScan(t, tt.file)
		got, _ := os.ReadFile(filepath.Join(work, s.ICC))
		if kept := bytes.Equal(got, icc); kept != tt.want {
			t.Errorf("%s: profile kept = %v, want %v", tt.name, kept, tt.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	photo, drawing := asJPEG(t, painted(64, 64)), asPNG(t, painted(64, 64))
	bomb := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	short := slices.Clone(bomb)
	binary.BigEndian.PutUint32(bomb[16:], 60000)
	binary.BigEndian.PutUint32(bomb[20:], 60000)
	binary.BigEndian.PutUint32(short[16:], 100)
	lossless := slices.Clone(photo)
	lossless[bytes.Index(photo, []byte{0xff, 0xc0})+1] = 0xc3
	for _, tt := range []struct {
		name   string
		file   []byte
		limits Limits
		want   record.Reason
	}{
		{"no bytes", nil, Limits{}, record.EmptyFile},
		{"a letter", []byte("Kính gửi: Bộ Nội vụ"), Limits{}, record.UnknownType},
		{"half a JPEG", photo[:len(photo)/2], Limits{}, record.Truncated},
		{"the head of a JPEG", photo[:20], Limits{}, record.Truncated},
		{"JPEG of another process", lossless, Limits{}, record.FormatNotRead},
		{"half a PNG", drawing[:len(drawing)/2], Limits{}, record.Truncated},
		{"PNG that promises 60000 x 60000 pixels", reCRC(bomb), Limits{}, record.TooManyPixels},
		{"PNG with fewer samples than promised", reCRC(short), Limits{}, record.Truncated},
		{"PNG with a wrong check sum", bomb, Limits{}, record.Damaged},
		{"more pixels than allowed", photo, Limits{PixelsPerPage: 1000}, record.TooManyPixels},
		{"more bytes than allowed", photo, Limits{Bytes: 100}, record.TooManyBytes},
		{"half a TIFF header", []byte("II*\x00\x08"), Limits{}, record.Truncated},
		{"PDF of nothing", []byte("%PDF-1.4\n%%EOF\n"), Limits{}, record.Damaged},
	} {
		_, _, err := splitBytes(t, tt.file, tt.limits)
		if got := record.ReasonOf(err); got != tt.want {
			t.Errorf("%s: Split = %v, reason %q; want %q", tt.name, err, got, tt.want)
		}
		if !errors.Is(err, record.ErrMalformed) {
			t.Errorf("%s: Split = %v, which might be tried again", tt.name, err)
		}
	}
}

// reCRC makes the check sum of a PNG's first chunk right again.
func reCRC(b []byte) []byte {
	b = slices.Clone(b)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		name string
		in   string
		want record.Reason
	}{
		{"missing", filepath.Join(dir, "missing.pdf"), record.InputMissing},
		{"folder", dir, record.InputUnreadable},
	} {
		_, err := Split(context.Background(), tt.in, dir, "", Limits{})
		if got := record.ReasonOf(err); got != tt.want {
			t.Errorf("%s: Split = %v, reason %q; want %q", tt.name, err, got, tt.want)
		}
	}
}

func TestSplitStopsWhenTold(t *testing.T) {
	in := filepath.Join(t.TempDir(), "in.png")
	if err := os.WriteFile(in, asPNG(t, painted(8, 8)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Split(ctx, in, t.TempDir(), "", Limits{}); err == nil {
		t.Error("Split with a cancelled context gave a document")
	}
	if _, err := Split(context.Background(), in, t.TempDir(), "", Limits{Time: 1}); record.ReasonOf(err) != record.TooMuchTime {
		t.Errorf("Split within a nanosecond = %v, want reason %q", err, record.TooMuchTime)
	}
}
