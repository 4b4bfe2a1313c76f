package signing

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// newField looks at the field and its value: no actions, no locks.
func (a *addition) newField() error {
	if a.field == (pdf.Ref{}) {
		return nil
	}
	field := a.is.Dict(a.field)
	value := a.is.Dict(field["V"])
	if _, old := a.was.Objects()[a.field.Num]; old {
		return errors.New("the signature field takes the place of an object")
	}
	switch {
	case value["Reference"] != nil:
		return errors.New("the signature certifies or locks the document, and no seal may follow it")
	case field["Lock"] != nil || field["SV"] != nil:
		return errors.New("the signature field locks the document, and no seal may follow it")
	case field["A"] != nil || field["AA"] != nil:
		return errors.New("the signature field has an action")
	}
	for k := range field {
		if !slices.Contains(fieldKeys, k) {
			return fmt.Errorf("the signature field has an entry /%.40s", k)
		}
	}
	for k := range value {
		if !slices.Contains(valueKeys, k) {
			return fmt.Errorf("the signature has an entry /%.40s", k)
		}
	}
	for _, k := range []pdf.Name{"V", "AP", "MK", "DR", "BS", "Border"} {
		if err := a.tree(field[k]); err != nil {
			return err
		}
	}
	return nil
}

// objects looks whether nothing else that was there has changed or gone.
func (a *addition) objects() error {
	revisions := a.is.Revisions()
	for num, e := range revisions[len(revisions)-1].Entries {
		old, had := a.was.Objects()[num]
		if !had || old.Kind == pdf.Free || a.allowed[num] && e.Kind != pdf.Free {
			continue
		}
		before, err := a.was.Get(pdf.Ref{Num: num, Gen: old.Gen})
		if err != nil {
			return err
		}
		after, err := a.is.Get(pdf.Ref{Num: num, Gen: e.Gen})
		if err != nil {
			return err
		}
		if !same(before, after) {
			return fmt.Errorf("object %d, which was there before, was changed or removed", num)
		}
	}
	return nil
}

// differing lists the keys whose values differ, sorted; null is as good as absent.
func differing(a, b pdf.Dict) []pdf.Name {
	var keys []pdf.Name
	for k, v := range a {
		if !same(v, b[k]) {
			keys = append(keys, k)
		}
	}
	for k, v := range b {
		if _, both := a[k]; !both && v != nil {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}
