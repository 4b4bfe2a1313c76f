package page

import (
	"github.com/sohoa/sohoa/record"
)

// components returns how many samples a pixel has, 0 for a colour space that is
// none of ours.
func components(s record.Scan) int {
	switch s.Space {
	case "DeviceGray", "Indexed":
		return 1
	case "DeviceRGB":
		return 3
	case "DeviceCMYK":
		return 4
	}
	return 0
}

// inverted reports whether a /Decode array turns light into dark.
func inverted(decode []float64) bool { return len(decode) >= 2 && decode[0] > decode[1] }

// lightFirst reports whether sample 0 of a 1-bit picture is the lighter one. In
// DeviceGray 0 is black.
func lightFirst(s record.Scan) bool {
	light := inverted(s.Decode)
	if s.Space == "Indexed" && len(s.Palette) >= 6 && luma(s.Palette) > luma(s.Palette[3:]) {
		return !light
	}
	return light
}

func luma(rgb []byte) int { return 299*int(rgb[0]) + 587*int(rgb[1]) + 114*int(rgb[2]) }

// unpredict undoes the predictor of a FlateDecode stream and returns plain rows.
func unpredict(raw []byte, stride, colors int, s record.Scan) ([]byte, error) {
	switch {
	case s.Predictor <= 1:
		return raw, nil
	case s.Predictor >= 10:
		return unpredictPNG(raw, stride, s.Height, colors*s.Bits)
	case s.Bits != 8:
		return nil, record.Refuse(record.Damaged, nil, "decode page: TIFF predictor with %d bits", s.Bits)
	}
	for y := range s.Height {
		row := raw[y*stride : (y+1)*stride]
		for i := colors; i < len(row); i++ {
			row[i] += row[i-colors]
		}
	}
	return raw, nil
}

// fromSamples turns plain rows into a picture of 1, 8 or 32 bits.
func fromSamples(raw []byte, colors int, s record.Scan) (*Pix, error) {
	if s.Bits == 1 && colors == 1 {
		x, err := FromSamples(raw, s.Width, s.Height, 1, 1)
		if err == nil && !lightFirst(s) {
			x.Invert()
		}
		return x, err
	}
	if s.Bits == 8 && s.Space != "Indexed" && colors < 4 {
		x, err := FromSamples(raw, s.Width, s.Height, colors, 8)
		if err == nil && inverted(s.Decode) {
			x.Invert()
		}
		return x, err
	}
	bytes := widen(raw, s, colors)
	if colors == 1 && s.Space != "Indexed" {
		return FromSamples(bytes, s.Width, s.Height, 1, 8)
	}
	return FromSamples(rgb(bytes, s), s.Width, s.Height, 3, 8)
}

// widen returns one byte for each sample: scaled to 0…255 with /Decode applied,
// or the bare index of an Indexed picture.
func widen(raw []byte, s record.Scan, colors int) []byte {
	n, stride := s.Width*colors, (s.Width*colors*s.Bits+7)/8
	full := 1<<min(s.Bits, 8) - 1
	flip := inverted(s.Decode)
	out := make([]byte, 0, n*s.Height)
	for y := range s.Height {
		row := raw[y*stride:]
		for i := range n {
			v := sampleAt(row, i, s.Bits)
			if flip {
				v = full - v
			}
			if s.Space != "Indexed" {
				v = v * 255 / full
			}
			out = append(out, byte(v))
		}
	}
	return out
}

// sampleAt returns sample i of a row; of 16 bits the upper 8.
func sampleAt(row []byte, i, bits int) int {
	switch bits {
	case 8:
		return int(row[i])
	case 16:
		return int(row[2*i])
	}
	at := i * bits
	return int(row[at/8]>>(8-bits-at%8)) & (1<<bits - 1)
}

// rgb turns widened samples of Indexed, DeviceRGB or DeviceCMYK into RGB. An
// index outside the palette is black.
func rgb(in []byte, s record.Scan) []byte {
	switch s.Space {
	case "Indexed":
		var table [256][3]byte
		for i := range min(256, len(s.Palette)/3) {
			copy(table[i][:], s.Palette[3*i:])
		}
		out := make([]byte, 0, 3*len(in))
		for _, v := range in {
			out = append(out, table[v][:]...)
		}
		return out
	case "DeviceCMYK":
		out := make([]byte, 0, len(in)/4*3)
		for i := 0; i+3 < len(in); i += 4 {
			white := 255 - int(in[i+3])
			for c := range 3 {
				out = append(out, byte((255-int(in[i+c]))*white/255))
			}
		}
		return out
	}
	return in
}
