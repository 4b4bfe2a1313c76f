package field

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// What a symbol says is read without error, and yet may be false: anybody can
// print one. symbolDoubts is for what the text contradicts.
const (
	symbolTrust  = 0.97
	symbolDoubts = 0.6
)

// A held card is one whose code stands on a page.
type heldCard struct {
	Card
	where record.Evidence
}

// says is what the card says of its holder, in normal form.
func (c heldCard) says(kind record.CodeKind) string {
	return map[record.CodeKind]string{record.Holder: c.Name, record.BirthDate: c.Born, record.PersonID: c.ID}[kind]
}

func cardsOn(pages []record.Page) []heldCard {
	var out []heldCard
	for _, p := range pages {
		for _, s := range p.Codes {
			if c, err := ParseCard(s.Text); err == nil {
				out = append(out, heldCard{c, record.Evidence{Page: p.Number, Box: s.Box}})
			}
		}
	}
	return out
}

// symbolCodes are the identifiers in the QR codes and bar codes of the pages.
func symbolCodes(pages []record.Page) []record.Code {
	var out []record.Code
	for _, p := range pages {
		for _, s := range p.Codes {
			out = append(out, codesOfSymbol(p.Number, s)...)
		}
	}
	return out
}

func codesOfSymbol(page int, s record.Symbol) []record.Code {
	where := []record.Evidence{{Page: page, Box: s.Box}}
	if card, err := ParseCard(s.Text); err == nil {
		return cardCodes(card, where)
	}
	var out []record.Code
	for part := range strings.FieldsFuncSeq(s.Text, func(r rune) bool { return strings.ContainsRune("|;\n\r\t", r) }) {
		var tokens []token
		for _, w := range strings.Fields(part) {
			tokens = append(tokens, token{text: w, conf: 1, page: page, box: s.Box})
		}
		for _, c := range codesIn(tokens, "") {
			if c.Confidence < sure {
				continue // any twelve digits in a payload
			}
			c.Rule, c.Evidence = "symbol/"+s.Kind, where
			out = append(out, c)
		}
	}
	return out
}

// cardCodes are what the code of an identity card says of its holder.
func cardCodes(card Card, where []record.Evidence) []record.Code {
	_, conf := weighPerson(card.ID)
	if p, ok := parsePerson(card.ID); ok && !strings.HasPrefix(card.Born, strconv.Itoa(p.birthYear)) {
		conf = symbolDoubts // the number holds the year of birth
	}
	var out []record.Code
	add := func(kind record.CodeKind, value, normal string) {
		if value != "" {
			out = append(out, record.Code{Kind: kind, Field: record.Field{Value: value, Normal: normal, Confidence: min(conf, symbolTrust),
				Status: record.Read, Rule: "symbol/card", Evidence: where}})
		}
	}
	add(record.PersonID, card.ID, card.ID)
	add(record.OldID, card.OldID, card.OldID)
	add(record.Holder, card.Name, card.Name)
	add(record.BirthDate, card.Born, card.Born)
	return out
}

// withSymbols joins what symbols say with what the text says. A symbol is
// preferred: the same code in the text adds its place. When the text has codes of
// that kind and none is the symbol's, both are shown and neither is trusted,
// unless the text was hard to read.
func withSymbols(text, symbols []record.Code) []record.Code {
	var out []record.Code
	for _, s := range symbols {
		if slices.ContainsFunc(out, func(o record.Code) bool { return o.Kind == s.Kind && o.Normal == s.Normal }) {
			continue
		}
		same, other := false, false
		for _, t := range text {
			switch {
			case t.Kind != s.Kind:
			case t.Normal == s.Normal:
				same, s.Evidence = true, append(s.Evidence[:len(s.Evidence):len(s.Evidence)], t.Evidence...)
			case t.Confidence >= sure:
				other = true
			}
		}
		text = slices.DeleteFunc(text, func(t record.Code) bool { return t.Kind == s.Kind && t.Normal == s.Normal })
		if other && !same {
			s.Confidence = min(s.Confidence, symbolDoubts)
			for i, t := range text {
				if t.Kind == s.Kind {
					text[i].Confidence = min(t.Confidence, symbolDoubts)
				}
			}
		}
		out = append(out, s)
	}
	return append(out, text...)
}

// contradict compares what stands on a form with the card of whom it speaks: of
// several cards the one that agrees in most. What the card says otherwise is shown
// beside the value with its place, and neither is trusted; a value that was hard to
// read casts no doubt on the card.
func (f Form) contradict(fields record.Fields, cards []heldCard, codes []record.Code) {
	if len(cards) == 0 {
		return
	}
	agrees := func(c heldCard) (n int) {
		for _, ff := range f.Fields {
			if said := c.says(ff.Card); said != "" && Agrees(ff.Name, fields[ff.Name].Normal, said) {
				n++
			}
		}
		return n
	}
	card := slices.MaxFunc(cards, func(a, b heldCard) int { return agrees(a) - agrees(b) })
	for _, ff := range f.Fields {
		field, there := fields[ff.Name]
		said := card.says(ff.Card)
		if !there || said == "" || field.Status != record.Handwritten && Agrees(ff.Name, field.Normal, said) {
			continue
		}
		if field.Status == record.Read && field.Confidence >= sure {
			for i, c := range codes {
				if c.Kind == ff.Card && c.Normal == said {
					codes[i].Confidence = min(c.Confidence, symbolDoubts)
				}
			}
		}
		field.Other, field.Confidence = said, min(field.Confidence, symbolDoubts)
		field.Evidence = append(slices.Clone(field.Evidence), card.where)
		fields[ff.Name] = field
	}
}
