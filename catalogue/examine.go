package catalogue

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
)

// clockSkew is how far two clocks may be apart.
const clockSkew = 2 * time.Second

// Look opens a catalogue as it is: it is neither made nor brought to this version.
func Look(ctx context.Context, dsn string) (*Catalogue, error) {
	c := &Catalogue{now: time.Now}
	var err error
	if file, is := strings.CutPrefix(dsn, "sqlite:"); is {
		if _, err := os.Stat(file); err != nil {
			return nil, fmt.Errorf("look at the catalogue: %w: %w", record.ErrNotFound, err)
		}
		err = c.openSQLite(file)
	} else {
		err = c.openPostgres(dsn)
	}
	if err != nil {
		return nil, fmt.Errorf("look at the catalogue: %w", err)
	}
	if err := c.Ping(ctx); err != nil {
		c.Close()
		return nil, fmt.Errorf("look at the catalogue: %w", err)
	}
	return c, nil
}

// Examine looks whether the catalogue is sound, durable and of this version, and
// whether its clock is right.
func (c *Catalogue) Examine(ctx context.Context) []record.Finding {
	all := []record.Finding{c.version(ctx)}
	if c.dialect.name == "postgres" {
		return append(all, c.durable(ctx), c.clock(ctx))
	}
	return append(all, c.sound(ctx))
}

// version compares the last migration with the last of ours.
func (c *Catalogue) version(ctx context.Context) record.Finding {
	f := record.Finding{Check: record.CheckCatalogue, State: record.Good}
	folder := "sqlite"
	if c.dialect.name == "postgres" {
		folder = "postgres"
	}
	scripts, err := fs.Glob(migrations, "migrations/"+folder+"/*.sql")
	if err != nil || len(scripts) == 0 {
		return record.Finding{Check: record.CheckCatalogue, State: record.Unknown, Seen: fmt.Sprint(err)}
	}
	ours, _, _ := strings.Cut(path.Base(scripts[len(scripts)-1]), "_")
	want, _ := strconv.Atoi(ours) // a name of ours
	var held int
	err = c.read.QueryRowContext(ctx, "SELECT COALESCE(max(version_id), 0) FROM goose_db_version").Scan(&held)
	switch {
	case err != nil:
		f.Seen = "it is empty: the first start fills it"
	case held < want:
		f.Seen = fmt.Sprintf("it is at version %d, the next start brings it to %d", held, want)
	case held > want:
		f.State, f.Seen = record.Bad, fmt.Sprintf("it is at version %d, this Sohoa knows %d", held, want)
	}
	return f
}

func (c *Catalogue) sound(ctx context.Context) record.Finding {
	var said string
	if err := c.read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said); err != nil || said != "ok" {
		return record.Finding{Check: record.CheckDurable, State: record.Bad, Seen: fmt.Sprint(said, " ", err)}
	}
	return record.Finding{Check: record.CheckDurable, State: record.Good}
}

// durable asks for what must be on for a commit to survive a power cut.
func (c *Catalogue) durable(ctx context.Context) record.Finding {
	f := record.Finding{Check: record.CheckDurable, State: record.Good}
	var off []string
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var value string
		if err := c.read.QueryRowContext(ctx, "SELECT current_setting($1)", setting).Scan(&value); err != nil {
			return record.Finding{Check: record.CheckDurable, State: record.Unknown, Seen: err.Error()}
		}
		if value == "off" {
			off = append(off, setting+" is off")
		}
	}
	if len(off) > 0 {
		f.State, f.Seen = record.Bad, strings.Join(off, ", ")
	}
	return f
}

func (c *Catalogue) clock(ctx context.Context) record.Finding {
	f := record.Finding{Check: record.CheckClock, State: record.Good}
	before := c.now()
	var theirs time.Time
	if err := c.read.QueryRowContext(ctx, "SELECT clock_timestamp()").Scan(&theirs); err != nil {
		return record.Finding{Check: record.CheckClock, State: record.Unknown, Seen: err.Error()}
	}
	if theirs.Before(before.Add(-clockSkew)) || theirs.After(c.now().Add(clockSkew)) {
		f.State, f.Seen = record.Bad, fmt.Sprintf("this machine has %s, PostgreSQL %s", before.UTC().Format(time.RFC3339), theirs.UTC().Format(time.RFC3339))
	}
	return f
}
