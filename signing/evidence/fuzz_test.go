package evidence_test

import (
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/signing/evidence"
)

// Answers on revocation are strangers' bytes: whatever they are, the reader ends,
// and believes none that the authority did not sign.
func FuzzStatus(f *testing.F) {
	p, err := devpki.New(devpki.Options{Keys: devpki.ECDSAP256, Signer: devpki.ECDSAP256})
	if err != nil {
		f.Fatal(err)
	}
	good, err := ocsp.CreateResponse(p.CA.Certificate, p.CA.Certificate, ocsp.Response{
		Status: ocsp.Good, SerialNumber: p.Signer.Certificate.SerialNumber, ThisUpdate: time.Now(), NextUpdate: time.Now().Add(time.Hour)}, p.CA.Key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good[:len(good)/2])
	f.Add([]byte{0x30, 0x03, 0x0a, 0x01, 0x06})
	f.Add([]byte{0x30, 0x80, 0x00, 0x00})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := evidence.CheckOCSP(b, p.Signer.Certificate, p.CA.Certificate, time.Now()); err == nil {
			t.Error("an OCSP answer that nobody gave is believed")
		}
		if _, err := evidence.CheckCRL(b, p.Signer.Certificate, p.CA.Certificate, time.Now()); err == nil {
			t.Error("a CRL that nobody gave is believed")
		}
	})
}
