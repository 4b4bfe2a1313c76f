package bench

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sohoa/sohoa/pipeline/proof"
	"github.com/sohoa/sohoa/record"
)

// WordOptions say where the truth is and where the records are that were read from
// the same scans.
type WordOptions struct{ Truth, Records string }

// A WordReport says what the confidence of words and the suggestions are worth.
type WordReport struct {
	Date        time.Time
	Documents   int
	words       []checked
	before      []verdict // by the engine's own confidence
	after       []verdict
	pageGap     float64
	rules       map[string]*tally
	Wrong       []WrongWord
	pagesJudged int
}

// A tally counts the suggestions of a rule.
type tally struct{ made, right, harmful int }

// A WrongWord is a word that is not as printed.
type WrongWord struct {
	Document          string
	Page              int
	Text, Want, Place string
	Engine, Sure      float64
	Suggestion        string
}

// Words compares every word of the records with what is printed at its place.
func Words(o WordOptions) (WordReport, error) {
	r := WordReport{Date: time.Now(), rules: map[string]*tally{}}
	err := recordsWith(o.Truth, o.Records, func(name string, d record.Digitised, truth [][]printed) {
		proof.Read(d.Pages)
		r.Documents++
		all := checkWords(d.Pages, truth)
		r.words = append(r.words, all...)
		r.addPages(d.Pages, all)
		for _, c := range all {
			r.add(name, c)
		}
	})
	return r, err
}

func (r *WordReport) add(name string, c checked) {
	r.before = append(r.before, verdict{c.word.Raw(), c.right})
	r.after = append(r.after, verdict{c.word.Confidence, c.right})
	suggested := ""
	if s := c.word.Suggestion; s != nil {
		suggested = s.Text
		t := r.rules[s.Rule]
		if t == nil {
			t = &tally{}
			r.rules[s.Rule] = t
		}
		t.made++
		switch {
		case c.right:
			t.harmful++
		case slices.ContainsFunc(c.want, func(w string) bool { return plainWord(tidy(w)) == plainWord(tidy(s.Text)) }):
			t.right++
		}
	}
	if !c.right {
		r.Wrong = append(r.Wrong, WrongWord{name, c.page.Number, c.word.Text, strings.Join(c.want, " "), regionOf(c.word.Box, c.page.Regions), c.word.Raw(), c.word.Confidence, suggested})
	}
}

// regionOf names the region that holds the middle of a box, "text" for none.
func regionOf(b record.Box, regions []record.Region) string {
	for _, r := range regions {
		if middleIn(b, r.Box) {
			return r.Kind
		}
	}
	return "text"
}

// addPages compares the confidence of each page with its share of right words.
func (r *WordReport) addPages(pages []record.Page, all []checked) {
	for i := range pages {
		right, n := 0, 0
		for _, c := range all {
			if c.page == &pages[i] {
				n++
				if c.right {
					right++
				}
			}
		}
		if n == 0 {
			continue
		}
		apart := pages[i].Confidence - over(right, n)
		r.pageGap += max(apart, -apart)
		r.pagesJudged++
	}
}

// WriteMarkdown writes what confidence and suggestions are worth.
func (r WordReport) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s: %d documents, %d pages, %d words.\n\n", r.Date.Format(time.DateOnly), r.Documents, r.pagesJudged, len(r.words))
	b.WriteString("| confidence | wrong | to look at for 95 % of the wrong | for 90 % | for 80 % | mean gap between confidence and share right |\n|---|--:|--:|--:|--:|--:|\n")
	for _, row := range []struct {
		name  string
		words []verdict
	}{{"the engine's", r.before}, {"calibrated", r.after}} {
		wrong, most := toLookAt(row.words, 95)
		_, more := toLookAt(row.words, 90)
		_, some := toLookAt(row.words, 80)
		fmt.Fprintf(&b, "| %s | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.3f |\n", row.name, 100*over(wrong, len(row.words)), 100*most, 100*more, 100*some, gap(row.words))
	}
	fmt.Fprintf(&b, "\nMean gap between a page's confidence and its share of right words: %.3f.\n", r.pageGap/float64(max(1, r.pagesJudged)))
	b.WriteString("\n| rule | suggestions | right | for a word that was right |\n|---|--:|--:|--:|\n")
	for _, rule := range slices.Sorted(maps.Keys(r.rules)) {
		t := r.rules[rule]
		fmt.Fprintf(&b, "| %s | %d | %.1f %% | %d |\n", rule, t.made, 100*over(t.right, t.made), t.harmful)
	}
	r.writePlaces(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// writePlaces says where the wrong words are, and how many of them stand where
// nothing is printed.
func (r WordReport) writePlaces(b *strings.Builder) {
	b.WriteString("\n| place | wrong words | of them where nothing is printed |\n|---|--:|--:|\n")
	all, nothing := map[string]int{}, map[string]int{}
	for _, w := range r.Wrong {
		all[w.Place]++
		if w.Want == "" {
			nothing[w.Place]++
		}
	}
	for _, place := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(b, "| %s | %d | %d |\n", place, all[place], nothing[place])
	}
}

// WriteWrong lists the wrong words, the surest first.
func (r WordReport) WriteWrong(w io.Writer) error {
	slices.SortStableFunc(r.Wrong, func(a, b WrongWord) int { return cmp.Compare(b.Sure, a.Sure) })
	var b strings.Builder
	for _, m := range r.Wrong {
		fmt.Fprintf(&b, "%.3f\t%.2f\t%s\t%d\t%s\tread %q\tprinted %q\tsuggested %q\n", m.Sure, m.Engine, m.Document, m.Page, m.Place, m.Text, m.Want, m.Suggestion)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteWeights fits the confidence on these words and writes the weights as the
// table in pipeline/proof; from says what the words were.
func (r WordReport) WriteWeights(w io.Writer, from string) error {
	weights, err := fit(r.words)
	if err != nil {
		return err
	}
	return writeWeights(w, weights, len(r.words), from)
}
