// Package page takes scans apart and makes their pages fit to be recognised.
//
// Split turns the original bytes (JPEG, JPEG 2000, PNG, TIFF, WebP, BMP, GIF,
// PDF) into one encoded stream a page, in the form in which a PDF carries it: as
// it came where that is possible, and otherwise encoded again without loss. Only
// what is no picture at all, such as a page of text or of several layers, is
// drawn. It runs in a child process; headers are checked against the limits
// before anything is decoded; whatever cannot be read is refused with a reason.
//
// Decode, Facts, Preview and Clean look at the pixels of one page, with leptonica.
//
// The streams are the record: nothing here alters a pixel of what is archived.
// Clean-up serves recognition only, and a page that lies on its side is not
// turned but marked to be shown turned.
package page
