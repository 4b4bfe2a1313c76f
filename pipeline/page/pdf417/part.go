package pdf417

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// countField is the optional field that says how many parts there are.
const countField = 1

// readPart reads the control block of a part, which ends the symbol: its index, the
// name of what it belongs to, and fields, of which only the count matters here.
func (p *parser) readPart() error {
	index := p.take(2)
	number := decimal(index)
	if len(index) != 2 || number[0] != '1' {
		return errors.New("read a PDF417 symbol: a part without an index")
	}
	var err error
	out := &Part{}
	if out.Index, err = strconv.Atoi(number[1:]); err != nil {
		return fmt.Errorf("read a PDF417 symbol: index of a part: %w", err)
	}
	var file strings.Builder
	for _, w := range p.take(len(p.words)) {
		fmt.Fprintf(&file, "%03d", w)
	}
	out.File = file.String()
	for len(p.words) > 0 {
		command := p.words[0]
		p.words = p.words[1:]
		switch command {
		case partEnds:
			out.Last = true
		case partField:
			p.readField(out)
		case asText, asBytes, asSixes, asDigits:
			p.take(len(p.words)) // of a field that is not read
		default:
			return fmt.Errorf("read a PDF417 symbol: codeword %d in the control block of a part", command)
		}
	}
	p.part = out
	return nil
}

func (p *parser) readField(out *Part) {
	field := p.take(1)
	if len(field) == 0 || field[0] != countField {
		p.take(len(p.words))
		return
	}
	if len(p.words) > 0 && p.words[0] == asDigits {
		p.words = p.words[1:]
	}
	if words := p.take(15); len(words) > 0 {
		if n, err := strconv.Atoi(strings.TrimPrefix(decimal(words), "1")); err == nil && n <= 99999 {
			out.Count = n
		}
	}
}
