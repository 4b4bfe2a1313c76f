package pdfa

import (
	"encoding/binary"
	"math"
	"testing"
)

// tags reads the tag table of a profile.
func tags(t *testing.T, p []byte) map[string][]byte {
	t.Helper()
	if n := binary.BigEndian.Uint32(p); int(n) != len(p) || len(p)%4 != 0 {
		t.Errorf("profile of %d bytes says %d", len(p), n)
	}
	out := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint32(p[128:])) {
		e := p[132+12*i:]
		at, n := binary.BigEndian.Uint32(e[4:]), binary.BigEndian.Uint32(e[8:])
		out[string(e[:4])] = p[at : at+n]
	}
	return out
}

func TestProfilesAreUsable(t *testing.T) {
	for name, c := range map[string]struct {
		profile []byte
		n       int
		tags    []string
	}{
		"sRGB": {srgbProfile(), 3, []string{"desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"}},
		"inks": {cmykProfile(), 4, []string{"desc", "cprt", "wtpt", "A2B0"}},
	} {
		if !usable(c.profile, c.n) || usable(c.profile, 1) {
			t.Errorf("%s: usable for %d components = false, or for 1 = true", name, c.n)
		}
		have := tags(t, c.profile)
		for _, tag := range c.tags {
			if len(have[tag]) < 12 {
				t.Errorf("%s: no tag %s", name, tag)
			}
		}
	}
}

// TestPrimariesAddUpToWhite: red, green and blue together are the white of D50.
func TestPrimariesAddUpToWhite(t *testing.T) {
	have := tags(t, srgbProfile())
	for i, want := range []float64{0.9642, 1, 0.8249} {
		var sum float64
		for _, tag := range []string{"rXYZ", "gXYZ", "bXYZ"} {
			sum += float64(int32(binary.BigEndian.Uint32(have[tag][8+4*i:]))) / 65536
		}
		if math.Abs(sum-want) > 0.0005 {
			t.Errorf("component %d of white is %.4f; want %.4f", i, sum, want)
		}
	}
	curve := have["gTRC"][12:]
	if mid := float64(binary.BigEndian.Uint16(curve[2*512:])) / 65535; math.Abs(mid-0.2147) > 0.001 {
		t.Errorf("half of the way the curve is at %.4f; want 0.2147", mid)
	}
}

func TestInksMixAsComplements(t *testing.T) {
	for _, c := range []struct {
		name    string
		r, g, b float64 // linear
		want    [3]byte
	}{
		{"no ink", 1, 1, 1, [3]byte{255, 128, 128}},
		{"black", 0, 0, 0, [3]byte{0, 128, 128}},
		{"red", 1, 0, 0, [3]byte{138, 209, 198}}, // L 54, a 81, b 70
	} {
		if got := lab(c.r, c.g, c.b); [3]byte(got) != c.want {
			t.Errorf("%s: lab = %v; want %v", c.name, got, c.want)
		}
	}
}

func TestUsableRefuses(t *testing.T) {
	for name, spoil := range map[string]func(p []byte){
		"no signature":  func(p []byte) { p[36] = 'x' },
		"version 5":     func(p []byte) { p[8] = 5 },
		"a device link": func(p []byte) { copy(p[12:], "link") },
		"cut off":       func(p []byte) { binary.BigEndian.PutUint32(p, 1<<30) },
		"another space": func(p []byte) { copy(p[16:], "XYZ ") },
	} {
		p := srgbProfile()
		if spoil(p); usable(p, 3) {
			t.Errorf("%s: usable = true; want false", name)
		}
	}
}
