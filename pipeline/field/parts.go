package field

import (
	"math"
	"slices"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// annexTitles are what attachments are called.
var annexTitles = foldAll("PHỤ LỤC", "DANH MỤC", "DANH SÁCH", "BIỂU MẪU", "BIỂU TỔNG HỢP", "MẪU SỐ", "BẢNG TỔNG HỢP", "BẢNG KÊ", "QUY CHẾ", "QUY ĐỊNH", "KẾ HOẠCH", "QUY TRÌNH", "ĐIỀU LỆ", "PHƯƠNG ÁN", "ĐỀ ÁN", "CHƯƠNG TRÌNH", "NỘI QUY", "TIÊU CHÍ", "DỰ TOÁN", "ĐỀ CƯƠNG", "HƯỚNG DẪN")

// How sure the beginning of a part is.
const (
	partByHeader = 0.95 // a national title: a document of its own
	partByWords  = 0.95 // "(Kèm theo …)"
	partByTitle  = 0.8  // a title in capitals alone
)

// A beginning is the first page of a part.
type beginning struct {
	sheet int // index in the document's sheets
	kind  string
	rule  string
	conf  float64
}

// ownSheets are the document's own pages: from its header to the page of its
// close, or to where a part begins if that comes first.
func (d document) ownSheets() []sheet {
	own := d.sheets
	if i := slices.IndexFunc(own, func(s sheet) bool { return d.closed && s.number == d.close.sheet.number }); i >= 0 {
		own = own[:i+1]
	}
	if all := d.beginnings(); len(all) > 0 && all[0].sheet < len(own) {
		own = own[:all[0].sheet]
	}
	return own
}

// findStarts looks at every page after the first.
func (d *document) findStarts() {
	for i, s := range d.sheets[min(1, len(d.sheets)):] {
		if b, ok := beginsPart(s); ok {
			b.sheet = i + 1
			d.starts = append(d.starts, b)
		}
	}
}

// beginnings are the pages on which a part begins. Before the document's close only
// what no page of a body has tells: a header, a phụ lục, words that say what the
// page is attached to.
func (d document) beginnings() []beginning {
	closedAt := math.MaxInt
	if d.closed {
		closedAt = d.close.sheet.number
	}
	return slices.DeleteFunc(slices.Clone(d.starts), func(b beginning) bool {
		return b.rule == "part/title" && d.sheets[b.sheet].number <= closedAt
	})
}

// parts cuts the pages into the attachments and the other documents behind the
// document's own.
func (d document) parts(pages []record.Page) []record.Part {
	var out []record.Part
	all := d.beginnings()
	for i, b := range all {
		end := len(d.sheets)
		if i+1 < len(all) {
			end = all[i+1].sheet
		}
		p := record.Part{Kind: b.kind, From: d.sheets[b.sheet].number, To: d.sheets[end-1].number, Confidence: b.conf, Rule: b.rule}
		p.Fields = d.partFields(p, pages)
		out = append(out, p)
	}
	return out
}

// beginsPart reports whether a page begins an attachment, or a document of its own.
// An attachment may have a header too: then it says what it is attached to.
func beginsPart(s sheet) (b beginning, ok bool) {
	_, _, _, headed := anchor(s, 0.3)
	rows := within(s.rows, 0, 0.45*s.height)
	for i, r := range rows[:min(len(rows), 14)] {
		tokens := clean(r.tokens)
		middle := abs(r.mid()-s.width/2) < 0.15*s.width
		if saysAttached(r) && middle && (headed || i < 7) {
			return beginning{kind: "attachment", rule: "part/enclosed", conf: partByWords}, true
		}
		n, _ := beginsAny(tokens, annexTitles, 0.85)
		if n == 0 || i > 3 || !middle || !isCaps(row{tokens: tokens[:n]}.text()) {
			continue
		}
		if annex, _ := begins(tokens, annexTitles[0], 0.85); annex > 0 {
			b = beginning{kind: "attachment", rule: "part/annex", conf: partByTitle}
		} else if b.rule == "" {
			b = beginning{kind: "attachment", rule: "part/title", conf: partByTitle}
		}
	}
	if headed {
		return beginning{kind: "document", rule: "part/header", conf: partByHeader}, true
	}
	return b, b.rule != ""
}

// saysAttached reports whether the row is "(Kèm theo …)" or "Ban hành kèm theo …".
func saysAttached(r row) bool {
	text := plain(r.text())
	bracket := strings.HasPrefix(r.tokens[0].text, "(") || strings.HasPrefix(r.tokens[0].text, "[")
	return strings.HasPrefix(text, "kemtheo") || strings.HasPrefix(text, "banhanhkemtheo") || bracket && strings.Contains(text, "kemtheo")
}

// partFields reads the part as a document of its own; an attachment without a
// header has its title, and says what it belongs to.
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
		annexHead(out, part.sheets[0])
	}
	return out
}
