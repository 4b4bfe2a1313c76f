//go:build crash && (soak || bench)

package process

import (
	"bytes"
	"fmt"
)

// pdfOf is a file of objects, the first of them its catalogue.
func pdfOf(objects ...string) []byte {
	var b, xref bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	fmt.Fprintf(&xref, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		fmt.Fprintf(&xref, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	fmt.Fprintf(&xref, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, b.Len())
	return append(b.Bytes(), xref.Bytes()...)
}
