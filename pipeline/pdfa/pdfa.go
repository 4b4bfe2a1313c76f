// Package pdfa writes the archival form of a digitised document: a searchable
// PDF/A-2u (ISO 19005-2), which is a PDF/A-2b too, and checks that a file is what
// it promises. A document with attachments becomes a PDF/A-3u (ISO 19005-3), which
// is the same but that it may carry files of any format.
//
// [Write] puts every page's encoded picture into the file byte for byte, at its
// true size, turned by /Rotate alone, and over it the recognised words as
// invisible text: each word in its box, each line on its baseline and in reading
// order, so that selecting, searching and copying give the line as it was read.
// It streams: memory does not grow with the pages but for some bytes an object.
//
// The files keep what signing needs of its input: header 1.7, one classic
// cross-reference table, no AcroForm, catalog and pages of plain values with
// direct /Resources. The same document gives the same bytes; there is no clock in
// them.
//
// [Check] names every breach of the rules that this package promises to keep, by
// the clause of the standard. It is no full validator: of what this package never
// writes it knows only that it must not be there.
package pdfa

import "github.com/sohoa/sohoa/record"

// A Document is what goes into one file.
type Document struct {
	Title    string        // shown by viewers in place of the file name
	Language string        // of the text, RFC 3066; "vi" if empty
	Pages    []record.Page // in order
	Work     string        // folder in which the Scan files lie
	Source   record.Digest // SHA-256 of the original, named in the metadata; may be empty
	Producer string        // the software, e.g. "Sohoa 1.0"

	Attachments []Attachment // with any, the file is a PDF/A-3u
}
