package pdf

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	nsXML = "http://www.w3.org/XML/1998/namespace"
	nsMM  = "http://ns.adobe.com/xap/1.0/mm/"
)

// A program writes these whenever it saves a file.
var savingProperties = map[xml.Name]bool{
	{Space: nsXMP, Local: "ModifyDate"}: true, {Space: nsXMP, Local: "MetadataDate"}: true, {Space: nsXMP, Local: "CreatorTool"}: true,
	{Space: nsPDF, Local: "Producer"}: true, {Space: nsMM, Local: "InstanceID"}: true, {Space: nsMM, Local: "History"}: true,
}

// Statements lists what an XMP packet says, sorted, in whichever of the ways of
// RDF/XML it was written (ISO 16684-1, 7): an attribute says the same as an
// element, a nested description the same as rdf:parseType="Resource". What a
// program notes whenever it saves a file is left out: dates, producer, history.
// It fails with ErrDamaged and ErrLimit.
func Statements(packet []byte) ([]string, error) {
	r := statementReader{dec: xml.NewDecoder(bytes.NewReader(packet))}
	r.dec.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("character set %q", charset)
	}
	for {
		tok, err := r.dec.Token()
		if errors.Is(err, io.EOF) {
			slices.Sort(r.out)
			return r.out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read XMP: %w: %w", err, ErrDamaged)
		}
		if err := r.take(tok); err != nil {
			return nil, err
		}
	}
}

type statementReader struct {
	dec   *xml.Decoder
	stack []statementNode
	out   []string
}

// A statementNode is an element that is open.
type statementNode struct {
	path  string // of the properties around it and of itself
	items int    // of an array, so far
	text  []byte
	skip  bool // it, and all in it, is left out
}

func (r *statementReader) take(tok xml.Token) error {
	switch t := tok.(type) {
	case xml.StartElement:
		if len(r.stack) > 64 {
			return fmt.Errorf("read XMP: elements nest deeper than 64: %w", ErrLimit)
		}
		r.open(t)
	case xml.EndElement:
		n := &r.stack[len(r.stack)-1]
		if text := strings.TrimSpace(string(n.text)); text != "" && !n.skip {
			r.out = append(r.out, n.path+"="+text)
		}
		r.stack = r.stack[:len(r.stack)-1]
	case xml.CharData:
		if len(r.stack) > 0 {
			n := &r.stack[len(r.stack)-1]
			n.text = append(n.text, t...)
		}
	}
	return nil
}

func (r *statementReader) open(t xml.StartElement) {
	n := statementNode{}
	if len(r.stack) > 0 {
		above := &r.stack[len(r.stack)-1]
		n.path, n.skip = above.path, above.skip
		if t.Name == (xml.Name{Space: nsRDF, Local: "li"}) {
			above.items++
			n.path += fmt.Sprintf("[%d]", above.items)
		}
	}
	if t.Name.Space != nsRDF && t.Name.Local != "xmpmeta" && t.Name.Local != "xapmeta" {
		n.path += "/" + t.Name.Space + " " + t.Name.Local
		n.skip = n.skip || savingProperties[t.Name]
	}
	for _, a := range t.Attr {
		r.attribute(&n, a)
	}
	r.stack = append(r.stack, n)
}

func (r *statementReader) attribute(n *statementNode, a xml.Attr) {
	switch {
	case a.Name.Space == "xmlns", a.Name.Local == "xmlns", a.Name.Local == "xmptk", n.skip, a.Value == "", savingProperties[a.Name]:
	case a.Name == (xml.Name{Space: nsXML, Local: "lang"}):
		n.path += "@" + a.Value
	case a.Name == (xml.Name{Space: nsRDF, Local: "resource"}):
		r.out = append(r.out, n.path+"="+strings.TrimSpace(a.Value))
	case a.Name.Space == nsRDF && a.Name.Local == "parseType":
	default:
		r.out = append(r.out, n.path+"/"+a.Name.Space+" "+a.Name.Local+"="+strings.TrimSpace(a.Value))
	}
}
