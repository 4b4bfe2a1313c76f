package signing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/evidence"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// addEvidence appends a revision whose security store holds the evidence on every
// signature and time-stamp in the file, and on the certificates in extra.
func addEvidence(ctx context.Context, in Source, o RaiseOptions, extra ...evidence.Subject) (Source, error) {
	f, err := open(in)
	if err != nil {
		return in, err
	}
	all, err := signatures(f)
	if err != nil {
		return in, err
	}
	subjects, bag, err := subjectsOf(f, in, all)
	if err != nil {
		return in, err
	}
	store, err := evidence.Read(f)
	if err != nil {
		return in, err
	}
	material, err := o.evidence().Collect(ctx, append(subjects, extra...), append(bag, store.X509()...), o.Roots)
	if err != nil {
		return in, err
	}
	update, err := pdf.NewUpdate(f)
	if err != nil {
		return in, fmt.Errorf("add evidence: %w", err)
	}
	ref, err := material.Store(f, update, all[len(all)-1].der)
	if err != nil {
		return in, fmt.Errorf("add evidence: %w", err)
	}
	if err := setCatalogEntry(f, update, "DSS", ref); err != nil {
		return in, fmt.Errorf("add evidence: %w", err)
	}
	return appendUpdate(f, in, update)
}

// NewEvidence returns what asks authorities for the status of certificates and
// keeps their answers: one for a process, in [RaiseOptions]. private allows
// private addresses, as a person at a command line may want them.
func NewEvidence(private bool) *evidence.Client {
	return &evidence.Client{HTTP: evidence.HTTPClient(private)}
}

func (o RaiseOptions) evidence() *evidence.Client {
	if o.Evidence == nil {
		return &evidence.Client{}
	}
	return o.Evidence
}

func setCatalogEntry(f *pdf.File, u *pdf.Update, key pdf.Name, value any) error {
	catalog, err := f.Catalog()
	if err != nil {
		return err
	}
	root, ok := f.Trailer()["Root"].(pdf.Ref)
	if !ok {
		return errors.New("the trailer has no /Root")
	}
	catalog[key] = value
	u.Set(root, catalog)
	return nil
}

// appendUpdate returns in and the update, held against the rules for revisions
// that follow a signature.
func appendUpdate(f *pdf.File, in Source, u *pdf.Update) (Source, error) {
	var tail bytes.Buffer
	if _, err := u.WriteTo(&tail); err != nil {
		return in, err
	}
	out := pdf.Append(in, tail.Bytes())
	if err := checkAppended(f, out, pdf.Ref{}); err != nil {
		return in, record.Refuse(record.SealUnsound, err, "check the revision that was added")
	}
	return out, nil
}

// checkAppended looks whether out is f with one revision of ours after it: a
// signature in the field, or archive data if that is zero. Every seal still holds.
func checkAppended(f *pdf.File, out Source, field pdf.Ref) error {
	g, err := open(out)
	if err != nil {
		return err
	}
	if err := earlierSealsHold(g, out); err != nil {
		return err
	}
	return checkGrowth(f, g, field)
}

// subjectsOf returns the certificates whose evidence is still to be had, each with
// the time that is to be proven for it, and all certificates that the signatures
// carry. What a document time-stamp covers together with its evidence is proven
// for good: of that, only the time-stamps are left, for newer evidence on older ones
// spares validators that judge each as of today from finding it out of date.
func subjectsOf(f *pdf.File, file Source, all []signature) (subjects []evidence.Subject, bag certificates, err error) {
	proven := false
	for _, s := range slices.Backward(all) {
		if proven && !s.isTimestamp(f) {
			break
		}
		if !s.isTimestamp(f) {
			more, carried, err := subjectsOfSeal(s, file)
			if err != nil {
				return nil, nil, err
			}
			subjects, bag = append(subjects, more...), append(bag, carried...)
			continue
		}
		info, err := timestamp.Read(s.der)
		if err != nil {
			return nil, nil, err
		}
		subjects, bag = append(subjects, evidence.Subject{Certificate: info.Certificate, At: info.Time, Proven: proven}), append(bag, info.Certificates...)
		archived, err := hasStore(f, s)
		if err != nil {
			return nil, nil, err
		}
		proven = proven || archived
	}
	return subjects, bag, nil
}

// hasStore reports whether there was a security store when s was made.
func hasStore(f *pdf.File, s signature) (bool, error) {
	for i, r := range f.Revisions() {
		if !s.endsWith(r) {
			continue
		}
		g, err := f.AsOf(i)
		if err != nil {
			return false, err
		}
		catalog, err := g.Catalog()
		return catalog["DSS"] != nil, err
	}
	return false, nil
}

// subjectsOfSeal returns the signer, at the time that its own time-stamp proves or
// else now, and the authority of that time-stamp.
func subjectsOfSeal(s signature, file Source) (subjects []evidence.Subject, bag certificates, err error) {
	sd, by, err := s.check(file)
	if err != nil {
		return nil, nil, err
	}
	own := evidence.Subject{Certificate: by, At: s.claimed}
	bag = sd.Certificates
	for _, token := range sd.Signers[0].TimestampTokens() {
		info, err := timestamp.Read(token)
		if err != nil {
			return nil, nil, err
		}
		own.At = info.Time
		subjects, bag = append(subjects, evidence.Subject{Certificate: info.Certificate, At: info.Time}), append(bag, info.Certificates...)
	}
	return append(subjects, own), bag, nil
}
