package signing

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// A signature is one of the file's, with what its bytes say.
type signature struct {
	field, value pdf.Ref
	dict         pdf.Dict // of the value
	kind         pdf.Name // its /SubFilter
	start, end   int64    // of /Contents, angle brackets included
	covered      int64    // where the byte range ends
	der          []byte   // of the value, zero padding included
	claimed      time.Time
}

type certificates = []*x509.Certificate

// endsWith reports whether the bytes that s covers end with the revision; whether
// its last end of line is counted in is up to the program that signed.
func (s signature) endsWith(r pdf.Revision) bool { return s.covered >= r.EOF && s.covered <= r.End }

// isTimestamp reports whether it is a document time-stamp.
func (s signature) isTimestamp(f *pdf.File) bool { return s.kind == "ETSI.RFC3161" }

// signatures returns those in the form, in its order: the order they were made in.
func signatures(f *pdf.File) ([]signature, error) {
	catalog, err := f.Catalog()
	if err != nil {
		return nil, err
	}
	var all []signature
	for _, v := range f.Array(f.Dict(catalog["AcroForm"])["Fields"]) {
		s, err := readSignature(f, v)
		if err != nil {
			return nil, fmt.Errorf("signature field %d: %w", len(all)+1, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func readSignature(f *pdf.File, field any) (signature, error) {
	var s signature
	var ok bool
	if s.field, ok = field.(pdf.Ref); !ok {
		return s, errors.New("not by reference")
	}
	if s.value, ok = f.Dict(s.field)["V"].(pdf.Ref); !ok {
		return s, errors.New("its value is not there by reference")
	}
	s.dict = f.Dict(s.value)
	s.kind = f.Name(s.dict["SubFilter"])
	s.der = f.String(s.dict["Contents"])
	if s.start, s.end, ok = f.ValueSpan(s.value, "Contents"); !ok || s.der == nil {
		return s, errors.New("no /Contents, or more than one")
	}
	if m := f.String(s.dict["M"]); m != nil {
		var err error
		if s.claimed, err = parseDate(string(m)); err != nil {
			return s, fmt.Errorf("claimed time %.30q", m)
		}
	}
	return s, s.readRange(f)
}

// readRange looks whether the byte range leaves out /Contents and nothing else.
func (s *signature) readRange(f *pdf.File) error {
	var r [4]int64
	array := f.Array(s.dict["ByteRange"])
	if len(array) != 4 {
		return fmt.Errorf("byte range of %d numbers", len(array))
	}
	for i := range r {
		var ok bool
		if r[i], ok = f.Int(array[i]); !ok {
			return errors.New("byte range is not made of integers")
		}
	}
	if r[0] != 0 || r[1] != s.start || r[2] != s.end || r[3] < 0 || r[3] > f.Size()-s.end {
		return fmt.Errorf("byte range %v, the value stands at %d to %d of %d bytes", r, s.start, s.end, f.Size())
	}
	s.covered = r[2] + r[3]
	return nil
}

// parseDate reads a PDF date (ISO 32000-1, 7.9.4) to the second, in the forms that
// programs write: with a zone of hours and minutes, or Z.
func parseDate(s string) (t time.Time, err error) {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "D:"), "'")
	for _, layout := range []string{"20060102150405-07'00", "20060102150405-0700", "20060102150405Z00'00", "20060102150405Z"} {
		if t, err = time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return t, err
}

// check reads the CMS and verifies it over the bytes of file that it covers. It
// returns the certificate of the signer too.
func (s signature) check(file Source) (*cms.SignedData, *x509.Certificate, error) {
	sd, err := cms.Parse(s.der)
	if err != nil {
		return nil, nil, err
	}
	if len(sd.Signers) != 1 || sd.Content != nil || !sd.ContentType.Equal(cms.Data) || s.kind != pkcs7 && !sd.Signers[0].HasESS() {
		return nil, nil, errors.New("not a detached CAdES signature by one signer")
	}
	signer := &sd.Signers[0]
	digest, err := s.digest(file, signer.DigestAlgorithm)
	if err != nil {
		return nil, nil, err
	}
	by, err := sd.Check(signer, digest)
	return sd, by, err
}

// chunk is how much of a file is in memory at a time.
const chunk = 256 << 10

// digest is over the byte range.
func (s signature) digest(file Source, h crypto.Hash) ([]byte, error) {
	if !h.Available() || h.Size() < digestAlgorithm.Size() {
		return nil, fmt.Errorf("digest algorithm %v is none of ours", h)
	}
	sum := h.New()
	covered := io.MultiReader(io.NewSectionReader(file, 0, s.start), io.NewSectionReader(file, s.end, s.covered-s.end))
	n, err := io.CopyBuffer(sum, struct{ io.Reader }{covered}, make([]byte, chunk))
	if err != nil || n != s.start+s.covered-s.end {
		return nil, fmt.Errorf("read the bytes that were signed: %d, %w", n, err)
	}
	return sum.Sum(nil), nil
}

// earlierSealsHold verifies every signature in the file, and that what came after
// the first of them is signatures and archive data, each in a revision of its own.
func earlierSealsHold(f *pdf.File, file Source) error {
	all, err := signatures(f)
	if err != nil {
		return err
	}
	for i, s := range all {
		if s.isTimestamp(f) {
			err = checkDocumentTimestamp(s, file)
		} else {
			_, _, err = s.check(file)
		}
		if err != nil {
			return fmt.Errorf("signature %d: %w", i+1, err)
		}
	}
	return onlySeals(f, all)
}

// onlySeals looks at the revisions from the first signature on.
func onlySeals(f *pdf.File, all []signature) error {
	next := 0
	for i, r := range f.Revisions() {
		var field pdf.Ref
		if next < len(all) && all[next].endsWith(r) {
			field = all[next].field
			next++
		}
		if i == 0 || next == 0 {
			continue
		}
		before, err := f.AsOf(i - 1)
		if err != nil {
			return err
		}
		after, err := f.AsOf(i)
		if err != nil {
			return err
		}
		if err := checkAddition(before, after, field); err != nil {
			return fmt.Errorf("revision %d: %w", i+1, err)
		}
	}
	if next != len(all) {
		return fmt.Errorf("signature %d does not end with a revision", next+1)
	}
	return nil
}

// checkDocumentTimestamp verifies a document time-stamp over the bytes of file
// that it covers.
func checkDocumentTimestamp(s signature, file Source) error {
	info, err := timestamp.Read(s.der)
	if err != nil {
		return err
	}
	digest, err := s.digest(file, info.Hash)
	if err != nil {
		return err
	}
	_, err = timestamp.Check(s.der, info.Hash, digest)
	return err
}
