package pdf

import "fmt"

// unpredict undoes the predictor of FlateDecode and LZWDecode (7.4.4.4).
func (f *File) unpredict(parms Dict, data []byte) ([]byte, error) {
	number := func(key Name, otherwise int64) int64 {
		if n, ok := f.Int(parms[key]); ok {
			return n
		}
		return otherwise
	}
	predictor := number("Predictor", 1)
	if predictor == 1 {
		return data, nil
	}
	colors, bits, columns := number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1)
	if colors < 1 || colors > 64 || bits < 1 || bits > 16 || columns < 1 || columns > 1<<28 {
		return nil, fmt.Errorf("predictor with %d colours of %d bits, %d columns: %w", colors, bits, columns, ErrDamaged)
	}
	pixel := int(max(1, colors*bits/8))
	row := int((colors*bits*columns + 7) / 8)
	switch {
	case predictor == 2:
		return unpredictTIFF(data, row, int(colors), int(bits))
	case predictor >= 10 && predictor <= 15:
		return unpredictPNG(data, row, pixel)
	}
	return nil, fmt.Errorf("predictor %d: %w", predictor, ErrDamaged)
}

func unpredictPNG(data []byte, row, pixel int) ([]byte, error) {
	out := make([]byte, 0, len(data))
	above := make([]byte, min(row, len(data)))
	for len(data) > 0 {
		kind, line := data[0], data[1:]
		line = line[:min(row, len(line))]
		data = data[1+len(line):]
		if kind > 4 {
			return nil, fmt.Errorf("PNG row filter %d: %w", kind, ErrDamaged)
		}
		at := len(out)
		out = append(out, line...)
		unfilterRow(kind, out[at:], above[:len(line)], pixel)
		above = out[at:]
	}
	return out, nil
}

// unfilterRow undoes one PNG row filter in place (ISO/IEC 15948, 9).
func unfilterRow(kind byte, line, above []byte, pixel int) {
	for i := range line {
		var left, up, corner int
		up = int(above[i])
		if i >= pixel {
			left, corner = int(line[i-pixel]), int(above[i-pixel])
		}
		switch kind {
		case 1:
			line[i] += byte(left)
		case 2:
			line[i] += byte(up)
		case 3:
			line[i] += byte((left + up) / 2)
		case 4:
			line[i] += byte(paeth(left, up, corner))
		}
	}
}

func paeth(a, b, c int) int {
	abs := func(n int) int { return max(n, -n) }
	p := a + b - c
	pa, pb, pc := abs(p-a), abs(p-b), abs(p-c)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

// unpredictTIFF undoes predictor 2 in place: each component is the difference to
// the one of the pixel on its left.
func unpredictTIFF(data []byte, row, colors, bits int) ([]byte, error) {
	if bits != 8 && bits != 16 {
		return nil, fmt.Errorf("TIFF predictor with %d bits: %w", bits, ErrDamaged)
	}
	step := colors * bits / 8
	for rest := data; len(rest) > 0; rest = rest[min(row, len(rest)):] {
		line := rest[:min(row, len(rest))]
		for i := step; i < len(line); i++ {
			if bits == 8 {
				line[i] += line[i-step]
			} else if i%2 == 1 {
				sum := uint16(line[i-1])<<8 + uint16(line[i]) + uint16(line[i-1-step])<<8 + uint16(line[i-step])
				line[i-1], line[i] = byte(sum>>8), byte(sum)
			}
		}
	}
	return data, nil
}
