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

	"github.com/sohoa/sohoa/record"
)

const actor record.Actor = "system"

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
