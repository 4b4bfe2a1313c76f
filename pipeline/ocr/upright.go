package ocr

import (
	"unicode/utf8"

	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
)

// A turn is taken when a sample read that way has enough that makes sense:
// letters times confidence, and clearly more than any other way.
const (
	enough      = 12
	plainly     = 90
	clearlyMore = 2
)

// upright turns the page so that it can be read. When the shapes of its letters
// do not say how (few words, a table of figures), a sample is read each way;
// asked is the turn that the file asks for, which stands if that says nothing either.
func (e *engine) upright(p *page.Picture, asked int) error {
	clockwise, sure := p.Orientation()
	if sure && clockwise != asked {
		return e.confirmed(p, clockwise)
	}
	if sure {
		p.Turn(clockwise)
		return nil
	}
	best, bestSense, next := asked, 0.0, 0.0
	for quarter := range 4 {
		way := (asked + 90*quarter) % 360
		sense, err := e.sense(p, way)
		if err != nil {
			return err
		}
		if sense > bestSense {
			best, bestSense, next = way, sense, bestSense
		} else {
			next = max(next, sense)
		}
		if quarter == 0 && sense > plainly { // plainly the right way
			break
		}
	}
	if !contradicts(bestSense, next) {
		best = asked
	}
	p.Turn(best)
	return nil
}

// confirmed turns the page as the shapes of its letters say, but the other way up if
// a sample makes sense only so: on scans of few pixels the shapes have been wrong.
// Most pages come upright, and for those nothing is read.
func (e *engine) confirmed(p *page.Picture, clockwise int) error {
	other := (clockwise + 180) % 360
	as, err := e.sense(p, clockwise)
	if err != nil {
		return err
	}
	if as <= plainly {
		against, err := e.sense(p, other)
		if err != nil {
			return err
		}
		if contradicts(against, as) {
			clockwise = other
		}
	}
	p.Turn(clockwise)
	return nil
}

// contradicts reports whether what a sample makes of sense one way is enough to
// believe it against the other way.
func contradicts(sense, other float64) bool { return sense >= enough && sense >= clearlyMore*other }

// sense returns how much of a sample can be read when the page is turned.
func (e *engine) sense(p *page.Picture, clockwise int) (float64, error) {
	sample, err := p.Sample(clockwise)
	if err != nil {
		return 0, record.Fail(record.Internal, err, "take a sample of the page")
	}
	defer sample.Free()
	lines, err := e.recognise(sample, asBlock)
	if err != nil {
		return 0, record.Fail(record.Internal, err, "read a sample of the page")
	}
	var sum float64
	for _, l := range lines {
		for _, w := range l.Words {
			if n := utf8.RuneCountInString(w.Text); n > 1 && w.Confidence > 0.7 && hasLetter(w.Text) {
				sum += float64(n) * w.Confidence
			}
		}
	}
	return sum, nil
}
