package verify

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// judgeChanges says for each signature what the revisions after its own did.
func (d *document) judgeChanges(all []*signature, changes []change) {
	for _, s := range all {
		s.changes = record.ChangesNone
		limits := d.permissions(s)
		for i := s.revision + 1; i < len(d.revisions); i++ {
			c := changes[i]
			s.changes = worse(s.changes, c.class)
			s.changed = append(s.changed, c.other...)
			for _, name := range c.filled {
				if limits.locks(name) {
					s.changes = record.ChangesOther
					s.changed = append(s.changed, "form field \""+name+"\" was filled in, though the signature locks it")
				}
			}
		}
		if end := d.revisions[len(d.revisions)-1].End; d.size > end {
			s.changes = record.ChangesOther
			s.changed = append(s.changed, "bytes behind the end of the last revision")
		}
		if s.problem == nil {
			s.problem = limits.judge(s.changes, s.changed)
		}
	}
}

// permissions are what a signature allows to be done after it (ISO 32000-1,
// 12.8.2.2 and 12.8.2.4; ISO 32000-2, table 236 for the lock of its field).
type permissions struct {
	level  int64 // of DocMDP: 1 to 3; 0: the signature says nothing
	action pdf.Name
	fields []string
}

func (d *document) permissions(s *signature) permissions {
	var p permissions
	g := d.at(s.revision)
	for _, v := range g.Array(s.dict["Reference"]) {
		ref := g.Dict(v)
		params := g.Dict(ref["TransformParams"])
		switch g.Name(ref["TransformMethod"]) {
		case "DocMDP":
			p.level = 2 // the default
			if n, ok := g.Int(params["P"]); ok {
				p.level = n
			}
		case "FieldMDP":
			p.action = g.Name(params["Action"])
			for _, v := range g.Array(params["Fields"]) {
				p.fields = append(p.fields, g.String(v).Text())
			}
		}
	}
	if n, ok := g.Int(g.Dict(s.widget["Lock"])["P"]); ok && (p.level == 0 || n < p.level) {
		p.level = n
	}
	return p
}

// locks reports whether FieldMDP forbids to fill in the field.
func (p permissions) locks(name string) bool {
	listed := slices.ContainsFunc(p.fields, func(f string) bool { return name == f || strings.HasPrefix(name, f+".") })
	switch p.action {
	case "All":
		return true
	case "Include":
		return listed
	case "Exclude":
		return !listed
	}
	return false
}

// judge says whether the changes let the signature pass. Filling in a form needs
// the signer's leave: a paper that was signed is not a form any more. Who locks
// some fields by name leaves the others open.
func (p permissions) judge(c record.Changes, what []string) *finding {
	switch {
	case c == record.ChangesOther:
		return failed(record.FormatFailure, "changed after signing: %s", strings.Join(what[:min(len(what), 3)], "; "))
	case p.level == 1 && (c == record.ChangesSignatures || c == record.ChangesForm):
		return failed(record.FormatFailure, "signed or filled in later, though the certification allows no changes")
	case p.level == 0 && p.action == "" && c == record.ChangesForm:
		return unsure(record.SigConstraintsFailure, "the form was changed after signing, and the signature does not say that this is allowed")
	}
	return nil
}
