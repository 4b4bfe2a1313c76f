package verify

import (
	"strings"
	"time"
)

// parseDate reads a PDF date, D:YYYYMMDDHHmmSSOHH'mm' (ISO 32000-1, 7.9.4); zero
// if it is none. Later parts may be missing.
func parseDate(s string) time.Time {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "D:"), "'", "")
	if len(s) > 14 && s[14] == 'Z' {
		s = s[:14] + "+0000"
	}
	for _, layout := range []string{"20060102150405-0700", "20060102150405-07", "20060102150405", "200601021504", "20060102", "200601", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
