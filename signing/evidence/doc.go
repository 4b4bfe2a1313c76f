// Package evidence collects what lets a signature be verified when its
// certificates have expired: the chains, and for each certificate below an anchor
// an OCSP answer (RFC 6960) or a CRL (RFC 5280) that says it was good. It keeps
// them in the document security store of the PDF (EN 319 142-1, 5.4.2).
//
// It promises that nothing goes into the store that was not verified: an answer is
// about this very certificate, current, and signed by its issuer or by a responder
// that the issuer appointed for that; a chain leads to a given anchor. What cannot
// be had is an error, never left out silently.
//
// What certificates name is fetched with limits on time, size and redirects, and
// not from private addresses unless the client allows it.
package evidence
