package signing

import (
	"context"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/evidence"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// tokenBytes is the room for a document time-stamp.
const tokenBytes = 16 << 10

// addArchive appends a document time-stamp, and before it the evidence on its
// authority if the security store has none yet: asked once more, it is the same
// authority that answers.
func addArchive(ctx context.Context, in Source, o RaiseOptions) (Source, error) {
	out, info, err := addDocumentTimestamp(ctx, in, o)
	if err != nil {
		return in, err
	}
	f, err := open(in)
	if err != nil {
		return in, err
	}
	store, err := evidence.Read(f)
	if err != nil {
		return in, err
	}
	if slices.ContainsFunc(store.X509(), info.Certificate.Equal) {
		return out, nil
	}
	with, err := addEvidence(ctx, in, o, evidence.Subject{Certificate: info.Certificate, At: info.Time})
	if err != nil {
		return in, err
	}
	if out, _, err = addDocumentTimestamp(ctx, with, o); err != nil {
		return in, err
	}
	return out, nil
}

// addDocumentTimestamp appends a revision with a document time-stamp (EN 319
// 142-1, 5.4.3) in an invisible field. It returns the token's authority too.
func addDocumentTimestamp(ctx context.Context, in Source, o RaiseOptions) (Source, timestamp.Info, error) {
	var info timestamp.Info
	if o.TSA == nil {
		return in, info, record.Refuse(record.TSAUnreachable, nil, "time-stamp the document: no authority is configured")
	}
	f, prepared, s, err := prepareTimestamp(in)
	if err != nil {
		return in, info, err
	}
	h := o.imprint()
	imprint, err := s.digest(prepared, h)
	if err != nil {
		return in, info, err
	}
	token, err := o.TSA.Token(ctx, imprint, h)
	if err != nil {
		return in, info, err
	}
	if info, err = timestamp.Check(token, h, imprint); err != nil {
		return in, info, record.Refuse(record.TSAUntrusted, err, "time-stamp the document")
	}
	out, err := replaceValue(prepared, s, token)
	if err != nil {
		return in, info, record.Refuse(record.TSARefused, err, "time-stamp the document")
	}
	if err := checkAppended(f, out, s.field); err != nil {
		return in, info, record.Refuse(record.SealUnsound, err, "check the document time-stamp")
	}
	return out, info, nil
}

// prepareTimestamp appends a field with an empty document time-stamp, its byte
// range filled in.
func prepareTimestamp(in Source) (*pdf.File, Source, signature, error) {
	f, err := open(in)
	if err != nil {
		return nil, nil, signature{}, err
	}
	update, err := pdf.NewUpdate(f)
	if err != nil {
		return nil, nil, signature{}, fmt.Errorf("add a document time-stamp: %w", err)
	}
	out, err := appendEmptyField(f, in, update, tokenBytes, pdf.Dict{
		"Type": pdf.Name("DocTimeStamp"), "Filter": pdf.Name("Adobe.PPKLite"), "SubFilter": pdf.Name("ETSI.RFC3161"),
	}, pdf.Dict{"Rect": pdf.Array{0, 0, 0, 0}}, "Timestamp")
	if err != nil {
		return nil, nil, signature{}, err
	}
	s, err := lastSignature(out)
	return f, out, s, err
}
