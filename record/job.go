package record

import (
	"fmt"
	"time"
)

// A JobKind is what is to be done with a document. The names are in the database
// and in the queue: never rename one.
type JobKind string

const (
	JobIngest       JobKind = "ingest"        // Received → InReview
	JobAuthenticate JobKind = "authenticate"  // Approved → Sealed
	JobRaise        JobKind = "raise"         // Sealed → Sealed at a higher level
	JobPrepareMark  JobKind = "prepare-mark"  // AwaitingMark: what the person signs
	JobCompleteMark JobKind = "complete-mark" // AwaitingMark → Approved, with what she signed
)

// A Lane is where a job waits. Each lane is worked on beside the others, so that
// none waits for what takes longer by its nature. The names are in the database
// and in the queue: never rename one.
type Lane string

const (
	LaneRead  Lane = "read"  // short documents
	LaneLarge Lane = "large" // documents of many pages or bytes
	LaneSeal  Lane = "seal"  // what needs the key
	LaneRaise Lane = "raise" // what waits for authorities elsewhere
)

// Lanes are all lanes.
func Lanes() []Lane { return []Lane{LaneRead, LaneLarge, LaneSeal, LaneRaise} }

// A document of more than ShortPages pages or ShortBytes bytes is large.
const (
	ShortPages = 50
	ShortBytes = 32 << 20
)

// LaneOf is where a job on a document waits. Pages are what a person counted, if
// one did: what turns out to be large when it is opened is passed on then.
func LaneOf(kind JobKind, d Document) Lane {
	switch kind {
	case JobIngest:
		var bytes int64
		for _, r := range d.Renditions {
			if r.Kind == RenditionOriginal {
				bytes += r.Bytes
			}
		}
		if d.Pages > ShortPages || bytes > ShortBytes {
			return LaneLarge
		}
		return LaneRead
	case JobRaise:
		return LaneRaise
	}
	return LaneSeal
}

// A JobRef names one try of a job: a later try has a higher generation, and
// whoever still works on an earlier one has lost it.
type JobRef struct {
	ID  string
	Gen int
}

// TaskID names the try in the queue.
func (j JobRef) TaskID() string { return fmt.Sprintf("%s.%d", j.ID, j.Gen) }

// A Job is work that is due.
type Job struct {
	JobRef
	Kind      JobKind
	Lane      Lane
	Document  string
	Agency    string
	State     string
	Attempts  int // tries that were started
	Worker    string
	Reason    Reason // of the last try that failed
	NotBefore time.Time
	CreatedAt time.Time
	Trace     string // that its document came with, as W3C traceparent; "" if nobody traces
}

// A Change is what happens to a document when it moves.
type Change struct {
	Actor      Actor
	Kind       string // of the event; "" means "advanced"
	Reason     Reason
	Note       string
	Version    int         // if not 0: the version that the caller saw
	Level      Level       // if not empty: the level of the seal from now on
	Pages      int         // if not 0: as recognised
	Renditions []Rendition // added
	Fields     Fields      // if not nil: the current fields, whose object is FieldsAt
	FieldsAt   Digest
	Text       string // if not empty: the recognised text, for search
	Decision   *Decision
	Intent     *Intent       // set on the way to Sealing, kept until the document leaves it
	Mark       *Mark         // if not nil: the person's mark from now on, until the document leaves AwaitingMark
	Job        JobKind       // that follows, if not empty
	JobAfter   time.Duration // before that it is not due, unless it is released
	Finish     *JobRef       // that this change completes, in the same transaction
}

// SealProgress is how far the documents of a dossier are on the way from approval to
// their seal.
type SealProgress struct {
	AwaitingMark int           `json:"awaitingMark"`
	Waiting      int           `json:"waiting"` // approved or being sealed, without a failure
	Sealed       int           `json:"sealed"`
	Failed       []SealFailure `json:"failed"` // oldest first
}

// A SealFailure is a document that was approved and could not be sealed.
type SealFailure struct {
	Document string     `json:"document"`
	Name     string     `json:"name"`
	Reason   Reason     `json:"reason"`
	Again    *time.Time `json:"again,omitempty"` // when it is tried again by itself; absent: a person has to ask for it
}
