package signing

import (
	"slices"
	"testing"

	"github.com/sohoa/sohoa/record"
)

// The XMP bears each field that has a value, the code of one in a list of the law,
// and the elements of the law that no field has.
func TestFieldProperties(t *testing.T) {
	got, err := fieldProperties(Request{Reviewed: true, Fields: record.Fields{
		record.TypeName:   {Value: "QUYẾT ĐỊNH", Normal: "QUYẾT ĐỊNH", Code: "02", Status: record.Confirmed},
		record.IssuedDate: {Value: "ngày 09 tháng 3 năm 2025", Normal: "2025-03-09", Status: record.Confirmed},
		record.Urgency:    {Status: record.Missing},
	}, Metadata: map[string]string{"typeName": "02", "language": "01", "issuedDate": "09/03/2025", "subject": "x", "numberOfPage": "3", "mode": ""}})
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for _, p := range got {
		if p.Description == "" {
			t.Errorf("property %s is not described", p.Name)
		}
		if p.Name != "fieldsSHA256" {
			pairs = append(pairs, p.Name+"="+p.Value)
		}
	}
	if want := []string{"review=approved", "issuedDate=2025-03-09", "typeName=QUYẾT ĐỊNH", "typeNameCode=02", "language=01", "numberOfPage=3"}; !slices.Equal(pairs, want) {
		t.Errorf("fieldProperties() = %q; want %q", pairs, want)
	}
}
