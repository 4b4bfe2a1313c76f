package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// An example is a document with what is true of it.
type example struct {
	name   string
	scan   string             // path, "" if the pages are there already
	pages  []record.Page      // as recognised
	want   map[string]*string // normal form by field, nil: the document has none; a field without a key is not asked for
	byHand []string           // fields whose slot was filled by hand
	parts  []part
	marks  map[string]string // value as printed by the label on a form, or by the form's own name
}

// truthKeys are the names of fields in truth as [paper.Truth] writes it down.
var truthKeys = map[string]string{
	"so": record.CodeNumber, "ky_hieu": record.CodeNotation, "ngay": record.IssuedDate, "dia_danh": record.Place,
	"loai_van_ban": record.TypeName, "trich_yeu": record.Subject, "co_quan_cap_tren": record.SuperiorOrgan,
	"co_quan_ban_hanh": record.OrganName, "chuc_vu_ky": record.SignerTitle, "nguoi_ky": record.SignerName,
	"do_khan": record.Urgency, "do_mat": record.Secrecy,
}

// maxTruth bounds a file of truth: a record of a thousand pages has 100 MB.
const maxTruth = 256 << 20

// examples reads the truth in dir: every NAME.json or NAME.truth.json. The pages
// are those of the record NAME.json in the folder records or beside the truth,
// else the scan is to be recognised. A record that a person approved is an example
// by itself.
func examples(dir, records string) ([]example, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	var all []example
	for _, name := range names {
		e, is, err := readExample(name, records)
		if err != nil {
			return nil, fmt.Errorf("read the example %s: %w", filepath.Base(name), err)
		}
		if is {
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return nil, record.Refuse(record.InputMissing, nil, "find examples in %s: no NAME.json that says what is true of a document", dir)
	}
	return all, nil
}

func readExample(path, records string) (example, bool, error) {
	e := example{name: strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".json"), ".truth")}
	b, err := readSmall(path)
	if err != nil {
		return e, false, err
	}
	if d, is := asRecord(b); is {
		e.pages, e.want = d.Pages, confirmedFields(d.Fields)
		return e, d.Reviewed && len(e.want) > 0, nil
	}
	file, err := e.readTruth(b)
	if err != nil || e.want == nil && e.marks == nil {
		return e, false, err
	}
	if records == "" {
		records = filepath.Dir(path)
	}
	if b, err := readSmall(filepath.Join(records, e.name+".json")); err == nil {
		if d, is := asRecord(b); is {
			e.pages = d.Pages
			return e, true, nil
		}
	}
	e.scan = filepath.Join(filepath.Dir(path), filepath.Base(file))
	return e, true, nil
}

func readSmall(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxTruth {
		return nil, record.Refuse(record.TooManyBytes, nil, "read %s: %d bytes", filepath.Base(path), info.Size())
	}
	return os.ReadFile(path)
}

// asRecord reports whether b is the record of a document.
func asRecord(b []byte) (record.Digitised, bool) {
	var d record.Digitised
	err := json.Unmarshal(b, &d)
	return d, err == nil && d.Software != "" && len(d.Pages) > 0
}

// confirmedFields are those that a person confirmed.
func confirmedFields(fields record.Fields) map[string]*string {
	want := map[string]*string{}
	for name, f := range fields {
		if f.Status == record.Confirmed {
			want[name] = &f.Normal
		}
	}
	return want
}

// readTruth reads truth in either form, as `sohoa paper` writes it or as a records
// office does, and returns the name of the scan.
func (e *example) readTruth(b []byte) (string, error) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(b, &keys); err != nil {
		return "", errors.Join(record.ErrMalformed, err)
	}
	if _, own := keys["tep"]; own {
		return e.readPaper(b, keys)
	}
	var t struct {
		File        string             `json:"file"`
		Fields      map[string]*string `json:"fields"`
		Handwritten []string           `json:"handwritten"`
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return "", errors.Join(record.ErrMalformed, err)
	}
	e.want, e.byHand = t.Fields, t.Handwritten
	return t.File, nil
}

func (e *example) readPaper(b []byte, keys map[string]json.RawMessage) (string, error) {
	var t struct {
		File         string            `json:"tep"`
		NumberByHand bool              `json:"so_viet_tay"`
		DayByHand    bool              `json:"ngay_viet_tay"`
		Entries      map[string]string `json:"muc"`
	}
	if err := json.Unmarshal(b, &t); err != nil {
		return "", errors.Join(record.ErrMalformed, err)
	}
	e.want, e.marks = map[string]*string{}, t.Entries
	var err error
	if e.parts, err = readParts(keys["phan"]); err != nil {
		return "", errors.Join(record.ErrMalformed, err)
	}
	for key, name := range truthKeys {
		raw, asked := keys[key]
		if !asked {
			continue
		}
		var value *string
		if err := json.Unmarshal(raw, &value); err != nil {
			return "", errors.Join(record.ErrMalformed, fmt.Errorf("%s: %w", key, err))
		}
		e.want[name] = value
	}
	if t.NumberByHand {
		e.byHand = append(e.byHand, record.CodeNumber)
	}
	if t.DayByHand {
		e.byHand = append(e.byHand, record.IssuedDate)
	}
	return t.File, nil
}

// hand reports whether the field's slot was filled by hand.
func (e *example) hand(name string) bool { return slices.Contains(e.byHand, name) }
