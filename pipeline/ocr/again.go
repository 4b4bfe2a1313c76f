package ocr

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// What a second look must be to count: measured on pages with black seals.
const (
	surely  = 0.8  // a word that it reads as surely is taken
	besides = 0.6  // and one beside such a word from here on
	settled = 0.75 // words that the first look read as surely stand
	mended  = 0.75 // beneath a seal no word is surer: a stroke may be lost, or the word beside it
)

// again looks a second time where the first look left lines out: beneath and beside
// black seals, and at letters that stand in rows and are in no word. It returns the
// lines with what it adds.
func (e *engine) again(p *page.Picture, clean *page.Pix, m page.Mapping, seals []record.Region, found []record.Line) ([]record.Line, error) {
	for _, r := range seals {
		if r.Kind != record.SealRegion {
			continue
		}
		part, err := p.Unsealed(clean, m, r.Box)
		if err == nil && part != nil {
			found, err = e.added(part, found, mended)
		}
		if err != nil {
			return nil, err
		}
	}
	var read []record.Box
	for _, l := range found {
		for _, w := range l.Words {
			read = append(read, w.Box)
		}
	}
	parts, err := clean.Overlooked(read, medianSize(found))
	for _, part := range parts {
		if err != nil {
			part.Free()
			continue
		}
		found, err = e.added(part, found, 1)
	}
	return found, err
}

// added reads a part, which it frees, and adds what counts to what was found; no word
// of it is surer than most.
func (e *engine) added(part *page.Part, found []record.Line, most float64) ([]record.Line, error) {
	defer part.Free()
	lines, err := e.recognise(part.Pix, asBlock)
	if err != nil {
		return nil, err
	}
	return merged(found, taken(lines, part, most)), nil
}

// taken returns the words of a second look that count, where they lie in the
// cleaned picture, none surer than most.
func taken(lines []record.Line, part *page.Part, most float64) []record.Line {
	shift := func(b record.Box) record.Box {
		return record.Box{b[0] + part.X, b[1] + part.Y, b[2] + part.X, b[3] + part.Y}
	}
	for i, l := range lines {
		var words []record.Word
		for j, w := range l.Words {
			if !counts(l.Words, j) {
				continue
			}
			w.Confidence, w.Box = min(w.Confidence, most), shift(w.Box)
			words = append(words, w)
		}
		lines[i].Words, lines[i].Box = words, shift(l.Box)
	}
	return lines
}

// counts reports whether word i of a line of the second look is to be believed.
func counts(words []record.Word, i int) bool {
	is := func(j int, least float64) bool {
		return j >= 0 && j < len(words) && words[j].Confidence >= least && hasLetter(words[j].Text) && utf8.RuneCountInString(words[j].Text) > 1
	}
	return is(i, surely) || is(i, besides) && (is(i-1, surely) || is(i+1, surely))
}

// merged adds the words of a second look to the lines of the first, in place of
// those that it read less surely.
func merged(first, second []record.Line) []record.Line {
	last := 0
	for _, l := range first {
		last = max(last, l.Block)
	}
	for _, l := range second {
		var rest []record.Word
		for _, w := range l.Words {
			if known(first, w) {
				continue
			}
			first = without(first, w.Box)
			if !joins(first, w) {
				rest = append(rest, w)
			}
		}
		if len(rest) > 0 {
			l.Block = last + 1
			first = append(first, within(l, rest))
		}
	}
	return first
}

// known reports whether a word was read at its place surely enough before.
func known(lines []record.Line, w record.Word) bool {
	for _, l := range lines {
		for _, v := range l.Words {
			if onto(v.Box, w.Box) && (v.Confidence >= settled || v.Confidence >= w.Confidence) {
				return true
			}
		}
	}
	return false
}

// without leaves out the words at a place.
func without(lines []record.Line, b record.Box) []record.Line {
	for i := range lines {
		lines[i].Words = slices.DeleteFunc(slices.Clone(lines[i].Words), func(w record.Word) bool { return onto(w.Box, b) })
	}
	return lines
}

// joins puts a word into the line that it stands in, if there is one.
func joins(lines []record.Line, w record.Word) bool {
	for i, l := range lines {
		if len(l.Words) == 0 {
			continue
		}
		box := within(l, l.Words).Box
		level := min(box[3], w.Box[3]) - max(box[1], w.Box[1])
		gap := max(box[0]-w.Box[2], w.Box[0]-box[2])
		if 2*level < min(box.Height(), w.Box.Height()) || float64(gap) > l.Size {
			continue
		}
		words := append(slices.Clone(l.Words), w)
		slices.SortStableFunc(words, func(a, b record.Word) int { return cmp.Compare(a.Box[0], b.Box[0]) })
		lines[i] = within(l, words)
		return true
	}
	return false
}

// onto reports whether two boxes share half of the smaller.
func onto(a, b record.Box) bool {
	w, h := min(a[2], b[2])-max(a[0], b[0]), min(a[3], b[3])-max(a[1], b[1])
	return w > 0 && h > 0 && 2*w*h > min(a.Width()*a.Height(), b.Width()*b.Height())
}
