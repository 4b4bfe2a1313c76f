package record

import "time"

// An Agency is an organisation whose documents we keep. Every row, key and event
// bears its agency.
type Agency struct {
	ID         string     `json:"id"`                    // identifier of QĐ 20/2020/QĐ-TTg, e.g. "H48.01"
	Name       string     `json:"name"`                  // as it stands in the visible mark
	CopyForm   string     `json:"copyForm,omitempty"`    // hình thức sao in the mark, e.g. "SAO Y"; empty: none
	PersonMark bool       `json:"personMark,omitempty"`  // whether the capturing person's own mark is asked for
	MarkPKCS7  bool       `json:"markPKCS7,omitempty"`   // whether that mark may be of the kind before PAdES, adbe.pkcs7.detached
	Text       TextMode   `json:"text,omitempty"`        // of its uploads that ask for none
	Signed     SignedMode `json:"signedInput,omitempty"` // what becomes of uploads that are signed
	CreatedAt  time.Time  `json:"createdAt"`
}

// A SignedMode says what becomes of an original that is signed; it is kept as it came
// in any case, and never altered. "" is DeriveSigned.
type SignedMode string

// The modes.
const (
	DeriveSigned SignedMode = "derive" // a PDF/A of ours beside it
	KeepSigned   SignedMode = "keep"   // no PDF of ours
	EmbedSigned  SignedMode = "embed"  // a PDF/A-3 of ours that carries it, bit for bit, and the verdict on it
)

// A TextMode says what becomes of the text that a PDF has already; "" is SkipText.
type TextMode string

// The modes. Invisible text, as of an earlier recognition, is never believed.
const (
	SkipText  TextMode = "skip"  // pages with sensible text of their own keep it and are not recognised
	RedoText  TextMode = "redo"  // every page is recognised; pictures of whole pages stay as they are
	ForceText TextMode = "force" // every page is drawn anew and recognised, pictures of whole pages too
)

// An Actor is who did something: "key:<id>", "worker", "system", "cli".
type Actor string

// A Dossier (hồ sơ) holds documents.
type Dossier struct {
	ID        string    `json:"id"` // random, public
	Agency    string    `json:"agency"`
	Code      string    `json:"code"` // mã hồ sơ, unique within the agency
	Title     string    `json:"title"`
	Reused    []string  `json:"reused,omitempty"` // documents of other dossiers that are used in this one, in the order of their use
	Version   int       `json:"version"`          // number of the last event
	CreatedAt time.Time `json:"createdAt"`
	CreatedBy Actor     `json:"createdBy"`
}

// The kinds of rendition (PREMIS: representation).
const (
	RenditionOriginal = "original" // as uploaded; Part numbers the files of one document
	RenditionArchival = "archival" // the searchable PDF/A, never rewritten
	RenditionToMark   = "to-mark"  // the archival PDF with the approved fields: what a person signs
	RenditionMarked   = "marked"   // and her signature after it
	RenditionSealed   = "sealed"   // the archival PDF, marked or not, with our revisions appended
	RenditionRecord   = "record"   // a Digitised: pages, words, the fields as read
	RenditionALTO     = "alto"     // the pages and words as ALTO 4
	RenditionHOCR     = "hocr"     // the pages and words as hOCR
	RenditionPreviews = "previews" // JPEGs one after the other; Parts says where each page lies
	RenditionFields   = "fields"   // a Fields as it stands now, in canonical JSON
	RenditionVerdict  = "verdict"  // the Verdict on a signed original
)

// A Rendition names an object that belongs to a document.
type Rendition struct {
	Kind      string     `json:"kind"`
	SHA256    Digest     `json:"sha256"`
	Bytes     int64      `json:"bytes"`
	MediaType string     `json:"mediaType"`
	VersionID string     `json:"versionId,omitempty"` // of the object store, where it has versions
	Name      string     `json:"name,omitempty"`      // file name given at upload, base name only
	Part      int        `json:"part,omitempty"`      // from 0: order of several originals of one document
	Level     Level      `json:"level,omitempty"`     // of a sealed rendition
	Until     *time.Time `json:"until,omitempty"`     // of a sealed rendition at B-LTA: when its last time-stamp ends, by its certificate or an algorithm
	Table     string     `json:"table,omitempty"`     // by which table of algorithms that was worked out
	Parts     [][2]int64 `json:"parts,omitempty"`     // offset and length of each page in a bundle
	CreatedAt time.Time  `json:"createdAt"`
}

// A Document (tài liệu) as the catalogue and its manifests hold it.
type Document struct {
	ID         string      `json:"id"` // random, public
	Agency     string      `json:"agency"`
	Dossier    string      `json:"dossier"`
	Name       string      `json:"name"` // base name of the (first) file, without extension
	Status     Status      `json:"status"`
	Level      Level       `json:"level,omitempty"`  // of the current seal
	Reason     Reason      `json:"reason,omitempty"` // of SetAside, or of a key that failed
	Note       string      `json:"note,omitempty"`   // of a rejection or a withdrawal, in a person's words
	Pages      int         `json:"pages"`            // as recognised; before that as the clerk stated
	Text       TextMode    `json:"text,omitempty"`   // as the clerk asked
	Version    int         `json:"version"`          // number of the last event: 1 is the receipt
	Renditions []Rendition `json:"renditions"`       // all that ever were, oldest first
	Fields     Digest      `json:"fields,omitempty"` // of the current fields
	Brief      *Brief      `json:"brief,omitempty"`  // of them
	Decision   *Decision   `json:"decision,omitempty"`
	Intent     *Intent     `json:"intent,omitempty"` // set in Sealing
	Mark       *Mark       `json:"mark,omitempty"`   // set in AwaitingMark
	Supersedes string      `json:"supersedes,omitempty"`
	Superseder string      `json:"supersededBy,omitempty"`
	Span       *Span       `json:"span,omitempty"`      // of the originals, joined; nil: all their pages
	SplitInto  []string    `json:"splitInto,omitempty"` // documents that took its place, in the order of their pages
	CreatedAt  time.Time   `json:"createdAt"`
	UpdatedAt  time.Time   `json:"updatedAt"`
	CreatedBy  Actor       `json:"createdBy"`
}

// A Span is a run of pages, from 1, both ends included.
type Span struct {
	From int `json:"from" minimum:"1"`
	To   int `json:"to" minimum:"1"`
}

// Pages is how many they are.
func (s Span) Pages() int { return s.To - s.From + 1 }

// Covers reports whether spans are at least two, in order, and together all pages
// from 1 to pages, each once.
func Covers(spans []Span, pages int) bool {
	next := 1
	for _, s := range spans {
		if s.From != next || s.To < s.From {
			return false
		}
		next = s.To + 1
	}
	return len(spans) > 1 && next == pages+1
}

// Rendition returns the newest rendition of that kind (for originals: part 0).
func (d Document) Rendition(kind string) (Rendition, bool) {
	for i := len(d.Renditions) - 1; i >= 0; i-- {
		if r := d.Renditions[i]; r.Kind == kind && r.Part == 0 {
			return r, true
		}
	}
	return Rendition{}, false
}

// A Decision is what a person decided on what she saw.
type Decision struct {
	Approve  bool      `json:"approve"`
	Archival Digest    `json:"archival"`         // the PDF that was reviewed
	Fields   Digest    `json:"fields"`           // the fields that were reviewed
	Marked   Digest    `json:"marked,omitempty"` // the PDF with the person's mark, where one was asked for
	Note     string    `json:"note,omitempty"`
	Actor    Actor     `json:"actor"`
	At       time.Time `json:"at"`
}

// A Mark is a person's own signature on its way from her desk. She either gets
// the attributes to sign and returns the value, or gets the to-mark rendition and
// returns it signed.
type Mark struct {
	Chain      [][]byte  `json:"chain,omitempty"` // her certificate and those of its issuers, DER
	PSS        bool      `json:"pss,omitempty"`   // whether her key signs with RSASSA-PSS
	Time       time.Time `json:"time,omitzero"`   // in the mark and in /M
	Draft      Digest    `json:"draft,omitempty"` // object: the PDF with an empty signature value
	Attributes []byte    `json:"attributes,omitempty"`
	Digest     []byte    `json:"digest,omitempty"`    // of the attributes: what her token signs
	Hash       string    `json:"hash,omitempty"`      // by which: "SHA-256", or "SHA-384" where her key is ECDSA P-384
	Signature  []byte    `json:"signature,omitempty"` // what it answered
	CMS        []byte    `json:"cms,omitempty"`       // or a CMS of its own
	Returned   Digest    `json:"returned,omitempty"`  // or object: the whole PDF, signed by her program
	Actor      Actor     `json:"actor,omitempty"`
}

// Prepared reports whether a signature over the attributes can be taken.
func (m *Mark) Prepared() bool { return m != nil && m.Draft != "" }

// Answered reports whether her signature has come back.
func (m *Mark) Answered() bool {
	return m != nil && (len(m.Signature) > 0 || len(m.CMS) > 0 || m.Returned != "")
}

// An Intent fixes the bytes that are going to be signed, before a key is touched.
type Intent struct {
	Time        time.Time `json:"time"` // in the mark, in the XMP and in /M
	Certificate Digest    `json:"certificate"`
	Prepared    Digest    `json:"prepared"` // digest of the bytes to be signed
	KeyUses     int       `json:"keyUses"`
}

// A Receipt says that a document was accepted: its bytes are durable and its row
// and its job are committed.
type Receipt struct {
	Document   string      `json:"document"`
	Dossier    string      `json:"dossier"`
	Agency     string      `json:"agency"`
	Originals  []Rendition `json:"originals"`
	AcceptedAt time.Time   `json:"acceptedAt"`
	Duplicate  bool        `json:"duplicate,omitempty"` // these bytes were already held in this dossier: this is the held document
}

// An Event is one thing that happened to a document or a dossier. Events are
// only ever appended; Number is gapless within a subject.
type Event struct {
	Seq     int64     `json:"seq"`     // over all subjects, rising; for Last-Event-ID
	Subject string    `json:"subject"` // id of the document or dossier
	Number  int       `json:"number"`  // from 1 within the subject
	Agency  string    `json:"agency"`
	Actor   Actor     `json:"actor"`
	Kind    string    `json:"kind"` // "received", "advanced", "fields-saved", "raised", "created", "read-failed", "reused", "held-used", "split", "kept-whole"
	From    Status    `json:"from,omitempty"`
	To      Status    `json:"to,omitempty"`
	Reason  Reason    `json:"reason,omitempty"`
	Note    string    `json:"note,omitempty"`
	At      time.Time `json:"at"`
}

// EventAgency is the kind of the event in a manifest of an agency itself: it was
// added or changed. Its number counts the changes, and it has no sequence number.
const EventAgency = "agency"

// A Manifest lies in the object store beside the objects, one for every event
// that changes a document, a dossier or an agency, under manifest/<subject>/<number>.json.
// It holds the subject whole, as it is after the event: the bucket alone is enough.
type Manifest struct {
	Version  int       `json:"version"`
	Event    Event     `json:"event"`
	Agency   Agency    `json:"agency"`
	Dossier  *Dossier  `json:"dossier,omitempty"`
	Document *Document `json:"document,omitempty"`
}

// The scopes of an API key. Admin holds all scopes of its agency.
const (
	ScopeClerk    = "clerk"    // uploads, corrects
	ScopeApprover = "approver" // decides
	ScopeReader   = "reader"   // reads what is sealed
	ScopeAdmin    = "admin"
)

// Scopes are all of them.
var Scopes = []string{ScopeClerk, ScopeApprover, ScopeReader, ScopeAdmin}

// A Key lets a program or a person in. Its secret is shown once and only its
// SHA-256 is kept.
type Key struct {
	ID        string    `json:"id"`
	Agency    string    `json:"agency"`
	Scope     string    `json:"scope"`
	Label     string    `json:"label"`
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
	RevokedAt time.Time `json:"revokedAt,omitzero"`
	CreatedAt time.Time `json:"createdAt"`
}

// Holds reports whether the key may do what scope allows.
func (k Key) Holds(scope string) bool { return k.Scope == scope || k.Scope == ScopeAdmin }

// A Grant lets another agency read what is sealed.
type Grant struct {
	ID        string    `json:"id"`
	Agency    string    `json:"agency"`             // whose documents
	To        string    `json:"to"`                 // who may read them
	Dossiers  []string  `json:"dossiers,omitempty"` // empty: all
	Purpose   string    `json:"purpose"`
	Until     time.Time `json:"until"`
	RevokedAt time.Time `json:"revokedAt,omitzero"`
	CreatedAt time.Time `json:"createdAt"`
}
