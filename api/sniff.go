package api

import "bytes"

// sniff tells the media type by the first bytes, "" for what we do not take. It
// only keeps away what is certainly no scan; whether the file is sound is found
// out by the worker.
func sniff(head []byte) string {
	for _, m := range []struct {
		magic  string
		offset int
		kind   string
	}{
		{"\xff\xd8\xff", 0, "image/jpeg"},
		{"\x89PNG\r\n\x1a\n", 0, "image/png"},
		{"II*\x00", 0, "image/tiff"},
		{"MM\x00*", 0, "image/tiff"},
		{"II+\x00", 0, "image/tiff"},
		{"MM\x00+", 0, "image/tiff"},
		{"\x00\x00\x00\x0cjP  ", 0, "image/jp2"},
		{"WEBP", 8, "image/webp"},
		{"BM", 0, "image/bmp"},
		{"GIF8", 0, "image/gif"},
		{"ftyphei", 4, "image/heic"},
		{"ftyphev", 4, "image/heic"},
		{"ftypmif1", 4, "image/heic"},
		{"ftypavif", 4, "image/avif"},
	} {
		if len(head) >= m.offset && bytes.HasPrefix(head[m.offset:], []byte(m.magic)) {
			return m.kind
		}
	}
	if bytes.Contains(head[:min(len(head), 512)], []byte("%PDF-")) {
		return "application/pdf"
	}
	return ""
}
