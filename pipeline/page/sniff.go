package page

import (
	"bytes"
	"encoding/binary"
)

// SniffBytes is how much of the beginning of a file Sniff wants to see.
const SniffBytes = 1100

// Sniff returns the media type of a file by its first bytes, or "" if it is none
// of the formats that we read.
func Sniff(head []byte) string {
	starts := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case starts("\xff\xd8\xff"):
		return "image/jpeg"
	case starts("\x89PNG\r\n\x1a\n"):
		return "image/png"
	case isTIFF(head):
		return "image/tiff"
	case starts("\x00\x00\x00\x0cjP  \r\n\x87\n"), starts("\xff\x4f\xff\x51"):
		return "image/jp2"
	case starts("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return "image/webp"
	case starts("GIF87a"), starts("GIF89a"):
		return "image/gif"
	case starts("BM") && len(head) >= 18 && binary.LittleEndian.Uint32(head[14:]) <= 124:
		return "image/bmp"
	case bytes.Contains(head[:min(len(head), 1024+len("%PDF-"))], []byte("%PDF-")): // ISO 32000-1, annex H.3, note 13
		return "application/pdf"
	}
	return ""
}
