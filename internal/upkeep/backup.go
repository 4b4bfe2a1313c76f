package upkeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
)

// The parts of a data folder that a backup holds: the catalogue as one file of a
// single moment, all objects and manifests, and the small things beside them.
const (
	catalogueFile = "catalogue.db"
	objectsFolder = "objects"
	summaryFile   = "backup.json"
)

var beside = []string{"admin.key", "pki", "rules"}

// A Summary lies in a backup and says what it holds.
type Summary struct {
	Version   int           `json:"version"`
	At        time.Time     `json:"at"` // the moment of the catalogue
	Catalogue record.Digest `json:"catalogue"`
	Files     int           `json:"files"` // below objects: all that the catalogue of that moment names, and maybe later ones
	Bytes     int64         `json:"bytes"`
	Copied    int           `json:"-"` // this time; the others were there
}

// Backup copies a data folder on files and SQLite into dir, beside a running
// service too. The catalogue is copied first: every object that it names was
// durable before. What dir holds from an earlier backup is not copied again. With
// link, objects are linked where both folders lie on one file system: quick, but
// no protection from a disk that fails.
func Backup(ctx context.Context, c *catalogue.Catalogue, data, dir string, link bool) (Summary, error) {
	s := Summary{Version: record.Version, At: time.Now().UTC().Truncate(time.Second)}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return s, fmt.Errorf("back up: %w", err)
	}
	next := filepath.Join(dir, catalogueFile+".next")
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("back up: %w", err)
	}
	if err := c.CopyTo(ctx, next); err != nil {
		return s, fmt.Errorf("back up the catalogue: %w", err)
	}
	var err error
	if s.Catalogue, err = digestOf(next); err != nil {
		return s, fmt.Errorf("back up the catalogue: %w", err)
	}
	m := mirror{from: filepath.Join(data, objectsFolder), to: filepath.Join(dir, objectsFolder), link: link}
	if err := m.run(ctx); err != nil {
		return s, fmt.Errorf("back up: %w", err)
	}
	s.Files, s.Bytes, s.Copied = m.files, m.bytes, m.copied
	if err := copyBeside(ctx, data, dir); err != nil {
		return s, fmt.Errorf("back up: %w", err)
	}
	if err := os.Rename(next, filepath.Join(dir, catalogueFile)); err != nil {
		return s, fmt.Errorf("back up: %w", err)
	}
	return s, writeSummary(dir, s)
}

func writeSummary(dir string, s Summary) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	next := filepath.Join(dir, summaryFile+".next")
	if err := os.WriteFile(next, append(b, '\n'), 0o600); err != nil {
		return err
	}
	return errors.Join(os.Rename(next, filepath.Join(dir, summaryFile)), syncFolder(dir))
}

// Restore copies a backup into a data folder that is not there or empty, every
// object checked against its digest. It returns what the catalogue names and the
// backup does not hold.
func Restore(ctx context.Context, dir, data string) (s Summary, lost []Loss, err error) {
	b, err := os.ReadFile(filepath.Join(dir, summaryFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil, record.Refuse(record.InputMissing, err, "restore: %s is no backup", dir)
	}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		return s, nil, record.Refuse(record.Damaged, err, "restore: read what the backup %s says of itself", dir)
	}
	if held, err := os.ReadDir(data); err == nil && len(held) > 0 {
		return s, nil, conflict("restore: the data folder %s is not empty", data)
	}
	if got, err := digestOf(filepath.Join(dir, catalogueFile)); err != nil || got != s.Catalogue {
		return s, nil, record.Refuse(record.Damaged, err, "restore: the catalogue in %s has digest %s, %s is said", dir, got, s.Catalogue)
	}
	m := mirror{from: filepath.Join(dir, objectsFolder), to: filepath.Join(data, objectsFolder)}
	if err := m.run(ctx); err != nil {
		return s, nil, fmt.Errorf("restore: %w", err)
	}
	s.Copied = m.copied
	if err := copyBeside(ctx, dir, data); err != nil {
		return s, nil, fmt.Errorf("restore: %w", err)
	}
	if err := copyFile(ctx, filepath.Join(dir, catalogueFile), filepath.Join(data, catalogueFile), 0o600, ""); err != nil {
		return s, nil, fmt.Errorf("restore: %w", err)
	}
	lost, err = missing(ctx, data)
	return s, lost, err
}

// missing looks for the objects of all documents.
func missing(ctx context.Context, data string) ([]Loss, error) {
	c, err := catalogue.Open(ctx, "sqlite:"+filepath.Join(data, catalogueFile))
	if err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	defer c.Close()
	var lost []Loss
	err = c.Each(ctx, func(d record.Document) error {
		for _, r := range d.Renditions {
			path := filepath.Join(data, objectsFolder, "sha256", string(r.SHA256[:2]), string(r.SHA256[2:4]), string(r.SHA256))
			if info, err := os.Stat(path); err != nil || info.Size() != r.Bytes {
				lost = append(lost, loss("lost-object", r.Kind, d.ID, r.SHA256))
			}
		}
		return nil
	})
	return lost, err
}

func copyBeside(ctx context.Context, from, to string) error {
	for _, name := range beside {
		err := filepath.WalkDir(filepath.Join(from, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			rel, err := filepath.Rel(from, path)
			if err != nil {
				return err
			}
			return copyFile(ctx, path, filepath.Join(to, rel), 0o600, "")
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// A mirror copies what lies below one folder and not yet below the other.
type mirror struct {
	from, to      string
	link          bool
	files, copied int
	bytes         int64
}

func (m *mirror) run(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(m.to, "tmp"), 0o750); err != nil { // a store has it
		return err
	}
	return filepath.WalkDir(m.from, func(path string, d fs.DirEntry, err error) error {
		rel, rerr := filepath.Rel(m.from, path)
		if err := errors.Join(err, rerr, ctx.Err()); err != nil {
			return err
		}
		if rel == "tmp" {
			return fs.SkipDir // what is on its way
		}
		if !d.Type().IsRegular() {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		m.files++
		m.bytes += info.Size()
		to := filepath.Join(m.to, rel)
		if held, err := os.Stat(to); err == nil && held.Size() == info.Size() {
			return nil
		}
		m.copied++
		return m.take(ctx, path, to, rel)
	})
}

func (m *mirror) take(ctx context.Context, from, to, rel string) error {
	if m.link {
		if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
			return err
		}
		if os.Link(from, to) == nil {
			return nil
		}
	}
	digest := record.Digest("")
	if strings.HasPrefix(filepath.ToSlash(rel), "sha256/") {
		digest = record.Digest(filepath.Base(rel))
	}
	return copyFile(ctx, from, to, 0o444, digest)
}

// copyFile copies durably: a temporary file, its name last. Bytes of another digest
// than the given one are an error.
func copyFile(ctx context.Context, from, to string, mode fs.FileMode, digest record.Digest) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	out, err := os.CreateTemp(filepath.Dir(to), ".copy-*")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name()) // gone when it was renamed
	got, _, err := record.ReadDigest(io.TeeReader(in, out))
	if err == nil && digest != "" && got != digest {
		err = fmt.Errorf("copy %s: it has digest %s: %w", from, got, record.ErrMalformed)
	}
	if err := errors.Join(err, ctx.Err(), out.Chmod(mode), out.Sync(), out.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(out.Name(), to), syncFolder(filepath.Dir(to)))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func digestOf(path string) (record.Digest, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	d, _, err := record.ReadDigest(f)
	return d, err
}
