package ocr

// A Profile says how much processor time a page may cost. docs/performance.md has
// what each costs and what it reads wrong.
type Profile string

// The profiles.
const (
	Fast     Profile = "fast"
	Balanced Profile = "balanced"
	Accurate Profile = "accurate"
)
