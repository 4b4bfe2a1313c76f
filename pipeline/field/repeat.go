package field

import (
	"slices"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// A subject is said again in the text of most documents. Where a stamp, a pen or a
// fold took words of it, the words that stand in the text between the same
// neighbours are what it said: shown as a suggestion, below sure.
const (
	neighbours = 3 // sure words before the gap that the text must have too
	longestGap = 9 // words that may be missing
)

// repeated fills the doubted runs of a subject from the text; filled says that it
// did.
func (r *recall) repeated(rows [][]token) (out [][]token, filled bool) {
	if r == nil || len(rows) == 0 {
		return rows, false
	}
	for _, row := range rows {
		out = append(out, slices.Clone(row))
	}
	for i := 0; i < len(out); i++ {
		all := slices.Concat(out[i:]...) // the run may go on in the rows below
		lead := 0
		if i > 0 {
			all = slices.Concat(out[i-1], all)
			lead = len(out[i-1])
		}
		from, to, words, ok := r.gap(all, lead, len(out[i]))
		if !ok {
			for at := lead; i < len(out) && at < lead+len(out[i]); at++ {
				out[i][at-lead] = all[at] // what the text confirmed
			}
			continue
		}
		flat := slices.Concat(all[lead:from], words, all[to:])
		out, filled = append(slices.Clone(out[:i]), flat), true
	}
	if end := r.periodEnd(slices.Concat(out...)); end != nil {
		last := len(out) - 1
		out[last], filled = slices.Concat(out[last], end), true
	}
	return out, filled
}

// periodEnd is what the text has behind a subject that ends where none does: in
// "giai đoạn 2021" ("- 2025"), in "tháng 11 năm" (the year).
func (r *recall) periodEnd(all []token) []token {
	n := len(all)
	if n < 3 {
		return nil
	}
	period := isYear(all[n-1].text) && plain(all[n-2].text) == "doan" && plain(all[n-3].text) == "giai"
	yearless := plain(all[n-1].text) == "nam" && isWord(all[n-2].text)
	for i := range r.tokens {
		j, follows := r.follows(i, all[n-3:])
		switch {
		case !follows || j+1 >= len(r.tokens) || isOwn(r.tokens[i], all):
		case period && strings.ContainsAny(r.tokens[j].text, "-–") && isYear(bare(r.tokens[j+1].text)):
			return r.tokens[j : j+2]
		case yearless && isYear(bare(r.tokens[j].text)):
			return r.tokens[j : j+1]
		}
	}
	return nil
}

func isYear(s string) bool {
	return len(s) == 4 && strings.Trim(s, "0123456789") == "" && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20"))
}

// gap finds the first doubted run of tokens that begins among own tokens from lead
// on, and the words that the text has for it. Runs before it that the text says in
// the same words are confirmed: spelled as there, and as sure.
func (r *recall) gap(all []token, lead, own int) (from, to int, words []token, ok bool) {
	shouted := isCaps(row{tokens: all}.text())
	for from = lead; from < lead+own; from++ {
		if !r.doubts(all[from], shouted) {
			continue
		}
		to = from + 1
		for to < len(all) && to-from < longestGap && (r.doubts(all[to], shouted) || to+1 < len(all) && r.doubts(all[to+1], shouted)) {
			to++
		}
		words, ok = r.instead(all, from, to)
		switch {
		case ok && !confirm(all[from:to], words):
			return from, to, words, true
		case ok:
			to-- // the word behind it may open the next
		}
		from = to
	}
	return 0, 0, nil, false
}

// instead is what the text has where all[from:to] stands.
func (r *recall) instead(all []token, from, to int) (words []token, ok bool) {
	before, after := sureWords(all[:from]), sureWords(all[to:])
	if len(before) >= 2 && len(after) >= 1 {
		if words, ok = r.between(before[max(0, len(before)-neighbours):], after[:min(2, len(after))], all); ok {
			return words, true
		}
	}
	if len(after) >= neighbours {
		return r.before(after[:neighbours], all[from:to], all)
	}
	return nil, false
}

// confirm reports whether the run has the words of the text, marks and signs apart,
// and takes over how the text spells those that it read more surely.
func confirm(run, words []token) bool {
	if !sameWords(run, words) || len(sureWords(run)) != len(sureWords(words)) {
		return false
	}
	for i := range run {
		if len(run) != len(words) || !isWord(run[i].text) {
			continue
		}
		if w := words[i]; w.conf >= run[i].conf && w.likely >= run[i].likely {
			spelled := likeCase(strings.ToUpper(bare(w.text)), bare(run[i].text))
			run[i].text = strings.Replace(run[i].text, bare(run[i].text), spelled, 1)
			run[i].conf, run[i].likely = w.conf, w.likely
		}
	}
	return true
}

// doubts reports whether a word of a subject may be ink of something else.
func (r *recall) doubts(t token, shouted bool) bool {
	if romanLike.MatchString(bare(t.text)) {
		return t.conf < 0.4 // strokes are counted by their width
	}
	if !isWord(t.text) || t.conf < 0.8 || !shouted && letters(t.text) > 1 && isCaps(t.text) {
		return true
	}
	return inStamp([]token{t}, r.marks)
}

// inStamp reports whether all tokens lie in a stamp.
func inStamp(tokens []token, marks []record.Region) bool {
	return slices.ContainsFunc(marks, func(m record.Region) bool {
		return m.Kind == record.StampRegion && !slices.ContainsFunc(tokens, func(t token) bool { return !inside(t.box, m.Box) })
	})
}

// inside reports whether the middle of a lies in b.
func inside(a, b record.Box) bool {
	x, y := (a[0]+a[2])/2, (a[1]+a[3])/2
	return b[0] <= x && x <= b[2] && b[1] <= y && y <= b[3]
}

func sureWords(tokens []token) []token {
	return slices.DeleteFunc(slices.Clone(tokens), func(t token) bool { return !isWord(t.text) })
}

// between returns what stands in the text between the neighbours: the same
// everywhere, and nothing of the subject itself.
func (r *recall) between(before, after, own []token) (words []token, ok bool) {
	for i := range r.tokens {
		j, follows := r.follows(i, before)
		if !follows || isOwn(r.tokens[i], own) {
			continue
		}
		for k := j; k <= min(j+longestGap, len(r.tokens)-1); k++ {
			if _, ends := r.follows(k, after); !ends {
				continue
			}
			found := r.tokens[j:k]
			if ok && !sameWords(found, words) {
				return nil, false
			}
			words, ok = found, true
			break
		}
	}
	return words, ok && slices.IndexFunc(words, func(t token) bool { return t.conf < 0.6 && !romanLike.MatchString(bare(t.text)) }) < 0
}

// before returns the words that the text has before the neighbours, if they are like
// what was read: as many, one more or one less.
func (r *recall) before(after, read, own []token) (words []token, ok bool) {
	text := fold(row{tokens: read}.text())
	for k := range r.tokens {
		if _, follows := r.follows(k, after); !follows || isOwn(r.tokens[k], own) {
			continue
		}
		best := 0.5
		var found []token
		for n := max(1, len(read)-1); n <= min(k, wordsIn(read)+1); n++ {
			if s := fold(row{tokens: r.tokens[k-n : k]}.text()).like(text, best); s > best {
				best, found = s, r.tokens[k-n:k]
			}
		}
		switch {
		case found == nil:
		case ok && !sameWords(found, words):
			return nil, false
		default:
			words, ok = found, true
		}
	}
	return words, ok
}

// wordsIn counts the words, those that signs have grown together with each by itself.
func wordsIn(tokens []token) int {
	return len(strings.FieldsFunc(row{tokens: tokens}.text(), func(r rune) bool { return !sounds(r) }))
}

// isOwn reports whether the token is one of the subject's.
func isOwn(t token, own []token) bool {
	return slices.ContainsFunc(own, func(o token) bool { return o.page == t.page && o.box == t.box })
}

func sameWords(a, b []token) bool {
	return plain(row{tokens: a}.text()) == plain(row{tokens: b}.text())
}

// follows reports whether the text goes on with the words at i, signs between them
// apart, and where it stands after them.
func (r *recall) follows(i int, words []token) (next int, ok bool) {
	for _, w := range words {
		for i < len(r.tokens) && !isWord(r.tokens[i].text) && w.text != words[0].text {
			i++
		}
		if i >= len(r.tokens) || plain(r.tokens[i].text) != plain(w.text) {
			return 0, false
		}
		i++
	}
	return i, true
}
