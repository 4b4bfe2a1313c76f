package verify

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
)

// The sources of evidence, as verdicts name them.
const (
	inDSS  = "dss"
	inCMS  = "cms"
	online = "online"
)

const (
	maxEvidence      = 2000
	maxEvidenceBytes = 128 << 20 // lists of a large CA have 1 to 10 MB
	maxCertificates  = 2000
)

// Status data is one OCSP response or CRL, not checked yet.
type statusData struct {
	kind       string // "ocsp", "crl"
	from       string
	raw        []byte
	start, end int64 // where it lies in the file; 0, 0: not in the file
	fetched    time.Time

	parsed bool
	ocsp   *ocspResponse
	crl    *x509.RevocationList
}

// read parses the evidence once; neither is set if it cannot be read.
func (e *statusData) read() {
	if e.parsed {
		return
	}
	e.parsed = true
	switch e.kind {
	case "ocsp":
		e.ocsp, _ = parseOCSP(e.raw) // what cannot be read proves nothing
	case "crl":
		e.crl, _ = x509.ParseRevocationList(e.raw)
	}
}

// collect gathers the certificates and the evidence that the file carries.
func (v *verification) collect() {
	seen := map[int64]bool{}
	for i := range v.doc.revisions {
		g := v.doc.at(i)
		root, err := g.Catalog()
		if err != nil {
			continue
		}
		dss := g.Dict(root["DSS"])
		v.collectDSS(g, dss, seen, "Certs", "OCSPs", "CRLs")
		for _, entry := range g.Dict(dss["VRI"]) {
			v.collectDSS(g, g.Dict(entry), seen, "Cert", "OCSP", "CRL")
		}
	}
	for _, s := range v.all {
		if s.cms == nil {
			continue
		}
		v.addCertificates(s.cms.Certificates)
		v.addBag(s.cms.OCSPs, s.cms.CRLs, s.extent)
	}
	for _, a := range v.anchors {
		v.addCertificates([]*x509.Certificate{a.Certificate})
	}
}

func (v *verification) addBag(ocsps, crls [][]byte, e extent) {
	for _, raw := range ocsps {
		v.addEvidence(&statusData{kind: "ocsp", from: inCMS, raw: raw, start: e.start, end: e.end})
	}
	for _, raw := range crls {
		v.addEvidence(&statusData{kind: "crl", from: inCMS, raw: raw, start: e.start, end: e.end})
	}
}

func (v *verification) collectDSS(g *pdf.File, d pdf.Dict, seen map[int64]bool, certs, ocsps, crls pdf.Name) {
	for key, kind := range map[pdf.Name]string{certs: "cert", ocsps: "ocsp", crls: "crl"} {
		for _, item := range g.Array(d[key]) {
			s := g.Stream(item)
			if s == nil || seen[s.Offset] {
				continue
			}
			seen[s.Offset] = true
			raw, err := g.Decoded(s)
			if err != nil {
				v.warnf("a stream of the DSS dictionary cannot be read: %v", err)
				continue
			}
			if kind != "cert" {
				v.addEvidence(&statusData{kind: kind, from: inDSS, raw: raw, start: s.Offset, end: s.Offset + s.Length})
			} else if cert, err := x509.ParseCertificate(raw); err == nil {
				v.addCertificates([]*x509.Certificate{cert})
			}
		}
	}
}

func (v *verification) addEvidence(e *statusData) {
	if v.evidenceBytes += len(e.raw); len(v.evidence) >= maxEvidence || v.evidenceBytes > maxEvidenceBytes {
		v.tooMuch = true
		return
	}
	v.evidence = append(v.evidence, e)
}

func (v *verification) addCertificates(certs []*x509.Certificate) {
	for _, c := range certs {
		key := string(c.Raw)
		if !v.known[key] && len(v.certs) < maxCertificates {
			v.known[key] = true
			v.certs = append(v.certs, c)
		}
	}
}

func (v *verification) warnf(format string, args ...any) {
	v.warnings = append(v.warnings, fmt.Sprintf(format, args...))
}

// A proof is a valid document time-stamp: what it covers existed at its time.
type proof struct {
	ranges [4]int64
	time   time.Time
}

func (p proof) covers(start, end int64) bool {
	return end > start && (end <= p.ranges[1] || start >= p.ranges[2] && end <= p.ranges[2]+p.ranges[3])
}

// existed is the earliest time at which the bytes from start to end are proven to
// have existed; the time of the verdict if nothing proves more.
func (v *verification) existed(start, end int64) time.Time {
	t := v.at
	for _, p := range v.proofs {
		if p.covers(start, end) && p.time.Before(t) {
			t = p.time
		}
	}
	return t
}

// knownAt is the time at which the signer of e has to be trusted.
func (v *verification) knownAt(e *statusData) time.Time {
	if e.from == online {
		return e.fetched
	}
	return v.existed(e.start, e.end)
}

func sameCert(a, b *x509.Certificate) bool { return bytes.Equal(a.Raw, b.Raw) }
