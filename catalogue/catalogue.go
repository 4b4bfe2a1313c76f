// Package catalogue is the memory of the house: which documents there are, where
// each stands, what happened to it, what work is due.
//
// It is one set of statements on two databases, SQLite on one machine and
// PostgreSQL for many. [Catalogue.Advance] is the only mover of a document: a
// compare-and-swap on its status, in one transaction with the event, the jobs that
// follow and the manifest that will lie beside the objects. Events are only ever
// appended, which the database itself enforces.
package catalogue

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // driver "sqlite"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

//go:embed migrations
var migrations embed.FS

// A Catalogue is an open database. All methods may be called at the same time.
type Catalogue struct {
	write, read *sql.DB // the same pool on PostgreSQL
	dialect     dialect
	now         func() time.Time
}

// A dialect is what differs between the two databases.
type dialect struct {
	name      string
	lockRow   string // suffix of a SELECT whose row is going to be changed
	lockFree  string // the same for rows of "other" that nobody is changing
	lockSeq   string // statement that lets events commit in the order of their numbers
	afterSeqs string // statement that lets the next event follow those that were restored
	match     string // condition that search text matches parameter $1
	rankBy    string // expression that is smaller for better matches of $1
	words     string // table that alone answers match
	newest    string // order of a search with text that is not ranked
	textFrom  string // tables of a search with text
}

var sqliteDialect = dialect{
	name: "sqlite3", match: "search_text MATCH $1", rankBy: "search_text.rank",
	words: "search_text", newest: "search_text.rowid DESC",
	textFrom: "search_text CROSS JOIN search ON search.id = search_text.rowid", // CROSS: the words first, in their own order
}

var postgresDialect = dialect{
	name: "postgres", lockRow: " FOR UPDATE", lockFree: " FOR UPDATE OF other SKIP LOCKED", lockSeq: "SELECT pg_advisory_xact_lock(7306)",
	afterSeqs: "SELECT setval(pg_get_serial_sequence('events', 'seq'), (SELECT max(seq) FROM events))",
	match:     "words @@ to_tsquery('simple', $1)", rankBy: "-ts_rank(words, to_tsquery('simple', $1))", words: "search", newest: "search.id DESC", textFrom: "search",
}

// Open opens and migrates a catalogue: "sqlite:/path/file.db" or "postgres://…".
func Open(ctx context.Context, dsn string) (*Catalogue, error) {
	c := &Catalogue{now: crash.Now}
	var err error
	switch {
	case strings.HasPrefix(dsn, "sqlite:"):
		err = c.openSQLite(strings.TrimPrefix(dsn, "sqlite:"))
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		err = c.openPostgres(dsn)
	default:
		err = fmt.Errorf("it begins with neither sqlite: nor postgres:: %w", record.ErrInvalid)
	}
	if err != nil {
		return nil, fmt.Errorf("open catalogue: %w", err)
	}
	if err := c.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open catalogue: %w", err), c.Close())
	}
	return c, nil
}

func (c *Catalogue) openSQLite(path string) (err error) {
	// FULL: what was committed survives a power cut; it is evidence.
	options := "?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)"
	if c.write, err = sql.Open("sqlite", "file:"+path+options+"&_txlock=immediate"); err != nil {
		return err
	}
	c.write.SetMaxOpenConns(1)
	c.read, err = sql.Open("sqlite", "file:"+path+options+"&_pragma=query_only(1)")
	c.dialect = sqliteDialect
	return err
}

func (c *Catalogue) openPostgres(dsn string) (err error) {
	c.write, err = sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	c.write.SetMaxOpenConns(16)
	c.write.SetConnMaxIdleTime(5 * time.Minute)
	c.read, c.dialect = c.write, postgresDialect
	return nil
}

func (c *Catalogue) migrate(ctx context.Context) error {
	folder := "migrations/sqlite"
	dialect := goose.DialectSQLite3
	if c.dialect.name == "postgres" {
		folder, dialect = "migrations/postgres", goose.DialectPostgres
	}
	scripts, err := fs.Sub(migrations, folder)
	if err != nil {
		return err
	}
	conn, err := c.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if c.dialect.name == "postgres" { // two processes may start at the same time
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(7305)"); err != nil {
			return err
		}
		defer conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(7305)")
	} else {
		conn.Close() // SQLite has one writer, and the provider needs it
	}
	provider, err := goose.NewProvider(dialect, c.write, scripts, goose.WithVerbose(false))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// Close closes the database.
func (c *Catalogue) Close() error {
	if c.read != nil && c.read != c.write {
		return errors.Join(c.read.Close(), c.write.Close())
	}
	return c.write.Close()
}

// Ping reports whether the database answers.
func (c *Catalogue) Ping(ctx context.Context) error {
	var one int
	return c.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// tx runs f in one transaction.
func (c *Catalogue) tx(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// timeFormat has a fixed width, so that text compares as time does.
const timeFormat = "2006-01-02T15:04:05.000000Z"

func stamp(t time.Time) string { return t.UTC().Format(timeFormat) }

func parseStamp(s string) time.Time {
	t, _ := time.Parse(timeFormat, s) // we wrote it; "" is the zero time
	return t
}

// nowUTC is the present to the microsecond, as the database keeps it.
func (c *Catalogue) nowUTC() time.Time { return c.now().UTC().Truncate(time.Microsecond) }

// NewID returns a random public identifier of 26 letters and digits (130 bits).
func NewID() string { return strings.ToLower(rand.Text()) }

// one turns sql.ErrNoRows into our kind.
func one(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf(format+": %w", append(args, record.ErrNotFound)...)
	}
	return err
}
