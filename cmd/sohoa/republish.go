package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
)

// republish replaces a PDF by its sealed or raised form, and the digest and level in
// the record beside it if there is one.
func republish(file string, raised signing.Source, level record.Level) error {
	p := &publication{dir: filepath.Dir(file), force: true}
	defer p.discard()
	if err := p.add(filepath.Base(file), bytesOf(raised)); err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)) + ".json"
	b, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var r record.Digitised
	if err == nil && json.Unmarshal(b, &r) == nil && (r.Sealed != nil || r.Archival != nil) {
		if r.Sealed == nil {
			r.Sealed = &record.RenditionRef{File: filepath.Base(file), MediaType: "application/pdf"}
		}
		r.Level = level
		if r.Sealed.SHA256, r.Sealed.Bytes, err = record.ReadDigest(bytesOf(raised)); err != nil {
			return err
		}
		if err := p.addRecord(name, r); err != nil {
			return err
		}
	}
	return p.publish()
}
