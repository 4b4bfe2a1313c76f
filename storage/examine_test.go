package storage

import (
	"context"
	"os"
	"path/filepath"
	"testing"

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
		lock bool
		want record.State
	}{"with object lock": {true, record.Good}, "without": {false, record.Advised}} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			b := testsvc.MinIO(t)
			config := S3Config{Endpoint: b.Endpoint, Bucket: b.Name, AccessKey: b.AccessKey, SecretKey: b.SecretKey}
			if err := MakeBucket(ctx, config, c.lock); err != nil {
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
