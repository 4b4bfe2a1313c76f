package ocr

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/pipeline/proof"
	"github.com/sohoa/sohoa/record"
)

// The engine is as sure of most wrong words as of right ones. But what it misread mostly
// makes no sense where it stands, and is mostly read rightly with letters a little
// narrower or wider. So the words that are likely wrong are read again in other widths,
// each with its neighbours, and what is likelier right is taken: always what the engine
// has read, or what it saw in the place of one letter.
const (
	unlikely   = 0.8 // share of right ones among such words, below which they are read again
	likelier   = 0.1 // by how much another reading must be likelier right,
	likely     = 0.5 // and how likely it must be
	mostDoubts = 120 // words of a page: the least sure ones
	mostInside = 3   // words that stand for one another where readings part letters differently
)

// A doubt is a word that is likely wrong.
type doubt struct {
	line, word int
	sure       float64
}

// reconsidered reads the words again that are likely wrong, in some widths, and puts what
// is likelier right in their place. Only Vietnamese is told to make sense or none.
func (e *engine) reconsidered(clean *page.Pix, m page.Mapping, facts record.Page, lines []record.Line, widths []float64) ([]record.Line, error) {
	facts.Lines = onScan(lines, m)
	judge := proof.Of(facts)
	doubts := doubtsOf(judge, lines, func(int) bool { return true })
	if len(doubts) == 0 || judge.Language() != proof.Vietnamese {
		return lines, nil
	}
	boxes, of := places(lines, doubts)
	strips, err := clean.Strips(boxes, int(medianSize(lines)/2))
	if err != nil {
		return nil, err
	}
	defer strips.Free()
	for i, width := range widths {
		if i > 0 { // what is left of them, beside what was mended
			facts.Lines = onScan(lines, m)
			judge = proof.Of(facts)
			doubts = doubtsOf(judge, lines, func(line int) bool { return slices.Contains(of, line) })
		}
		read, err := e.another(strips, of, width)
		if err != nil {
			return nil, err
		}
		replaced(judge, doubts, lines, read, m.Box)
	}
	return lines, nil
}

// onScan returns copies of lines with the words where they are on the scan.
func onScan(lines []record.Line, m page.Mapping) []record.Line {
	out := slices.Clone(lines)
	for i, l := range lines {
		out[i].Words, out[i].Size = wordsAt(l.Words, m.Box), m.Length(l.Size)
	}
	return out
}

func wordsAt(words []record.Word, place func(record.Box) record.Box) []record.Word {
	out := slices.Clone(words)
	for i, w := range words {
		out[i].Box = place(w.Box)
	}
	return out
}

// doubtsOf returns the words of some of the judge's lines that are likely wrong, in their order.
func doubtsOf(judge proof.Judge, lines []record.Line, some func(line int) bool) []doubt {
	var all []doubt
	for i, l := range lines {
		if !some(i) {
			continue
		}
		for j, w := range l.Words {
			if sure := judge.Sureness(i, j, j+1); sure < unlikely && hasLetter(w.Text) {
				all = append(all, doubt{i, j, sure})
			}
		}
	}
	if len(all) > mostDoubts {
		slices.SortStableFunc(all, func(a, b doubt) int { return cmp.Compare(a.sure, b.sure) })
		all = all[:mostDoubts]
		slices.SortFunc(all, func(a, b doubt) int { return cmp.Or(a.line-b.line, a.word-b.word) })
	}
	return all
}

// places are where doubted words stand, each with the word on either side; those that
// share a word are one. of is the line of each.
func places(lines []record.Line, doubts []doubt) (boxes []record.Box, of []int) {
	line, end := -1, 0
	for _, d := range doubts {
		l := lines[d.line]
		from, to := max(0, d.word-1), min(len(l.Words), d.word+2)
		around := int(l.Size / 8)
		b := within(l, l.Words[from:to]).Box
		b = record.Box{b[0] - around, b[1] - around, b[2] + around, b[3] + around}
		if n := len(boxes); d.line == line && from < end {
			boxes[n-1] = boxes[n-1].Union(b)
		} else {
			boxes, of = append(boxes, b), append(of, d.line)
		}
		line, end = d.line, to
	}
	return boxes, of
}

// another reads strips of lines with letters of another width, and returns the words by
// line, where they lie in the cleaned picture.
func (e *engine) another(strips *page.Strips, of []int, width float64) (map[int][]reading, error) {
	narrow, err := strips.Narrowed(width)
	if err != nil {
		return nil, err
	}
	defer narrow.Free()
	found, err := e.choose(narrow)
	if err != nil {
		return nil, err
	}
	words, n := map[int][]reading{}, 0
	for _, l := range widened(found.lines, width) {
		for _, w := range l.Words {
			strip, at := strips.From(w.Box)
			w.Box = at
			words[of[strip]] = append(words[of[strip]], readingOf(w, found.signs[n]))
			n++
		}
	}
	return words, nil
}

// replaced puts what was read another time in place of doubted words where that is
// likelier right; the last doubt first, so that the places of the others stay. read are
// words by line, place leads to where a box lies on the scan.
func replaced(judge proof.Judge, doubts []doubt, lines []record.Line, read map[int][]reading, place func(record.Box) record.Box) {
	line, start := -1, 0
	for _, d := range slices.Backward(doubts) {
		if d.line == line && d.word >= start {
			continue // it stood in what was replaced
		}
		l := lines[d.line]
		from, to, others := instead(l.Words, d.word, read[d.line])
		if d.line == line && to > start {
			continue
		}
		best, sure := l.Words[from:to], judge.Sureness(d.line, from, to)
		for _, words := range ways(best, others) {
			if figures(words) != figures(best) {
				continue
			}
			if s := judge.Sureness(d.line, from, to, wordsAt(words, place)...); s >= likely && s > sure+likelier {
				best, sure, line, start = words, s, d.line, from
			}
		}
		lines[d.line].Words = slices.Concat(l.Words[:from], best, l.Words[to:])
	}
}

// asFigures are letters that the engine puts for figures in numbers.
var asFigures = strings.NewReplacer("I", "1", "l", "1", "O", "0")

// figures are those of words: which of two readings of a number is right no language tells.
func figures(words []record.Word) string {
	var all strings.Builder
	for _, w := range words {
		if !strings.ContainsFunc(w.Text, unicode.IsDigit) {
			continue
		}
		for _, r := range asFigures.Replace(w.Text) {
			if unicode.IsDigit(r) {
				all.WriteRune(r)
			}
		}
	}
	return all.String()
}

// instead returns what was read another time where word i of a line stands, and the words
// of the line, from from to before to, that it stands for; nothing if those are many.
func instead(line []record.Word, i int, read []reading) (from, to int, words []reading) {
	from, to = i, i+1
	for to-from <= mostInside {
		words = touching(read, line[from:to])
		a, b := from, to
		for a > 0 && len(touching(words, line[a-1:a])) > 0 {
			a--
		}
		for b < len(line) && len(touching(words, line[b:b+1])) > 0 {
			b++
		}
		if a == from && b == to && len(words) <= mostInside {
			return from, to, words
		}
		if a == from && b == to {
			break
		}
		from, to = a, b
	}
	return i, i + 1, nil
}

// touching returns those of some words, from left to right, that stand where one of others does.
func touching(words []reading, others []record.Word) []reading {
	var out []reading
	for _, w := range words {
		if slices.ContainsFunc(others, func(v record.Word) bool { return onto(v.Box, w.Box) }) {
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(a, b reading) int { return a.Box[0] - b.Box[0] })
	return out
}
