package testsvc

import (
	"fmt"
	"net/http"
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
		return minio.await(minioReady)
	})
	return Bucket{minioAddress, nameOf(t), minioKey, minioKey}
}

// RestartMinIO ends the server as kill -9 does, and starts it again with what it held.
func RestartMinIO(t testing.TB) {
	t.Helper()
	path, args, env := minio.cmd.Path, minio.cmd.Args[1:], minio.cmd.Env
	_ = minio.cmd.Process.Kill() // gone already is fine
	_ = minio.cmd.Wait()
	if err := minio.run(path, args, func(cmd *exec.Cmd) { cmd.Env = env }); err != nil {
		t.Fatal(err)
	}
	if err := minio.await(minioReady); err != nil {
		t.Fatal(err)
	}
}

// minioReady asks the server's own health route: it listens before it can store.
func minioReady() error {
	resp, err := http.Get("http://" + minioAddress + "/minio/health/cluster")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", resp.Status)
	}
	return nil
}
