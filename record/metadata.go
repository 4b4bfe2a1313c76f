package record

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Metadata are a document's fields by the names, codes and forms that the law asks
// for. A value is there if a person confirmed it or the machine was sure of it.
type Metadata struct {
	Archive map[string]string `json:"archive"`         // see ArchiveDocument
	Office  map[string]string `json:"office"`          // see OfficeDocument
	Flaws   []Flaw            `json:"flaws,omitempty"` // of both, Archive's first
}

// Sure is the confidence from which what the machine read may be used without a
// look at it.
const Sure = 0.8

// MetadataOf makes the metadata of a document. given are elements of
// ArchiveDocument that do not stand on paper (docId, docCode, maintenance, mode,
// riskRecovery, …) or that a person gave.
func MetadataOf(fields Fields, p Particulars, pages []Page, given map[string]string) Metadata {
	m := Metadata{Archive: map[string]string{}, Office: map[string]string{}}
	set := func(archive, office, value string) {
		if value == "" {
			return
		}
		if archive != "" {
			m.Archive[archive] = value
		}
		if office != "" {
			m.Office[office] = value
		}
	}
	text := func(name string) string { return usable(fields[name], fields[name].Normal) }
	set("typeName", "", usable(fields[TypeName], fields[TypeName].Code))
	set("", "TypeName", text(TypeName))
	set("codeNumber", "CodeNumber", text(CodeNumber))
	set("codeNotation", "CodeNotation", text(CodeNotation))
	set("issuedDate", "IssuedDate", dayFirst(text(IssuedDate)))
	set("organName", "OrganName", text(OrganName))
	set("subject", "Subject", text(Subject))
	set("language", "", p.Language)
	set("", "Language", languages[p.Language])
	set("numberOfPage", "PageAmount", strconv.Itoa(len(pages)))
	set("confidenceLevel", "", confidenceLevel(pages))
	if text(Secrecy) != "" {
		set("mode", "", "03") // mật
	}
	set("", "SignerInfo.Position", text(SignerTitle))
	set("", "SignerInfo.FullName", text(SignerName))
	set("", "To.OrganName", joined(p.Addressees))
	maps.Copy(m.Archive, given)
	m.Flaws = append(CheckMetadata(ArchiveDocument, m.Archive), CheckMetadata(OfficeDocument, m.Office)...)
	return m
}

// usable is the value if it may be used.
func usable(f Field, value string) string {
	if f.Status == Confirmed || f.Status == Read && f.Confidence >= Sure {
		return strings.Join(strings.Fields(value), " ")
	}
	return ""
}

func joined(fields []Field) string {
	var all []string
	for _, f := range fields {
		if v := usable(f, f.Normal); v != "" {
			all = append(all, v)
		}
	}
	return strings.Join(all, several)
}

// The names of the languages by their codes in TT 05/2025/TT-BNV.
var languages = map[string]string{"01": "Tiếng Việt", "02": "Tiếng Anh", "03": "Tiếng Pháp", "06": "Tiếng Việt, tiếng Anh", "08": "Tiếng Việt, tiếng Pháp"}

// dayFirst writes an ISO date as DD/MM/YYYY, "" if it is none.
func dayFirst(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return ""
	}
	return t.Format(archiveDate)
}

// confidenceLevel is 01 for an electronic original, 02 for digitised paper, 03 for both.
func confidenceLevel(pages []Page) string {
	born := 0
	for _, p := range pages {
		if p.Source == "text" {
			born++
		}
	}
	switch born {
	case 0:
		return "02"
	case len(pages):
		return "01"
	}
	return "03"
}

// DocCode is the code of the document with this ordinal in a dossier: the code of
// the dossier and seven digits.
func DocCode(fileCode string, ordinal int) string { return fmt.Sprintf("%s.%07d", fileCode, ordinal) }

// DossierMetadata makes the metadata of a dossier from those of its documents:
// title, period, languages, counts. given are the elements of ArchiveDossier that
// people decide; what is wrong with the whole is returned beside it.
func DossierMetadata(d Dossier, documents []Metadata, given map[string]string) (map[string]string, []Flaw) {
	m := map[string]string{"fileCode": d.Code, "title": d.Title, "totalDoc": strconv.Itoa(len(documents))}
	pages := 0
	var days, spoken, levels []string
	for _, one := range documents {
		n, _ := strconv.Atoi(one.Archive["numberOfPage"]) // we wrote it
		pages += n
		if t, err := time.Parse(archiveDate, one.Archive["issuedDate"]); err == nil {
			days = append(days, t.Format(time.DateOnly))
		}
		spoken = append(spoken, one.Archive["language"])
		levels = append(levels, one.Archive["confidenceLevel"])
	}
	m["numberOfPage"] = strconv.Itoa(pages)
	if len(days) > 0 {
		m["startDate"], m["endDate"] = dayFirst(slices.Min(days)), dayFirst(slices.Max(days))
	}
	m["language"] = strings.Join(distinct(spoken), several)
	m["confidenceLevel"] = "03"
	if all := distinct(levels); len(all) == 1 {
		m["confidenceLevel"] = all[0]
	}
	maps.Copy(m, given)
	return m, CheckMetadata(ArchiveDossier, m)
}

func distinct(all []string) []string {
	all = slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "" })
	slices.Sort(all)
	return slices.Compact(all)
}
