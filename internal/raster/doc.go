// Package raster draws the pages of a PDF and reads the text on them, with
// pdfium compiled to WebAssembly.
//
// pdfium sees the bytes of the one document and nothing else: no files, no
// network, no clock to speak of, and only so much memory. It draws what the page
// itself holds; annotations, form fields and signature stamps only if asked to.
//
// A call cannot be interrupted: whoever draws hostile files does so in a child
// process (package sandbox) that can be killed. Compiling pdfium takes seconds,
// so the compiled code is kept in a folder that only this user can write to.
package raster
