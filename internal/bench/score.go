package bench

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Score says how like its truth a text is. All but Precision are relative to
// the truth, 0 for none.
type Score struct {
	CER       float64 // edits of characters in reading order, to characters; may exceed 1
	Free      float64 // the same with each line of the truth against its best match anywhere
	WER       float64 // edits of words in reading order, to words
	Recall    float64 // share of the words of the truth that were read
	Precision float64 // share of the words read that are true
}

// score compares a text with its truth: NFC, white space folded, invisible
// characters dropped. Text without truth scores nothing.
func score(truth, text string) Score {
	var lines []string
	for _, l := range strings.Split(truth, "\n") {
		if l = tidy(l); l != "" {
			lines = append(lines, l)
		}
	}
	want, got := strings.Join(lines, " "), tidy(text)
	ids := map[string]int32{}
	wantWords, gotWords := numbers(strings.Fields(want), ids), numbers(strings.Fields(got), ids)
	wanted, read := plainWords(want), plainWords(got)
	common := 0
	for w, n := range wanted {
		common += min(n, read[w])
	}
	return Score{
		CER: over(edits([]rune(want), []rune(got)), len([]rune(want))), Free: freeErrors(lines, got),
		WER:    over(edits(wantWords, gotWords), len(wantWords)),
		Recall: over(common, total(wanted)), Precision: over(common, total(read)),
	}
}

func over(n, of int) float64 { return float64(n) / float64(max(1, of)) }

func total(counts map[string]int) int {
	n := 0
	for c := range maps.Values(counts) {
		n += c
	}
	return n
}

// tidy brings text into the form that is compared.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\u00ad\u200b\u200c\u200d\u2060\ufeff", r) {
			return -1
		}
		return r
	}, norm.NFC.String(s))
	return strings.Join(strings.Fields(s), " ")
}

// plainWords counts words without the punctuation around them.
func plainWords(s string) map[string]int {
	counts := map[string]int{}
	for _, w := range strings.Fields(s) {
		if w = plainWord(w); w != "" {
			counts[w]++
		}
	}
	return counts
}

func plainWord(w string) string {
	return strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_' })
}

// numbers gives each word its number.
func numbers(words []string, ids map[string]int32) []int32 {
	out := make([]int32, len(words))
	for i, w := range words {
		id, known := ids[w]
		if !known {
			id = int32(len(ids))
			ids[w] = id
		}
		out[i] = id
	}
	return out
}

// edits is the least number of insertions, deletions and replacements that turn a
// into b (V. I. Levenshtein, 1965).
func edits[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			best := min(row[j], row[j+1]) + 1
			if x == y {
				best = diagonal
			} else {
				best = min(best, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], best
		}
	}
	return row[len(b)]
}

// freeErrors is the share of characters to edit when each line is compared with
// the part of the text most like it, wherever that stands. What matched one line
// is not offered to another: lines that are read well choose first, of those the
// longest.
func freeErrors(lines []string, text string) float64 {
	type line struct {
		runes []rune
		badly bool
	}
	found := []rune(text)
	var all []line
	characters := 0
	for _, l := range lines {
		r := []rune(l)
		characters += len(r)
		distance, _, _ := bestMatch(r, found)
		all = append(all, line{r, 10*distance > 3*len(r)})
	}
	slices.SortStableFunc(all, func(a, b line) int {
		if a.badly != b.badly {
			if b.badly {
				return -1
			}
			return 1
		}
		return cmp.Compare(len(b.runes), len(a.runes))
	})
	wrong := 0
	for _, l := range all {
		distance, from, to := bestMatch(l.runes, found)
		wrong += distance
		if 10*distance < 6*len(l.runes) {
			found = slices.Concat(found[:from], []rune{0}, found[to:])
		}
	}
	return over(wrong, characters)
}

// bestMatch returns the edits that turn line into the part of text most like it,
// and where that part stands.
func bestMatch(line, text []rune) (distance, from, to int) {
	type cell struct{ edits, from int }
	row := make([]cell, len(line)+1) // one column of the table, down the line
	for i := range row {
		row[i] = cell{i, 0}
	}
	distance, from, to = row[len(line)].edits, 0, 0
	for j, c := range text {
		diagonal := row[0]
		row[0] = cell{0, j + 1}
		for i, l := range line {
			best := diagonal
			if l != c {
				best.edits++
			}
			if row[i+1].edits+1 < best.edits {
				best = cell{row[i+1].edits + 1, row[i+1].from}
			}
			if row[i].edits+1 < best.edits {
				best = cell{row[i].edits + 1, row[i].from}
			}
			diagonal, row[i+1] = row[i+1], best
		}
		if last := row[len(line)]; last.edits < distance {
			distance, from, to = last.edits, last.from, j+1
		}
	}
	return distance, from, to
}
