package verify

import (
	"crypto"
	"slices"
	"strings"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// judgeShown keeps a signature from passing when a later signature that is not
// itself valid shows something on a page: anybody can make such a one.
func (v *verification) judgeShown() {
	for _, s := range v.all {
		for _, later := range v.all {
			if later.revision > s.revision && s.finding() == nil && later.finding() != nil && v.shows(later) {
				s.trustProblem = unsure(record.SigConstraintsFailure, "a later signature, field %q, shows something on a page and is not itself valid", later.name)
			}
		}
	}
}

// harmless are anomalies that no reader reads differently and that programs in use
// write: references to nothing, unused entries, the first part of a linearized file.
var harmless = []string{"which does not exist", "entries in use at byte 0", "entries are not 20 bytes long", "no startxref after the cross-reference section"}

// judgeStructure keeps every signature from passing in a file that two readers may
// read differently: keys that stand twice, objects that overlap, bytes that nothing
// reaches.
func (v *verification) judgeStructure() {
	if len(v.all) == 0 {
		return
	}
	odd := v.doc.last.Anomalies()
	v.warnings = append(v.warnings, odd...)
	odd = slices.DeleteFunc(slices.Clone(odd), func(a string) bool {
		return slices.ContainsFunc(harmless, func(h string) bool { return strings.Contains(a, h) })
	})
	if len(odd) == 0 {
		return
	}
	for _, s := range v.all {
		if s.finding() == nil {
			s.trustProblem = unsure(record.SigConstraintsFailure, "the file is not soundly built: %s", odd[0])
		}
	}
}

func (v *verification) shows(s *signature) bool {
	u := update{new: v.doc.at(s.revision)}
	if u.visible(s.widget) {
		return true
	}
	for _, kid := range u.new.Array(s.widget["Kids"]) {
		if u.visible(u.new.Dict(kid)) {
			return true
		}
	}
	return false
}

// finding is what keeps the signature from passing, nil if nothing does.
func (s *signature) finding() *finding {
	if s.problem != nil {
		return s.problem
	}
	if s.trustProblem == nil && !s.intact {
		return unsure(record.Generic, "the signature could not be checked")
	}
	return s.trustProblem
}

// digests are the hash functions that the signature rests on.
func (s *signature) digests() []crypto.Hash {
	all := []crypto.Hash{s.signer.DigestAlgorithm}
	if s.filter == pkcs7SHA1 {
		all = append(all, crypto.SHA1)
	}
	return all
}

// report writes down the verdict.
func (v *verification) report(out *record.Verdict) {
	out.Outcome = record.Unsigned
	for _, s := range v.all {
		r := v.reportSignature(s)
		out.Signatures = append(out.Signatures, r)
		if out.Outcome == record.Unsigned && !s.stamp || r.Outcome == record.Failed || r.Outcome == record.Indeterminate && out.Outcome == record.Passed {
			out.Outcome = r.Outcome
		}
	}
	if v.tooMuch {
		v.warnf("more revocation data than is looked at: the rest was left out")
	}
	out.Warnings, out.Content = v.warnings, v.content
}

func (v *verification) reportSignature(s *signature) record.SignatureVerdict {
	r := record.SignatureVerdict{Field: s.name, Kind: "signature", Outcome: record.Passed, Integrity: "broken",
		Coverage: s.coverage, ChangesAfter: s.changes, Changed: s.changed}
	if s.stamp {
		r.Kind = "timestamp"
	}
	if s.coverage != record.CoverUnclear {
		r.SignedBytes = v.doc.revisions[s.revision].End
	}
	if s.intact {
		r.Integrity = "intact"
	}
	if f := s.finding(); f != nil {
		r.Outcome, r.SubIndication, r.Reason = f.outcome, f.sub, f.why
	}
	v.reportSigner(s, &r)
	v.reportTime(s, &r)
	r.AtSigning = standing(s, r.Time)
	r.Level, r.Legacy = v.level(s), s.legacy
	if s.path != nil {
		for _, c := range s.path.chain {
			r.Chain = append(r.Chain, c.Subject.String())
		}
		r.Revocation = reportUses(s.path.uses)
	}
	if s.stampProblem != nil {
		r.Warnings = append(r.Warnings, "time-stamp: "+string(s.stampProblem.sub)+": "+s.stampProblem.why)
	}
	return r
}

func (v *verification) reportSigner(s *signature, r *record.SignatureVerdict) {
	if s.cert == nil {
		return
	}
	r.Signer, r.Issuer = s.cert.Subject.CommonName, s.cert.Issuer.CommonName
	if len(s.cert.Subject.Organization) > 0 {
		r.Organization = s.cert.Subject.Organization[0]
	}
	from, to := s.cert.NotBefore.UTC(), s.cert.NotAfter.UTC()
	r.NotBefore, r.NotAfter = &from, &to
	r.Algorithm = algorithmName(s.cert.PublicKey)
	if s.signer != nil {
		r.Digest = s.signer.DigestAlgorithm.String()
	}
}

func (v *verification) reportTime(s *signature, r *record.SignatureVerdict) {
	r.TimeSource = "claimed"
	switch {
	case s.stamp && s.token != nil:
		r.Time = s.token.Time.UTC()
		if s.finding() == nil {
			r.TimeSource = "timestamp"
		}
	case s.best.source != "":
		r.Time, r.TimeSource = s.best.time.UTC(), s.best.source
	default:
		r.Time = claimed(v.doc.at(s.revision), s)
	}
}

// standing says how the signer's certificate stood when the signature was made.
func standing(s *signature, t time.Time) record.Standing {
	switch {
	case s.cert == nil:
		return ""
	case t.IsZero():
		return record.StandingUnknown
	case t.Before(s.cert.NotBefore) || t.After(s.cert.NotAfter):
		return record.StandingOutside
	case s.path == nil || s.path.problem == nil && s.trustProblem != nil:
		return record.StandingInDate
	case s.path.problem == nil:
		return record.StandingValid
	}
	switch s.path.problem.sub {
	case record.RevokedNoPOE, record.Revoked:
		return record.StandingRevoked
	}
	return record.StandingInDate
}

// claimed is the time that the signer states, zero if none.
func claimed(g *pdf.File, s *signature) time.Time {
	return parseDate(string(g.String(s.dict["M"])))
}

func reportUses(uses []use) []record.Revocation {
	var all []record.Revocation
	for _, u := range uses {
		r := record.Revocation{Certificate: u.cert.Subject.String(), Kind: u.by.kind, From: u.by.from, Status: "good", ThisUpdate: u.answer.thisUpdate.UTC()}
		if u.answer.revoked {
			r.Status = "revoked"
		}
		if !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// level is the baseline level that was verified (EN 319 142-1), "" below B-B.
func (v *verification) level(s *signature) record.Level {
	if s.stamp || s.problem != nil || s.filter != cades || !s.intact || !s.signer.HasESS() {
		return ""
	}
	switch {
	case s.best.source == "":
		return record.BB
	case s.path == nil || s.path.problem != nil || s.best.path == nil || !inFile(s.path.uses) || !inFile(s.best.path.uses):
		return record.BT
	case !v.archived(s):
		return record.BLT
	}
	return record.BLTA
}

func inFile(uses []use) bool {
	for _, u := range uses {
		if u.by.from == online {
			return false
		}
	}
	return true
}

// archived reports whether a valid document time-stamp covers the signature and
// every piece of evidence that it relies on.
func (v *verification) archived(s *signature) bool {
	for _, p := range v.proofs {
		all := p.covers(s.extent.start, s.extent.end)
		for _, u := range s.path.uses {
			all = all && p.covers(u.by.start, u.by.end)
		}
		if all {
			return true
		}
	}
	return false
}
