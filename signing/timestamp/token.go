package timestamp

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/sohoa/sohoa/signing/cms"
)

// What can be wrong with a token. Errors of package cms come through as well.
var (
	ErrToken   = errors.New("not a time-stamp token")                     // FORMAT_FAILURE
	ErrImprint = errors.New("the token stamps something else")            // HASH_FAILURE
	ErrUsage   = errors.New("the certificate is not one for time-stamps") // CHAIN_CONSTRAINTS_FAILURE
)

// Info is what a token says.
type Info struct {
	Time         time.Time
	Accuracy     time.Duration // 0: not stated
	Policy       asn1.ObjectIdentifier
	Serial       *big.Int
	Nonce        *big.Int // nil: none
	Hash         crypto.Hash
	Imprint      []byte
	Certificate  *x509.Certificate   // of the authority that signed it
	Certificates []*x509.Certificate // all that the token carries
	CMS          *cms.SignedData
}

// Read returns what a token says after its signature was verified with the one
// certificate that it names, among its own and extra. Whether it stamps what it
// should, whether the certificate is of a TSA and whether to trust it is not
// decided here.
func Read(token []byte, extra ...*x509.Certificate) (Info, error) {
	sd, err := cms.Parse(token)
	if err != nil {
		return Info{}, err
	}
	if !sd.ContentType.Equal(cms.TSTInfo) || sd.Content == nil || len(sd.Signers) != 1 {
		return Info{}, fmt.Errorf("content type %v, %d signers: %w", sd.ContentType, len(sd.Signers), ErrToken)
	}
	info, err := parseTSTInfo(sd.Content)
	if err != nil {
		return Info{}, err
	}
	info.CMS, info.Certificates = sd, sd.Certificates
	signer := &sd.Signers[0]
	if !signer.HasESS() {
		return info, fmt.Errorf("no signing-certificate attribute: %w", ErrToken)
	}
	if !signer.DigestAlgorithm.Available() {
		return info, fmt.Errorf("digest algorithm of the token: %w", cms.ErrUnsupported)
	}
	h := signer.DigestAlgorithm.New()
	h.Write(sd.Content)
	info.Certificate, err = sd.Check(signer, h.Sum(nil), extra...)
	return info, err
}

// Check is Read, and looks whether the token stamps imprint, made with h, and is
// signed by a certificate for time-stamps.
func Check(token []byte, h crypto.Hash, imprint []byte, extra ...*x509.Certificate) (Info, error) {
	info, err := Read(token, extra...)
	if err != nil {
		return info, err
	}
	if info.Hash != h || !bytes.Equal(info.Imprint, imprint) {
		return info, fmt.Errorf("%v %x, want %v %x: %w", info.Hash, info.Imprint, h, imprint, ErrImprint)
	}
	return info, Usage(info.Certificate)
}

var oidExtKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}

// Usage looks whether c may sign time-stamps: timeStamping is its only extended
// key usage, in a critical extension (RFC 3161, 2.3), and its key usage, if it has
// one, allows signatures. The error wraps [ErrUsage].
func Usage(c *x509.Certificate) error {
	if len(c.ExtKeyUsage) != 1 || c.ExtKeyUsage[0] != x509.ExtKeyUsageTimeStamping || len(c.UnknownExtKeyUsage) > 0 {
		return fmt.Errorf("extended key usage of %s is not timeStamping alone: %w", c.Subject.CommonName, ErrUsage)
	}
	if c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return fmt.Errorf("key usage of %s does not allow signatures: %w", c.Subject.CommonName, ErrUsage)
	}
	for _, e := range c.Extensions {
		if e.Id.Equal(oidExtKeyUsage) && e.Critical {
			return nil
		}
	}
	return fmt.Errorf("extended key usage of %s is not critical: %w", c.Subject.CommonName, ErrUsage)
}

// Chains returns the ways from the certificate to roots at the time of the token.
func (i Info) Chains(roots []*x509.Certificate) ([][]*x509.Certificate, error) {
	anchors, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range roots {
		anchors.AddCert(c)
	}
	for _, c := range i.Certificates {
		between.AddCert(c)
	}
	return i.Certificate.Verify(x509.VerifyOptions{
		Roots: anchors, Intermediates: between, CurrentTime: i.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
}

// parseTSTInfo reads the TSTInfo of RFC 3161, 2.4.2.
func parseTSTInfo(b []byte) (Info, error) {
	var i Info
	input := cryptobyte.String(b)
	var body, imprint, algorithm, digest cryptobyte.String
	var version int
	var hash asn1.ObjectIdentifier
	i.Serial = new(big.Int)
	if !input.ReadASN1(&body, der.SEQUENCE) || !input.Empty() || !body.ReadASN1Integer(&version) || version != 1 ||
		!body.ReadASN1ObjectIdentifier(&i.Policy) || !body.ReadASN1(&imprint, der.SEQUENCE) ||
		!imprint.ReadASN1(&algorithm, der.SEQUENCE) || !algorithm.ReadASN1ObjectIdentifier(&hash) ||
		!imprint.ReadASN1(&digest, der.OCTET_STRING) || !body.ReadASN1Integer(i.Serial) {
		return i, fmt.Errorf("TSTInfo: %w", ErrToken)
	}
	i.Hash, i.Imprint = cms.HashOf(hash), bytes.Clone(digest)
	var when cryptobyte.String
	if !body.ReadASN1(&when, der.GeneralizedTime) {
		return i, fmt.Errorf("TSTInfo without time: %w", ErrToken)
	}
	var err error
	if i.Time, err = parseTime(string(when)); err != nil {
		return i, err
	}
	return i, parseRest(&i, body)
}

// parseTime reads a GeneralizedTime, with a fraction of a second or without.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse("20060102150405Z", s) // takes a fraction too
	if err != nil {
		return t, fmt.Errorf("time of the token %.30q: %w", s, ErrToken)
	}
	return t, nil
}

// parseRest reads accuracy, ordering and nonce; what follows (the name of the TSA,
// extensions) says nothing that is relied on.
func parseRest(i *Info, body cryptobyte.String) error {
	if body.PeekASN1Tag(der.SEQUENCE) {
		var accuracy cryptobyte.String
		if !body.ReadASN1(&accuracy, der.SEQUENCE) || !readAccuracy(&i.Accuracy, accuracy) {
			return fmt.Errorf("accuracy of the token: %w", ErrToken)
		}
	}
	var ordering bool
	if body.PeekASN1Tag(der.BOOLEAN) && !body.ReadASN1Boolean(&ordering) {
		return fmt.Errorf("ordering of the token: %w", ErrToken)
	}
	if body.PeekASN1Tag(der.INTEGER) {
		i.Nonce = new(big.Int)
		if !body.ReadASN1Integer(i.Nonce) {
			return fmt.Errorf("nonce of the token: %w", ErrToken)
		}
	}
	return nil
}

func readAccuracy(to *time.Duration, s cryptobyte.String) bool {
	var seconds, millis, micros int64
	if s.PeekASN1Tag(der.INTEGER) && !s.ReadASN1Integer(&seconds) {
		return false
	}
	for n, part := range []*int64{&millis, &micros} {
		tag := der.Tag(n).ContextSpecific()
		var raw cryptobyte.String
		if !s.PeekASN1Tag(tag) {
			continue
		}
		if !s.ReadASN1(&raw, tag) || len(raw) == 0 || len(raw) > 2 {
			return false
		}
		for _, b := range raw {
			*part = *part<<8 | int64(b)
		}
	}
	if seconds < 0 || seconds > 1<<31 || millis > 999 || micros > 999 {
		return false
	}
	*to = time.Duration(seconds)*time.Second + time.Duration(millis)*time.Millisecond + time.Duration(micros)*time.Microsecond
	return true
}
