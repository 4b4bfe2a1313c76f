package field

import (
	"strings"

	"github.com/sohoa/sohoa/record"
)

var (
	annexTitles = foldAll("PHỤ LỤC", "DANH MỤC", "DANH SÁCH", "BIỂU MẪU", "MẪU SỐ", "BẢNG TỔNG HỢP", "QUY CHẾ", "QUY ĐỊNH", "KẾ HOẠCH", "QUY TRÌNH", "ĐIỀU LỆ", "PHƯƠNG ÁN", "ĐỀ ÁN", "CHƯƠNG TRÌNH", "NỘI QUY", "TIÊU CHÍ", "DỰ TOÁN")
	enclosed    = foldAll("Kèm theo", "Ban hành kèm theo", "(Kèm theo")
)

// ownSheets are the document's own pages: from its header to the page of its close.
func (d document) ownSheets() []sheet {
	if !d.closed {
		return d.sheets
	}
	for i, s := range d.sheets {
		if s.number == d.close.sheet.number {
			return d.sheets[:i+1]
		}
	}
	return d.sheets
}

// parts cuts the pages after the close where an attachment or another document
// begins.
func (d document) parts(pages []record.Page) []record.Part {
	rest := d.sheets[len(d.ownSheets()):]
	var out []record.Part
	for _, s := range rest {
		kind, ok := beginsPart(s)
		if !ok {
			if n := len(out); n > 0 {
				out[n-1].To = s.number
			}
			continue
		}
		out = append(out, record.Part{Kind: kind, From: s.number, To: s.number})
	}
	for i, p := range out {
		out[i].Fields = d.partFields(p, pages)
	}
	return out
}

// beginsPart reports whether a page begins an attachment, or a document of its own.
func beginsPart(s sheet) (kind string, ok bool) {
	top := within(s.rows, 0, 0.4*s.height)
	annex := false
	for i, r := range top {
		tokens := clean(r.tokens)
		if n, _ := beginsAny(tokens, enclosed, 0.85); n > 0 || strings.Contains(plain(r.text()), "kemtheo") {
			return "attachment", true
		}
		if n, _ := beginsAny(tokens, annexTitles, 0.85); n > 0 && i < 5 && isCaps(row{tokens: tokens[:n]}.text()) && abs(r.mid()-s.width/2) < 0.15*s.width {
			annex = true
		}
	}
	if _, _, _, titled := anchor(s); titled {
		return "document", true
	}
	return "attachment", annex
}

// partFields reads the part as a document; what has no header has a title.
func (d document) partFields(p record.Part, pages []record.Page) record.Fields {
	var own []record.Page
	for _, page := range pages {
		if page.Number >= p.From && page.Number <= p.To {
			own = append(own, page)
		}
	}
	part := read(own, d.places)
	out := part.fields()
	if !part.headed {
		if f, ok := annexTitle(part.sheets[0]); ok {
			out[record.Subject] = f
		}
	}
	return out
}

// annexTitle joins the rows at the top of an attachment down to the text: PHỤ LỤC I
// / DANH MỤC … / (Kèm theo Quyết định số …).
func annexTitle(s sheet) (record.Field, bool) {
	var rows [][]token
	var last row
	for _, r := range within(s.rows, 0, 0.5*s.height) {
		tokens := tidy(r.tokens)
		if len(clean(tokens)) == 0 || len(rows) == 0 && len(tokens) < 2 {
			continue
		}
		if len(rows) > 0 && (r.middle()-last.middle() > 2.3*s.unit || abs(r.mid()-last.mid()) > 0.1*s.width) || len(rows) > 7 {
			break
		}
		rows, last = append(rows, tokens), r
	}
	if len(rows) == 0 {
		return record.Field{}, false
	}
	return listField("subject/annex", rows), true
}
