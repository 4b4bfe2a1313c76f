package signing

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// form looks at the form: a field more, and faces for it.
func (a *addition) form(oldValue, newValue any) error {
	was, is := a.was.Dict(oldValue), a.is.Dict(newValue)
	if is == nil {
		if was != nil || a.field != (pdf.Ref{}) {
			return errors.New("the form was removed")
		}
		return nil
	}
	a.owned(oldValue, newValue)
	a.owned(was["Fields"], is["Fields"])
	fields := append(pdf.Array{}, a.was.Array(was["Fields"])...)
	if a.field != (pdf.Ref{}) {
		fields = append(fields, a.field)
	}
	if now := a.is.Array(is["Fields"]); len(now) > len(fields) {
		return fmt.Errorf("%d form fields were added besides the signature", len(now)-len(fields))
	} else if !same(now, fields) {
		return errors.New("the list of form fields has changed by more than the signature")
	}
	for _, k := range differing(was, is) {
		switch {
		case !slices.Contains(formKeys, k):
			return fmt.Errorf("the form has another /%.40s", k)
		case k == "NeedAppearances" && a.is.Bool(is[k]):
			return errors.New("the form wants its fields drawn anew")
		case (k == "DA" || k == "DR") && was[k] != nil:
			return fmt.Errorf("the form has another /%s", k)
		}
	}
	faces := a.is.Dict(is["DR"])
	for k := range faces {
		if !slices.Contains(facesKeys, k) && was["DR"] == nil {
			return fmt.Errorf("the form brings resources /%.40s besides faces", k)
		}
	}
	return a.tree(is["DR"])
}

// owned allows an object that holds the same part of the file as before.
func (a *addition) owned(was, is any) {
	if ref, ok := is.(pdf.Ref); ok && same(was, is) {
		a.allowed[ref.Num] = true
	}
}

// metadata looks whether the XMP says the same but for when and by what program
// the file was saved.
func (a *addition) metadata(oldValue, newValue any) error {
	was, is := a.was.Stream(oldValue), a.is.Stream(newValue)
	if was == nil || is == nil {
		if was != is {
			return errors.New("the metadata was added or removed")
		}
		return nil
	}
	a.owned(oldValue, newValue)
	if was.Offset == is.Offset {
		return nil
	}
	before, err := a.was.Decoded(was)
	if err != nil {
		return err
	}
	after, err := a.is.Decoded(is)
	if err != nil {
		return err
	}
	said, err := pdf.Statements(before)
	if err != nil {
		return err
	}
	says, err := pdf.Statements(after)
	if err != nil {
		return err
	}
	if !slices.Equal(said, says) {
		return errors.New("the metadata has changed in more than dates and program")
	}
	return nil
}
