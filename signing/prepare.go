package signing

import "time"

// Prepare returns the file that [Seal] with the same input and request appends
// its signature to. A caller that must sign the same bytes again after a crash
// keeps their digest.
func Prepare(in Source, r Request) (Source, error) {
	r.Time = r.Time.Truncate(time.Second)
	return prepare(in, r)
}
