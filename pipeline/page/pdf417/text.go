package pdf417

// The sub-modes of text: what the values 0 to 29 mean in each. Commands stand as
// the bytes below.
var submodes = [4]string{
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ " + lowerLatch + mixedLatch + punctShift,
	"abcdefghijklmnopqrstuvwxyz " + alphaShift + mixedLatch + punctShift,
	"0123456789&\r\t,:#-.$/+%*=^" + punctLatch + " " + lowerLatch + alphaLatch + punctShift,
	";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'" + alphaLatch,
}

// A latch is the sub-mode from 0x80 on, a shift for one letter from 0x90 on.
const (
	alphaLatch, lowerLatch, mixedLatch, punctLatch = "\x80", "\x81", "\x82", "\x83"
	alphaShift, punctShift                         = "\x90", "\x93"
)

const none = -1

// text reads two letters a codeword.
func (p *parser) text() {
	for _, w := range p.take(len(p.words)) {
		for _, value := range [2]int{w / 30, w % 30} {
			now := p.letters
			if p.shifted != none {
				now, p.shifted = p.shifted, none
			}
			switch c := submodes[now][value]; c & 0xf0 {
			case 0x80:
				p.letters = int(c & 0xf)
			case 0x90:
				p.shifted = int(c & 0xf)
			default:
				p.raw = append(p.raw, c)
			}
		}
	}
}
