package field

import (
	"strings"

	"github.com/sohoa/sohoa/record"
)

// recipientsOf reads the list under "Nơi nhận:" down to "Lưu: …", which says where
// the agency keeps its copy.
func recipientsOf(sheets []sheet) (list []record.Field, filed *record.Field) {
	for _, s := range sheets {
		for i, r := range s.rows {
			if n, _ := begins(clean(r.tokens), recipients, 0.72); n == 0 || r.x0 > 0.4*s.width {
				continue
			}
			return readRecipients(leftHalf(s.rows[i+1:], s), s.unit, r.x0)
		}
	}
	return nil, nil
}

func readRecipients(rows []row, unit, margin float64) (list []record.Field, filed *record.Field) {
	var item [][]token
	flush := func() bool {
		if len(item) == 0 {
			return false
		}
		f := listField("recipient/noi-nhan", item)
		item = nil
		if rest, ok := filedIn(f.Normal); ok {
			f.Normal, f.Rule = rest, "recipient/luu"
			filed = &f
			return true
		}
		if f.Normal != "" {
			list = append(list, f)
		}
		return false
	}
	lastY := 0.0
	for i, r := range rows {
		if i > 0 && r.middle()-lastY > 2.6*unit || r.x0 > margin+9*unit || len(list) > 60 {
			break
		}
		lastY = r.middle()
		tokens := dropScraps(r.tokens)
		if len(tokens) == 0 {
			continue
		}
		if len(item) > 0 && (opensItem(tokens) || ended(item[len(item)-1])) && flush() {
			return list, filed
		}
		item = append(item, tokens)
	}
	flush()
	return list, filed
}

// dropScraps drops what recognition itself does not believe at the end of a row:
// the signature and the seal reach into the list.
func dropScraps(tokens []token) []token {
	for n := len(tokens); n > 0 && tokens[n-1].conf < 0.4 && !isWord(tokens[n-1].text); n = len(tokens) {
		tokens = tokens[:n-1]
	}
	return tokens
}

// filedIn returns what stands behind "Lưu:".
func filedIn(text string) (string, bool) {
	first, rest, _ := strings.Cut(text, " ")
	if f := plain(first); f != "luu" && f != "luuvt" {
		return "", false
	}
	return strings.TrimLeft(strings.TrimPrefix(rest, ":"), " :"), true
}
