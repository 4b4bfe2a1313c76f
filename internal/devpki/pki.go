package devpki

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"math/big"
	"sync"
	"time"
)

// A PKI is the whole of it. Its fields may be changed while nobody asks it.
type PKI struct {
	URL          string // where Handler answers, without a slash at the end
	Root         *Entity
	CA           *Entity // issues the signer's certificate
	Signer       *Entity
	Responder    *Entity // OCSP for what CA issued
	TSARoot      *Entity
	TSA          *Entity
	TSAResponder *Entity // OCSP for what TSARoot issued

	Now     func() time.Time // the clock of all services
	Lie     Lie              // what the services get wrong on purpose
	TSAHash crypto.Hash      // by which time-stamps are signed; 0: SHA-256

	oldTSARoots []authority

	mu      sync.Mutex
	revoked map[string]time.Time // serial number → since when
}

// An authority is an issuer and who answers for it.
type authority struct{ issuer, responder *Entity }

// Options of [New]. The zero value is good.
type Options struct {
	URL    string
	Keys   KeyKind // of all but the signer
	Signer KeyKind
	Name   string // common name of the signer
	Now    func() time.Time
}

// DefaultURL is where the services are unless told otherwise.
const DefaultURL = "http://127.0.0.1:8318"

const defaultSignerName = "Sở Thử nghiệm (for development)"

// New makes new keys and certificates.
func New(o Options) (*PKI, error) {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	if o.Name == "" {
		o.Name = defaultSignerName
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &PKI{URL: o.URL, Now: o.Now}
	tsa, err := tsaTemplate()
	if err != nil {
		return nil, err
	}
	steps := []struct {
		to       **Entity
		issuer   **Entity
		template *x509.Certificate
		kind     KeyKind
		place    string // of the issuer's certificate and CRL
	}{
		{&p.Root, nil, caTemplate("Sohoa Root CA for development", 30), o.Keys, ""},
		{&p.CA, &p.Root, caTemplate("Sohoa Issuing CA for development", 20), o.Keys, "root"},
		{&p.Signer, &p.CA, signerTemplate(o.Name), o.Signer, "ca"},
		{&p.Responder, &p.CA, responderTemplate(), o.Keys, "ca"},
		{&p.TSARoot, nil, caTemplate("Sohoa TSA Root CA for development", 30), o.Keys, ""},
		{&p.TSA, &p.TSARoot, tsa, o.Keys, "tsa-root"},
		{&p.TSAResponder, &p.TSARoot, responderTemplate(), o.Keys, "tsa-root"},
	}
	for _, s := range steps {
		var issuer *Entity
		if s.issuer != nil {
			issuer = *s.issuer
			p.addresses(s.template, s.place)
		}
		if *s.to, err = issue(issuer, s.template, s.kind, o.Now()); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// addresses writes into t where to ask about it and its issuer. The responder
// itself is not asked about: it has nocheck.
func (p *PKI) addresses(t *x509.Certificate, issuer string) {
	t.IssuingCertificateURL = []string{p.URL + "/ca/" + issuer + ".cer"}
	t.CRLDistributionPoints = []string{p.URL + "/crl/" + issuer + ".crl"}
	if issuer != "root" {
		t.OCSPServer = []string{p.URL + "/ocsp"}
	}
}

// Roots are all anchors: the signer's and the TSA's, old ones included.
func (p *PKI) Roots() []*x509.Certificate {
	roots := []*x509.Certificate{p.Root.Certificate, p.TSARoot.Certificate}
	for _, e := range p.oldTSARoots {
		roots = append(roots, e.issuer.Certificate)
	}
	return roots
}

// IssueSigner makes another signer under the same CA.
func (p *PKI) IssueSigner(common string, kind KeyKind) (*Entity, error) {
	t := signerTemplate(common)
	p.addresses(t, "ca")
	return issue(p.CA, t, kind, p.Now())
}

// Issue makes a certificate of t under the CA, whatever t says; t.NotAfter is a
// duration from the zero time.
func (p *PKI) Issue(t *x509.Certificate, kind KeyKind) (*Entity, error) {
	p.addresses(t, "ca")
	return issue(p.CA, t, kind, p.Now())
}

// RenewTSA replaces the TSA by a new one, valid from a day ago, and its root too
// if root is set. What the old ones signed stays as it is.
func (p *PKI) RenewTSA(root bool, kind KeyKind) error {
	if root {
		p.oldTSARoots = append(p.oldTSARoots, authority{p.TSARoot, p.TSAResponder})
		common := fmt.Sprintf("Sohoa TSA Root CA %d for development", len(p.oldTSARoots)+1)
		var err error
		if p.TSARoot, err = issue(nil, caTemplate(common, 30), kind, p.Now()); err != nil {
			return err
		}
	}
	t, err := tsaTemplate()
	if err != nil {
		return err
	}
	p.addresses(t, p.tsaRootName())
	if p.TSA, err = issue(p.TSARoot, t, kind, p.Now()); err != nil {
		return err
	}
	return p.renewResponders(kind)
}

// renewResponders gives every issuer a new OCSP responder: they last five years.
func (p *PKI) renewResponders(kind KeyKind) error {
	all := []authority{{p.CA, nil}, {p.TSARoot, nil}}
	all = append(all, p.oldTSARoots...)
	for i := range all {
		var err error
		if all[i].responder, err = issue(all[i].issuer, responderTemplate(), kind, p.Now()); err != nil {
			return err
		}
	}
	p.Responder, p.TSAResponder, p.oldTSARoots = all[0].responder, all[1].responder, all[2:]
	return nil
}

// Revoke says from now on that the certificate is revoked since then.
func (p *PKI) Revoke(c *x509.Certificate, since time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.revoked == nil {
		p.revoked = map[string]time.Time{}
	}
	p.revoked[c.SerialNumber.String()] = since
}

func (p *PKI) revokedSince(serial *big.Int) (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	since, ok := p.revoked[serial.String()]
	return since, ok
}
