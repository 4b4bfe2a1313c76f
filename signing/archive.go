package signing

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/evidence"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// tokenBytes is the room for a document time-stamp.
const tokenBytes = 16 << 10

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

// addDocumentTimestamp appends a revision with a document time-stamp (EN 319
// 142-1, 5.4.3) in an invisible field. It returns the token's authority too.
func addDocumentTimestamp(ctx context.Context, in []byte, o RaiseOptions) ([]byte, timestamp.Info, error) {
	var info timestamp.Info
	if o.TSA == nil {
		return in, info, record.Refuse(record.TSAUnreachable, nil, "time-stamp the document: no authority is configured")
	}
	prepared, s, err := prepareTimestamp(in)
	if err != nil {
		return in, info, err
	}
	imprint := s.digest(prepared)
	token, err := o.TSA.Token(ctx, imprint, digestAlgorithm)
	if err != nil {
		return in, info, err
	}
	if info, err = timestamp.Check(token, digestAlgorithm, imprint); err != nil {
		return in, info, record.Refuse(record.TSAUntrusted, err, "time-stamp the document")
	}
	out, err := replaceValue(prepared, s, token)
	if err != nil {
		return in, info, record.Refuse(record.TSARefused, err, "time-stamp the document")
	}
	f, err := open(out)
	if err == nil {
		err = earlierSealsHold(f, out)
	}
	if err != nil || !bytes.HasPrefix(out, in) {
		return in, info, record.Refuse(record.SealUnsound, err, "check the document time-stamp")
	}
	return out, info, nil
}

// prepareTimestamp appends a field with an empty document time-stamp, its byte
// range filled in.
func prepareTimestamp(in []byte) ([]byte, signature, error) {
	f, err := open(in)
	if err != nil {
		return nil, signature{}, err
	}
	update, err := timestampUpdate(f)
	if err != nil {
		return nil, signature{}, fmt.Errorf("add a document time-stamp: %w", err)
	}
	out := bytes.NewBuffer(slices.Clone(in))
	if _, err := update.WriteTo(out); err != nil {
		return nil, signature{}, err
	}
	file := out.Bytes()
	if err := fillByteRange(file[len(in):], int64(len(in))); err != nil {
		return nil, signature{}, err
	}
	if f, err = pdf.Open(bytes.NewReader(file), int64(len(file)), pdf.DefaultLimits()); err != nil {
		return nil, signature{}, err
	}
	all, err := signatures(f)
	if err != nil {
		return nil, signature{}, fmt.Errorf("add a document time-stamp: %w", err)
	}
	return file, all[len(all)-1], nil
}

const (
	rangeWidth  = 10 // digits of a number in a byte range
	emptyRange  = "[0 ?????????? ?????????? ??????????]"
	rangeFormat = "[0 %0*d %0*d %0*d]"
)

func timestampUpdate(f *pdf.File) (*pdf.Update, error) {
	catalog, err := f.Catalog()
	if err != nil {
		return nil, err
	}
	pages, err := f.Pages()
	if err != nil {
		return nil, err
	}
	update, err := pdf.NewUpdate(f)
	if err != nil {
		return nil, err
	}
	fields := f.Array(f.Dict(catalog["AcroForm"])["Fields"])
	value := update.Add(pdf.Dict{
		"Type": pdf.Name("DocTimeStamp"), "Filter": pdf.Name("Adobe.PPKLite"), "SubFilter": pdf.Name("ETSI.RFC3161"),
		"ByteRange": pdf.Raw(emptyRange), "Contents": pdf.Raw("<" + hex.EncodeToString(make([]byte, tokenBytes)) + ">"),
	})
	field := update.Add(pdf.Dict{
		"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": pdf.Name("Sig"), "F": 4 | 128, "Rect": pdf.Array{0, 0, 0, 0},
		"P": pages[0].Ref, "T": pdf.String("Timestamp " + strconv.Itoa(len(fields)+1)), "V": value,
	})
	page := pages[0].Dict
	page["Annots"] = append(slices.Clone(f.Array(page["Annots"])), field)
	update.Set(pages[0].Ref, page)
	form := pdf.Dict{"Fields": append(slices.Clone(fields), field), "SigFlags": 3}
	return update, setCatalogEntry(f, update, "AcroForm", form)
}

// fillByteRange writes the byte range into a revision that starts at offset.
func fillByteRange(revision []byte, offset int64) error {
	start := bytes.Index(revision, []byte("<"+hex.EncodeToString(make([]byte, 64))))
	at := bytes.Index(revision, []byte(emptyRange))
	if start < 0 || at < 0 {
		return errors.New("add a document time-stamp: its place cannot be found")
	}
	end := start + 2*tokenBytes + 2
	text := fmt.Sprintf(rangeFormat, rangeWidth, offset+int64(start), rangeWidth, offset+int64(end), rangeWidth, len(revision)-end)
	if len(text) != len(emptyRange) {
		return errors.New("add a document time-stamp: the file is too long")
	}
	copy(revision[at:], text)
	return nil
}
