package record

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// An Element is one field of a schema of metadata.
type Element struct {
	Name     string
	Most     int // characters, or digits of a number
	Required bool
	Form     ElementForm
	Codes    []string // the values it may have, if it has a list
}

// ElementForm says what an element's value looks like.
type ElementForm string

const (
	AsText   ElementForm = "text"
	AsNumber ElementForm = "number" // digits
	AsDate   ElementForm = "date"   // DD/MM/YYYY
	AsFlag   ElementForm = "flag"   // 0 or 1
)

// A Flaw is why metadata does not satisfy a schema.
type Flaw struct {
	Element string `json:"element"`
	Why     string `json:"why"` // "missing", "too-long", "not-in-list", "not-a-number", "not-a-date"
}

// upTo are the codes 01 to n.
func upTo(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%02d", i+1))
	}
	return all
}

// ArchiveDocument are the elements of a document in TT 05/2025/TT-BNV (EAD_doc of a
// submission), ArchiveDossier those of a dossier. Which further ones a level of
// confidence asks for, CheckMetadata knows.
var (
	ArchiveDocument = []Element{
		{"docId", 25, true, AsText, nil}, {"docCode", 100, true, AsText, nil}, {"maintenance", 100, true, AsText, upTo(7)},
		{"typeName", 10, true, AsText, upTo(32)}, {"codeNumber", 11, false, AsText, nil}, {"codeNotation", 30, false, AsText, nil},
		{"issuedDate", 10, true, AsDate, nil}, {"organName", 200, true, AsText, nil}, {"subject", 500, true, AsText, nil},
		{"language", 100, true, AsText, upTo(11)}, {"numberOfPage", 4, true, AsNumber, nil}, {"inforSign", 30, false, AsText, nil},
		{"keyword", 100, false, AsText, nil}, {"mode", 20, true, AsText, upTo(3)}, {"confidenceLevel", 30, false, AsText, upTo(3)},
		{"autograph", 2000, false, AsText, nil}, {"format", 50, false, AsText, upTo(3)}, {"process", 1, false, AsFlag, nil},
		{"riskRecovery", 1, true, AsFlag, nil}, {"riskRecoveryStatus", 2, false, AsText, upTo(2)}, {"description", 500, false, AsText, nil},
	}
	ArchiveDossier = []Element{
		{"fileCode", 100, true, AsText, nil}, {"title", 1000, true, AsText, nil}, {"maintenance", 100, true, AsText, upTo(7)},
		{"mode", 30, true, AsText, upTo(3)}, {"language", 100, true, AsText, upTo(11)}, {"startDate", 10, true, AsDate, nil},
		{"endDate", 10, true, AsDate, nil}, {"totalDoc", 10, true, AsNumber, nil}, {"numberOfPaper", 10, true, AsNumber, nil},
		{"numberOfPage", 10, true, AsNumber, nil}, {"format", 50, false, AsText, upTo(3)}, {"inforSign", 30, false, AsText, nil},
		{"keyword", 100, false, AsText, nil}, {"confidenceLevel", 40, false, AsText, upTo(3)}, {"paperFileCode", 100, false, AsText, nil},
		{"riskRecovery", 1, true, AsFlag, nil}, {"riskRecoveryStatus", 2, false, AsText, upTo(2)}, {"description", 2000, false, AsText, nil},
	}
	// OfficeDocument are the elements of an outgoing document in NĐ 30/2020/NĐ-CP,
	// appendix VI, that can be read from the paper. The decree requires none by name.
	OfficeDocument = []Element{
		{"TypeName", 100, false, AsText, nil}, {"CodeNumber", 11, false, AsText, nil}, {"CodeNotation", 30, false, AsText, nil},
		{"IssuedDate", 10, false, AsDate, nil}, {"OrganName", 200, false, AsText, nil}, {"Subject", 500, false, AsText, nil},
		{"Language", 30, false, AsText, nil}, {"PageAmount", 3, false, AsNumber, nil},
		{"SignerInfo.Position", 100, false, AsText, nil}, {"SignerInfo.FullName", 50, false, AsText, nil}, {"To.OrganName", 200, false, AsText, nil},
	}
)

// element returns the element of a document's archive metadata that no field of its
// header or close says.
func element(name string) (Element, bool) {
	i := slices.IndexFunc(ArchiveDocument, func(e Element) bool { return e.Name == name })
	if _, read := fieldLengths[name]; read || i < 0 {
		return Element{}, false
	}
	return ArchiveDocument[i], true
}

// Given are the elements of ArchiveDocument that stand on no paper and that a
// person confirmed as fields of the same names.
func Given(fields Fields) map[string]string {
	given := map[string]string{}
	for name, f := range fields {
		if _, is := element(name); is && f.Status == Confirmed {
			given[name] = f.Normal
		}
	}
	return given
}

// The separator of an element that may be given several times.
const several = "; "

// CheckMetadata says what of values does not satisfy the schema, in its order. An
// element that may have several values has them parted by "; ".
func CheckMetadata(schema []Element, values map[string]string) []Flaw {
	var flaws []Flaw
	for _, e := range schema {
		value := values[e.Name]
		switch {
		case value == "" && (e.Required || asked(e.Name, values)):
			flaws = append(flaws, Flaw{e.Name, "missing"})
		case value != "":
			if why := e.check(value); why != "" {
				flaws = append(flaws, Flaw{e.Name, why})
			}
		}
	}
	return flaws
}

// asked reports whether other values make an element required: a process with an
// electronic original, a paper's own code with a digitised one, the state of a
// copy for recovery.
func asked(name string, values map[string]string) bool {
	level := values["confidenceLevel"]
	switch name {
	case "process":
		return level == "01" || level == "03"
	case "paperFileCode":
		return level == "02"
	case "riskRecoveryStatus":
		return values["riskRecovery"] == "1"
	}
	return false
}

func (e Element) check(value string) string {
	parts := []string{value}
	if e.Name == "language" || e.Name == "To.OrganName" {
		parts = strings.Split(value, several)
	}
	for _, v := range parts {
		switch _, err := strconv.ParseUint(v, 10, 64); {
		case utf8.RuneCountInString(v) > e.Most:
			return "too-long"
		case e.Codes != nil && !slices.Contains(e.Codes, v), e.Form == AsFlag && v != "0" && v != "1":
			return "not-in-list"
		case e.Form == AsNumber && err != nil:
			return "not-a-number"
		case e.Form == AsDate && !isArchiveDate(v):
			return "not-a-date"
		}
	}
	return ""
}

const archiveDate = "02/01/2006"

func isArchiveDate(s string) bool { _, err := time.Parse(archiveDate, s); return err == nil }
