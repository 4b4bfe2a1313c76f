//go:build crash && soak

package process

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
)

// bombs are small files that ask for much: pixels, pages, depth, memory, loops.
func bombs(t *testing.T) map[string][]byte {
	t.Helper()
	zeros := deflated(t, 1<<30)
	whole := scan(t, 91)
	return map[string][]byte{
		"empty.pdf":           {},
		"a-byte.png":          {0x89},
		"noise.jpg":           append([]byte("\xff\xd8\xff\xe0"), bytes.Repeat([]byte{0xd7, 0x1f, 0xff, 0xc4}, 1<<18)...),
		"cut.jpg":             whole[:len(whole)/2],
		"four-gigapixels.png": png(65000, 65000, zeros),
		"more-than-said.png":  png(100, 100, zeros),
		"huge.jpg":            bytes.Replace(whole, whole[sizeOf(whole):sizeOf(whole)+4], []byte{0xff, 0xff, 0xff, 0xff}, 1),
		"loop.tif":            tiff(1, true),
		"many.tif":            tiff(20000, false),
		"inflates.pdf":        onePage(stream(zeros, "/Filter /FlateDecode")),
		"inflates-twice.pdf":  onePage(stream(deflatedOf(t, zeros), "/Filter [/FlateDecode /FlateDecode]")),
		"deep.pdf":            onePage(strings.Repeat("[", 1<<20)),
		"a-million-pages.pdf": pdfOf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1000000/Kids["+strings.Repeat("3 0 R ", 1000000)+"]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
		"its-own-kid.pdf":     pdfOf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"),
		"laughs.pdf":          onePage(stream([]byte(laughs()), "/Type /Metadata /Subtype /XML")),
		"its-own-xref.pdf":    []byte("%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 9/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n"),
	}
}

func deflatedOf(t *testing.T, b []byte) []byte {
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

// deflated is so many zeros, a thousandth of that in bytes.
func deflated(t *testing.T, n int64) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := io.CopyN(w, zero{}, n); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type zero struct{}

func (zero) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// png is a grey picture with one bit a pixel.
func png(width, height uint32, data []byte) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(name string, body []byte) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
		b = append(append(b, name...), body...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[len(b)-len(body)-4:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	chunk("IHDR", append(head, 1, 0, 0, 0, 0))
	chunk("IDAT", data)
	chunk("IEND", nil)
	return b
}

// sizeOf is where a JPEG says its height and width.
func sizeOf(jpeg []byte) int { return bytes.Index(jpeg, []byte{0xff, 0xc0}) + 5 }

// tiff is n pages of one black pixel each, the last followed by the first if it loops.
func tiff(n int, loop bool) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00")
	for i := range n {
		tags := [][2]uint32{{256, 1}, {257, 1}, {258, 1}, {259, 1}, {262, 0}, {273, 4}, {277, 1}, {278, 1}, {279, 1}}
		b = binary.LittleEndian.AppendUint16(b, uint16(len(tags)))
		for _, tag := range tags {
			b = binary.LittleEndian.AppendUint16(b, uint16(tag[0]))
			b = binary.LittleEndian.AppendUint16(b, 4)
			b = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b, 1), tag[1])
		}
		next := uint32(len(b) + 4)
		if i == n-1 {
			next = 0
			if loop {
				next = 8
			}
		}
		b = binary.LittleEndian.AppendUint32(b, next)
	}
	return b
}

// stream is a PDF stream with entries of its dictionary.
func stream(data []byte, entries string) string {
	return fmt.Sprintf("<<%s /Length %d>>stream\n%s\nendstream", entries, len(data), data)
}

// onePage is one page whose content is an object.
func onePage(content string) []byte {
	return pdfOf("<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>", content)
}

// laughs is XML whose entities grow to a gigabyte.
func laughs() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">`)
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&b, `<!ENTITY a%d "&a%d;&a%d;">`, i, i-1, i-1)
	}
	b.WriteString(`]><x>&a29;</x>`)
	return b.String()
}
