package ocr

import (
	"math"

	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// mapped brings lines from the cleaned picture to the upright scan. Lines without
// words are left out.
func mapped(lines []record.Line, m page.Mapping) []record.Line {
	var out []record.Line
	for _, l := range lines {
		if len(l.Words) == 0 {
			continue
		}
		x0, x1 := float64(l.Box[0]), float64(l.Box[2])
		base := func(x float64) (float64, float64) {
			return m.Point(x, float64(l.Box[3])+l.Baseline.Offset+l.Baseline.Slope*(x-x0))
		}
		ax, ay := base(x0)
		bx, by := base(max(x1, x0+1))
		l.Size = math.Round(m.Length(l.Size)*10) / 10
		l.Box = record.Box{}
		for i, w := range l.Words {
			l.Words[i].Box = m.Box(w.Box)
			l.Box = l.Box.Union(l.Words[i].Box)
		}
		slope := (by - ay) / max(1, bx-ax)
		l.Baseline = record.Baseline{
			Slope:  math.Round(slope*1e5) / 1e5,
			Offset: math.Round((ay+slope*(float64(l.Box[0])-ax)-float64(l.Box[3]))*10) / 10,
		}
		out = append(out, l)
	}
	return out
}

// widened brings lines that were read at a share of their width back to their own.
func widened(lines []record.Line, width float64) []record.Line {
	wide := func(b record.Box) record.Box {
		return record.Box{int(float64(b[0]) / width), b[1], int(math.Ceil(float64(b[2]) / width)), b[3]}
	}
	for i, l := range lines {
		lines[i].Box, lines[i].Baseline.Slope = wide(l.Box), l.Baseline.Slope*width
		for j, w := range l.Words {
			l.Words[j].Box = wide(w.Box)
		}
	}
	return lines
}
