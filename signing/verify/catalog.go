package verify

import (
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// trailerKeys may differ from one trailer to the next: they belong to the
// cross-reference, not to the document.
var trailerKeys = map[pdf.Name]bool{
	"Root": true, "Size": true, "Prev": true, "XRefStm": true, "ID": true, "Info": true, "DocChecksum": true,
	"Type": true, "Index": true, "W": true, "Length": true, "Filter": true, "DecodeParms": true,
}

// trailer compares the trailers.
func (u *update) trailer() {
	old, now := u.old.Trailer(), u.new.Trailer()
	for _, key := range u.doc.differing(old, now) {
		if !trailerKeys[key] {
			u.otherf("trailer /%s changed", key)
		}
	}
	u.info(old["Info"], now["Info"])
}

// catalog compares the catalogs key by key. A writer may put the new one under a
// new number.
func (u *update) catalog() {
	ref, _ := u.old.Trailer()["Root"].(pdf.Ref)
	newRef, _ := u.new.Trailer()["Root"].(pdf.Ref)
	if newRef != ref && (u.existed(newRef.Num) || len(u.graph.in[newRef.Num]) > 0) {
		u.otherf("object %d became the catalog", newRef.Num)
		return
	}
	old, err := u.old.Catalog()
	now, errNow := u.new.Catalog()
	if err != nil || errNow != nil {
		u.otherf("the catalog cannot be read")
		return
	}
	u.allowed[newRef.Num] = true
	for _, key := range u.doc.differing(old, now) {
		switch key {
		case "AcroForm", "DSS", "Metadata", "Extensions":
		case "Version": // may only rise (7.5.2)
			if a, b := u.old.Name(old[key]), u.new.Name(now[key]); b < a || b < pdf.Name(u.old.Version()) {
				u.otherf("catalog /Version lowered")
			}
			u.atLeast(record.ChangesArchive)
		default:
			u.otherf("catalog /%s changed", key)
		}
	}
	u.form(ref.Num, old, now)
	u.structure(old, now)
	u.dss(ref.Num, old, now)
	u.extensions(ref.Num, old["Extensions"], now["Extensions"])
	u.metadata(ref.Num, old["Metadata"], now["Metadata"])
}

// dss allows anything below /DSS: a verifier checks each part of it by itself.
func (u *update) dss(root int, old, now pdf.Dict) {
	if now["DSS"] == nil {
		if old["DSS"] != nil {
			u.otherf("catalog /DSS removed")
		}
		return
	}
	if u.allowTree(root, "DSS", now["DSS"]) || !u.doc.same(old["DSS"], now["DSS"]) {
		u.atLeast(record.ChangesArchive)
	}
}

// extensions allows a developer extension to be added or raised (7.12).
func (u *update) extensions(root int, old, now any) {
	before, after := u.old.Dict(old), u.new.Dict(now)
	for key := range before {
		if after[key] == nil {
			u.otherf("catalog /Extensions /%s removed", key)
		}
	}
	if u.allowTree(root, "Extensions", now) || !u.doc.same(old, now) {
		u.atLeast(record.ChangesArchive)
	}
}
