package verify

import (
	"cmp"
	"crypto"
	"slices"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/trust"
)

// A moment is a time that is believed of a signature, and why.
type moment struct {
	time   time.Time
	source string // "timestamp", "archive"; "": the time of the verdict
	path   *path  // of the authority that proves it
}

const maxTokens = 32

// proveByDocument validates the document time-stamps from the newest to the
// oldest: each valid one proves that what it covers existed, older ones included
// (EN 319 102-1, 5.6).
func (v *verification) proveByDocument() {
	var stamps []*signature
	for _, s := range v.all {
		if s.stamp && s.intact && s.token != nil {
			stamps = append(stamps, s)
		}
	}
	slices.SortStableFunc(stamps, func(a, b *signature) int { return cmp.Compare(b.revision, a.revision) })
	for _, s := range stamps {
		s.path, s.trustProblem = v.stampHolds(s.token, v.existed(s.extent.start, s.extent.end))
		sound := s.problem == nil || s.coverage != record.CoverUnclear && s.changes == record.ChangesOther
		if s.trustProblem == nil && sound {
			v.proofs = append(v.proofs, proof{s.ranges, s.token.Time})
		}
	}
}

// stampHolds looks whether a token is to be believed; known is when it is known
// to have existed.
func (v *verification) stampHolds(token *timestamp.Info, known time.Time) (*path, *finding) {
	when := token.Time.UTC().Format(time.RFC3339)
	switch cert := token.Certificate; {
	case token.Time.After(v.at.Add(clockTolerance)):
		return &path{}, unsure(record.TimestampOrderFailure, "its time %s lies after that of the verdict", when)
	case token.Time.After(known.Add(token.Accuracy+time.Second)) && known.Before(v.at):
		return &path{}, unsure(record.TimestampOrderFailure, "its time %s lies after that of a time-stamp over it", when)
	case token.Time.Before(cert.NotBefore) || token.Time.After(cert.NotAfter):
		return &path{}, unsure(record.ChainConstraintsFailure, "its time %s is outside the validity of %s", when, nameOf(cert))
	}
	signer := &token.CMS.Signers[0]
	for _, h := range []crypto.Hash{token.Hash, signer.DigestAlgorithm} {
		if weak := v.weakDigest(h, known); weak != "" {
			return &path{}, v.cryptoFinding(known, "time-stamp: "+weak)
		}
	}
	if weak := algorithms.WeakKey(token.Certificate.PublicKey, known); weak != "" {
		return &path{}, v.cryptoFinding(known, "time-stamp: "+weak)
	}
	p := v.validate(token.Certificate, known, trust.Timestamp)
	return p, p.problem
}

// bestTime finds the earliest time at which the signature is proven to have
// existed, and notes what is wrong with its time-stamps.
func (v *verification) bestTime(s *signature) moment {
	best := moment{time: v.at}
	for _, p := range v.proofs {
		if p.covers(s.extent.start, s.extent.end) && p.time.Before(best.time) {
			best = moment{time: p.time, source: "archive", path: v.pathOf(p)}
		}
	}
	known := best.time
	for i, der := range s.signer.TimestampTokens() {
		if i == maxTokens {
			v.warnf("%s: more than %d time-stamps, the rest was not looked at", s.name, maxTokens)
			break
		}
		info, problem := v.signatureStamp(s, der, known)
		if problem != nil {
			s.stampProblem = problem
			continue
		}
		p := v.validate(info.Certificate, known, trust.Timestamp)
		if !info.Time.After(best.time) || best.source == "" {
			best = moment{time: info.Time, source: "timestamp", path: p}
		}
	}
	return best
}

func (v *verification) pathOf(p proof) *path {
	for _, s := range v.all {
		if s.stamp && s.ranges == p.ranges {
			return s.path
		}
	}
	return nil
}

// signatureStamp checks one time-stamp over the signature value.
func (v *verification) signatureStamp(s *signature, der []byte, known time.Time) (*timestamp.Info, *finding) {
	info, err := timestamp.Read(der, v.certs...)
	if err != nil {
		return nil, fromCMS(err)
	}
	if info.Hash == 0 || !info.Hash.Available() {
		return nil, unsure(record.Generic, "digest algorithm of the time-stamp is not known")
	}
	if _, err = timestamp.Check(der, info.Hash, hashOf(info.Hash, s.signer.Signature), v.certs...); err != nil {
		return nil, fromCMS(err)
	}
	v.addCertificates(info.Certificates)
	v.addBag(info.CMS.OCSPs, info.CMS.CRLs, s.extent)
	_, problem := v.stampHolds(&info, known)
	return &info, problem
}

// notBefore is the latest time at which the signature is proven not to have
// existed yet: that of a document time-stamp which it covers.
func (v *verification) notBefore(s *signature) time.Time {
	var t time.Time
	for _, other := range v.all {
		if other.stamp && other.revision < s.revision && other.intact && other.problem == nil && other.trustProblem == nil && other.token.Time.After(t) {
			t = other.token.Time
		}
	}
	return t
}
