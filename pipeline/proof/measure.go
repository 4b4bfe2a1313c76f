package proof

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sohoa/sohoa/record"
)

// Measures are the names of what is measured of a word, in the order of [Measured.X].
var Measures = func() []string {
	names := []string{"always"}
	for _, k := range knots {
		names = append(names, "engine over "+k.name)
	}
	for _, s := range []string{"signs", "frequent", "syllabic", "numeral", "shortened", "coded", "foreign", "impossible"} {
		names = append(names, s, s+", engine sure")
	}
	return append(names, "rest of line", "least neighbour", "page", "alone in line", "one letter", "two letters", "letters", "mixed case", "signs inside", "signs before",
		"signs behind", "stacked marks", "capitals", "height off", "letters wide", "seal", "stamp", "signature", "handwriting", "edge", "elsewhere", "rival elsewhere", "rival frequent",
		"phrase", "rival in phrase", "acute for hook", "digits", "short line", "low line")
}()

// knots bend the weight of the engine's confidence.
var knots = []struct {
	name string
	at   float64
}{{"0", 0}, {"0.3", 0.3}, {"0.6", 0.6}, {"0.8", 0.8}, {"0.88", 0.88}, {"0.92", 0.92}, {"0.94", 0.94}, {"0.96", 0.96}}

// A Measured is a word with its measures.
type Measured struct {
	Page, Line, Word int // indices
	X                []float64
}

// A context is what the words of a document say about one another.
type context struct {
	forms map[string]int // how often a form was read with confidence, lower case
	pages []pageContext
}

type pageContext struct {
	language string
	size     float64 // usual height of letters
	wide     float64 // usual width of a letter, in heights
	sure     float64 // mean confidence of the engine
}

const read = 0.8 // from here on the engine's word counts for others

func contextOf(pages []record.Page) context {
	c := context{forms: map[string]int{}}
	for _, p := range pages {
		pc := pageContext{language: Language(p.Lines)}
		var sizes, widths []float64
		n := 0
		for _, l := range p.Lines {
			for _, w := range l.Words {
				pc.sure += w.Raw()
				n++
				if len(l.Words) > 2 {
					sizes = append(sizes, l.Size)
				}
				if letters := utf8.RuneCountInString(w.Text); letters > 1 && l.Size > 0 {
					widths = append(widths, float64(w.Box.Width())/float64(letters)/l.Size)
				}
				if form := strings.ToLower(bare(w.Text)); form != "" && w.Raw() >= read {
					c.forms[form]++
				}
			}
		}
		pc.sure /= float64(max(n, 1))
		pc.size, pc.wide = median(sizes), median(widths)
		c.pages = append(c.pages, pc)
	}
	return c
}

func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// Measure measures every word that an engine read; words of a page's own text are
// left out.
func Measure(pages []record.Page) []Measured {
	c := contextOf(pages)
	var out []Measured
	for p := range pages {
		out = append(out, c.measurePage(pages, p)...)
	}
	return out
}

func (c context) measurePage(pages []record.Page, p int) (out []Measured) {
	if pages[p].Source == "text" {
		return nil
	}
	for l, line := range pages[p].Lines {
		for w := range line.Words {
			out = append(out, Measured{p, l, w, c.measure(pages[p], c.pages[p], line, w)})
		}
	}
	return out
}

// measure returns the measures of a word, as Measures names them.
func (c context) measure(p record.Page, pc pageContext, l record.Line, i int) []float64 {
	w := l.Words[i]
	word, sure := bare(w.Text), w.Raw()
	lower := strings.ToLower(word)
	x := append(make([]float64, 0, len(Measures)), 1)
	for _, k := range knots {
		x = append(x, max(0, sure-k.at)*10)
	}
	is := shapeOf(word, pc.language)
	if is == syllabic && c.elsewhere(lower, sure) > 1 {
		is = frequent
	}
	for s := range shapes {
		x = append(x, on(s == is), on(s == is)*surprise(sure))
	}
	rest, least := neighbours(l, i)
	letters := utf8.RuneCountInString(word)
	x = append(x, surprise(rest), surprise(least), surprise(pc.sure), on(len(l.Words) == 1), on(letters == 1), on(letters == 2), math.Log(float64(1+letters)),
		on(letters > 1 && !cased(word) && is != coded && is != numeral), on(inside(word) && is != coded && is != numeral), on(!strings.HasPrefix(w.Text, word)), tail(w.Text, word),
		float64(stacked(lower)), on(letters > 1 && strings.ToUpper(word) == word && lower != word))
	x = append(x, math.Abs(ratio(float64(w.Box.Height()), l.Size)), math.Abs(ratio(width(w, l), pc.wide)))
	for _, kind := range []string{record.SealRegion, record.StampRegion, record.SignatureRegion, record.HandRegion} {
		x = append(x, covered(w.Box, p.Regions, kind))
	}
	rival, known := c.rival(lower, sure)
	x = append(x, edge(w.Box, p), math.Log(float64(1+c.elsewhere(lower, sure))), rival, on(known), on(inPhrase(l, i, lower)), on(rivalInPhrase(l, i, lower)), on(acuteForHook(lower)), on(is == numeral && len(word) > 1),
		on(len(l.Words) < 4), on(pc.size > 0 && l.Size < 0.7*pc.size))
	return x
}

func on(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// surprise spreads the confidences near 1, where most are.
func surprise(c float64) float64 { return -math.Log(max(0, 1-c) + 0.02) }

// neighbours returns the mean confidence of the other words of a line, and the
// least of the two beside it.
func neighbours(l record.Line, i int) (mean, least float64) {
	sum, least := 0.0, 1.0
	for j, w := range l.Words {
		if j != i {
			sum += w.Raw()
		}
		if j == i-1 || j == i+1 {
			least = min(least, w.Raw())
		}
	}
	if len(l.Words) == 1 {
		return 0.8, 0.8
	}
	return sum / float64(len(l.Words)-1), least
}

// inside reports whether a word has signs within.
func inside(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// tail is 1 for signs behind a word that do not stand there in text.
func tail(text, word string) float64 {
	_, behind, _ := strings.Cut(text, word)
	switch behind {
	case "", ".", ",", ";", ":", ")", "?", "!", "”", "\"", "),", ").", ");", "%", "…", "...", "./.", "/.":
		return 0
	}
	return 1
}

// stacked counts letters with a mark and a tone, which are told apart hardest.
func stacked(lower string) int {
	n := 0
	for _, r := range lower {
		if v, is := tonedOf[r]; is && v.tone != level && v.vowel > unicode.MaxASCII {
			n++
		}
	}
	return n
}

func ratio(a, b float64) float64 {
	if a <= 0 || b <= 0 {
		return 0
	}
	return min(3, max(-3, math.Log(a/b)))
}

func width(w record.Word, l record.Line) float64 {
	return float64(w.Box.Width()) / float64(max(1, utf8.RuneCountInString(w.Text))) / max(1, l.Size)
}

// covered is the share of a box that lies in a region of a kind.
func covered(b record.Box, regions []record.Region, kind string) float64 {
	most := 0.0
	for _, r := range regions {
		wide, high := min(b[2], r.Box[2])-max(b[0], r.Box[0]), min(b[3], r.Box[3])-max(b[1], r.Box[1])
		if r.Kind == kind && wide > 0 && high > 0 {
			most = max(most, float64(wide*high)/float64(max(1, b.Width()*b.Height())))
		}
	}
	return most
}

// edge is 1 where scanners leave dark bands.
func edge(b record.Box, p record.Page) float64 {
	margin := p.Width / 50
	return on(b[0] < margin || b[1] < margin || b[2] > p.Width-margin || b[3] > p.Height-margin)
}

// elsewhere is how often a form was read surely, beside this once.
func (c context) elsewhere(lower string, sure float64) int {
	n := c.forms[lower]
	if sure >= read {
		n--
	}
	return max(0, n)
}

// rival is how much more often the document has a form that differs by one mark;
// known, whether such a form is frequent in administrative language and this is not.
func (c context) rival(lower string, sure float64) (more float64, known bool) {
	own := c.elsewhere(lower, sure)
	most := 0
	for _, near := range nearMarks(lower) {
		most = max(most, c.forms[near])
		known = known || common()[near] && !common()[lower]
	}
	return max(0, math.Log(float64(1+most)/float64(1+own))), known
}

// form is word i of a line in lower case, "" for none.
func form(l record.Line, i int) string {
	if i < 0 || i >= len(l.Words) {
		return ""
	}
	return strings.ToLower(bare(l.Words[i].Text))
}

// inPhrase reports whether a word would belong to a fixed phrase with one beside
// place i.
func inPhrase(l record.Line, i int, word string) bool {
	return slices.Contains(phrases().after[form(l, i-1)], word) || slices.Contains(phrases().before[form(l, i+1)], word)
}

// rivalInPhrase reports whether a word that belongs to no phrase would with the
// marks of one letter changed.
func rivalInPhrase(l record.Line, i int, lower string) bool {
	return !inPhrase(l, i, lower) && slices.ContainsFunc(nearMarks(lower), func(near string) bool { return inPhrase(l, i, near) })
}

// acuteForHook reports whether a word has an acute over another mark, where the
// engine puts it for a hook most often (thấm, thẩm), and is as possible with a hook.
func acuteForHook(lower string) bool {
	for _, r := range lower {
		if v, is := tonedOf[r]; is && v.tone == sac && strings.ContainsRune("âêôơư", v.vowel) {
			return common()[strings.Replace(lower, string(r), string(tonedRune[toned{v.vowel, hoi}]), 1)]
		}
	}
	return false
}
