package signing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/evidence"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// addEvidence appends a revision whose security store holds the evidence on every
// signature and time-stamp in the file, and on the certificates in extra.
func addEvidence(ctx context.Context, in []byte, o RaiseOptions, extra ...evidence.Subject) ([]byte, error) {
	f, err := open(in)
	if err != nil {
		return in, err
	}
	subjects, bag, err := subjectsOf(f, in)
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
	ref, err := material.Store(f, update)
	if err != nil {
		return in, fmt.Errorf("add evidence: %w", err)
	}
	if err := setCatalogEntry(f, update, "DSS", ref); err != nil {
		return in, fmt.Errorf("add evidence: %w", err)
	}
	return appendUpdate(in, update)
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
func appendUpdate(in []byte, u *pdf.Update) ([]byte, error) {
	out := bytes.NewBuffer(slices.Clone(in))
	if _, err := u.WriteTo(out); err != nil {
		return in, err
	}
	f, err := open(out.Bytes())
	if err == nil {
		err = earlierSealsHold(f, out.Bytes())
	}
	if err != nil {
		return in, record.Refuse(record.SealUnsound, err, "check the revision that was added")
	}
	return out.Bytes(), nil
}

// subjectsOf returns the certificates whose evidence is still to be had, each with
// the time that is to be proven for it, and all certificates that the signatures
// carry. What a document time-stamp covers together with its evidence is proven
// for good: of that, only the time-stamp itself is left.
func subjectsOf(f *pdf.File, file []byte) (subjects []evidence.Subject, bag certificates, err error) {
	all, err := signatures(f)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range slices.Backward(all) {
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
		subjects, bag = append(subjects, evidence.Subject{Certificate: info.Certificate, At: info.Time}), append(bag, info.Certificates...)
		if archived, err := hasStore(f, s); archived || err != nil {
			return subjects, bag, err
		}
	}
	return subjects, bag, nil
}

// hasStore reports whether there was a security store when s was made.
func hasStore(f *pdf.File, s signature) (bool, error) {
	for i, r := range f.Revisions() {
		if r.End != s.covered {
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
func subjectsOfSeal(s signature, file []byte) (subjects []evidence.Subject, bag certificates, err error) {
	sd, err := cms.Parse(s.der)
	if err != nil {
		return nil, nil, err
	}
	signer := &sd.Signers[0]
	by, err := sd.Check(signer, s.digest(file))
	if err != nil {
		return nil, nil, err
	}
	own := evidence.Subject{Certificate: by, At: s.claimed}
	bag = sd.Certificates
	for _, token := range signer.TimestampTokens() {
		info, err := timestamp.Read(token)
		if err != nil {
			return nil, nil, err
		}
		own.At = info.Time
		subjects, bag = append(subjects, evidence.Subject{Certificate: info.Certificate, At: info.Time}), append(bag, info.Certificates...)
	}
	return append(subjects, own), bag, nil
}
