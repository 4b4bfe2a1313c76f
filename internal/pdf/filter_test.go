package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func decodedOf(t *testing.T, dict, data string) (string, error) {
	t.Helper()
	b := newBuilder("1.7").stream(1, dict, data)
	b.end(b.table("/Size 2", 1))
	f := opened(t, b.Bytes())
	out, err := f.Decoded(f.Stream(Ref{Num: 1}))
	return string(out), err
}

func TestDecodedUndoesFilters(t *testing.T) {
	corrupt := []byte(deflated("text"))
	corrupt[len(corrupt)-1]++
	for _, c := range []struct{ name, dict, data, want string }{
		{"none", "", "text", "text"},
		{"Flate", "/Filter /FlateDecode", deflated("text"), "text"},
		{"Flate with another checksum", "/Filter /FlateDecode", string(corrupt), "text"},
		{"hexadecimal", "/Filter /ASCIIHexDecode", "74 65\n7874>", "text"},
		{"base 85", "/Filter [/ASCII85Decode]", "FCf]=~>", "text"},
		{"runs", "/Filter /RunLengthDecode", "\x01te\xffx\x00t\x80junk", "texxt"},
		{"two steps", "/Filter [/AHx /Fl]", fmt.Sprintf("%x>", deflated("text")), "text"},
		{"LZW", "/Filter /LZWDecode", "\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", "\x2d\x2d\x2d\x2d\x2d\x41\x2d\x2d\x2d\x42"}, // the example of 7.4.4.2
		{"a picture stays", "/Filter [/FlateDecode /DCTDecode]", deflated("\xff\xd8"), "\xff\xd8"},
		{"PNG rows", "/Filter /FlateDecode /DecodeParms <</Predictor 15 /Columns 3>>",
			deflated("\x00abc\x01a\x01\x01\x02\x01\x01\x01\x03\x31\x01\x01\x04\x01\x01\x01"), "abcabcbcdbcdcde"},
		{"TIFF rows", "/Filter /FlateDecode /DecodeParms <</Predictor 2 /Columns 3>>", deflated("a\x01\x01b\x01\x01"), "abcbcd"},
		{"TIFF rows of 16 bits", "/Filter /FlateDecode /DecodeParms <</Predictor 2 /Columns 2 /BitsPerComponent 16>>",
			deflated("\x00\xff\x00\x02"), "\x00\xff\x01\x01"},
	} {
		if got, err := decodedOf(t, c.dict, c.data); got != c.want || err != nil {
			t.Errorf("%s: Decoded = %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestDecodedRefuses(t *testing.T) {
	for _, c := range []struct {
		name, dict, data string
		want             error
	}{
		{"no zlib", "/Filter /FlateDecode", "text", ErrDamaged},
		{"cut off", "/Filter /FlateDecode", deflated(strings.Repeat("text", 99))[:9], ErrDamaged},
		{"unknown", "/Filter /Potato", "text", ErrDamaged},
		{"a number as filter", "/Filter 7", "text", ErrDamaged},
		{"many filters", "/Filter [" + strings.Repeat("/AHx ", 9) + "]", "", ErrLimit},
		{"encrypted", "/Filter /Crypt", "text", ErrEncrypted},
		{"cut run", "/Filter /RunLengthDecode", "\x05te", ErrDamaged},
		{"LZW code without meaning", "/Filter /LZWDecode", "\xff\xff", ErrDamaged},
		{"row of a million colours", "/Filter /FlateDecode /DecodeParms <</Predictor 15 /Colors 1000000>>", deflated("x"), ErrDamaged},
		{"PNG filter 9", "/Filter /FlateDecode /DecodeParms <</Predictor 15>>", deflated("\x09x"), ErrDamaged},
		{"predictor 3", "/Filter /FlateDecode /DecodeParms <</Predictor 3>>", deflated("x"), ErrDamaged},
	} {
		if got, err := decodedOf(t, c.dict, c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: Decoded = %q, %v; want %v", c.name, got, err, c.want)
		}
	}
}

// TestLZWGrows decodes enough codes for all widths, encoded by the plainest
// encoder there is: one that clears the table before it needs a wider code.
func TestLZWGrows(t *testing.T) {
	var bits strings.Builder
	want := strings.Repeat("sohoa ", 3000)
	next, width := 258, 9
	code := func(n int) { fmt.Fprintf(&bits, "%0*b", width, n) }
	table := map[string]int{}
	codeOf := func(s string) int {
		if len(s) == 1 {
			return int(s[0])
		}
		return table[s]
	}
	code(256)
	current := ""
	for i := range len(want) {
		longer := current + want[i:i+1]
		if _, ok := table[longer]; ok || len(longer) == 1 {
			current = longer
			continue
		}
		code(codeOf(current))
		table[longer] = next
		if next++; next == 4095 {
			code(256)
			next, width, table = 258, 9, map[string]int{}
		} else if next >= 1<<width {
			width++
		}
		current = want[i : i+1]
	}
	code(codeOf(current))
	code(257)
	var data []byte
	for s := bits.String() + "0000000"; len(s) >= 8; s = s[8:] {
		var b byte
		for _, c := range s[:8] {
			b = b<<1 | byte(c-'0')
		}
		data = append(data, b)
	}
	got, err := decodedOf(t, "/Filter /LZWDecode", string(data))
	if err != nil || got != want {
		t.Errorf("Decoded = %d bytes, %v; want %d", len(got), err, len(want))
	}
}

func TestBombsEndEarly(t *testing.T) {
	var inner bytes.Buffer
	z := zlib.NewWriter(&inner)
	zeros := make([]byte, 1<<20)
	for range 100 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	for name, c := range map[string][2]string{
		"Flate":        {"/Filter /FlateDecode", inner.String()},
		"Flate, twice": {"/Filter [/FlateDecode /FlateDecode]", deflated(inner.String())},
	} {
		if _, err := decodedOf(t, c[0], c[1]); !errors.Is(err, ErrLimit) {
			t.Errorf("%s: Decoded = %v; want ErrLimit", name, err)
		}
	}
}
