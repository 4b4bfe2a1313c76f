package bench

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// pagesOf is, among the fields of a part, which pages it has.
const pagesOf = "pages"

// A part is what truth says of an attachment, by the names of fields.
type part map[string]string

// readParts reads the attachments as `sohoa paper` writes them down.
func readParts(raw json.RawMessage) ([]part, error) {
	var all []struct {
		TypeName string `json:"loai"`
		Number   string `json:"so"`
		Subject  string `json:"tieu_de"`
		Title    string `json:"chuc_vu_ky"`
		Signer   string `json:"nguoi_ky"`
		From     int    `json:"tu_trang"`
		To       int    `json:"den_trang"`
	}
	if raw == nil {
		return nil, nil
	}
	err := json.Unmarshal(raw, &all)
	var out []part
	for _, a := range all {
		p := part{pagesOf: fmt.Sprintf("%d-%d", a.From, a.To), record.TypeName: a.TypeName, record.CodeNumber: a.Number, record.Subject: a.Subject,
			record.SignerTitle: a.Title, record.SignerName: a.Signer}
		if a.Number == "" {
			delete(p, record.CodeNumber)
		}
		out = append(out, p)
	}
	return out, err
}

// compareParts counts what of the attachments was read, in their order; an
// attachment that was not found misses all its fields.
func (r *FieldReport) compareParts(e example, got []record.Part) {
	for i, want := range e.parts {
		fields := record.Fields{}
		if i < len(got) {
			fields[pagesOf] = record.Field{Normal: fmt.Sprintf("%d-%d", got[i].From, got[i].To), Confidence: got[i].Confidence, Status: record.Read}
			for name, f := range got[i].Fields {
				if slices.Contains([]string{record.TypeName, record.CodeNumber, record.Subject, record.SignerTitle, record.SignerName}, name) {
					fields[name] = f
				}
			}
		}
		r.Parts.Add(fields, want)
	}
}
