package bench

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
)

// An OCRReport compares readers.
type OCRReport struct {
	Date      time.Time
	Readers   []string
	Documents []Compared
	Refused   []string // documents that a reader could not read: they count for none
}

// A Compared is a document as each reader read it.
type Compared struct {
	Name, Class string
	Pages       int
	Results     []Result // in the order of the readers
}

// A Result is what one reader spent on a document and what came of it.
type Result struct {
	CPU     time.Duration
	Peak    int64 // bytes of memory
	In, Out int64 // bytes of the scan and of the PDF
	Score   *Score
	words   []verdict
}

// A verdict is how sure a reader was of a word, and whether it is in the truth.
type verdict struct {
	confidence float64
	right      bool
}

// judged tells which words are in the truth, each as often as it is there: the
// surest first.
func judged(truth string, words []record.Word) []verdict {
	left := plainWords(tidy(truth))
	sorted := slices.Clone(words)
	slices.SortStableFunc(sorted, func(a, b record.Word) int { return cmp.Compare(b.Confidence, a.Confidence) })
	var out []verdict
	for _, w := range sorted {
		plain := plainWord(tidy(w.Text))
		if plain == "" {
			continue
		}
		out = append(out, verdict{w.Confidence, left[plain] > 0})
		left[plain]--
	}
	return out
}

// WriteMarkdown writes a table by class of page and reader, what the confidence of
// words is worth, and which documents came out worse than with stock Tesseract.
func (r OCRReport) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s on %s.\n\n", r.Date.Format(time.DateOnly), machine())
	b.WriteString("| class | documents | pages | reader | CPU s / page | Tesseract / it | CER | order-free CER | WER | recall | precision | peak memory | out / in |\n")
	b.WriteString("|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	classes := map[string][]Compared{}
	for _, d := range r.Documents {
		classes[d.Class] = append(classes[d.Class], d)
	}
	for _, class := range slices.Sorted(maps.Keys(classes)) {
		r.writeClass(&b, class, classes[class])
	}
	r.writeClass(&b, "all", r.Documents)
	r.writeConfidence(&b)
	r.writeWorse(&b)
	for _, why := range r.Refused {
		fmt.Fprintf(&b, "\nRefused: %s\n", why)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// sum is the cost of a reader over documents, and the mean of its scores by document.
type sum struct {
	pages, scored int
	cpu           time.Duration
	peak, in, out int64
	mean          Score
}

func summed(docs []Compared, reader int) sum {
	var s sum
	for _, d := range docs {
		x := d.Results[reader]
		s.pages += d.Pages
		s.cpu, s.in, s.out, s.peak = s.cpu+x.CPU, s.in+x.In, s.out+x.Out, max(s.peak, x.Peak)
		if x.Score == nil {
			continue
		}
		s.scored++
		s.mean.CER += x.Score.CER
		s.mean.Free += x.Score.Free
		s.mean.WER += x.Score.WER
		s.mean.Recall += x.Score.Recall
		s.mean.Precision += x.Score.Precision
	}
	return s
}

func (s sum) each() float64 { return s.cpu.Seconds() / float64(max(1, s.pages)) }

// of returns a mean as a table shows it.
func (s sum) of(total float64) string {
	if s.scored == 0 {
		return "–"
	}
	return fmt.Sprintf("%.4f", total/float64(s.scored))
}

func (r OCRReport) writeClass(b *strings.Builder, class string, docs []Compared) {
	stock := slices.Index(r.Readers, Stock)
	for i, name := range r.Readers {
		s := summed(docs, i)
		faster, grown := "–", "–"
		if stock >= 0 && s.cpu > 0 {
			faster = fmt.Sprintf("%.2f", summed(docs, stock).each()/s.each())
		}
		if s.out > 0 {
			grown = fmt.Sprintf("%.2f", float64(s.out)/float64(max(1, s.in)))
		}
		fmt.Fprintf(b, "| %s | %d | %d | %s | %.2f | %s | %s | %s | %s | %s | %s | %d MB | %s |\n", class, len(docs), s.pages, name, s.each(), faster,
			s.of(s.mean.CER), s.of(s.mean.Free), s.of(s.mean.WER), s.of(s.mean.Recall), s.of(s.mean.Precision), s.peak>>20, grown)
	}
}

// writeConfidence says how many of the words a person has to look at, the least
// sure first, to see 95 of 100 that are wrong.
func (r OCRReport) writeConfidence(b *strings.Builder) {
	written := false
	for i, name := range r.Readers {
		var all []verdict
		for _, d := range r.Documents {
			all = append(all, d.Results[i].words...)
		}
		if len(all) == 0 {
			continue
		}
		if !written {
			b.WriteString("\n| reader | words | wrong | to look at for 95 % of the wrong | mean gap between confidence and share right |\n|---|--:|--:|--:|--:|\n")
			written = true
		}
		wrong, share := toLookAt(all, 95)
		fmt.Fprintf(b, "| %s | %d | %.1f %% | %.1f %% | %.3f |\n", name, len(all), 100*over(wrong, len(all)), 100*share, gap(all))
	}
}

// toLookAt returns how many words are wrong, and the share of all that holds so many
// percent of them when the least sure are looked at first.
func toLookAt(all []verdict, percent int) (wrong int, share float64) {
	for _, v := range all {
		if !v.right {
			wrong++
		}
	}
	slices.SortStableFunc(all, func(a, b verdict) int { return cmp.Compare(a.confidence, b.confidence) })
	seen := 0
	for i, v := range all {
		if !v.right {
			seen++
		}
		if 100*seen >= percent*wrong {
			return wrong, over(i+1, len(all))
		}
	}
	return wrong, 0
}

// gap is the mean distance between confidence and the share that is right, in ten
// bins, weighted by words.
func gap(all []verdict) float64 {
	var n, right, sure [10]float64
	for _, v := range all {
		i := min(9, int(10*v.confidence))
		n[i]++
		sure[i] += v.confidence
		if v.right {
			right[i]++
		}
	}
	apart := 0.0
	for i := range n {
		apart += max(sure[i]-right[i], right[i]-sure[i])
	}
	return apart / float64(max(1, len(all)))
}

// noise is the order-free CER by which a document may be worse without being named.
const noise = 0.002

func (r OCRReport) writeWorse(b *strings.Builder) {
	stock := slices.Index(r.Readers, Stock)
	if stock < 0 {
		return
	}
	for i, name := range r.Readers {
		for _, d := range r.Documents {
			ours, theirs := d.Results[i].Score, d.Results[stock].Score
			if ours != nil && i != stock && ours.Free > theirs.Free+noise {
				fmt.Fprintf(b, "\n%s read %s worse than %s: order-free CER %.4f, %.4f.\n", name, d.Name, Stock, ours.Free, theirs.Free)
			}
		}
	}
}
