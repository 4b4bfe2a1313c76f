package catalogue

import (
	"context"
	"slices"

	"github.com/sohoa/sohoa/record"
)

// How one document is like another, the surest first.
const (
	SameBytes  = "same-bytes"  // the originals are the same
	SameFields = "same-fields" // agency, số, ký hiệu and date are
	SameText   = "same-text"   // it has all words of the other's subject, or nearly the same words
)

// A Likeness is a document that may be the same paper as another.
type Likeness struct {
	How      string          `json:"how"`
	Document record.Document `json:"document"`
}

const (
	maxAlike   = 20 // of each kind
	leastWords = 6  // of a subject, to be telling
	notHeld    = "('rejected', 'set-aside', 'withdrawn', 'superseded')"
)

// Alike returns what the agency of d holds already that may be the same paper,
// each document once. It is a proposal: a person decides.
func (c *Catalogue) Alike(ctx context.Context, d record.Document) ([]Likeness, error) {
	all := []Likeness{}
	add := func(how string, found []record.Document, err error) error {
		for _, f := range found {
			known := f.ID == d.ID || f.ID == d.Supersedes || slices.ContainsFunc(all, func(l Likeness) bool { return l.Document.ID == f.ID })
			if !known {
				all = append(all, Likeness{how, f})
			}
		}
		return err
	}
	same, err := bodies[record.Document](c.read.QueryContext(ctx, `SELECT body FROM documents WHERE agency = $1 AND original = $2
		AND status NOT IN `+notHeld+` ORDER BY created_at, id LIMIT $3`, d.Agency, originalKey(d), maxAlike+1))
	if err := add(SameBytes, same, err); err != nil {
		return nil, err
	}
	likely, err := bodies[record.Document](c.read.QueryContext(ctx, `SELECT documents.body FROM search AS own
		JOIN search AS other ON other.agency = own.agency AND other.number = own.number AND other.notation = own.notation
			AND other.organ = own.organ AND other.issued = own.issued AND other.document <> own.document
		JOIN documents ON documents.id = other.document
		WHERE own.document = $1 AND own.number <> '' AND own.notation <> '' AND own.issued <> '' AND other.status NOT IN `+notHeld+`
		ORDER BY documents.created_at, documents.id LIMIT $2`, d.ID, maxAlike))
	if err := add(SameFields, likely, err); err != nil {
		return nil, err
	}
	similar, err := c.sameText(ctx, d)
	return all, add(SameText, similar, err)
}
