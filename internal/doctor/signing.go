package doctor

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/stamp"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/trust"
)

// font lays out a mark for each agency.
func font(agencies []record.Agency) record.Finding {
	a4 := stamp.Page{Box: [4]float64{0, 0, 595, 842}, Unit: 1}
	texts := [][]string{{"Cơ quan số hóa", "SAO Y"}}
	for _, a := range agencies {
		texts = append(texts, []string{a.Name, a.CopyForm})
	}
	for _, t := range texts {
		if _, err := stamp.New(a4, stamp.TopRight, t...); err != nil {
			return of(record.CheckFont, fmt.Errorf("%s: %w", t[0], err))
		}
	}
	return of(record.CheckFont, nil)
}

// authorities asks each for a time-stamp.
func authorities(ctx context.Context, w work.Config) []record.Finding {
	if len(w.TSA) == 0 {
		return nil
	}
	anchors, err := trust.Load(w.TrustKey, w.Trust...)
	if err != nil {
		return []record.Finding{of(record.CheckTSATrust, err)}
	}
	var all []record.Finding
	for _, url := range w.TSA {
		all = append(all, authority(ctx, url, w.TSATime, trust.Certificates(anchors, trust.Timestamp, time.Now()))...)
	}
	return all
}

// tsaSkew is how far an authority's clock may be from this machine's.
const tsaSkew = time.Minute

func authority(ctx context.Context, url string, limit time.Duration, roots []*x509.Certificate) []record.Finding {
	imprint := sha256.Sum256([]byte(rand.Text()))
	client := &timestamp.Client{URLs: []string{url}, Timeout: min(limit, 30*time.Second)}
	token, err := client.Token(ctx, imprint[:], crypto.SHA256)
	if err != nil {
		return []record.Finding{of(record.CheckTSA, err)}
	}
	info, err := timestamp.Check(token, crypto.SHA256, imprint[:])
	if err != nil {
		return []record.Finding{of(record.CheckTSA, fmt.Errorf("%s: %w", url, err))}
	}
	all := []record.Finding{of(record.CheckTSA, nil), of(record.CheckTSATrust, nil)}
	if chains, err := info.Chains(roots); err != nil || len(chains) == 0 {
		all[1] = of(record.CheckTSATrust, fmt.Errorf("%s: %s leads to no trusted certificate (%v)", url, info.Certificate.Subject, err))
	}
	if apart := time.Since(info.Time); apart.Abs() > tsaSkew {
		all = append(all, of(record.CheckClock, fmt.Errorf("%s has %s, this machine is %s off", url, info.Time.Format(time.RFC3339), apart.Round(time.Second))))
	}
	return all
}

// soon is how long before its end a certificate should be followed by another.
const soon = 60 * 24 * time.Hour

func ownKey(ctx context.Context, w work.Config) []record.Finding {
	if w.Key == "" {
		return []record.Finding{{Check: record.CheckKey, State: record.Unknown, Seen: "none is configured: `sohoa run` signs with a development key"}}
	}
	k, err := key.Open(w.Key, w.PasswordFile)
	if err == nil {
		defer k.Close()
		err = k.Check(time.Now())
	}
	if err != nil {
		return []record.Finding{of(record.CheckKey, err)}
	}
	end := k.Certificate().NotAfter
	all := []record.Finding{of(record.CheckKey, nil), {Check: record.CheckKeyExpiry, State: record.Good, Seen: "valid until " + end.Format(time.DateOnly)}, keyTrust(k, w)}
	if time.Until(end) < soon {
		all[1].State = record.Advised
	}
	revoked := of(record.CheckKeyRevoked, nil)
	err = signing.Usable(ctx, k, time.Now(), signing.RaiseOptions{Evidence: signing.NewEvidence(w.AllowPrivate)})
	if err != nil {
		revoked = record.Finding{Check: record.CheckKeyRevoked, State: record.Advised, Seen: err.Error()}
		if record.ReasonOf(err) == record.CertRevoked {
			revoked.State = record.Bad
		}
	}
	return append(all, revoked)
}

func keyTrust(k *key.Key, w work.Config) record.Finding {
	if len(w.Trust) == 0 {
		return record.Finding{Check: record.CheckKeyTrust, State: record.Unknown, Seen: "no trusted certificates are configured"}
	}
	anchors, err := trust.Load(w.TrustKey, w.Trust...)
	if err != nil {
		return of(record.CheckKeyTrust, err)
	}
	trusted, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range trust.Certificates(anchors, trust.Signing, time.Now()) {
		trusted.AddCert(c)
	}
	for _, c := range k.Chain[1:] {
		between.AddCert(c)
	}
	_, err = k.Certificate().Verify(x509.VerifyOptions{Roots: trusted, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if first := trust.FirstEnd(anchors); err == nil && !first.IsZero() && time.Until(first) < soon {
		return record.Finding{Check: record.CheckKeyTrust, State: record.Advised, Seen: "a trusted certificate ends " + first.Format(time.DateOnly)}
	}
	return of(record.CheckKeyTrust, err)
}
