package ocr

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/sohoa/sohoa/record"
)

// parse reads what sohoa_read answers (tesseract.h), boxes in pixels of the picture
// that was recognised. A line in which nothing was read has no words.
func parse(answer string) (lines []record.Line, err error) {
	for row := range strings.Lines(strings.ToValidUTF8(answer, "")) {
		f := strings.Fields(row)
		switch {
		case len(f) == 9 && f[0] == "L":
			n, err := numbers(f[1:])
			if err != nil {
				return nil, err
			}
			lines = append(lines, record.Line{Block: int(n[0]), Box: boxOf(n[1:5]), Size: n[5], Baseline: record.Baseline{Slope: n[6], Offset: n[7]}})
		case len(f) > 5 && f[0] == "W" && len(lines) > 0:
			n, err := numbers(f[1:6])
			if err != nil {
				return nil, err
			}
			if text := letters(strings.Join(f[6:], "")); text != "" {
				last := &lines[len(lines)-1]
				last.Words = append(last.Words, record.Word{Text: text, Box: boxOf(n[:4]), Confidence: n[4] / 100})
			}
		default:
			return nil, fmt.Errorf("tesseract answers %q", row)
		}
	}
	return lines, nil
}

// alike maps signs that the engine puts for letters and signs of Vietnamese:
// the Icelandic Ð for Đ (U+0110), the fraction slash, the florin.
var alike = strings.NewReplacer("Ð", "Đ", "⁄", "/", "ƒ", "f")

// letters brings recognised characters into the form that is kept: NFC, without
// white space and look-alikes.
func letters(s string) string {
	return norm.NFC.String(alike.Replace(strings.Join(strings.Fields(s), "")))
}

func numbers(fields []string) ([]float64, error) {
	out := make([]float64, len(fields))
	for i, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return nil, fmt.Errorf("tesseract answers %q: %w", fields, err)
		}
		out[i] = v
	}
	return out, nil
}

func boxOf(n []float64) record.Box {
	return record.Box{int(n[0]), int(n[1]), int(n[2]), int(n[3])}
}
