package verify

import (
	"github.com/sohoa/sohoa/internal/pdf"
)

// pages compares the pages: the same ones in the same order, changed in nothing
// but widgets of the form that were added.
func (u *update) pages() {
	old, err := u.old.Pages()
	now, errNow := u.new.Pages()
	if err != nil || errNow != nil {
		if u.anyChanged() {
			u.otherf("the page tree cannot be read")
		}
		return
	}
	if len(old) != len(now) {
		u.otherf("%d pages became %d", len(old), len(now))
		return
	}
	for i := range now {
		if old[i].Ref != now[i].Ref {
			u.otherf("page %d is another object", i+1)
			continue
		}
		u.page(i+1, old[i], now[i])
	}
}

func (u *update) anyChanged() bool {
	for num := range u.changed {
		if !u.allowed[num] {
			return true
		}
	}
	return false
}

func (u *update) page(number int, old, now pdf.PageRef) {
	for _, key := range u.doc.differing(old.Dict, now.Dict) {
		if key != "Annots" {
			u.otherf("page %d: /%s changed", number, key)
			return
		}
	}
	u.allowed[now.Ref.Num] = true
	if list, ok := now.Dict["Annots"].(pdf.Ref); ok {
		u.allowOwned(list.Num, now.Ref.Num, "Annots")
	}
	was, is := u.old.Array(old.Dict["Annots"]), u.new.Array(now.Dict["Annots"])
	for i, v := range was {
		if i >= len(is) || !u.doc.same(v, is[i]) {
			u.otherf("page %d: annotations removed or put in another order", number)
			return
		}
	}
	form := &u.doc.forms[u.revision]
	for _, v := range is[len(was):] {
		ref, _ := v.(pdf.Ref)
		f, before := form.find(ref), u.doc.forms[u.revision-1].find(ref)
		if f == nil || f.kind != "Sig" || before != nil && before.value != nil {
			u.otherf("page %d: annotation added that is no signature field", number)
		}
	}
}
