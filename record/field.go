package record

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
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
	Rule       string      `json:"rule,omitempty"`  // the rule that found it
	Other      string      `json:"other,omitempty"` // what a symbol on the page says instead, in normal form; Evidence has both places
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

// A Brief is what a list shows of a document.
type Brief struct {
	Type       string `json:"type,omitempty"`
	Number     string `json:"number,omitempty"` // số and ký hiệu as they are written together
	IssuedDate string `json:"issuedDate,omitempty"`
	Subject    string `json:"subject,omitempty"`
	Organ      string `json:"organ,omitempty"`
}

// BriefOf makes a brief of fields. Handwriting that no person has typed is left out.
func BriefOf(fields Fields) *Brief {
	text := func(name string) string {
		if fields[name].Status == Handwritten {
			return ""
		}
		return fields[name].Normal
	}
	b := &Brief{Type: text(TypeName), Number: text(CodeNumber), IssuedDate: text(IssuedDate), Subject: text(Subject), Organ: text(OrganName)}
	if notation := text(CodeNotation); notation != "" {
		b.Number = cmp.Or(b.Number, "…")
		b.Number += "/" + notation
	}
	return b
}

// fieldLengths are the longest values of fields in characters (TT 05/2025/TT-BNV,
// document fields; NĐ 30/2020/NĐ-CP, appendix VI, where it says more).
var fieldLengths = map[string]int{
	CodeNumber: 11, CodeNotation: 30, IssuedDate: 10, TypeName: 100, Subject: 500, SuperiorOrgan: 200,
	OrganName: 200, Place: 100, SignerTitle: 200, SignerName: 50, Urgency: 50, Secrecy: 50,
}

// CheckField says whether a person may give a field this value: length by the
// law's tables, dates in ISO 8601, no control characters. The error is of kind
// ErrInvalid.
func CheckField(name, value string) error {
	limit, known := fieldLengths[name]
	if !known {
		limit = 2000
	}
	switch {
	case utf8.RuneCountInString(value) > limit:
		return fmt.Errorf("field %s has more than %d characters: %w", name, limit, ErrInvalid)
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		return fmt.Errorf("field %s has control characters: %w", name, ErrInvalid)
	case !fieldName.MatchString(name):
		return fmt.Errorf("field name %.40q: %w", name, ErrInvalid)
	}
	if e, is := element(name); is {
		if why := e.check(value); why != "" {
			return fmt.Errorf("field %s: %s: %w", name, why, ErrInvalid)
		}
	}
	if name == IssuedDate {
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return fmt.Errorf("field %s is not a date such as 2026-11-23: %w", name, ErrInvalid)
		}
	}
	return nil
}

var fieldName = regexp.MustCompile(`^[a-z][A-Za-z0-9]{1,39}$`)
