package pipeline

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
)

// What our PDF/A carries of a signed original is the original itself, whatever its
// bytes are, and what was found when it was verified.
func TestCarryASignedOriginal(t *testing.T) {
	dir := t.TempDir()
	in := Input{Name: "15-QD", Files: []string{filepath.Join(dir, "0001-scan.pdf"), filepath.Join(dir, "0002-scan.pdf")}}
	contents := []string{"%PDF-1.7\n\x00\xff signed", "%PDF-1.4\rmore"}
	var original record.Original
	for i, path := range in.Files {
		if err := os.WriteFile(path, []byte(contents[i]), 0o600); err != nil {
			t.Fatal(err)
		}
		ref, err := describeFile(path)
		if err != nil {
			t.Fatal(err)
		}
		original.Files = append(original.Files, ref)
	}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	original.Verdict = &record.Verdict{SHA256: original.Files[0].SHA256, Outcome: record.Indeterminate, At: at, Signatures: []record.SignatureVerdict{}}
	all, close, err := carry(in, original)
	if err != nil {
		t.Fatal(err)
	}
	defer close()
	want := []pdfa.Attachment{{Name: "15-QD.original.pdf", Relationship: pdfa.Source}, {Name: "15-QD.original-2.pdf", Relationship: pdfa.Source}, {Name: "15-QD.verification.json", Relationship: pdfa.Supplement}}
	if len(all) != len(want) {
		t.Fatalf("carry = %d attachments; want %d", len(all), len(want))
	}
	for i, a := range all {
		b, err := io.ReadAll(a.Data)
		if err != nil || a.Name != want[i].Name || a.Relationship != want[i].Relationship {
			t.Errorf("attachment %d = %q, %s, %v; want %q, %s", i, a.Name, a.Relationship, err, want[i].Name, want[i].Relationship)
		}
		if i < len(contents) && string(b) != contents[i] {
			t.Errorf("%s holds %q; want %q", a.Name, b, contents[i])
		}
		if i < len(contents) {
			continue
		}
		var s record.Statement
		if err := json.Unmarshal(b, &s); err != nil || s.Verdict.Outcome != record.Indeterminate || !s.Verdict.At.Equal(at) || len(s.Files) != 2 || s.Files[0].SHA256 != record.DigestOf([]byte(contents[0])) {
			t.Errorf("the statement is %+v, %v", s, err)
		}
	}
	in.Files = append(in.Files, filepath.Join(dir, "none"))
	if _, _, err := carry(in, record.Original{Files: append(original.Files, original.Files[0]), Verdict: original.Verdict}); record.ReasonOf(err) != record.InputUnreadable {
		t.Errorf("carry of a missing file = %v; want %s", err, record.InputUnreadable)
	}
}
