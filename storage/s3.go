package storage

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sohoa/sohoa/record"
)

// S3Config says where the bucket is. The secret is the content of a file, never
// part of a configuration.
type S3Config struct {
	Endpoint  string // host:port
	Bucket    string
	Region    string
	AccessKey string
	SecretKey string
	Secure    bool          // TLS
	Retain    time.Duration // for which nobody may delete what was put; the bucket must have object lock. 0: none
}

// s3 keeps keys in a bucket. Put is conditional (the key must not be there) and
// sends the SHA-256, which the server checks before it answers.
type s3 struct {
	client *minio.Client
	bucket string
	retain time.Duration
}

// OpenS3 opens the store in a bucket, which must exist.
func OpenS3(ctx context.Context, c S3Config) (*Store, error) {
	client, err := minio.New(c.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: c.Secure, Region: c.Region,
		TrailingHeaders: true, // without it the client refuses to send checksums
	})
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", c.Bucket, err)
	}
	there, err := client.BucketExists(ctx, c.Bucket)
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", c.Bucket, err)
	}
	if !there {
		return nil, fmt.Errorf("bucket %s: %w", c.Bucket, record.ErrNotFound)
	}
	return &Store{&s3{client, c.Bucket, c.Retain}}, nil
}

// MakeBucket makes the bucket with versions and, if lock, with object lock, and
// reports whether it did: one that is there stays as it is.
func MakeBucket(ctx context.Context, c S3Config, lock bool) (made bool, err error) {
	client, err := minio.New(c.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: c.Secure, Region: c.Region})
	if err != nil {
		return false, fmt.Errorf("make bucket %s: %w", c.Bucket, err)
	}
	if there, err := client.BucketExists(ctx, c.Bucket); err != nil || there {
		return false, err
	}
	if err := client.MakeBucket(ctx, c.Bucket, minio.MakeBucketOptions{Region: c.Region, ObjectLocking: lock}); err != nil {
		return false, fmt.Errorf("make bucket %s: %w", c.Bucket, err)
	}
	if lock {
		return true, nil // has versions by itself
	}
	return true, client.EnableVersioning(ctx, c.Bucket)
}

// singlePart bounds an object that is put with the condition "not there yet";
// larger ones go in parts, where not every server heeds the condition, so they
// are looked for first. Both are named by their digest: a race writes equal bytes.
const singlePart = 64 << 20

func (s *s3) put(ctx context.Context, key string, r io.Reader, size int64, d record.Digest, mediaType string) (string, error) {
	options := minio.PutObjectOptions{ContentType: mediaType, Checksum: minio.ChecksumSHA256, DisableMultipart: size <= singlePart}
	options.SetMatchETagExcept("*")
	if s.retain > 0 && !strings.HasPrefix(key, probes) {
		options.Mode, options.RetainUntilDate = minio.Compliance, time.Now().UTC().Add(s.retain)
	}
	if size > singlePart {
		if _, err := s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{}); err == nil {
			return "", errExists
		}
	}
	checked := &digestReader{r: r, want: d, size: size}
	info, err := s.client.PutObject(ctx, s.bucket, key, checked.start(), size, options)
	if minio.ToErrorResponse(err).StatusCode == http.StatusPreconditionFailed {
		return "", errExists
	}
	if err != nil {
		return "", kind(err)
	}
	if info.Size != size {
		return "", fmt.Errorf("%d of %d bytes were stored: %w", info.Size, size, ErrDamaged)
	}
	if sum, err := base64.StdEncoding.DecodeString(info.ChecksumSHA256); size <= singlePart && err == nil && len(sum) > 0 && hex.EncodeToString(sum) != string(d) {
		return "", fmt.Errorf("the server stored digest %x: %w", sum, ErrDamaged)
	}
	return info.VersionID, nil
}

func (s *s3) open(ctx context.Context, key, version string) (Object, error) {
	o, err := s.client.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{VersionID: version})
	if err != nil {
		return Object{}, kind(err)
	}
	info, err := o.Stat()
	if err != nil {
		o.Close()
		return Object{}, fmt.Errorf("open %s: %w", key, kind(err))
	}
	return Object{ReadSeekCloser: o, Size: info.Size, Version: info.VersionID}, nil
}

func (s *s3) list(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
			if o.Err != nil {
				yield("", fmt.Errorf("list %s: %w", prefix, kind(o.Err)))
				return
			}
			if !yield(o.Key, nil) {
				return
			}
		}
	}
}

// kind turns the client's error into ours: its types do not leave this file.
func kind(err error) error {
	r := minio.ToErrorResponse(err)
	switch {
	case r.StatusCode == http.StatusNotFound || r.Code == "NoSuchKey" || r.Code == "NoSuchVersion":
		return fmt.Errorf("%s: %w", r.Code, record.ErrNotFound)
	case r.Code == "XMinioStorageFull" || r.StatusCode == http.StatusInsufficientStorage:
		return record.Fail(record.DiskFull, errors.New(r.Message), "write to the object store")
	}
	return err
}
