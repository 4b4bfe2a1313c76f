package page

import (
	"bytes"
	"strconv"
)

// A contentScanner reads a content stream (ISO 32000-1, 7.8.2) operator by
// operator. It keeps of the operands what deciding about a page needs: numbers,
// the last names, and how many bytes of strings there are.
type contentScanner struct {
	b    []byte
	nums []float64
	name string // the last name
	tag  string // the name before it
	text int    // bytes in strings
}

// maxOperands bounds the numbers that are kept; cm takes six.
const maxOperands = 64

// next returns the next operator, or "" at the end.
func (s *contentScanner) next() string {
	s.nums, s.name, s.tag, s.text = s.nums[:0], "", "", 0
	for {
		s.b = bytes.TrimLeft(s.b, "\x00\t\n\f\r []{}>)")
		if len(s.b) == 0 {
			return ""
		}
		switch c := s.b[0]; {
		case c == '%':
			s.b = s.b[lineEnd(s.b):]
		case c == '/':
			s.tag, s.name = s.name, string(s.word(1))
		case c == '(':
			s.literal()
		case c == '<':
			s.angle()
		default:
			if op := s.operatorOrNumber(); op != "" {
				return op
			}
		}
	}
}

func lineEnd(b []byte) int {
	if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
		return i
	}
	return len(b)
}

// word takes the regular characters after the first skip ones.
func (s *contentScanner) word(skip int) []byte {
	end := bytes.IndexAny(s.b[skip:], "\x00\t\n\f\r ()<>[]{}/%")
	if end < 0 {
		end = len(s.b) - skip
	}
	w := s.b[skip : skip+end]
	s.b = s.b[skip+end:]
	return w
}

func (s *contentScanner) operatorOrNumber() string {
	w := s.word(0)
	if len(w) == 0 { // a delimiter that opens nothing
		s.b = s.b[1:]
		return ""
	}
	if c := w[0]; c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' {
		if v, err := strconv.ParseFloat(string(w), 64); err == nil && len(s.nums) < maxOperands {
			s.nums = append(s.nums, v)
		}
		return ""
	}
	return string(w)
}

// literal skips a string in parentheses.
func (s *contentScanner) literal() {
	depth := 0
	for i := 0; i < len(s.b); i++ {
		switch s.b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.text += i - 1
				s.b = s.b[i+1:]
				return
			}
		}
	}
	s.b = nil
}

// angle skips a hexadecimal string, or the opening of a dictionary, whose
// members then count as operands.
func (s *contentScanner) angle() {
	if len(s.b) > 1 && s.b[1] == '<' {
		s.b = s.b[2:]
		return
	}
	end := bytes.IndexByte(s.b, '>')
	if end < 0 {
		s.b = nil
		return
	}
	s.text += end / 2
	s.b = s.b[end+1:]
}

// skipInline skips an inline image after BI, to behind its EI.
func (s *contentScanner) skipInline() {
	data := bytes.Index(s.b, []byte("ID"))
	if data < 0 {
		s.b = nil
		return
	}
	s.b = s.b[data+2:]
	for {
		i := bytes.Index(s.b, []byte("EI"))
		if i < 0 {
			s.b = nil
			return
		}
		before := i == 0 || bytes.ContainsAny(s.b[i-1:i], "\x00\t\n\f\r ")
		s.b = s.b[i+2:]
		if before && (len(s.b) == 0 || bytes.ContainsAny(s.b[:1], "\x00\t\n\f\r ")) {
			return
		}
	}
}

// args returns the last n numbers, zeros where there are fewer.
func (s *contentScanner) args(n int) []float64 {
	if len(s.nums) >= n {
		return s.nums[len(s.nums)-n:]
	}
	return make([]float64, n)
}
