package storage

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sohoa/sohoa/internal/testsvc"
	"github.com/sohoa/sohoa/record"
)

// states are the findings by check.
func states(all []record.Finding) map[record.Check]record.State {
	m := map[record.Check]record.State{}
	for _, f := range all {
		m[f.Check] = f.State
	}
	return m
}

func TestExamineS3(t *testing.T) {
	for name, c := range map[string]struct {
		lock   bool
		retain time.Duration
		want   record.State
	}{"with object lock": {true, day, record.Good}, "that is not used": {true, 0, record.Advised}, "without": {false, 0, record.Advised}, "asked for in vain": {false, day, record.Bad}} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			b := testsvc.MinIO(t)
			config := S3Config{Endpoint: b.Endpoint, Bucket: b.Name, AccessKey: b.AccessKey, SecretKey: b.SecretKey, Retain: c.retain}
			if _, err := MakeBucket(ctx, config, c.lock); err != nil {
				t.Fatal(err)
			}
			s, err := OpenS3(ctx, config)
			if err != nil {
				t.Fatal(err)
			}
			found := s.Examine(ctx)
			for check, want := range map[record.Check]record.State{record.CheckConditional: record.Good, record.CheckChecksum: record.Good, record.CheckVersions: record.Good, record.CheckLock: c.want} {
				if got := states(found)[check]; got != want {
					t.Errorf("%s is %q; want %q: %+v", check, got, want, found)
				}
			}
			client := s.b.(*s3).client
			for o := range client.ListObjects(ctx, b.Name, minio.ListObjectsOptions{Recursive: true, WithVersions: true}) {
				t.Errorf("it left %s %s", o.Key, o.VersionID)
			}
			if !c.lock {
				if err := client.SuspendVersioning(ctx, b.Name); err != nil {
					t.Fatal(err)
				}
				if got := states(s.Examine(ctx))[record.CheckVersions]; got != record.Bad {
					t.Errorf("a bucket without versions is %s", got)
				}
			}
		})
	}
}

// TestWhatIsRetainedCannotBeDeleted by anybody: not its bytes, not what tells of it.
// A deletion that only hides it hides nothing from who knows the version.
func TestWhatIsRetainedCannotBeDeleted(t *testing.T) {
	ctx := context.Background()
	b := testsvc.MinIO(t)
	config := S3Config{Endpoint: b.Endpoint, Bucket: b.Name, AccessKey: b.AccessKey, SecretKey: b.SecretKey, Retain: day}
	if _, err := MakeBucket(ctx, config, true); err != nil {
		t.Fatal(err)
	}
	s, err := OpenS3(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.PutBytes(ctx, []byte("evidence"), "text/plain")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutManifest(ctx, "x", 1, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	client, versions := s.b.(*s3).client, 0
	for o := range client.ListObjects(ctx, b.Name, minio.ListObjectsOptions{Recursive: true, WithVersions: true}) {
		versions++
		if err := client.RemoveObject(ctx, b.Name, o.Key, minio.RemoveObjectOptions{VersionID: o.VersionID, GovernanceBypass: true}); err == nil {
			t.Errorf("%s was deleted", o.Key)
		}
	}
	if versions != 2 {
		t.Errorf("%d versions; want those of an object and a manifest", versions)
	}
	if err := client.RemoveObject(ctx, b.Name, objectKey(r.SHA256), minio.RemoveObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Read(ctx, r.SHA256, r.VersionID, 100); err != nil || string(got) != "evidence" {
		t.Errorf("by its version: %q, %v", got, err)
	}
	if again, err := s.PutBytes(ctx, []byte("evidence"), "text/plain"); err != nil || again.VersionID == r.VersionID {
		t.Errorf("put again: %+v, %v; want another version", again, err)
	}
}

const day = 24 * time.Hour

func TestExamineFiles(t *testing.T) {
	dir := t.TempDir()
	s, err := OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := states(s.Examine(context.Background()))[record.CheckConditional]; got != record.Good {
		t.Errorf("files: %s", got)
	}
	left, err := os.ReadDir(filepath.Join(dir, "tmp"))
	if err != nil || len(left) != 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

// TestExamineACarelessStore: one that takes whatever is sent, heeds no condition and
// no checksum, and lets go of what is held.
func TestExamineACarelessStore(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(careless))
	t.Cleanup(server.Close)
	s, err := OpenS3(t.Context(), S3Config{Endpoint: server.Listener.Addr().String(), Bucket: "careless", Region: "us-east-1", AccessKey: "key", SecretKey: "secret", Retain: day})
	if err != nil {
		t.Fatal(err)
	}
	found := s.Examine(t.Context())
	for _, check := range []record.Check{record.CheckConditional, record.CheckChecksum, record.CheckVersions, record.CheckLock} {
		if got := states(found)[check]; got != record.Bad {
			t.Errorf("%s is %q; want %q: %+v", check, got, record.Bad, found)
		}
	}
}

func careless(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	said := ""
	switch q := r.URL.Query(); {
	case q.Has("versioning"):
		said = "<VersioningConfiguration/>"
	case q.Has("object-lock"):
		said = "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"
	case q.Has("versions"):
		said = "<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>"
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("ETag", `"0"`)
	w.Header().Set("X-Amz-Version-Id", "1")
	_, _ = io.WriteString(w, said)
}
