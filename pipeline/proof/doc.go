// Package proof tells what recognised words are worth. It reads proofs as a
// corrector does: how sure each word is, which may be wrong and what they may have
// been meant to be, and in which language a page is written.
//
// It changes no text. The confidence that it gives is a share: of words at 0.9
// nine in ten are right, as counted on pages whose truth is known (weights.go).
// What a rule would write instead stands beside the word as a suggestion.
package proof
