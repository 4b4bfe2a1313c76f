package pdfa

import (
	"bytes"

	"github.com/sohoa/sohoa/internal/pdf"
)

// metadata checks the XMP packet and that the Info dictionary says the same.
func (c *checker) metadata() {
	s := c.f.Stream(c.root["Metadata"])
	if s == nil || c.f.Name(s.Dict["Subtype"]) != "XML" {
		c.breach("6.6.2.1", "the catalog has no metadata stream")
		return
	}
	packet, err := c.f.Decoded(s)
	if err != nil {
		c.breach("6.6.2.1", "the metadata cannot be decoded: %v", err)
		return
	}
	head, _, _ := bytes.Cut(packet, []byte("?>"))
	if bytes.Contains(head, []byte("bytes=")) || bytes.Contains(head, []byte("encoding=")) {
		c.breach("6.6.2.1", "the packet's header has the attribute bytes or encoding")
	}
	x, err := pdf.ParseXMP(packet)
	if err != nil {
		c.breach("6.6.2.1", "the metadata is no XMP: %v", err)
		return
	}
	c.unicode, c.carries = x.Conformance == "U", x.Part == 3
	if x.Part != 2 && x.Part != 3 || x.Conformance != "B" && x.Conformance != "U" {
		c.breach("6.6.4", "the metadata claims part %d, conformance %q", x.Part, x.Conformance)
	}
	for _, p := range x.Properties {
		if p.Description == "" {
			c.breach("6.6.2.3", "property %s is in no extension schema", p.Name)
		}
	}
	c.info(x)
}

func (c *checker) info(x pdf.XMP) {
	info := c.f.Dict(c.f.Trailer()["Info"])
	for key, want := range map[pdf.Name]string{"Title": x.Title, "Producer": x.Producer, "Creator": x.CreatorTool} {
		if got := c.f.String(info[key]).Text(); info[key] != nil && got != want {
			c.breach("6.6.3", "Info says /%s %q, XMP says %q", key, got, want)
		}
	}
}
