package pdf

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// The same metadata as three programs write it.
func TestStatementsAreTheSameHoweverWritten(t *testing.T) {
	ours := XMP{Part: 2, Conformance: "U", Title: "Tờ trình", Language: "vi", Producer: "Sohoa", CreatorTool: "Sohoa", Created: time.Unix(0, 0).UTC(),
		Properties: []Property{{Name: "codeNumber", Value: "15", Description: "Số"}, {Name: "subject", Value: "A & B"}}}
	want, err := Statements(ours.Packet())
	if err != nil || len(want) < 10 {
		t.Fatalf("Statements = %q, %v", want, err)
	}
	saved := ours
	saved.Producer, saved.CreatorTool, saved.Modified = "Another", "Another", time.Unix(1e9, 0)
	compact := strings.NewReplacer(
		"<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>U</pdfaid:conformance>\n", "",
		`xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"`, `xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="U"`,
		"<pdfaSchema:namespaceURI>"+Namespace+"</pdfaSchema:namespaceURI>", `<pdfaSchema:namespaceURI rdf:resource="`+Namespace+`"/>`,
		`<rdf:li rdf:parseType="Resource">`, "<rdf:li><rdf:Description>",
		"</pdfaProperty:description>\n</rdf:li>", "</pdfaProperty:description></rdf:Description></rdf:li>",
		"</pdfaSchema:property>\n</rdf:li>", "</pdfaSchema:property></rdf:Description></rdf:li>",
	).Replace(string(ours.Packet()))
	for what, packet := range map[string]string{"saved again": string(saved.Packet()), "in fewer elements": compact} {
		if got, err := Statements([]byte(packet)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: Statements = %q, %v; want %q", what, got, err, want)
		}
	}
	for what, change := range map[string][2]string{
		"another number":                   {">15<", ">16<"},
		"another title":                    {"Tờ trình", "Tờ"},
		"one more property":                {"<sohoa:subject>", "<sohoa:more>x</sohoa:more><sohoa:subject>"},
		"one more attribute":               {`xmlns:sohoa="` + Namespace + `"`, `xmlns:sohoa="` + Namespace + `" sohoa:more="x"`},
		"another language":                 {`xml:lang="x-default"`, `xml:lang="fr"`},
		"descriptions that changed places": {">codeNumber</pdfaProperty:name>", ">subject</pdfaProperty:name>"},
	} {
		packet := strings.Replace(string(ours.Packet()), change[0], change[1], 1)
		if got, err := Statements([]byte(packet)); packet == string(ours.Packet()) || err != nil || slices.Equal(got, want) {
			t.Errorf("%s: the same statements, %v", what, err)
		}
	}
	if _, err := Statements([]byte("<a><b></a>")); !errors.Is(err, ErrDamaged) {
		t.Errorf("Statements(no XML) = %v; want ErrDamaged", err)
	}
	if _, err := Statements([]byte(strings.Repeat("<a>", 100))); !errors.Is(err, ErrLimit) {
		t.Errorf("Statements(deep) = %v; want ErrLimit", err)
	}
}

func FuzzStatements(f *testing.F) {
	f.Add(XMP{Part: 2, Conformance: "B", Title: "a"}.Packet())
	f.Add([]byte(`<a b="c"><d>e</d></a>`))
	f.Fuzz(func(t *testing.T, packet []byte) {
		said, err := Statements(packet)
		if err == nil && !slices.IsSorted(said) {
			t.Error("statements are not sorted")
		}
	})
}
