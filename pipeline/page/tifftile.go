package page

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"math"

	"github.com/sohoa/sohoa/record"
)

// maxTile bounds the sides of a tile; real ones have 64 to 1024 pixels.
const maxTile = 8192

// jpegTiles decodes a page whose tiles are JPEGs; nil if it has none that are read
// here.
func (t *tiff) jpegTiles(dir tiffDir, p tiffPicture) (image.Image, error) {
	w, h := int(min(t.value(dir, tagTileWidth, 0), maxTile+1)), int(min(t.value(dir, tagTileLength, 0), maxTile+1))
	offsets, err := t.numbers(dir, tagTileOffsets)
	if err != nil || w == 0 || h == 0 || w > maxTile || h > maxTile || p.bits != 8 || p.samples != 1 && p.samples != 3 && !p.inks() {
		return nil, err
	}
	lengths, err := t.numbers(dir, tagTileByteCounts)
	if err != nil {
		return nil, err
	}
	across, down := (p.width+w-1)/w, (p.height+h-1)/h
	if len(offsets) != across*down || len(lengths) != len(offsets) {
		return nil, record.Refuse(record.Damaged, nil, "TIFF with %d tiles, want %d x %d", len(offsets), across, down)
	}
	tables, err := t.bytes(dir, tagJPEGTables, 1<<20)
	if err != nil {
		return nil, err
	}
	bounds := image.Rect(0, 0, p.width, p.height)
	var page draw.Image = image.NewGray(bounds)
	switch p.samples {
	case 3:
		page = image.NewRGBA(bounds)
	case 4:
		page = image.NewCMYK(bounds)
	}
	for i, at := range offsets {
		b, err := t.read(int64(min(at, 1<<62)), lengths[i])
		if err != nil {
			return nil, err
		}
		tile, err := decodeTile(b, tables, p, w, h)
		if err != nil {
			return nil, record.Refuse(record.Damaged, err, "decode tile %d of a TIFF page", i+1)
		}
		lay(page, tile, image.Pt(i%across*w, i/across*h))
	}
	return page, nil
}

// faxes decodes a page of black and white whose strips or tiles are faxes; nil if
// it has none that are read here.
func (t *tiff) faxes(dir tiffDir, p tiffPicture) (*Pix, error) {
	g, ok := t.grid(dir, p)
	fax := record.Scan{Width: g.width, BlackIs1: p.photometric == 1}
	switch options := t.value(dir, tagT4Options, 0); {
	case !ok || p.bits != 1 || p.samples != 1 || p.photometric > 1:
		return nil, nil
	case p.compression == tiffG4 && t.value(dir, tagT6Options, 0) == 0:
		fax.K = -1
	case p.compression == tiffHuffman:
		fax.ByteAlign = true
	case p.compression == tiffG3 && options&2 == 0:
		fax.K = int(options & 1)
	default:
		return nil, nil
	}
	page, err := newPix(p.width, p.height, 1)
	if err != nil {
		return nil, err
	}
	for i, at := range g.at {
		corner := image.Pt(i%g.across*g.width, i/g.across*g.height)
		fax.Height = g.height
		if !t.tiled(dir) {
			fax.Height = min(g.height, p.height-corner.Y)
		}
		part, err := t.fax(strip{at, g.length[i]}, fax, t.value(dir, tagFillOrder, 1) == 2)
		if err != nil {
			page.Free()
			return nil, damaged(err, "part %d of %d of a TIFF page", i+1, len(g.at))
		}
		page.lay(part, corner)
		page.faults += part.faults
		part.Free()
	}
	return page, nil
}

// fax decodes the fax in a strip or tile.
func (t *tiff) fax(at strip, s record.Scan, turned bool) (*Pix, error) {
	b, err := t.read(int64(min(at.at, math.MaxInt64)), at.length)
	if err != nil {
		return nil, err
	}
	if turned {
		turnBits(b)
	}
	return decodeFax(b, s)
}

// tiled reports whether a page lies in tiles, not strips.
func (t *tiff) tiled(dir tiffDir) bool {
	_, tiled := dir.entries[tagTileOffsets]
	return tiled
}

// lay puts a tile into a page.
func lay(page draw.Image, tile image.Image, corner image.Point) {
	at := image.Rectangle{corner, corner.Add(tile.Bounds().Size())}.Intersect(page.Bounds())
	inks, ok := page.(*image.CMYK)
	four, same := tile.(*image.CMYK)
	if !ok || !same {
		draw.Draw(page, at, tile, tile.Bounds().Min, draw.Src)
		return
	}
	for y := at.Min.Y; y < at.Max.Y; y++ { // drawing would turn them into red, green and blue
		row := inks.Pix[inks.PixOffset(at.Min.X, y):][:4*at.Dx()]
		for i, v := range four.Pix[(y-corner.Y)*four.Stride:][:len(row)] {
			row[i] = 255 - v // decoded as Adobe's, which are inverted; those of a TIFF are not
		}
	}
}

// inks reports whether a pixel is four inks.
func (p tiffPicture) inks() bool { return p.samples == 4 && p.photometric == 5 }

// decodeTile decodes one tile, whose tables may stand apart from it.
func decodeTile(b, tables []byte, p tiffPicture, w, h int) (image.Image, error) {
	soi, eoi := []byte{0xff, 0xd8}, []byte{0xff, 0xd9}
	whole := bytes.Clone(soi)
	if p.photometric == 2 || p.inks() { // colours without transform must be marked
		whole = append(whole, 0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0)
	}
	whole = append(whole, bytes.TrimSuffix(bytes.TrimPrefix(tables, soi), eoi)...)
	whole = append(whole, bytes.TrimPrefix(b, soi)...)
	c, err := jpeg.DecodeConfig(bytes.NewReader(whole))
	if err != nil {
		return nil, err
	}
	if c.Width > w || c.Height > h {
		return nil, record.Refuse(record.Damaged, nil, "tile of %d x %d pixels, want %d x %d", c.Width, c.Height, w, h)
	}
	return jpeg.Decode(bytes.NewReader(whole))
}
