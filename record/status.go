package record

import (
	"fmt"
	"slices"
)

// A Status is where a document stands.
type Status string

const (
	Received     Status = "received"      // accepted, durable, waiting to be recognised
	InReview     Status = "in-review"     // recognised, waiting for a person's decision
	Approved     Status = "approved"      // decided, waiting for the seal
	AwaitingMark Status = "awaiting-mark" // the person's own mark is asked for and not there yet
	Sealing      Status = "sealing"       // the intent to use the key is stored
	Sealed       Status = "sealed"        // sealed at Document.Level
	Rejected     Status = "rejected"      // by a reviewer, with a reason
	SetAside     Status = "set-aside"     // by the input or a limit, with a reason code
	Superseded   Status = "superseded"    // by a new scan
	Withdrawn    Status = "withdrawn"     // with a reason
)

// Statuses are all of them, in the order of the natural way.
var Statuses = []Status{Received, InReview, Approved, AwaitingMark, Sealing, Sealed, Rejected, SetAside, Superseded, Withdrawn}

// moves is the one table of what may follow what. docs/design.md draws it.
var moves = map[Status][]Status{
	Received:     {InReview, SetAside, Superseded, Withdrawn},
	InReview:     {Approved, AwaitingMark, Rejected, Superseded, Withdrawn, SetAside},
	Approved:     {Sealing, Approved, InReview, Superseded, Withdrawn}, // Approved again: the key cannot be used, with the reason
	AwaitingMark: {Approved, AwaitingMark, InReview, Superseded, Withdrawn},
	Sealing:      {Sealed, Approved},                        // from here the stored bytes decide; a person must wait for the outcome
	Sealed:       {Sealed, InReview, Superseded, Withdrawn}, // Sealed again: a higher level; InReview: reopened
	Rejected:     {InReview, Superseded, Withdrawn},         // InReview: reopened
	SetAside:     {Received, Superseded, Withdrawn},         // Received: driven again
	Superseded:   {},
	Withdrawn:    {},
}

// CanBecome reports whether a document may move from s to next.
func (s Status) CanBecome(next Status) bool { return slices.Contains(moves[s], next) }

// Moves returns what may follow s.
func (s Status) Moves() []Status { return slices.Clone(moves[s]) }

// Waits reports whether work of ours is due in this state: such a document must
// not stay there.
func (s Status) Waits() bool { return s == Received || s == Approved || s == Sealing }

// ParseStatus returns s as a Status, or an error of kind ErrInvalid.
func ParseStatus(s string) (Status, error) {
	if slices.Contains(Statuses, Status(s)) {
		return Status(s), nil
	}
	return "", fmt.Errorf("status %.40q: %w", s, ErrInvalid)
}
