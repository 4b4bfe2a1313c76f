package verify_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"crypto"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/verify"
)

// served starts the services of a new development PKI and signs a paper at level
// B-T with them.
func served(t *testing.T) (*devpki.PKI, *paper, *[]string) {
	t.Helper()
	var asked []string
	var services http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		services.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	pki := must(devpki.New(devpki.Options{URL: server.URL, Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256}))
	services = pki.Handler()
	client := &timestamp.Client{URLs: []string{server.URL + "/tsa"}}
	signer := &authority{pki.Signer.Certificate, pki.Signer.Key}
	now := time.Now().UTC().Format("D:20060102150405Z")
	p := newPaper().sign(signing{claimed: now, cms: by(signer, func(s *cmstest.Spec) {
		s.Stamp = func(signature []byte) []byte {
			return must(client.Token(context.Background(), sumOf(signature, crypto.SHA256), crypto.SHA256))
		}
	})})
	asked = nil
	return pki, p, &asked
}

func TestOnline(t *testing.T) {
	for _, test := range []struct {
		name    string
		lie     devpki.Lie
		revoke  bool
		private bool
		offline bool
		want    record.Outcome
		sub     record.SubIndication
	}{
		{"everybody answers", devpki.None, false, true, false, record.Passed, ""},
		{"offline", devpki.None, false, true, true, record.Indeterminate, record.NoChain}, // the issuer has to be fetched too
		{"private addresses are not asked", devpki.None, false, false, false, record.Indeterminate, record.NoChain},
		{"revoked", devpki.None, true, true, false, record.Indeterminate, record.RevokedNoPOE},
		{"the responder speaks of another: the list is asked", devpki.OCSPOtherCertificate, false, true, false, record.Passed, ""},
		{"the responder's signature is broken: the list is asked", devpki.OCSPBrokenSeal, false, true, false, record.Passed, ""},
		{"lists of another authority", devpki.CRLForeign, false, true, false, record.Indeterminate, record.ChainGeneralFailure},
		{"lists older than the certificates", devpki.CRLStale, false, true, false, record.Indeterminate, record.ChainGeneralFailure},
		{"lists of fifty megabytes", devpki.CRLHuge, false, true, false, record.Indeterminate, record.ChainGeneralFailure},
	} {
		t.Run(test.name, func(t *testing.T) {
			pki, p, asked := served(t)
			pki.Lie = test.lie
			if test.revoke {
				pki.Revoke(pki.Signer.Certificate, time.Now().Add(-time.Hour))
			}
			policy := verify.Policy{Roots: pki.Roots(), Online: &verify.Fetcher{Private: test.private}}
			if test.offline {
				policy.Online = nil
			}
			v := p.verify(t, policy)
			if s := v.Signatures[0]; s.Outcome != test.want || s.SubIndication != test.sub {
				t.Errorf("said %s %q\nwant %s %s", said(v), v.Warnings, test.want, test.sub)
			}
			if (test.offline || !test.private) && len(*asked) > 0 {
				t.Errorf("asked %v; want nobody", *asked)
			}
		})
	}
}

// A certificate may name what it likes: few are asked, and few times.
func TestRequestsAreLimited(t *testing.T) {
	pki, p, asked := served(t)
	v := p.verify(t, verify.Policy{Roots: pki.Roots(), Online: &verify.Fetcher{Private: true, Requests: 2}})
	if len(*asked) > 2 || v.Outcome != record.Indeterminate {
		t.Errorf("asked %v, said %s", *asked, said(v))
	}
	if !slices.ContainsFunc(v.Warnings, func(s string) bool { return strings.Contains(s, "too many requests") }) {
		t.Errorf("warnings %q; want one about too many requests", v.Warnings)
	}
}
