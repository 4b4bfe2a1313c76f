package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/verify"
)

// PrepareMark makes what a person signs: the to-mark rendition, and if she sent
// her certificate the attributes that her token signs. It needs no key.
func (w *Worker) PrepareMark(ctx context.Context, job record.Job) error {
	d, before, request, err := w.awaited(ctx, job)
	if err != nil {
		return err
	}
	k := keeper{ctx: ctx, objects: w.Objects}
	if held, ok := d.Rendition(record.RenditionToMark); !ok || held.SHA256 != record.DigestOf(before) {
		k.bytes(record.RenditionToMark, before, "application/pdf")
	}
	change := record.Change{Actor: worker, Kind: "mark-prepared", Version: d.Version, Renditions: k.kept, Mark: d.Mark, Finish: &job.JobRef}
	if d.Mark != nil && len(d.Mark.Chain) > 0 && !d.Mark.Prepared() {
		change.Mark, err = w.draft(ctx, *d.Mark, before, request)
	}
	if err := errors.Join(k.err, err); err != nil {
		return w.markRefused(ctx, d, job, err)
	}
	return w.advance(ctx, d.ID, record.AwaitingMark, record.AwaitingMark, change)
}

// draft stores the document with an empty place for the signature.
func (w *Worker) draft(ctx context.Context, m record.Mark, before []byte, request signing.Request) (*record.Mark, error) {
	chain, err := certificates(m.Chain)
	if err != nil {
		return nil, err
	}
	m.Time = w.Seal.Now().UTC().Truncate(time.Second)
	made, err := signing.DraftMark(before, chain, markRequest(request, m, chain))
	if err != nil {
		return nil, err
	}
	m.Draft = record.DigestOf(made.File)
	if _, err := w.Objects.Put(ctx, bytes.NewReader(made.File), int64(len(made.File)), m.Draft, "application/pdf"); err != nil {
		return nil, err
	}
	digest := sha256.Sum256(made.Attributes)
	m.Attributes, m.Digest = made.Attributes, digest[:]
	return &m, nil
}

// CompleteMark takes the signature that came back from a person's desk into the
// document, which is then Approved and goes on to its seal. What is not sound is
// refused with its reason, and the document waits for another.
func (w *Worker) CompleteMark(ctx context.Context, job record.Job) error {
	d, before, request, err := w.awaited(ctx, job)
	if err != nil {
		return err
	}
	if !d.Mark.Answered() {
		return fmt.Errorf("complete the mark of document %s: nothing has come back: %w", d.ID, record.ErrConflict)
	}
	marked, err := w.marked(ctx, *d.Mark, before, request)
	if err != nil {
		return w.markRefused(ctx, d, job, err)
	}
	k := keeper{ctx: ctx, objects: w.Objects}
	k.bytes(record.RenditionMarked, marked, "application/pdf")
	if k.err != nil {
		return k.err
	}
	decision := *d.Decision
	decision.Marked = k.last()
	return w.advance(ctx, d.ID, record.AwaitingMark, record.Approved, record.Change{Actor: worker, Kind: "marked", Version: d.Version,
		Renditions: k.kept, Decision: &decision, Job: record.JobAuthenticate, Finish: &job.JobRef})
}

// awaited returns a document that waits for a mark, and the bytes that are signed.
func (w *Worker) awaited(ctx context.Context, job record.Job) (record.Document, []byte, signing.Request, error) {
	d, err := w.Catalogue.Document(ctx, job.Document)
	if err != nil {
		return d, nil, signing.Request{}, err
	}
	if d.Status != record.AwaitingMark {
		return d, nil, signing.Request{}, fmt.Errorf("mark document %s: it is %s: %w", d.ID, d.Status, record.ErrConflict)
	}
	archival, request, err := w.decided(ctx, d)
	if err != nil {
		return d, nil, request, err
	}
	before, err := signing.Prepare(archival, request)
	return d, before, request, err
}

// marked is the document with the person's signature, whichever way it came.
func (w *Worker) marked(ctx context.Context, m record.Mark, before []byte, request signing.Request) ([]byte, error) {
	if m.Returned != "" {
		var returned bytes.Buffer
		if err := w.Objects.Get(ctx, m.Returned, "", &returned); err != nil {
			return nil, err
		}
		// Another program made these bytes: a child looks at them first.
		if err := w.markHolds(ctx, returned.Bytes()); err != nil {
			return nil, err
		}
		if _, err := signing.AcceptMark(before, returned.Bytes(), w.Seal.Now()); err != nil {
			return nil, err
		}
		return returned.Bytes(), stillPDFA(returned.Bytes())
	}
	chain, err := certificates(m.Chain)
	if err != nil {
		return nil, err
	}
	var draft bytes.Buffer
	if err := w.Objects.Get(ctx, m.Draft, "", &draft); err != nil {
		return nil, err
	}
	marked, err := signing.CompleteMark(before, draft.Bytes(), chain, markRequest(request, m, chain), m.Signature, m.CMS)
	if err != nil {
		return nil, err
	}
	return marked, w.markHolds(ctx, marked)
}

// markHolds verifies the person's signature like anybody would.
func (w *Worker) markHolds(ctx context.Context, marked []byte) error {
	work, err := os.MkdirTemp(w.Temp, "sohoa-")
	if err != nil {
		return diskError(err, "make a work folder")
	}
	defer os.RemoveAll(work)
	path := filepath.Join(work, "marked.pdf")
	if err := os.WriteFile(path, marked, 0o600); err != nil {
		return diskError(err, "verify a person's mark")
	}
	v, err := verify.File(ctx, path, w.Digitiser.Policy)
	if err != nil {
		return err
	}
	if problem := markProblem(v, len(w.Digitiser.Policy.Roots) > 0); problem != "" {
		return record.Refuse(record.MarkUnsound, nil, "verify a person's mark: %s", problem)
	}
	return nil
}

// stillPDFA refuses a mark whose drawing breaks PDF/A, such as one with a face that
// is not embedded.
func stillPDFA(marked []byte) error {
	breaches, err := pdfa.Check(bytes.NewReader(marked), int64(len(marked)))
	if err != nil {
		return err
	}
	if len(breaches) > 0 {
		return record.Refuse(record.MarkUnsound, nil, "check that a marked document is a PDF/A: %s, %d breaches", breaches[0], len(breaches))
	}
	return nil
}

// markProblem says what a verdict holds against a mark. That revocation data is
// missing does not count yet; that its signer leads to no trusted anchor does, if
// there are any.
func markProblem(v record.Verdict, anchored bool) string {
	if len(v.Signatures) != 1 {
		return fmt.Sprintf("%d signatures, %s %s", len(v.Signatures), v.Outcome, v.Reason)
	}
	s := v.Signatures[0]
	switch {
	case s.Kind != "signature" || s.Integrity != "intact" || s.Coverage != record.CoversFile || s.ChangesAfter != record.ChangesNone:
		return fmt.Sprintf("%s, %s, covers %s, changes after it: %s", s.Kind, s.Integrity, s.Coverage, s.ChangesAfter)
	case s.Outcome == record.Failed, anchored && s.SubIndication == record.NoChain:
		return fmt.Sprintf("%s %s: %s", s.Outcome, s.SubIndication, s.Reason)
	}
	return ""
}

// markRefused lets the document wait for another mark, with the reason, if what
// came was at fault. Our own failures are tried again.
func (w *Worker) markRefused(ctx context.Context, d record.Document, job record.Job, cause error) error {
	if !errors.Is(cause, record.ErrMalformed) {
		return cause
	}
	return w.advance(ctx, d.ID, record.AwaitingMark, record.AwaitingMark, record.Change{Actor: worker, Kind: "mark-refused",
		Version: d.Version, Reason: record.ReasonOf(cause), Mark: &record.Mark{}, Finish: &job.JobRef})
}

// markRequest is what the mark shows: the person as her certificate names her.
func markRequest(r signing.Request, m record.Mark, chain []*x509.Certificate) signing.Request {
	r.Person, r.Time, r.PSS, r.Note, r.Verify = chain[0].Subject.CommonName, m.Time, m.PSS, "", "" // those stand in the agency's mark
	return r
}

func certificates(ders [][]byte) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for _, der := range ders {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, record.Refuse(record.KeyUnreadable, err, "read a person's certificate")
		}
		chain = append(chain, c)
	}
	return chain, nil
}
