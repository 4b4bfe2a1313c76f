package verify_test

import (
	"slices"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// The structure tree of a tagged paper: root 11, document 12, paragraph 13, the tree
// from content to elements 14.
var treeRoot, documentElement, paragraph, parentTree = pdf.Ref{Num: 11}, pdf.Ref{Num: 12}, pdf.Ref{Num: 13}, pdf.Ref{Num: 14}

func tagged() *paper {
	return newPaper().update(func(f *pdf.File, u *pdf.Update) {
		u.Set(treeRoot, pdf.Dict{"Type": pdf.Name("StructTreeRoot"), "K": pdf.Array{documentElement}, "ParentTree": parentTree, "ParentTreeNextKey": 1})
		u.Set(documentElement, pdf.Dict{"Type": pdf.Name("StructElem"), "S": pdf.Name("Document"), "P": treeRoot, "K": pdf.Array{paragraph}})
		u.Set(paragraph, pdf.Dict{"Type": pdf.Name("StructElem"), "S": pdf.Name("P"), "P": documentElement, "Pg": page1, "K": 0})
		u.Set(parentTree, pdf.Dict{"Nums": pdf.Array{0, pdf.Array{paragraph}}})
		catalog := must(f.Catalog())
		catalog["StructTreeRoot"], catalog["MarkInfo"] = treeRoot, pdf.Dict{"Marked": true}
		u.Set(catalogRef, catalog)
		page := must(f.Get(page1)).(pdf.Dict)
		page["StructParents"] = 0
		u.Set(page1, page)
	})
}

// A second signature in a tagged file brings an element of its own into the tree; the
// tree may not change otherwise.
func TestSignedIntoTheStructureTree(t *testing.T) {
	w := newWorld()
	agency := issue("Sở Thử nghiệm", w.ca, ecKey())
	type tree struct{ element, parent, numbers, root pdf.Dict }
	for _, test := range []struct {
		name   string
		change func(*tree)
		want   record.Changes
	}{
		{"an element for the field", func(*tree) {}, record.ChangesSignatures},
		{"below the root", func(n *tree) {
			n.root["K"] = append(n.parent["K"].(pdf.Array)[:0:0], documentElement, n.parent["K"].(pdf.Array)[1])
			n.parent["K"] = pdf.Array{paragraph}
		}, record.ChangesSignatures},
		{"with a text of its own", func(n *tree) { n.element["ActualText"] = pdf.String("mot ty") }, record.ChangesOther},
		{"a paragraph", func(n *tree) { n.element["S"] = pdf.Name("P") }, record.ChangesOther},
		{"for a page's content", func(n *tree) { n.element["K"] = 1 }, record.ChangesOther},
		{"for another object", func(n *tree) { n.element["K"] = pdf.Dict{"Type": pdf.Name("OBJR"), "Obj": content1} }, record.ChangesOther},
		{"in place of the paragraph", func(n *tree) { n.parent["K"] = n.parent["K"].(pdf.Array)[1:] }, record.ChangesOther},
		{"the paragraph twice", func(n *tree) { n.parent["K"] = append(n.parent["K"].(pdf.Array), paragraph) }, record.ChangesOther},
		{"the document renamed", func(n *tree) { n.parent["S"] = pdf.Name("Artifact") }, record.ChangesOther},
		{"the document with another text", func(n *tree) { n.parent["ActualText"] = pdf.String("mot ty") }, record.ChangesOther},
		{"the content led to it", func(n *tree) {
			n.numbers["Nums"] = append(pdf.Array{0, n.numbers["Nums"].(pdf.Array)[3]}, n.numbers["Nums"].(pdf.Array)[2:]...)
		}, record.ChangesOther},
		{"roles mapped anew", func(n *tree) { n.root["RoleMap"] = pdf.Dict{"P": pdf.Name("Artifact")} }, record.ChangesOther},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := w.clerkSigns(tagged()).sign(signing{visible: true, cms: by(agency, w.chain), also: func(f *pdf.File, u *pdf.Update, _, widget pdf.Dict) {
				n := tree{pdf.Dict{"Type": pdf.Name("StructElem"), "S": pdf.Name("Form"), "P": documentElement, "Pg": page1}, must(f.Get(documentElement)).(pdf.Dict), must(f.Get(parentTree)).(pdf.Dict), must(f.Get(treeRoot)).(pdf.Dict)}
				widget["StructParent"] = 1
				ref := u.Add(n.element)
				n.element["K"] = pdf.Dict{"Type": pdf.Name("OBJR"), "Pg": page1, "Obj": pdf.Ref{Num: ref.Num + 2}} // the widget is the object after the signature
				n.parent["K"] = append(slices.Clone(n.parent["K"].(pdf.Array)), ref)
				n.numbers["Nums"] = append(slices.Clone(n.numbers["Nums"].(pdf.Array)), 1, ref)
				n.root["ParentTreeNextKey"] = 2
				test.change(&n)
				u.Set(documentElement, n.parent)
				u.Set(parentTree, n.numbers)
				u.Set(treeRoot, n.root)
			}})
			if v := p.verify(t, w.policy(later)); v.Signatures[0].ChangesAfter != test.want || v.Signatures[0].Integrity != "intact" {
				t.Errorf("said %s\nwant then %s", said(v), test.want)
			}
		})
	}
}
