// Package signing seals a record: it is the sole holder of the private key.
//
// [Seal] takes a PDF/A that our own pipeline wrote, appends one revision with the
// approved fields in its XMP, and one with a PAdES B-B signature whose field shows
// the agency's mark. [Raise] lifts a sealed file to higher levels without the key.
//
// It promises that nothing leaves which it did not verify itself: the bytes before
// are untouched, the byte range leaves out the signature value and nothing else,
// the signature verifies with the intended certificate, and catalog, pages and
// form have changed by the signature field alone. The key is used once per seal.
// The same input gives the same bytes to sign.
//
// It refuses every PDF that our writer did not make, for its engine is known to
// damage some; a foreign document gets a record of ours beside it instead. The one
// exception is a document of ours that came back from a person's desk with her
// signature: see [AcceptMark].
//
// Files are a [Source] and stay where they are; only what is added is in memory.
package signing
