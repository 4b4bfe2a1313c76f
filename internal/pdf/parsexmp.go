package pdf

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// ParseXMP reads a packet: everything that [XMP.Packet] writes, and of packets of
// others the same properties, as elements or attributes. It fails with ErrDamaged
// if the packet is no XML, and with ErrLimit for nesting that metadata never has.
func ParseXMP(packet []byte) (XMP, error) {
	p := xmpReader{schema: map[string]*Property{}}
	dec := xml.NewDecoder(bytes.NewReader(packet))
	dec.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("character set %q", charset)
	}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return XMP{}, fmt.Errorf("read XMP: %w: %w", err, ErrDamaged)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if p.open(t); len(p.path) > 64 {
				return XMP{}, fmt.Errorf("read XMP: elements nest deeper than 64: %w", ErrLimit)
			}
		case xml.EndElement:
			p.close()
		case xml.CharData:
			p.text.Write(t)
		}
	}
	for i, prop := range p.out.Properties {
		if d := p.schema[prop.Name]; d != nil {
			p.out.Properties[i].Description, p.out.Properties[i].External = d.Description, d.External
		}
	}
	return p.out, nil
}

const (
	nsRDF      = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsID       = "http://www.aiim.org/pdfa/ns/id/"
	nsDC       = "http://purl.org/dc/elements/1.1/"
	nsXMP      = "http://ns.adobe.com/xap/1.0/"
	nsPDF      = "http://ns.adobe.com/pdf/1.3/"
	nsProperty = "http://www.aiim.org/pdfa/ns/property#"
)

type xmpReader struct {
	out    XMP
	path   []xml.Name
	text   strings.Builder
	item   Property // the description that is being read
	schema map[string]*Property
}

func (p *xmpReader) open(t xml.StartElement) {
	p.path = append(p.path, t.Name)
	p.text.Reset()
	if t.Name == (xml.Name{Space: nsRDF, Local: "Description"}) {
		for _, a := range t.Attr {
			p.set(a.Name, a.Value)
		}
	}
}

// close takes the text of the innermost element. That of an rdf:li belongs to
// the property around its container.
func (p *xmpReader) close() {
	name := p.path[len(p.path)-1]
	if n := len(p.path); name == (xml.Name{Space: nsRDF, Local: "li"}) && n >= 3 {
		name = p.path[n-3]
	}
	p.path = p.path[:len(p.path)-1]
	p.set(name, p.text.String())
	p.text.Reset()
}

func (p *xmpReader) set(name xml.Name, value string) {
	if strings.TrimSpace(value) == "" {
		return
	}
	switch name.Space {
	case nsID:
		p.identification(name.Local, value)
	case nsDC:
		first(&p.out.Title, name.Local == "title", value)
		first(&p.out.Language, name.Local == "language", value)
	case nsXMP:
		first(&p.out.CreatorTool, name.Local == "CreatorTool", value)
		if t, err := time.Parse(time.RFC3339, value); err == nil && name.Local == "CreateDate" {
			p.out.Created = t
		} else if err == nil && name.Local == "ModifyDate" {
			p.out.Modified = t
		}
	case nsPDF:
		first(&p.out.Producer, name.Local == "Producer", value)
	case Namespace:
		p.out.Properties = append(p.out.Properties, Property{Name: name.Local, Value: value})
	case nsProperty:
		p.description(name.Local, value)
	}
}

func (p *xmpReader) identification(local, value string) {
	switch local {
	case "part":
		p.out.Part, _ = strconv.Atoi(value)
	case "conformance":
		p.out.Conformance = value
	}
}

// first keeps the first value: of several titles that is the default one.
func first(to *string, it bool, value string) {
	if it && *to == "" {
		*to = value
	}
}

// description collects what an extension schema says about a property; its
// description comes last.
func (p *xmpReader) description(local, value string) {
	switch local {
	case "name":
		p.item = Property{Name: value}
	case "category":
		p.item.External = value == "external"
	case "description":
		p.item.Description = value
		item := p.item
		p.schema[item.Name] = &item
	}
}
