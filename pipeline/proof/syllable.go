package proof

import "strings"

// The sounds of a Vietnamese syllable as it is written (chữ quốc ngữ): an onset, a
// rime and a tone. Rimes are those that words are made of, without their tones.
// What is borrowed as it sounds (pin, ghi-đông) mostly fits too.
var (
	onsets = fieldsOf(`b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x`)

	rimes = fieldsOf(`
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh uyt uyu uyn
ư ưa ưc ưi ưm ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu`)

	// afterQU and afterGI are the rimes that follow these onsets, whose second
	// letter is a vowel already.
	afterQU = fieldsOf(`a ac ach ai an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê ên êt êch ênh
i in it y yên yêt ynh yt ych ơ ôc`)
	afterGI = fieldsOf(`n m p t a ac ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăt âc âm ân âp ât âu ây e em en eo ep et ê êm êng êt êu
o oc oi on ong ot ô ôc ôi ôm ôn ông ôt ơ ơi ơm ơn ơt u ua uc ui un ung uôc uôn up ư ưa ương ươc ưt`)
)

func fieldsOf(s string) map[string]bool {
	out := map[string]bool{}
	for _, f := range strings.Fields(s) {
		out[f] = true
	}
	return out
}

// borrowed are names of places and frequent words that are written with other sounds.
var borrowed = fieldsOf(`đăk đắk lăk lắk đak lak kon kbang krông plông pleiku gen ê`)

// The vowels with each tone in turn: level, huyền, sắc, hỏi, ngã, nặng.
var vowels = []string{"aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị", "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ"}

// A toned vowel is a vowel without its tone, and the tone: its place in vowels.
type toned struct {
	vowel rune
	tone  int
}

var tonedOf, tonedRune = func() (map[rune]toned, map[toned]rune) {
	of, to := map[rune]toned{}, map[toned]rune{}
	for _, row := range vowels {
		all := []rune(row)
		for tone, r := range all {
			of[r] = toned{all[0], tone}
			to[toned{all[0], tone}] = r
		}
	}
	return of, to
}()

const (
	level = 0
	sac   = 2
	hoi   = 3
	nang  = 5
)

// A syllable is a syllable taken apart.
type syllable struct {
	onset, rime string // the rime without its tone
	tone        int
}

// parse takes a lower-case word in NFC apart. ok is false if no Vietnamese
// syllable is written so.
func parse(word string) (s syllable, ok bool) {
	if borrowed[word] {
		return s, true
	}
	plain, tone, at := []rune(nil), level, -1
	for _, r := range word {
		v, isVowel := tonedOf[r]
		if isVowel && v.tone != level {
			if at >= 0 {
				return s, false // two tones
			}
			tone, at = v.tone, len(plain)
		}
		if isVowel {
			r = v.vowel
		}
		plain = append(plain, r)
	}
	s = split(string(plain))
	s.tone = tone
	if s.rime == "" || !fits(s) {
		return s, false
	}
	stop := strings.HasSuffix(s.rime, "c") || strings.HasSuffix(s.rime, "ch") || strings.HasSuffix(s.rime, "p") || strings.HasSuffix(s.rime, "t")
	if stop && tone != sac && tone != nang {
		return s, false
	}
	return s, at < 0 || bears(s, plain, at)
}

// split parts a word without tones before its first vowel; u after q and i after g
// belong to the onset where another letter follows.
func split(plain string) syllable {
	i := strings.IndexFunc(plain, func(r rune) bool { _, is := tonedOf[r]; return is })
	if i < 0 {
		return syllable{}
	}
	onset, rime := plain[:i], plain[i:]
	if onset == "q" && strings.HasPrefix(rime, "u") || onset == "g" && strings.HasPrefix(rime, "i") && len(rime) > 1 {
		onset, rime = onset+rime[:1], rime[1:]
	}
	return syllable{onset: onset, rime: rime}
}

// fits reports whether an onset stands before a rime: c, g, ng are written k, gh,
// ngh before e, ê, i and y.
func fits(s syllable) bool {
	front := strings.HasPrefix(s.rime, "e") || strings.HasPrefix(s.rime, "ê") || strings.HasPrefix(s.rime, "i") || strings.HasPrefix(s.rime, "y")
	switch s.onset {
	case "":
		return rimes[s.rime]
	case "qu":
		return afterQU[s.rime]
	case "gi":
		return afterGI[s.rime]
	case "g":
		return rimes[s.rime] && (!front || s.rime == "i")
	case "c", "ng":
		return rimes[s.rime] && !front
	case "k", "gh", "ngh":
		return rimes[s.rime] && front
	}
	return onsets[s.onset] && rimes[s.rime] && (!strings.HasPrefix(s.rime, "y") || s.rime == "y")
}

// bears reports whether the letter at stands where the tone of a syllable may be
// written: on the vowel with a mark of its own; else on the middle one of three; on
// the second of two before a consonant; in oa, oe, uy on either (hòa, hoà).
func bears(s syllable, plain []rune, at int) bool {
	at -= len([]rune(s.onset))
	if at < 0 {
		return s.onset == "gi" && at == -1 && len(s.rime) == 1 // gìn: n is the rime
	}
	rime := []rune(s.rime)
	own, count := -1, 0
	for i, r := range rime {
		if strings.ContainsRune("ăâêôơư", r) {
			own = i
		}
		if _, is := tonedOf[r]; is {
			count++
		}
	}
	switch {
	case own >= 0:
		return at == own
	case count == 3:
		return at == 1
	case count == 2 && count < len(rime):
		return at == 1
	case s.rime == "oa" || s.rime == "oe" || s.rime == "uy":
		return true
	}
	return at == 0
}
