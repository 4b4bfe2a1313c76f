package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
)

// Sealing is what a worker that holds the key needs.
type Sealing struct {
	Key       *key.Key
	Target    record.Level         // to which sealed documents are raised
	PSS       bool                 // seal by RSASSA-PSS
	Raise     signing.RaiseOptions // with whose help
	VerifyURL string               // public address of verification; a document's is this and its id; empty: no code in the mark
	Renew     time.Duration        // how long before the last time-stamp's certificate ends a seal is renewed; 0: never
	Now       func() time.Time
}

// Authenticate seals an approved document: it stores the intent, uses the key
// once, stores the sealed PDF, and only then lets the document be Sealed.
//
// Called again after it was cut off, it finds the document Sealing: then the
// stored bytes decide, and if there are none the same bytes are signed again.
func (w *Worker) Authenticate(ctx context.Context, job record.Job) error {
	m, err := w.meant(ctx, job)
	if err != nil {
		return err
	}
	defer m.archival.Close()
	if m.stored != nil {
		return w.sealed(ctx, m.document, *m.stored, job)
	}
	timed, done := observe.Seal(ctx)
	sealed, err := signing.Seal(timed, m.archival, w.Seal.Key, m.request)
	done(err)
	if err != nil {
		return w.keyFailed(ctx, m.document, err)
	}
	crash.Trace("signed", []byte(m.document.ID))
	crash.Point("signed")
	r, err := w.storeSeal(ctx, m.document, sealed)
	if err != nil {
		return err
	}
	return w.sealed(ctx, m.document, r, job)
}

// A meaning is a document that is Sealing, and what its seal is to be made of.
type meaning struct {
	document record.Document
	archival *held
	request  signing.Request
	stored   *record.Rendition // the seal that an earlier try stored; nil: none did
}

// meant stores the intent to seal a document if it has none. The caller closes the
// archival PDF.
func (w *Worker) meant(ctx context.Context, job record.Job) (m meaning, err error) {
	if m.document, err = w.Catalogue.Document(ctx, job.Document); err != nil {
		return m, err
	}
	if m.archival, m.request, err = w.decided(ctx, m.document); err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			_ = m.archival.Close() // only a copy
		}
	}()
	switch m.document.Status {
	case record.Approved:
		if m.document, err = w.intend(ctx, m.document, m.archival, m.request); err != nil {
			return m, w.keyFailed(ctx, m.document, err)
		}
	case record.Sealing:
		if m.stored, err = w.storedSeal(ctx, m.document); err != nil {
			return m, err
		}
	default:
		return m, fmt.Errorf("seal document %s: it is %s: %w", m.document.ID, m.document.Status, record.ErrConflict)
	}
	m.request.Time = m.document.Intent.Time
	return m, nil
}

// decided returns the archival PDF that the decision binds, with the person's mark
// if it has one, and what it is to be sealed with.
func (w *Worker) decided(ctx context.Context, d record.Document) (*held, signing.Request, error) {
	var request signing.Request
	archival, ok := d.Rendition(record.RenditionArchival)
	if !ok || d.Decision == nil || !d.Decision.Approve || d.Decision.Archival != archival.SHA256 || d.Decision.Fields != d.Fields {
		return nil, request, record.Refuse(record.StaleDecision, nil, "seal document %s: the decision is not on what is there", d.ID)
	}
	agency, err := w.Catalogue.Agency(ctx, d.Agency)
	if err != nil {
		return nil, request, err
	}
	if d.Decision.Marked != "" { // by then it bears the person's mark
		archival.SHA256, archival.VersionID = d.Decision.Marked, ""
	}
	var fields bytes.Buffer
	if err := w.Objects.Get(ctx, d.Fields, "", &fields); err != nil {
		return nil, request, record.Gone(d.Fields, err)
	}
	request = signing.Request{Agency: agency.Name, CopyForm: agency.CopyForm, Reviewed: true, PSS: w.Seal.PSS}
	if request.Fields, err = record.ParseFields(fields.Bytes()); err != nil {
		return nil, request, err
	}
	if err := w.asRead(ctx, d, &request); err != nil {
		return nil, request, err
	}
	if w.Seal.VerifyURL != "" {
		request.Verify = strings.TrimSuffix(w.Seal.VerifyURL, "/") + "/" + d.ID
	}
	pdf, err := w.hold(ctx, archival.SHA256, archival.VersionID)
	return pdf, request, err
}

// asRead says in the request how page 1 was recognised, for the mark leaves its
// words free, whether the original was paper, and what the law asks to be said of
// the approved fields.
func (w *Worker) asRead(ctx context.Context, d record.Document, request *signing.Request) error {
	r, ok := d.Rendition(record.RenditionRecord)
	if !ok {
		return nil
	}
	var b bytes.Buffer
	if err := w.Objects.Get(ctx, r.SHA256, r.VersionID, &b); err != nil {
		return record.Gone(r.SHA256, err)
	}
	var digitised record.Digitised
	if err := json.Unmarshal(b.Bytes(), &digitised); err != nil || len(digitised.Pages) == 0 {
		return err
	}
	request.Page = &digitised.Pages[0]
	request.Metadata = record.MetadataOf(request.Fields, digitised.Particulars, digitised.Pages, record.Given(request.Fields)).Archive
	if digitised.FromPaper() {
		request.Note = signing.FromPaper
	}
	return nil
}

// intend checks the key and fixes the bytes that are going to be signed.
func (w *Worker) intend(ctx context.Context, d record.Document, archival signing.Source, request signing.Request) (record.Document, error) {
	now := w.Seal.Now().UTC().Truncate(time.Second)
	if err := w.usable(ctx, now); err != nil {
		return d, err
	}
	request.Time = now
	prepared, err := signing.Prepare(archival, request)
	if err != nil {
		return d, err
	}
	digest, err := digestOf(prepared)
	if err != nil {
		return d, err
	}
	crash.Point("prepared")
	intent := &record.Intent{Time: now, Certificate: record.DigestOf(w.Seal.Key.Certificate().Raw), Prepared: digest}
	// From here on a crash leaves the document Sealing, and the next try signs these
	// very bytes or finds them signed.
	d, err = w.Catalogue.Advance(ctx, d.ID, record.Approved, record.Sealing, record.Change{Actor: worker, Version: d.Version, Intent: intent})
	crash.Point("intended")
	if err == nil {
		_ = w.Manifests(ctx, d.ID) // stays due in the catalogue
	}
	return d, err
}

// usable says whether the key may be used now. That nobody tells its status holds
// up no seal: without an answer it cannot be raised to B-LT, where the lack shows.
func (w *Worker) usable(ctx context.Context, now time.Time) error {
	err := signing.Usable(ctx, w.Seal.Key, now, w.Seal.Raise)
	if record.ReasonOf(err) != record.LevelUnavailable {
		return err
	}
	slog.WarnContext(ctx, "nobody tells whether the certificate of the key is revoked", "error", err)
	return ctx.Err()
}

// storeSeal makes a sealed PDF durable. Its digest is noted first, so that it can
// be found if this process ends before the row names it.
func (w *Worker) storeSeal(ctx context.Context, d record.Document, sealed signing.Source) (record.Rendition, error) {
	r := record.Rendition{Kind: record.RenditionSealed, Bytes: sealed.Size(), MediaType: "application/pdf", Level: record.BB}
	var err error
	if r.SHA256, err = digestOf(sealed); err != nil {
		return r, err
	}
	if err := w.Objects.MarkSeal(ctx, d.ID, d.Version, r.SHA256); err != nil {
		return r, err
	}
	crash.Point("marked")
	version, err := w.Objects.Put(ctx, reading(sealed), r.Bytes, r.SHA256, r.MediaType)
	if err == nil {
		crash.Trace("put", []byte(d.ID))
	}
	crash.Point("seal-put")
	r.VersionID = version
	return r, err
}

// storedSeal looks for the sealed PDF of an earlier try.
func (w *Worker) storedSeal(ctx context.Context, d record.Document) (*record.Rendition, error) {
	marked, err := w.Objects.MarkedSeals(ctx, d.ID, d.Version)
	if err != nil {
		return nil, err
	}
	for _, digest := range marked {
		sealed, err := w.spool("look for seal "+string(digest), func(f *os.File) error { return w.Objects.Get(ctx, digest, "", f) })
		if errors.Is(err, record.ErrNotFound) {
			continue // that try was cut off between the note and the object
		}
		if err != nil {
			return nil, err
		}
		return &record.Rendition{Kind: record.RenditionSealed, SHA256: digest, Bytes: sealed.Size(), MediaType: "application/pdf", Level: record.BB}, sealed.Close()
	}
	return nil, nil
}

// sealed lets the document be Sealed, and asks for a higher level if one is wanted.
func (w *Worker) sealed(ctx context.Context, d record.Document, r record.Rendition, job record.Job) error {
	change := record.Change{Actor: worker, Version: d.Version, Level: record.BB, Renditions: []record.Rendition{r}, Finish: &job.JobRef}
	if w.Seal.Target != record.BB {
		change.Job = record.JobRaise
	}
	return w.advance(ctx, d.ID, record.Sealing, record.Sealed, change)
}

// keyFailed takes the intent back if there is one: nothing was signed, so the
// document is Approved (again), with the reason. The job's own error decides
// whether it is tried again.
func (w *Worker) keyFailed(ctx context.Context, d record.Document, cause error) error {
	if ctx.Err() != nil || errors.Is(cause, record.ErrConflict) {
		return cause // cut off or overtaken: what is stored stands
	}
	err := w.advance(ctx, d.ID, d.Status, record.Approved, record.Change{Actor: worker, Version: d.Version, Reason: record.ReasonOf(cause)})
	return errors.Join(cause, err)
}

// Raise lifts a sealed document as far as it can now. It needs no key. A level
// that cannot be reached now leaves the document at the level that it has.
func (w *Worker) Raise(ctx context.Context, job record.Job) error {
	d, err := w.Catalogue.Document(ctx, job.Document)
	if err != nil {
		return err
	}
	last, ok := d.Rendition(record.RenditionSealed)
	if d.Status != record.Sealed || !ok {
		return fmt.Errorf("raise document %s: it is %s: %w", d.ID, d.Status, record.ErrConflict)
	}
	sealed, err := w.hold(ctx, last.SHA256, last.VersionID)
	if err != nil {
		return err
	}
	defer sealed.Close()
	options := w.Seal.Raise
	if w.Seal.Renew > 0 {
		options.Renew = w.Seal.Now().Add(w.Seal.Renew)
	}
	raised, level, missing := signing.Raise(ctx, sealed, w.Seal.Target, options)
	switch {
	case level == d.Level && missing != nil:
		return missing
	case raised == signing.Source(sealed):
		return fmt.Errorf("raise document %s: nothing is left to do: %w", d.ID, record.ErrConflict)
	}
	crash.Point("raised")
	k := keeper{ctx: ctx, objects: w.Objects}
	k.source(record.RenditionSealed, raised, "application/pdf")
	if k.err != nil {
		return k.err
	}
	k.kept[0].Level = level
	if until, err := signing.Until(raised, options.Algorithms); err != nil {
		return err
	} else if level == record.BLTA && !until.IsZero() {
		k.kept[0].Until, k.kept[0].Table = &until, options.Algorithms.Name()
	}
	change := record.Change{Actor: worker, Kind: "raised", Version: d.Version, Level: level, Renditions: k.kept, Finish: &job.JobRef}
	if missing != nil {
		change.Finish = nil // this step is stored; the rest of the way is tried again
	}
	return errors.Join(w.advance(ctx, d.ID, record.Sealed, record.Sealed, change), missing)
}

// SealEnds is when the last time-stamp of a sealed document ends by the table of
// algorithms that this worker goes by.
func (w *Worker) SealEnds(ctx context.Context, d record.Document) (time.Time, error) {
	last, ok := d.Rendition(record.RenditionSealed)
	if !ok {
		return time.Time{}, fmt.Errorf("read the seal of document %s: it has none: %w", d.ID, record.ErrConflict)
	}
	sealed, err := w.hold(ctx, last.SHA256, last.VersionID)
	if err != nil {
		return time.Time{}, err
	}
	until, err := signing.Until(sealed, w.Seal.Raise.Algorithms)
	return until, errors.Join(err, sealed.Close())
}
