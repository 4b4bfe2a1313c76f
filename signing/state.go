package signing

import (
	"slices"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/trust"
)

// A state is how far a sealed file has been raised.
type state struct {
	level record.Level
	last  signature // the last one that is no time-stamp
	ends  time.Time // of the last document time-stamp, if there is one: its certificate, or an algorithm of it
}

// stateOf verifies the signatures and tells the level by form. The security store
// is either complete or not there: addEvidence writes no other.
func stateOf(f *pdf.File, in Source, algorithms trust.Algorithms) (state, error) {
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
		out.ends = algorithms.End(info.Certificate, info.Hash, info.CMS.Signers[0].DigestAlgorithm)
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
