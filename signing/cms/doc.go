// Package cms reads the Cryptographic Message Syntax (RFC 5652) as it stands in
// the signatures of PDF files and in time-stamp tokens.
//
// It promises that a signer's certificate is found by its identifier and its ESS
// hash (RFC 5035), never by its place in the bag; that content-type,
// message-digest and the signature are all checked against what the caller
// digested himself; and that no input makes it use more than a small multiple of
// its own size. BER as older signing services write it is read as well.
//
// It refuses to judge: whether a certificate is trusted, valid or revoked and
// whether an algorithm is still good enough is for the caller to say.
package cms
