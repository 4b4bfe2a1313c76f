package signing

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
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
func Raise(ctx context.Context, in []byte, to record.Level, o RaiseOptions) ([]byte, record.Level, error) {
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
		do func() ([]byte, error)
	}{
		{record.BT, func() ([]byte, error) { return addTimestamp(ctx, in, state.last, o.TSA) }},
		{record.BLT, func() ([]byte, error) { return addEvidence(ctx, in, o) }},
		{record.BLTA, func() ([]byte, error) { return addArchive(ctx, in, o) }},
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

func higher(a, b record.Level) record.Level {
	if a.AtLeast(b) {
		return a
	}
	return b
}

// A state is how far a sealed file has been raised.
type state struct {
	level record.Level
	last  signature // the last one that is no time-stamp
	ends  time.Time // the certificate of the last document time-stamp, if there is one
}

// stateOf verifies the signatures and tells the level by form. The security store
// is either complete or not there: addEvidence writes no other.
func stateOf(f *pdf.File, in []byte) (state, error) {
	all, err := signatures(f)
	if err != nil {
		return state{}, record.Refuse(record.NotOurs, err, "find the seal to raise")
	}
	seals := slices.DeleteFunc(slices.Clone(all), func(s signature) bool { return s.isTimestamp(f) })
	if len(seals) == 0 {
		return state{}, record.Refuse(record.NotSigned, nil, "find the seal to raise")
	}
	if err := earlierSealsHold(f, in); err != nil {
		return state{}, record.Refuse(record.NotOurs, err, "find the seal to raise")
	}
	out := state{level: record.BB, last: seals[len(seals)-1]}
	sd, err := cms.Parse(out.last.der)
	if err != nil {
		return out, record.Refuse(record.NotOurs, err, "read the seal to raise")
	}
	if len(sd.Signers[0].TimestampTokens()) > 0 {
		out.level = record.BT
	}
	stored, err := storedSince(f, out.last)
	if err != nil {
		return out, err
	}
	newest := all[len(all)-1]
	switch {
	case stored == 0:
	case newest.isTimestamp(f) && newest.covered > stored:
		out.level = record.BLTA
	default:
		out.level = record.BLT
	}
	if newest.isTimestamp(f) {
		info, err := timestamp.Read(newest.der)
		if err != nil {
			return out, err
		}
		out.ends = info.Certificate.NotAfter
	}
	return out, nil
}

// storedSince returns the end of the first revision after that of s which changed
// the security store, 0 if none did.
func storedSince(f *pdf.File, s signature) (int64, error) {
	var before any
	for i, r := range f.Revisions() {
		g, err := f.AsOf(i)
		if err != nil {
			return 0, err
		}
		catalog, err := g.Catalog()
		if err != nil {
			return 0, err
		}
		if r.End > s.covered && catalog["DSS"] != nil && !same(before, catalog["DSS"]) {
			return r.End, nil
		}
		before = catalog["DSS"]
	}
	return 0, nil
}

// addArchive appends a document time-stamp, and before it the evidence on its
// authority if the security store has none yet: asked once more, it is the same
// authority that answers.
func addArchive(ctx context.Context, in []byte, o RaiseOptions) ([]byte, error) {
	out, info, err := addDocumentTimestamp(ctx, in, o)
	if err != nil {
		return in, err
	}
	f, err := open(in)
	if err != nil {
		return in, err
	}
	store, err := evidence.Read(f)
	if err != nil {
		return in, err
	}
	if slices.ContainsFunc(store.X509(), info.Certificate.Equal) {
		return out, nil
	}
	with, err := addEvidence(ctx, in, o, evidence.Subject{Certificate: info.Certificate, At: info.Time})
	if err != nil {
		return in, err
	}
	if out, _, err = addDocumentTimestamp(ctx, with, o); err != nil {
		return in, err
	}
	return out, nil
}

// addTimestamp puts a token over the signature value of s into its unsigned
// attributes (EN 319 122-1, 5.3), in place. On error it returns in.
func addTimestamp(ctx context.Context, in []byte, s signature, tsa *timestamp.Client) ([]byte, error) {
	if s.covered != int64(len(in)) {
		return in, record.Refuse(record.LevelUnavailable, nil, "time-stamp the seal: revisions follow it")
	}
	if tsa == nil {
		return in, record.Refuse(record.TSAUnreachable, nil, "time-stamp the seal: no authority is configured")
	}
	sd, err := cms.Parse(s.der)
	if err != nil {
		return in, err
	}
	imprint := digestAlgorithm.New()
	imprint.Write(sd.Signers[0].Signature)
	token, err := tsa.Token(ctx, imprint.Sum(nil), digestAlgorithm)
	if err != nil {
		return in, err
	}
	der, err := cms.AddUnsigned(sd.Raw, cms.Timestamp, token)
	if err != nil {
		return in, fmt.Errorf("put the time-stamp into the seal: %w", err)
	}
	out, err := replaceValue(in, s, der)
	if err != nil {
		return in, record.Refuse(record.TSARefused, err, "put the time-stamp into the seal")
	}
	if err := checkStamped(in, out, s, imprint.Sum(nil)); err != nil {
		return in, record.Refuse(record.SealUnsound, err, "check the time-stamped seal")
	}
	return out, nil
}

// replaceValue returns in with another signature value in the place of that of s.
func replaceValue(in []byte, s signature, der []byte) ([]byte, error) {
	room := int(s.end - s.start - 2)
	if hex.EncodedLen(len(der)) > room {
		return nil, fmt.Errorf("a signature value of %d bytes, there is room for %d", len(der), room/2)
	}
	out := slices.Clone(in)
	value := out[s.start+1 : s.end-1]
	n := hex.Encode(value, der)
	copy(value[n:], bytes.Repeat([]byte("0"), room-n))
	return out, nil
}

// checkStamped looks whether out differs from in within the value of s alone, and
// the seal and its time-stamp hold.
func checkStamped(in, out []byte, s signature, imprint []byte) error {
	if len(in) != len(out) || !bytes.Equal(in[:s.start+1], out[:s.start+1]) || !bytes.Equal(in[s.end-1:], out[s.end-1:]) {
		return errors.New("bytes outside the signature value have changed")
	}
	f, err := open(out)
	if err != nil {
		return err
	}
	all, err := signatures(f)
	if err != nil {
		return err
	}
	sd, err := all[len(all)-1].check(out)
	if err != nil {
		return err
	}
	tokens := sd.Signers[0].TimestampTokens()
	if len(tokens) != 1 {
		return fmt.Errorf("%d time-stamps in the seal", len(tokens))
	}
	_, err = timestamp.Check(tokens[0], digestAlgorithm, imprint)
	return err
}
