package verify_test

import (
	"slices"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// What a signed file holds besides its pages is said, and decides nothing.
func TestContentBesideThePages(t *testing.T) {
	w := newWorld()
	script := pdf.Dict{"S": pdf.Name("JavaScript"), "JS": pdf.String("app.alert(1)")}
	for _, test := range []struct {
		name string
		add  func(catalog pdf.Dict, u *pdf.Update)
		want []record.Content
	}{
		{"nothing", func(pdf.Dict, *pdf.Update) {}, nil},
		{"a link", func(c pdf.Dict, u *pdf.Update) {
			c["X"] = pdf.Dict{"S": pdf.Name("URI"), "URI": pdf.String("http://a")}
		}, nil},
		{"a script when it is opened", func(c pdf.Dict, u *pdf.Update) { c["OpenAction"] = script }, []record.Content{record.Scripts}},
		{"a script by name", func(c pdf.Dict, u *pdf.Update) {
			c["Names"] = pdf.Dict{"JavaScript": pdf.Dict{"Names": pdf.Array{pdf.String("a"), u.Add(script)}}}
		}, []record.Content{record.Scripts}},
		{"an action when it is printed", func(c pdf.Dict, u *pdf.Update) { c["AA"] = pdf.Dict{"WP": pdf.Dict{"S": pdf.Name("Named")}} }, []record.Content{record.Scripts}},
		{"layers", func(c pdf.Dict, u *pdf.Update) {
			layer := u.Add(pdf.Dict{"Type": pdf.Name("OCG"), "Name": pdf.String("a")})
			c["OCProperties"] = pdf.Dict{"OCGs": pdf.Array{layer}, "D": pdf.Dict{"OFF": pdf.Array{layer}}}
		}, []record.Content{record.Layers}},
		{"an attachment", func(c pdf.Dict, u *pdf.Update) {
			c["AF"] = pdf.Array{u.Add(pdf.Dict{"Type": pdf.Name("Filespec"), "F": pdf.String("a"), "EF": pdf.Dict{"F": u.AddStream(pdf.Dict{}, []byte("a"))}})}
		}, []record.Content{record.Attachments}},
		{"a program that is started, and a script", func(c pdf.Dict, u *pdf.Update) {
			c["OpenAction"] = pdf.Dict{"S": pdf.Name("Launch"), "Next": script}
		}, []record.Content{record.Scripts, record.External}},
		{"data of another file", func(c pdf.Dict, u *pdf.Update) { c["X"] = u.AddStream(pdf.Dict{"F": pdf.String("other.bin")}, nil) }, []record.Content{record.External}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPaper().update(func(f *pdf.File, u *pdf.Update) {
				catalog := must(f.Catalog())
				test.add(catalog, u)
				u.Set(catalogRef, catalog)
			})
			v := w.evidence(w.clerkSigns(p), noon.Add(1)).verify(t, w.policy(later))
			if v.Outcome != record.Passed || !slices.Equal(v.Content, test.want) {
				t.Errorf("content %q, said %s; want %q and passed", v.Content, said(v), test.want)
			}
		})
	}
	if v := newPaper().edit(catalogRef, func(d pdf.Dict) { d["OpenAction"] = script }).verify(t, w.policy(later)); len(v.Content) != 0 {
		t.Errorf("a file without a signature: content %q; want none", v.Content)
	}
}
