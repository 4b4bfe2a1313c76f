package pdfa

import (
	"io"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// intentNames are the rendering intents of ISO 32000-1, table 70.
var intentNames = []pdf.Name{"RelativeColorimetric", "AbsoluteColorimetric", "Perceptual", "Saturation"}

// image checks the dictionary of a picture (6.2.8) and its colours (6.2.4).
func (c *checker) image(num int, s *pdf.Stream) {
	d := s.Dict
	for _, key := range []pdf.Name{"Alternates", "OPI"} {
		if d[key] != nil {
			c.breach("6.2.8", "object %d: a picture with /%s", num, key)
		}
	}
	if c.f.Bool(d["Interpolate"]) {
		c.breach("6.2.8", "object %d: a picture with /Interpolate true", num)
	}
	if n := c.f.Name(d["Intent"]); n != "" && !slices.Contains(intentNames, n) {
		c.breach("6.2.6", "object %d: a picture with the rendering intent %s", num, n)
	}
	steps, _ := c.f.Filters(s)
	jpx := len(steps) > 0 && steps[len(steps)-1].Name == "JPXDecode"
	if bits, _ := c.f.Int(d["BitsPerComponent"]); !jpx && !slices.Contains([]int64{1, 2, 4, 8, 16}, bits) {
		c.breach("6.2.8", "object %d: a picture of %d bits", num, bits)
	}
	if jpx {
		head, err := io.ReadAll(io.LimitReader(c.f.RawStream(s), jpxHead))
		if err == nil {
			err = jpxAllowed(head)
		}
		if err != nil {
			c.breach("6.2.8.3", "object %d: %v", num, err)
		}
	}
	if v := c.f.Resolve(d["ColorSpace"]); v != nil {
		c.colour(num, v)
	} else if !jpx && !c.f.Bool(d["ImageMask"]) {
		c.breach("6.2.4.1", "object %d: a picture without colour space", num)
	}
}

// colour checks a colour space.
func (c *checker) colour(num int, v any) {
	a, isArray := v.(pdf.Array)
	name := c.f.Name(v)
	if isArray && len(a) > 1 {
		name = c.f.Name(a[0])
	}
	switch name {
	case "DeviceGray", "CalGray", "CalRGB", "Lab":
	case "DeviceRGB":
		if c.intent != "RGB " {
			c.breach("6.2.4.3", "object %d: DeviceRGB without such an output intent", num)
		}
	case "DeviceCMYK":
		if c.intent != "CMYK" {
			c.breach("6.2.4.3", "object %d: DeviceCMYK without such an output intent", num)
		}
	case "Indexed":
		if isArray {
			c.colour(num, c.f.Resolve(a[1]))
		}
	case "ICCBased":
		c.iccBased(num, a)
	default:
		c.breach("6.2.4.1", "object %d: the colour space %q", num, name)
	}
}

func (c *checker) iccBased(num int, a pdf.Array) {
	if len(a) < 2 || c.f.Stream(a[1]) == nil {
		c.breach("6.2.4.2", "object %d: a colour space without its profile", num)
		return
	}
	s := c.f.Stream(a[1])
	n, _ := c.f.Int(s.Dict["N"])
	if data, err := c.f.Decoded(s); err != nil || !usable(data, int(n)) {
		c.breach("6.2.4.2", "object %d: a profile that may not stand for %d components", num, n)
	}
}
