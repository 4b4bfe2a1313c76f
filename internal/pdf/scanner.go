package pdf

import (
	"fmt"
	"io"
	"strconv"
)

// A scanner reads tokens from a window that slides over the file.
type scanner struct {
	r      io.ReaderAt
	end    int64 // reads nothing at or behind it
	pos    int64
	start  int64 // offset of buf in r
	buf    []byte
	room   [1024]byte
	limits *Limits
	values int   // values read since the last reset
	err    error // of the underlying reader
}

func newScanner(r io.ReaderAt, end int64, l *Limits) *scanner {
	return &scanner{r: r, end: end, limits: l}
}

// seek moves to pos and forgets the count of values.
func (s *scanner) seek(pos int64) { s.pos, s.values = pos, 0 }

// peek returns the byte at the position, or -1 at the end.
func (s *scanner) peek() int {
	if i := s.pos - s.start; i >= 0 && i < int64(len(s.buf)) {
		return int(s.buf[i])
	}
	return s.fill()
}

func (s *scanner) fill() int {
	if s.pos < 0 || s.pos >= s.end || s.err != nil {
		return -1
	}
	n := min(int64(len(s.room)), s.end-s.pos)
	m, err := s.r.ReadAt(s.room[:n], s.pos)
	s.start, s.buf = s.pos, s.room[:m]
	if m == 0 {
		if err != nil && err != io.EOF {
			s.err = err
		}
		return -1
	}
	return int(s.buf[0])
}

// next returns the byte at the position and moves on, or -1 at the end.
func (s *scanner) next() int {
	c := s.peek()
	if c >= 0 {
		s.pos++
	}
	return c
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func isRegular(c int) bool { return c >= 0 && !isSpace(byte(c)) && !isDelimiter(byte(c)) }

func isDigit(c int) bool { return c >= '0' && c <= '9' }

// skip moves over white space and comments.
func (s *scanner) skip() {
	for {
		c := s.peek()
		switch {
		case c < 0:
			return
		case c == '%':
			for c = s.peek(); c >= 0 && c != '\n' && c != '\r'; c = s.peek() {
				s.pos++
			}
		case isSpace(byte(c)):
			s.pos++
		default:
			return
		}
	}
}

// white moves over white space alone.
func (s *scanner) white() {
	for c := s.peek(); c >= 0 && isSpace(byte(c)); c = s.peek() {
		s.pos++
	}
}

// word reads a run of regular characters: a keyword or a number. A longer run
// than any keyword or number is cut, so that the caller sees nonsense.
func (s *scanner) word() string {
	var b [64]byte
	n := 0
	for n < len(b) && isRegular(s.peek()) {
		b[n] = byte(s.next())
		n++
	}
	return string(b[:n])
}

// keyword skips white space and reads want, or fails without saying where it got to.
func (s *scanner) keyword(want string) error {
	s.skip()
	at := s.pos
	if got := s.word(); got != want {
		return s.damaged(at, "%q stands where %q belongs", got, want)
	}
	return nil
}

// integer skips white space and reads a non-negative integer.
func (s *scanner) integer() (int64, error) {
	s.skip()
	at := s.pos
	w := s.word()
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil || n < 0 || w[0] == '+' {
		return 0, s.damaged(at, "%q stands where a number belongs", w)
	}
	return n, nil
}

// eol moves over one end-of-line marker, if there is one.
func (s *scanner) eol() {
	if s.peek() == '\r' {
		s.pos++
	}
	if s.peek() == '\n' {
		s.pos++
	}
}

func (s *scanner) damaged(at int64, format string, args ...any) error {
	if s.err != nil {
		return s.err
	}
	return fmt.Errorf("at byte %d: %s: %w", at, fmt.Sprintf(format, args...), ErrDamaged)
}

func (s *scanner) limit(at int64, what string, n int) error {
	return fmt.Errorf("at byte %d: more than %d %s: %w", at, n, what, ErrLimit)
}
