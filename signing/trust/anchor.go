// Package trust says who is trusted, for which service, and when.
//
// An anchor is a certificate that the operator decided to trust; none comes with
// the software. Anchors are given as certificate files, trusted for everything at
// all times, or in a signed trust list with service, status and dates.
package trust

import (
	"crypto/x509"
	"time"
)

// A Service is what an anchor is trusted for.
type Service string

const (
	Signing   Service = "signing"   // certificates of signers
	Timestamp Service = "timestamp" // certificates of time-stamp authorities
)

// An Anchor is a certificate trusted for a service, from a time to a time.
type Anchor struct {
	Certificate *x509.Certificate
	Service     Service   // "": all
	From        time.Time // status "granted" began; zero: always
	Until       time.Time // status "granted" ended; zero: it lasts
}

// Holds reports whether the anchor was trusted for service at t.
func (a Anchor) Holds(service Service, t time.Time) bool {
	if a.Service != "" && a.Service != service {
		return false
	}
	return !t.Before(a.From) && (a.Until.IsZero() || t.Before(a.Until))
}

// Certificates returns those of the anchors that are trusted for service at t.
func Certificates(all []Anchor, service Service, t time.Time) []*x509.Certificate {
	var certs []*x509.Certificate
	for _, a := range all {
		if a.Holds(service, t) {
			certs = append(certs, a.Certificate)
		}
	}
	return certs
}

// FirstEnd is when the first of the anchors' certificates ends, zero if there are
// none. An anchor that is withdrawn does not count.
func FirstEnd(all []Anchor) time.Time {
	var first time.Time
	for _, a := range all {
		if end := a.Certificate.NotAfter; a.Until.IsZero() && (first.IsZero() || end.Before(first)) {
			first = end
		}
	}
	return first
}
