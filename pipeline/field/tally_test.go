package field

import (
	"testing"

	"github.com/sohoa/sohoa/record"
)

// As a clerk judges it.
func TestAgrees(t *testing.T) {
	for _, c := range []struct {
		name, got, want string
		agrees          bool
	}{
		{record.OrganName, "UỶ BAN NHÂN DÂN XÃ HÒA AN", "Ủy ban nhân dân xã Hoà An", true},
		{record.OrganName, "ỦY BAN NHÂN DÂN XÃ HÓA AN", "Ủy ban nhân dân xã Hoà An", false},
		{record.CodeNumber, "07", "7", true},
		{record.CodeNumber, "71", "7", false},
		{record.Subject, "Về việc thông qua Đề án phòng cháy, chữa chảy quý III năm 2020", "Về việc thông qua Đề án phòng cháy, chữa cháy quý III năm 2020", true},
		{record.Subject, "Về việc thông qua Đề án phòng cháy, chữa cháy quý II năm 2020", "Về việc thông qua Đề án phòng cháy, chữa cháy quý III năm 2020", false},
		{record.SignerName, "Trân Văn A", "Trần Văn A", false},
	} {
		if got := Agrees(c.name, c.got, c.want); got != c.agrees {
			t.Errorf("Agrees(%s, %q, %q) = %v; want %v", c.name, c.got, c.want, got, c.agrees)
		}
	}
}

func TestTallyComparesWithTheTruth(t *testing.T) {
	var tally Tally
	read := func(v string, conf float64) record.Field {
		return record.Field{Value: v, Normal: v, Confidence: conf, Status: record.Read}
	}
	tally.Add(record.Fields{"a": read("Ủy ban", 0.95), "b": read("2", 0.9), "c": {Value: "x", Normal: "9", Status: record.Handwritten}, "e": read("extra", 0.4)},
		map[string]string{"a": "ỦY BAN", "b": "3", "c": "8", "d": "lost"})
	if got, want := tally.Total(), (Count{Right: 1, Wrong: 2, Missing: 1, Silent: 1, Flagged: 1}); got != want {
		t.Errorf("total = %+v, want %+v", got, want)
	}
	if p, r := tally.Total().Precision(), tally.Total().Recall(); p != 1.0/3 || r != 0.25 {
		t.Errorf("precision %v, recall %v", p, r)
	}
	// In the bin from 0.9 one of two values is right at 1.85 together, in that from 0.4 none at 0.4.
	if got, want := tally.CalibrationError(), (0.85+0.4)/3; abs(got-want) > 1e-9 {
		t.Errorf("calibration error = %v, want %v", got, want)
	}
	if got := tally.Worst()[0]; got != "b" {
		t.Errorf("worst = %q, want b", got)
	}
}
