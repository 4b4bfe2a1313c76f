package record

import (
	"fmt"
	"slices"
)

// A Level is a PAdES baseline level (ETSI EN 319 142-1).
type Level string

const (
	BB   Level = "B-B"   // signature with its certificate
	BT   Level = "B-T"   // and a time-stamp
	BLT  Level = "B-LT"  // and the revocation data of every chain
	BLTA Level = "B-LTA" // and a time-stamp over all that
)

var levels = []Level{BB, BT, BLT, BLTA}

// ParseLevel returns s as a Level, or an error of kind ErrInvalid.
func ParseLevel(s string) (Level, error) {
	if slices.Contains(levels, Level(s)) {
		return Level(s), nil
	}
	return "", fmt.Errorf("level %q is none of B-B, B-T, B-LT, B-LTA: %w", s, ErrInvalid)
}

// AtLeast reports whether l includes m. The empty level includes nothing.
func (l Level) AtLeast(m Level) bool {
	return slices.Index(levels, l) >= slices.Index(levels, m)
}
