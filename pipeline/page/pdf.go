package page

import (
	"os"

	"github.com/sohoa/sohoa/record"
)

func (d *opened) openPDF(f *os.File, size int64) error {
	return record.Refuse(record.UnknownType, nil, "PDF of %d bytes", size)
}
