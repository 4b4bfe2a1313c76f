package work

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
)

// TestDeadWorkersAreRelieved: what a dead worker had in hand is due at once and what
// it left is removed, though its last sign of life is of this moment; a living one
// keeps both.
func TestDeadWorkersAreRelieved(t *testing.T) {
	ctx, data := context.Background(), t.TempDir()
	c, err := catalogue.Open(ctx, "sqlite:"+filepath.Join(data, "c.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var posts [3]*post
	for i := range posts {
		if posts[i], err = takePost(data); err != nil {
			t.Fatal(err)
		}
	}
	dead, alive, next := posts[0], posts[1], posts[2]
	lost, kept := inHand(t, c, dead.name), inHand(t, c, alive.name)
	if err := os.WriteFile(filepath.Join(dead.dir, "scan.pdf"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := dead.lock.Close(); err != nil { // as the kernel does when a process ends
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing left to do
		if err := next.relieve(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	due, err := c.Pending(ctx, "", 10)
	if err != nil || len(due) != 1 || due[0].Document != lost {
		t.Errorf("due: %+v, %v; want the job of %s", due, err, lost)
	}
	if _, err := os.Stat(dead.dir); !os.IsNotExist(err) {
		t.Errorf("the dead worker's folder: %v; want it removed", err)
	}
	if _, err := os.Stat(alive.dir); err != nil {
		t.Errorf("the living worker's folder: %v", err)
	}
	if err := alive.leave(); err != nil {
		t.Errorf("leave = %v", err)
	}
	if err := next.relieve(ctx, c); err != nil {
		t.Fatal(err)
	}
	if due, err := c.Pending(ctx, "", 10); err != nil || len(due) != 1 {
		t.Errorf("after a worker left in order: %d jobs are due, %v; want none but the first: %s is given back or silent", len(due), err, kept)
	}
}

// TestAPostIsTakenUnseen: a post that is just being taken is not taken for one whose
// worker is dead, and one that was left half-taken is removed some day.
func TestAPostIsTakenUnseen(t *testing.T) {
	data := t.TempDir()
	p, err := takePost(data)
	if err != nil {
		t.Fatal(err)
	}
	begun := filepath.Join(data, PostsFolder, ".host-1-x")
	if err := os.Mkdir(begun, 0o700); err != nil {
		t.Fatal(err)
	}
	there := func(age time.Duration) bool {
		at := time.Now().Add(-age)
		if err := os.Chtimes(begun, at, at); err != nil {
			t.Fatal(err)
		}
		if err := p.relieve(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		_, err := os.Stat(begun)
		return err == nil
	}
	if !there(0) {
		t.Error("a post that was being taken is gone")
	}
	if there(2 * unlocked) {
		t.Error("a post that was left half-taken stays")
	}
}

// inHand returns a document whose job a worker has.
func inHand(t *testing.T, c *catalogue.Catalogue, worker string) string {
	t.Helper()
	ctx := context.Background()
	if err := c.PutAgency(ctx, record.Agency{ID: "H01", Name: "Sở"}, "test"); err != nil {
		t.Fatal(err)
	}
	d, err := c.CreateDossier(ctx, "H01", worker, "Hồ sơ", "test")
	if err != nil {
		t.Fatal(err)
	}
	doc, _, err := c.Receive(ctx, record.Document{Agency: "H01", Dossier: d.ID, Name: "a", Renditions: []record.Rendition{{Kind: record.RenditionOriginal, SHA256: record.DigestOf([]byte(worker))}}}, "", "test")
	if err != nil {
		t.Fatal(err)
	}
	due, err := c.Pending(ctx, "", 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("%d jobs are due, %v", len(due), err)
	}
	if _, ours, err := c.Start(ctx, due[0].JobRef, worker); err != nil || !ours {
		t.Fatalf("Start = %v, %v", ours, err)
	}
	return doc.ID
}
