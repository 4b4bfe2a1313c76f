package verify

import (
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// noteContent looks through every object for what the pages do not show as they
// are printed: a signature that holds says nothing of it (ISO 32000-1, 12.8.1).
func (v *verification) noteContent() {
	f := v.doc.last
	found := contents{}
	for num, e := range f.Objects() {
		if e.Kind == pdf.Free {
			continue
		}
		if value, err := f.Get(pdf.Ref{Num: num, Gen: e.Gen}); err == nil {
			found.look(value, 0)
		}
	}
	for _, c := range record.Contents {
		if found[c] {
			v.content = append(v.content, c)
		}
	}
}

type contents map[record.Content]bool

// actions by their type (ISO 32000-1, 12.6.4).
var (
	scripting = []pdf.Name{"JavaScript", "Rendition"}
	outward   = []pdf.Name{"Launch", "GoToR", "GoToE", "SubmitForm", "ImportData"}
)

func (c contents) look(v any, depth int) {
	if depth > maxTreeDepth {
		return
	}
	switch v := v.(type) {
	case pdf.Array:
		for _, e := range v {
			c.look(e, depth+1)
		}
	case pdf.Dict:
		c.dict(v)
		for _, e := range v {
			c.look(e, depth+1)
		}
	case *pdf.Stream:
		c[record.External] = c[record.External] || v.Dict["F"] != nil || v.Dict["Ref"] != nil
		c.look(v.Dict, depth)
	}
}

func (c contents) dict(d pdf.Dict) {
	action, _ := d["S"].(pdf.Name)
	c[record.Scripts] = c[record.Scripts] || d["JS"] != nil || d["AA"] != nil || slices.Contains(scripting, action)
	c[record.External] = c[record.External] || slices.Contains(outward, action)
	c[record.Layers] = c[record.Layers] || d["OCGs"] != nil && d["Type"] != pdf.Name("OCMD")
	c[record.Attachments] = c[record.Attachments] || d["EF"] != nil || d["EmbeddedFiles"] != nil
}
