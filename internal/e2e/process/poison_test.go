//go:build crash

package process

import (
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

// TestPoison: a page that ends its reader at every try is tried a few times and
// set aside for what it did; meanwhile others go on.
func TestPoison(t *testing.T) {
	t.Parallel()
	h := embedded(t)
	h.work.PageTime = 8 * time.Second
	h.work.Jobs = 2
	one := start(t, h.all())
	h.awake()
	want := map[string]record.Reason{crash.Crashing: record.ChildCrashed, crash.Hanging: record.TooMuchTime, crash.Swelling: record.TooMuchMemory}
	sent := map[string]string{}
	for poison := range want {
		sent[poison] = h.upload("poison.jpg", poisoned(strip(t, 4600), poison)).Document
	}
	good := h.upload("a.jpg", strip(t, 4601)).Document
	h.reaches(good, record.InReview, "")
	if err := h.waits(sent); err != nil {
		t.Errorf("the sound document did not overtake the poisoned: %v", err)
	}
	for poison, reason := range want {
		if d := h.reaches(sent[poison], record.SetAside, ""); d.Reason != reason {
			t.Errorf("%s: set aside for %s; want %s", poison, d.Reason, reason)
		}
	}
	if one.killed() {
		t.Error("the service died")
	}
}

// waits reports whether one of the documents is still on its way.
func (h *house) waits(all map[string]string) error {
	var err error
	for _, id := range all {
		if err = h.jobs(func(j record.Job) bool { return j.Document == id }); err == nil {
			return nil
		}
	}
	return err
}

// poisoned is a JPEG with a comment that crash.Poison heeds.
func poisoned(jpeg []byte, text string) []byte {
	out := append([]byte{}, jpeg[:2]...)
	out = append(out, 0xff, 0xfe, 0, byte(len(text)+2))
	out = append(out, text...)
	return append(out, jpeg[2:]...)
}
