package ocr

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/sohoa/sohoa/record"
)

// Confidences that decide, measured on pages with truth. Below hopeless one word
// in ten is right.
const (
	hopeless = 0.2
	doubtful = 0.5
)

// leader matches the dots to write on of a form, with what the engine makes of their end.
var leader = regexp.MustCompile(`[.…·_]{4,}.*$`)

// notation matches the letters behind a document's number (NĐ 30/2020/NĐ-CP, appendix
// I). Where the number is written by hand the engine takes both for one word and
// doubts it; seals and signatures leave no such thing.
var notation = regexp.MustCompile(`\p{Lu}{2,}[-–]\p{Lu}{2,}`)

// strokes are signs that the engine sees in rules, frames, seals and signatures
// and that do not stand alone in text.
const strokes = "|¦_`´'’‘^~ˆ˜*\\/¬«»“”\"=<>°¨•·—÷×"

// sift leaves out what is no text: strokes of rules and frames, specks, the dots
// of forms, and what was made of seals, signatures and dark edges. width and
// height are those of the picture.
func sift(lines []record.Line, width, height int) []record.Line {
	usual := medianSize(lines)
	var out []record.Line
	for _, l := range lines {
		scrawl := poor(l)
		var words []record.Word
		for i, w := range l.Words {
			w.Text = trim(w.Text)
			least := hopeless
			if scrawl || atEdge(w.Box, width, height) {
				least = doubtful
			}
			if w.Text == "" || noise(w, l, usual) || w.Confidence < least && !inText(l, i) && !notation.MatchString(w.Text) {
				continue
			}
			words = append(words, w)
		}
		if l.Words = words; len(words) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// trim takes dots to write on and the bars of a table off a word.
func trim(s string) string {
	s = leader.ReplaceAllString(s, "")
	if t := strings.Trim(s, "|¦"); t != "" {
		return t
	}
	return s
}

// noise reports whether a word of line l is no word at all.
func noise(w record.Word, l record.Line, usual float64) bool {
	high, wide := float64(w.Box.Height()), float64(w.Box.Width())
	switch {
	case strings.Trim(w.Text, strokes) == "":
		return true
	case !hasLetter(w.Text):
		return max(high, wide) < 0.12*l.Size && w.Text != "." && w.Text != ","
	case high < 0.2*l.Size: // letters cannot be as flat as this
		return true
	}
	return high > 2.5*usual && w.Confidence < 0.8 // the sweep of a signature
}

// inText reports whether word i of a line stands close to words that were read
// well, or to one that does: then it is a word that was read badly, and a reviewer
// should see it.
func inText(l record.Line, i int) bool {
	return hasLetter(l.Words[i].Text) && (leadsToText(l, i, -1) || leadsToText(l, i, 1))
}

// leadsToText reports whether one of the two words on a side of word i was read well,
// with letters and without a gap on the way there.
func leadsToText(l record.Line, i, side int) bool {
	for j := i + side; j >= 0 && j < len(l.Words) && (j-i)*side <= 2; j += side {
		last, w := l.Words[j-side], l.Words[j]
		gap := max(w.Box[0]-last.Box[2], last.Box[0]-w.Box[2])
		if float64(gap) >= 0.6*l.Size || !hasLetter(w.Text) {
			return false
		}
		if w.Confidence >= 0.7 {
			return true
		}
	}
	return false
}

// poor reports whether most of a line is guessed.
func poor(l record.Line) bool {
	var letters, sum float64
	for _, w := range l.Words {
		n := float64(len([]rune(w.Text)))
		letters += n
		sum += n * w.Confidence
	}
	return sum < doubtful*letters
}

// atEdge reports whether a box touches the edge of the picture, where scanners
// leave dark bands.
func atEdge(b record.Box, width, height int) bool {
	margin := width / 200
	return b[0] < margin || b[1] < margin || b[2] > width-margin || b[3] > height-margin
}

func hasLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
