// Package upkeep is what an operator does to the house as a whole: make the
// catalogue again from the bucket alone, look whether the stored bytes are still
// what their names say, copy everything away and bring it back.
//
// It promises to say what it could not do: nothing is left out in silence. It
// refuses to write over what is there.
package upkeep

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sohoa/sohoa/record"
)

const actor record.Actor = "system"

// A Loss is something that could not be brought back: Code is one of package say's
// codes on upkeep, Of what it takes.
type Loss struct {
	Code string
	Of   []any
}

func loss(code string, of ...any) Loss { return Loss{code, of} }

// String is for logs; people are told by package say.
func (l Loss) String() string {
	return strings.TrimSpace(fmt.Sprintln(append([]any{l.Code}, l.Of...)...))
}

// conflict is a refusal to write over something.
func conflict(format string, args ...any) error {
	return &record.Error{Reason: record.Conflict, Kind: record.ErrConflict, Detail: fmt.Sprintf(format, args...)}
}

// passing reports whether an error says nothing about the bytes themselves: the
// store could not be asked.
func passing(err error, about ...error) bool {
	for _, kind := range about {
		if errors.Is(err, kind) {
			return false
		}
	}
	return err != nil
}
