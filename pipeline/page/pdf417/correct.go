package pdf417

// The field of integers modulo 929, in which 3 generates all but 0.
const (
	prime     = 929
	generator = 3
)

var powers, logarithms = func() (p, l [prime]int) {
	x := 1
	for i := range prime - 1 {
		p[i], l[x] = x, i
		x = x * generator % prime
	}
	return p, l
}()

func power(i int) int { return powers[mod(i, prime-1)] }

func inverse(a int) int { return power(-logarithms[a]) }

// A poly is a polynomial, coefficients from the lowest power up.
type poly []int

func (p poly) at(x int) int {
	y := 0
	for i := len(p) - 1; i >= 0; i-- {
		y = (y*x + p[i]) % prime
	}
	return y
}

func (p poly) times(q poly) poly {
	out := make(poly, len(p)+len(q)-1)
	for i, a := range p {
		for j, b := range q {
			out[i+j] = (out[i+j] + a*b) % prime
		}
	}
	return out
}

// minus returns p - factor * x^shift * q.
func (p poly) minus(q poly, factor, shift int) poly {
	out := make(poly, max(len(p), len(q)+shift))
	copy(out, p)
	for i, b := range q {
		out[i+shift] = mod(out[i+shift]-factor*b, prime)
	}
	return out
}

// derivative is the formal derivative.
func (p poly) derivative() poly {
	out := make(poly, max(1, len(p)-1))
	for i := 1; i < len(p); i++ {
		out[i-1] = i * p[i] % prime
	}
	return out
}

// correct mends the codewords in place, the last check of them being for error
// correction and those at missing unknown. It reports whether that was possible:
// two of the check words are kept back to notice what cannot be mended
// (ISO/IEC 15438, 5.7).
func correct(words, missing []int, check int) bool {
	syndromes, clean := syndromesOf(words, check)
	if clean {
		return true
	}
	if len(missing) > check-2 {
		return false
	}
	n := len(words)
	lost := poly{1} // zero at the inverse of the place of every missing word
	for _, place := range missing {
		lost = lost.times(poly{1, prime - power(n-1-place)})
	}
	locator := locate(syndromes, lost, len(missing))
	wrong := len(locator) - 1
	if 2*wrong-len(missing) > check-2 {
		return false
	}
	values := locator.times(syndromes)[:check]
	slopes := locator.derivative()
	found := 0
	for place := range words {
		at := power(-(n - 1 - place))
		if locator.at(at) != 0 {
			continue
		}
		slope := slopes.at(at)
		if slope == 0 {
			return false
		}
		// The roots of the code begin with 3, not 1: so no further power of the place.
		words[place] = (words[place] + values.at(at)*inverse(slope)) % prime
		found++
	}
	if found != wrong {
		return false
	}
	_, clean = syndromesOf(words, check)
	return clean
}

// syndromesOf are the values of the codewords, as a polynomial whose highest power
// comes first, at 3, 3², …; all are 0 if nothing is wrong.
func syndromesOf(words []int, check int) (out poly, clean bool) {
	out, clean = make(poly, check), true
	for i := range out {
		x, y := power(i+1), 0
		for _, w := range words {
			y = (y*x + w) % prime
		}
		out[i] = y
		clean = clean && y == 0
	}
	return out, clean
}

// locate returns the polynomial that is zero at the inverse of the place of every
// wrong word, the missing ones among them (Berlekamp and Massey, begun from the
// missing ones).
func locate(syndromes, lost poly, missing int) poly {
	now, before := lost, lost
	length, shift, last := missing, 1, 1
	for i := missing; i < len(syndromes); i++ {
		off := 0
		for j, c := range now {
			if j <= i {
				off = (off + c*syndromes[i-j]) % prime
			}
		}
		switch {
		case off == 0:
			shift++
		case 2*length <= i+missing:
			next := now.minus(before, off*inverse(last)%prime, shift)
			now, before, last, shift = next, now, off, 1
			length = i + 1 - length + missing
		default:
			now = now.minus(before, off*inverse(last)%prime, shift)
			shift++
		}
	}
	for len(now) > 1 && now[len(now)-1] == 0 {
		now = now[:len(now)-1]
	}
	return now
}
