package field

import (
	"math"
	"regexp"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// The words that a basis opens with.
var basisOpenings = foldAll("Căn cứ", "Theo đề nghị", "Xét đề nghị", "Xét Tờ trình", "Trên cơ sở", "Sau khi xem xét", "Thực hiện", "Xét thấy")

// cited finds the notation of a text: 30/2020/NĐ-CP, 24/2018/QH14, 205-QĐ/TW.
var cited = regexp.MustCompile(`\d{1,5}(?:/\d{4})?/[A-ZĐ][\p{L}\d]*(?:-[A-ZĐ][\p{L}\d]*)*|\d{1,5}-[A-ZĐ][\p{L}]*/[A-ZĐ][\p{L}]*`)

// bases reads the căn cứ: paragraphs below the subject that open with such words,
// to the first row that is none and begins a paragraph of its own.
func (d document) bases() []record.Field {
	var items [][][]token
	var margin float64
	for i, s := range d.sheets[:min(len(d.sheets), 3)] {
		top := math.Inf(-1)
		if i == 0 {
			top = d.from
		}
		for _, r := range within(s.rows, top, math.Inf(1)) {
			tokens := tidy(r.tokens)
			if len(tokens) == 0 || r.middle() < 0.08*s.height {
				continue // a page number
			}
			n, _ := beginsAny(tokens, basisOpenings, 0.85)
			switch {
			case n > 0:
				items, margin = append(items, [][]token{tokens}), r.x0
			case len(items) == 0:
			case isCaps(row{tokens: tokens}.text()), r.x0 > margin-0.5*s.unit && endedItem(items):
				return basisFields(items)
			default:
				items[len(items)-1] = append(items[len(items)-1], tokens)
			}
			if len(items) > 60 {
				return basisFields(items)
			}
		}
	}
	return basisFields(items)
}

func endedItem(items [][][]token) bool {
	item := items[len(items)-1]
	return ended(item[len(item)-1]) || strings.HasSuffix(item[len(item)-1][len(item[len(item)-1])-1].text, ",")
}

// basisFields keeps bases that end as bases do: a lone "Thực hiện …" that opens a
// letter's text is none.
func basisFields(items [][][]token) []record.Field {
	var out []record.Field
	sure := false
	for _, item := range items {
		f := listField("basis/can-cu", item)
		if n, _ := begins(item[0], basisOpenings[0], 0.85); n > 0 {
			sure = true
		}
		f.Code = strings.Join(cited.FindAllString(strings.NewReplacer("- ", "-", "⁄", "/").Replace(f.Normal), -1), " ")
		out = append(out, f)
	}
	if !sure {
		return nil
	}
	return out
}
