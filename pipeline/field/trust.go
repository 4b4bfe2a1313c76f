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
// chances, which add up doubts that are not independent: measured on one half of
// the generated pages with truth, held against the other. What the rules doubt
// stays below sure, however often it is right.
var observed = []struct{ rules, share float64 }{
	{0, 0.05}, {0.2, 0.3}, {0.35, 0.62}, {0.5, 0.7}, {0.7, 0.76}, {0.7999, 0.795}, {0.8, 0.93}, {0.9, 0.975}, {0.97, 0.99}, {1, 0.995},
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

// evidence returns one box for each row's tokens, page by page.
func evidence(rows ...[]token) []record.Evidence {
	var out []record.Evidence
	for _, tokens := range rows {
		if len(tokens) == 0 {
			continue
		}
		e := record.Evidence{Page: tokens[0].page}
		for _, t := range tokens {
			e.Box = e.Box.Union(t.box)
		}
		out = append(out, e)
	}
	return out
}

// round keeps three decimals, so that a stored confidence reads well.
func round(p float64) float64 { return float64(int(max(0, min(1, p))*1000+0.5)) / 1000 }
