package record

import (
	"encoding/json"
	"errors"
	"fmt"
)

// FieldStatus says what is known of a field's value.
type FieldStatus string

const (
	Read        FieldStatus = "read"        // recognised by machine
	Handwritten FieldStatus = "handwritten" // there is handwriting: a person has to look; Value may hold a guess
	Missing     FieldStatus = "missing"     // not found
	Confirmed   FieldStatus = "confirmed"   // by a person
)

// A Field is one fact about a document with what supports it. A field that no
// word supports is left out, not guessed.
type Field struct {
	Value      string      `json:"value"`            // as printed, lines joined by a line break
	Normal     string      `json:"normal,omitempty"` // normal form: ISO 8601 date, number, or the text
	Code       string      `json:"code,omitempty"`   // code in a list of the law (TT 05/2025)
	Confidence float64     `json:"confidence"`       // 0 to 1
	Status     FieldStatus `json:"status"`
	Rule       string      `json:"rule,omitempty"` // the rule that found it
	Evidence   []Evidence  `json:"evidence"`
}

// Evidence is a place on a page.
type Evidence struct {
	Page int `json:"page"` // from 1
	Box  Box `json:"box"`
}

// Fields are the fields of a document by name. The names are those of
// TT 05/2025/TT-BNV and NĐ 30/2020/NĐ-CP, appendix VI.
type Fields map[string]Field

// The names of the fields of a document's header and close.
const (
	CodeNumber    = "codeNumber"    // số
	CodeNotation  = "codeNotation"  // ký hiệu
	IssuedDate    = "issuedDate"    // ngày ban hành
	TypeName      = "typeName"      // tên loại
	Subject       = "subject"       // trích yếu
	SuperiorOrgan = "superiorOrgan" // cơ quan chủ quản
	OrganName     = "organName"     // cơ quan ban hành
	Place         = "place"         // địa danh
	SignerTitle   = "signerTitle"   // quyền hạn, chức vụ
	SignerName    = "signerName"    // họ tên người ký
	Urgency       = "urgency"       // độ khẩn
	Secrecy       = "secrecy"       // độ mật
)

// ParseFields reads fields from their JSON form.
func ParseFields(b []byte) (Fields, error) {
	var f Fields
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("read fields: %w", errors.Join(ErrMalformed, err))
	}
	return f, nil
}
