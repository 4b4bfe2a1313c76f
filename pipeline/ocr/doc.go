// Package ocr reads pages: it is the only door to Tesseract.
//
// A [Pool] keeps child processes, each with one open engine. A child does all
// that a page needs (decode, facts, preview, clean-up, recognition), so that
// pixels never cross a pipe and a picture that crashes, hangs or swells a
// library ends one child and refuses one document. Words come back
// engine-neutral: NFC, boxes in pixels of the upright scan, confidence 0 to 1,
// lines in reading order.
//
// It invents nothing: what looks like writing only because a seal, a signature
// or a stain lies there is left out.
package ocr
