package pipeline

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
)

// held is an object of the store in a file of its own: a PDF that is sealed is
// read from there, whatever its size.
type held struct {
	*io.SectionReader
	file *os.File
}

// hold fetches an object that the catalogue names. The caller closes it.
func (w *Worker) hold(ctx context.Context, d record.Digest, version string) (*held, error) {
	return w.spool("fetch object "+string(d), func(f *os.File) error { return record.Gone(d, w.Objects.Get(ctx, d, version, f)) })
}

// holdSource puts a source into a file, for a child that reads it.
func (w *Worker) holdSource(s signing.Source) (*held, error) {
	return w.spool("write a PDF", func(f *os.File) error {
		_, err := io.Copy(f, reading(s))
		return err
	})
}

func (w *Worker) spool(doing string, fill func(*os.File) error) (*held, error) {
	f, err := os.CreateTemp(w.Temp, "sohoa-*.pdf")
	if err != nil {
		return nil, diskError(err, doing)
	}
	h := &held{file: f}
	if err := fill(f); err != nil {
		return nil, diskError(errors.Join(err, h.Close()), doing)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, diskError(errors.Join(err, h.Close()), doing)
	}
	h.SectionReader = io.NewSectionReader(f, 0, size)
	return h, nil
}

// Close removes the file.
func (h *held) Close() error { return errors.Join(h.file.Close(), os.Remove(h.file.Name())) }

// Path is where the file lies until it is closed.
func (h *held) Path() string { return h.file.Name() }

func reading(s signing.Source) io.Reader { return io.NewSectionReader(s, 0, s.Size()) }

func digestOf(s signing.Source) (record.Digest, error) {
	d, _, err := record.ReadDigest(reading(s))
	return d, err
}

// source stores what was sealed, read once for its digest and once to be put.
func (k *keeper) source(kind string, s signing.Source, mediaType string) {
	if k.err != nil {
		return
	}
	d, err := digestOf(s)
	if err != nil {
		k.err = err
		return
	}
	k.put(kind, reading(s), s.Size(), d, mediaType)
}
