// Package devpki makes a public-key infrastructure for development and tests: a
// root, an issuing CA, a signer, and a time-stamp authority under a root of its
// own, and answers as their OCSP responder, CRL distribution point and TSA.
//
// Every name in it says that it is for development: nobody else has a reason to
// trust it. It is made such that a validator with the default policy of EU DSS
// finds nothing missing. It is no CA software: keys lie unencrypted beside their
// certificates, only the signer's is in a PKCS#12 file with a password.
package devpki
