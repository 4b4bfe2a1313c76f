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
	"github.com/sohoa/sohoa/signing/evidence"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// tokenBytes is the room for a document time-stamp.
const tokenBytes = 16 << 10

// addArchive appends a document time-stamp, and before it the evidence on its
// authority if the security store has none yet: asked once more, it is the same
// authority that answers.
func addArchive(ctx context.Context, in []byte, o RaiseOptions) ([]byte, error) {
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
