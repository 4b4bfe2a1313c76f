package page

// #include <stdlib.h>
// #include <leptonica/allheaders.h>
import "C"

import (
	"unsafe"

	"github.com/sohoa/sohoa/record"
)

// decodeTIFFAt decodes the page whose directory lies at an offset of the file:
// no walk through the pages before it. The picture is turned as its orientation
// tag asks.
func decodeTIFFAt(file string, at int64) (*Pix, error) {
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	offset := C.size_t(at)
	p := C.pixReadFromMultipageTiff(name, &offset)
	x, err := plain(p, nil)
	if err != nil {
		return nil, record.Refuse(record.Damaged, err, "decode the TIFF page at %d", at)
	}
	return x, nil
}
