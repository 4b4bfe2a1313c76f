package queue

import (
	"errors"
	"slices"
	"time"

	"github.com/sohoa/sohoa/record"
)

// An action is what becomes of a job.
type action string

const (
	finish   action = "finish"    // done, or overtaken by somebody else
	retry    action = "retry"     // later
	passOn   action = "pass-on"   // to the lane of large documents
	setAside action = "set-aside" // the document leaves the way, with its reason
	bury     action = "bury"      // the job ends, the document stays; a person must look
)

// poison are the reasons that may be the machine's fault once and are the
// document's when they come every time.
var poison = []record.Reason{record.ChildCrashed, record.TooMuchTime, record.TooMuchMemory}

const (
	poisonTries = 3
	maxTries    = 17 // with the delays below: about six hours
)

// outcome is the one table of error kind → what becomes of the job.
// docs/failures.md is made from it.
func outcome(err error, job record.Job) action {
	giveUp := setAside
	if job.Kind != record.JobIngest {
		giveUp = bury
	}
	switch {
	case err == nil:
		return finish
	case errors.Is(err, record.ErrConflict), errors.Is(err, record.ErrNotFound):
		return finish // somebody else moved the document: there is nothing left to do
	case job.Lane == record.LaneRead && record.ReasonOf(err) == record.TooManyPages:
		return passOn // too many for this lane: the other one says whether for all
	case slices.Contains(poison, record.ReasonOf(err)):
		if job.Attempts < poisonTries {
			return retry
		}
		return giveUp
	case job.Kind == record.JobRaise && record.ReasonOf(err) == record.TSAUntrusted:
		return retry // it is the authority's answer that is wrong, or what stands before it
	case errors.Is(err, record.ErrMalformed), errors.Is(err, record.ErrInvalid):
		return giveUp
	case job.Attempts < maxTries || job.Kind == record.JobRaise: // a level that cannot be reached now is reached some day
		return retry
	}
	return giveUp
}

// delay is the time between a try that failed and the next: 2 s after the first,
// doubled each time up to an hour.
func delay(attempts int) time.Duration {
	return min(time.Hour, 2*time.Second<<min(max(attempts, 1)-1, 12))
}
