package record

import "testing"

func TestMovesOfADocument(t *testing.T) {
	for _, c := range []struct {
		from, to Status
		want     bool
	}{
		{Received, InReview, true},
		{Received, Sealed, false},
		{InReview, Approved, true},
		{InReview, Sealing, false}, // never without a decision
		{Approved, Sealing, true},
		{Sealing, Approved, true}, // the key failed
		{Sealing, Withdrawn, false},
		{Sealed, Sealed, true},   // raised
		{Sealed, InReview, true}, // reopened
		{SetAside, Received, true},
		{Superseded, InReview, false},
		{Withdrawn, Received, false},
		{"nonsense", Received, false},
	} {
		if got := c.from.CanBecome(c.to); got != c.want {
			t.Errorf("%s.CanBecome(%s) = %v; want %v", c.from, c.to, got, c.want)
		}
	}
}

func TestEveryStatusHasARow(t *testing.T) {
	if len(moves) != len(Statuses) {
		t.Errorf("%d rows in the table of moves for %d statuses", len(moves), len(Statuses))
	}
	for from, all := range moves {
		for _, to := range append(all, from) {
			if _, err := ParseStatus(string(to)); err != nil {
				t.Errorf("row %s: %v", from, err)
			}
		}
	}
}
