package verify_test

import (
	"crypto"
	"crypto/x509"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
	"github.com/sohoa/sohoa/signing/verify"
)

func TestLegacyForgivesNothingSilently(t *testing.T) {
	w := newWorld()
	sha1 := func(s *cmstest.Spec) { s.Hash = crypto.SHA1 }
	old := newPaper().sign(signing{cms: by(w.clerk, w.chain, sha1, stamped(w.tsa, noon, stamp{hash: crypto.SHA1}))})
	crook := issue("Nguyễn Thị Thử", nil, ecKey())
	for _, test := range []struct {
		name     string
		paper    *paper
		policy   string
		forgiven int
	}{
		{"strict", old, verify.Strict, 0},
		{"SHA-1, no revocation data", old, verify.LegacyVN, 4},
		{"no revocation data", w.clerkSigns(newPaper()), verify.LegacyVN, 3},
		{"a page replaced", old.clone().set(content1, nil), verify.LegacyVN, 0},
		{"nobody's certificate", newPaper().sign(signing{cms: by(crook, sha1)}), verify.LegacyVN, 0},
		{"revoked", w.clerkSigns(newPaper()).store([]*authority{w.ca}, nil, [][]byte{w.ca.crl(noon, time.Hour, map[*authority]time.Time{w.clerk: start})}), verify.LegacyVN, 0},
		{"no use for signatures", newPaper().sign(signing{cms: by(issue("x", w.ca, ecKey(), func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }), func(s *cmstest.Spec) { s.Bag = []*x509.Certificate{s.Cert, w.ca.cert} })}), verify.LegacyVN, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			policy := w.policy(later)
			policy.Name = test.policy
			v := test.paper.verify(t, policy)
			if s := v.Signatures[0]; v.Outcome == record.Passed || len(s.Legacy) != test.forgiven || v.Policy != test.policy {
				t.Errorf("said %s, forgave %q; want %d", said(v), s.Legacy, test.forgiven)
			}
		})
	}
}
