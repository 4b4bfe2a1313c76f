// Package paper makes Vietnamese administrative papers as a scanner would
// deliver them, and says what stands on them: the project's own test data.
//
// Layouts follow NĐ 30/2020/NĐ-CP (all 29 types of article 7), TT 01/2011/TT-BNV
// and TTLT 55/2005/TTLT-BNV-VPCP; beside them a birth certificate, an application form, a
// French and an English letter. Names, agencies, places and figures are put
// together by dice; they belong to nobody.
//
// It promises truth by construction: every word's text and box, the lines in
// reading order, and the fields come from what was set, not from looking. It is
// seeded: the same [Spec] gives the same pixels and, with the same Go, the same
// bytes. It is for tests, measuring and trying out only: no paper of it is a
// document of any authority.
package paper

import (
	"fmt"
	"image"
	"math/rand/v2"

	"github.com/sohoa/sohoa/record"
)

// Colour is what a scanner keeps of a page.
type Colour string

const (
	InColour Colour = "colour"
	InGrey   Colour = "grey"
	Bilevel  Colour = "bilevel"
)

// A Layout is how the state's papers were laid out in their years.
type Layout int

const (
	ND30   Layout = iota // NĐ 30/2020/NĐ-CP
	TT01                 // TT 01/2011/TT-BNV: the page number at the foot, the issuer's address below
	TTLT55               // TTLT 55/2005/TTLT-BNV-VPCP: HOÀ and UỶ, dashes with a longer stroke, degrees before names
)

// A Spec says which paper to make. The text depends on Kind, Seed, Layout and Annex
// only, so one text can be had in every condition.
type Spec struct {
	Name   string // file name without its ending
	Kind   Kind
	Seed   int64
	Layout Layout
	Annex  bool // one of the 29 types: an attachment behind it, signed by somebody else
	House  int  // 0: an agency of the form; from 1: one of the others, whose heads, numbers and signers differ
	Duplex bool // both sides scanned: an empty page behind each
	DPI    int  // 72 to 600
	Colour Colour
	Format string // "jpg", "png", "tif", "pdf"; the first two hold one page a file
	Marks  Marks
	Wear   Wear
}

// Marks are what people put on the paper after it was printed.
type Marks struct {
	Seal      bool   // the agency's red seal, over the signer's name
	Signature bool   // in blue or black ink
	Received  bool   // the box of incoming documents, on page 1
	Across    bool   // that box stamped across the type and the subject
	Notes     int    // lines of pen strokes that look like a remark and say nothing, on page 1
	Number    bool   // the number written into its slot by hand
	Day       bool   // the day written into its slot by hand
	QR        string // what a QR code at the top left of page 1 says; "" for none
	PDF417    string // what such a code at the bottom of page 1 says, as tax software prints it; "" for none
}

// Wear is what time, copiers and scanners did. The zero value is a clean scan.
type Wear struct {
	Skew    float64 // degrees, clockwise
	Noise   float64 // standard deviation, in levels of 255
	Blur    float64 // radius (standard deviation) in hundredths of an inch
	Yellow  float64 // 0 to 1
	Shade   float64 // 0 to 1, how dark the darkest corner is
	Fade    float64 // 0 to 1, how much of the contrast is lost
	Through float64 // 0 to 1, how strongly the other side shows through
	Specks  float64 // dirt, per square inch
	Edges   bool    // dark edges beside the paper
	Fax     bool    // bilevel: sent by fax, 98 lines an inch, some of them lost, the sender's line on top
	Turn    int     // quarter turns clockwise that the paper lay wrong by, 0 to 3
	Quality int     // of JPEG, 1 to 100; 0 is 80
}

// A Document is a paper with its truth.
type Document struct {
	Spec  Spec
	Pages []Page
	Truth Truth
}

// A Page is one scanned side: *image.RGBA, *image.Gray or, for bilevel, an
// *image.Paletted of white and black. Boxes are those of the upright page.
type Page struct {
	Image image.Image
	Turn  int           // quarter turns clockwise that bring the image upright
	Lines []record.Line // printed text in reading order, boxes tight around the ink, confidence 1
	Hand  []record.Box  // slots written by hand
}

// Make makes the paper that spec asks for. The error is about the spec.
func Make(spec Spec) (*Document, error) {
	if spec.DPI < 72 || spec.DPI > 600 {
		return nil, fmt.Errorf("make %s: %d dpi is outside 72 to 600", spec.Name, spec.DPI)
	}
	if spec.Wear.Turn < 0 {
		return nil, fmt.Errorf("make %s: turned %d quarters", spec.Name, spec.Wear.Turn)
	}
	w := newWriter(spec)
	if err := w.write(); err != nil {
		return nil, fmt.Errorf("make %s: %w", spec.Name, err)
	}
	doc := &Document{Spec: spec, Truth: w.truth}
	leaves := w.press.leaves
	if spec.Duplex {
		leaves = withBacks(leaves)
	}
	for i := range leaves {
		page, err := scan(spec, leaves, i)
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", spec.Name, err)
		}
		doc.Pages = append(doc.Pages, page)
	}
	doc.Truth.Pages = len(doc.Pages)
	return doc, nil
}

// withBacks puts an empty leaf behind each.
func withBacks(leaves []*leaf) []*leaf {
	var all []*leaf
	for _, l := range leaves {
		all = append(all, l, &leaf{})
	}
	return all
}

// stream returns the dice for one purpose: text, marks or wear do not disturb each other.
func stream(seed int64, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(seed), purpose))
}

const (
	forText = iota
	forMarks
	forWear // and above: one for each page
)

// scan puts leaf i under the scanner.
func scan(spec Spec, leaves []*leaf, i int) (Page, error) {
	rng := stream(spec.Seed, uint64(forWear+i))
	s := newSheet(float64(spec.DPI), spec.Wear.Skew)
	if spec.Wear.Through > 0 {
		s.through(leaves[(i+1)%len(leaves)], spec.Wear.Through)
	}
	var page Page
	page.Lines, page.Hand = s.print(leaves[i], rng)
	for _, mark := range leaves[i].marks {
		mark(s)
	}
	s.wear(spec.Wear, rng)
	if spec.Wear.Fax && spec.Colour == Bilevel {
		s.fax(i+1, len(leaves), rng)
	}
	var err error
	page.Image, err = reduce(s.img, spec, rng)
	if err == nil && spec.Wear.Turn%4 != 0 {
		page.Image, page.Turn = turnedBy(page.Image, spec.Wear.Turn%4), 4-spec.Wear.Turn%4
	}
	return page, err
}
