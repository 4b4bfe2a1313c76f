package pdf

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Namespace is that of our own XMP properties; its prefix is sohoa.
const Namespace = "https://sohoa.vn/ns/record/1.0/"

// An XMP is the metadata of a document (ISO 16684-1) as far as we write it.
type XMP struct {
	Part        int    // of ISO 19005
	Conformance string // "B", "U"
	Title       string
	Language    string // RFC 3066, e.g. "vi"
	Producer    string
	CreatorTool string
	Created     time.Time // zero: left out
	Modified    time.Time // zero: left out
	Properties  []Property
}

// A Property is one of our own properties. All are text; the packet describes
// them in an extension schema, as ISO 19005-2, 6.6.2.3 wants.
type Property struct {
	Name        string // letters and digits
	Value       string
	Description string // for the extension schema
	External    bool   // a user stated it; otherwise software found it
}

// xmpName reports whether s may name a property.
func xmpName(s string) bool {
	for i, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// Packet returns the XMP packet: UTF-8, closed for editing in place, the same
// bytes for the same x. A property whose name is no name is left out.
func (x XMP) Packet() []byte {
	var b bytes.Buffer
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n")
	b.WriteString("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n")
	b.WriteString("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n")
	x.identification(&b)
	x.dublinCore(&b)
	x.tools(&b)
	if props := x.named(); len(props) > 0 {
		writeProperties(&b, props)
		writeExtension(&b, props)
	}
	b.WriteString("</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return b.Bytes()
}

func (x XMP) named() []Property {
	var out []Property
	for _, p := range x.Properties {
		if xmpName(p.Name) {
			out = append(out, p)
		}
	}
	return out
}

func (x XMP) identification(b *bytes.Buffer) {
	if x.Part == 0 {
		return
	}
	describe(b, "pdfaid", "http://www.aiim.org/pdfa/ns/id/")
	element(b, "pdfaid:part", strconv.Itoa(x.Part))
	element(b, "pdfaid:conformance", x.Conformance)
	b.WriteString("</rdf:Description>\n")
}

func (x XMP) dublinCore(b *bytes.Buffer) {
	describe(b, "dc", "http://purl.org/dc/elements/1.1/")
	element(b, "dc:format", "application/pdf")
	if x.Title != "" {
		fmt.Fprintf(b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n", escape(x.Title))
	}
	if x.Language != "" {
		fmt.Fprintf(b, "<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>\n", escape(x.Language))
	}
	b.WriteString("</rdf:Description>\n")
}

func (x XMP) tools(b *bytes.Buffer) {
	describe(b, "xmp", "http://ns.adobe.com/xap/1.0/")
	element(b, "xmp:CreatorTool", x.CreatorTool)
	element(b, "xmp:CreateDate", stamp(x.Created))
	element(b, "xmp:ModifyDate", stamp(x.Modified))
	b.WriteString("</rdf:Description>\n")
	if x.Producer == "" {
		return
	}
	describe(b, "pdf", "http://ns.adobe.com/pdf/1.3/")
	element(b, "pdf:Producer", x.Producer)
	b.WriteString("</rdf:Description>\n")
}

func writeProperties(b *bytes.Buffer, props []Property) {
	describe(b, "sohoa", Namespace)
	for _, p := range props {
		fmt.Fprintf(b, "<sohoa:%s>%s</sohoa:%[1]s>\n", p.Name, escape(p.Value))
	}
	b.WriteString("</rdf:Description>\n")
}

// writeExtension describes our properties (ISO 19005-1, table 3 and following).
func writeExtension(b *bytes.Buffer, props []Property) {
	b.WriteString("<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\"" +
		" xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n" +
		"<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\n")
	element(b, "pdfaSchema:schema", "Record of a digitised document")
	element(b, "pdfaSchema:namespaceURI", Namespace)
	element(b, "pdfaSchema:prefix", "sohoa")
	b.WriteString("<pdfaSchema:property><rdf:Seq>\n")
	for _, p := range props {
		category := "internal"
		if p.External {
			category = "external"
		}
		b.WriteString("<rdf:li rdf:parseType=\"Resource\">\n")
		element(b, "pdfaProperty:name", p.Name)
		element(b, "pdfaProperty:valueType", "Text")
		element(b, "pdfaProperty:category", category)
		element(b, "pdfaProperty:description", p.describe())
		b.WriteString("</rdf:li>\n")
	}
	b.WriteString("</rdf:Seq></pdfaSchema:property>\n</rdf:li></rdf:Bag></pdfaExtension:schemas>\n</rdf:Description>\n")
}

func (p Property) describe() string {
	if p.Description == "" {
		return p.Name
	}
	return p.Description
}

func describe(b *bytes.Buffer, prefix, uri string) {
	fmt.Fprintf(b, "<rdf:Description rdf:about=\"\" xmlns:%s=\"%s\">\n", prefix, uri)
}

// element writes a simple property, or nothing for an empty value.
func element(b *bytes.Buffer, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "<%s>%s</%[1]s>\n", name, escape(value))
	}
}

// escape makes s character data; what XML cannot carry becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// stamp writes a time as XMP does; an Info dictionary needs the same instant.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}

// Date returns t as a PDF date (ISO 32000-1, 7.9.4): the form of an Info
// dictionary and of a signature's /M.
func Date(t time.Time) String {
	s := t.Format("20060102150405-07'00")
	return String("D:" + s + "'")
}
