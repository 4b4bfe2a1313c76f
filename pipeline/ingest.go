package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/record"
)

// A Worker takes documents from one state to the next. Each of its methods may be
// cut off anywhere and called again: objects are named by their digest, and the
// last act is one Advance that also ends the job.
type Worker struct {
	Objects   Objects
	Catalogue Catalogue
	Digitiser *Digitiser
	Seal      *Sealing                                         // nil: this worker holds no key
	Manifests func(ctx context.Context, document string) error // writes the manifests that are due
	Temp      string                                           // folder for work folders, "" for the system's
	Short     int                                              // pages of a document in the lane of short ones, at most; 0: any
}

const worker record.Actor = "worker"

// Ingest digitises a received document, stores its renditions and hands it to
// review. An error of kind record.ErrMalformed means that the input is at fault.
func (w *Worker) Ingest(ctx context.Context, job record.Job) error {
	d, err := w.Catalogue.Document(ctx, job.Document)
	if err != nil {
		return err
	}
	if d.Status != record.Received {
		return fmt.Errorf("ingest document %s: it is %s: %w", d.ID, d.Status, record.ErrConflict)
	}
	work, err := os.MkdirTemp(w.Temp, "sohoa-")
	if err != nil {
		return diskError(err, "make a work folder")
	}
	defer os.RemoveAll(work)
	in, err := w.fetch(ctx, d, work)
	if err != nil {
		return err
	}
	crash.Point("fetched")
	digitised, err := w.digitiser(job).Digitise(ctx, in)
	if err != nil {
		return err
	}
	change := record.Change{Actor: worker, Finish: &job.JobRef, Pages: len(digitised.Pages), Fields: digitised.Fields, Text: record.Text(digitised.Pages)}
	if change.Renditions, change.FieldsAt, err = w.keep(ctx, in, digitised); err != nil {
		return err
	}
	crash.Point("kept")
	return w.advance(ctx, d.ID, record.Received, record.InReview, change)
}

// digitiser is the one for a job. In the lane of short documents it refuses long
// ones as having too many pages, and the queue passes them on.
func (w *Worker) digitiser(job record.Job) *Digitiser {
	d := *w.Digitiser
	if job.Lane == record.LaneRead && w.Short > 0 {
		d.Limits.Pages = w.Short
	}
	return &d
}

// advance moves a document and writes its manifest. A manifest that cannot be
// written now stays due, and the reconciler writes it.
func (w *Worker) advance(ctx context.Context, id string, from, to record.Status, change record.Change) error {
	if _, err := w.Catalogue.Advance(ctx, id, from, to, change); err != nil {
		return err
	}
	crash.Point("advanced-" + string(to))
	_ = w.Manifests(ctx, id) // stays due in the catalogue
	return nil
}

// fetch copies the originals into the work folder, each checked against its digest.
func (w *Worker) fetch(ctx context.Context, d record.Document, work string) (Input, error) {
	in := Input{Name: d.Name, Work: filepath.Join(work, "pages"), Pages: d.Pages, Text: d.Text}
	agency, err := w.Catalogue.Agency(ctx, d.Agency)
	if err != nil {
		return in, err
	}
	if in.Signed = agency.Signed; in.Text == "" {
		in.Text = agency.Text
	}
	if err := os.Mkdir(in.Work, 0o700); err != nil {
		return in, diskError(err, "make a work folder")
	}
	in.Span = d.Span
	for _, r := range d.Renditions {
		if r.Kind != record.RenditionOriginal {
			continue
		}
		path := filepath.Join(work, fmt.Sprintf("%04d-%s", r.Part, filepath.Base(r.Name)))
		if err := w.fetchFile(ctx, r, path); err != nil {
			return in, err
		}
		in.Files = append(in.Files, path)
	}
	return in, nil
}

func (w *Worker) fetchFile(ctx context.Context, r record.Rendition, path string) error {
	f, err := os.Create(path)
	if err != nil {
		return diskError(err, "fetch an original")
	}
	err = record.Gone(r.SHA256, w.Objects.Get(ctx, r.SHA256, r.VersionID, f))
	return diskError(errors.Join(err, f.Close()), "fetch original "+string(r.SHA256))
}

// keep stores what Digitise made.
func (w *Worker) keep(ctx context.Context, in Input, r record.Digitised) ([]record.Rendition, record.Digest, error) {
	k := keeper{ctx: ctx, objects: w.Objects}
	if r.Archival != nil {
		k.file(record.RenditionArchival, filepath.Join(in.Work, ArchivalFile), *r.Archival)
	}
	k.layout(ALTO, in.Work, r, w.Digitiser.Language)
	k.layout(HOCR, in.Work, r, w.Digitiser.Language)
	k.record(in.Work, r)
	k.json(record.RenditionFields, r.Fields)
	fields := k.last()
	if r.Original.Verdict != nil {
		k.json(record.RenditionVerdict, r.Original.Verdict)
	}
	k.previews(in.Work, r.Pages)
	return k.kept, fields, k.err
}

// A keeper stores renditions; after the first error it does nothing more.
type keeper struct {
	ctx     context.Context
	objects Objects
	kept    []record.Rendition
	err     error
}

func (k *keeper) last() record.Digest {
	if k.err != nil {
		return ""
	}
	return k.kept[len(k.kept)-1].SHA256
}

func (k *keeper) put(kind string, body io.Reader, size int64, d record.Digest, mediaType string) {
	if k.err != nil {
		return
	}
	r := record.Rendition{Kind: kind, SHA256: d, Bytes: size, MediaType: mediaType}
	r.VersionID, k.err = k.objects.Put(k.ctx, body, size, d, mediaType)
	crash.Point("put-" + kind)
	k.kept = append(k.kept, r)
}

func (k *keeper) bytes(kind string, b []byte, mediaType string) {
	k.put(kind, bytes.NewReader(b), int64(len(b)), record.DigestOf(b), mediaType)
}

func (k *keeper) json(kind string, v any) {
	b, err := json.Marshal(v)
	k.err = errors.Join(k.err, err)
	k.bytes(kind, b, "application/json")
}

// record stores the whole record by way of a file: json.Marshal would hold that of a
// long document, 92 MB for 2,000 pages, several times over.
func (k *keeper) record(work string, r record.Digitised) {
	k.written(record.RenditionRecord, filepath.Join(work, "record.json"), "application/json", func(w io.Writer) error {
		return jsonv2.MarshalWrite(w, r, json.DefaultOptionsV1())
	})
}

// written stores what write puts into a file.
func (k *keeper) written(kind, path, mediaType string, write func(io.Writer) error) {
	if k.err != nil {
		return
	}
	if k.err = diskError(writeFile(path, write), "write the "+kind); k.err != nil {
		return
	}
	ref, err := describeFile(path)
	k.err = err
	ref.MediaType = mediaType
	k.file(kind, path, ref)
}

func (k *keeper) file(kind, path string, ref record.RenditionRef) {
	f, err := os.Open(path)
	if err != nil {
		k.err = errors.Join(k.err, err)
		return
	}
	defer f.Close()
	k.put(kind, f, ref.Bytes, ref.SHA256, ref.MediaType)
}

// layout stores the words in a form that others read.
func (k *keeper) layout(l Layout, work string, r record.Digitised, language string) {
	k.written(l.Kind, filepath.Join(work, "words"+l.Suffix), l.MediaType, func(w io.Writer) error { return l.Write(w, r, language) })
}

// previews stores the previews of all pages as one object: one page of many must
// not cost an object of its own.
func (k *keeper) previews(work string, pages []record.Page) {
	var parts [][2]int64
	k.written(record.RenditionPreviews, filepath.Join(work, "previews"), "application/octet-stream", func(w io.Writer) error {
		at := int64(0)
		for _, p := range pages {
			b, err := os.ReadFile(filepath.Join(work, p.Preview))
			if err != nil {
				return err
			}
			parts = append(parts, [2]int64{at, int64(len(b))})
			at += int64(len(b))
			if _, err := w.Write(b); err != nil {
				return err
			}
		}
		return nil
	})
	if k.err == nil {
		k.kept[len(k.kept)-1].Parts = parts
	}
}
