package signing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
)

// The values of the XMP property "review".
const (
	approved   = "approved"
	unreviewed = "unreviewed"
)

// describeFields appends to in a revision whose XMP says what the fields are, and
// whether a person approved them. The claim to be a PDF/A stays as it was.
func describeFields(f *pdf.File, in Source, r Request) (Source, error) {
	catalog, err := f.Catalog()
	if err != nil {
		return nil, err
	}
	ref, isRef := catalog["Metadata"].(pdf.Ref)
	stream := f.Stream(ref)
	if !isRef || stream == nil {
		return nil, record.Refuse(record.NotOurs, nil, "write the fields into the XMP: the file has none")
	}
	packet, err := f.Decoded(stream)
	if err != nil {
		return nil, record.Refuse(record.NotOurs, err, "write the fields into the XMP: decode it")
	}
	meta, err := pdf.ParseXMP(packet)
	if err != nil {
		return nil, record.Refuse(record.NotOurs, err, "write the fields into the XMP: read it")
	}
	if meta.Part != 2 && meta.Part != 3 || meta.Conformance == "" {
		return nil, record.Refuse(record.NotOurs, nil, "write the fields into the XMP: it is not that of a PDF/A-2 or -3 of ours")
	}
	added, err := fieldProperties(r)
	if err != nil {
		return nil, err
	}
	meta.Properties = append(slices.DeleteFunc(meta.Properties, func(p pdf.Property) bool {
		return slices.ContainsFunc(added, func(a pdf.Property) bool { return a.Name == p.Name })
	}), added...)
	return appendMetadata(f, in, ref, meta.Packet())
}

func appendMetadata(f *pdf.File, in Source, ref pdf.Ref, packet []byte) (Source, error) {
	update, err := pdf.NewUpdate(f)
	if err != nil {
		return nil, fmt.Errorf("write the fields into the XMP: %w", err)
	}
	update.Set(ref, pdf.NewStream(pdf.Dict{"Type": pdf.Name("Metadata"), "Subtype": pdf.Name("XML")}, packet))
	var tail bytes.Buffer
	if _, err := update.WriteTo(&tail); err != nil {
		return nil, fmt.Errorf("write the fields into the XMP: %w", err)
	}
	return pdf.Append(in, tail.Bytes()), nil
}

// fieldProperties are the review, the digest of all fields, and the fields that
// were found, in the order of their names.
func fieldProperties(r Request) ([]pdf.Property, error) {
	all, err := json.Marshal(r.Fields)
	if err != nil {
		return nil, errors.New("write the fields into the XMP: they have no JSON form")
	}
	review := unreviewed
	if r.Reviewed {
		review = approved
	}
	out := []pdf.Property{
		{Name: "review", Value: review, Description: "Whether a person approved the fields: approved or unreviewed"},
		{Name: "fieldsSHA256", Value: string(record.DigestOf(all)), Description: "SHA-256 of the JSON form of all fields"},
	}
	for _, name := range slices.Sorted(maps.Keys(r.Fields)) {
		f := r.Fields[name]
		value := f.Normal
		if value == "" {
			value = f.Value
		}
		if f.Status == record.Missing || value == "" {
			continue
		}
		out = append(out, pdf.Property{Name: name, Value: value, Description: fieldNames[name], External: r.Reviewed})
		if f.Code != "" {
			out = append(out, pdf.Property{Name: name + "Code", Value: f.Code, Description: "Mã của trường trong danh mục (TT 05/2025/TT-BNV): " + name, External: r.Reviewed})
		}
	}
	return append(out, archiveProperties(r)...), nil
}

// archiveProperties are the elements that no field has: language, numberOfPage, …
func archiveProperties(r Request) []pdf.Property {
	var out []pdf.Property
	for _, name := range slices.Sorted(maps.Keys(r.Metadata)) {
		if _, is := r.Fields[name]; !is && r.Metadata[name] != "" && fieldNames[name] == "" {
			out = append(out, pdf.Property{Name: name, Value: r.Metadata[name], Description: "TT 05/2025/TT-BNV: " + name, External: r.Reviewed})
		}
	}
	return out
}

var fieldNames = map[string]string{
	record.CodeNumber: "Số", record.CodeNotation: "Ký hiệu", record.IssuedDate: "Ngày ban hành", record.TypeName: "Tên loại",
	record.Subject: "Trích yếu", record.SuperiorOrgan: "Cơ quan chủ quản", record.OrganName: "Cơ quan ban hành", record.Place: "Địa danh",
	record.SignerTitle: "Chức vụ người ký", record.SignerName: "Người ký", record.Urgency: "Độ khẩn", record.Secrecy: "Độ mật",
}
