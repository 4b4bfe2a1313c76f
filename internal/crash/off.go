//go:build !crash

package crash

import "time"

// Point is a place at which a test may end the process.
func Point(string) {}

// Trace notes what was done with these bytes, for a test to count.
func Trace(string, []byte) {}

// Poison lets a file that asks for it break the process that reads it.
func Poison(string) {}

// Now is the time.
func Now() time.Time { return time.Now() }
