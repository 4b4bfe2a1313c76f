package field

import (
	"strings"

	"github.com/sohoa/sohoa/record"
)

// Marks that are stamped or printed beside the header (NĐ 30/2020, appendix I:
// ô 10a secrecy, ô 10b urgency).
var (
	urgencies = []string{"HỎA TỐC HẸN GIỜ", "HỎA TỐC", "THƯỢNG KHẨN", "KHẨN"}
	secrecies = []string{"TUYỆT MẬT", "TỐI MẬT", "MẬT"}
)

// readMarks finds urgency and secrecy: alone on their row, in capitals.
func readMarks(h header) record.Fields {
	out := record.Fields{}
	for _, r := range append(h.left, h.right...) {
		tokens := clean(r.tokens)
		text := row{tokens: tokens}.text()
		if len(tokens) == 0 || len(tokens) > 4 || !isCaps(text) {
			continue
		}
		for name, marks := range map[string][]string{record.Urgency: urgencies, record.Secrecy: secrecies} {
			if m, s := bestMark(text, marks); s > 0 {
				out[name] = record.Field{Value: m, Normal: m, Confidence: round(s * max(0.75, trust(tokens))),
					Status: record.Read, Rule: name + "/mark", Evidence: evidence(tokens)}
			}
		}
	}
	return out
}

// bestMark allows a long mark one slip, a short one none.
func bestMark(text string, marks []string) (string, float64) {
	for _, m := range marks {
		s := similar(text, m)
		if s > 0.995 || (s >= 0.85 && len(strings.Fields(m)) > 1) {
			return m, s
		}
	}
	return "", 0
}
