package verify

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
)

// A verification is one file while it is judged.
type verification struct {
	ctx           context.Context
	policy        Policy
	at, now       time.Time
	sums          *sums
	doc           *document
	all           []*signature
	anchors       []trust.Anchor
	certs         []*x509.Certificate
	known         map[string]bool // certs by their bytes
	evidence      []*statusData
	evidenceBytes int
	lenient       bool     // the second pass of LegacyVN
	forgiven      []string // what it forgave
	tooMuch       bool     // evidence that was left out
	proofs        []proof
	paths         map[visit]*path
	busy          map[visit]bool
	fetched       map[string]bool
	sent          int // requests
	warnings      []string
	content       []record.Content
}

// Verify judges the PDF in r, size bytes long. A file that is not a PDF, damaged
// or asks for a password gives a verdict of "unreadable" with its reason code; the
// error is for what kept us from looking: r failed, or ctx or the time limit ended.
func Verify(ctx context.Context, r io.ReaderAt, size int64, p Policy) (record.Verdict, error) {
	if p.Name != "" && p.Name != Strict && p.Name != LegacyVN {
		return record.Verdict{}, fmt.Errorf("verify: policy %q is none of %s, %s: %w", p.Name, Strict, LegacyVN, record.ErrInvalid)
	}
	p.Limits = p.Limits.orDefault()
	ctx, cancel := context.WithTimeout(ctx, p.Limits.Time)
	defer cancel()
	v := newVerification(ctx, p)
	out := record.Verdict{File: p.File, Policy: v.policy.Name, Verifier: Version, At: v.at.UTC().Truncate(time.Second), Signatures: []record.SignatureVerdict{}}
	reader := &failing{r: r}
	v.sums = &sums{r: reader, size: size, at: map[crypto.Hash][]checkpoint{}}
	unreadable := v.open(reader, size)
	if reader.err != nil {
		return out, fmt.Errorf("read %s: %w", p.File, reader.err)
	}
	if err := ctx.Err(); err != nil {
		return out, v.stopped(fmt.Errorf("verify %s: %w", p.File, err))
	}
	var err error
	if out.SHA256, err = v.sums.whole(ctx); err != nil {
		return out, v.stopped(fmt.Errorf("read %s: %w", p.File, err))
	}
	if unreadable != nil {
		out.Outcome, out.Reason, out.Detail = record.Unreadable, string(reasonOf(unreadable, size)), unreadable.Error()
		return out, nil
	}
	v.judge()
	if err := ctx.Err(); err != nil {
		return out, v.stopped(fmt.Errorf("verify %s: %w", p.File, err))
	}
	v.report(&out)
	return out, nil
}

func newVerification(ctx context.Context, p Policy) *verification {
	v := &verification{ctx: ctx, policy: p, now: time.Now(), known: map[string]bool{}, paths: map[visit]*path{}, busy: map[visit]bool{}, fetched: map[string]bool{}}
	if v.at = p.At; v.at.IsZero() {
		v.at = v.now
	}
	if v.at.After(v.now) {
		v.now = v.at
	}
	if v.policy.Name == "" {
		v.policy.Name = Strict
	}
	v.anchors = append(v.anchors, p.Anchors...)
	for _, c := range p.Roots {
		v.anchors = append(v.anchors, trust.Anchor{Certificate: c})
	}
	return v
}

// stopped gives the end of the time limit its reason.
func (v *verification) stopped(err error) error {
	if errors.Is(v.ctx.Err(), context.DeadlineExceeded) {
		return record.Refuse(record.TooMuchTime, err, "verify %s", v.policy.File)
	}
	return err
}

// open reads the structure and finds the signatures.
func (v *verification) open(r io.ReaderAt, size int64) error {
	d, err := openDocument(v.ctx, r, size, v.policy.Limits.PDF)
	if err != nil {
		return err
	}
	v.doc, d.sums = d, v.sums
	list, err := d.signatures()
	if err != nil {
		return err
	}
	if len(list) > v.policy.Limits.Signatures {
		return fmt.Errorf("%d signatures, more than %d: %w", len(list), v.policy.Limits.Signatures, pdf.ErrLimit)
	}
	for _, f := range list {
		v.all = append(v.all, d.examine(v.ctx, f))
	}
	changes, err := d.changes(v.ctx, list)
	if err != nil {
		return err
	}
	d.judgeChanges(v.all, changes)
	return nil
}

// judge goes on where trust begins: evidence, time-stamps, then signatures.
func (v *verification) judge() {
	v.collect()
	v.proveByDocument()
	for _, s := range v.all {
		if !s.stamp {
			v.judgeSignature(s)
		}
	}
	v.judgeStructure()
	v.judgeShown()
	if len(v.all) > 0 {
		v.noteContent()
	}
}

// judgeSignature decides on one signature whose structure and CMS were examined.
func (v *verification) judgeSignature(s *signature) {
	s.best = moment{time: v.at}
	if !s.intact || s.signer == nil || s.cert == nil {
		return
	}
	s.best = v.bestTime(s)
	s.path = v.validate(s.cert, s.best.time, trust.Signing)
	s.trustProblem = v.signatureProblem(s)
	if v.policy.Name == LegacyVN && s.problem == nil && s.trustProblem != nil {
		s.legacy = v.secondLook(*s)
	}
}

func (v *verification) signatureProblem(s *signature) *finding {
	lower := v.notBefore(s)
	switch {
	case !lower.IsZero() && s.best.time.Before(lower):
		return unsure(record.TimestampOrderFailure, "a time-stamp that the signature covers is later than the signature's own")
	case s.cert.KeyUsage != 0 && s.cert.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		return unsure(record.ChainConstraintsFailure, "the key usage of %s does not allow signatures", nameOf(s.cert))
	case s.best.source != "" && s.best.time.Before(s.cert.NotBefore):
		return failed(record.NotYetValid, "%s was not valid yet when the signature was stamped", nameOf(s.cert))
	case v.claimedOutside(s):
		return unsure(record.SigConstraintsFailure, "the stated time of signing is outside the validity of %s", nameOf(s.cert))
	case !lower.IsZero() && lower.After(s.cert.NotAfter) && s.path.problem != nil && s.path.problem.sub == record.OutOfBoundsNoPOE:
		return failed(record.Expired, "%s had expired before the signature was made", nameOf(s.cert))
	}
	weak := algorithms.WeakKey(s.cert.PublicKey, s.best.time)
	for _, h := range s.digests() {
		if w := v.weakDigest(h, s.best.time); w != "" {
			weak = w
		}
	}
	if p := s.path.problem; p != nil && (weak == "" || p.sub == record.NoChain) {
		return p
	}
	switch {
	case weak == "":
		return nil
	case s.best.source == "":
		return unsure(record.CryptoConstraintsNoPOE, "%s", weak)
	}
	return unsure(record.CryptoConstraints, "%s", weak)
}

// claimedOutside reports whether the time that the signer states lies outside the
// validity of his certificate: he, or whoever wrote it, is wrong about one of them.
// Where the certificate is out of date anyway, that says more.
func (v *verification) claimedOutside(s *signature) bool {
	t := claimed(v.doc.at(s.revision), s)
	if t.IsZero() || s.path.problem != nil {
		return false
	}
	return t.Before(s.cert.NotBefore.Add(-clockTolerance)) || t.After(s.cert.NotAfter.Add(clockTolerance))
}

// failing remembers that its reader failed, for that is no fault of the file.
type failing struct {
	r   io.ReaderAt
	err error
}

func (f *failing) ReadAt(p []byte, at int64) (int, error) {
	n, err := f.r.ReadAt(p, at)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

func reasonOf(err error, size int64) record.Reason {
	switch {
	case size == 0:
		return record.EmptyFile
	case errors.Is(err, pdf.ErrEncrypted):
		return record.Encrypted
	case errors.Is(err, pdf.ErrNotPDF):
		return record.UnknownType
	case errors.Is(err, pdf.ErrLimit):
		return record.TooMuchMemory
	}
	return record.Damaged
}
