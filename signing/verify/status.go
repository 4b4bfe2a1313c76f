package verify

import (
	"crypto/x509"
	"fmt"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
)

const (
	clockTolerance = 5 * time.Minute // between our clock and a responder's
	ocspAge        = 24 * time.Hour  // for how long an answer holds that does not say so itself
)

// An answer is what one piece of evidence says of one certificate.
type answer struct {
	revoked    bool
	hold       bool // revoked for the time being
	revokedAt  time.Time
	thisUpdate time.Time
	produced   time.Time // when it was signed
	until      time.Time // it is fresh until then
	keeps      bool      // it speaks of expired certificates too
	signer     *x509.Certificate
	delegated  bool
}

// ask reads what e says of cert as issued by issuer, nil if nothing usable. Its
// signature is checked here, its signer is not.
func (v *verification) ask(e *statusData, cert, issuer *x509.Certificate) *answer {
	e.read()
	switch {
	case e.ocsp != nil:
		s := e.ocsp.about(cert, issuer)
		if s == nil || s.unknown {
			return nil
		}
		signer, delegated, err := e.ocsp.responder(issuer, v.certs)
		if err != nil {
			return nil
		}
		a := &answer{revoked: s.revoked, hold: s.revoked && s.reason == reasonHold, revokedAt: s.revokedAt, thisUpdate: s.thisUpdate,
			produced: e.ocsp.producedAt, until: s.nextUpdate, signer: signer, delegated: delegated}
		a.keeps = !s.cutoff.IsZero() && !s.cutoff.After(cert.NotAfter)
		if a.until.IsZero() {
			a.until = s.thisUpdate.Add(ocspAge)
		}
		return a
	case e.crl != nil:
		if checkCRL(e.crl, cert, issuer) != nil {
			return nil
		}
		a := &answer{thisUpdate: e.crl.ThisUpdate, produced: e.crl.ThisUpdate, until: e.crl.NextUpdate, keeps: keepsExpired(e.crl), signer: issuer}
		if entry := revokedEntry(e.crl, cert); entry != nil && entry.ReasonCode != reasonRemoveFromCRL {
			a.revoked, a.revokedAt, a.hold = true, entry.RevocationTime, entry.ReasonCode == reasonHold
		}
		return a
	}
	return nil
}

// A use is a piece of evidence that a verdict relies on.
type use struct {
	cert   *x509.Certificate
	by     *statusData
	answer *answer
}

// status looks for evidence that cert was not revoked at t. It returns what it
// relied on, those for the evidence's own signer included.
func (v *verification) status(cert, issuer *x509.Certificate, t time.Time, service trust.Service) ([]use, *finding) {
	uses, problem := v.statusFrom(v.evidence, cert, issuer, t, service)
	if problem == nil {
		return uses, nil
	}
	if problem.unknown() && v.policy.Online != nil {
		if fresh := v.fetch(cert, issuer); len(fresh) > 0 {
			uses, problem = v.statusFrom(fresh, cert, issuer, t, service)
		}
	}
	if problem != nil && problem.unknown() && v.lenient {
		v.forgive(problem.why)
		return nil, nil
	}
	return uses, problem
}

// unknown reports whether a finding says that a status is not known.
func (f *finding) unknown() bool {
	return f.sub == record.ChainGeneralFailure || f.sub == record.TryLater || f.sub == record.NoPOE
}

func (v *verification) statusFrom(all []*statusData, cert, issuer *x509.Certificate, t time.Time, service trust.Service) ([]use, *finding) {
	name := nameOf(cert)
	problem := unsure(record.ChainGeneralFailure, "no revocation data for %s", name)
	var good []use
	for _, e := range all {
		if v.ctx.Err() != nil {
			return nil, unsure(record.TryLater, "the time for this verification is up")
		}
		a := v.ask(e, cert, issuer)
		if a == nil {
			continue
		}
		more, err := v.relyOn(e, a, cert, issuer, t, service)
		if err != nil {
			problem = err
			continue
		}
		if a.revoked && !a.revokedAt.After(t) {
			return nil, revocationFinding(cert, a)
		}
		if good == nil {
			good = append([]use{{cert, e, a}}, more...)
		}
	}
	if good != nil {
		return good, nil
	}
	return nil, problem
}

func revocationFinding(cert *x509.Certificate, a *answer) *finding {
	when := a.revokedAt.UTC().Format(time.RFC3339)
	switch {
	case a.hold:
		return unsure(record.TryLater, "%s is on hold since %s", nameOf(cert), when)
	case cert.IsCA:
		return unsure(record.RevokedCANoPOE, "%s was revoked at %s", nameOf(cert), when)
	}
	return unsure(record.RevokedNoPOE, "%s was revoked at %s, and nothing proves that it was used before", nameOf(cert), when)
}

// relyOn looks whether the answer can be relied on for time t: dated soundly, fresh
// enough, and by a signer who was himself trusted when the evidence is known to
// have existed. A revocation needs no freshness.
func (v *verification) relyOn(e *statusData, a *answer, cert, issuer *x509.Certificate, t time.Time, service trust.Service) ([]use, *finding) {
	stamp := a.thisUpdate.UTC().Format(time.RFC3339)
	switch {
	case a.thisUpdate.After(v.now.Add(clockTolerance)):
		return nil, unsure(record.ChainGeneralFailure, "revocation data for %s is dated %s, in the future", nameOf(cert), stamp)
	case a.produced.Before(a.signer.NotBefore) || a.produced.After(a.signer.NotAfter):
		return nil, unsure(record.ChainGeneralFailure, "revocation data for %s was signed outside the validity of %s", nameOf(cert), nameOf(a.signer))
	case a.thisUpdate.Before(cert.NotBefore):
		return nil, unsure(record.ChainGeneralFailure, "revocation data for %s is older than the certificate", nameOf(cert))
	case !a.revoked && a.thisUpdate.After(cert.NotAfter) && !a.keeps:
		return nil, unsure(record.ChainGeneralFailure, "revocation data for %s was made after it had expired", nameOf(cert))
	case !a.revoked && a.thisUpdate.Before(t) && a.until.Before(t):
		return nil, unsure(record.TryLater, "the newest revocation data for %s is of %s, too old for %s", nameOf(cert), stamp, t.UTC().Format(time.RFC3339))
	}
	known := v.knownAt(e)
	var uses []use
	if !v.isAnchor(issuer) {
		p := v.validate(issuer, known, service)
		if p.problem != nil {
			return nil, unsure(p.problem.sub, "the issuer of revocation data for %s: %s", nameOf(cert), p.problem.why)
		}
		uses = append(uses, p.uses...)
	}
	if a.delegated {
		more, problem := v.responderHolds(a.signer, issuer, known, service)
		if problem != nil {
			return nil, problem
		}
		uses = append(uses, more...)
	}
	return uses, nil
}

// responderHolds looks whether a delegated OCSP responder was valid at t.
func (v *verification) responderHolds(responder, issuer *x509.Certificate, t time.Time, service trust.Service) ([]use, *finding) {
	if t.Before(responder.NotBefore) || t.After(responder.NotAfter) {
		return nil, unsure(record.NoPOE, "nothing proves that an OCSP answer existed before the certificate of %s expired", nameOf(responder))
	}
	if noCheck(responder) {
		return nil, nil
	}
	key := visit{string(responder.Raw), t.UnixNano(), "responder"}
	if v.busy[key] {
		return nil, unsure(record.ChainGeneralFailure, "the OCSP responder %s vouches for itself", nameOf(responder))
	}
	v.busy[key] = true
	defer delete(v.busy, key)
	return v.status(responder, issuer, t, service)
}

func nameOf(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return fmt.Sprintf("%q", c.Subject.CommonName)
	}
	return fmt.Sprintf("%q", c.Subject.String())
}
