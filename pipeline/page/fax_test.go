package page

import (
	"encoding/binary"
	"image"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

const (
	faxEnd   = "000000000001"       // of a line (ITU-T T.4)
	faxWhite = "11011" + "00110101" // 64 white pixels
	faxBlack = "00110101" + "0000001111" + "0000110111"
)

// striped is a fax in Group 3, 64 pixels wide, every third line and the last black, whose lines from
// and further up to to are noise.
func striped(lines, from, to int) []byte {
	var bits strings.Builder
	for y := range lines {
		switch {
		case y >= from && y < to:
			bits.WriteString("1101101010110101101010110101")
		case y%3 == 2:
			bits.WriteString(faxEnd + faxBlack)
		default:
			bits.WriteString(faxEnd + faxWhite)
		}
	}
	return ofBits(bits.String())
}

// ofBits packs noughts and ones, the last byte filled with noughts.
func ofBits(s string) []byte {
	b := make([]byte, (len(s)+7)/8)
	for i, c := range s {
		b[i/8] |= byte(c-'0') << (7 - i%8)
	}
	return b
}

// A line that cannot be read takes the mark at its end with it: there is one less
// of them, and the page is worth having all the same.
func TestGroup3WithLinesLost(t *testing.T) {
	const lines = 96
	halves := paper(64, lines, tiffG3, 0, 1, 1, striped(lines/2, lines, lines), striped(lines/2, 20, 21))
	halves.tags[tagRowsPerStrip] = []uint32{lines / 2}
	inTIFF := func(b []byte) []byte {
		return writeTIFF(binary.LittleEndian, false, false, paper(64, lines, tiffG3, 0, 1, 1, b))
	}
	inPDF := func(b []byte) []byte {
		parms := pdf.Dict{"DecodeParms": pdf.Dict{"K": 0, "Columns": 64, "Rows": lines, "EndOfLine": true}}
		return writePDF(t, nil, scanned(picture(64, lines, 1, gray, "CCITTFaxDecode", b, parms)))
	}
	for _, tt := range []struct {
		name    string
		file    []byte
		spoiled bool
		want    record.Reason
	}{
		{"whole in a TIFF", inTIFF(striped(lines, lines, lines)), false, ""},
		{"whole in a PDF", inPDF(striped(lines, lines, lines)), false, ""},
		{"one line bad in a TIFF", inTIFF(striped(lines, 40, 41)), true, ""},
		{"one line bad in a PDF", inPDF(striped(lines, 40, 41)), true, ""},
		{"one line bad in the second strip", writeTIFF(binary.BigEndian, false, false, halves), true, ""},
		{"a third of the lines missing", inTIFF(striped(lines*2/3, lines, lines)), true, ""},
		{"two thirds of the lines missing", inTIFF(striped(lines/3, lines, lines)), false, record.Damaged},
	} {
		d, work, err := splitBytes(t, tt.file, Limits{})
		if got := record.ReasonOf(err); got != tt.want {
			t.Errorf("%s: Split = %v; want reason %q", tt.name, err, tt.want)
		}
		if err != nil || tt.want != "" {
			continue
		}
		s := d.Pages[0].Scan
		if s.Spoiled != tt.spoiled || s.K != -1 || s.Source != "image" {
			t.Errorf("%s: Split = spoiled %v, K %d, %s; want spoiled %v, K -1, image", tt.name, s.Spoiled, s.K, s.Source, tt.spoiled)
		}
		x, err := Decode(work, s)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		t.Cleanup(x.Free)
		top := image.NewGray(image.Rect(0, 0, 64, 40))
		for i := range top.Pix {
			if i/64%3 != 2 {
				top.Pix[i] = 255
			}
		}
		head, err := x.Clipped(0, 0, 64, 40)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(head.Free)
		samePixels(t, head, top, 0)
		foot, err := x.Clipped(0, lines-1, 64, 1)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(foot.Free)
		if black := foot.count() == 64; black == tt.spoiled {
			t.Errorf("%s: the last line has %d black pixels", tt.name, foot.count())
		}
	}
}

// Lines that are missing are paper, whichever way round the stream says it.
func TestMissingLinesAreWhite(t *testing.T) {
	for _, negative := range []bool{false, true} {
		x, err := decodeFax(striped(64, 64, 64), record.Scan{Width: 64, Height: 96, Bits: 1, Colors: 1, Space: "DeviceGray", BlackIs1: negative})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(x.Free)
		foot, err := x.Clipped(0, 70, 64, 26)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(foot.Free)
		if black := foot.count(); black > 0 {
			t.Errorf("negative %v: %d black pixels where lines are missing", negative, black)
		}
	}
}
