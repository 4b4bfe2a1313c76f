package pipeline

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/verify"
)

// PrepareMark makes what a person signs: the to-mark rendition, and if she sent
// her certificate the attributes that her token signs. It needs no key.
func (w *Worker) PrepareMark(ctx context.Context, job record.Job) error {
	d, archival, before, request, err := w.awaited(ctx, job)
	if err != nil {
		return err
	}
	defer archival.Close()
	digest, err := digestOf(before)
	if err != nil {
		return err
	}
	k := keeper{ctx: ctx, objects: w.Objects}
	if given, ok := d.Rendition(record.RenditionToMark); !ok || given.SHA256 != digest {
		k.put(record.RenditionToMark, reading(before), before.Size(), digest, "application/pdf")
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
func (w *Worker) draft(ctx context.Context, m record.Mark, before signing.Source, request signing.Request) (*record.Mark, error) {
	chain, err := certificates(m.Chain)
	if err != nil {
		return nil, err
	}
	m.Time = w.Seal.Now().UTC().Truncate(time.Second)
	made, err := signing.DraftMark(before, chain, markRequest(request, m, chain))
	if err != nil {
		return nil, err
	}
	if m.Draft, err = digestOf(made.File); err != nil {
		return nil, err
	}
	if _, err := w.Objects.Put(ctx, reading(made.File), made.File.Size(), m.Draft, "application/pdf"); err != nil {
		return nil, err
	}
	crash.Point("mark-drafted")
	digest := made.Hash.New()
	digest.Write(made.Attributes)
	m.Attributes, m.Digest, m.Hash = made.Attributes, digest.Sum(nil), made.Hash.String()
	return &m, nil
}

// CompleteMark takes the signature that came back from a person's desk into the
// document, which is then Approved and goes on to its seal. What is not sound is
// refused with its reason, and the document waits for another.
func (w *Worker) CompleteMark(ctx context.Context, job record.Job) error {
	d, archival, before, request, err := w.awaited(ctx, job)
	if err != nil {
		return err
	}
	defer archival.Close()
	if !d.Mark.Answered() {
		return fmt.Errorf("complete the mark of document %s: nothing has come back: %w", d.ID, record.ErrConflict)
	}
	came := d.Mark.Returned
	if came == "" {
		came = d.Mark.Draft
	}
	file, err := w.hold(ctx, came, "")
	if err != nil {
		return err
	}
	defer file.Close()
	agency, err := w.Catalogue.Agency(ctx, d.Agency)
	if err != nil {
		return err
	}
	marked, err := w.marked(ctx, *d.Mark, agency.MarkPKCS7, before, file, request)
	if err != nil {
		return w.markRefused(ctx, d, job, err)
	}
	k := keeper{ctx: ctx, objects: w.Objects}
	k.source(record.RenditionMarked, w.stamped(ctx, d.ID, marked), "application/pdf")
	if k.err != nil {
		return k.err
	}
	decision := *d.Decision
	decision.Marked = k.last()
	return w.advance(ctx, d.ID, record.AwaitingMark, record.Approved, record.Change{Actor: worker, Kind: "marked", Version: d.Version,
		Renditions: k.kept, Decision: &decision, Job: record.JobAuthenticate, Finish: &job.JobRef})
}

// stamped gives the person's signature a time-stamp of its own if the seal is to have one:
// under the seal it cannot get one any more. If none can be had it goes on without, for
// the time-stamp over the seal proves when both existed.
func (w *Worker) stamped(ctx context.Context, id string, marked signing.Source) signing.Source {
	if !w.Seal.Target.AtLeast(record.BT) || w.Seal.Raise.TSA == nil {
		return marked
	}
	stamped, _, err := signing.Raise(ctx, marked, record.BT, w.Seal.Raise)
	if err == nil {
		err = w.sourceHolds(ctx, stamped) // another program may have put more over the signature
	}
	if err != nil {
		slog.WarnContext(ctx, "a person's signature gets no time-stamp of its own", "document", id, "error", err)
		return marked
	}
	return stamped
}

// awaited returns a document that waits for a mark, its archival PDF, which the
// caller closes, and what is signed, which is read from there.
func (w *Worker) awaited(ctx context.Context, job record.Job) (record.Document, *held, signing.Source, signing.Request, error) {
	var request signing.Request
	d, err := w.Catalogue.Document(ctx, job.Document)
	if err != nil {
		return d, nil, nil, request, err
	}
	if d.Status != record.AwaitingMark {
		return d, nil, nil, request, fmt.Errorf("mark document %s: it is %s: %w", d.ID, d.Status, record.ErrConflict)
	}
	archival, request, err := w.decided(ctx, d)
	if err != nil {
		return d, nil, nil, request, err
	}
	before, err := signing.Prepare(archival, request)
	if err != nil {
		return d, nil, nil, request, errors.Join(err, archival.Close())
	}
	return d, archival, before, request, nil
}

// marked is the document with the person's signature, whichever way it came: file
// is what came back, or the draft that her value belongs into. older says whether
// the agency takes signatures of the kind before PAdES.
func (w *Worker) marked(ctx context.Context, m record.Mark, older bool, before signing.Source, file *held, request signing.Request) (signing.Source, error) {
	if m.Returned != "" {
		// Another program made these bytes: a child looks at them first.
		if err := w.markHolds(ctx, file.Path()); err != nil {
			return nil, err
		}
		if _, err := signing.AcceptMark(before, file, w.Seal.Now(), older); err != nil {
			return nil, err
		}
		return file, stillPDFA(file)
	}
	chain, err := certificates(m.Chain)
	if err != nil {
		return nil, err
	}
	marked, err := signing.CompleteMark(before, file, chain, markRequest(request, m, chain), m.Signature, m.CMS)
	if err != nil {
		return nil, err
	}
	return marked, w.sourceHolds(ctx, marked)
}

func (w *Worker) sourceHolds(ctx context.Context, marked signing.Source) error {
	whole, err := w.holdSource(marked)
	if err != nil {
		return err
	}
	return errors.Join(w.markHolds(ctx, whole.Path()), whole.Close())
}

// markHolds verifies the person's signature like anybody would.
func (w *Worker) markHolds(ctx context.Context, path string) error {
	v, err := verify.File(ctx, path, w.Digitiser.Policy)
	if err != nil {
		return err
	}
	if reason, problem := markProblem(v, len(w.Digitiser.Policy.Roots)+len(w.Digitiser.Policy.Anchors) > 0); problem != "" {
		return record.Refuse(reason, nil, "verify a person's mark: %s", problem)
	}
	return nil
}

// stillPDFA refuses a mark whose drawing breaks PDF/A, such as one with a face that
// is not embedded. A program that saves a file names itself in Info or in the XMP;
// that these two differ then (6.6.3) is a rule of our own files alone.
func stillPDFA(marked signing.Source) error {
	breaches, err := pdfa.Check(marked, marked.Size())
	if err != nil {
		return err
	}
	breaches = slices.DeleteFunc(breaches, func(b pdfa.Breach) bool { return b.Clause == "6.6.3" })
	if len(breaches) > 0 {
		return record.Refuse(record.MarkNotPDFA, nil, "check that a marked document is a PDF/A: %s, %d breaches", breaches[0], len(breaches))
	}
	return nil
}

// markProblem says what a verdict holds against a mark: one signature, and behind
// it time-stamps and archive data at most. That revocation data is missing does
// not count yet; that its signer leads to no trusted anchor does, if there are any.
func markProblem(v record.Verdict, anchored bool) (record.Reason, string) {
	if len(v.Signatures) == 0 {
		return record.MarkUnsound, fmt.Sprintf("no signature, %s %s", v.Outcome, v.Reason)
	}
	s := v.Signatures[0]
	for i, other := range v.Signatures {
		if (other.Kind == "signature") != (i == 0) {
			return record.MarkUnsound, fmt.Sprintf("%d signatures, of which number %d is a %s", len(v.Signatures), i+1, other.Kind)
		}
	}
	switch {
	case s.Integrity != "intact" || s.Coverage != record.CoversFile && s.Coverage != record.CoversRevision:
		return record.MarkUnsound, fmt.Sprintf("%s, covers %s", s.Integrity, s.Coverage)
	case s.ChangesAfter != record.ChangesNone && s.ChangesAfter != record.ChangesArchive:
		return record.MarkMore, fmt.Sprintf("changes after it: %s", s.ChangesAfter)
	case anchored && s.SubIndication == record.NoChain, s.SubIndication == record.Revoked:
		return record.MarkUntrusted, fmt.Sprintf("%s %s: %s", s.Outcome, s.SubIndication, s.Reason)
	case s.Outcome == record.Failed:
		return record.MarkUnsound, fmt.Sprintf("%s %s: %s", s.Outcome, s.SubIndication, s.Reason)
	}
	return "", ""
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
