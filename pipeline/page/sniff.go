package page

import (
	"bytes"
	"encoding/binary"
)

// SniffBytes is how much of the beginning of a file Sniff wants to see.
const SniffBytes = 1100

// unread names the format of a file that we know and do not read, or "".
func unread(head []byte) string {
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		switch string(head[8:12]) {
		case "heic", "heix", "hevc", "heim", "heis", "hevm", "hevs", "mif1", "msf1":
			return "HEIC"
		case "avif", "avis":
			return "AVIF"
		}
	}
	if isDICOM(head) {
		return "DICOM"
	}
	if len(head) >= 4 && head[0] == 'P' && head[1] >= '1' && head[1] <= '6' && bytes.ContainsAny(head[2:3], " \t\r\n") && bytes.ContainsAny(head[3:4], "#0123456789") {
		return "PNM"
	}
	for magic, name := range map[string]string{
		"\xff\x0a": "JPEG XL", "\x00\x00\x00\x0cJXL \r\n\x87\n": "JPEG XL", "AT&TFORM": "DjVu", "\x97JB2\r\n\x1a\n": "JBIG2",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Office 97", "PK\x03\x04": "ZIP or Office", "{\\rtf": "RTF", "%!PS": "PostScript", "\xc5\xd0\xd3\xc6": "EPS",
		"8BPS": "Photoshop", "\x00\x00\x01\x00": "ICO", "\x76\x2f\x31\x01": "OpenEXR", "Rar!": "RAR", "7z\xbc\xaf\x27\x1c": "7z", "\x1f\x8b": "gzip",
		"II\x1a\x00\x00\x00HEAP": "camera raw", "FUJIFILM": "camera raw", "IIRO": "camera raw", "IIU\x00": "camera raw",
	} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return name
		}
	}
	return ""
}

// Sniff returns the media type of a file by its first bytes, or "" if it is none
// of the formats that we read.
func Sniff(head []byte) string {
	starts := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case starts("\xff\xd8\xff"):
		return "image/jpeg"
	case starts("\x89PNG\r\n\x1a\n"):
		return "image/png"
	case isTIFF(head) && !isDICOM(head):
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

// isDICOM knows the file of a medical picture, which may begin as a TIFF does.
func isDICOM(head []byte) bool { return len(head) >= 132 && string(head[128:132]) == "DICM" }
