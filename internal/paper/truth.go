package paper

// Truth is what stands on a document. Its JSON form has the keys that truth
// about Vietnamese documents is written down with: a key with null says that
// the document has no such thing, an absent key that nobody asks.
type Truth struct {
	File     string `json:"tep"`
	Kind     Kind   `json:"mau"`
	Language string `json:"ngon_ngu"` // "vi", "fr", "en"
	Pages    int    `json:"so_trang"`
	*Header
	*Signer
	To      []string          `json:"kinh_gui,omitempty"`
	Kept    string            `json:"luu,omitempty"` // last line of Nơi nhận, without "Lưu:"
	Code    string            `json:"qr,omitempty"`
	Entries map[string]string `json:"muc,omitempty"` // label and value of a form's entries

	Attachments []Attachment `json:"phan,omitempty"`
}

// Header is the top of an administrative document. A nil pointer: it has none.
type Header struct {
	SuperiorOrgan *string `json:"co_quan_cap_tren"`
	OrganName     string  `json:"co_quan_ban_hanh"`
	Number        *string `json:"so"`
	NumberByHand  bool    `json:"so_viet_tay"`
	Notation      *string `json:"ky_hieu"`
	Place         string  `json:"dia_danh"`
	Date          string  `json:"ngay"` // ISO 8601
	DatePrinted   string  `json:"ngay_nguyen_van"`
	DayByHand     bool    `json:"ngay_viet_tay"`
	TypeName      *string `json:"loai_van_ban"`
	Subject       *string `json:"trich_yeu"`
	Urgency       *string `json:"do_khan"`
	Secrecy       *string `json:"do_mat"`
}

// Signer is the one who signed, where only one did.
type Signer struct {
	Title string `json:"chuc_vu_ky"` // lines joined by " / "
	Name  string `json:"nguoi_ky"`
	Page  int    `json:"trang_ky"`
}
