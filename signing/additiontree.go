package signing

import (
	"fmt"

	"github.com/sohoa/sohoa/internal/pdf"
)

const maxTreeDepth = 64

// foreign are kinds of dictionaries that belong to no appearance and no evidence.
var foreign = map[pdf.Name]bool{"Page": true, "Pages": true, "Catalog": true, "Annot": true, "Action": true, "Filespec": true, "EmbeddedFile": true, "OCG": true, "OCMD": true}

// tree looks through the new objects that v leads to for what has no business in
// an appearance, a signature or evidence: scripts, actions, files, layers, pages.
func (a *addition) tree(v any) error { return a.walk(v, 0, map[int]bool{}) }

func (a *addition) walk(v any, depth int, seen map[int]bool) error {
	if depth > maxTreeDepth {
		return fmt.Errorf("what was added nests deeper than %d", maxTreeDepth)
	}
	switch v := v.(type) {
	case pdf.Ref:
		if _, old := a.was.Objects()[v.Num]; old && !a.allowed[v.Num] || seen[v.Num] {
			return nil
		}
		seen[v.Num] = true
		value, err := a.is.Get(v)
		if err != nil {
			return err
		}
		return a.walk(value, depth+1, seen)
	case pdf.Array:
		for _, e := range v {
			if err := a.walk(e, depth+1, seen); err != nil {
				return err
			}
		}
	case *pdf.Stream:
		return a.walk(v.Dict, depth+1, seen)
	case pdf.Dict:
		if kind := a.is.Name(v["Type"]); foreign[kind] {
			return fmt.Errorf("what was added holds an object of type /%s", kind)
		}
		for k, e := range v {
			if k == "JS" || k == "AA" || k == "OC" || k == "EF" {
				return fmt.Errorf("what was added holds a script, an action, a file or a layer (/%s)", k)
			}
			if err := a.walk(e, depth+1, seen); err != nil {
				return err
			}
		}
	}
	return nil
}
