package field

import "github.com/sohoa/sohoa/record"

// sure is the confidence from which a value may be used without a look at it;
// anything doubtful stays below.
const sure = 0.8

// right is the share of words that are right at a confidence of recognition,
// measured on pages with truth: a step function, linear between the steps.
func right(conf float64) float64 {
	steps := []struct{ conf, share float64 }{
		{0, 0.2}, {0.5, 0.35}, {0.75, 0.6}, {0.85, 0.85}, {0.9, 0.95}, {0.93, 0.985}, {0.97, 0.995}, {1.01, 0.998},
	}
	for i := 1; i < len(steps); i++ {
		a, b := steps[i-1], steps[i]
		if conf < b.conf {
			return a.share + (b.share-a.share)*max(0, conf-a.conf)/(b.conf-a.conf)
		}
	}
	return steps[len(steps)-1].share
}

// observed is the share of fields that are right by what the rules make of their
// chances, which add up doubts that are not independent: measured on generated pages
// with truth (docs/performance.md). What the rules doubt is right nine times in ten
// and stays below sure nevertheless, for they cannot say which time is the tenth.
var observed = []struct{ rules, share float64 }{
	{0, 0.35}, {0.2, 0.58}, {0.35, 0.78}, {0.7999, 0.7985}, {0.8, 0.95}, {0.9, 0.985}, {0.97, 0.995}, {1, 0.998},
}

// calibrated gives the fields that were read the confidence that is observed.
func calibrated(fields record.Fields) record.Fields {
	for name, f := range fields {
		if f.Status == record.Read {
			f.Confidence = round(shareAt(f.Confidence))
			fields[name] = f
		}
	}
	return fields
}

func shareAt(rules float64) float64 {
	for i := 1; i < len(observed); i++ {
		if a, b := observed[i-1], observed[i]; rules < b.rules {
			return a.share + (b.share-a.share)*max(0, rules-a.rules)/(b.rules-a.rules)
		}
	}
	return observed[len(observed)-1].share
}

// trust is the chance that all tokens were read right.
func trust(tokens []token) float64 {
	p := 1.0
	for _, t := range tokens {
		p *= right(t.conf)
	}
	return p
}

// evidence returns one box for each row's tokens, page by page. Words that stand
// elsewhere and were put into the row have boxes of their own.
func evidence(rows ...[]token) []record.Evidence {
	var out []record.Evidence
	for _, tokens := range rows {
		for i, t := range tokens {
			if i == 0 || apart(tokens[i-1], t) {
				out = append(out, record.Evidence{Page: t.page})
			}
			e := &out[len(out)-1]
			e.Box = e.Box.Union(t.box)
		}
	}
	return out
}

// apart reports whether two tokens of a row stand on different pages or levels.
func apart(a, b token) bool {
	return a.page != b.page || abs(a.middle()-b.middle()) > max(a.y1-a.y0, b.y1-b.y0)
}

// round keeps three decimals, so that a stored confidence reads well.
func round(p float64) float64 { return float64(int(max(0, min(1, p))*1000+0.5)) / 1000 }
