package evidence

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"
)

var oidIssuingPoint = asn1.ObjectIdentifier{2, 5, 29, 28}

// speaksOf looks whether the list is complete for certificates such as cert. Of
// the critical extensions only the issuing distribution point is known here (RFC
// 5280, 5.2.5); a delta list is one that is not.
func speaksOf(list *x509.RevocationList, cert *x509.Certificate) error {
	for _, e := range list.Extensions {
		switch {
		case e.Id.Equal(oidIssuingPoint):
			if err := scope(e.Value, cert.IsCA); err != nil {
				return err
			}
		case e.Critical:
			return fmt.Errorf("it has the critical extension %s", e.Id)
		}
	}
	return nil
}

// scope reads an IssuingDistributionPoint.
func scope(value []byte, isCA bool) error {
	s := cryptobyte.String(value)
	var body cryptobyte.String
	if !s.ReadASN1(&body, der.SEQUENCE) || !s.Empty() {
		return errors.New("its scope cannot be read")
	}
	for !body.Empty() {
		var part cryptobyte.String
		var tag der.Tag
		if !body.ReadAnyASN1(&part, &tag) {
			return errors.New("its scope cannot be read")
		}
		set := len(part) == 1 && part[0] != 0
		switch tag {
		case der.Tag(0).Constructed().ContextSpecific(): // where it is published
		case der.Tag(1).ContextSpecific(): // onlyContainsUserCerts
			if set && isCA {
				return errors.New("it is about end entities only")
			}
		case der.Tag(2).ContextSpecific(): // onlyContainsCACerts
			if set && !isCA {
				return errors.New("it is about CAs only")
			}
		default: // some reasons only, indirect, attribute certificates only
			if tag != der.Tag(4).ContextSpecific() && tag != der.Tag(5).ContextSpecific() || set {
				return errors.New("it is about a part of the certificates only")
			}
		}
	}
	return nil
}
