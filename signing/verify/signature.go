package verify

import (
	"context"
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"errors"
	"fmt"
	"io"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// A finding is a reason not to pass: an indication other than TOTAL-PASSED with
// its sub-indication (EN 319 102-1, tables 5 and 6). Nil means nothing was found.
type finding struct {
	outcome record.Outcome
	sub     record.SubIndication
	why     string
}

func failed(sub record.SubIndication, format string, args ...any) *finding {
	return &finding{record.Failed, sub, fmt.Sprintf(format, args...)}
}

func unsure(sub record.SubIndication, format string, args ...any) *finding {
	return &finding{record.Indeterminate, sub, fmt.Sprintf(format, args...)}
}

// The sub-filters (ISO 32000-2, table 257; EN 319 142-1).
const (
	cades     = "ETSI.CAdES.detached"
	pkcs7     = "adbe.pkcs7.detached"
	pkcs7SHA1 = "adbe.pkcs7.sha1"
	rfc3161   = "ETSI.RFC3161"
)

func isTimestamp(f *pdf.File, dict pdf.Dict) bool {
	return f.Name(dict["Type"]) == "DocTimeStamp" || f.Name(dict["SubFilter"]) == rfc3161
}

// A signature is one signature or document time-stamp with what was found out
// about it without any trust.
type signature struct {
	found
	extent
	filter       pdf.Name
	stamp        bool              // a document time-stamp
	cms          *cms.SignedData   // nil if it cannot be read
	signer       *cms.SignerInfo   // of cms
	cert         *x509.Certificate // that made it, or was said to
	token        *timestamp.Info   // of a document time-stamp
	intact       bool              // the bytes that it covers and its value are sound
	changes      record.Changes    // by later revisions
	changed      []string          // when other
	path         *path             // to an anchor
	best         moment            // when a signature is believed to have been made
	trustProblem *finding
	legacy       []string // what had to be forgiven for it to hold, under LegacyVN
	stampProblem *finding // of a signature time-stamp that is not believed
	problem      *finding // of structure, CMS or later changes
}

// examine looks at structure and cryptography of one signature.
func (d *document) examine(ctx context.Context, f found) *signature {
	g := d.at(f.revision)
	s := &signature{found: f, filter: g.Name(f.dict["SubFilter"]), stamp: isTimestamp(g, f.dict)}
	e, readable, err := d.extentOf(&s.found)
	s.extent = e
	if err != nil {
		s.problem = failed(record.FormatFailure, "%v", err)
	}
	if f.field == (pdf.Ref{}) {
		s.problem = failed(record.FormatFailure, "no form field of its revision leads to this signature")
	}
	if !readable {
		return s
	}
	p := s.cryptography(ctx, d)
	if s.problem == nil || p != nil && p.sub == record.HashFailure {
		s.problem = p
	}
	return s
}

// cryptography checks the CMS or the token against the bytes that are covered.
func (s *signature) cryptography(ctx context.Context, d *document) *finding {
	contents, _ := s.dict["Contents"].(pdf.String)
	if s.stamp {
		return s.checkToken(ctx, d, contents)
	}
	sd, err := cms.Parse(contents)
	if err != nil {
		return failed(record.FormatFailure, "%v", err)
	}
	s.cms = sd
	if len(sd.Signers) != 1 {
		return failed(record.FormatFailure, "the CMS has %d signers, not one", len(sd.Signers))
	}
	s.signer = &sd.Signers[0]
	digest, p := s.digest(ctx, d)
	if p != nil {
		return p
	}
	s.cert, err = sd.Check(s.signer, digest)
	s.intact = err == nil
	if err == nil && s.filter == cades && !s.signer.HasESS() {
		return unsure(record.SigConstraintsFailure, "a PAdES signature without the signing-certificate attribute")
	}
	return fromCMS(err)
}

// digest makes the digest that the CMS has to hold, as the sub-filter wants it.
func (s *signature) digest(ctx context.Context, d *document) ([]byte, *finding) {
	h := s.signer.DigestAlgorithm
	if h == 0 {
		return nil, unsure(record.Generic, "digest algorithm that this software does not know")
	}
	switch s.filter {
	case cades, pkcs7:
		if s.cms.Content != nil {
			return nil, failed(record.FormatFailure, "a detached signature with content of its own")
		}
		sum, err := d.sums.covered(ctx, h, s.extent)
		if err != nil {
			return nil, unsure(record.Generic, "%v", err)
		}
		return sum, nil
	case pkcs7SHA1:
		sum, err := d.sums.covered(ctx, crypto.SHA1, s.extent)
		if err != nil {
			return nil, unsure(record.Generic, "%v", err)
		}
		if len(s.cms.Content) != sha1.Size || string(sum) != string(s.cms.Content) {
			return nil, failed(record.HashFailure, "the digest of the covered bytes is another")
		}
		state := h.New()
		state.Write(s.cms.Content)
		return state.Sum(nil), nil
	}
	return nil, failed(record.FormatFailure, "sub-filter %q is none that is known", s.filter)
}

// checkToken checks a document time-stamp (EN 319 142-1, 5.4.3).
func (s *signature) checkToken(ctx context.Context, d *document, contents []byte) *finding {
	if s.filter != rfc3161 {
		return failed(record.FormatFailure, "a document time-stamp with sub-filter %q", s.filter)
	}
	info, err := timestamp.Read(contents)
	if info.CMS != nil {
		s.cms, s.token, s.cert = info.CMS, &info, info.Certificate
		s.signer = &info.CMS.Signers[0]
	}
	if err != nil {
		return fromCMS(err)
	}
	if info.Hash == 0 {
		return unsure(record.Generic, "digest algorithm that this software does not know")
	}
	sum, err := d.sums.covered(ctx, info.Hash, s.extent)
	if err != nil {
		return unsure(record.Generic, "%v", err)
	}
	if string(sum) != string(info.Imprint) {
		return failed(record.HashFailure, "the digest of the covered bytes is another")
	}
	s.intact = true
	return fromCMS(timestamp.Usage(info.Certificate))
}

// stoppable ends reading when its context ends.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// fromCMS maps what package cms or timestamp says to a finding.
func fromCMS(err error) *finding {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, cms.ErrDigest), errors.Is(err, timestamp.ErrImprint):
		return failed(record.HashFailure, "the digest of the covered bytes is another")
	case errors.Is(err, cms.ErrSignature):
		return failed(record.SigCryptoFailure, "the signature value does not verify with the signer's key")
	case errors.Is(err, cms.ErrCertificate):
		return unsure(record.NoSigningCertificate, "%v", err)
	case errors.Is(err, timestamp.ErrUsage):
		return unsure(record.ChainConstraintsFailure, "%v", err)
	case errors.Is(err, cms.ErrUnsupported):
		return unsure(record.Generic, "%v", err)
	}
	return failed(record.FormatFailure, "%v", err)
}
