package field

import (
	"github.com/sohoa/sohoa/record"
)

// Marks that are stamped or printed beside the header (NĐ 30/2020, appendix I:
// ô 10a secrecy, ô 10b urgency).
var (
	urgencies = foldAll("HỎA TỐC HẸN GIỜ", "HỎA TỐC", "THƯỢNG KHẨN", "KHẨN")
	secrecies = foldAll("TUYỆT MẬT", "TỐI MẬT", "MẬT")
)

// readMarks finds urgency and secrecy: alone on their row, in capitals.
func readMarks(h header) record.Fields {
	out := record.Fields{}
	for _, r := range append(h.left, h.right...) {
		tokens := clean(r.tokens)
		for name, marks := range map[string][]folded{record.Urgency: urgencies, record.Secrecy: secrecies} {
			if m, s := bestMark(tokens, marks); s > 0 {
				out[name] = record.Field{Value: m, Normal: m, Confidence: round(s * max(0.75, trust(tokens))),
					Status: record.Read, Rule: name + "/mark", Evidence: evidence(tokens)}
			}
		}
	}
	return out
}

// bestMark allows a long mark one slip, a short one none but of its marks (KHAN).
func bestMark(tokens []token, marks []folded) (string, float64) {
	text := row{tokens: tokens}.text()
	if len(tokens) == 0 || len(tokens) > 4 || !isCaps(text) {
		return "", 0
	}
	for _, m := range marks {
		s := fold(text).like(m, 0.8)
		switch {
		case s > 0.995 || s >= 0.85 && m.words > 1:
			return m.text, s
		case s > 0 && string(fold(text).bases) == string(m.bases):
			return m.text, min(s, halfRead)
		}
	}
	return "", 0
}

func isMark(tokens []token) bool {
	_, urgent := bestMark(tokens, urgencies)
	_, secret := bestMark(tokens, secrecies)
	return urgent > 0 || secret > 0
}
