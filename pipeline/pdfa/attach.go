package pdfa

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/sohoa/sohoa/internal/pdf"
)

// An Attachment is a file carried inside the document (ISO 19005-3, 6.8).
type Attachment struct {
	Name         string       // of the file, without folder; each once in a document
	MediaType    string       // e.g. "application/pdf"; "application/octet-stream" if empty
	Relationship Relationship // to the document; Unspecified if empty
	Description  string       // for readers of the list of attachments; may be empty
	Modified     time.Time    // of the file; zero: not stated
	Data         io.Reader    // read once, to its end, while [Write] runs
}

// A Relationship says what an attachment is to the document (ISO 19005-3, 6.8,
// table of AFRelationship).
type Relationship string

// The relationships of ISO 19005-3.
const (
	Source      Relationship = "Source"      // the document was made from it
	Data        Relationship = "Data"        // what the document shows in figures
	Alternative Relationship = "Alternative" // the same content in another form
	Supplement  Relationship = "Supplement"  // more of the same matter
	Unspecified Relationship = "Unspecified"
)

var relationships = []Relationship{Source, Data, Alternative, Supplement, Unspecified}

// checkNames refuses attachments that no reader could tell apart or store.
func checkNames(all []Attachment) error {
	seen := map[string]bool{}
	for _, a := range all {
		bad := func(r rune) bool {
			return r == '/' || r == '\\' || r == unicode.ReplacementChar || unicode.IsControl(r)
		}
		if a.Name == "" || strings.ContainsFunc(a.Name, bad) {
			return fmt.Errorf("attachment %q: no name of a file", a.Name)
		}
		if seen[a.Name] {
			return fmt.Errorf("attachment %q: the name occurs twice", a.Name)
		}
		if a.Relationship != "" && !slices.Contains(relationships, a.Relationship) {
			return fmt.Errorf("attachment %q: no relationship %q", a.Name, a.Relationship)
		}
		seen[a.Name] = true
	}
	return nil
}

// nameAttachments puts into the catalog where the attachments are: associated
// with the document, and by name. Both are references: signing writes the catalog
// anew by value.
func (f *file) nameAttachments(catalog pdf.Dict) error {
	if len(f.doc.Attachments) == 0 {
		return nil
	}
	type entry struct {
		key  pdf.String
		file pdf.Ref
	}
	var byName []entry
	associated := pdf.Array{}
	for _, a := range f.doc.Attachments {
		r := f.Alloc()
		f.attached = append(f.attached, r)
		associated = append(associated, r)
		byName = append(byName, entry{pdf.TextString(a.Name), r})
	}
	slices.SortFunc(byName, func(a, b entry) int { return bytes.Compare(a.key, b.key) })
	leaf := pdf.Array{}
	for _, e := range byName {
		leaf = append(leaf, e.key, e.file)
	}
	names := f.Alloc()
	catalog["AF"], catalog["Names"] = associated, names
	return f.WriteObject(names, pdf.Dict{"EmbeddedFiles": pdf.Dict{"Names": leaf}})
}

// attachments writes the files themselves, compressed.
func (f *file) attachments() error {
	for i, a := range f.doc.Attachments {
		if err := f.attach(f.attached[i], a); err != nil {
			return fmt.Errorf("attachment %q: %w", a.Name, err)
		}
	}
	return nil
}

func (f *file) attach(spec pdf.Ref, a Attachment) error {
	stream, params := f.Alloc(), f.Alloc()
	name := pdf.TextString(a.Name)
	d := pdf.Dict{
		"Type": pdf.Name("Filespec"), "F": name, "UF": name, "EF": pdf.Dict{"F": stream, "UF": stream},
		"AFRelationship": pdf.Name(cmp.Or(a.Relationship, Unspecified)),
	}
	if a.Description != "" {
		d["Desc"] = pdf.TextString(a.Description)
	}
	if err := f.WriteObject(spec, d); err != nil {
		return err
	}
	mediaType := pdf.Name(cmp.Or(a.MediaType, "application/octet-stream"))
	size, err := f.WriteFlate(stream, pdf.Dict{"Type": pdf.Name("EmbeddedFile"), "Subtype": mediaType, "Params": params}, a.Data)
	if err != nil {
		return err
	}
	facts := pdf.Dict{"Size": size}
	if !a.Modified.IsZero() {
		facts["ModDate"] = pdf.Date(a.Modified)
	}
	return f.WriteObject(params, facts)
}
