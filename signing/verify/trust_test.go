package verify_test

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
)

var noCheckExtension = extension(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, false, []byte{5, 0})

func TestRevocation(t *testing.T) {
	w := newWorld()
	soon := noon.Add(time.Minute)
	responder := issue("OCSP thử nghiệm", w.ca, ecKey(), usage(x509.ExtKeyUsageOCSPSigning), noCheckExtension)
	watched := issue("OCSP được kiểm tra", w.ca, ecKey(), usage(x509.ExtKeyUsageOCSPSigning))
	helpless := issue("Không phải OCSP", w.ca, ecKey())
	stranger := issue("CA thử nghiệm", nil, ecKey(), isCA)
	strangersResponder := issue("OCSP lạ", stranger, ecKey(), usage(x509.ExtKeyUsageOCSPSigning), noCheckExtension)
	roots := [][]byte{w.root.crl(soon, year, nil), w.tsaRoot.crl(soon, year, nil)}
	never := time.Time{}
	good := func(by *authority) [][]byte { return [][]byte{answer(w.clerk, w.ca, by, soon, 24*time.Hour, never)} }
	base := w.clerkSigns(newPaper())
	with := func(ocsps [][]byte, crls ...[]byte) *paper {
		return base.clone().store([]*authority{w.ca}, ocsps, append(crls, roots...))
	}
	for _, test := range []struct {
		name  string
		paper *paper
		at    time.Time
		want  record.Outcome
		sub   record.SubIndication
	}{
		{"answer of the CA", with(good(w.ca)), later, record.Passed, ""},
		{"answer of a responder with nocheck", with(good(responder)), later, record.Passed, ""},
		{"answer of a responder on the CA's list", with(good(watched), w.ca.crl(soon, 24*time.Hour, nil)), later, record.Passed, ""},
		{"list of the CA", with(nil, w.ca.crl(soon, 24*time.Hour, nil)), later, record.Passed, ""},
		{"answer of a responder nobody vouches for", with(good(watched)), later, record.Indeterminate, record.ChainGeneralFailure},
		{"answer of a responder that was revoked", with(good(watched), w.ca.crl(soon, 24*time.Hour, map[*authority]time.Time{watched: noon})), later, record.Passed, ""}, // the list itself speaks of the signer
		{"answer of a certificate that is no responder", with(good(helpless)), later, record.Indeterminate, record.ChainGeneralFailure},
		{"the signer's own answer", with(good(w.clerk)), later, record.Indeterminate, record.ChainGeneralFailure},
		{"answer made by a stranger", with([][]byte{answer(w.clerk, stranger, strangersResponder, soon, time.Hour, never)}), later, record.Indeterminate, record.ChainGeneralFailure},
		{"answer in the CA's name by a stranger", with([][]byte{answer(w.clerk, w.ca, strangersResponder, soon, time.Hour, never)}), later, record.Indeterminate, record.ChainGeneralFailure},
		{"list made by a stranger", with(nil, stranger.crl(soon, time.Hour, nil)), later, record.Indeterminate, record.ChainGeneralFailure},
		{"answer about another certificate", with([][]byte{answer(helpless, w.ca, w.ca, soon, time.Hour, never)}), later, record.Indeterminate, record.ChainGeneralFailure},
		{"nothing", with(nil), later, record.Indeterminate, record.ChainGeneralFailure},
		{"garbage", with([][]byte{{1, 2, 3}}, []byte("x")), later, record.Indeterminate, record.ChainGeneralFailure},
		{"answer too old", with([][]byte{answer(w.clerk, w.ca, w.ca, noon.Add(-48*time.Hour), time.Hour, never)}), later, record.Indeterminate, record.TryLater},
		{"answer older than the certificate", with([][]byte{answer(w.clerk, w.ca, w.ca, start.Add(-time.Hour), 2*year, never)}), later, record.Indeterminate, record.ChainGeneralFailure},
		{"revoked before signing, by answer", with([][]byte{answer(w.clerk, w.ca, w.ca, soon, time.Hour, noon.Add(-time.Hour))}), later, record.Indeterminate, record.RevokedNoPOE},
		{"revoked before signing, by list", with(nil, w.ca.crl(soon, time.Hour, map[*authority]time.Time{w.clerk: noon.Add(-time.Hour)})), later, record.Indeterminate, record.RevokedNoPOE},
		{"revoked, and a good answer beside it", with(good(w.ca), w.ca.crl(soon, time.Hour, map[*authority]time.Time{w.clerk: noon.Add(-time.Hour)})), later, record.Indeterminate, record.RevokedNoPOE},
		{"revoked after the time-stamp", with([][]byte{answer(w.clerk, w.ca, w.ca, soon, time.Hour, noon.Add(time.Second))}), later, record.Passed, ""},
		{"CA revoked", base.clone().store([]*authority{w.ca}, good(w.ca), [][]byte{w.root.crl(soon, year, map[*authority]time.Time{w.ca: noon.Add(-time.Hour)}), roots[1]}), later, record.Indeterminate, record.RevokedCANoPOE},
		{"no list for the CA", base.clone().store([]*authority{w.ca}, good(w.ca), roots[1:]), later, record.Indeterminate, record.ChainGeneralFailure},
		{"TSA revoked: its time is not believed", base.clone().store([]*authority{w.ca}, good(w.ca), [][]byte{roots[0], w.tsaRoot.crl(soon, year, map[*authority]time.Time{w.tsa: noon.Add(-time.Hour)})}), later, record.Passed, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.paper.verify(t, w.policy(test.at))
			if s := v.Signatures[0]; s.Outcome != test.want || s.SubIndication != test.sub || s.Integrity != "intact" {
				t.Errorf("said %s\nwant %s %s", said(v), test.want, test.sub)
			}
		})
	}
}

func TestTimestampsAreNotBelievedBlindly(t *testing.T) {
	w := newWorld(validFor(start, 30*24*time.Hour)) // expired since the end of January
	signedAt := start.Add(24 * time.Hour)
	rogue := issue("TSA thử nghiệm", nil, ecKey(), timeStamping)
	noUsage := issue("TSA không mục đích", w.tsaRoot, ecKey())
	mixed := issue("TSA nhiều mục đích", w.tsaRoot, ecKey(), usage(x509.ExtKeyUsageTimeStamping, x509.ExtKeyUsageClientAuth))
	uncritical := issue("TSA không then chốt", w.tsaRoot, ecKey(), usage(x509.ExtKeyUsageTimeStamping))
	young := issue("TSA mới", w.tsaRoot, ecKey(), timeStamping, validFor(noon.Add(-time.Hour), year))
	old := w.evidence(newPaper(), signedAt) // evidence of the time when the certificate was valid
	with := func(tsa *authority, at time.Time, s stamp) *paper {
		return old.clone().sign(signing{claimed: "D:20260102", cms: by(w.clerk, w.chain, stamped(tsa, at, s))})
	}
	crl := func(p *paper) *paper {
		return p.store([]*authority{w.ca}, [][]byte{answer(w.clerk, w.ca, w.ca, signedAt.Add(time.Minute), time.Hour, time.Time{})},
			[][]byte{w.root.crl(signedAt, year, nil), w.tsaRoot.crl(signedAt, year, nil)})
	}
	for _, test := range []struct {
		name   string
		paper  *paper
		want   record.Outcome
		sub    record.SubIndication
		source string
	}{
		{"genuine time-stamp of that time", crl(with(w.tsa, signedAt, stamp{})), record.Passed, "", "timestamp"},
		{"genuine, and another time is stated", crl(old.clone().sign(signing{cms: by(w.clerk, w.chain, stamped(w.tsa, signedAt, stamp{}))})), record.Indeterminate, record.SigConstraintsFailure, "timestamp"},
		{"no time-stamp", crl(old.clone().sign(signing{cms: by(w.clerk, w.chain)})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"self-made and backdated", crl(with(rogue, signedAt, stamp{})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"self-made, a genuine TSA's certificate first in the bag", crl(with(rogue, signedAt, stamp{bag: []*x509.Certificate{w.tsa.cert, rogue.cert}})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"self-made in a genuine TSA's name", crl(with(rogue, signedAt, stamp{named: w.tsa.cert})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"of the signer himself", crl(with(w.clerk, signedAt, stamp{})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"certificate without the usage", crl(with(noUsage, signedAt, stamp{})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"usage among others", crl(with(mixed, signedAt, stamp{})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"usage not critical", crl(with(uncritical, signedAt, stamp{})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"over something else", crl(with(w.tsa, signedAt, stamp{over: sumOf([]byte("khac"), crypto.SHA256)})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"SHA-1 imprint", crl(with(w.tsa, signedAt, stamp{hash: crypto.SHA1})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"before its TSA's certificate", crl(with(young, signedAt, stamp{})), record.Indeterminate, record.OutOfBoundsNoPOE, "claimed"},
		{"after the signer's certificate", crl(with(w.tsa, noon, stamp{})), record.Indeterminate, record.OutOfBoundsNoPOE, "timestamp"},
		{"before the signer's certificate", crl(with(issue("TSA xưa", w.tsaRoot, ecKey(), timeStamping, validFor(start.Add(-year), 3*year)), start.Add(-time.Hour), stamp{})), record.Failed, record.NotYetValid, "timestamp"},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.paper.verify(t, w.policy(later))
			if s := v.Signatures[0]; s.Outcome != test.want || s.SubIndication != test.sub || s.TimeSource != test.source || s.Integrity != "intact" {
				t.Errorf("said %s\nwant %s %s by %s", said(v), test.want, test.sub, test.source)
			}
		})
	}
}

func TestDocumentTimestamps(t *testing.T) {
	w := newWorld()
	rogue := issue("TSA thử nghiệm", nil, ecKey(), timeStamping)
	base := w.evidence(w.clerkSigns(newPaper()), noon.Add(time.Minute))
	for _, test := range []struct {
		name        string
		paper       *paper
		file, first record.Outcome
		level       record.Level
		sub         record.SubIndication // of the last
	}{
		{"genuine", base.clone().stampDocument(w.tsa, noon.Add(2*time.Minute), stamp{}), record.Passed, record.Passed, record.BLTA, ""},
		{"self-made", base.clone().stampDocument(rogue, noon.Add(2*time.Minute), stamp{}), record.Indeterminate, record.Passed, record.BLT, record.NoChain},
		{"over something else", base.clone().stampDocument(w.tsa, noon.Add(2*time.Minute), stamp{over: make([]byte, 32)}), record.Failed, record.Passed, record.BLT, record.HashFailure},
		{"of tomorrow", base.clone().stampDocument(w.tsa, noon.Add(24*time.Hour), stamp{}), record.Indeterminate, record.Passed, record.BLT, record.TimestampOrderFailure},
		{"of the signer", base.clone().stampDocument(w.clerk, noon.Add(2*time.Minute), stamp{}), record.Indeterminate, record.Passed, record.BLT, record.ChainConstraintsFailure},
		{"two, the older one later", base.clone().stampDocument(w.tsa, noon.Add(9*time.Minute), stamp{}).stampDocument(w.tsa, noon.Add(2*time.Minute), stamp{}), record.Indeterminate, record.Passed, record.BLTA, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.paper.verify(t, w.policy(later))
			s, last := v.Signatures[0], v.Signatures[len(v.Signatures)-1]
			if v.Outcome != test.file || s.Outcome != test.first || s.Level != test.level || last.SubIndication != test.sub {
				t.Errorf("said %s\nwant %s, first %s at %s, last %s", said(v), test.file, test.first, test.level, test.sub)
			}
		})
	}
	v := newPaper().stampDocument(w.tsa, noon, stamp{}).verify(t, w.policy(later))
	if v.Outcome == record.Passed || v.Signatures[0].Kind != "timestamp" {
		t.Errorf("a time-stamp alone: said %s", said(v))
	}
}

func TestAnchors(t *testing.T) {
	w := newWorld()
	p := w.archived()
	for _, test := range []struct {
		name   string
		policy verify.Policy
		want   record.Outcome
		sub    record.SubIndication
	}{
		{"none", verify.Policy{At: later}, record.Indeterminate, record.NoChain},
		{"another root", verify.Policy{At: later, Roots: newWorld().anchors()}, record.Indeterminate, record.NoChain},
		{"both", w.policy(later), record.Passed, ""},
		{"each for its service", verify.Policy{At: later, Anchors: []trust.Anchor{{Certificate: w.root.cert, Service: trust.Signing}, {Certificate: w.tsaRoot.cert, Service: trust.Timestamp}}}, record.Passed, ""},
		{"signers' root for time-stamps only", verify.Policy{At: later, Anchors: []trust.Anchor{{Certificate: w.root.cert, Service: trust.Timestamp}, {Certificate: w.tsaRoot.cert, Service: trust.Timestamp}}}, record.Indeterminate, record.NoChain},
		{"withdrawn before the signature", verify.Policy{At: later, Anchors: []trust.Anchor{{Certificate: w.root.cert, Until: noon.Add(-time.Hour)}, {Certificate: w.tsaRoot.cert}}}, record.Indeterminate, record.NoChain},
		{"withdrawn after the signature", verify.Policy{At: later, Anchors: []trust.Anchor{{Certificate: w.root.cert, Until: noon.Add(30 * time.Minute)}, {Certificate: w.tsaRoot.cert}}}, record.Passed, ""},
		{"granted after the signature", verify.Policy{At: later, Anchors: []trust.Anchor{{Certificate: w.root.cert, From: noon.Add(time.Minute)}, {Certificate: w.tsaRoot.cert}}}, record.Indeterminate, record.NoChain},
		{"the issuing CA itself", verify.Policy{At: later, Roots: []*x509.Certificate{w.ca.cert, w.tsaRoot.cert}}, record.Passed, ""},
		{"the signer's certificate itself", verify.Policy{At: later, Roots: []*x509.Certificate{w.clerk.cert, w.tsaRoot.cert}}, record.Passed, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := p.verify(t, test.policy)
			if s := v.Signatures[0]; s.Outcome != test.want || s.SubIndication != test.sub {
				t.Errorf("said %s\nwant %s %s", said(v), test.want, test.sub)
			}
		})
	}
}

func TestCertificateOfTheSigner(t *testing.T) {
	for _, test := range []struct {
		name   string
		signer []option
		want   record.Outcome
		sub    record.SubIndication
	}{
		{"for signatures", nil, record.Passed, ""},
		{"for encryption only", []option{func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }}, record.Indeterminate, record.ChainConstraintsFailure},
		{"with a critical extension that nobody knows", []option{extension(asn1.ObjectIdentifier{1, 2, 3}, true, []byte{5, 0})}, record.Indeterminate, record.NoChain},
		{"expired", []option{validFor(start, 24*time.Hour)}, record.Indeterminate, record.OutOfBoundsNoPOE},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(test.signer...)
			v := w.evidence(newPaper().sign(signing{cms: by(w.clerk, w.chain)}), noon).verify(t, w.policy(later))
			if s := v.Signatures[0]; s.Outcome != test.want || s.SubIndication != test.sub {
				t.Errorf("said %s\nwant %s %s", said(v), test.want, test.sub)
			}
		})
	}
	w := newWorld()
	w.clerk = issue("Khoá yếu", w.ca, rsaKey(1024))
	v := w.evidence(newPaper().sign(signing{cms: by(w.clerk, w.chain)}), noon).verify(t, w.policy(later))
	if s := v.Signatures[0]; s.Outcome != record.Indeterminate || !strings.HasPrefix(string(s.SubIndication), "CRYPTO_CONSTRAINTS") {
		t.Errorf("RSA of 1024 bits: said %s", said(v))
	}
}

// A signature over the years: issued, revoked, expired, renewed.
func TestOverTheYears(t *testing.T) {
	w := newWorld()
	bt, blt, blta := w.clerkSigns(newPaper()), w.evidence(w.clerkSigns(newPaper()), noon.Add(time.Minute)), w.archived()
	renewal := noon.Add(2 * year)
	newTSA := issue("TSA mới", w.tsaRoot, ecKey(), timeStamping, validFor(noon.Add(year), 8*year))
	renewed := blta.clone().store(nil, nil, [][]byte{w.tsaRoot.crl(renewal.Add(-time.Hour), 10*year, nil)}).stampDocument(newTSA, renewal, stamp{})
	for _, test := range []struct {
		name  string
		paper *paper
		at    time.Time
		want  record.Outcome
		sub   record.SubIndication
	}{
		{"B-T at once", bt, later, record.Indeterminate, record.ChainGeneralFailure},
		{"B-LT at once", blt, later, record.Passed, ""},
		{"B-LT, its evidence stale", blt, noon.Add(60 * 24 * time.Hour), record.Indeterminate, record.TryLater},
		{"B-LTA at once", blta, later, record.Passed, ""},
		{"renewed, after two years", renewed, renewal.Add(time.Hour), record.Passed, ""},
		{"renewed, the signer's certificate expired", renewed, start.Add(4 * year), record.Passed, ""},
		{"renewed, the first TSA expired", renewed, start.Add(6 * year), record.Passed, ""},
		{"not renewed, everything expired", blta, start.Add(6 * year), record.Indeterminate, record.OutOfBoundsNoPOE},
		{"renewed, the second TSA expired", renewed, start.Add(10 * year), record.Indeterminate, record.OutOfBoundsNoPOE},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.paper.verify(t, w.policy(test.at))
			if s := v.Signatures[0]; s.Outcome != test.want || s.SubIndication != test.sub {
				t.Errorf("said %s\nwant %s %s", said(v), test.want, test.sub)
			}
		})
	}
}
