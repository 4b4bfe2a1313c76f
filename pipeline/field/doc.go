// Package field reads the header and the close of a Vietnamese administrative
// document from its recognised words, as a clerk does: the layout says where a
// thing must stand (NĐ 30/2020/NĐ-CP, appendix I; TT 01/2011/TT-BNV and TTLT
// 55/2005 before it), the text confirms that it is there.
//
// It is pure: pages in, fields out; no clock, no files, no network. The lists
// it knows (types, offices, provinces, phrases of agency names) are embedded.
//
// What it promises: every value is supported by words on a page, whose boxes are
// its evidence; errors of recognition are mended against closed lists only; what
// was written by hand into a printed slot is reported as handwriting. What it
// refuses: to guess. A field that no word supports is left out.
//
// Extract reads header and close, Describe what else the document says, ReadForm
// the papers that a file in forms/ describes; such files are data that a records
// office can write, see ParseForm.
package field
