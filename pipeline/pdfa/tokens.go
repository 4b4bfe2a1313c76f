package pdfa

import (
	"bytes"
	"encoding/hex"
)

// The kinds of token in a content stream (ISO 32000-1, 7.8.2).
const (
	tokenEnd      = 0
	tokenNumber   = 'n'
	tokenName     = '/'
	tokenString   = 's'
	tokenBracket  = '[' // of an array or a dictionary, either side
	tokenOperator = 'o'
)

// A token's text is what it says: a name without its slash, a string decoded.
type token struct {
	kind byte
	text []byte
}

// tokens reads a content stream, or a character map, token by token.
type tokens struct{ b []byte }

const (
	blanks     = "\x00\t\n\f\r "
	delimiters = "()<>[]{}/%"
)

func (t *tokens) next() token {
	for {
		t.b = bytes.TrimLeft(t.b, blanks)
		if len(t.b) == 0 {
			return token{}
		}
		if t.b[0] != '%' {
			break
		}
		if i := bytes.IndexAny(t.b, "\r\n"); i >= 0 {
			t.b = t.b[i:]
		} else {
			t.b = nil
		}
	}
	switch c := t.b[0]; {
	case c == '/':
		t.b = t.b[1:]
		return token{tokenName, t.word()}
	case c == '(':
		return token{tokenString, t.literal()}
	case c == '<' && (len(t.b) < 2 || t.b[1] != '<'):
		return token{tokenString, t.hexadecimal()}
	case bytes.IndexByte([]byte(delimiters), c) >= 0:
		t.b = t.b[1:]
		return token{tokenBracket, nil}
	case c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.':
		return token{tokenNumber, t.word()}
	}
	return token{tokenOperator, t.word()}
}

func (t *tokens) word() []byte {
	end := bytes.IndexAny(t.b, blanks+delimiters)
	if end < 0 {
		end = len(t.b)
	}
	w := t.b[:end]
	t.b = t.b[end:]
	return w
}

// literal reads a string in parentheses; of an escape it keeps the second byte,
// for only lengths and plain codes matter here.
func (t *tokens) literal() []byte {
	var out []byte
	depth := 0
	for i := 0; i < len(t.b); i++ {
		switch c := t.b[i]; {
		case c == '\\' && i+1 < len(t.b):
			i++
			out = append(out, t.b[i])
		case c == '(' && depth == 0:
			depth = 1
		case c == ')' && depth == 1:
			t.b = t.b[i+1:]
			return out
		default:
			if c == '(' {
				depth++
			} else if c == ')' {
				depth--
			}
			out = append(out, c)
		}
	}
	t.b = nil
	return out
}

func (t *tokens) hexadecimal() []byte {
	end := bytes.IndexByte(t.b, '>')
	if end < 0 {
		t.b = nil
		return nil
	}
	digits := bytes.Join(bytes.Fields(t.b[1:end]), nil)
	t.b = t.b[end+1:]
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make([]byte, len(digits)/2)
	if _, err := hex.Decode(out, digits); err != nil {
		return nil
	}
	return out
}

// skipInline passes over the data of an inline image, to behind its EI.
func (t *tokens) skipInline() {
	for {
		i := bytes.Index(t.b, []byte("EI"))
		if i < 0 {
			t.b = nil
			return
		}
		free := i > 0 && bytes.IndexByte([]byte(blanks), t.b[i-1]) >= 0
		t.b = t.b[i+2:]
		if free && (len(t.b) == 0 || bytes.IndexByte([]byte(blanks), t.b[0]) >= 0) {
			return
		}
	}
}
