package record

// Particulars are what a document says beyond the fields of its header and close.
type Particulars struct {
	Addressees []Field `json:"addressees,omitempty"` // kính gửi, one each
	Bases      []Field `json:"bases,omitempty"`      // căn cứ, one each; Code is the notation of the text it names
	Recipients []Field `json:"recipients,omitempty"` // nơi nhận, one each
	Filed      *Field  `json:"filed,omitempty"`      // lưu: where the agency keeps its copy
	Language   string  `json:"language,omitempty"`   // code of TT 05/2025/TT-BNV: 01 Vietnamese, 02 English, 03 French, 06 Vietnamese and English, 08 Vietnamese and French
	Codes      []Code  `json:"codes,omitempty"`      // identifiers in the order of the text
	Parts      []Part  `json:"parts,omitempty"`      // attachments, and other documents in the same file
	Form       string  `json:"form,omitempty"`       // the form that the paper is ("giay-khai-sinh"), if it is one
	FormFields Fields  `json:"formFields,omitempty"` // what stands on that form, by the form's own names
}

// A Code is an identifier that stands in the text or in a bar code on the page.
type Code struct {
	Kind CodeKind `json:"kind"`
	Field
}

// CodeKind says what a code identifies.
type CodeKind string

const (
	PersonID  CodeKind = "personId"  // số định danh cá nhân, CCCD: 12 digits
	OldID     CodeKind = "oldId"     // CMND: 9 digits
	TaxCode   CodeKind = "taxCode"   // mã số thuế: 10 digits, or 10 and 3
	Phone     CodeKind = "phone"     // số điện thoại
	Email     CodeKind = "email"     // thư điện tử
	DossierID CodeKind = "dossierId" // mã số hồ sơ
	ResultID  CodeKind = "resultId"  // mã kết quả: <mã hồ sơ>-KQ(n), KQ.Gxx.nnnnnn
	Procedure CodeKind = "procedure" // mã thủ tục hành chính
	Holder    CodeKind = "holder"    // name on an identity card, from its QR code
	BirthDate CodeKind = "birthDate" // the holder's, ISO 8601
	OrganID   CodeKind = "organId"   // mã định danh cơ quan (QĐ 20/2020/QĐ-TTg and the form before it)
)

// A Part is a run of pages that is an attachment of the document, or a document
// of its own that was scanned into the same file: a person decides whether to
// split it off.
type Part struct {
	Kind       string  `json:"kind"`                 // "attachment", "document"
	From       int     `json:"from"`                 // first page, from 1
	To         int     `json:"to"`                   // last page
	Confidence float64 `json:"confidence,omitempty"` // that a part begins at From
	Rule       string  `json:"rule,omitempty"`       // what tells it: part/header, part/enclosed, part/annex, part/title
	Fields     Fields  `json:"fields"`               // its own; an attachment's CodeNumber is that of the phụ lục
}

// AttachedTo is, among the fields of an attachment, what it belongs to as it says
// itself; Code is the number and notation of that document.
const AttachedTo = "attachedTo"
