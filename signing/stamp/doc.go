// Package stamp draws the visible mark of a signature: the copy form, the agency
// and the time of signing, as NĐ 30/2020/NĐ-CP, appendix I, II.I.2 and TT
// 05/2025/TT-BNV, article 8 want it: at the top right of page 1, Times at 10
// points, upright, black, without a picture of a seal.
//
// The mark is the appearance of its own signature field, never page content. Its
// face is embedded as a subset with a way back to Unicode, it has no transparency,
// and so a PDF/A-2 stays one. It refuses text that the face cannot show.
package stamp
