package record

import (
	"errors"
	"fmt"
)

// The kinds of error. Whoever creates an error wraps one of them, or none: then
// it is ours and may be tried again. Two tables, one in api and one in queue,
// decide what a kind means there.
var (
	ErrNotFound  = errors.New("not found")
	ErrInvalid   = errors.New("invalid")
	ErrConflict  = errors.New("conflict")
	ErrMalformed = errors.New("malformed")
)

// A Reason is a published code that says why a document was refused or a task
// could not be done. Codes are never renamed; docs/reasons.md lists them.
type Reason string

// The reasons. Words for people in three languages stand in internal/say.
const (
	// The input.
	EmptyFile       Reason = "empty-file"       // no bytes
	UnknownType     Reason = "unknown-type"     // none of the formats we read
	FormatNotRead   Reason = "format-not-read"  // a format that we know and do not read: HEIC, AVIF, JPEG XL, DjVu, Word
	Truncated       Reason = "truncated"        // the file ends too early
	Damaged         Reason = "damaged"          // the file cannot be decoded
	NoPages         Reason = "no-pages"         // a document without pages
	Encrypted       Reason = "encrypted"        // a PDF that is encrypted
	TooManyPages    Reason = "too-many-pages"   // more pages than the limit
	TooManyPixels   Reason = "too-many-pixels"  // a page larger than the limit
	TooManyBytes    Reason = "too-many-bytes"   // a file larger than the limit
	TooMuchTime     Reason = "too-much-time"    // the page took longer than the limit
	TooMuchMemory   Reason = "too-much-memory"  // the child went over its memory limit
	ChildCrashed    Reason = "child-crashed"    // the child died while reading this document
	InputMissing    Reason = "input-missing"    // there is no such file
	InputUnreadable Reason = "input-unreadable" // the file is there and cannot be read
	InputSigned     Reason = "input-signed"     // asked to keep signed input: no PDF of ours is made
	// The output.
	SameName      Reason = "same-name"       // two inputs would write one output
	OutputIsInput Reason = "output-is-input" // an output would overwrite an input
	OutputExists  Reason = "output-exists"   // the output is there and --force was not given
	OutputMissing Reason = "output-missing"  // the output folder cannot be made
	DiskFull      Reason = "disk-full"       // no space left
	StoredDamaged Reason = "stored-damaged"  // an object of ours that the catalogue names is damaged or gone
	// The service.
	NotReachable    Reason = "not-reachable"    // the catalogue or the object store does not answer
	SpoolFull       Reason = "spool-full"       // too many uploads are being received
	UploadCut       Reason = "upload-cut-off"   // the upload ended before its end
	DigestMismatch  Reason = "digest-mismatch"  // the bytes are not those that the client announced
	PagesMismatch   Reason = "pages-mismatch"   // the clerk counted another number of pages
	StaleDecision   Reason = "stale-decision"   // the decision is on something else than what is there now
	WrongState      Reason = "wrong-state"      // not possible in the state that the document is in
	IdempotencyUsed Reason = "idempotency-used" // the key was used for another request
	Unauthenticated Reason = "unauthenticated"  // no valid API key
	Forbidden       Reason = "forbidden"        // the key does not hold the scope
	TooManyRequests Reason = "too-many-requests"
	RangeOutside    Reason = "range-not-satisfiable"
	NotFound        Reason = "not-found"
	WrongMethod     Reason = "wrong-method"
	Conflict        Reason = "conflict"
	Invalid         Reason = "invalid"
	DataInUse       Reason = "data-in-use" // another process works in this data folder
	PortBusy        Reason = "port-busy"   // another program listens at this address
	// Signing.
	KeyUnreadable    Reason = "key-unreadable" // the key file cannot be read or is no PKCS#12
	KeyPassword      Reason = "key-password"   // wrong password
	KeyLocked        Reason = "key-locked"     // the token is locked, or its PIN has to be set first
	KeyMismatch      Reason = "key-mismatch"   // key and certificate do not belong together
	KeyWeak          Reason = "key-weak"       // algorithm or size below the law's minimum
	CertExpired      Reason = "certificate-expired"
	CertNotYet       Reason = "certificate-not-yet-valid"
	CertRevoked      Reason = "certificate-revoked"
	CertUsage        Reason = "certificate-usage" // key usage does not allow signatures
	NotOurs          Reason = "not-ours"          // asked to sign a PDF that our writer did not make
	NotSigned        Reason = "not-signed"        // asked to raise a file without a signature of ours
	LevelUnavailable Reason = "level-unavailable" // this level cannot be reached (yet)
	TooLargeToSign   Reason = "too-large-to-sign"
	TSAUnreachable   Reason = "tsa-unreachable"
	TSARefused       Reason = "tsa-refused"       // the TSA answered with a failure
	TSAUntrusted     Reason = "tsa-untrusted"     // the answer does not hold what RFC 3161 asks
	SealUnsound      Reason = "seal-unsound"      // our own check of our own seal failed
	MarkUnprintable  Reason = "mark-unprintable"  // a letter of the mark is not in its face, or the page has no room for it
	MarkUnsound      Reason = "mark-unsound"      // what came back bears no sound PAdES signature of the person
	MarkNotPAdES     Reason = "mark-not-pades"    // the person's signature is of another kind, such as that before PAdES (adbe.pkcs7.detached)
	MarkOther        Reason = "mark-other"        // what came back does not begin with the bytes that were given out
	MarkMore         Reason = "mark-more"         // what came back has more in it than a signature: content, annotations, fields, actions, a lock
	MarkNotPDFA      Reason = "mark-not-pdfa"     // the drawing of the person's mark breaks PDF/A, as by a face that is not embedded
	MarkUntrusted    Reason = "mark-untrusted"    // the person's certificate leads to nobody that is trusted, or was revoked
	MarkNotPrepared  Reason = "mark-not-prepared" // there is nothing yet that a signature could belong to
	// Verifying.
	TrustUnreadable Reason = "trust-unreadable" // a file of trust anchors or a trust list cannot be read
	NotAnAuthority  Reason = "not-an-authority" // asked to trust a certificate that is no certification authority's
	TrustedAlready  Reason = "trusted-already"  // asked to trust what the list trusts
	NotTrusted      Reason = "not-trusted"      // asked to end a trust that the list does not have
	// The run.
	RunEnded Reason = "run-ended" // somebody ended the program before this document was done
	// Anything else: ours.
	Internal Reason = "internal"
)

// An Error is a refusal with its reason. Detail says, in English and for
// operators, what was being done and what was seen; people get the words of
// internal/say for the reason.
type Error struct {
	Reason Reason
	Kind   error // ErrMalformed, ErrInvalid, ErrConflict, ErrNotFound, or nil: try again
	Detail string
	Err    error // what it came from, or nil
}

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s: %s", e.Detail, e.Reason)
	}
	return fmt.Sprintf("%s: %s: %v", e.Detail, e.Reason, e.Err)
}

// Unwrap returns the kind and the cause, for errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.Kind, e.Err} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// Refuse returns an Error for input that will not get better by trying again.
func Refuse(reason Reason, err error, format string, args ...any) error {
	return &Error{Reason: reason, Kind: ErrMalformed, Detail: fmt.Sprintf(format, args...), Err: err}
}

// Fail returns an Error that may pass when tried again (a TSA that is down, a full disk).
func Fail(reason Reason, err error, format string, args ...any) error {
	return &Error{Reason: reason, Detail: fmt.Sprintf(format, args...), Err: err}
}

// Gone returns err, but for an object that the catalogue names and the store does
// not have an Error of no kind: that is a loss of ours, which ends when it is copied
// back, and nobody else's progress.
func Gone(d Digest, err error) error {
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	return Fail(StoredDamaged, nil, "object %s is not in the store", d)
}

// ReasonOf returns the reason that err carries (by a method ReasonCode, as *Error
// and the errors of a child process have), Internal if it carries none and "" for nil.
func ReasonOf(err error) Reason {
	if err == nil {
		return ""
	}
	var coded interface{ ReasonCode() string }
	if errors.As(err, &coded) {
		return Reason(coded.ReasonCode())
	}
	return Internal
}

// ReasonCode is the code alone, for walls that do not know this package.
func (e *Error) ReasonCode() string { return string(e.Reason) }
