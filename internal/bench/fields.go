package bench

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/pipeline/field"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// FieldOptions say which examples to read, and how.
type FieldOptions struct {
	In        string        // folder of truth
	Records   string        // folder of records to take the words from, "" for none
	Reader    *field.Reader // nil knows what comes with the program
	Form      *field.Form   // measure this form alone; nil: the header, the close and whatever forms there are
	Languages string
	Progress  func(document string, done, of int)
}

// Fields reads the examples and compares the fields with the truth. Scans whose
// words are not there yet are recognised first; the binary must serve the
// children of page and ocr.
func Fields(ctx context.Context, o FieldOptions) (FieldReport, error) {
	all, err := examples(o.In, o.Records)
	if err != nil {
		return FieldReport{}, err
	}
	pool := ocr.NewPool(runtime.NumCPU(), ocr.Options{Languages: o.Languages})
	defer pool.Close()
	report := FieldReport{Date: time.Now()}
	for i, e := range all {
		err := e.recognise(ctx, pool)
		switch {
		case ctx.Err() != nil:
			return report, ctx.Err()
		case err != nil:
			report.Refused = append(report.Refused, fmt.Sprintf("%s: %s", e.name, record.ReasonOf(err)))
		default:
			report.add(e, o)
		}
		if o.Progress != nil {
			o.Progress(e.name, i+1, len(all))
		}
	}
	return report, nil
}

// recognise gets the words of a scan.
func (e *example) recognise(ctx context.Context, r pipeline.Recogniser) error {
	if e.pages != nil {
		return nil
	}
	work, err := os.MkdirTemp("", "sohoa-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	d := pipeline.Digitiser{Recogniser: r, Limits: page.Limits{Pages: 5000}, Parallel: runtime.NumCPU(), Software: "bench", Language: "vi"}
	digitised, err := d.Digitise(ctx, pipeline.Input{Name: "bench", Files: []string{e.scan}, Work: work, Signed: record.KeepSigned})
	e.pages = digitised.Pages
	return err
}

// A FieldReport is one measuring of fields.
type FieldReport struct {
	Date      time.Time
	Documents int
	Pages     int
	Printed   field.Tally // slots that were printed
	ByHand    field.Tally // slots that were filled by hand
	Parts     field.Tally // what attachments say of themselves
	Spent     time.Duration
	Misses    []Miss
	Refused   []string // documents that could not be recognised, and why
}

// A Miss is a field that is not as in truth.
type Miss struct {
	Document, Field, Want, Got string
	Confidence                 float64
	Rule                       string
}

// repeats is how often a document's fields are read to time it.
const repeats = 3

func (r *FieldReport) add(e example, o FieldOptions) {
	var fields record.Fields
	var more record.Particulars
	start := ownCPU()
	for range repeats {
		fields, more = o.Reader.Read(e.pages)
	}
	r.Spent += (ownCPU() - start) / repeats
	r.Documents, r.Pages = r.Documents+1, r.Pages+len(e.pages)
	if o.Form == nil {
		r.compareParts(e, more.Parts)
	} else {
		more.Form, more.FormFields = "", nil
		if f, read, ok := field.ReadForm(e.pages, []field.Form{*o.Form}); ok {
			more.Form, more.FormFields = f.ID, read
		}
		fields = record.Fields{}
	}
	got, want := answers(e, fields, more, o)
	r.compare(e, got, want)
}

// answers are what was read and what is true, by the same names, for the fields
// that are asked for.
func answers(e example, fields record.Fields, more record.Particulars, o FieldOptions) (record.Fields, map[string]string) {
	got, want := record.Fields{}, map[string]string{}
	read := maps.Clone(more.FormFields)
	if read == nil {
		read = record.Fields{}
	}
	maps.Copy(read, fields)
	for name, value := range e.want {
		if o.Form != nil && !slices.ContainsFunc(o.Form.Fields, func(f field.FormField) bool { return f.Name == name }) {
			continue
		}
		f, ok := read[name]
		if ok && f.Status != record.Missing && !(value == nil && f.Code == "22") { // a letter prints no type
			got[name] = f
		}
		if value != nil {
			want[name] = *value
		}
	}
	for label, value := range e.marks {
		name, known := named(o, more.Form, label)
		if !known && more.Form != "" {
			continue
		}
		want[name] = value
		if f, ok := more.FormFields[name]; ok {
			if !field.Agrees(name, f.Normal, value) {
				f.Normal = f.Value // the truth is as printed
			}
			got[name] = f
		}
	}
	return got, want
}

// named is the form's own name of what stands behind a label.
func named(o FieldOptions, form, label string) (string, bool) {
	forms := o.Reader.Forms()
	if o.Form != nil {
		forms = []field.Form{*o.Form}
	}
	for _, f := range forms {
		if f.ID != form {
			continue
		}
		for _, g := range f.Fields {
			if g.Name == label || slices.Contains(g.Labels, label) {
				return g.Name, true
			}
		}
	}
	return label, false
}

func (r *FieldReport) compare(e example, got record.Fields, want map[string]string) {
	printed, byHand := record.Fields{}, record.Fields{}
	truth, handTruth := map[string]string{}, map[string]string{}
	for _, name := range names(got, want) {
		f, read := got[name]
		value, asked := want[name]
		into, values := printed, truth
		if e.hand(name) {
			into, values = byHand, handTruth
		}
		if read {
			into[name] = f
		}
		if asked {
			values[name] = value
		}
		if f.Status != record.Handwritten && !field.Agrees(name, f.Normal, value) {
			r.Misses = append(r.Misses, Miss{filepath.Base(e.name), name, value, f.Normal, f.Confidence, f.Rule})
		}
	}
	r.Printed.Add(printed, truth)
	r.ByHand.Add(byHand, handTruth)
}

func names(got record.Fields, want map[string]string) []string {
	all := slices.Collect(maps.Keys(want))
	for name := range got {
		if _, ok := want[name]; !ok {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}
