package signing

import (
	"context"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/key"
)

// Usable says whether k may be used at a time that is now: everything that
// [key.Key.Check] looks at, and that neither its certificate nor an issuer of it is
// revoked (TT 15/2025/TT-BKHCN, article 5). If nobody can tell its status, the
// error has the reason level-unavailable and may pass when tried again; a caller
// who signs all the same cannot reach B-LT before somebody can.
func Usable(ctx context.Context, k *key.Key, at time.Time, o RaiseOptions) error {
	if err := k.Check(at); err != nil {
		return err
	}
	err := o.evidence().NotRevoked(ctx, k.Certificate(), k.Chain, o.Roots)
	if err != nil && record.ReasonOf(err) != record.CertRevoked {
		return record.Fail(record.LevelUnavailable, err, "check the status of the key of %s", k.Certificate().Subject.CommonName)
	}
	return err
}
