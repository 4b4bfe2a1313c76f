package testsvc

import (
	"os/exec"
	"path/filepath"
	"testing"
)

var minio server

// A Bucket is the address of a bucket that does not exist yet.
type Bucket struct {
	Endpoint, Name, AccessKey, SecretKey string
}

const minioKey = "test-key-of-tests" // both names: a server that lives as long as a test

var minioAddress string

// MinIO returns the address of a MinIO server and a name for a bucket.
func MinIO(t testing.TB) Bucket {
	t.Helper()
	minio.start(t, func(folder string) error {
		path, err := program("minio", "TEST_MINIO")
		if err != nil {
			return err
		}
		if minioAddress, err = freePort(); err != nil {
			return err
		}
		args := []string{"server", "--quiet", "--address", minioAddress, filepath.Join(folder, "data")}
		err = minio.run(path, args, func(cmd *exec.Cmd) {
			cmd.Env = append(cmd.Environ(), "MINIO_ROOT_USER="+minioKey, "MINIO_ROOT_PASSWORD="+minioKey, "MINIO_BROWSER=off", "MINIO_UPDATE=off")
		})
		if err != nil {
			return err
		}
		return minio.await(func() error { return dial(minioAddress) })
	})
	return Bucket{minioAddress, nameOf(t), minioKey, minioKey}
}
