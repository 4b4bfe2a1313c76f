package verify_test

import (
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
)

func TestSoundPapers(t *testing.T) {
	w := newWorld()
	for _, test := range []struct {
		name   string
		paper  *paper
		at     time.Time
		want   record.Outcome
		sub    record.SubIndication
		level  record.Level
		source string
		after  record.Changes
	}{
		{"B-B without revocation data", newPaper().sign(signing{cms: by(w.clerk, w.chain)}), later, record.Indeterminate, record.ChainGeneralFailure, record.BB, "claimed", record.ChangesNone},
		{"B-B with evidence behind it", w.evidence(newPaper().sign(signing{cms: by(w.clerk, w.chain)}), noon), later, record.Passed, "", record.BB, "claimed", record.ChangesArchive},
		{"B-T without revocation data", w.clerkSigns(newPaper()), later, record.Indeterminate, record.ChainGeneralFailure, record.BB, "claimed", record.ChangesNone},
		{"B-LT", w.evidence(w.clerkSigns(newPaper()), noon.Add(time.Minute)), later, record.Passed, "", record.BLT, "timestamp", record.ChangesArchive},
		{"B-LTA", w.archived(), later, record.Passed, "", record.BLTA, "timestamp", record.ChangesArchive},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := test.paper.verify(t, w.policy(test.at))
			s := v.Signatures[0]
			if v.Outcome != test.want || s.SubIndication != test.sub || s.Level != test.level || s.TimeSource != test.source || s.ChangesAfter != test.after || s.Integrity != "intact" {
				t.Errorf("said %s\nwant %s %s, level %s by %s, then %s", said(v), test.want, test.sub, test.level, test.source, test.after)
			}
		})
	}
}
