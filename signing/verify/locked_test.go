package verify_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/internal/pdf/locktest"
	"github.com/sohoa/sohoa/record"
)

// The objects that an encrypted paper has besides those of [newPaper].
const encryptNum, signatureNum, fieldNum = 11, 12, 13

var lockedTrailer = pdf.Dict{"Root": catalogRef, "Info": infoRef, "Encrypt": pdf.Ref{Num: encryptNum}}

// lockedPaper is newPaper, encrypted.
func lockedPaper(l *locktest.Lock) *paper {
	plain := newPaper().open()
	objects := map[int]any{encryptNum: l.Dict()}
	for num := 1; num <= 10; num++ {
		objects[num] = must(plain.Get(pdf.Ref{Num: num}))
		if s, ok := objects[num].(*pdf.Stream); ok {
			objects[num] = locktest.Stream{Dict: s.Dict, Data: must(plain.Decoded(s))}
		}
	}
	return &paper{locktest.Append(nil, l, encryptNum, objects, lockedTrailer)}
}

// signLocked signs an encrypted paper in a revision of its own, by l.
func (w *world) signLocked(p *paper, l *locktest.Lock) *paper {
	const room = 6000
	plain := newPaper().open()
	catalog, page := must(plain.Catalog()), must(plain.Get(page1)).(pdf.Dict)
	field := pdf.Array{pdf.Ref{Num: fieldNum}}
	catalog["AcroForm"], page["Annots"] = pdf.Dict{"SigFlags": 3, "Fields": field}, field
	before := len(p.b)
	b := locktest.Append(p.b, l, encryptNum, map[int]any{1: catalog, page1.Num: page,
		signatureNum: pdf.Dict{"Type": pdf.Name("Sig"), "Filter": pdf.Name("Adobe.PPKLite"), "SubFilter": pdf.Name("ETSI.CAdES.detached"),
			"M": pdf.String("D:20260301120000Z"), "ByteRange": pdf.Raw(placeholder), "Contents": pdf.Raw("<" + strings.Repeat("0", 2*room) + ">")},
		fieldNum: pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": pdf.Name("Sig"), "T": pdf.TextString("Chữ ký"), "F": 132,
			"Rect": pdf.Array{0, 0, 0, 0}, "P": page1, "V": pdf.Ref{Num: signatureNum}},
	}, lockedTrailer)
	at := before + bytes.Index(b[before:], []byte("/Contents <")) + len("/Contents ")
	end := at + 2*room + 2
	stated := fmt.Sprintf("[%010d %010d %010d %010d]", 0, at, end, len(b)-end)
	b = bytes.Replace(b, []byte(placeholder), []byte(stated), 1)
	value := by(w.clerk, w.chain, stamped(w.tsa, noon, stamp{}))(slices.Concat(b[:at], b[end:]))
	copy(b[at+1:], hex.AppendEncode(nil, value))
	return &paper{b}
}

// lockedEvidence appends revocation data, encrypted as the paper is.
func (w *world) lockedEvidence(p *paper, l *locktest.Lock) *paper {
	opened := w.evidence(w.clerkSigns(newPaper()), noon.Add(1)).open()
	catalog := must(opened.Catalog())
	dss := opened.Dict(catalog["DSS"])
	objects := map[int]any{}
	copied := func(list any) pdf.Array {
		refs := pdf.Array{}
		for _, v := range opened.Array(list) {
			s := opened.Stream(v)
			num := 20 + len(objects)
			objects[num] = locktest.Stream{Dict: s.Dict, Data: must(opened.Decoded(s))}
			refs = append(refs, pdf.Ref{Num: num})
		}
		return refs
	}
	store := pdf.Dict{"Certs": copied(dss["Certs"]), "OCSPs": copied(dss["OCSPs"]), "CRLs": copied(dss["CRLs"])}
	catalog["DSS"], catalog["AcroForm"] = store, pdf.Dict{"SigFlags": 3, "Fields": pdf.Array{pdf.Ref{Num: fieldNum}}}
	objects[1] = catalog
	return &paper{locktest.Append(p.b, l, encryptNum, objects, lockedTrailer)}
}

// Files that open without a password are judged like others: strings, streams and
// revocation data are read as they are behind the encryption.
func TestLockedPapers(t *testing.T) {
	w := newWorld()
	for name, l := range locktest.Kinds() {
		t.Run(name, func(t *testing.T) {
			sealed := w.lockedEvidence(w.signLocked(lockedPaper(l), l), l)
			v := sealed.verify(t, w.policy(later))
			if v.Outcome != record.Passed || v.Signatures[0].Field != "Chữ ký" || v.Signatures[0].ChangesAfter != record.ChangesArchive {
				t.Fatalf("said %s\nwant passed, field Chữ ký, then archive", said(v))
			}
			again := locktest.Append(sealed.b, l, encryptNum, map[int]any{content1.Num: locktest.Stream{Dict: pdf.Dict{}, Data: text("So 15/QD-UBND: mot trieu dong")}}, lockedTrailer)
			if v := (&paper{again}).verify(t, w.policy(later)); v.Outcome != record.Passed {
				t.Errorf("content written anew as it was: said %s\nwant passed", said(v))
			}
			for i := 100; i < len(sealed.b); i += len(sealed.b) / 40 {
				flipped := sealed.clone()
				flipped.b[i] ^= 1
				if v := flipped.verify(t, w.policy(later)); v.Outcome == record.Passed && i < bytes.Index(sealed.b, []byte("/Contents <")) {
					t.Errorf("byte %d flipped: said %s", i, said(v))
				}
			}
		})
	}
}

// What changes after signing is never hidden by encryption, nor by its end.
func TestLockedPapersChanged(t *testing.T) {
	w := newWorld()
	for name, l := range locktest.Kinds() {
		other := *locktest.Kinds()["RC4 40"]
		if l.V == 1 {
			other = *locktest.Kinds()["RC4 128"]
		}
		sealed := w.lockedEvidence(w.signLocked(lockedPaper(l), l), l)
		content := map[int]any{content1.Num: locktest.Stream{Dict: pdf.Dict{}, Data: text("So 15/QD-UBND: mot ty dong")}}
		bare := pdf.Dict{"Root": catalogRef, "Info": infoRef}
		moved := pdf.Dict{"Root": catalogRef, "Info": infoRef, "Encrypt": pdf.Ref{Num: 40}}
		for change, b := range map[string][]byte{
			"content":                        locktest.Append(sealed.b, l, encryptNum, content, lockedTrailer),
			"encryption dropped":             locktest.Append(sealed.b, nil, 0, nil, bare),
			"encryption dropped for content": locktest.Append(sealed.b, nil, 0, content, bare),
			"another encryption":             locktest.Append(sealed.b, &other, encryptNum, map[int]any{encryptNum: other.Dict()}, lockedTrailer),
			"the same under another number":  locktest.Append(sealed.b, l, 40, map[int]any{40: l.Dict()}, moved),
		} {
			v := (&paper{b}).verify(t, w.policy(later))
			if v.Outcome != record.Failed || v.Signatures[0].ChangesAfter != record.ChangesOther || v.Signatures[0].Integrity != "intact" {
				t.Errorf("%s, %s: said %s\nwant failed, intact, then other", name, change, said(v))
			}
		}
	}
	plain := w.clerkSigns(newPaper())
	l := locktest.Kinds()["RC4 128"]
	v := (&paper{locktest.Append(plain.b, l, 40, map[int]any{40: l.Dict()}, pdf.Dict{"Root": catalogRef, "Info": infoRef, "Encrypt": pdf.Ref{Num: 40}})}).verify(t, w.policy(later))
	if v.Outcome == record.Passed || v.Outcome == record.Indeterminate {
		t.Errorf("encrypted after signing: said %s\nwant failed or unreadable", said(v))
	}
}

func TestLockedWithPassword(t *testing.T) {
	w := newWorld()
	for name, l := range locktest.Kinds() {
		l.User = "secret"
		if v := w.signLocked(lockedPaper(l), l).verify(t, w.policy(later)); v.Outcome != record.Unreadable || v.Reason != string(record.Encrypted) {
			t.Errorf("%s: said %s\nwant unreadable, encrypted", name, said(v))
		}
	}
}
