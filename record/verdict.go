package record

import "time"

// An Outcome is the answer of a verification. Unsigned and Unreadable are
// outcomes of a file, never of a signature.
type Outcome string

const (
	Passed        Outcome = "passed"        // TOTAL-PASSED
	Failed        Outcome = "failed"        // TOTAL-FAILED
	Indeterminate Outcome = "indeterminate" // INDETERMINATE: something could not be looked at
	Unsigned      Outcome = "unsigned"      // no signature in the file
	Unreadable    Outcome = "unreadable"    // not a PDF that can be read
)

// A SubIndication of EN 319 102-1, table 6.
type SubIndication string

const (
	FormatFailure           SubIndication = "FORMAT_FAILURE"
	HashFailure             SubIndication = "HASH_FAILURE"
	SigCryptoFailure        SubIndication = "SIG_CRYPTO_FAILURE"
	SigConstraintsFailure   SubIndication = "SIG_CONSTRAINTS_FAILURE"
	ChainConstraintsFailure SubIndication = "CHAIN_CONSTRAINTS_FAILURE"
	ChainGeneralFailure     SubIndication = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
	CryptoConstraints       SubIndication = "CRYPTO_CONSTRAINTS_FAILURE"
	CryptoConstraintsNoPOE  SubIndication = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
	Expired                 SubIndication = "EXPIRED"
	NotYetValid             SubIndication = "NOT_YET_VALID"
	OutOfBoundsNoPOE        SubIndication = "OUT_OF_BOUNDS_NO_POE"
	Revoked                 SubIndication = "REVOKED"
	RevokedNoPOE            SubIndication = "REVOKED_NO_POE"
	RevokedCANoPOE          SubIndication = "REVOKED_CA_NO_POE"
	NoSigningCertificate    SubIndication = "NO_SIGNING_CERTIFICATE_FOUND"
	NoChain                 SubIndication = "NO_CERTIFICATE_CHAIN_FOUND"
	NoPOE                   SubIndication = "NO_POE"
	TryLater                SubIndication = "TRY_LATER"
	TimestampOrderFailure   SubIndication = "TIMESTAMP_ORDER_FAILURE"
	SignedDataNotFound      SubIndication = "SIGNED_DATA_NOT_FOUND"
	Generic                 SubIndication = "GENERIC"
)

// Coverage says how much of the file a signature covers.
type Coverage string

const (
	CoversFile     Coverage = "file"     // everything but the signature value itself
	CoversRevision Coverage = "revision" // everything up to the end of its revision; others follow
	CoverUnclear   Coverage = "unclear"
)

// Changes classes the revisions after a signature, the worst of them.
type Changes string

const (
	ChangesNone       Changes = "none"
	ChangesArchive    Changes = "archive"    // DSS and document time-stamps only
	ChangesSignatures Changes = "signatures" // further signatures
	ChangesForm       Changes = "form"       // form fields filled in
	ChangesOther      Changes = "other"      // anything else: never shown as valid
)

// A Verdict is what was found when a file was verified. An error means that we
// could not find out; a Verdict means that we looked.
type Verdict struct {
	File       string             `json:"file"`
	SHA256     Digest             `json:"sha256"`
	Outcome    Outcome            `json:"verdict"`
	Reason     string             `json:"reason,omitempty"` // a code that internal/say has words for
	Detail     string             `json:"detail,omitempty"`
	Policy     string             `json:"policy"`
	Verifier   string             `json:"verifier"`
	At         time.Time          `json:"at"` // the time for which the verdict holds
	Warnings   []string           `json:"warnings,omitempty"`
	Content    []Content          `json:"content,omitempty"` // of a signed file: what it holds besides what its pages show
	Signatures []SignatureVerdict `json:"signatures"`
}

// A SignatureVerdict is the verdict on one signature or document time-stamp.
type SignatureVerdict struct {
	Field         string        `json:"field"`
	Kind          string        `json:"kind"` // "signature", "timestamp"
	Outcome       Outcome       `json:"verdict"`
	SubIndication SubIndication `json:"subIndication,omitempty"`
	Reason        string        `json:"reason,omitempty"` // one sentence in English: what was seen
	Integrity     string        `json:"integrity"`        // "intact", "broken"
	Coverage      Coverage      `json:"coverage"`
	SignedBytes   int64         `json:"signedBytes,omitempty"` // the file up to here is what was signed; 0: unclear
	ChangesAfter  Changes       `json:"changesAfter"`
	Changed       []string      `json:"changed,omitempty"` // what the later revisions changed, when "other"
	Level         Level         `json:"level,omitempty"`
	Signer        string        `json:"signer"` // common name
	Organization  string        `json:"organization,omitempty"`
	Issuer        string        `json:"issuer,omitempty"`
	NotBefore     *time.Time    `json:"notBefore,omitempty"` // of the signer's certificate
	NotAfter      *time.Time    `json:"notAfter,omitempty"`
	AtSigning     Standing      `json:"certificateAtSigning,omitempty"` // of the signer's certificate at Time
	Time          time.Time     `json:"time"`
	TimeSource    string        `json:"timeSource"`          // "timestamp", "archive", "claimed"
	Digest        string        `json:"digest,omitempty"`    // algorithm, e.g. "SHA-256"
	Algorithm     string        `json:"algorithm,omitempty"` // e.g. "RSA 2048", "ECDSA P-256"
	Chain         []string      `json:"chain,omitempty"`     // subjects, signer first
	Revocation    []Revocation  `json:"revocation,omitempty"`
	Legacy        []string      `json:"legacy,omitempty"`   // policy legacy-vn: what would have to be forgiven for the signature to hold
	Warnings      []string      `json:"warnings,omitempty"` // what did not decide, e.g. a time-stamp that is not believed
}

// A Statement is what we found when signed originals were verified, as it is carried
// beside them inside a PDF/A of ours.
type Statement struct {
	Version int            `json:"version"` // of this form
	Files   []RenditionRef `json:"files"`   // the originals and their digests
	Verdict Verdict        `json:"verdict"` // of the first signed one, with its time
}

// A Content is something in a file that its pages do not show as they are printed. It
// decides nothing; whoever reads the file should know of it.
type Content string

const (
	Scripts     Content = "scripts"     // JavaScript, or actions that start by themselves
	Layers      Content = "layers"      // optional content: parts that can be shown and hidden
	Attachments Content = "attachments" // embedded files
	External    Content = "external"    // content from other files, or actions that open or send something
)

// Contents are all of them, in the order in which they are said.
var Contents = []Content{Scripts, Layers, Attachments, External}

// A Standing is what is known of a certificate at the time of the signature.
type Standing string

const (
	StandingValid   Standing = "valid"        // in date, not revoked, and issued under a trusted authority
	StandingInDate  Standing = "in-date"      // in date; issuer or revocation could not be checked
	StandingOutside Standing = "out-of-date"  // before its first or after its last day
	StandingRevoked Standing = "revoked"      // or on hold
	StandingUnknown Standing = "unknown-time" // nobody says when it was signed
)

// Revocation is the evidence on one certificate's status that was used.
type Revocation struct {
	Certificate string    `json:"certificate"` // subject
	Kind        string    `json:"kind"`        // "ocsp", "crl"
	From        string    `json:"from"`        // "dss", "cms", "online"
	Status      string    `json:"status"`      // "good", "revoked", "unknown"
	ThisUpdate  time.Time `json:"thisUpdate"`
}
