package page

import (
	"bytes"
	"compress/zlib"
	"math/rand/v2"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// Of noise, of a drawing and of specks on white each is packed by what makes it smallest, and
// comes back as it was.
func TestPackings(t *testing.T) {
	const side = 600
	random := rand.New(rand.NewPCG(1, 2))
	pictures := map[string]struct {
		at   func(x, y int) byte
		want packing
	}{
		"a scan":                {func(x, y int) byte { return byte(200 + x/20 + random.IntN(8)) }, packing{search: false, predicted: true}},
		"a scan on white paper": {func(_, _ int) byte { return byte(min(255, 240+random.IntN(60))) }, packing{search: false, predicted: false}},
		"a drawing":             {func(x, y int) byte { return byte(x * 7 % 31 * 8) }, packing{search: true, predicted: true}},
	}
	for name, picture := range pictures {
		samples := make([]byte, side*side)
		for i := range samples {
			samples[i] = picture.at(i%side, i/side)
		}
		r := raw{width: side, height: side, bits: 8, colors: 1, row: func(y int) []byte { return samples[y*side:][:side] }}
		best, err := bestPacking(r)
		if err != nil || best != picture.want {
			t.Errorf("%s is packed by %v, want %v: %v", name, best, picture.want, err)
		}
		work := t.TempDir()
		scan, err := (&opened{out: folder(work)}).storeRaw(r, "0001")
		if err != nil {
			t.Fatal(err)
		}
		x, err := Decode(work, scan)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, _ := x.Samples(); !bytes.Equal(got, samples) {
			t.Errorf("%s comes back otherwise", name)
		}
		x.Free()
	}
}

// A stream that is longer than the picture, cut off, or wrong in its check sum gives what it
// has or a reason.
func TestInflated(t *testing.T) {
	rows := bytes.Repeat([]byte{1, 2, 3, 4, 5, 7, 11}, 500)
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write(rows)
	z.Close()
	packed := b.Bytes()
	wrongSum := bytes.Clone(packed)
	wrongSum[len(wrongSum)-1] ^= 1
	tests := map[string]struct {
		b      []byte
		size   int
		reason record.Reason
	}{
		"whole":             {packed, len(rows), ""},
		"more than asked":   {packed, len(rows) - 5, ""},
		"padded":            {append(bytes.Clone(packed), 0, 0), len(rows), ""},
		"wrong check sum":   {wrongSum, len(rows), ""},
		"fewer than asked":  {packed, len(rows) + 1, record.Truncated},
		"cut off":           {packed[:len(packed)/2], len(rows), record.Truncated},
		"nothing":           {nil, len(rows), record.Truncated},
		"no zlib":           {rows, len(rows), record.Damaged},
		"damaged in itself": {bytes.Replace(packed, packed[10:13], []byte{0xff, 0xff, 0xff}, 1), len(rows), record.Damaged},
	}
	for name, test := range tests {
		got, err := inflated(test.b, test.size)
		if again := inflates(test.b, test.size); record.ReasonOf(err) != test.reason || record.ReasonOf(again) != test.reason {
			t.Errorf("%s: %v, then %v; want %q", name, err, again, test.reason)
		}
		if err == nil && !bytes.Equal(got, rows[:test.size]) {
			t.Errorf("%s: other bytes", name)
		}
	}
}
