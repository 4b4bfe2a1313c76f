package field

import (
	"maps"
	"slices"
	"testing"

	"github.com/sohoa/sohoa/record"
)

func machine(normal string, conf float64) record.Field {
	return record.Field{Normal: normal, Confidence: conf, Status: record.Read, Rule: "rule/a"}
}

func confirmedAs(normal string) record.Field {
	return record.Field{Normal: normal, Confidence: 1, Status: record.Confirmed, Rule: "person"}
}

// What people confirmed, corrected or took out stays, whatever newer rules read.
func TestAgain(t *testing.T) {
	first := record.Fields{"subject": machine("cũ", 0.5), "place": machine("Huế", 0.9), "urgency": machine("KHẨN", 0.4), "codeNumber": machine("1", 0.9), "organName": machine("SỞ", 0.9)}
	now := record.Fields{"subject": machine("cũ", 0.5), "place": confirmedAs("Huế"), "codeNumber": confirmedAs("7"), "organName": machine("SỞ", 0.9)}
	read := record.Fields{"subject": machine("mới", 0.9), "place": machine("Huế", 0.95), "urgency": machine("KHẨN", 0.9), "codeNumber": machine("1", 0.99), "signerName": machine("An", 0.9)}
	next, diffs := Again(first, now, read)
	var values, told []string
	for _, name := range slices.Sorted(maps.Keys(next)) {
		values = append(values, name+"="+next[name].Normal)
	}
	for _, d := range diffs {
		told = append(told, d.Name+map[bool]string{true: " stays"}[d.Kept])
	}
	if want := []string{"codeNumber=7", "place=Huế", "signerName=An", "subject=mới"}; !slices.Equal(values, want) {
		t.Errorf("Again() = %q; want %q", values, want)
	}
	if want := []string{"codeNumber stays", "organName", "signerName", "subject", "urgency stays"}; !slices.Equal(told, want) {
		t.Errorf("Again() tells %q; want %q", told, want)
	}
}

func TestLedger(t *testing.T) {
	l := Ledger{}
	l.Add(record.Fields{"subject": machine("đúng", 0.9), "place": machine("sai", 0.9), "urgency": machine("KHẨN", 0.4), "organName": machine("nobody looked", 0.9)},
		record.Fields{"subject": confirmedAs("đúng"), "place": confirmedAs("Huế"), "organName": machine("nobody looked", 0.9), "signerName": confirmedAs("An")})
	want := []RuleCount{{Rule: "rule/a", Read: 3, Confirmed: 1, Corrected: 1, Removed: 1, Silent: 1}, {Rule: "(not found) signerName", Read: 1, Corrected: 1}}
	if got := l.Worst(); !slices.Equal(got, want) {
		t.Errorf("Worst() = %+v; want %+v", got, want)
	}
}
