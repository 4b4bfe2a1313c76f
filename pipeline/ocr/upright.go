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

// upright turns the page as the shapes of its letters say. When they do not (few
// words, a table of figures) it stands as the file asks, and that is not sure.
func (e *engine) upright(p *page.Picture, asked int) (sure bool, err error) {
	clockwise, sure := p.Orientation()
	if sure && clockwise != asked {
		return true, e.confirmed(p, clockwise)
	}
	p.Turn(clockwise)
	return sure, nil
}

// turned turns a page that may not be upright and of which little can be read as the
// file asks: a sample is read each way. What the file asks stands if that says nothing
// either. It reports whether the page stands otherwise now.
func (e *engine) turned(p *page.Picture, asked int) (bool, error) {
	best, bestSense, next := asked, 0.0, 0.0
	for quarter := range 4 {
		way := (asked + 90*quarter) % 360
		sense, err := e.sense(p, way)
		if err != nil {
			return false, err
		}
		if sense > bestSense {
			best, bestSense, next = way, sense, bestSense
		} else {
			next = max(next, sense)
		}
		if quarter == 0 && sense > plainly { // plainly the right way
			return false, nil
		}
	}
	if best == asked || !contradicts(bestSense, next) {
		return false, nil
	}
	p.Turn(best)
	return true, nil
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
	sum, _ := senseOf(lines)
	return sum, nil
}

// senseOf returns the letters of the words that were read well, times their confidence,
// and how many letters there are in all.
func senseOf(lines []record.Line) (sense, letters float64) {
	for _, l := range lines {
		for _, w := range l.Words {
			n := float64(utf8.RuneCountInString(w.Text))
			if letters += n; n > 1 && w.Confidence > 0.7 && hasLetter(w.Text) {
				sense += n * w.Confidence
			}
		}
	}
	return sense, letters
}

// makesSense reports whether what was read of a page shows that it stands upright.
func makesSense(lines []record.Line) bool {
	sense, letters := senseOf(lines)
	return sense > plainly && 2*sense > letters
}
