package upkeep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"syscall"
	"time"

	"golang.org/x/time/rate"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

// A Fixity reads every object again and compares its digest with its name
// (PREMIS: fixity check).
type Fixity struct {
	Store     *storage.Store
	Catalogue *catalogue.Catalogue
	Manifests func(ctx context.Context, subject string) error // writes the manifests that are due
	Rate      int64                                           // bytes a second, 0: as fast as it goes
	Progress  func(checked int, bytes int64)                  // may be nil
}

// A Round is what one look at everything saw.
type Round struct {
	Begun, Ended time.Time
	Objects      int   // read whole
	Bytes        int64 // of them
	Renditions   int   // of documents, whose objects were looked for
	Faults       []Fault
}

// A Fault is an object that is not what its name says, or is not there.
type Fault struct {
	Object    record.Digest
	Version   string // of the object store, where it has versions
	Missing   bool   // else damaged
	Document  string // "" if no document names it
	Rendition string
	Seen      string // what was seen
}

func (f Fault) String() string {
	if f.Document == "" {
		return fmt.Sprintf("%s: object %s, of no document: %s", f.what(), f.Object, f.Seen)
	}
	return fmt.Sprintf("%s: %s of document %s, object %s: %s", f.what(), f.Rendition, f.Document, f.Object, f.Seen)
}

func (f Fault) what() string {
	if f.Missing {
		return "missing"
	}
	return "damaged"
}

// Run looks at all objects and at all that documents name, once. Each fault of a
// document becomes an event of it, damage-found, unless that is its last event
// already. An error means that the look could not be ended.
func (x Fixity) Run(ctx context.Context) (Round, error) {
	r := &look{Fixity: x, limit: limiter(x.Rate), bad: map[record.Digest]Fault{}, named: map[record.Digest]bool{}}
	r.Begun = time.Now()
	err := r.objects(ctx)
	if err == nil {
		err = x.Catalogue.Each(ctx, func(d record.Document) error { return r.document(ctx, d) })
	}
	for digest, f := range r.bad {
		if !r.named[digest] {
			r.Faults = append(r.Faults, f)
		}
	}
	r.Ended = time.Now()
	return r.Round, err
}

// Rolling looks round after round until ctx ends; it logs what it saw and counts it
// for the monitoring.
func (x Fixity) Rolling(ctx context.Context, pause time.Duration) {
	for ctx.Err() == nil {
		round, err := x.Run(ctx)
		for _, f := range round.Faults {
			slog.ErrorContext(ctx, "stored bytes are not what they were", "object", f.Object, "document", f.Document, "rendition", f.Rendition, "missing", f.Missing)
		}
		if err == nil {
			observe.Fixity(len(round.Faults))
		}
		if ctx.Err() == nil {
			slog.InfoContext(ctx, "fixity round", "objects", round.Objects, "bytes", round.Bytes, "faults", len(round.Faults), "took", round.Ended.Sub(round.Begun), "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// A look is one round on its way.
type look struct {
	Fixity
	Round
	limit *rate.Limiter
	bad   map[record.Digest]Fault // newest versions
	named map[record.Digest]bool  // objects whose fault is one of a document
}

// chunk is what is read at a time, and the burst of the limiter.
const chunk = 1 << 20

func limiter(bytes int64) *rate.Limiter {
	if bytes <= 0 {
		return rate.NewLimiter(rate.Inf, chunk)
	}
	return rate.NewLimiter(rate.Limit(bytes), chunk)
}

// objects reads each object's newest version.
func (l *look) objects(ctx context.Context) error {
	for digest, err := range l.Store.Objects(ctx) {
		if err != nil {
			return fmt.Errorf("fixity: %w", err)
		}
		f, err := l.check(ctx, digest, "")
		if err != nil {
			return err
		}
		if f.Seen != "" {
			l.bad[digest] = f
		}
		if l.Fixity.Progress != nil {
			l.Fixity.Progress(l.Objects, l.Bytes)
		}
	}
	return nil
}

// check reads one object; a fault that saw nothing is none. An error means that
// the store could not be asked.
func (l *look) check(ctx context.Context, digest record.Digest, version string) (Fault, error) {
	counted := &slowly{ctx: ctx, limit: l.limit}
	err := l.Store.Get(ctx, digest, version, counted)
	l.Bytes += counted.n
	f := Fault{Object: digest, Version: version, Missing: errors.Is(err, record.ErrNotFound)}
	if passing(err, storage.ErrDamaged, record.ErrNotFound, syscall.EIO) {
		return f, fmt.Errorf("fixity: read object %s: %w", digest, err)
	}
	if err != nil {
		f.Seen = err.Error()
		return f, nil
	}
	l.Objects++
	return f, nil
}

// document looks for every object that a document names.
func (l *look) document(ctx context.Context, d record.Document) error {
	var faults []Fault
	for _, r := range d.Renditions {
		l.Renditions++
		f, err := l.rendition(ctx, r)
		if err != nil {
			return fmt.Errorf("fixity: document %s: %w", d.ID, err)
		}
		if f.Seen != "" {
			f.Document, f.Rendition = d.ID, r.Kind
			l.named[r.SHA256] = true
			faults = append(faults, f)
		}
	}
	l.Faults = append(l.Faults, faults...)
	if len(faults) == 0 {
		return nil
	}
	return l.note(ctx, d, faults)
}

// rendition looks for one object. Its newest version was read already; a document
// may name an older one.
func (l *look) rendition(ctx context.Context, r record.Rendition) (Fault, error) {
	if f, bad := l.bad[r.SHA256]; bad && r.VersionID == "" {
		return f, nil
	} else if bad {
		return l.check(ctx, r.SHA256, r.VersionID)
	}
	o, err := l.Store.Open(ctx, r.SHA256, "")
	if err == nil {
		defer o.Close()
		if r.VersionID == "" || r.VersionID == o.Version {
			return Fault{}, nil
		}
	}
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		return Fault{}, err
	}
	return l.check(ctx, r.SHA256, r.VersionID)
}

// note tells the document's history, once.
func (l *look) note(ctx context.Context, d record.Document, faults []Fault) error {
	var lines []string
	for _, f := range faults {
		lines = append(lines, fmt.Sprintf("%s %s %s", f.Rendition, f.what(), f.Object))
	}
	told := strings.Join(lines, "\n")
	last, err := l.Catalogue.LastEvent(ctx, d.ID)
	if err != nil || last.Kind == DamageFound && last.Note == told {
		return err
	}
	if err := l.Catalogue.Note(ctx, d.ID, DamageFound, told, actor); err != nil {
		return err
	}
	return l.Manifests(ctx, d.ID)
}

// DamageFound is the kind of the event that a fault makes.
const DamageFound = "damage-found"

// slowly takes bytes no faster than its limit.
type slowly struct {
	ctx   context.Context
	limit *rate.Limiter
	n     int64
}

func (s *slowly) Write(p []byte) (int, error) {
	for part := p; len(part) > 0; {
		n := min(len(part), chunk)
		if err := s.limit.WaitN(s.ctx, n); err != nil {
			return 0, err
		}
		part = part[n:]
	}
	s.n += int64(len(p))
	return io.Discard.Write(p)
}
