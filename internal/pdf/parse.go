package pdf

import (
	"strconv"
	"strings"
)

// member is one entry of a dictionary as it stands in the file.
type member struct {
	key        Name
	at         int64 // of the slash of the key
	start, end int64 // of the value
	repeated   bool  // the key occurred before
}

// value reads one value; a stream is seen by the caller. depth is that of the
// value; members hears the entries of a dictionary, nested ones too, if not nil.
func (s *scanner) value(depth int, members func(depth int, m member)) (any, error) {
	s.skip()
	at := s.pos
	if depth > s.limits.Depth {
		return nil, s.limit(at, "values inside each other", s.limits.Depth)
	}
	if s.values++; s.values > s.limits.Values {
		return nil, s.limit(at, "values in one object", s.limits.Values)
	}
	switch c := s.peek(); {
	case c == '/':
		return s.name()
	case c == '(':
		return s.literal()
	case c == '[':
		return s.array(depth, members)
	case c == '<':
		s.pos++
		if s.peek() == '<' {
			s.pos++
			return s.dict(depth, members)
		}
		return s.hex()
	case isDigit(c) || c == '+' || c == '-' || c == '.':
		return s.number()
	case c < 0:
		return nil, s.damaged(at, "the file ends where a value belongs")
	}
	switch w := s.word(); w {
	case "true", "false":
		return w == "true", nil
	case "null":
		return nil, nil
	default:
		return nil, s.damaged(at, "%q stands where a value belongs", w)
	}
}

func (s *scanner) array(depth int, members func(int, member)) (any, error) {
	at := s.pos
	s.pos++
	a := Array{}
	for {
		s.skip()
		switch s.peek() {
		case ']':
			s.pos++
			return a, nil
		case -1:
			return nil, s.damaged(at, "an array does not end")
		}
		v, err := s.value(depth+1, members)
		if err != nil {
			return nil, err
		}
		a = append(a, v)
	}
}

// dict reads a dictionary whose << has been read.
func (s *scanner) dict(depth int, members func(int, member)) (any, error) {
	at := s.pos - 2
	d := Dict{}
	for {
		s.skip()
		switch c := s.peek(); c {
		case '>':
			s.pos++
			if s.next() != '>' {
				return nil, s.damaged(at, "a dictionary does not end with >>")
			}
			return d, nil
		case '/':
		default:
			return nil, s.damaged(s.pos, "no name where a key belongs")
		}
		m := member{at: s.pos}
		key, err := s.name()
		if err != nil {
			return nil, err
		}
		m.key = key
		s.skip()
		m.start = s.pos
		v, err := s.value(depth+1, members)
		if err != nil {
			return nil, err
		}
		m.end = s.pos
		_, m.repeated = d[key]
		d[key] = v
		if members != nil {
			members(depth, m)
		}
	}
}

func (s *scanner) name() (Name, error) {
	at := s.pos
	s.pos++
	var b strings.Builder
	for isRegular(s.peek()) {
		if b.Len() >= s.limits.StringBytes {
			return "", s.limit(at, "bytes in one name", s.limits.StringBytes)
		}
		c := byte(s.next())
		if c == '#' {
			hi, lo := digit(s.peek()), -1
			if hi >= 0 {
				s.pos++
				lo = digit(s.peek())
			}
			if lo < 0 {
				return "", s.damaged(at, "a name has # without two hexadecimal digits")
			}
			s.pos++
			c = byte(hi<<4 | lo)
		}
		b.WriteByte(c)
	}
	return Name(b.String()), nil
}

// digit is the value of a hexadecimal digit, or -1.
func digit(c int) int {
	switch {
	case isDigit(c):
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return -1
}

// hex reads a hexadecimal string whose < has been read.
func (s *scanner) hex() (String, error) {
	at := s.pos - 1
	out := String{}
	high := -1
	for {
		c := s.next()
		d := digit(c)
		switch {
		case c == '>':
			if high >= 0 {
				out = append(out, byte(high<<4))
			}
			return out, nil
		case c >= 0 && isSpace(byte(c)):
		case d < 0:
			return nil, s.damaged(at, "a hexadecimal string has another byte or no end")
		case high < 0:
			high = d
		default:
			if len(out) >= s.limits.StringBytes {
				return nil, s.limit(at, "bytes in one string", s.limits.StringBytes)
			}
			out = append(out, byte(high<<4|d))
			high = -1
		}
	}
}

func (s *scanner) literal() (String, error) {
	at := s.pos
	s.pos++
	out := String{}
	for open := 1; ; {
		if len(out) > s.limits.StringBytes {
			return nil, s.limit(at, "bytes in one string", s.limits.StringBytes)
		}
		c := s.next()
		switch c {
		case -1:
			return nil, s.damaged(at, "a string does not end")
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return out, nil
			}
		case '\\':
			out = s.escape(out)
			continue
		case '\r':
			if s.peek() == '\n' {
				s.pos++
			}
			c = '\n'
		}
		out = append(out, byte(c))
	}
}

// escape reads what follows a backslash (ISO 32000-1, table 3).
func (s *scanner) escape(out String) String {
	c := s.next()
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n', -1:
		return out
	case '\r':
		if s.peek() == '\n' {
			s.pos++
		}
		return out
	}
	if c < '0' || c > '7' {
		return append(out, byte(c))
	}
	n := c - '0'
	for range 2 {
		if d := s.peek(); d >= '0' && d <= '7' {
			n = n<<3 | (d - '0')
			s.pos++
		}
	}
	return append(out, byte(n))
}

// number reads a number, or a reference if "n g R" stands there.
func (s *scanner) number() (any, error) {
	at := s.pos
	w := s.word()
	if n, err := strconv.ParseInt(w, 10, 64); err == nil {
		if n > 0 && isDigit(int(w[0])) {
			if r, ok := s.reference(n); ok {
				return r, nil
			}
		}
		return n, nil
	}
	if strings.Trim(w, "+-.0123456789") == "" {
		if f, err := strconv.ParseFloat(w, 64); err == nil {
			return f, nil
		}
	}
	return nil, s.damaged(at, "%q is no number", w)
}

// reference looks whether a number is the first of a reference, and moves on if so.
func (s *scanner) reference(num int64) (Ref, bool) {
	back := s.pos
	s.skip()
	if isDigit(s.peek()) && num <= 1<<31 {
		if gen, err := strconv.ParseUint(s.word(), 10, 16); err == nil {
			s.skip()
			if s.peek() == 'R' && s.word() == "R" {
				return Ref{int(num), int(gen)}, true
			}
		}
	}
	s.pos = back
	return Ref{}, false
}
