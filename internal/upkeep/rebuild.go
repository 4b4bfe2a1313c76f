package upkeep

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

// NotRestored names what the bucket does not hold, by codes of package say.
var NotRestored = []string{"not-keys", "not-grants", "not-answers", "not-tries"}

// A Rebuild makes a catalogue again from the manifests and objects of a store.
type Rebuild struct {
	Store     *storage.Store
	Catalogue *catalogue.Catalogue
	Target    record.Level             // documents sealed below it get a job that raises them
	Progress  func(done, subjects int) // may be nil
}

// Rebuilt says what was restored, and Lost what could not be: the rest was restored
// nevertheless.
type Rebuilt struct {
	Agencies, Dossiers, Documents, Events int
	Jobs                                  map[record.JobKind]int
	Lost                                  []Loss
}

const (
	batch   = 500 // subjects restored in one transaction
	readers = 8   // manifests read at a time

	fieldsLimit = 16 << 20
	recordLimit = 1 << 30 // bytes of the record of a document of thousands of pages
)

// Run fills the catalogue, which must be empty. If it ends with an error the
// catalogue holds a part: it must be thrown away before the next try.
func (r Rebuild) Run(ctx context.Context) (Rebuilt, error) {
	out := Rebuilt{Jobs: map[record.JobKind]int{}}
	empty, err := r.Catalogue.Empty(ctx)
	if err != nil {
		return out, err
	}
	if !empty {
		return out, conflict("rebuild: the catalogue holds documents")
	}
	subjects, err := r.order(ctx, &out)
	if err != nil {
		return out, err
	}
	dossiers := map[string]bool{}
	done := 0
	for part := range slices.Chunk(subjects, batch) {
		restored, err := r.load(ctx, part, &out)
		if err != nil {
			return out, err
		}
		restored = out.count(restored, dossiers)
		if err := r.Catalogue.Restore(ctx, restored); err != nil {
			return out, fmt.Errorf("rebuild: %w", err)
		}
		done += len(part)
		if r.Progress != nil {
			r.Progress(done, len(subjects))
		}
	}
	slices.SortFunc(out.Lost, func(a, b Loss) int { return cmp.Compare(a.String(), b.String()) })
	return out, nil
}

// count adds up what is going to be restored, without documents whose dossier is lost.
func (o *Rebuilt) count(all []catalogue.Subject, dossiers map[string]bool) []catalogue.Subject {
	kept := all[:0]
	for _, s := range all {
		if s.Changes > 0 {
			o.Agencies++
		} else if d := s.Dossier; d != nil {
			dossiers[d.ID] = true
			o.Dossiers++
		} else if d := s.Document; !dossiers[d.Dossier] {
			o.Lost = append(o.Lost, loss("lost-dossier", d.ID, d.Dossier))
			continue
		} else {
			o.Documents++
		}
		if s.Job != "" {
			o.Jobs[s.Job]++
		}
		o.Events += len(s.Events)
		kept = append(kept, s)
	}
	return kept
}

// A history is the numbers of a subject's manifests, in order.
type history struct {
	subject string
	numbers []int
	agency  bool
	dossier bool
	seq     int64 // of its first event
}

// order lists the subjects as they came into being, agencies first, dossiers before documents.
func (r Rebuild) order(ctx context.Context, out *Rebuilt) ([]*history, error) {
	found := map[string]*history{}
	for ref, err := range r.Store.Manifests(ctx) {
		if err != nil {
			return nil, fmt.Errorf("rebuild: %w", err)
		}
		h := found[ref.Subject]
		if h == nil {
			h = &history{subject: ref.Subject}
			found[ref.Subject] = h
		}
		h.numbers = append(h.numbers, ref.Number)
	}
	all := slices.Collect(maps.Values(found))
	err := atOnce(ctx, len(all), func(ctx context.Context, i int) error { return r.begin(ctx, all[i]) })
	var agencies, dossiers, documents []*history
	for _, h := range all {
		switch {
		case h.agency:
			agencies = append(agencies, h)
		case h.seq == 0:
			out.Lost = append(out.Lost, loss("lost-subject", h.subject, len(h.numbers)))
		case h.dossier:
			dossiers = append(dossiers, h)
		default:
			documents = append(documents, h)
		}
	}
	bySeq := func(a, b *history) int { return cmp.Compare(a.seq, b.seq) }
	slices.SortFunc(dossiers, bySeq)
	slices.SortFunc(documents, bySeq)
	return slices.Concat(agencies, dossiers, documents), err
}

// begin reads the first manifest of a subject that can be read.
func (r Rebuild) begin(ctx context.Context, h *history) error {
	slices.Sort(h.numbers)
	for _, n := range h.numbers {
		m, lost, err := r.manifest(ctx, h.subject, n)
		if err != nil {
			return err
		}
		if lost == nil {
			h.agency, h.dossier, h.seq = m.Event.Kind == record.EventAgency, m.Dossier != nil, m.Event.Seq
			return nil
		}
	}
	return nil
}

// atOnce calls f for 0 to n-1, several at a time.
func atOnce(ctx context.Context, n int, f func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for i := range n {
		group.Go(func() error { return f(ctx, i) })
	}
	return group.Wait()
}

// manifest reads one manifest. What is wrong with it is a loss; an error means that
// the store could not be asked.
func (r Rebuild) manifest(ctx context.Context, subject string, n int) (record.Manifest, []Loss, error) {
	var m record.Manifest
	b, err := r.Store.Manifest(ctx, subject, n)
	if passing(err, record.ErrNotFound) {
		return m, nil, fmt.Errorf("rebuild: read manifest %d of %s: %w", n, subject, err)
	}
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	switch {
	case err != nil:
		return m, []Loss{loss("lost-manifest", n, subject, err)}, nil
	case m.Version > record.Version:
		return m, []Loss{loss("lost-newer", n, subject, m.Version)}, nil
	case m.Event.Subject != subject || m.Event.Number != n || !whole(m):
		return m, []Loss{loss("lost-foreign", n, subject)}, nil
	}
	return m, nil, nil
}

// whole reports whether a manifest is of an agency, or of a dossier or a document.
func whole(m record.Manifest) bool {
	if m.Event.Kind == record.EventAgency {
		return m.Agency.ID == m.Event.Subject && m.Dossier == nil && m.Document == nil
	}
	return m.Event.Seq != 0 && (m.Dossier == nil) != (m.Document == nil)
}

// load reads all that is known of some subjects.
func (r Rebuild) load(ctx context.Context, part []*history, out *Rebuilt) ([]catalogue.Subject, error) {
	all := make([]catalogue.Subject, len(part))
	var mu sync.Mutex
	err := atOnce(ctx, len(part), func(ctx context.Context, i int) error {
		s, lost, err := r.subject(ctx, part[i])
		all[i] = s
		mu.Lock()
		defer mu.Unlock()
		out.Lost = append(out.Lost, lost...)
		return err
	})
	return slices.DeleteFunc(all, func(s catalogue.Subject) bool { return len(s.Events) == 0 && s.Changes == 0 }), err
}

// subject reads a subject's manifests, the last of which says how it stands, and
// what it can be found by.
func (r Rebuild) subject(ctx context.Context, h *history) (s catalogue.Subject, lost []Loss, err error) {
	next := 1
	for _, n := range h.numbers {
		for ; next < n; next++ {
			lost = append(lost, loss("lost-event", next, h.subject))
		}
		next++
		m, wrong, err := r.manifest(ctx, h.subject, n)
		if err != nil {
			return s, nil, err
		}
		if wrong != nil {
			lost = append(lost, wrong...)
			continue
		}
		s.Agency, s.Dossier, s.Document = m.Agency, m.Dossier, m.Document
		if h.agency {
			s.Changes = n
		} else {
			s.Events = append(s.Events, m.Event)
		}
	}
	if s.Document == nil {
		return s, lost, nil
	}
	s.Job = r.due(*s.Document, s.Events)
	more, err := r.findable(ctx, &s)
	return s, append(lost, more...), err
}

// due is the job that a document in this state, after these events, waits for.
func (r Rebuild) due(d record.Document, events []record.Event) record.JobKind {
	switch {
	case d.Status == record.Received:
		return record.JobIngest
	case d.Status == record.AwaitingMark:
		return markDue(events)
	case d.Status == record.Approved, d.Status == record.Sealing:
		return record.JobAuthenticate
	case d.Status == record.Sealed && !d.Level.AtLeast(r.Target):
		return record.JobRaise
	}
	return ""
}

// markDue is what is to be done about a person's mark: the last event that was
// about it says so. A use in another dossier, or damage, is not.
func markDue(events []record.Event) record.JobKind {
	for _, e := range slices.Backward(events) {
		switch {
		case e.Kind == "mark-answered":
			return record.JobCompleteMark
		case e.Kind == "mark-wanted", e.From != e.To:
			return record.JobPrepareMark
		case e.Kind == "mark-prepared", e.Kind == "mark-refused":
			return ""
		}
	}
	return record.JobPrepareMark
}

// findable reads a document's fields and words again.
func (r Rebuild) findable(ctx context.Context, s *catalogue.Subject) (lost []Loss, err error) {
	d := *s.Document
	wrong := func(what string, digest record.Digest, err error) error {
		if passing(err, record.ErrNotFound, record.ErrMalformed, storage.ErrDamaged) {
			return fmt.Errorf("rebuild: read the %s of document %s: %w", what, d.ID, err)
		}
		if err != nil {
			lost = append(lost, loss("lost-"+what, d.ID, digest, err))
		}
		return nil
	}
	if d.Fields != "" {
		b, err := r.Store.Read(ctx, d.Fields, "", fieldsLimit)
		if err == nil {
			s.Fields, err = record.ParseFields(b)
		}
		if err := wrong("fields", d.Fields, err); err != nil {
			return lost, err
		}
	}
	if words, ok := d.Rendition(record.RenditionRecord); ok {
		b, err := r.Store.Read(ctx, words.SHA256, words.VersionID, recordLimit)
		if err == nil {
			s.Text, err = textOf(b)
		}
		return lost, wrong("text", words.SHA256, err)
	}
	return lost, nil
}

func textOf(b []byte) (string, error) {
	var digitised record.Digitised
	if err := json.Unmarshal(b, &digitised); err != nil {
		return "", fmt.Errorf("%w: %w", record.ErrMalformed, err)
	}
	return record.Text(digitised.Pages), nil
}
