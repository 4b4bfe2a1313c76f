package proof

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

// Read gives every word that an engine read its confidence and, where a rule has
// one, a suggestion; and every page its language, its confidence and its weakest
// place. A word in a seal or in handwriting that is most likely none is rejected.
// It writes into the pages, and the second time it changes nothing.
func Read(pages []record.Page) {
	c := contextOf(pages)
	for i := range pages {
		p := &pages[i]
		for _, m := range c.measurePage(pages, i) { // a page at a time: 2,000 pages have half a million words
			w := &p.Lines[m.Line].Words[m.Word]
			w.Engine = max(w.Raw(), least)
			w.Confidence = math.Round(Confidence(m.X)*1000) / 1000
			w.Rejected = w.Confidence < hopeless && noPrint(w.Box, p.Regions)
		}
		if p.Language == "" {
			p.Language = c.pages[i].language
		}
		if p.Source != "text" && c.pages[i].language != French && c.pages[i].language != English {
			c.suggest(p)
		}
		p.Confidence, p.Weakest = sureness(*p)
	}
}

// least is what the engine's confidence is recorded as at least, since 0 says that
// none was recorded.
const least = 0.001

// hopeless is the confidence below which a word where no print is expected is
// rejected.
const hopeless = 0.3

// noPrint reports whether most of a box lies in a seal, a stamp, a signature or
// handwriting.
func noPrint(b record.Box, regions []record.Region) bool {
	for _, r := range regions {
		if covered(b, regions, r.Kind) > 0.5 {
			return true
		}
	}
	return false
}

// Confidence is the share of words with these measures that are right.
func Confidence(x []float64) float64 {
	z := 0.0
	for i, v := range x {
		z += v * weights[i]
	}
	return 1 / (1 + math.Exp(-z))
}
