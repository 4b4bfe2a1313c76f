package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/minio/minio-go/v7"

	"github.com/sohoa/sohoa/record"
)

// Examine tries what the store is relied on for, on objects of its own that it
// removes again.
func (s *Store) Examine(ctx context.Context) []record.Finding {
	switch b := s.b.(type) {
	case *s3:
		return b.examine(ctx)
	case *files:
		return []record.Finding{b.examine()}
	}
	return nil
}

// examine tries whether a name that is taken can be taken again.
func (f *files) examine() record.Finding {
	dir, err := os.MkdirTemp(filepath.Join(f.dir, "tmp"), "doctor-")
	if err != nil {
		return record.Finding{Check: record.CheckConditional, State: record.Bad, Seen: err.Error()}
	}
	defer os.RemoveAll(dir)
	one, name := filepath.Join(dir, "one"), filepath.Join(dir, "name")
	err = os.WriteFile(one, []byte("doctor"), 0o444)
	if err == nil {
		err = os.Link(one, name)
	}
	if err == nil {
		err = os.Link(one, name)
		if errors.Is(err, fs.ErrExist) {
			return record.Finding{Check: record.CheckConditional, State: record.Good}
		}
		err = fmt.Errorf("a second link to one name: %v", err)
	}
	return record.Finding{Check: record.CheckConditional, State: record.Bad, Seen: err.Error()}
}

// probes is where examine writes: no object and no manifest lies there.
const probes = "doctor/"

func (s *s3) examine(ctx context.Context) []record.Finding {
	lock, mode, _, _, err := s.client.GetObjectLockConfig(ctx, s.bucket)
	locks := err == nil && lock == "Enabled"
	if locks && mode != nil {
		seen := "the bucket locks everything for a time (" + mode.String() + "): a probe would stay"
		return []record.Finding{s.versions(ctx), {Check: record.CheckLock, State: record.Good, Seen: seen},
			{Check: record.CheckConditional, State: record.Unknown, Seen: seen}, {Check: record.CheckChecksum, State: record.Unknown, Seen: seen}}
	}
	key := probes + rand.Text()
	all := []record.Finding{s.versions(ctx), s.conditional(ctx, key), s.checksum(ctx, key+"-sum")}
	switch {
	case locks && s.retain == 0:
		all = append(all, record.Finding{Check: record.CheckLock, State: record.Advised, Seen: "the bucket has object lock, and the store's address asks for no retain-days"})
	case locks:
		all = append(all, s.locked(ctx, key+"-lock"))
	case s.retain > 0:
		all = append(all, record.Finding{Check: record.CheckLock, State: record.Bad, Seen: "the store's address asks for retain-days, and the bucket was made without object lock"})
	default:
		all = append(all, record.Finding{Check: record.CheckLock, State: record.Advised, Seen: "the bucket was made without object lock"})
	}
	if err := s.sweepProbes(ctx, key); err != nil {
		all = append(all, record.Finding{Check: record.CheckStore, State: record.Advised, Seen: fmt.Sprintf("probes below %s could not be removed: %v", key, err)})
	}
	return all
}

func (s *s3) versions(ctx context.Context) record.Finding {
	f := record.Finding{Check: record.CheckVersions, State: record.Good}
	v, err := s.client.GetBucketVersioning(ctx, s.bucket)
	switch {
	case err != nil:
		f.State, f.Seen = record.Unknown, err.Error()
	case !v.Enabled():
		f.State, f.Seen = record.Bad, "versioning is "+firstOf(v.Status, "off")
	}
	return f
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// conditional puts other bytes under a key that is taken.
func (s *s3) conditional(ctx context.Context, key string) record.Finding {
	f := record.Finding{Check: record.CheckConditional, State: record.Good}
	var err error
	for _, body := range []string{"first", "second"} {
		b := []byte(body)
		_, err = s.put(ctx, key, bytes.NewReader(b), int64(len(b)), record.DigestOf(b), "text/plain")
		if body == "first" && err != nil {
			return record.Finding{Check: record.CheckConditional, State: record.Bad, Seen: "cannot write at all: " + err.Error()}
		}
	}
	if !errors.Is(err, errExists) {
		f.State, f.Seen = record.Bad, fmt.Sprintf("a put on the condition that nothing is there wrote over an object (%v)", err)
	}
	return f
}

// checksum announces the SHA-256 of other bytes.
func (s *s3) checksum(ctx context.Context, key string) record.Finding {
	f := record.Finding{Check: record.CheckChecksum, State: record.Good}
	wrong, err := hex.DecodeString(string(record.DigestOf([]byte("other bytes"))))
	if err != nil {
		return record.Finding{Check: record.CheckChecksum, State: record.Unknown, Seen: err.Error()}
	}
	options := minio.PutObjectOptions{UserMetadata: map[string]string{"X-Amz-Checksum-Sha256": base64.StdEncoding.EncodeToString(wrong)}}
	core := minio.Core{Client: s.client}
	body := []byte("bytes")
	if _, err := core.PutObject(ctx, s.bucket, key, bytes.NewReader(body), int64(len(body)), "", "", options); err == nil {
		f.State, f.Seen = record.Bad, "bytes were taken with the checksum of others"
	} else if code := minio.ToErrorResponse(err).StatusCode; code != 400 {
		f.State, f.Seen = record.Unknown, err.Error()
	}
	return f
}

// locked holds an object and tries to delete it.
func (s *s3) locked(ctx context.Context, key string) record.Finding {
	f := record.Finding{Check: record.CheckLock, State: record.Good}
	body := []byte("held")
	version, err := s.put(ctx, key, bytes.NewReader(body), int64(len(body)), record.DigestOf(body), "text/plain")
	on, off := minio.LegalHoldEnabled, minio.LegalHoldDisabled
	if err == nil {
		err = s.client.PutObjectLegalHold(ctx, s.bucket, key, minio.PutObjectLegalHoldOptions{VersionID: version, Status: &on})
	}
	if err != nil {
		return record.Finding{Check: record.CheckLock, State: record.Unknown, Seen: err.Error()}
	}
	if err := s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{VersionID: version}); err == nil {
		f.State, f.Seen = record.Bad, "an object under legal hold was deleted"
		return f
	}
	if err := s.client.PutObjectLegalHold(ctx, s.bucket, key, minio.PutObjectLegalHoldOptions{VersionID: version, Status: &off}); err != nil {
		f.Seen = "the hold on a probe could not be lifted: " + err.Error()
	}
	return f
}

// sweepProbes removes every version of the probes.
func (s *s3) sweepProbes(ctx context.Context, prefix string) error {
	var all error
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true, WithVersions: true}) {
		if o.Err != nil {
			return o.Err
		}
		all = errors.Join(all, s.client.RemoveObject(ctx, s.bucket, o.Key, minio.RemoveObjectOptions{VersionID: o.VersionID}))
	}
	return all
}
