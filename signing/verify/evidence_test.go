package verify_test

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
	"github.com/sohoa/sohoa/signing/verify"
)

// listWith is a CRL of the authority with one more extension.
func (a *authority) listWith(at time.Time, e pkix.Extension, entry ...x509.RevocationListEntry) []byte {
	return must(x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: at, NextUpdate: at.Add(24 * time.Hour),
		ExtraExtensions: []pkix.Extension{e}, RevokedCertificateEntries: entry}, a.cert, a.key))
}

// Evidence that looks right and is not about this, or not by whom it should be.
func TestEvidenceIsReadClosely(t *testing.T) {
	w := newWorld(noCheckExtension)
	soon := noon.Add(time.Minute)
	helpless := issue("Không phải OCSP", w.ca, ecKey(), noCheckExtension)
	namesake := issue("CA thử nghiệm", w.root, ecKey(), isCA)
	point := func(b ...byte) pkix.Extension {
		return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 28}, Critical: true, Value: append([]byte{0x30, byte(len(b))}, b...)}
	}
	base := w.clerkSigns(newPaper())
	for _, test := range []struct {
		name       string
		ocsp, list []byte
		want       record.Outcome
	}{
		{"no responder, though the CA does not check it", answer(w.clerk, w.ca, helpless, soon, time.Hour, time.Time{}), nil, record.Indeterminate},
		{"the signer himself, though the CA does not check him", answer(w.clerk, w.ca, w.clerk, soon, time.Hour, time.Time{}), nil, record.Indeterminate},
		{"about a certificate of another CA with the same name", answer(w.clerk, &authority{namesake.cert, w.ca.key}, w.ca, soon, time.Hour, time.Time{}), nil, record.Indeterminate},
		{"a plain list", nil, w.ca.listWith(soon, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: []byte{5, 0}}), record.Passed},
		{"a list with a critical extension that nobody knows", nil, w.ca.listWith(soon, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}}), record.Indeterminate},
		{"a list of changes only", nil, w.ca.listWith(soon, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: []byte{2, 1, 1}}), record.Indeterminate},
		{"a list of end entities", nil, w.ca.listWith(soon, point(0x81, 1, 0xff)), record.Passed},
		{"a list of CAs", nil, w.ca.listWith(soon, point(0x82, 1, 0xff)), record.Indeterminate},
		{"a list of some reasons", nil, w.ca.listWith(soon, point(0x83, 2, 1, 2)), record.Indeterminate},
		{"an indirect list", nil, w.ca.listWith(soon, point(0x84, 1, 0xff)), record.Indeterminate},
		{"a list for another distribution point", nil, w.ca.listWith(soon, point(0xa0, 7, 0xa0, 5, 0x86, 3, 'x', ':', 'y')), record.Indeterminate},
		{"a list with a critical extension of an entry", nil, w.ca.listWith(soon, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: []byte{5, 0}},
			x509.RevocationListEntry{SerialNumber: big.NewInt(1), RevocationTime: noon, ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 29}, Critical: true, Value: []byte{5, 0}}}}), record.Indeterminate},
	} {
		t.Run(test.name, func(t *testing.T) {
			lists := [][]byte{w.root.crl(soon, year, nil), w.tsaRoot.crl(soon, year, nil)}
			var answers [][]byte
			if test.list != nil {
				lists = append(lists, test.list)
			}
			if test.ocsp != nil {
				answers = append(answers, test.ocsp)
			}
			v := base.clone().store([]*authority{w.ca, namesake}, answers, lists).verify(t, w.policy(later))
			if s := v.Signatures[0]; s.Outcome != test.want || test.want != record.Passed && s.SubIndication != record.ChainGeneralFailure {
				t.Errorf("said %s\nwant %s", said(v), test.want)
			}
		})
	}
}

// Evidence is worth what its signer was worth when it is known to have existed.
func TestEvidenceNeedsItsSigner(t *testing.T) {
	w := newWorld()
	soon := noon.Add(time.Minute)
	year2 := noon.Add(year)
	shortLived := issue("OCSP ngắn hạn", w.ca, ecKey(), usage(x509.ExtKeyUsageOCSPSigning), noCheckExtension, validFor(start, 90*24*time.Hour))
	base := w.clerkSigns(newPaper())
	withRoots := func(p *paper, by *authority, roots map[*authority]time.Time, at time.Time) *paper {
		return p.clone().store([]*authority{w.ca}, [][]byte{answer(w.clerk, w.ca, by, soon, 10*year, time.Time{})}, [][]byte{w.root.crl(at, 10*year, roots), w.tsaRoot.crl(soon, 10*year, nil)})
	}
	sealed := func(p *paper) *paper { return p.stampDocument(w.tsa, noon.Add(time.Hour), stamp{}) }
	caLost := map[*authority]time.Time{w.ca: noon.Add(24 * time.Hour)}
	lost := func(p *paper) *paper { return p.store(nil, nil, [][]byte{w.root.crl(year2, year, caLost)}) }
	for _, test := range []struct {
		name  string
		paper *paper
		at    time.Time
		want  record.Outcome
		sub   record.SubIndication
	}{
		{"the CA holds", withRoots(base, w.ca, nil, soon), year2.Add(time.Hour), record.Passed, ""},
		{"the CA was revoked since: its old answer may be forged", lost(withRoots(base, w.ca, nil, soon)), year2.Add(time.Hour), record.Indeterminate, record.RevokedCANoPOE},
		{"the CA was revoked since, but the answer was stamped before", lost(sealed(withRoots(base, w.ca, nil, soon))), year2.Add(time.Hour), record.Passed, ""},
		{"the responder holds", withRoots(base, shortLived, nil, soon), later, record.Passed, ""},
		{"the answer was signed after the responder had expired", base.clone().store([]*authority{w.ca}, [][]byte{answerProduced(w.clerk, w.ca, shortLived, year2, soon, 10*year, time.Time{})},
			[][]byte{w.root.crl(soon, 10*year, nil), w.tsaRoot.crl(soon, 10*year, nil)}), later, record.Indeterminate, record.ChainGeneralFailure},
		{"the responder expired since", withRoots(base, shortLived, nil, soon), year2, record.Indeterminate, record.NoPOE},
		{"the responder expired since, but the answer was stamped before", sealed(withRoots(base, shortLived, nil, soon)), year2, record.Passed, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.paper.verify(t, w.policy(test.at))
			if s := v.Signatures[0]; s.Outcome != test.want || s.SubIndication != test.sub {
				t.Errorf("said %s\nwant %s %s", said(v), test.want, test.sub)
			}
		})
	}
}

// A list made after a certificate expired need not name it any more.
func TestListsForgetExpiredCertificates(t *testing.T) {
	w := newWorld(validFor(start, 90*24*time.Hour))
	after := start.Add(100 * 24 * time.Hour)
	keeps := pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 60}, Value: append([]byte{0x18, 15}, "20200101000000Z"...)}
	for name, test := range map[string]struct {
		list []byte
		want record.Outcome
	}{
		"it forgets":                     {w.ca.crl(after, year, nil), record.Indeterminate},
		"it says that it keeps them":     {w.ca.listWith(after, keeps), record.Passed},
		"it names the revoked one still": {w.ca.crl(after, year, map[*authority]time.Time{w.clerk: noon.Add(-time.Hour)}), record.Indeterminate},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.clerkSigns(newPaper()).store([]*authority{w.ca}, nil, [][]byte{test.list, w.root.crl(noon, year, nil), w.tsaRoot.crl(noon, year, nil)})
			if v := p.verify(t, w.policy(after.Add(time.Hour))); v.Signatures[0].Outcome != test.want {
				t.Errorf("said %s\nwant %s", said(v), test.want)
			}
		})
	}
}

// In the year 2200: evidence dated tomorrow is none.
func TestEvidenceOfTheFuture(t *testing.T) {
	day := time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
	root := issue("Gốc", nil, ecKey(), isCA, validFor(day, 10*year))
	clerk := issue("Người ký", root, ecKey(), validFor(day, year))
	for at, want := range map[time.Time]record.Outcome{day.Add(time.Hour): record.Passed, day.Add(48 * time.Hour): record.Indeterminate} {
		p := newPaper().sign(signing{claimed: "D:22000101", cms: by(clerk)}).store(nil, nil, [][]byte{root.crl(at, year, nil)})
		v := p.verify(t, verify.Policy{Roots: []*x509.Certificate{root.cert}, At: day.Add(2 * time.Hour)})
		if s := v.Signatures[0]; s.Outcome != want || want != record.Passed && s.SubIndication != record.ChainGeneralFailure {
			t.Errorf("evidence of %v: said %s", at, said(v))
		}
	}
}

// What a signature covers existed before it.
func TestOrderOfTimes(t *testing.T) {
	w := newWorld()
	shortLived := issue("Ngắn hạn", w.ca, ecKey(), validFor(start, 30*24*time.Hour))
	subCA := issue("CA của TSA", w.tsaRoot, ecKey(), isCA, usage(x509.ExtKeyUsageClientAuth))
	strayTSA := issue("TSA lạc", subCA, ecKey(), timeStamping)
	young := issue("TSA mới", w.tsaRoot, ecKey(), timeStamping, validFor(noon.Add(-time.Hour), year))
	first := w.evidence(newPaper(), noon.Add(-time.Hour)).stampDocument(w.tsa, noon, stamp{})
	lists := func(p *paper) *paper {
		return p.store([]*authority{w.ca, subCA}, nil, [][]byte{w.ca.crl(start.Add(24*time.Hour), year, nil), w.root.crl(noon, year, nil), w.tsaRoot.crl(noon, year, nil), subCA.crl(noon, year, nil)})
	}
	signedBy := func(p *paper, a *authority, tsa *authority, at time.Time) *paper {
		return lists(p.clone().sign(signing{claimed: "D:20260115", cms: by(a, func(s *cmstest.Spec) { s.Bag = []*x509.Certificate{a.cert, w.ca.cert} }, stamped(tsa, at, stamp{bag: []*x509.Certificate{tsa.cert, subCA.cert}}))}))
	}
	for _, test := range []struct {
		name   string
		paper  *paper
		want   record.Outcome
		sub    record.SubIndication
		source string
	}{
		{"stamped after the time-stamp that it covers", signedBy(first, w.clerk, w.tsa, noon.Add(time.Minute)), record.Passed, "", "timestamp"},
		{"stamped before the time-stamp that it covers", signedBy(first, w.clerk, w.tsa, noon.Add(-time.Hour)), record.Indeterminate, record.TimestampOrderFailure, "timestamp"},
		{"made after the certificate had expired", signedBy(first, shortLived, w.tsa, noon.Add(time.Minute)), record.Failed, record.Expired, "timestamp"},
		{"stamped before the TSA's certificate", signedBy(newPaper(), w.clerk, young, noon.Add(-48*time.Hour)), record.Passed, "", "claimed"},
		{"stamped by a TSA whose CA is for something else", signedBy(newPaper(), w.clerk, strayTSA, noon), record.Passed, "", "claimed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.paper.verify(t, w.policy(later))
			i := len(v.Signatures) - 1
			if s := v.Signatures[i]; s.Outcome != test.want || s.SubIndication != test.sub || s.TimeSource != test.source {
				t.Errorf("said %s\nwant %s %s by %s", said(v), test.want, test.sub, test.source)
			}
		})
	}
}
