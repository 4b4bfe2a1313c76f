package pdfa

import (
	"math"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// object checks everything inside the object num.
func (c *checker) object(num int) {
	r := pdf.Ref{Num: num, Gen: c.f.Objects()[num].Gen}
	v, err := c.f.Get(r)
	if err != nil {
		return // told among the anomalies
	}
	if num > 8388607 {
		c.breach("6.1.13", "object number %d", num)
	}
	c.value(num, v)
	if d, ok := v.(pdf.Dict); ok && d["ByteRange"] != nil {
		if start, end, ok := c.f.ValueSpan(r, "Contents"); !ok || (end-start)%2 != 0 {
			c.breach("6.1.6", "object %d: /Contents has not an even number of hexadecimal digits", num)
		}
	}
}

func (c *checker) value(num int, v any) {
	switch v := v.(type) {
	case pdf.Array:
		for _, x := range v {
			c.value(num, x)
		}
	case pdf.Dict:
		c.dict(num, v)
	case *pdf.Stream:
		c.stream(num, v)
		c.dict(num, v.Dict)
	case pdf.String:
		if len(v) > 32767 {
			c.breach("6.1.13", "object %d: a string of %d bytes", num, len(v))
		}
	case pdf.Name:
		if len(v) > 127 {
			c.breach("6.1.13", "object %d: a name of %d bytes", num, len(v))
		}
	case int64:
		if v > math.MaxInt32 || v < math.MinInt32 {
			c.breach("6.1.13", "object %d: the integer %d", num, v)
		}
	}
}

// actions must not occur (6.5.1).
var actions = []pdf.Name{
	"Launch", "Sound", "Movie", "ResetForm", "ImportData", "Hide", "SetOCGState", "Rendition", "Trans", "GoTo3DView", "JavaScript",
}

func (c *checker) dict(num int, d pdf.Dict) {
	for key, v := range d {
		c.value(num, key)
		c.value(num, v)
	}
	if s, _ := d["S"].(pdf.Name); slices.Contains(actions, s) || d["JS"] != nil {
		c.breach("6.5.1", "object %d: an action of type %s", num, s)
	}
	if d["EF"] != nil {
		c.embedded(num, d)
	}
	if d["BM"] != nil || seeThrough(c.f, d["CA"]) || seeThrough(c.f, d["ca"]) || c.masked(d) {
		c.breach("6.2.10", "object %d: transparency", num)
	}
	switch c.f.Name(d["Type"]) {
	case "Font":
		c.font(num, d)
	case "Annot":
		c.annotation(num, d)
	case "ExtGState":
		if d["TR"] != nil || d["HTP"] != nil || d["TR2"] != nil && c.f.Name(d["TR2"]) != "Default" {
			c.breach("6.2.5", "object %d: a graphics state with transfer function or halftone phase", num)
		}
	}
	if c.f.Name(d["Subtype"]) == "Widget" && c.f.Name(d["Type"]) != "Annot" {
		c.annotation(num, d)
	}
}

// seeThrough reports whether a constant opacity is there and not 1.
func seeThrough(f *pdf.File, v any) bool {
	x, ok := f.Number(v)
	return ok && x != 1
}

func (c *checker) masked(d pdf.Dict) bool {
	return d["SMask"] != nil && c.f.Name(d["SMask"]) != "None" || d["SMaskInData"] != nil && d["SMaskInData"] != int64(0)
}

// filters may occur (6.1.7.2); LZWDecode and Crypt are those that may not.
var filters = []pdf.Name{
	"FlateDecode", "DCTDecode", "JPXDecode", "CCITTFaxDecode", "JBIG2Decode", "RunLengthDecode", "ASCIIHexDecode", "ASCII85Decode",
}

func (c *checker) stream(num int, s *pdf.Stream) {
	for _, key := range []pdf.Name{"F", "FFilter", "FDecodeParms"} {
		if s.Dict[key] != nil {
			c.breach("6.1.7.1", "object %d: a stream with /%s", num, key)
		}
	}
	steps, err := c.f.Filters(s)
	if err != nil {
		c.breach("6.1.7.2", "object %d: %v", num, err)
		return
	}
	for _, step := range steps {
		if !slices.Contains(filters, step.Name) {
			c.breach("6.1.7.2", "object %d: filter %s", num, step.Name)
		}
	}
	switch c.f.Name(s.Dict["Subtype"]) {
	case "Image":
		c.image(num, s)
	case "Form":
		for _, key := range []pdf.Name{"OPI", "PS", "Ref", "Subtype2"} {
			if s.Dict[key] != nil {
				c.breach("6.2.9", "object %d: a form with /%s", num, key)
			}
		}
		c.formContent(num, s)
		if s.Dict["Group"] != nil {
			c.breach("6.2.10", "object %d: a form with /Group", num)
		}
	case "PS":
		c.breach("6.2.9", "object %d: PostScript", num)
	}
}

// annotation checks annotations: those that we write are signature fields.
func (c *checker) annotation(num int, d pdf.Dict) {
	switch s := c.f.Name(d["Subtype"]); s {
	case "3D", "Sound", "Screen", "Movie", "":
		c.breach("6.3.1", "object %d: an annotation of type %q", num, s)
	case "FileAttachment":
		c.breach("6.8", "object %d: an attachment on a page", num)
	case "Popup":
		return
	}
	flags, ok := c.f.Int(d["F"])
	const invisible, hidden, print, noView, toggle = 1 << 0, 1 << 1, 1 << 2, 1 << 5, 1 << 8
	if !ok || flags&print == 0 || flags&(invisible|hidden|noView|toggle) != 0 {
		c.breach("6.3.2", "object %d: an annotation with the flags %d", num, flags)
	}
	rect, _ := c.f.Rect(d["Rect"])
	seen := rect[0] != rect[2] && rect[1] != rect[3]
	look := c.f.Dict(d["AP"])
	if look == nil && seen {
		c.breach("6.3.3", "object %d: an annotation without appearance", num)
	}
	for key := range look {
		if key != "N" {
			c.breach("6.3.3", "object %d: an annotation with the appearance %s", num, key)
		}
	}
	if c.f.Name(d["Subtype"]) == "Widget" && (d["A"] != nil || d["AA"] != nil) {
		c.breach("6.4.1", "object %d: a field with an action", num)
	}
}

// font checks that a font is embedded, and at level U that its text has a meaning.
func (c *checker) font(num int, d pdf.Dict) {
	switch kind := c.f.Name(d["Subtype"]); kind {
	case "Type0":
		if c.unicode && c.f.Stream(d["ToUnicode"]) == nil {
			c.breach("6.2.11.7.2", "object %d: a font without /ToUnicode", num)
		}
		return // its descendant is an object of its own
	case "Type3":
		return
	case "CIDFontType2":
		if d["CIDToGIDMap"] == nil {
			c.breach("6.2.11.3.2", "object %d: a font without /CIDToGIDMap", num)
		}
	case "CIDFontType0", "Type1", "MMType1", "TrueType":
	default:
		c.breach("6.2.11.2", "object %d: a font of type %q", num, kind)
	}
	if c.idle[num] {
		return
	}
	descriptor := c.f.Dict(d["FontDescriptor"])
	for _, key := range []pdf.Name{"FontFile", "FontFile2", "FontFile3"} {
		if c.f.Stream(descriptor[key]) != nil {
			return
		}
	}
	c.breach("6.2.11.4.1", "object %d: the font %s is not embedded", num, c.f.Name(d["BaseFont"]))
}
