package cms

import (
	"encoding/asn1"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

func readAttributes(s cryptobyte.String) ([]Attribute, error) {
	var all []Attribute
	for !s.Empty() {
		var in, set, value cryptobyte.String
		var a Attribute
		var tag cbasn1.Tag
		if len(all) == maxAttributes || !s.ReadASN1(&in, cbasn1.SEQUENCE) || !in.ReadASN1ObjectIdentifier(&a.OID) ||
			!in.ReadASN1(&set, cbasn1.SET) || !in.Empty() {
			return nil, broken("bad or too many attributes")
		}
		for !set.Empty() {
			if len(a.Values) == maxAttributes || !set.ReadAnyASN1Element(&value, &tag) {
				return nil, broken("bad or too many attribute values")
			}
			a.Values = append(a.Values, value)
		}
		all = append(all, a)
	}
	return all, nil
}

// values returns every value of the attributes with this OID.
func values(all []Attribute, oid asn1.ObjectIdentifier) [][]byte {
	var found [][]byte
	for _, a := range all {
		if a.OID.Equal(oid) {
			found = append(found, a.Values...)
		}
	}
	return found
}

// Signed returns the values of a signed attribute, nil if it is not there.
func (si *SignerInfo) Signed(oid asn1.ObjectIdentifier) [][]byte { return values(si.SignedAttrs, oid) }

// single returns the one value of a signed attribute that may stand there once
// only: nil and true if it is absent, nil and false if there are several.
func (si *SignerInfo) single(oid asn1.ObjectIdentifier) (value []byte, ok bool) {
	switch all := si.Signed(oid); len(all) {
	case 0:
		return nil, !slices.ContainsFunc(si.SignedAttrs, func(a Attribute) bool { return a.OID.Equal(oid) })
	case 1:
		return all[0], true
	default:
		return nil, false
	}
}

// TimestampTokens returns the signature time-stamps (RFC 3161, appendix A), DER.
// Anybody may add some: each has to be checked.
func (si *SignerInfo) TimestampTokens() [][]byte { return values(si.UnsignedAttrs, Timestamp) }

// collectArchival keeps the revocation data of Adobe's attribute, wherever it stands.
func (sd *SignedData) collectArchival(si *SignerInfo) {
	all := append(values(si.SignedAttrs, adbeArchival), values(si.UnsignedAttrs, adbeArchival)...)
	for _, v := range all {
		in := cryptobyte.String(v)
		var body cryptobyte.String
		if !in.ReadASN1(&body, cbasn1.SEQUENCE) {
			continue
		}
		sd.CRLs = append(sd.CRLs, tagged(&body, 0)...)
		sd.OCSPs = append(sd.OCSPs, tagged(&body, 1)...)
	}
}

// tagged returns the elements of [n] SEQUENCE OF, if body goes on with it.
func tagged(body *cryptobyte.String, n uint8) [][]byte {
	var all [][]byte
	var outer, list, element cryptobyte.String
	var has bool
	if !body.ReadOptionalASN1(&outer, &has, cbasn1.Tag(n).ContextSpecific().Constructed()) || !has || !outer.ReadASN1(&list, cbasn1.SEQUENCE) {
		return nil
	}
	for len(all) < maxCertificates && list.ReadASN1Element(&element, cbasn1.SEQUENCE) {
		all = append(all, element)
	}
	return all
}

// AddUnsigned returns the CMS with one more unsigned attribute in its only
// signerInfo, as DER. The signature does not cover unsigned attributes.
func AddUnsigned(der []byte, oid asn1.ObjectIdentifier, value []byte) ([]byte, error) {
	sd, err := Parse(der)
	if err != nil {
		return nil, err
	}
	if len(sd.Signers) != 1 {
		return nil, broken("not exactly one signerInfo")
	}
	if _, rest, err := toDER(value); err != nil || len(rest) > 0 {
		return nil, broken("the attribute's value is not one DER element")
	}
	var add cryptobyte.Builder
	add.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(value) })
	})
	attribute, err := add.Bytes()
	if err != nil {
		return nil, err
	}
	return replaceLast(sd.Raw, []cbasn1.Tag{
		cbasn1.SEQUENCE, cbasn1.Tag(0).ContextSpecific().Constructed(), cbasn1.SEQUENCE, cbasn1.SET, cbasn1.SEQUENCE,
	}, attribute)
}

// replaceLast goes down the last element of each level along path, and adds the
// attribute to the [1] at the end of the innermost.
func replaceLast(der []byte, path []cbasn1.Tag, attribute []byte) ([]byte, error) {
	in := cryptobyte.String(der)
	var body, element cryptobyte.String
	var tag cbasn1.Tag
	if !in.ReadASN1(&body, path[0]) || !in.Empty() {
		return nil, broken("unexpected shape")
	}
	var children []cryptobyte.String
	for !body.Empty() {
		if !body.ReadAnyASN1Element(&element, &tag) {
			return nil, broken("unexpected shape")
		}
		children = append(children, element)
	}
	if len(children) == 0 {
		return nil, broken("unexpected shape")
	}
	last := len(children) - 1
	if len(path) == 1 {
		set := [][]byte{attribute}
		if tag == cbasn1.Tag(1).ContextSpecific().Constructed() {
			var old cryptobyte.String
			children[last].ReadASN1(&old, tag)
			for !old.Empty() && old.ReadASN1Element(&element, cbasn1.SEQUENCE) {
				set = append(set, element)
			}
			children = children[:last]
		}
		slices.SortFunc(set, slices.Compare[[]byte])
		children = append(children, wrap([]byte{0xa1}, slices.Concat(set...)))
	} else {
		inner, err := replaceLast(children[last], path[1:], attribute)
		if err != nil {
			return nil, err
		}
		children[last] = inner
	}
	var all []byte
	for _, c := range children {
		all = append(all, c...)
	}
	return wrap(der[:1], all), nil
}
