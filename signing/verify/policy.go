package verify

import (
	"crypto/x509"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/signing/trust"
)

// Version names this verifier in verdicts. It grows when a verdict may change.
const Version = "sohoa-verify/2"

// The policies by name.
const (
	// Strict is the default: what does not hold today and was not proven in time does not pass.
	Strict = "strict"
	// LegacyVN gives the same verdict as Strict, and says of a signature that strict
	// leaves open because of SHA-1 or of missing revocation data whether all else
	// holds: then SignatureVerdict.Legacy lists what would have to be forgiven.
	LegacyVN = "legacy-vn"
)

// A Policy says whom to trust, and for which time to judge.
type Policy struct {
	Name    string              // "" is Strict
	Roots   []*x509.Certificate // anchors for signers and time-stamps alike, at all times
	Anchors []trust.Anchor      // anchors with a service, a status and its dates
	At      time.Time           // the time of the verdict; zero: now
	Online  *Fetcher            // nil: nothing is fetched
	File    string              // what the verdict calls the file
	Limits  Limits
}

// Limits bound one verification. Zero fields mean the defaults.
type Limits struct {
	PDF        pdf.Limits
	Signatures int           // in one file; 0: 200
	Time       time.Duration // 0: one minute
}

func (l Limits) orDefault() Limits {
	if l.PDF == (pdf.Limits{}) {
		l.PDF = pdf.DefaultLimits()
	}
	if l.Signatures == 0 {
		l.Signatures = 200
	}
	if l.Time == 0 {
		l.Time = time.Minute
	}
	return l
}
