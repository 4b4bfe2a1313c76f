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
// static int fax_faults(const l_uint8 *data, size_t size) {
//   faults = 0;
//   PIX *p = pixReadMemTiff(data, size, 0);
//   int seen = p ? faults : faults + 1;
//   pixDestroy(&p);
//   return seen;
// }
import "C"

import (
	"unsafe"

	"github.com/sohoa/sohoa/record"
)

func init() { C.count_faults() }

// decodeTIFFAt decodes the page whose directory lies at an offset of the file:
// no walk through the pages before it. The picture is turned as its orientation
// tag asks. Faults is how often there was data that could not be read as it was
// meant.
func decodeTIFFAt(file string, at int64) (x *Pix, faults int, err error) {
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	var seen C.int
	x, err = plain(C.read_page(name, C.size_t(at), &seen), nil)
	if err != nil {
		return nil, int(seen), record.Refuse(record.Damaged, err, "decode the TIFF page at %d", at)
	}
	return x, int(seen), nil
}

// faxFaults decodes a bare fax stream and counts the places that could not be read
// as they were meant. A picture too large to be decoded has none that are known.
func faxFaults(b []byte, s record.Scan) int {
	if checkSize(s.Width, s.Height) != nil {
		return 0
	}
	wrapped := wrapFax(b, s)
	return int(C.fax_faults(bytesOf(wrapped), C.size_t(len(wrapped))))
}
