package page

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"

	"github.com/sohoa/sohoa/record"
)

func TestSniff(t *testing.T) {
	for _, tt := range []struct{ head, want string }{
		{"\xff\xd8\xff\xe0", "image/jpeg"},
		{"\x89PNG\r\n\x1a\n", "image/png"},
		{"II*\x00", "image/tiff"},
		{"MM\x00+", "image/tiff"},
		{"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"},
		{"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"},
		{"GIF89a", "image/gif"},
		{"BM\x00\x00\x00\x00\x00\x00\x00\x006\x00\x00\x00\x28\x00\x00\x00", "image/bmp"},
		{"%PDF-1.7", "application/pdf"},
		{"\r\n\r\n%PDF-1.4", "application/pdf"},
		{"BMW is a car, not a bitmap", ""},
		{"PK\x03\x04", ""},
		{"", ""},
	} {
		if got := Sniff([]byte(tt.head)); got != tt.want {
			t.Errorf("Sniff(%q) = %q, want %q", tt.head, got, tt.want)
		}
	}
}

// codestream is the head and the end of a JPEG 2000 codestream.
func codestream(width, height, components int) []byte {
	b := []byte{0xff, 0x4f, 0xff, 0x51, 0, byte(38 + 3*components), 0, 0}
	for _, v := range []int{width, height, 0, 0, width, height, 0, 0} {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	b = binary.BigEndian.AppendUint16(b, uint16(components))
	for range components {
		b = append(b, 7, 1, 1)
	}
	return append(b, 0xff, 0xd9)
}

func TestReadJP2(t *testing.T) {
	bare := codestream(300, 200, 3)
	wrapped := func(b []byte) []byte {
		h, err := readJP2(b)
		if err != nil {
			t.Fatal(err)
		}
		return append(jp2Wrapping(h), b...)
	}
	for _, tt := range []struct {
		name          string
		file          []byte
		width, height int
		plain         bool
		want          record.Reason
	}{
		{"bare codestream", bare, 300, 200, true, ""},
		{"in our own boxes", wrapped(bare), 300, 200, true, ""},
		{"grey in our own boxes", wrapped(codestream(30, 20, 1)), 30, 20, true, ""},
		{"four components", codestream(30, 20, 4), 30, 20, false, ""},
		{"with a palette", bytes.Replace(wrapped(bare), []byte("colr"), []byte("pclr"), 1), 300, 200, false, ""},
		{"without its end", bare[:len(bare)-2], 0, 0, false, record.Truncated},
		{"a box longer than the file", []byte("\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\xff\xffftyp"), 0, 0, false, record.Truncated},
		{"nothing", nil, 0, 0, false, record.Damaged},
	} {
		h, err := readJP2(tt.file)
		if record.ReasonOf(err) != tt.want {
			t.Errorf("%s: readJP2 = %v, want reason %q", tt.name, err, tt.want)
		} else if err == nil && (h.width != tt.width || h.height != tt.height || h.plain() != tt.plain) {
			t.Errorf("%s: readJP2 = %d x %d, plain %v; want %d x %d, %v", tt.name, h.width, h.height, h.plain(), tt.width, tt.height, tt.plain)
		}
	}
}

func TestContentScanner(t *testing.T) {
	type step struct {
		op   string
		nums int
		name string
		text int
	}
	for _, tt := range []struct {
		content string
		want    []step
	}{
		{"q 1 0 0 1 5 5 cm /X0 Do Q", []step{{"q", 0, "", 0}, {"cm", 6, "", 0}, {"Do", 0, "X0", 0}, {"Q", 0, "", 0}}},
		{"[(ab) -20 (c\\)d)] TJ", []step{{"TJ", 1, "", 6}}},
		{"(a(b)c) Tj % (x) Tj\nET", []step{{"Tj", 0, "", 5}, {"ET", 0, "", 0}}},
		{"<48656C> Tj", []step{{"Tj", 0, "", 3}}},
		{"/OC <</A 1/B (x)>> BDC", []step{{"BDC", 1, "B", 1}}},
		{"(never ends Tj", nil},
		{"<48 Tj", nil},
		{")>}] f*", []step{{"f*", 0, "", 0}}},
	} {
		s := contentScanner{b: []byte(tt.content)}
		for i := 0; ; i++ {
			op := s.next()
			if op == "" {
				if i != len(tt.want) {
					t.Errorf("%q: %d operators, want %d", tt.content, i, len(tt.want))
				}
				break
			}
			if got := (step{op, len(s.nums), s.name, s.text}); i >= len(tt.want) || got != tt.want[i] {
				t.Errorf("%q: operator %d = %+v, want %+v", tt.content, i, got, tt.want[min(i, len(tt.want)-1)])
				break
			}
		}
	}
}

func TestMatrixTurned(t *testing.T) {
	for _, tt := range []struct {
		name string
		m    matrix
		turn int
		flip bool
		ok   bool
	}{
		{"upright", matrix{595, 0, 0, 842, 0, 0}, 0, false, true},
		{"a quarter clockwise", matrix{0, -842, 595, 0, 0, 842}, 90, false, true},
		{"upside down", matrix{-595, 0, 0, -842, 595, 842}, 180, false, true},
		{"a quarter back", matrix{0, 842, -595, 0, 595, 0}, 270, false, true},
		{"mirrored", matrix{-595, 0, 0, 842, 595, 0}, 0, true, true},
		{"mirrored, upside down", matrix{595, 0, 0, -842, 0, 842}, 180, true, true},
		{"mirrored, a quarter clockwise", matrix{0, 842, 595, 0, 0, 0}, 90, true, true},
		{"mirrored, a quarter back", matrix{0, -842, -595, 0, 595, 842}, 270, true, true},
		{"leaning by a hair", matrix{595, 0.2, -0.2, 842, 0, 0}, 0, false, true},
		{"leaning", matrix{595, 10, -10, 842, 0, 0}, 0, false, false},
		{"nothing", matrix{}, 0, false, false},
	} {
		if turn, flip, ok := tt.m.turned(); turn != tt.turn || ok != tt.ok || ok && flip != tt.flip {
			t.Errorf("%s: turned(%v) = %d, %v, %v; want %d, %v, %v", tt.name, tt.m, turn, flip, ok, tt.turn, tt.flip, tt.ok)
		}
	}
}

// The parsers of hostile bytes must end, whatever they read.

func FuzzReadJPEG(f *testing.F) {
	var t testing.T
	f.Add(asJPEG(&t, painted(16, 16)))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := readJPEG(b); err == nil && (h.components == 0 || !h.ended) {
			t.Errorf("readJPEG took %+v", h)
		}
		joinStrips(nil, []jpegStrip{cutStrip(b), cutStrip(b)}, tiffPicture{width: 16, height: 32})
	})
}

func FuzzReadPNG(f *testing.F) {
	var t testing.T
	f.Add(asPNG(&t, painted(16, 16)))
	f.Add(asPNG(&t, image.NewGray16(image.Rect(0, 0, 3, 3))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := readPNG(b); err == nil && (h.width <= 0 || h.height <= 0) {
			t.Errorf("readPNG took a picture of %d x %d", h.width, h.height)
		}
	})
}

func FuzzTIFF(f *testing.F) {
	one := paper(8, 8, tiffPlain, 1, 8, 1, make([]byte, 64))
	f.Add(writeTIFF(binary.LittleEndian, false, false, one, one))
	f.Add(writeTIFF(binary.BigEndian, true, true, one))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := newTIFF(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		pages, _, _ := x.pages(100)
		if len(pages) > 100 {
			t.Errorf("%d pages, limit 100", len(pages))
		}
		for _, at := range pages {
			if dir, err := x.directory(at); err == nil {
				strips, _ := x.strips(dir)
				x.resolution(dir)
				p := tiffPicture{width: 64, height: 64, bits: 8, samples: 3, compression: tiffPlain, photometric: 2}
				x.jpegTiles(dir, p)
				x.samples(dir, p)
				x.oldJPEG(dir, p, strips)
			}
		}
	})
}

func FuzzReadJP2(f *testing.F) {
	h, _ := readJP2(codestream(300, 200, 3))
	f.Add(append(jp2Wrapping(h), codestream(300, 200, 3)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := readJP2(b); err == nil && (h.width <= 0 || h.height <= 0) {
			t.Errorf("readJP2 took a picture of %d x %d", h.width, h.height)
		}
	})
}

func FuzzContent(f *testing.F) {
	f.Add([]byte("q 1 0 0 1 5 5 cm /X0 Do Q BI /W 1 ID \x00 EI [(a) <00>] TJ"))
	f.Fuzz(func(t *testing.T, b []byte) {
		v := viewer{marks: marks{page: rect{0, 0, 100, 100}}}
		s := contentScanner{b: b}
		g, path := drawing{ctm: unity, clip: everywhere}, outline{}
		for n := 0; ; n++ {
			op := s.next()
			if op == "" {
				return
			}
			if n > len(b) {
				t.Fatalf("more operators than bytes in %q", b)
			}
			if op == "BI" {
				s.skipInline()
			}
			g.set(op, &s)
			v.show(op, &s, &g)
			path.step(op, &s, &g, &v.marks)
		}
	})
}
