package field

import (
	"errors"
	"fmt"
)

// A FileError says what is wrong with a file of rules or names, and where.
type FileError struct {
	File   string
	Line   int // from 1; 0: the file as a whole
	Reason string
}

func (e *FileError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason) }

// problems collects what is wrong with a file.
type problems struct {
	file string
	line int
	errs []error
}

func (p *problems) wrong(format string, args ...any) {
	p.errs = append(p.errs, &FileError{p.file, p.line, fmt.Sprintf(format, args...)})
}

func (p *problems) err() error { return errors.Join(p.errs...) }
