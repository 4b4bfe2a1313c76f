package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
)

type sealCommand struct {
	Files []string `arg:"" name:"file" help:"PDFs that sohoa digitised and did not seal, or that a person signed."`
	JSON  bool     `name:"json" help:"One JSON object a line."`
	sealFlags
}

// Run seals all files in place, with one authorisation for as many as the key
// allows, and raises them. Each file is told of: sealed, or not and why.
func (c *sealCommand) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	if s == nil {
		return record.Refuse(record.KeyUnreadable, nil, "seal files: give --key")
	}
	defer s.key.Close()
	report, code := newReporter(c.JSON, len(c.Files)), exitDone
	batch := readBatch(s, c.Files, time.Now())
	defer batch.close()
	outcomes := signing.SealAll(ctx, batch.items, s.key, nil)
	for i, file := range c.Files {
		d := done{File: file}
		err := batch.problems[i]
		if err == nil {
			err = outcomes[batch.place[i]].Err
		}
		if err == nil {
			d.PDF = file
			d.Level, err = s.finish(ctx, file, outcomes[batch.place[i]].Sealed)
		}
		report.document(d, err)
		if err != nil {
			code = exitRefused
		}
	}
	if code != exitDone {
		return exitCode(code)
	}
	return nil
}

// A sealBatch is the files that could be read, and what is wrong with the others.
type sealBatch struct {
	items    []signing.Item
	place    []int   // of each file among the items
	problems []error // of each file
	open     []*fileSource
}

func readBatch(s *sealer, files []string, at time.Time) *sealBatch {
	b := &sealBatch{place: make([]int, len(files)), problems: make([]error, len(files))}
	for i, file := range files {
		source, err := openSource(file)
		if err != nil {
			b.problems[i] = record.Refuse(record.InputUnreadable, err, "open %s", file)
			if os.IsNotExist(err) {
				b.problems[i] = record.Refuse(record.InputMissing, err, "open %s", file)
			}
			continue
		}
		b.open, b.place[i] = append(b.open, source), len(b.items)
		b.items = append(b.items, signing.Item{In: source, Request: s.request(beside(file), at)})
	}
	return b
}

func (b *sealBatch) close() {
	for _, source := range b.open {
		source.file.Close()
	}
}

// beside is the record that lies beside a PDF, nothing if there is none.
func beside(file string) record.Digitised {
	var r record.Digitised
	b, err := os.ReadFile(filepath.Join(filepath.Dir(file), strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))+".json"))
	if err == nil && json.Unmarshal(b, &r) != nil {
		return record.Digitised{}
	}
	return r
}

// finish raises what was sealed and puts it in the place of file. It returns the
// level reached; the error may say why that is not the one asked for.
func (s *sealer) finish(ctx context.Context, file string, sealed signing.Source) (record.Level, error) {
	level := record.BB
	var missing error
	if s.level != record.BB {
		sealed, level, missing = signing.Raise(ctx, sealed, s.level, s.raise)
	}
	return level, errors.Join(republish(file, sealed, level), missing)
}
