package verify_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms/cmstest"
	"github.com/sohoa/sohoa/signing/verify"
)

// The objects of the paper: catalog 1, page tree 2, pages 3 and 4, contents 5 and
// 6, font 7, metadata 8, information 9, an object that nothing refers to 10.
var (
	catalogRef, page1, content1, fontRef, metadataRef, infoRef, spare = pdf.Ref{Num: 1}, pdf.Ref{Num: 3}, pdf.Ref{Num: 5}, pdf.Ref{Num: 7}, pdf.Ref{Num: 8}, pdf.Ref{Num: 9}, pdf.Ref{Num: 10}
)

// A paper is a PDF that a test writes and signs.
type paper struct {
	b []byte
}

func text(s string) []byte { return []byte("BT /F1 12 Tf 72 700 Td (" + s + ") Tj ET") }

// newPaper writes two pages.
func newPaper() *paper {
	var b bytes.Buffer
	w := pdf.NewWriter(&b, "1.7")
	for range 10 {
		w.Alloc()
	}
	r := func(n int) pdf.Ref { return pdf.Ref{Num: n} }
	page := func(content int) pdf.Dict {
		return pdf.Dict{"Type": pdf.Name("Page"), "Parent": r(2), "MediaBox": pdf.Array{0, 0, 595, 842}, "Contents": r(content),
			"Resources": pdf.Dict{"Font": pdf.Dict{"F1": r(7)}}}
	}
	objects := []any{
		pdf.Dict{"Type": pdf.Name("Catalog"), "Pages": r(2), "Metadata": r(8)},
		pdf.Dict{"Type": pdf.Name("Pages"), "Kids": pdf.Array{r(3), r(4)}, "Count": 2},
		page(5), page(6),
		pdf.NewStream(pdf.Dict{}, text("So 15/QD-UBND: mot trieu dong")), pdf.NewStream(pdf.Dict{}, text("trang hai")),
		pdf.Dict{"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type1"), "BaseFont": pdf.Name("Times-Roman")},
		pdf.NewStream(pdf.Dict{"Type": pdf.Name("Metadata"), "Subtype": pdf.Name("XML")}, []byte(xmp("15", "2026-03-01"))),
		pdf.Dict{"Title": pdf.String("Quyet dinh"), "ModDate": pdf.String("D:20260301")},
		pdf.NewStream(pdf.Dict{}, text("So 15/QD-UBND: mot ty dong")),
	}
	for i, o := range objects {
		if err := w.WriteObject(r(i+1), o); err != nil {
			panic(err)
		}
	}
	if err := w.Close(r(1), r(9), [2][]byte{}); err != nil {
		panic(err)
	}
	return &paper{b.Bytes()}
}

func xmp(number, modified string) string {
	return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:s="urn:so" xmp:ModifyDate="` + modified + `"><s:codeNumber>` +
		number + `</s:codeNumber></rdf:Description></rdf:RDF></x:xmpmeta>`
}

func (p *paper) clone() *paper { return &paper{slices.Clone(p.b)} }

func (p *paper) open() *pdf.File {
	return must(pdf.Open(bytes.NewReader(p.b), int64(len(p.b)), pdf.DefaultLimits()))
}

// update appends a revision.
func (p *paper) update(change func(f *pdf.File, u *pdf.Update)) *paper {
	f := p.open()
	u := must(pdf.NewUpdate(f))
	change(f, u)
	var b bytes.Buffer
	must(u.WriteTo(&b))
	p.b = append(p.b, b.Bytes()...)
	return p
}

// set replaces one object in a revision of its own.
func (p *paper) set(r pdf.Ref, v any) *paper {
	return p.update(func(_ *pdf.File, u *pdf.Update) { u.Set(r, v) })
}

// edit changes a dictionary in a revision of its own.
func (p *paper) edit(r pdf.Ref, change func(pdf.Dict)) *paper {
	return p.update(func(f *pdf.File, u *pdf.Update) {
		d := must(f.Get(r)).(pdf.Dict)
		change(d)
		u.Set(r, d)
	})
}

// A signing says how to sign. Its zero value makes an invisible PAdES signature.
type signing struct {
	field     string
	visible   bool
	filter    string
	kind      string
	claimed   string // /M; "": noon
	newRoot   bool   // the catalog goes under a new number
	room      int    // bytes of the placeholder; 0: 6000
	mdp       int
	reference pdf.Array
	resources func(u *pdf.Update) pdf.Dict // /DR of the form
	also      func(f *pdf.File, u *pdf.Update, sig pdf.Dict, widget pdf.Dict)
	cms       func(content []byte) []byte
	ranges    func(start, end, size int) [4]int
}

// sign appends a revision with a signature.
func (p *paper) sign(s signing) *paper {
	if s.room == 0 {
		s.room = 6000
	}
	if s.filter == "" {
		s.filter = "ETSI.CAdES.detached"
	}
	if s.claimed == "" {
		s.claimed = "D:20260301120000Z"
	}
	if s.field == "" {
		s.field = fmt.Sprintf("Signature%d", strings.Count(string(p.b), "/ByteRange")+1)
	}
	before := len(p.b)
	p.update(func(f *pdf.File, u *pdf.Update) { s.write(f, u) })
	added := p.b[before:]
	at := before + bytes.Index(added, []byte("/Contents <")) + len("/Contents ")
	end := at + 2*s.room + 2
	ranges := [4]int{0, at, end, len(p.b) - end}
	if s.ranges != nil {
		ranges = s.ranges(at, end, len(p.b))
	}
	stated := fmt.Sprintf("[%010d %010d %010d %010d]", ranges[0], ranges[1], ranges[2], ranges[3])
	p.b = append(p.b[:before], bytes.Replace(added, []byte(placeholder), []byte(stated), 1)...)
	content := slices.Concat(p.b[ranges[0]:ranges[0]+ranges[1]], p.b[ranges[2]:ranges[2]+ranges[3]])
	value := hex.AppendEncode(nil, s.cms(content))
	if len(value) > 2*s.room {
		panic("the placeholder is too small")
	}
	copy(p.b[at+1:], value)
	return p
}

const placeholder = "[0000000000 0000000000 0000000000 0000000000]"

func (s signing) write(f *pdf.File, u *pdf.Update) {
	catalog := must(f.Catalog())
	form := f.Dict(catalog["AcroForm"])
	if form == nil {
		form = pdf.Dict{"SigFlags": 3, "Fields": pdf.Array{}}
	}
	sig := pdf.Dict{"Type": pdf.Name("Sig"), "Filter": pdf.Name("Adobe.PPKLite"), "SubFilter": pdf.Name(s.filter), "M": pdf.String(s.claimed),
		"ByteRange": pdf.Raw(placeholder), "Contents": pdf.Raw("<" + strings.Repeat("0", 2*s.room) + ">")}
	if s.kind != "" {
		sig["Type"] = pdf.Name(s.kind)
	}
	if s.mdp > 0 {
		s.reference = append(s.reference, pdf.Dict{"TransformMethod": pdf.Name("DocMDP"), "TransformParams": pdf.Dict{"Type": pdf.Name("TransformParams"), "P": s.mdp, "V": pdf.Name("1.2")}})
	}
	if s.reference != nil {
		sig["Reference"] = s.reference
	}
	widget := pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": pdf.Name("Sig"), "T": pdf.String(s.field), "F": 132, "Rect": pdf.Array{0, 0, 0, 0}, "P": page1}
	if s.visible {
		widget["Rect"] = pdf.Array{300, 700, 500, 800}
		widget["AP"] = pdf.Dict{"N": u.AddStream(pdf.Dict{"Type": pdf.Name("XObject"), "Subtype": pdf.Name("Form"), "BBox": pdf.Array{0, 0, 200, 100}}, text("da ky"))}
	}
	if s.also != nil {
		s.also(f, u, sig, widget)
	}
	widget["V"] = u.Add(sig)
	ref := u.Add(widget)
	form["Fields"] = append(slices.Clone(f.Array(form["Fields"])), ref)
	if s.resources != nil {
		form["DR"] = s.resources(u)
	}
	catalog["AcroForm"] = form
	if s.newRoot {
		u.Trailer["Root"] = u.Add(catalog)
	} else {
		u.Set(catalogRef, catalog)
	}
	page := must(f.Get(page1)).(pdf.Dict)
	page["Annots"] = append(slices.Clone(f.Array(page["Annots"])), ref)
	u.Set(page1, page)
}

func sumOf(content []byte, h crypto.Hash) []byte {
	state := h.New()
	state.Write(content)
	return state.Sum(nil)
}

// by makes the CMS of the signer, changed as the test wants.
func by(a *authority, change ...func(*cmstest.Spec)) func([]byte) []byte {
	return func(content []byte) []byte {
		s := cmstest.Spec{Cert: a.cert, Key: a.key, Hash: crypto.SHA256}
		for _, c := range change {
			c(&s)
		}
		if s.Digest == nil {
			s.Digest = sumOf(content, s.Hash)
		}
		return cmstest.Build(s)
	}
}

// stamped adds a signature time-stamp.
func stamped(tsa *authority, t time.Time, s stamp) func(*cmstest.Spec) {
	return func(spec *cmstest.Spec) {
		spec.Stamp = func(signature []byte) []byte { return tsa.token(signature, t, s) }
	}
}

// chain puts the issuing CA into the bag.
func (w *world) chain(s *cmstest.Spec) { s.Bag = append(s.Bag, w.clerk.cert, w.ca.cert) }

// clerkSigns signs at level B-T.
func (w *world) clerkSigns(p *paper) *paper {
	return p.sign(signing{cms: by(w.clerk, w.chain, stamped(w.tsa, noon, stamp{}))})
}

// stampDocument appends a document time-stamp.
func (p *paper) stampDocument(tsa *authority, t time.Time, s stamp) *paper {
	return p.sign(signing{filter: "ETSI.RFC3161", kind: "DocTimeStamp", cms: func(content []byte) []byte { return tsa.token(content, t, s) }})
}

// store appends a DSS dictionary.
func (p *paper) store(certs []*authority, ocsps, crls [][]byte) *paper {
	return p.update(func(f *pdf.File, u *pdf.Update) {
		catalog := must(f.Catalog())
		dss := f.Dict(catalog["DSS"])
		if dss == nil {
			dss = pdf.Dict{"Type": pdf.Name("DSS")}
		}
		add := func(key pdf.Name, items [][]byte) {
			list := slices.Clone(f.Array(dss[key]))
			for _, b := range items {
				list = append(list, u.AddStream(pdf.Dict{}, b))
			}
			dss[key] = list
		}
		var raw [][]byte
		for _, c := range certs {
			raw = append(raw, c.cert.Raw)
		}
		add("Certs", raw)
		add("OCSPs", ocsps)
		add("CRLs", crls)
		catalog["DSS"] = u.Add(dss)
		u.Set(catalogRef, catalog)
	})
}

// evidence is sound revocation data for everybody, made at t.
func (w *world) evidence(p *paper, t time.Time) *paper {
	return p.store([]*authority{w.ca}, [][]byte{answer(w.clerk, w.ca, w.ca, t, 24*time.Hour, time.Time{})},
		[][]byte{w.root.crl(t, 30*24*time.Hour, nil), w.tsaRoot.crl(t, 30*24*time.Hour, nil)})
}

// archived is a sound file of level B-LTA.
func (w *world) archived() *paper {
	return w.evidence(w.clerkSigns(newPaper()), noon.Add(time.Minute)).stampDocument(w.tsa, noon.Add(2*time.Minute), stamp{})
}

func (p *paper) verify(t *testing.T, policy verify.Policy) record.Verdict {
	t.Helper()
	keep(t, p, policy)
	v, err := verify.Verify(context.Background(), bytes.NewReader(p.b), int64(len(p.b)), policy)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// keep writes the paper and its anchors into the folder that SOHOA_PAPERS names,
// for other validators to judge. Without the variable it does nothing.
func keep(t *testing.T, p *paper, policy verify.Policy) {
	dir := os.Getenv("SOHOA_PAPERS")
	if dir == "" {
		return
	}
	name := strings.Map(func(r rune) rune {
		if r == '/' || r == ' ' || r == '\'' || r == ':' || r == ',' {
			return '_'
		}
		return r
	}, t.Name())
	var roots []byte
	for _, c := range policy.Roots {
		roots = append(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	at := []byte(policy.At.Format(time.RFC3339))
	for suffix, b := range map[string][]byte{".pdf": p.b, ".pem": roots, ".at": at} {
		if err := os.WriteFile(filepath.Join(dir, name+suffix), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) policy(at time.Time) verify.Policy {
	return verify.Policy{Roots: w.anchors(), At: at}
}

// said is what a verdict says of its signatures, in one line each.
func said(v record.Verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", v.Outcome, v.Reason, v.Detail)
	for _, s := range v.Signatures {
		fmt.Fprintf(&b, "\n\t%s %s: %s %s, %s, %s, then %s, level %q, %s (%s): %s %q %q", s.Kind, s.Field, s.Outcome, s.SubIndication, s.Integrity, s.Coverage,
			s.ChangesAfter, s.Level, s.Time.Format(time.RFC3339), s.TimeSource, s.Reason, s.Changed, s.Warnings)
	}
	return b.String()
}
