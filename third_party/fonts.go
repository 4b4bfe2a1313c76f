// Package thirdparty embeds files that are not ours, or were not at first, each
// with its licence beside it.
//
// The faces in fonts/ are cut from Liberation 2.1.5 (Debian 12, package
// fonts-liberation2 2.1.5-1): Latin, all of Vietnamese (precomposed, and the
// five tone marks alone), punctuation, arrows, a few signs; hints and layout
// tables dropped; widths, outlines and line metrics as they were, so Sohoa Serif
// measures like Times New Roman and Sohoa Sans like Arial. fonts/cut.py makes
// them again. Their licence (fonts/OFL.txt, SIL OFL 1.1) reserves the names
// Liberation, Tinos, Arimo and Cousine, hence ours.
//
// tesseract/vie.traineddata is a model of Vietnamese for Tesseract 4 and 5: that of tessdata_fast
// as Debian 12 ships it (package tesseract-ocr-vie 1:4.1.0-2, Apache License 2.0, tesseract/LICENSE),
// trained further. tesseract/README.md says what was altered and how.
//
// axe/axe.min.js is axe-core 4.14.1 as its authors publish it (MPL 2.0, axe/LICENSE):
// tests of the screens run it in a browser; it is not embedded and not shipped.
package thirdparty

import _ "embed"

// TrueType files, about 29 KB each, 2048 units per em, embedding allowed
// (fsType 0). They are shared: do not write to them.
var (
	//go:embed fonts/sohoa-serif-regular.ttf
	Serif []byte
	//go:embed fonts/sohoa-serif-bold.ttf
	SerifBold []byte
	//go:embed fonts/sohoa-serif-italic.ttf
	SerifItalic []byte
	//go:embed fonts/sohoa-serif-bold-italic.ttf
	SerifBoldItalic []byte
	//go:embed fonts/sohoa-sans-regular.ttf
	Sans []byte
	//go:embed fonts/sohoa-sans-bold.ttf
	SansBold []byte
)

// Vietnamese is a model of Tesseract, half a megabyte.
//
//go:embed tesseract/vie.traineddata
var Vietnamese []byte
