package verify

import (
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// infoKeys may change in the information dictionary: a program notes there that
// it saved the file.
var infoKeys = []pdf.Name{"ModDate", "Producer", "Creator"}

// info compares the information dictionaries.
func (u *update) info(oldValue, newValue any) {
	old, now := u.old.Dict(oldValue), u.new.Dict(newValue)
	if now == nil {
		if old != nil {
			u.otherf("the information dictionary was removed")
		}
		return
	}
	keys := u.doc.differing(old, now)
	if old == nil {
		keys = slices.DeleteFunc(keys, func(k pdf.Name) bool { return k == "CreationDate" })
	}
	for _, k := range keys {
		if !slices.Contains(infoKeys, k) {
			u.otherf("information dictionary: /%s changed", k)
		}
	}
	if len(keys) > 0 {
		u.atLeast(record.ChangesArchive)
	}
	if ref, ok := newValue.(pdf.Ref); ok {
		u.allowOwned(ref.Num, 0, "Info")
	}
}

// metadata compares the XMP packets of the catalog: what a program notes about
// saving the file may differ, nothing else. Our own records stand there.
func (u *update) metadata(root int, oldValue, newValue any) {
	ref, ok := newValue.(pdf.Ref)
	if !ok || !u.changed[ref.Num] && u.doc.same(oldValue, newValue) {
		if !u.doc.same(oldValue, newValue) {
			u.otherf("catalog /Metadata changed")
		}
		return
	}
	u.allowOwned(ref.Num, root, "Metadata")
	old, err := u.packet(u.old, oldValue)
	now, errNow := u.packet(u.new, newValue)
	if err != nil || errNow != nil || !slices.Equal(old, now) {
		u.otherf("the XMP metadata changed in more than dates and producer")
		return
	}
	u.atLeast(record.ChangesArchive)
}

// packet reads what an XMP packet says, in whichever spelling.
func (u *update) packet(f *pdf.File, v any) ([]string, error) {
	if v == nil {
		return nil, nil
	}
	s := f.Stream(v)
	if s == nil {
		return nil, pdf.ErrDamaged
	}
	b, err := f.Decoded(s)
	if err != nil {
		return nil, err
	}
	return pdf.Statements(b)
}
