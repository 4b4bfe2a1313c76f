package evidence

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"github.com/sohoa/sohoa/record"
)

// Material is evidence as it stands in a document security store.
type Material struct {
	Certificates [][]byte // DER
	OCSPs        [][]byte
	CRLs         [][]byte
}

// A Subject is a certificate whose chain and status are to be proven for a time.
type Subject struct {
	Certificate *x509.Certificate
	At          time.Time // when it was used: a revocation since then does not count
	Proven      bool      // there is evidence on it already: newer is taken where it can be had
}

// Collect returns the chains of the subjects and the status of every certificate
// in them below the anchor, responders of OCSP included. bag holds certificates
// that may be issuers; roots are the anchors (see [Client.Path]). A certificate
// that was revoked when it was used is refused with certificate-revoked, evidence
// that cannot be had now fails with level-unavailable. What is proven already is
// asked for last, for a short while, and left as it is where that brings nothing.
func (c *Client) Collect(ctx context.Context, subjects []Subject, bag, roots []*x509.Certificate) (Material, error) {
	g := gathering{c: c, bag: bag, roots: roots, seen: map[string]bool{}}
	for _, s := range subjects {
		if s.Proven {
			continue
		}
		if err := g.chain(ctx, s, false); err != nil {
			return Material{}, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, newerTimeout)
	defer cancel()
	for _, s := range subjects {
		if s.Proven && !c.now().After(s.Certificate.NotAfter) {
			_ = g.chain(ctx, s, false) // what was stored before proves it
		}
	}
	return g.out, nil
}

// newerTimeout is for all newer evidence on what is proven: after decades, those
// who answered for it may be gone.
const newerTimeout = 10 * time.Second

type gathering struct {
	c     *Client
	bag   []*x509.Certificate
	roots []*x509.Certificate
	seen  map[string]bool
	out   Material
}

// chain adds one subject's chain. The status of a responder comes from CRLs: by
// OCSP it would vouch for itself.
func (g *gathering) chain(ctx context.Context, s Subject, responder bool) error {
	path, err := g.c.Path(ctx, s.Certificate, g.bag, g.roots)
	if err != nil {
		return record.Fail(record.LevelUnavailable, err, "collect evidence")
	}
	for i, cert := range path {
		add(&g.out.Certificates, cert.Raw)
		if i+1 == len(path) || g.seen[string(cert.Raw)] {
			continue
		}
		g.seen[string(cert.Raw)] = true
		ask := cert.OCSPServer
		if responder && i == 0 {
			ask = nil
		}
		answer, err := g.c.status(ctx, cert, path[i+1], s.At, ask)
		if err != nil {
			return record.Fail(record.LevelUnavailable, err, "collect evidence")
		}
		if answer.Revoked && !answer.RevokedAt.After(s.At) {
			return record.Refuse(record.CertRevoked, nil, "collect evidence: %s was revoked at %s, used at %s",
				cert.Subject.CommonName, answer.RevokedAt.UTC().Format(time.RFC3339), s.At.UTC().Format(time.RFC3339))
		}
		if err := g.answer(ctx, answer, s); err != nil {
			return err
		}
	}
	return nil
}

// answer adds what an authority said, and the evidence on who said it. A responder
// stands in its answer; stored once more, pyHanko would date it after the answer.
func (g *gathering) answer(ctx context.Context, a Answer, s Subject) error {
	if a.Kind == CRL {
		add(&g.out.CRLs, a.Raw)
		return nil
	}
	add(&g.out.OCSPs, a.Raw)
	if a.Responder == nil {
		return nil
	}
	if unchecked(a.Responder) {
		return nil
	}
	return g.chain(ctx, Subject{Certificate: a.Responder, At: s.At}, true)
}

// NotRevoked asks whether cert may be used now. It is refused with
// certificate-revoked; when nobody can say, the error wraps [ErrNoStatus] or
// [ErrNoPath].
func (c *Client) NotRevoked(ctx context.Context, cert *x509.Certificate, bag, roots []*x509.Certificate) error {
	path, err := c.Path(ctx, cert, bag, roots)
	if err != nil {
		return fmt.Errorf("ask for the status of %s: %w", cert.Subject.CommonName, err)
	}
	for i, one := range path[:len(path)-1] {
		answer, err := c.Status(ctx, one, path[i+1], c.now())
		if err != nil {
			return err
		}
		if answer.Revoked {
			return record.Refuse(record.CertRevoked, nil, "ask for the status of %s: revoked at %s", one.Subject.CommonName, answer.RevokedAt.UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// add appends b unless it is there.
func add(to *[][]byte, b []byte) {
	if !slices.ContainsFunc(*to, func(have []byte) bool { return bytes.Equal(have, b) }) {
		*to = append(*to, b)
	}
}
