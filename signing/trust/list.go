package trust

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sohoa/sohoa/record"
)

// A Status of an entry, in the words of ETSI TS 119 612.
type Status string

const (
	Granted   Status = "granted"
	Withdrawn Status = "withdrawn"
)

// An Entry is one anchor with its history. Withdrawn entries stay: what was signed
// while they were granted may still hold.
type Entry struct {
	Name        string        `json:"name"`              // of the certificate's subject
	Service     Service       `json:"service,omitempty"` // "" means all
	Status      Status        `json:"status"`
	From        time.Time     `json:"from,omitzero"`    // granted since; zero: always
	Until       time.Time     `json:"until,omitzero"`   // withdrawn since
	Source      string        `json:"source,omitempty"` // where the operator got it and how he checked it
	SHA256      record.Digest `json:"sha256"`           // of the certificate
	Certificate []byte        `json:"certificate"`      // DER
}

// A List is a trust list: what an operator decided to trust.
type List struct {
	Version int       `json:"version"` // of this form
	Number  int       `json:"number"`  // grows with every change
	Issued  time.Time `json:"issued"`
	Entries []Entry   `json:"entries"`
}

const listVersion = 1

// Add grants a certificate for a service. It refuses with [record.ErrInvalid] what
// cannot be an anchor: only an authority's certificate (RFC 5280, 4.2.1.9) that may
// sign certificates; with [record.ErrConflict] what is granted already.
func (l *List) Add(cert *x509.Certificate, service Service, from time.Time, source string) error {
	if !slices.Contains([]Service{"", Signing, Timestamp}, service) {
		return fmt.Errorf("service %q is none of signing, timestamp: %w", service, record.ErrInvalid)
	}
	if why := noAuthority(cert); why != "" {
		return &record.Error{Reason: record.NotAnAuthority, Kind: record.ErrInvalid, Detail: fmt.Sprintf("add %s: %s", cert.Subject, why)}
	}
	sum := record.DigestOf(cert.Raw)
	for _, e := range l.Entries {
		if e.SHA256 == sum && (e.Service == service || e.Service == "") && e.Status == Granted {
			return &record.Error{Reason: record.TrustedAlready, Kind: record.ErrConflict, Detail: fmt.Sprintf("add %s: SHA-256 %s is granted already", cert.Subject, sum)}
		}
	}
	l.Entries = append(l.Entries, Entry{Name: cert.Subject.String(), Service: service, Status: Granted, From: from.UTC(), Source: source, SHA256: sum, Certificate: cert.Raw})
	l.Number++
	return nil
}

// noAuthority says why a certificate cannot be an anchor, "" if it can.
func noAuthority(cert *x509.Certificate) string {
	switch {
	case !cert.BasicConstraintsValid || !cert.IsCA:
		return "it is the certificate of a person, an agency or a server, not of an authority that issues certificates"
	case cert.KeyUsage != 0 && cert.KeyUsage&x509.KeyUsageCertSign == 0:
		return "its key usage does not allow to issue certificates"
	}
	return ""
}

// Withdraw ends the trust in a certificate at a time: what was proven to exist
// before still holds. [record.ErrNotFound] if it is not granted.
func (l *List) Withdraw(sum record.Digest, at time.Time) error {
	found := false
	for i := range l.Entries {
		if e := &l.Entries[i]; e.SHA256 == sum && e.Status == Granted {
			e.Status, e.Until, found = Withdrawn, at.UTC(), true
		}
	}
	if !found {
		return &record.Error{Reason: record.NotTrusted, Kind: record.ErrNotFound, Detail: fmt.Sprintf("remove %s", sum)}
	}
	l.Number++
	return nil
}

// Anchors returns the entries as anchors.
func (l *List) Anchors() ([]Anchor, error) {
	var all []Anchor
	for _, e := range l.Entries {
		cert, err := x509.ParseCertificate(e.Certificate)
		if err != nil || record.DigestOf(e.Certificate) != e.SHA256 {
			return nil, fmt.Errorf("certificate of entry %q is not what its digest says: %w", e.Name, record.ErrMalformed)
		}
		all = append(all, Anchor{Certificate: cert, Service: e.Service, From: e.From, Until: e.Until})
	}
	return all, nil
}

// signed is the file: the list as it stands, and an Ed25519 signature over its
// compact form.
type signed struct {
	List      json.RawMessage   `json:"list"`
	Key       ed25519.PublicKey `json:"key"`
	Signature []byte            `json:"signature"`
}

// domain keeps the signature from meaning anything elsewhere.
const domain = "sohoa trust list\n"

// Sign returns the list as a file, signed at a time. Same list, key and time: same
// bytes.
func (l List) Sign(key ed25519.PrivateKey, at time.Time) ([]byte, error) {
	l.Version, l.Issued = listVersion, at.UTC().Truncate(time.Second)
	if l.Entries == nil {
		l.Entries = []Entry{}
	}
	b, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("write the trust list: %w", err)
	}
	out, err := json.MarshalIndent(signed{b, key.Public().(ed25519.PublicKey), ed25519.Sign(key, append([]byte(domain), b...))}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the trust list: %w", err)
	}
	return append(out, '\n'), nil
}

// Open reads a list and checks that key signed it. Every fault is refused with
// trust-unreadable.
func Open(file []byte, key ed25519.PublicKey) (*List, error) {
	l, err := open(file, key)
	if err != nil {
		return nil, record.Refuse(record.TrustUnreadable, err, "read the trust list")
	}
	return l, nil
}

func open(file []byte, key ed25519.PublicKey) (*List, error) {
	if len(file) > maxFileBytes {
		return nil, fmt.Errorf("more than %d bytes", maxFileBytes)
	}
	var s signed
	if err := json.Unmarshal(file, &s); err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, s.List); err != nil {
		return nil, err
	}
	if !ed25519.Verify(key, append([]byte(domain), compact.Bytes()...), s.Signature) {
		return nil, errors.New("it is not signed with the operator's key")
	}
	var l List
	if err := json.Unmarshal(s.List, &l); err != nil {
		return nil, err
	}
	if l.Version != listVersion {
		return nil, fmt.Errorf("version %d, this software reads %d", l.Version, listVersion)
	}
	return &l, nil
}
