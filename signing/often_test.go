package signing

import (
	"bytes"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
)

// Twelve years, up to today: renewed every second year by a new certificate of the
// authority, whose root is replaced on the way. Some certificates of older time-stamps
// have not ended then, and what is in the file on them is old.
func TestRenewedOften(t *testing.T) {
	c := &clock{time.Now().AddDate(-12, 0, 0).Add(-time.Hour)}
	d := newDeskAt(t, devpki.ECDSAP256, c.now)
	r := request
	r.Time = c.at
	sealed, err := seal(t.Context(), archival(t, 1, 0), d.key, r)
	if err != nil {
		t.Fatal(err)
	}
	file, _, err := raise(t.Context(), sealed, record.BLTA, d.options())
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 6; n++ {
		c.at = c.at.AddDate(2, 0, 0)
		if err := d.pki.RenewTSA(n == 4, devpki.ECDSAP256); err != nil {
			t.Fatal(err)
		}
		o := d.options()
		o.Renew, o.Roots, d.tsa.Roots = c.at.AddDate(9, 0, 0), d.pki.Roots(), d.pki.Roots()
		out, level, err := raise(t.Context(), file, record.BLTA, o)
		if err != nil || level != record.BLTA || !bytes.HasPrefix(out, file) || len(out) == len(file) {
			t.Fatalf("renewal %d: %s, %v; want B-LTA that lasts longer", n, level, err)
		}
		file = out
	}
	keep(t, "renewed-often.pdf", file, d)
}
