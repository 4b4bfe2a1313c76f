package pipeline

import (
	"context"
	"fmt"

	"github.com/sohoa/sohoa/pipeline/proof"
	"github.com/sohoa/sohoa/record"
)

// again are the models for pages that are plainly written in a language: Vietnamese
// beside it, for names. English is read as well with the model of Vietnamese alone.
var again = map[string]string{proof.French: "fra+vie"}

// readAgain reads the pages that are plainly written in another language than
// Vietnamese with the model of that language, where that pays. A second reading
// that fails, or that is not in that language, leaves the first.
func (d *Digitiser) readAgain(ctx context.Context, work string, split, read []record.Page) error {
	if !d.Detect {
		return nil
	}
	for i, p := range read {
		language := proof.Language(p.Lines)
		models, pays := again[language]
		if p.Source == "text" || !pays {
			continue
		}
		asked := split[i]
		asked.Language = models
		second, err := d.Recogniser.Recognise(ctx, work, asked)
		if ctx.Err() != nil {
			return fmt.Errorf("page %d: %w", p.Number, ctx.Err())
		}
		if err == nil && proof.Language(second.Lines) == language {
			read[i] = second
		}
	}
	return nil
}
