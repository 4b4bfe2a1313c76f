package signing

import (
	"context"
	"crypto"
	"crypto/x509"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/evidence"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/trust"
)

// RaiseOptions say with whose help a file is raised.
type RaiseOptions struct {
	TSA      *timestamp.Client
	Evidence *evidence.Client    // see NewEvidence; nil: a new one that asks public addresses only
	Roots    []*x509.Certificate // anchors of signers and authorities; none: any certificate that signed itself
	Renew    time.Time           // a B-LTA file whose last time-stamp ends before this is renewed; zero: never

	// Algorithms end too, and a time-stamp with them; zero: none does.
	Algorithms trust.Algorithms
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
	state, err := stateOf(f, in, o.Algorithms)
	if err != nil {
		return in, "", err
	}
	held, level := in, state.level
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
	if state.level == record.BLTA && in != held {
		if ends, err := Until(in, o.Algorithms); err != nil || !ends.After(state.ends) {
			return held, state.level, record.Fail(record.LevelUnavailable, err, "renew the time-stamp: the new one would end at %s, the last at %s", ends, state.ends)
		}
	}
	return in, higher(level, state.level), nil
}

// Until is when the last document time-stamp in a sealed file ends, by its
// certificate or its algorithms: before that it has to be renewed. Zero: there is
// no such time-stamp.
func Until(in Source, algorithms trust.Algorithms) (time.Time, error) {
	f, err := open(in)
	if err != nil {
		return time.Time{}, err
	}
	state, err := stateOf(f, in, algorithms)
	return state.ends, err
}

func higher(a, b record.Level) record.Level {
	if a.AtLeast(b) {
		return a
	}
	return b
}

// imprint is the digest of what is time-stamped: SHA-256 as long as it lasts.
func (o RaiseOptions) imprint() crypto.Hash {
	for _, h := range []crypto.Hash{digestAlgorithm, crypto.SHA384, crypto.SHA512} {
		if end := o.Algorithms.DigestEnd(h); end.IsZero() || end.After(o.Renew) {
			return h
		}
	}
	return crypto.SHA512
}
