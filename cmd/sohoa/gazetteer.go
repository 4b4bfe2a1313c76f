package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/pipeline/field"
	"github.com/sohoa/sohoa/record"
)

type gazetteerCommand struct {
	Import    gazetteerImport    `cmd:"" help:"Check a list of places and put it among the rules of this machine."`
	Provinces gazetteerProvinces `cmd:"" help:"Print the provinces that come with the program, in the form that import reads."`
	Communes  gazetteerCommunes  `cmd:"" help:"Print the districts and communes that come with the program, in the same form."`
}

type gazetteerProvinces struct{}

func (gazetteerProvinces) Run() error { return field.WritePlaces(os.Stdout, field.Provinces()) }

type gazetteerCommunes struct{}

func (gazetteerCommunes) Run() error { return field.WritePlaces(os.Stdout, field.Communes()) }

type gazetteerImport struct {
	Data  string `default:"data" env:"SOHOA_DATA" help:"Folder for everything that is kept on this machine." placeholder:"DIR"`
	Rules string `help:"Folder of rules. Default: rules in the data folder." placeholder:"DIR" env:"SOHOA_RULES"`
	File  string `arg:"" help:"Places: name, unit, unit above, code, first day, last day, parted by tabs."`
}

// maxPlaceBytes bounds a list of places: 200,000 lines of 80 bytes.
const maxPlaceBytes = 16 << 20

// Run refuses a wrong list with every line and its reason, and keeps nothing of it.
func (c *gazetteerImport) Run() error {
	b, err := readBounded(c.File, maxPlaceBytes)
	if err != nil {
		return err
	}
	places, err := field.ParsePlaces(filepath.Base(c.File), bytes.NewReader(b))
	if err != nil {
		return record.Refuse(record.Invalid, err, "read places from %s", c.File)
	}
	if len(places) == 0 {
		return record.Refuse(record.Invalid, nil, "read places from %s: there is none in it", c.File)
	}
	folder := c.Rules
	if folder == "" {
		folder = filepath.Join(c.Data, work.RulesFolder)
	}
	if err := makeFolder(folder); err != nil {
		return err
	}
	name := nameOf(c.File) + ".places"
	p := &publication{dir: folder, force: true}
	defer p.discard()
	if err := p.add(name, bytes.NewReader(b)); err != nil {
		return err
	}
	if err := p.publish(); err != nil {
		return err
	}
	fmt.Printf("%d places in %s; a running worker reads them when it is started again\n", len(places), filepath.Join(folder, name))
	return nil
}

func readBounded(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return nil, record.Refuse(record.InputMissing, err, "open %s", path)
	case err != nil:
		return nil, record.Refuse(record.InputUnreadable, err, "open %s", path)
	case info.Size() > most:
		return nil, record.Refuse(record.TooManyBytes, nil, "read %s: %d bytes, at most %d", path, info.Size(), most)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, record.Refuse(record.InputUnreadable, err, "read %s", path)
	}
	return b, nil
}
