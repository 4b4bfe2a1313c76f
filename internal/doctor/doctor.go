// Package doctor looks whether everything that is configured holds to what the
// house relies on: stores, queue, catalogue, clocks, reading, marks, time-stamp
// authorities, the key.
//
// It promises to try, not to believe: it writes over a probe, announces a wrong
// checksum, deletes what is locked, reads a page. It leaves nothing behind and
// changes nothing. What cannot be looked at is said so, not passed over.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

// Examine looks at everything; tell is called with each finding as it is made.
func Examine(ctx context.Context, a app.Config, w work.Config, tell func(record.Finding)) {
	for _, look := range []func() []record.Finding{
		func() []record.Finding { return store(ctx, a) },
		func() []record.Finding { return space(a) },
		func() []record.Finding { return broker(ctx, a) },
		func() []record.Finding { return memory(ctx, a) },
		func() []record.Finding { return reading(ctx, w) },
		func() []record.Finding { return authorities(ctx, w) },
		func() []record.Finding { return ownKey(ctx, w) },
	} {
		for _, f := range look() {
			tell(f)
		}
	}
}

// of is a finding of a check that an error made bad, or good without one.
func of(check record.Check, err error) record.Finding {
	if err != nil {
		return record.Finding{Check: check, State: record.Bad, Seen: err.Error()}
	}
	return record.Finding{Check: check, State: record.Good}
}

func store(ctx context.Context, c app.Config) []record.Finding {
	var s *storage.Store
	var err error
	if c.Store == "" {
		s, err = storage.BesideFiles(filepath.Join(c.Data, "objects"))
		if errors.Is(err, os.ErrNotExist) {
			return []record.Finding{{Check: record.CheckStore, State: record.Good, Seen: "there is none yet: the first start makes it"}}
		}
	} else {
		s, err = app.OpenStore(ctx, c)
	}
	if err == nil {
		err = s.Ping(ctx)
	}
	if err != nil {
		return []record.Finding{of(record.CheckStore, err)}
	}
	return append([]record.Finding{of(record.CheckStore, nil)}, s.Examine(ctx)...)
}

// lowSpace is what the data folder must have free: bytes, and a share.
const (
	lowSpace      = 5 << 30
	lowSpaceShare = 0.05
)

func space(c app.Config) []record.Finding {
	dir := c.Data
	for dir != "/" && dir != "." {
		if _, err := os.Stat(dir); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return []record.Finding{{Check: record.CheckSpace, State: record.Unknown, Seen: err.Error()}}
	}
	free, all := int64(fs.Bavail)*fs.Bsize, int64(fs.Blocks)*fs.Bsize
	f := record.Finding{Check: record.CheckSpace, State: record.Good, Seen: fmt.Sprintf("%d GiB of %d are free", free>>30, all>>30)}
	if free < lowSpace || float64(free) < lowSpaceShare*float64(all) {
		f.State = record.Bad
	}
	return []record.Finding{f}
}

func broker(ctx context.Context, c app.Config) []record.Finding {
	if c.Redis == "" {
		return nil // inside the process, made anew with it
	}
	b, err := app.OpenBroker(c)
	if err != nil {
		return []record.Finding{of(record.CheckQueue, err)}
	}
	defer b.Close()
	return append([]record.Finding{of(record.CheckQueue, nil)}, b.Examine(ctx)...)
}

// memory looks at the catalogue, and whether the names in it can be printed.
func memory(ctx context.Context, c app.Config) []record.Finding {
	dsn, err := app.CatalogueDSN(c)
	if err != nil {
		return []record.Finding{of(record.CheckCatalogue, err)}
	}
	cat, err := catalogue.Look(ctx, dsn)
	if c.Catalogue == "" && errors.Is(err, record.ErrNotFound) {
		return []record.Finding{{Check: record.CheckCatalogue, State: record.Good, Seen: "there is none yet: the first start makes it"}}
	}
	if err != nil {
		return []record.Finding{of(record.CheckCatalogue, err)}
	}
	defer cat.Close()
	agencies, _ := cat.Agencies(ctx) // none in a catalogue that is empty yet; Examine says why
	return append(cat.Examine(ctx), font(agencies))
}
