package evidence

import (
	"bytes"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"
)

// The kinds of answer.
const (
	OCSP = "ocsp"
	CRL  = "crl"
)

// An Answer is what an authority said of one certificate, verified.
type Answer struct {
	Kind       string
	Raw        []byte            // DER: an OCSPResponse or a CertificateList
	Responder  *x509.Certificate // who signed an OCSP answer, nil if the issuer itself or a CRL
	Revoked    bool
	RevokedAt  time.Time
	ThisUpdate time.Time
	NextUpdate time.Time // zero: not stated
}

// What can be wrong with an answer.
var (
	ErrNoStatus  = errors.New("the status of the certificate cannot be had")
	errStale     = errors.New("not current")
	errResponder = errors.New("signed by one who may not answer for the issuer")
)

const (
	clockSkew  = 5 * time.Minute
	openEnded  = 24 * time.Hour // how long an answer without nextUpdate is taken
	postOCSP   = "application/ocsp-request"
	maxAddress = 4 // addresses of one kind that are tried
)

// Status asks about cert, first by OCSP, then by CRL, at the addresses that cert
// names. after is the time that the answer should not be older than; an older one
// is taken if the authority has none newer. A revoked certificate is no error. The
// error wraps [ErrNoStatus] and says what each address answered.
func (c *Client) Status(ctx context.Context, cert, issuer *x509.Certificate, after time.Time) (Answer, error) {
	return c.status(ctx, cert, issuer, after, cert.OCSPServer)
}

// status asks at the given addresses of OCSP responders and then for CRLs.
func (c *Client) status(ctx context.Context, cert, issuer *x509.Certificate, after time.Time, responders []string) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*fetchTimeout)
	defer cancel()
	var problems []error
	for _, address := range responders[:min(len(responders), maxAddress)] {
		a, err := c.askOCSP(ctx, address, cert, issuer, after)
		if err == nil {
			return a, nil
		}
		problems = append(problems, err)
	}
	for _, address := range cert.CRLDistributionPoints[:min(len(cert.CRLDistributionPoints), maxAddress)] {
		a, err := c.askCRL(ctx, address, cert, issuer, after)
		if err == nil {
			return a, nil
		}
		problems = append(problems, err)
	}
	if len(problems) == 0 {
		problems = append(problems, errors.New("it names neither OCSP nor CRL addresses"))
	}
	return Answer{}, fmt.Errorf("status of %s: %w: %w", cert.Subject.CommonName, ErrNoStatus, errors.Join(problems...))
}

func (c *Client) askOCSP(ctx context.Context, address string, cert, issuer *x509.Certificate, after time.Time) (Answer, error) {
	name := address + " " + cert.SerialNumber.String() + " " + string(issuer.SubjectKeyId)
	if a, ok := c.remembered(name, after); ok {
		return a, nil
	}
	question, err := ocsp.CreateRequest(cert, issuer, nil)
	if err != nil {
		return Answer{}, fmt.Errorf("ask by OCSP: %w", err)
	}
	der, err := c.fetch(ctx, address, question, postOCSP, maxAnswerBytes)
	if err != nil {
		return Answer{}, err
	}
	a, err := CheckOCSP(der, cert, issuer, c.now())
	if err != nil {
		return Answer{}, fmt.Errorf("OCSP answer of %.100q: %w", address, err)
	}
	c.remember(name, a)
	return a, nil
}

// CheckOCSP verifies an OCSPResponse about cert as of now: that it speaks of this
// certificate, is current, and is signed by its issuer or by a responder with the
// OCSPSigning usage that the issuer certified.
func CheckOCSP(der []byte, cert, issuer *x509.Certificate, now time.Time) (Answer, error) {
	r, err := ocsp.ParseResponseForCert(der, cert, issuer)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Kind: OCSP, Raw: der, ThisUpdate: r.ThisUpdate, NextUpdate: r.NextUpdate}
	switch r.Status {
	case ocsp.Good:
	case ocsp.Revoked:
		a.Revoked, a.RevokedAt = true, r.RevokedAt
	default:
		return a, errors.New("the responder does not know the certificate")
	}
	if by := r.Certificate; by != nil && !by.Equal(issuer) {
		if err := mayAnswer(by, issuer, r.ProducedAt); err != nil {
			return a, err
		}
		a.Responder = by
	}
	return a, current(a, now)
}

// mayAnswer looks whether by is a responder that issuer appointed (RFC 6960, 4.2.2.2).
func mayAnswer(by, issuer *x509.Certificate, at time.Time) error {
	if err := by.CheckSignatureFrom(issuer); err != nil {
		return fmt.Errorf("%w: %w", errResponder, err)
	}
	if !slices.Contains(by.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) {
		return fmt.Errorf("%w: no OCSPSigning usage", errResponder)
	}
	if at.Before(by.NotBefore) || at.After(by.NotAfter) {
		return fmt.Errorf("%w: its certificate is not valid", errResponder)
	}
	return nil
}

var oidNoCheck = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}

// unchecked reports whether the issuer says that the responder's own status need
// not be asked for (RFC 6960, 4.2.2.2.1).
func unchecked(responder *x509.Certificate) bool {
	return slices.ContainsFunc(responder.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidNoCheck) })
}

func current(a Answer, now time.Time) error {
	until := a.NextUpdate
	if until.IsZero() {
		until = a.ThisUpdate.Add(openEnded)
	}
	if a.ThisUpdate.After(now.Add(clockSkew)) || until.Before(now) {
		return fmt.Errorf("holds from %s to %s: %w", a.ThisUpdate.UTC().Format(time.RFC3339), until.UTC().Format(time.RFC3339), errStale)
	}
	return nil
}

func (c *Client) askCRL(ctx context.Context, address string, cert, issuer *x509.Certificate, after time.Time) (Answer, error) {
	name := address + " " + string(issuer.SubjectKeyId)
	der := []byte(nil)
	if a, ok := c.remembered(name, after); ok {
		der = a.Raw
	} else {
		var err error
		if der, err = c.fetch(ctx, address, nil, "", maxCRLBytes); err != nil {
			return Answer{}, err
		}
	}
	a, err := CheckCRL(der, cert, issuer, c.now())
	if err != nil {
		return Answer{}, fmt.Errorf("CRL of %.100q: %w", address, err)
	}
	c.remember(name, a)
	return a, nil
}

// CheckCRL verifies a CRL as of now: that it is signed by the issuer of cert, is
// current, complete and of a kind that speaks of cert, and looks cert up.
func CheckCRL(der []byte, cert, issuer *x509.Certificate, now time.Time) (Answer, error) {
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		return Answer{}, err
	}
	if !bytes.Equal(list.RawIssuer, cert.RawIssuer) {
		return Answer{}, errors.New("of another issuer")
	}
	if err := list.CheckSignatureFrom(issuer); err != nil {
		return Answer{}, err
	}
	if err := speaksOf(list, cert); err != nil {
		return Answer{}, err
	}
	a := Answer{Kind: CRL, Raw: der, ThisUpdate: list.ThisUpdate, NextUpdate: list.NextUpdate}
	for _, e := range list.RevokedCertificateEntries {
		if e.SerialNumber.Cmp(cert.SerialNumber) == 0 {
			a.Revoked, a.RevokedAt = true, e.RevocationTime
		}
	}
	return a, current(a, now)
}
