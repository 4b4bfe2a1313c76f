package verify

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	errCRL               = errors.New("no usable CRL")
	oidIssuingPoint      = asn1.ObjectIdentifier{2, 5, 29, 28}
	oidExpiredCertsOnCRL = asn1.ObjectIdentifier{2, 5, 29, 60}
	reasonHold           = 6
	reasonRemoveFromCRL  = 8
)

// checkCRL looks whether list may speak about cert, as issued by issuer: complete,
// for such certificates, from the same issuer, and signed by it (RFC 5280, 6.3.3).
func checkCRL(list *x509.RevocationList, cert, issuer *x509.Certificate) error {
	if !bytes.Equal(list.RawIssuer, issuer.RawSubject) {
		return fmt.Errorf("%w: of another issuer", errCRL)
	}
	for _, e := range list.Extensions {
		switch {
		case e.Id.Equal(oidIssuingPoint):
			if err := checkIssuingPoint(e.Value, cert); err != nil {
				return err
			}
		case e.Critical:
			return fmt.Errorf("%w: critical extension %v", errCRL, e.Id)
		}
	}
	for i := range list.RevokedCertificateEntries {
		for _, e := range list.RevokedCertificateEntries[i].Extensions {
			if e.Critical {
				return fmt.Errorf("%w: critical extension %v of an entry", errCRL, e.Id)
			}
		}
	}
	return list.CheckSignatureFrom(issuer)
}

// checkIssuingPoint reads the issuing distribution point (RFC 5280, 5.2.5).
func checkIssuingPoint(der []byte, cert *x509.Certificate) error {
	in := cryptobyte.String(der)
	var body, point, names, value cryptobyte.String
	var has bool
	bad := fmt.Errorf("%w: issuing distribution point", errCRL)
	if !in.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadOptionalASN1(&point, &has, cbasn1.Tag(0).ContextSpecific().Constructed()) {
		return bad
	}
	if has && point.ReadASN1(&names, cbasn1.Tag(0).ContextSpecific().Constructed()) {
		named := false
		for !names.Empty() {
			var tag cbasn1.Tag
			if !names.ReadAnyASN1(&value, &tag) {
				return bad
			}
			named = named || slices.Contains(cert.CRLDistributionPoints, string(value))
		}
		if !named {
			return fmt.Errorf("%w: for another distribution point", errCRL)
		}
	}
	for !body.Empty() {
		var tag cbasn1.Tag
		if !body.ReadAnyASN1(&value, &tag) {
			return bad
		}
		yes := len(value) == 1 && value[0] != 0
		switch tag {
		case cbasn1.Tag(1).ContextSpecific(): // onlyContainsUserCerts
			if yes && cert.IsCA {
				return fmt.Errorf("%w: for end entities only", errCRL)
			}
		case cbasn1.Tag(2).ContextSpecific(): // onlyContainsCACerts
			if yes && !cert.IsCA {
				return fmt.Errorf("%w: for CAs only", errCRL)
			}
		default: // some reasons only, indirect, attribute certificates
			if tag == cbasn1.Tag(3).ContextSpecific() || yes {
				return fmt.Errorf("%w: a partial or indirect one", errCRL)
			}
		}
	}
	return nil
}

// revokedEntry finds the entry of cert, nil if it is not listed.
func revokedEntry(list *x509.RevocationList, cert *x509.Certificate) *x509.RevocationListEntry {
	for i := range list.RevokedCertificateEntries {
		if e := &list.RevokedCertificateEntries[i]; e.SerialNumber.Cmp(cert.SerialNumber) == 0 {
			return e
		}
	}
	return nil
}

// keepsExpired reports whether the list says that it keeps expired certificates.
func keepsExpired(list *x509.RevocationList) bool {
	return slices.ContainsFunc(list.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidExpiredCertsOnCRL) })
}
