// Package timestamp asks time-stamp authorities for tokens and checks tokens
// (RFC 3161, RFC 5816).
//
// It promises that a token which [Client.Token] returns answers this very request:
// the imprint, the nonce and the policy are those that were asked for, the time is
// now, the signature verifies with a certificate meant for time-stamps and nothing
// else, and that certificate leads to one of the given roots. [Check] says the same
// of any token, apart from what only the asker can know.
//
// It refuses to judge revocation: that is evidence, and collected elsewhere.
package timestamp
