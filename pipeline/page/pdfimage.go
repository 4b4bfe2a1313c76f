package page

import (
	"errors"
	"io"
	"math"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// errNotPlain says that a picture cannot be taken as it is; the page is drawn.
var errNotPlain = errors.New("the picture cannot be taken as it is")

// pdfImage is a picture of a PDF on its way into the work folder.
type pdfImage struct {
	*opened
	f       *pdf.File
	stream  *pdf.Stream
	parms   pdf.Dict
	packed  []byte // the stream with all but an image filter undone
	filters []pdf.Filter
	space   space
	scan    record.Scan
	name    string
}

// picture takes the one picture of a page: the stream untouched where its last
// filter is one that a PDF/A may have, else encoded again without loss.
func (p *pdfSource) picture(m placed, page pdf.PageRef, name string) (record.Scan, error) {
	i := &pdfImage{opened: p.opened, f: p.doc, stream: m.stream, name: name}
	if err := i.readDict(m, page.Resources); err != nil {
		return record.Scan{}, err
	}
	if err := i.readStream(); err != nil {
		return record.Scan{}, err
	}
	var err error
	switch i.kind() {
	case "DCTDecode":
		err = i.takeJPEG()
	case "CCITTFaxDecode":
		err = i.takeFax()
	case "JPXDecode":
		err = i.takeJPX()
	case "FlateDecode":
		err = i.takeFlate()
	case "JBIG2Decode":
		err = errNotPlain
	default:
		err = i.storeSamples()
	}
	if err != nil {
		return record.Scan{}, err
	}
	if i.scan.ICC, err = i.profile(i.space.icc, i.space.colors, name); err != nil {
		return record.Scan{}, err
	}
	turned, mirrored, _ := m.matrix.turned()
	i.scan.Rotate, i.scan.Mirrored = (turned+page.Rotate)%360, mirrored
	i.scan.DPIX, i.scan.DPIY = dpiOf(m, i.scan.Width, i.scan.Height, page.UserUnit)
	return i.scan, nil
}

// dpiOf is the resolution along the picture's own sides.
func dpiOf(m placed, width, height int, unit float64) (x, y float64) {
	round := func(v float64) float64 { return math.Round(v*100) / 100 }
	x = float64(width) / math.Hypot(m.matrix[0], m.matrix[1]) / unit * 72
	y = float64(height) / math.Hypot(m.matrix[2], m.matrix[3]) / unit * 72
	return round(x), round(y)
}

// readDict takes what the image dictionary says (ISO 32000-1, 8.9.5).
func (i *pdfImage) readDict(m placed, resources pdf.Dict) error {
	d := i.stream.Dict
	width, _ := i.f.Int(d["Width"])
	height, _ := i.f.Int(d["Height"])
	if width > math.MaxInt32 || height > math.MaxInt32 {
		return record.Refuse(record.TooManyPixels, nil, "picture of %d x %d pixels", width, height)
	}
	if err := i.checkPixels(int(width), int(height)); err != nil {
		return err
	}
	if d["SMask"] != nil || d["Mask"] != nil {
		return errNotPlain
	}
	if inData, _ := i.f.Int(d["SMaskInData"]); inData != 0 {
		return errNotPlain
	}
	bits, _ := i.f.Int(d["BitsPerComponent"])
	if m.stencil {
		bits, i.space = 1, space{name: "DeviceGray", colors: 1}
	} else if d["ColorSpace"] != nil {
		var ok bool
		if i.space, ok = spaceOf(i.f, d["ColorSpace"], resources); !ok {
			return errNotPlain
		}
	}
	i.scan = record.Scan{Width: int(width), Height: int(height), Bits: int(bits), Source: "image"}
	var ok bool
	if i.scan.Decode, ok = i.decode(); !ok {
		return errNotPlain
	}
	return nil
}

// decode returns /Decode if it turns all components round, nil for the default;
// ok is false for anything else.
func (i *pdfImage) decode() (d []float64, ok bool) {
	a := i.f.Array(i.stream.Dict["Decode"])
	if a == nil {
		return nil, true
	}
	if len(a) != 2*i.space.colors || len(a) == 0 {
		return nil, false
	}
	top := 1.0
	if i.space.palette != nil {
		top = float64(int(1)<<min(max(i.scan.Bits, 0), 8) - 1)
	}
	for _, v := range a {
		n, _ := i.f.Number(v)
		d = append(d, n)
	}
	pair := d[:2]
	for rest := d; len(rest) > 0; rest = rest[2:] {
		if !slices.Equal(rest[:2], pair) {
			return nil, false
		}
	}
	switch {
	case pair[0] == 0 && pair[1] == top:
		return nil, true
	case pair[0] == top && pair[1] == 0 && i.space.palette == nil:
		return d, true
	}
	return nil, false
}

// readStream undoes what stands before an image filter.
func (i *pdfImage) readStream() error {
	var err error
	if i.filters, err = i.f.Filters(i.stream); err != nil {
		return errNotPlain
	}
	last := len(i.filters) - 1
	for n, step := range i.filters {
		if pdf.IsImageFilter(step.Name) && n != last {
			return errNotPlain
		}
	}
	if last >= 0 {
		i.parms = i.filters[last].Parms
	}
	if bare := len(i.filters) == 0; bare || len(i.filters) == 1 && (pdf.IsImageFilter(i.kind()) || i.kind() == "FlateDecode") {
		i.packed, err = io.ReadAll(i.f.RawStream(i.stream))
	} else {
		i.packed, err = i.f.Decoded(i.stream)
	}
	if err != nil {
		return errNotPlain
	}
	return nil
}

// kind is the last filter; the samples of a chain that ends in Flate are unpacked
// already.
func (i *pdfImage) kind() pdf.Name {
	if len(i.filters) == 0 || len(i.filters) > 1 && !pdf.IsImageFilter(i.filters[len(i.filters)-1].Name) {
		return ""
	}
	return i.filters[len(i.filters)-1].Name
}

func (i *pdfImage) takeJPEG() error {
	h, err := readJPEG(i.packed)
	if err != nil {
		i.warn("page %s: its picture is damaged and was drawn as far as it goes: %v", i.name, err)
		return errNotPlain
	}
	if h.width != i.scan.Width || h.height != i.scan.Height || h.components != i.space.colors || i.space.palette != nil {
		return errNotPlain
	}
	if _, stated := i.f.Int(i.parms["ColorTransform"]); stated && h.adobe < 0 {
		return errNotPlain
	}
	i.scan.Filter, i.scan.Space, i.scan.Colors, i.scan.Bits = "DCTDecode", i.space.name, h.components, 8
	i.scan.File = i.name + ".jpg"
	return i.out.write(i.scan.File, i.packed)
}

// takeFax takes Group 4; Group 3 becomes Group 4.
func (i *pdfImage) takeFax() error {
	k, _ := i.f.Int(i.parms["K"])
	columns, ok := i.f.Int(i.parms["Columns"])
	if !ok {
		columns = 1728
	}
	align := i.f.Bool(i.parms["EncodedByteAlign"])
	if k < 0 && align || int(columns) != i.scan.Width || i.space.colors != 1 || i.space.palette != nil {
		return errNotPlain
	}
	i.scan.Filter, i.scan.Space, i.scan.Colors, i.scan.Bits = "CCITTFaxDecode", "DeviceGray", 1, 1
	i.scan.K, i.scan.ByteAlign, i.scan.BlackIs1 = int(min(max(k, -1), 1)), align, i.f.Bool(i.parms["BlackIs1"])
	if k >= 0 {
		return i.storeFax()
	}
	i.scan.File = i.name + ".g4"
	return i.out.write(i.scan.File, i.packed)
}

// storeFax makes Group 4 of Group 3. One of which libtiff reads less than half is
// drawn: it may lack the marks at the ends of lines that only libtiff asks for.
func (i *pdfImage) storeFax() error {
	x, err := decodeFax(i.packed, i.scan)
	if err != nil {
		return errNotPlain
	}
	defer x.Free()
	if 2*x.faults > i.scan.Height {
		return errNotPlain
	}
	i.scan, err = i.storeG4(x, i.name)
	i.scan.Source = "image"
	return err
}

func (i *pdfImage) takeJPX() error {
	h, err := readJP2(i.packed)
	if err != nil {
		i.warn("page %s: its picture is damaged and was drawn as far as it goes: %v", i.name, err)
		return errNotPlain
	}
	fits := i.space.name == "" || i.space.name == deviceSpace[h.components]
	if h.width != i.scan.Width || h.height != i.scan.Height || !fits || !h.plain() || i.scan.Decode != nil {
		return errNotPlain
	}
	i.scan.Filter, i.scan.Space, i.scan.Colors, i.scan.Bits = "JPXDecode", deviceSpace[h.components], h.components, h.bits
	i.scan.File = i.name + ".jp2"
	if len(h.stream) == len(i.packed) {
		return i.out.write(i.scan.File, jp2Wrapping(h), i.packed)
	}
	return i.out.write(i.scan.File, i.packed)
}

// takeFlate takes a Flate stream whose predictor fits the picture.
func (i *pdfImage) takeFlate() error {
	if err := i.checkSamples(); err != nil {
		return err
	}
	parm := func(key pdf.Name, otherwise int64) int {
		if v, ok := i.f.Int(i.parms[key]); ok {
			return int(v)
		}
		return int(otherwise)
	}
	predictor := parm("Predictor", 1)
	size := i.stride() * i.scan.Height
	if predictor >= 10 {
		predictor = 15
		size += i.scan.Height
	}
	if predictor > 1 && (parm("Colors", 1) != i.space.colors || parm("BitsPerComponent", 8) != i.scan.Bits || parm("Columns", 1) != i.scan.Width) {
		return errNotPlain
	}
	if err := inflates(i.packed, size); err != nil {
		i.warn("page %s: its picture is damaged and was drawn as far as it goes: %v", i.name, err)
		return errNotPlain
	}
	i.scan.Filter, i.scan.Predictor = "FlateDecode", predictor
	i.scan.File = i.name + ".flate"
	return i.out.write(i.scan.File, i.packed)
}

// checkSamples fills in what a scan of bare samples has.
func (i *pdfImage) checkSamples() error {
	if !slices.Contains([]int{1, 2, 4, 8, 16}, i.scan.Bits) || i.space.colors == 0 {
		return errNotPlain
	}
	i.scan.Space, i.scan.Colors, i.scan.Palette = i.space.name, i.space.colors, i.space.palette
	return nil
}

func (i *pdfImage) stride() int { return (i.scan.Width*i.space.colors*i.scan.Bits + 7) / 8 }

// storeSamples packs bare samples, which came under another filter or none.
func (i *pdfImage) storeSamples() error {
	if err := i.checkSamples(); err != nil {
		return err
	}
	stride := i.stride()
	if len(i.packed) < stride*i.scan.Height {
		return errNotPlain
	}
	s, err := i.storeRaw(raw{
		width: i.scan.Width, height: i.scan.Height, bits: i.scan.Bits, colors: i.scan.Colors, palette: i.scan.Palette,
		row: func(y int) []byte { return i.packed[y*stride:][:stride] },
	}, i.name)
	if err != nil {
		return err
	}
	s.Decode, s.Source = i.scan.Decode, "image"
	i.scan = s
	return nil
}
