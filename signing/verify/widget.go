package verify

import (
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
)

// widgets compares the widgets that are kids of their field.
func (u *update) widgets(before, after *form) {
	for ref, i := range after.widget {
		f := &after.fields[i]
		if ref == f.ref {
			continue
		}
		now := field{ref: ref, name: f.name, kind: f.kind, value: f.value, dict: after.nodes[ref]}
		old, had := before.nodes[ref]
		switch {
		case had && f.kind == "Sig":
			if !u.doc.sameDict(old, now.dict) || u.treeChanged(now.dict["AP"]) {
				u.signedWidget(before, f, old, &now)
			}
		case had:
			u.fieldChanged(&field{ref: ref, name: f.name, kind: f.kind, dict: old}, &now)
		case f.kind == "Sig" && before.find(f.ref) == nil:
			u.fieldAdded(&now, false)
		default:
			u.otherf("widget %d of field %q added", ref.Num, f.name)
		}
	}
}

// signedWidget allows the widget of a field that this revision signs to change its looks.
func (u *update) signedWidget(before *form, f *field, old pdf.Dict, now *field) {
	was := before.find(f.ref)
	if was == nil || was.value != nil || u.signed(f) == nil {
		u.otherf("widget of signature field %q changed", f.name)
		return
	}
	for _, k := range u.doc.differing(old, now.dict) {
		if !slices.Contains(signingKeys, k) {
			u.otherf("widget of signature field %q: /%s changed", f.name, k)
			return
		}
	}
	u.allowField(now, slices.Values(signingKeys))
}

// visible reports whether a widget shows anything: it has an area and an
// appearance, and is not hidden.
func (u *update) visible(d pdf.Dict) bool { return shows(u.new, d) }

// shows reports whether a widget of f is visible.
func shows(f *pdf.File, d pdf.Dict) bool {
	const hidden, noView = 2, 32
	if d["Rect"] == nil || d["AP"] == nil {
		return false
	}
	if flags, ok := f.Int(d["F"]); ok && flags&(hidden|noView) != 0 {
		return false
	}
	r, ok := f.Rect(d["Rect"])
	return !ok || r[2]-r[0] > 0 && r[3]-r[1] > 0
}
