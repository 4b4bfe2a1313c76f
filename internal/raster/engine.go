package raster

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// CacheVariable names the environment variable that says where compiled code is
// kept; without it, it is the folder sohoa in the user's cache folder.
const CacheVariable = "SOHOA_CACHE"

// maxDocuments may be open at a time; who opens more waits a minute, then fails.
const maxDocuments = 16

// memoryPages bounds what one document may make pdfium use: pages of 64 KiB, 1.5 GiB.
const memoryPages = 24 << 10

// engine compiles pdfium once in the life of the process.
var engine = sync.OnceValues(func() (pdfium.Pool, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages)
	if dir := cacheFolder(); dir != "" {
		if cache, err := wazero.NewCompilationCacheWithDir(dir); err == nil {
			config = config.WithCompilationCache(cache)
		}
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context:       context.Background(),
		MaxTotal:      maxDocuments,
		FSConfig:      wazero.NewFSConfig(), // the default would mount the root of the file system
		RuntimeConfig: config,
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err)
	}
	return pool, nil
})

// Warm compiles pdfium, or loads the compiled code.
func Warm() error {
	_, err := engine()
	return err
}

func newInstance() (pdfium.Pdfium, error) {
	pool, err := engine()
	if err != nil {
		return nil, err
	}
	instance, err := pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err)
	}
	return instance, nil
}

// cacheFolder returns the folder for compiled code, or "" if there is none that
// is ours alone: whoever could write there could run code as us.
func cacheFolder() string {
	dir := os.Getenv(CacheVariable)
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(user, "sohoa")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ""
	}
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm()&0o022 != 0 {
		return ""
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok || int(owner.Uid) != os.Geteuid() {
		return ""
	}
	return dir
}
