package verify

import (
	"crypto/x509"
	"errors"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
)

// A path is a chain to an anchor with the evidence that it held, or why not.
type path struct {
	chain   []*x509.Certificate // as far as one was found
	uses    []use
	problem *finding
}

type visit struct {
	cert string
	at   int64
	why  trust.Service
}

// validate looks for a chain from cert to an anchor for the service that held at t:
// every certificate valid then, and none but the anchor without evidence that it
// was not revoked (EN 319 102-1, 5.2.6, in the shell model).
func (v *verification) validate(cert *x509.Certificate, t time.Time, service trust.Service) *path {
	key := visit{string(cert.Raw), t.UnixNano(), service}
	if p, done := v.paths[key]; done {
		return p
	}
	v.paths[key] = &path{problem: unsure(record.ChainGeneralFailure, "revocation data of %s hangs on itself", nameOf(cert))}
	p := v.findPath(cert, t, service)
	v.paths[key] = p
	return p
}

func (v *verification) findPath(cert *x509.Certificate, t time.Time, service trust.Service) *path {
	if len(v.anchors) == 0 {
		return &path{problem: unsure(record.NoChain, "nobody is trusted: no trust anchors were given")}
	}
	chains, problem := v.chains(cert, t, service)
	if problem != nil {
		return &path{problem: problem}
	}
	var worst *path
	for _, chain := range chains {
		p := v.checkChain(chain, t, service)
		if p.problem == nil {
			return p
		}
		if worst == nil {
			worst = p
		}
	}
	return worst
}

// chains builds the chains by name and key; issuers that the file does not carry
// are fetched if that is allowed.
func (v *verification) chains(cert *x509.Certificate, t time.Time, service trust.Service) ([][]*x509.Certificate, *finding) {
	chains, err := v.build(cert, t, service)
	for range maxIssuerFetches {
		if _, unknown := errors.AsType[x509.UnknownAuthorityError](err); !unknown || !v.fetchIssuers(cert) {
			break
		}
		chains, err = v.build(cert, t, service)
	}
	if err == nil {
		return chains, nil
	}
	return nil, v.explain(cert, t, service, err)
}

func (v *verification) build(cert *x509.Certificate, t time.Time, service trust.Service) ([][]*x509.Certificate, error) {
	anchors, between := x509.NewCertPool(), x509.NewCertPool()
	for _, a := range v.anchors {
		if a.Holds(service, t) {
			anchors.AddCert(a.Certificate)
		}
	}
	for _, c := range v.certs {
		between.AddCert(c)
	}
	usage := x509.ExtKeyUsageAny
	if service == trust.Timestamp && !cert.IsCA {
		usage = x509.ExtKeyUsageTimeStamping
	}
	return cert.Verify(x509.VerifyOptions{Roots: anchors, Intermediates: between, CurrentTime: t, KeyUsages: []x509.ExtKeyUsage{usage}})
}

// explain turns an error of chain building into a finding. Whether there is a
// chain at all comes before whether it is in date.
func (v *verification) explain(cert *x509.Certificate, t time.Time, service trust.Service, err error) *finding {
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case isInvalid && invalid.Reason == x509.Expired:
		if !t.Before(cert.NotBefore) && !t.After(cert.NotAfter) {
			return unsure(record.OutOfBoundsNoPOE, "a certificate above %s is out of date at %s", nameOf(cert), t.UTC().Format(time.RFC3339))
		}
		middle := cert.NotBefore.Add(cert.NotAfter.Sub(cert.NotBefore) / 2)
		if _, inTime := v.build(cert, middle, service); inTime != nil {
			if _, unknown := errors.AsType[x509.UnknownAuthorityError](inTime); unknown {
				return unsure(record.NoChain, "no chain from %s to a trust anchor", nameOf(cert))
			}
		}
		return unsure(record.OutOfBoundsNoPOE, "%s is valid from %s to %s, and nothing proves that it was used then",
			nameOf(cert), cert.NotBefore.UTC().Format(time.DateOnly), cert.NotAfter.UTC().Format(time.DateOnly))
	case isInvalid:
		return unsure(record.ChainConstraintsFailure, "chain of %s: %v", nameOf(cert), err)
	}
	if weak := v.weakIssuer(cert); weak != "" {
		return unsure(record.CryptoConstraintsNoPOE, "%s", weak)
	}
	return unsure(record.NoChain, "no chain from %s to a trust anchor", nameOf(cert))
}

// checkChain looks at every certificate below the anchor.
func (v *verification) checkChain(chain []*x509.Certificate, t time.Time, service trust.Service) *path {
	p := &path{chain: chain}
	for i, cert := range chain[:len(chain)-1] {
		if weak := weakCertificate(cert, t); weak != "" {
			p.problem = v.cryptoFinding(t, weak)
			return p
		}
		uses, problem := v.status(cert, chain[i+1], t, service)
		if problem != nil {
			p.problem = problem
			return p
		}
		p.uses = append(p.uses, uses...)
	}
	return p
}

func (v *verification) isAnchor(cert *x509.Certificate) bool {
	for _, a := range v.anchors {
		if sameCert(a.Certificate, cert) {
			return true
		}
	}
	return false
}
