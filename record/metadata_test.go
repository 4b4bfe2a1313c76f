package record

import (
	"slices"
	"strings"
	"testing"
)

func decree() Fields {
	return Fields{
		TypeName:     {Value: "QUYẾT ĐỊNH", Normal: "QUYẾT ĐỊNH", Code: "02", Confidence: 0.99, Status: Read},
		CodeNumber:   {Normal: "12", Confidence: 0.3, Status: Handwritten},
		CodeNotation: {Normal: "QĐ-UBND", Confidence: 0.97, Status: Read},
		IssuedDate:   {Normal: "2025-03-09", Confidence: 1, Status: Confirmed},
		OrganName:    {Normal: "ỦY BAN NHÂN DÂN\nXÃ HÒA AN", Confidence: 0.95, Status: Read},
		Subject:      {Normal: "Về việc giao đất", Confidence: 0.5, Status: Read},
	}
}

func TestMetadataOf(t *testing.T) {
	particulars := Particulars{Language: "01", Addressees: []Field{{Normal: "Sở Nội vụ", Confidence: 0.9, Status: Read}, {Normal: "Sở Tư pháp", Confidence: 0.9, Status: Read}}}
	got := MetadataOf(decree(), particulars, make([]Page, 3), map[string]string{"docCode": DocCode("H49.2025.01", 7), "docId": "7", "maintenance": "01", "mode": "01", "riskRecovery": "1"})
	for name, want := range map[string]string{"typeName": "02", "issuedDate": "09/03/2025", "organName": "ỦY BAN NHÂN DÂN XÃ HÒA AN", "language": "01",
		"numberOfPage": "3", "confidenceLevel": "02", "docCode": "H49.2025.01.0000007", "codeNumber": "", "subject": ""} {
		if got.Archive[name] != want {
			t.Errorf("archive %s = %q; want %q", name, got.Archive[name], want)
		}
	}
	for name, want := range map[string]string{"TypeName": "QUYẾT ĐỊNH", "IssuedDate": "09/03/2025", "Language": "Tiếng Việt", "PageAmount": "3", "To.OrganName": "Sở Nội vụ; Sở Tư pháp"} {
		if got.Office[name] != want {
			t.Errorf("office %s = %q; want %q", name, got.Office[name], want)
		}
	}
	if want := []Flaw{{"subject", "missing"}, {"riskRecoveryStatus", "missing"}}; !slices.Equal(got.Flaws, want) {
		t.Errorf("flaws = %v; want %v", got.Flaws, want)
	}
}

func TestCheckMetadata(t *testing.T) {
	whole := map[string]string{"docId": "1", "docCode": "a.0000001", "maintenance": "07", "typeName": "32", "issuedDate": "01/02/2024", "organName": "UBND",
		"subject": "x", "language": "06", "numberOfPage": "4", "mode": "02", "riskRecovery": "0"}
	for _, c := range []struct{ element, value, want string }{
		{"subject", "x", ""},
		{"subject", "", "missing"},
		{"subject", strings.Repeat("ệ", 501), "too-long"},
		{"subject", strings.Repeat("ệ", 500), ""},
		{"typeName", "33", "not-in-list"},
		{"typeName", "QUYẾT ĐỊNH", "not-in-list"},
		{"maintenance", "1", "not-in-list"},
		{"issuedDate", "2024-02-01", "not-a-date"},
		{"issuedDate", "31/02/2024", "not-a-date"},
		{"numberOfPage", "four", "not-a-number"},
		{"numberOfPage", "10000", "too-long"},
		{"language", "01; 03", ""},
		{"language", "01; 12", "not-in-list"},
		{"riskRecovery", "2", "not-in-list"},
		{"codeNumber", "", ""},
	} {
		values := map[string]string{}
		for k, v := range whole {
			values[k] = v
		}
		values[c.element] = c.value
		var want []Flaw
		if c.want != "" {
			want = []Flaw{{c.element, c.want}}
		}
		if got := CheckMetadata(ArchiveDocument, values); !slices.Equal(got, want) {
			t.Errorf("%s %.20q: %v; want %v", c.element, c.value, got, want)
		}
	}
}

func TestDossierMetadata(t *testing.T) {
	one := Metadata{Archive: map[string]string{"numberOfPage": "3", "issuedDate": "09/03/2025", "language": "01", "confidenceLevel": "02"}}
	two := Metadata{Archive: map[string]string{"numberOfPage": "4", "issuedDate": "28/12/2024", "language": "03", "confidenceLevel": "02"}}
	got, flaws := DossierMetadata(Dossier{Code: "H49.2025.01", Title: "Giao đất"}, []Metadata{one, two}, map[string]string{"maintenance": "01", "mode": "01", "riskRecovery": "0", "numberOfPaper": "4"})
	for name, want := range map[string]string{"startDate": "28/12/2024", "endDate": "09/03/2025", "totalDoc": "2", "numberOfPage": "7", "language": "01; 03", "confidenceLevel": "02"} {
		if got[name] != want {
			t.Errorf("%s = %q; want %q", name, got[name], want)
		}
	}
	if want := []Flaw{{"paperFileCode", "missing"}}; !slices.Equal(flaws, want) {
		t.Errorf("flaws = %v; want %v", flaws, want)
	}
}
