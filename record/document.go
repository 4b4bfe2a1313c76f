package record

import "slices"

// A Digitised is the record of one document after recognition: what stands in
// NAME.json. The same input gives the same bytes; timings are kept apart.
type Digitised struct {
	Version     int           `json:"version"`
	Software    string        `json:"software"`
	Name        string        `json:"name"`
	Original    Original      `json:"original"`
	Archival    *RenditionRef `json:"archival,omitempty"` // the searchable PDF/A before it was signed
	Sealed      *RenditionRef `json:"sealed,omitempty"`
	Level       Level         `json:"level,omitempty"` // of the seal
	Fields      Fields        `json:"fields"`
	Particulars Particulars   `json:"particulars,omitzero"`
	Metadata    Metadata      `json:"metadata,omitzero"`
	Reviewed    bool          `json:"reviewed"` // whether a person approved the fields
	Pages       []Page        `json:"pages"`
	Warnings    []string      `json:"warnings,omitempty"`
}

// FromPaper reports whether the original was paper: no signature came with it, and
// every page is a picture.
func (d Digitised) FromPaper() bool {
	return d.Original.Verdict == nil && len(d.Pages) > 0 && !slices.ContainsFunc(d.Pages, func(p Page) bool { return p.Source == "text" })
}

// Original is what came in. Several files that were joined are listed in order.
type Original struct {
	Files   []RenditionRef `json:"files"`
	Span    *Span          `json:"span,omitempty"`    // of their pages, if the document is not all of them
	Verdict *Verdict       `json:"verdict,omitempty"` // of a signed original
}

// A RenditionRef names the bytes of one rendition.
type RenditionRef struct {
	File      string `json:"file,omitempty"` // base name only
	MediaType string `json:"mediaType,omitempty"`
	SHA256    Digest `json:"sha256"`
	Bytes     int64  `json:"bytes"`
}
