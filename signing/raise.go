package signing

import (
	"context"
	"crypto/x509"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/evidence"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// RaiseOptions say with whose help a file is raised.
type RaiseOptions struct {
	TSA      *timestamp.Client
	Evidence *evidence.Client    // see NewEvidence; nil: a new one that asks public addresses only
	Roots    []*x509.Certificate // anchors of signers and authorities; none: any certificate that signed itself
	Renew    time.Time           // a B-LTA file whose last time-stamp's certificate ends before this is renewed; zero: never
}

// Raise lifts a file that [Seal] made to the level to, without its key, one step
// after another. It returns the file, the level that it has now, and why it is not
// higher if it is not: the file is good at that level even then, and may be raised
// again later. A file that has the level already comes back as it is, unless it
// has to be renewed.
//
// B-T: a time-stamp goes into the signature value, in place, where no byte range
// covers it. B-LT: a revision with the evidence on all chains. B-LTA: a revision
// with a time-stamp over all that. Renewal: both again. Reasons: not-ours,
// not-signed, tsa-unreachable, tsa-refused, tsa-untrusted, level-unavailable,
// certificate-revoked, seal-unsound.
func Raise(ctx context.Context, in Source, to record.Level, o RaiseOptions) (Source, record.Level, error) {
	f, err := open(in)
	if err != nil {
		return in, "", err
	}
	state, err := stateOf(f, in)
	if err != nil {
		return in, "", err
	}
	level := state.level
	if level == record.BLTA && o.Renew.After(state.ends) {
		level = record.BT // evidence and a time-stamp once more; the file stays B-LTA if that fails
	}
	steps := []struct {
		to record.Level
		do func() (Source, error)
	}{
		{record.BT, func() (Source, error) { return addTimestamp(ctx, in, state.last, o.TSA) }},
		{record.BLT, func() (Source, error) { return addEvidence(ctx, in, o) }},
		{record.BLTA, func() (Source, error) { return addArchive(ctx, in, o) }},
	}
	for _, step := range steps {
		if level.AtLeast(step.to) || !to.AtLeast(step.to) {
			continue
		}
		out, err := step.do()
		if err != nil {
			return in, higher(level, state.level), err
		}
		in, level = out, step.to
	}
	return in, higher(level, state.level), nil
}

// Until is when the certificate of the last document time-stamp in a sealed file
// ends: before that it has to be renewed. Zero: there is no such time-stamp.
func Until(in Source) (time.Time, error) {
	f, err := open(in)
	if err != nil {
		return time.Time{}, err
	}
	state, err := stateOf(f, in)
	return state.ends, err
}

func higher(a, b record.Level) record.Level {
	if a.AtLeast(b) {
		return a
	}
	return b
}
