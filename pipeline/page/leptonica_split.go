package page

// #cgo LDFLAGS: -ldl
// #define _GNU_SOURCE
// #include <dlfcn.h>
// #include <stdarg.h>
// #include <stdlib.h>
// #include <string.h>
// #include <leptonica/allheaders.h>
//
// // How often libtiff met data of a picture that it could not read as it was
// // meant. Leptonica's readers leave such places black, or as the line above, and
// // say nothing; it silences libtiff's own handlers, but not these.
// static __thread int faults;
//
// static void count_error(void *file, const char *module, const char *format, va_list args) {
//   static const char *const directory[] = {"TIFFFetch", "TIFFReadDir", "TIFFReadCustom", "_TIFFVSetField", "TIFFSetField"};
//   for (size_t i = 0; module && i < sizeof directory / sizeof *directory; i++)
//     if (strncmp(module, directory[i], strlen(directory[i])) == 0)
//       return;
//   faults++;
// }
//
// static void count_warning(void *file, const char *module, const char *format, va_list args) {
//   if (module && strncmp(module, "Fax", 3) == 0)
//     faults++;
// }
//
// typedef void (*handler)(void *, const char *, const char *, va_list);
// typedef handler (*setter)(handler);
//
// static void count_faults(void) { // libtiff comes with leptonica: its own headers are not asked for
//   setter errors = (setter)dlsym(RTLD_DEFAULT, "TIFFSetErrorHandlerExt");
//   setter warnings = (setter)dlsym(RTLD_DEFAULT, "TIFFSetWarningHandlerExt");
//   if (errors)
//     errors(count_error);
//   if (warnings)
//     warnings(count_warning);
// }
//
// static PIX *read_page(const char *name, size_t at, int *seen) {
//   faults = 0;
//   PIX *p = pixReadFromMultipageTiff(name, &at);
//   *seen = faults;
//   return p;
// }
//
// static PIX *read_memory(const l_uint8 *tiff, size_t size, int *seen) {
//   faults = 0;
//   PIX *p = pixReadMemTiff(tiff, size, 0);
//   *seen = faults;
//   return p;
// }
import "C"

import (
	"image"
	"sort"
	"unsafe"

	"github.com/sohoa/sohoa/record"
)

func init() { C.count_faults() }

// decodeTIFFAt decodes the page whose directory lies at an offset of the file:
// no walk through the pages before it. The picture is turned as its orientation
// tag asks.
func decodeTIFFAt(file string, at int64) (*Pix, error) {
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	var seen C.int
	x, err := plain(C.read_page(name, C.size_t(at), &seen), nil)
	if err != nil {
		return nil, record.Refuse(record.Damaged, err, "decode the TIFF page at %d", at)
	}
	x.faults = int(seen)
	return x, nil
}

// readFax decodes the first lines of a bare fax stream, white is zero.
func readFax(b []byte, s record.Scan, lines int) (*Pix, error) {
	s.Height = lines
	wrapped := wrapFax(b, s)
	var seen C.int
	x, err := plain(C.read_memory(bytesOf(wrapped), C.size_t(len(wrapped)), &seen), b)
	if err != nil {
		return nil, err
	}
	x.faults = int(seen)
	return x, nil
}

// readShortFax decodes a Group 3 stream with fewer lines than it should have: a
// damaged one hides the mark between two. Missing ones are white, at the foot of the page.
func readShortFax(b []byte, s record.Scan) (*Pix, error) {
	lines := sort.Search(s.Height, func(n int) bool {
		x, err := readFax(b, s, n+1)
		x.Free()
		return err != nil
	})
	if 2*lines < s.Height || lines == 0 {
		return nil, record.Refuse(record.Damaged, nil, "decode page: fax with %d of %d lines", lines, s.Height)
	}
	top, err := readFax(b, s, lines)
	if err != nil {
		return nil, err
	}
	defer top.Free()
	whole, err := newPix(s.Width, s.Height, 1)
	if err != nil {
		return nil, err
	}
	if whiteIsBlack(s) {
		whole.Invert() // what is white in the stream is black on the page
	}
	whole.lay(top, image.Point{})
	whole.faults = top.faults + s.Height - lines
	return whole, nil
}

// lay copies a picture into another of the same depth, its left upper corner there;
// what lies outside is left out.
func (x *Pix) lay(part *Pix, corner image.Point) {
	C.pixRasterop(x.p, C.l_int32(corner.X), C.l_int32(corner.Y), C.l_int32(part.p.w), C.l_int32(part.p.h), C.PIX_SRC, part.p, 0, 0)
}
