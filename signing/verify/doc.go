// Package verify says whether the signatures of a PDF hold.
//
// It decides by itself, after EN 319 102-1, in this order: the structure of the
// file, the CMS of each signature, what later revisions changed, the
// time-stamps, the chains with the revocation of every certificate, the
// algorithms by date. Integrity and later changes are decided without any trust.
//
// It promises: nothing that was not looked at passes; missing revocation data is
// indeterminate, never valid; a time is believed only from a valid time-stamp; a
// signer is the one whose key made the signature; every signature in the file is
// in the answer, also one that a later revision hides; a file with no signature
// is unsigned, not valid. A change after signing that is not on the list of
// harmless ones is "other" and never passes.
//
// It needs no key and repairs nothing. Input is hostile: everything is bounded by
// [Limits], and memory does not grow with the size of the file. Commands call it
// through [File], in a child process besides.
package verify
