package main

import (
	"bufio"
	"encoding/json"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/sohoa/sohoa/record"
)

// makeFolder makes the output folder, or says why it cannot be made.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return record.Refuse(record.OutputMissing, err, "make the output folder %s", dir)
	}
	return nil
}

// A publication is the set of files that one document becomes. They are written
// beside their final names first and get those names only when all are durable,
// the record last: where NAME.json stands, the document is complete.
type publication struct {
	dir   string
	force bool
	parts []part
}

type part struct{ temporary, final string }

// add writes one file of the publication from r and makes it durable.
func (p *publication) add(name string, r io.Reader) error {
	return p.addWith(name, func(w io.Writer) error {
		_, err := io.Copy(w, r)
		return err
	})
}

// addRecord writes a record in its one JSON form on disk. It goes there in pieces: a
// json.Encoder would hold that of a long document, 92 MB for 2,000 pages, several times over.
func (p *publication) addRecord(name string, r record.Digitised) error {
	return p.addWith(name, func(w io.Writer) error {
		buffered := bufio.NewWriter(w)
		if err := jsonv2.MarshalWrite(buffered, r, json.DefaultOptionsV1(), jsontext.EscapeForHTML(false), jsontext.WithIndent(" ")); err != nil {
			return err
		}
		return errors.Join(buffered.WriteByte('\n'), buffered.Flush())
	})
}

func (p *publication) addWith(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(p.dir, "."+name+".*.part")
	if err != nil {
		return outputError(err, "write "+name)
	}
	p.parts = append(p.parts, part{f.Name(), filepath.Join(p.dir, name)})
	err = errors.Join(write(f), f.Chmod(0o644), f.Sync(), f.Close())
	return outputError(err, "write "+name)
}

// addFile is add from a file.
func (p *publication) addFile(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return p.add(name, f)
}

// publish gives the files their names. Without force a name that is taken stays
// as it is and nothing of this document appears.
func (p *publication) publish() error {
	for i, part := range p.parts {
		place := os.Link // fails where the name is taken, also by somebody who was faster
		if p.force {
			place = os.Rename
		}
		if err := place(part.temporary, part.final); err != nil {
			if !p.force {
				for _, done := range p.parts[:i] {
					os.Remove(done.final)
				}
			}
			if errors.Is(err, fs.ErrExist) {
				return record.Refuse(record.OutputExists, err, "write %s", part.final)
			}
			return outputError(err, "write "+part.final)
		}
	}
	p.discard()
	return syncFolder(p.dir)
}

// discard removes what has not been published.
func (p *publication) discard() {
	for _, part := range p.parts {
		os.Remove(part.temporary)
	}
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func outputError(err error, doing string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return record.Fail(record.DiskFull, err, "%s", doing)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
