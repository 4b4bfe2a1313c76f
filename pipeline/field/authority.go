package field

import (
	"slices"
	"strings"
)

// The authorities by which somebody signs for another (NĐ 30/2020/NĐ-CP, appendix
// I: ô 7a), and what recognition makes of them.
var authorities = map[string]string{
	"TM": "TM.", "IM": "TM.", "1M": "TM.", "TW": "TM.", "T/M": "TM.", "T.M": "TM.",
	"KT": "KT.", "KI": "KT.", "K1": "KT.", "KÍ": "KT.", "K/T": "KT.", "K.T": "KT.",
	"TL": "TL.", "T/L": "TL.", "T.L": "TL.", "TI": "TL.",
	"TUQ": "TUQ.", "TUO": "TUQ.", "TUG": "TUQ.", "T/UQ": "TUQ.",
	"Q": "Q.",
}

// authorityOf returns the authority that the row begins with.
func authorityOf(tokens []token) (string, bool) {
	if len(tokens) < 2 || !isCaps(row{tokens: tokens}.text()) {
		return "", false
	}
	first := strings.ToUpper(bare(tokens[0].text))
	if a, ok := authorities[first]; ok {
		return a, true
	}
	if letters(first) == 2 && strings.HasSuffix(first, "T") && isChief(tokens[1:]) {
		return "KT.", true // VT BỘ TRƯỞNG
	}
	if !strings.ContainsAny(tokens[0].text, ".:") {
		return "", false
	}
	if n := letters(first); strings.HasSuffix(first, "Q") && n > 1 && n < 4 {
		return "TUQ.", true // no other ends so
	}
	a, ok := cutAuthorities[first]
	return a, ok
}

// isChief reports whether the tokens are the office of a chief.
func isChief(tokens []token) bool {
	o, s := bestOffice(fold(row{tokens: tokens}.text()), titleLine{}, "")
	return s > 0.9 && o.chief == ""
}

// cutAuthorities are authorities whose first letter was lost; the stop behind them
// tells that they are one.
var cutAuthorities = map[string]string{"M": "TM.", "L": "TL.", "UQ": "TUQ.", "ƯQ": "TUQ.", "UO": "TUQ."}

// lostAuthority reports whether something stands before the row's first sure word
// that may have been an authority, and whether it may have been "Q.", which
// recognition makes many letters of.
func lostAuthority(raw, kept []token, unit float64) (something, acting bool) {
	for _, t := range raw {
		if len(kept) == 0 || t.x0 >= kept[0].x0 {
			break
		}
		if gap := kept[0].x0 - t.x1; gap < 1.5*unit && isWord(t.text) {
			something = true
			acting = strings.ContainsAny(bare(t.text), "QDO0GC") && letters(t.text) == 1
		}
	}
	return something, acting
}

// scrapBefore reports whether something that no word was made of stands right before
// the row's first word.
func scrapBefore(raw, kept []token, unit float64) bool {
	return slices.ContainsFunc(raw, func(t token) bool { return len(kept) > 0 && t.x0 < kept[0].x0 && kept[0].x0-t.x1 < unit })
}

// splitAuthority takes "KT.CHỦ" apart.
func splitAuthority(tokens []token) []token {
	if len(tokens) == 0 {
		return tokens
	}
	runes := []rune(tokens[0].text)
	for i, r := range runes {
		if !strings.ContainsRune(".,;:", r) || i+1 >= len(runes) || i == 0 {
			continue
		}
		if _, ok := authorities[strings.ToUpper(bare(string(runes[:i])))]; ok && letters(string(runes[i+1:])) > 1 {
			return append([]token{part(tokens[0], 0, i+1), part(tokens[0], i+1, len(runes))}, tokens[1:]...)
		}
	}
	return tokens
}

// bodies are those on whose behalf somebody signs.
var bodies = []string{"ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH", "BAN THƯỜNG TRỰC", "HỘI ĐỒNG QUẢN TRỊ", "HỘI ĐỒNG THÀNH VIÊN"}

// cutBodies are what is left of bodies that lost a word at one end.
var cutBodies = map[string]string{"ỦY BAN NHÂN": "ỦY BAN NHÂN DÂN", "BAN NHÂN DÂN": "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN": "HỘI ĐỒNG NHÂN DÂN", "ĐỒNG NHÂN DÂN": "HỘI ĐỒNG NHÂN DÂN"}

// bodyOf reads the body behind TM.
func bodyOf(tokens []token, conf float64) (string, float64) {
	name, p := mendLine(tokens, nil)
	if whole, ok := nearBody(name); ok {
		return whole, min(conf*p, halfRead)
	}
	if whole, cut := cutBodies[name]; cut {
		return whole, min(conf*p, halfRead)
	}
	return name, conf * p
}

// nearBody is the one body that the name reads almost like.
func nearBody(name string) (string, bool) {
	if slices.Contains(bodies, name) {
		return "", false
	}
	i := slices.IndexFunc(bodies, func(b string) bool { return fold(name).like(fold(b), 0.8) > 0 })
	if i < 0 {
		return "", false
	}
	return bodies[i], true
}
