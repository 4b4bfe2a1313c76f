package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// scanSuffixes are the names that are taken from a folder. A file that is named
// itself is always tried.
var scanSuffixes = []string{".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".webp", ".bmp", ".gif"}

// A job is one document to be digitised.
type job struct {
	name  string
	files []string
}

// jobs lists the documents that paths name; asOne joins them all, in order.
func jobs(paths []string, asOne string) ([]job, error) {
	if asOne != "" {
		files, err := expand(paths)
		return []job{{asOne, files}}, err
	}
	files, err := expand(paths)
	if err != nil {
		return nil, err
	}
	var all []job
	for _, f := range files {
		all = append(all, job{nameOf(f), []string{f}})
	}
	return all, nil
}

// expand replaces folders by the scans in them, in the order of their names.
func expand(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path) // a missing file is refused by name, the others go on
			continue
		}
		err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && isScan(p) {
				files = append(files, p)
			}
			return err
		})
		if err != nil {
			return nil, record.Refuse(record.InputUnreadable, err, "list %s", path)
		}
	}
	return files, nil
}

func isScan(path string) bool {
	return !strings.HasPrefix(filepath.Base(path), ".") && slices.Contains(scanSuffixes, strings.ToLower(filepath.Ext(path)))
}

func nameOf(path string) string {
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// clashes refuses, before any work, two inputs with one name and outputs that
// would lie on an input.
func (c *digitiseCommand) clashes(all []job) error {
	owner := map[string]string{}
	inputs := map[string]bool{}
	for _, j := range all {
		for _, f := range j.files {
			inputs[canonical(f)] = true
		}
	}
	for _, j := range all {
		if other, taken := owner[j.name]; taken {
			return record.Refuse(record.SameName, nil, "%s and %s would both become %s.pdf", other, j.files[0], j.name)
		}
		owner[j.name] = strings.Join(j.files, ", ")
		for _, out := range c.outputsOf(j.name, len(j.files)) {
			if inputs[canonical(filepath.Join(c.Out, out))] {
				return record.Refuse(record.OutputIsInput, nil, "%s is an input and would be an output", filepath.Join(c.Out, out))
			}
		}
	}
	return nil
}

// outputsOf are the names that a document of so many files may be given.
func (c *digitiseCommand) outputsOf(name string, files int) []string {
	all := []string{name + ".pdf", name + ".json"}
	for i := range files {
		all = append(all, originalOf(name, i))
	}
	for _, l := range c.layouts() {
		all = append(all, name+l.Suffix)
	}
	return all
}

// originalOf is the name under which the original number i is kept.
func originalOf(name string, i int) string {
	if i == 0 {
		return name + ".original.pdf"
	}
	return fmt.Sprintf("%s.original-%d.pdf", name, i+1)
}

// canonical is the path that two names of one file share.
func canonical(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}
