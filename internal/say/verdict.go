package say

import (
	"fmt"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
)

// vietnam is the time that people there read: no daylight saving.
var vietnam = time.FixedZone("+07:00", 7*60*60)

// Verdict says a verdict in lines for a terminal or a plain page: the outcome,
// what it means, then each signature with its signer, time, integrity and the
// reason why it does not pass. Names come from certificates and are shown on one
// line each, without control characters. Times are those of Vietnam.
func Verdict(lang string, v record.Verdict) string {
	w := in(lang)
	outcome := w.Outcome[string(v.Outcome)]
	var b strings.Builder
	if v.File != "" {
		b.WriteString(plain(v.File) + w.Label["colon"])
	}
	fmt.Fprintf(&b, "%s\n  %s", outcome[0], outcome[1])
	if _, known := w.Reason[v.Reason]; known {
		fmt.Fprintf(&b, "\n  %s", Reason(lang, v.Reason))
	}
	for i, s := range v.Signatures {
		b.WriteString(signature(w, i+1, s))
	}
	for _, c := range v.Content {
		fmt.Fprintf(&b, "\n  %s%s%s", w.Label["content"], w.Label["colon"], w.Content[string(c)])
	}
	return b.String()
}

// Outcome is the verdict in one word or two, and what it means in a sentence.
func Outcome(lang string, o record.Outcome) (heading, meaning string) {
	pair := in(lang).Outcome[string(o)]
	return pair[0], pair[1]
}

func signature(w words, n int, s record.SignatureVerdict) string {
	kind := w.Label["signature"]
	if s.Kind == "timestamp" {
		kind = w.Label["timestamp"]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n  %d. %s (%s)%s%s", n, kind, plain(s.Field), w.Label["colon"], w.Outcome[string(s.Outcome)][0])
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(&b, "\n     %s%s%s", w.Label[label], w.Label["colon"], value)
		}
	}
	line("signer", plain(s.Signer))
	line("organization", plain(s.Organization))
	line("issuer", plain(s.Issuer))
	line("time", when(w, s))
	line("period", period(s))
	line("standing", w.Standing[string(s.AtSigning)])
	line("level", string(s.Level))
	line("integrity", integrity(w, s))
	if s.Outcome != record.Passed {
		line("why", or(w.SubIndication, string(cause(s))))
		line("technical", strings.TrimSpace(plain(string(s.SubIndication)+" "+s.Reason)))
	}
	return b.String()
}

func when(w words, s record.SignatureVerdict) string {
	if s.Time.IsZero() {
		return ""
	}
	return s.Time.In(vietnam).Format("02/01/2006 15:04:05 -07:00") + ", " + or(w.TimeSource, s.TimeSource)
}

// cause is the sub-indication that a citizen should read: the standard has none for
// what was changed in a later revision but that the format is not right.
func cause(s record.SignatureVerdict) record.SubIndication {
	if s.SubIndication == record.FormatFailure && s.Integrity == "intact" && s.ChangesAfter == record.ChangesOther {
		return record.HashFailure
	}
	return s.SubIndication
}

// period is from which day to which a certificate is valid.
func period(s record.SignatureVerdict) string {
	if s.NotBefore == nil || s.NotAfter == nil {
		return ""
	}
	return s.NotBefore.In(vietnam).Format("02/01/2006") + " – " + s.NotAfter.In(vietnam).Format("02/01/2006")
}

// PageDiffers says that a page looks different since it was signed.
func PageDiffers(lang string, page int) string {
	return strings.ReplaceAll(in(lang).Label["page"], "{n}", fmt.Sprint(page))
}

// PagesLeft says how many pages were not compared.
func PagesLeft(lang string, pages int) string {
	return strings.ReplaceAll(in(lang).Label["pagesLeft"], "{n}", fmt.Sprint(pages))
}

func integrity(w words, s record.SignatureVerdict) string {
	return or(w.Label, s.Integrity) + strings.Replace(w.Label["colon"], ":", ";", 1) + or(w.Changes, string(s.ChangesAfter))
}

// plain keeps a foreign text on its line and takes from it what would steer a
// terminal or turn the reading direction.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return ' '
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f:
			return -1
		}
		return r
	}, s)
}
