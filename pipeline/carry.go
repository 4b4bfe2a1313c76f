package pipeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
)

// carry opens the signed originals as attachments of our PDF/A, and adds what was
// found when they were verified: their digests, the verdict and its time. The seal
// over our file then says so under the agency's signature. The files are open until
// close is called.
func carry(in Input, original record.Original) (all []pdfa.Attachment, close func(), err error) {
	var open []*os.File
	close = func() {
		for _, f := range open {
			f.Close()
		}
	}
	for i, path := range in.Files {
		f, err := os.Open(path)
		if err != nil {
			close()
			return nil, nil, record.Refuse(record.InputUnreadable, err, "open the original of %s", in.Name)
		}
		open = append(open, f)
		ref := original.Files[i]
		all = append(all, pdfa.Attachment{Name: carriedName(in.Name, i, ref.MediaType), MediaType: ref.MediaType, Relationship: pdfa.Source,
			Description: fmt.Sprintf("Bản gốc đã ký số, giữ nguyên từng byte; SHA-256 %s", ref.SHA256), Data: f})
	}
	b, err := json.MarshalIndent(record.Statement{Version: record.Version, Files: original.Files, Verdict: *original.Verdict}, "", " ")
	if err != nil {
		close()
		return nil, nil, fmt.Errorf("write the statement on the original of %s: %w", in.Name, err)
	}
	return append(all, pdfa.Attachment{Name: in.Name + ".verification.json", MediaType: "application/json", Relationship: pdfa.Supplement,
		Description: fmt.Sprintf("Kết quả kiểm tra chữ ký của bản gốc: %s, %s", original.Verdict.Outcome, original.Verdict.At.Format("2006-01-02T15:04:05Z07:00")), Data: bytes.NewReader(b)}), close, nil
}

// carriedName is NAME.original.pdf, NAME.original-2.pdf and so on.
func carriedName(name string, i int, mediaType string) string {
	part, suffix := "", ".bin"
	if i > 0 {
		part = fmt.Sprintf("-%d", i+1)
	}
	for _, known := range [][2]string{{"application/pdf", ".pdf"}, {"image/tiff", ".tif"}, {"image/jpeg", ".jpg"}, {"image/png", ".png"}} {
		if mediaType == known[0] {
			suffix = known[1]
		}
	}
	return name + ".original" + part + suffix
}
