package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestBackupAndRestoreCommands(t *testing.T) {
	data, _ := kept(t)
	dir, again := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "data")
	if r := sohoa(t, "backup", dir, "--data", data); r.code != exitDone || !strings.Contains(r.out, "4 copied now") {
		t.Fatalf("backup: %d %s%s", r.code, r.out, r.stderr)
	}
	if r := sohoa(t, "restore", dir, "--data", again); r.code != exitDone || !strings.Contains(r.out, "4 files") {
		t.Fatalf("restore: %d %s%s", r.code, r.out, r.stderr)
	}
	if r := sohoa(t, "fixity", "--once", "--data", again); r.code != exitDone {
		t.Errorf("fixity of what came back: %d %s%s", r.code, r.out, r.stderr)
	}
	if r := sohoa(t, "restore", dir, "--data", again); r.code != exitRefused {
		t.Errorf("restore over it: %d %s%s", r.code, r.out, r.stderr)
	}
}
