package field

import "math"

var recipients = fold("Nơi nhận")

// A closing is the right half of a document's end: the rows in which title and
// name of the signer stand.
type closing struct {
	sheet sheet
	rows  []row
	level float64 // of "Nơi nhận", beside which the first line of the title stands; 0 if there is none
	chief string  // the office that heads the document's agency, "" if that does not tell
}

// findClosing looks for "Nơi nhận", and beside it for the signer's block; without
// it, for a title in capitals in the right half. The first is the document's own,
// later ones belong to its attachments.
func findClosing(sheets []sheet, from float64) (closing, bool) {
	if c, ok := firstRow(sheets, from, func(s sheet, r row) (closing, bool) {
		n, _ := begins(clean(r.tokens), recipients, 0.72)
		if n == 0 || r.x0 > 0.4*s.width {
			return closing{}, false
		}
		return closing{s, rightHalf(within(s.rows, r.middle()-9*s.unit, copyBelow(s, r.middle())), s), r.middle(), ""}, true
	}); ok {
		return c, true
	}
	if c, ok := firstRow(sheets, from, func(s sheet, r row) (closing, bool) {
		for _, half := range rightHalf([]row{r}, s) {
			tokens := splitAuthority(clean(half.tokens))
			_, authority := authorityOf(tokens)
			if half.mid() > 0.56*s.width && (authority || isOffice(tokens, 0.9)) {
				return closing{s, rightHalf(within(s.rows, r.middle()-0.5*s.unit, math.Inf(1)), s), 0, ""}, true
			}
		}
		return closing{}, false
	}); ok {
		return c, true
	}
	return certificateClosing(sheets, from)
}

// certificateClosing looks for "NGƯỜI KÝ GIẤY KHAI SINH" and the like, below which
// whoever signs a certificate of civil status stands.
func certificateClosing(sheets []sheet, from float64) (closing, bool) {
	return firstRow(sheets, from, func(s sheet, r row) (closing, bool) {
		for _, half := range rightHalf([]row{r}, s) {
			if _, certifies := locateAny(half.tokens, certificates, 0.85); certifies && half.mid() > 0.56*s.width && r.middle() > 0.4*s.height && isCaps(half.text()) {
				return closing{s, rightHalf(within(s.rows, r.middle()+0.5*s.unit, math.Inf(1)), s), 0, ""}, true
			}
		}
		return closing{}, false
	})
}

var certificates = foldAll("KHAI SINH", "KẾT HÔN", "KHAI TỬ")

var copied = foldAll("SAO Y", "SAO Y BẢN CHÍNH", "SAO LỤC", "TRÍCH SAO", "BẢN SAO", "BẢN SAO Y", "BẢN SAO LỤC", "BẢN TRÍCH SAO", "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH")

// copyBelow is where the form of a certified copy begins below the document's
// close (NĐ 30/2020, article 27): it has a date, a number and a signer of its own.
func copyBelow(s sheet, y float64) float64 {
	for _, half := range rightHalf(within(s.rows, y+2*s.unit, math.Inf(1)), s) {
		tokens := clean(half.tokens)
		n, _ := beginsAny(tokens, copied, 0.85)
		if p, dated := splitDate(tokens); n > 0 && n == len(tokens) || dated && p.frame[2].text != "" {
			return half.middle() - 0.8*s.unit
		}
	}
	return math.Inf(1)
}

// firstRow tries the rows of the sheets in order, the first sheet's below from.
func firstRow(sheets []sheet, from float64, try func(sheet, row) (closing, bool)) (closing, bool) {
	for i, s := range sheets {
		top := math.Inf(-1)
		if i == 0 {
			top = from
		}
		for _, r := range within(s.rows, top, math.Inf(1)) {
			if c, ok := try(s, r); ok {
				return c, true
			}
		}
	}
	return closing{}, false
}
