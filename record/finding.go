package record

// A Check is something that a configured service must hold to. Codes are never
// renamed; internal/say has the words for them.
type Check string

const (
	CheckStore       Check = "store"             // it answers
	CheckConditional Check = "store-conditional" // it refuses to write over what is there
	CheckChecksum    Check = "store-checksum"    // it refuses bytes that are not those announced
	CheckVersions    Check = "store-versions"    // it keeps every version
	CheckLock        Check = "store-lock"        // it refuses to delete what is locked
	CheckSpace       Check = "space"             // the data folder has room
	CheckQueue       Check = "queue"             // it answers
	CheckQueueMemory Check = "queue-eviction"    // it forgets nothing when memory is short
	CheckQueueDisk   Check = "queue-persistence" // it keeps its rings when it restarts
	CheckCatalogue   Check = "catalogue"         // it answers, and is of this version
	CheckDurable     Check = "catalogue-durable" // what was committed survives a power cut
	CheckClock       Check = "clock"             // this machine's clock and the others' agree
	CheckReading     Check = "reading"           // a page is recognised
	CheckFont        Check = "font"              // the agencies' names can be printed in the mark
	CheckTSA         Check = "tsa"               // it answers, and what it says holds
	CheckTSATrust    Check = "tsa-trust"         // its certificate leads to a trusted one
	CheckKey         Check = "key"               // it can be opened and may sign
	CheckKeyExpiry   Check = "key-expiry"        // its certificate lasts for a while
	CheckKeyTrust    Check = "key-trust"         // its certificate leads to a trusted one
	CheckKeyRevoked  Check = "key-revoked"       // somebody tells that it is not revoked
)

// A State is what came out of a check.
type State string

const (
	Good    State = "good"
	Advised State = "advised" // it works, and could be better
	Unknown State = "unknown" // it could not be looked at
	Bad     State = "bad"
)

// A Finding is one check and what was seen, in English, for operators.
type Finding struct {
	Check Check  `json:"check"`
	State State  `json:"state"`
	Seen  string `json:"seen,omitempty"`
}
