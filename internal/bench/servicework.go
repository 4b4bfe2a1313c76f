package bench

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
)

// A Cost is the processor time of documents on their way from upload to seal, in
// this process and its children.
type Cost struct {
	Documents, Pages int           // recognised
	Recognise        time.Duration // of all of them: the child that prepares and reads pages
	Replays          int           // documents taken the whole way without recognising and signing
	Service          time.Duration // of all of them: API, queue, catalogue, store
}

// Share is what the service costs a document, as a share of its recognition.
func (c Cost) Share() float64 {
	return (c.Service.Seconds() / float64(max(1, c.Replays))) / (c.Recognise.Seconds() / float64(max(1, c.Documents)))
}

// A weight is how many bytes each rendition of a document has.
type weight map[string]int64

const replays = 100

// cost recognises the scans once, and then takes documents of the same weights
// the whole way with workers that only store and advance.
func (s *service) cost(ctx context.Context) (Cost, error) {
	var c Cost
	b, err := open(ctx, Options{Software: s.options.Software, Languages: s.options.Languages})
	if err != nil {
		return c, err
	}
	defer b.close()
	var weights []weight
	for _, file := range s.files {
		w, pages, err := s.weigh(ctx, b, file)
		if err != nil {
			return c, err
		}
		weights = append(weights, w)
		c.Documents, c.Pages = c.Documents+1, c.Pages+pages
	}
	c.Recognise, c.Replays = b.counted.spent, replays
	c.Service, err = s.replay(ctx, weights)
	return c, err
}

// weigh takes one scan to its sealed PDF.
func (s *service) weigh(ctx context.Context, b *bench, file string) (weight, int, error) {
	work, err := os.MkdirTemp(b.folder, "work-")
	if err != nil {
		return nil, 0, err
	}
	defer os.RemoveAll(work)
	digitised, _, sealed, err := b.seal(ctx, file, work)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	whole, err := json.Marshal(digitised)
	if err != nil {
		return nil, 0, err
	}
	fields, err := json.Marshal(digitised.Fields)
	if err != nil {
		return nil, 0, err
	}
	w := weight{record.RenditionOriginal: digitised.Original.Files[0].Bytes, record.RenditionArchival: digitised.Archival.Bytes, record.RenditionRecord: int64(len(whole)),
		record.RenditionFields: int64(len(fields)), record.RenditionSealed: int64(sealed)}
	for _, p := range digitised.Pages {
		if info, err := os.Stat(filepath.Join(work, p.Preview)); err == nil {
			w[record.RenditionPreviews] += info.Size()
		}
	}
	return w, len(digitised.Pages), nil
}

// replay takes documents the whole way without their pages, and says what
// processor time that took.
func (s *service) replay(ctx context.Context, weights []weight) (time.Duration, error) {
	dossier, err := s.dossier(ctx)
	if err != nil {
		return 0, err
	}
	bodies := make([][]byte, replays)
	for i := range bodies {
		bodies[i] = picture(weights[i%len(weights)][record.RenditionOriginal])
	}
	r := &replayer{service: s, weights: weights, noise: picture(64 << 20)}
	_, used, err := spent(1, func(int) error {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		workers := &queue.Workers{Broker: s.app.Broker, Catalogue: s.app.Catalogue, Jobs: 1, Timing: queue.DefaultTiming(), Name: "bench",
			Handlers: map[record.JobKind]queue.Handler{record.JobIngest: r.ingest, record.JobAuthenticate: r.authenticate}}
		ended := make(chan error, 1)
		go func() { ended <- workers.Run(ctx) }()
		for _, body := range bodies {
			if _, err := s.upload(ctx, dossier.ID, "don.png", body); err != nil {
				return err
			}
		}
		err := s.throughReview(ctx, dossier.ID, replays)
		stop()
		<-ended
		return err
	})
	return used, err
}

// A replayer does the jobs of a worker but for recognising and signing.
type replayer struct {
	*service
	weights []weight
	writing sync.Mutex // noise changes with each put
	noise   []byte
}

// put stores so many bytes that are new.
func (r *replayer) put(ctx context.Context, kind string, size int64) (record.Rendition, error) {
	r.writing.Lock()
	defer r.writing.Unlock()
	body := r.noise[:min(size, int64(len(r.noise)))]
	if len(body) > 16 {
		rand.Read(body[:16])
	}
	stored, err := r.app.Store.PutBytes(ctx, body, "application/octet-stream")
	stored.Kind = kind
	return stored, err
}

func (r *replayer) ingest(ctx context.Context, job record.Job) error {
	d, err := r.app.Catalogue.Document(ctx, job.Document)
	if err != nil {
		return err
	}
	original, _ := d.Rendition(record.RenditionOriginal)
	change := record.Change{Actor: "bench", Finish: &job.JobRef, Pages: 1, Text: d.ID, Fields: record.Fields{}}
	for _, w := range r.weights {
		if w[record.RenditionOriginal] != original.Bytes {
			continue
		}
		for _, kind := range []string{record.RenditionArchival, record.RenditionRecord, record.RenditionFields, record.RenditionPreviews} {
			stored, err := r.put(ctx, kind, w[kind])
			if err != nil {
				return err
			}
			change.Renditions = append(change.Renditions, stored)
		}
		break
	}
	change.FieldsAt = change.Renditions[2].SHA256
	_, err = r.app.Catalogue.Advance(ctx, d.ID, record.Received, record.InReview, change)
	return err
}

func (r *replayer) authenticate(ctx context.Context, job record.Job) error {
	d, err := r.app.Catalogue.Advance(ctx, job.Document, record.Approved, record.Sealing, record.Change{Actor: "bench", Intent: &record.Intent{Time: time.Now()}})
	if err != nil {
		return err
	}
	archival, _ := d.Rendition(record.RenditionArchival)
	sealed, err := r.put(ctx, record.RenditionSealed, archival.Bytes+50<<10)
	if err != nil {
		return err
	}
	_, err = r.app.Catalogue.Advance(ctx, d.ID, record.Sealing, record.Sealed, record.Change{Actor: "bench", Level: record.BB, Renditions: []record.Rendition{sealed}, Finish: &job.JobRef})
	return err
}

// A Speed is how many documents go from upload to B-B in a minute.
type Speed struct {
	Jobs, Documents, Pages int
	Took, CPU              time.Duration
}

// speeds takes the scans the whole way with one job at a time and with two.
func (s *service) speeds(ctx context.Context) ([]Speed, error) {
	var all []Speed
	for jobs := 1; jobs <= 2; jobs++ {
		dossier, err := s.dossier(ctx)
		if err != nil {
			return nil, err
		}
		one := Speed{Jobs: jobs, Documents: len(s.files)}
		one.Took, one.CPU, err = spent(1, func(int) error { return s.work(ctx, jobs, dossier.ID) })
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// work uploads the scans and lets real workers take them to their seal.
func (s *service) work(ctx context.Context, jobs int, dossier string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for _, file := range s.files {
		body, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := s.upload(ctx, dossier, filepath.Base(file), body); err != nil {
			return err
		}
	}
	config := work.Config{Key: filepath.Join(s.folder, "pki", devpki.SignerFile), PasswordFile: filepath.Join(s.folder, "pki", devpki.PasswordFile), Level: string(record.BB),
		Jobs: jobs, Languages: s.options.Languages, PageTime: 5 * time.Minute, StopTime: time.Second, Trust: []string{filepath.Join(s.folder, "pki", devpki.RootsFile)}}
	ended := make(chan error, 1)
	go func() { ended <- work.Run(ctx, s.app, config, s.options.Software) }()
	err := s.throughReview(ctx, dossier, len(s.files))
	stop()
	<-ended
	return err
}

// throughReview approves what comes to review until n documents of a dossier are
// sealed or set aside.
func (s *service) throughReview(ctx context.Context, dossier string, n int) error {
	for tick := time.NewTicker(100 * time.Millisecond); ; {
		all, _, err := s.app.Catalogue.Documents(ctx, queryOf(s.agency.ID, dossier))
		if err != nil {
			return err
		}
		ended := 0
		for _, d := range all {
			switch d.Status {
			case record.Sealed, record.SetAside:
				ended++
			case record.InReview:
				archival, _ := d.Rendition(record.RenditionArchival)
				decision := &record.Decision{Approve: true, Archival: archival.SHA256, Fields: d.Fields, Actor: "bench", At: time.Now()}
				if _, err := s.app.Catalogue.Advance(ctx, d.ID, record.InReview, record.Approved, record.Change{Actor: "bench", Decision: decision, Job: record.JobAuthenticate}); err != nil {
					return err
				}
			}
		}
		if ended >= n {
			tick.Stop()
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
