package pdf417

import "math"

// A shape is what the row indicators say of the whole symbol.
type shape struct {
	rows, columns, level int // columns of data, level of error correction
}

// check is how many codewords are there for error correction.
func (s shape) check() int { return 2 << s.level }

// An indicator is one row indicator, opened.
type indicator struct {
	row   int
	third int // which third of the shape it tells: 0 rows, 1 rows and level, 2 columns
	value int
}

// indicatorOf opens a row indicator; the right ones tell another third than the left.
func indicatorOf(m mark, right bool) indicator {
	third := m.cluster
	if right {
		third = (m.cluster + 2) % clusters
	}
	return indicator{3*(m.value/30) + m.cluster, third, m.value % 30}
}

// shapes are the shapes that the indicators may mean, the likeliest first. The left
// ones tell all three thirds, and when they gave the number of columns, so do the
// right ones. Writers are about whose left ones tell the number of rows wrong: so the
// highest row that is there may tell it too.
func (s *Symbol) shapes() []shape {
	var left [3][30]int
	s.count(&left, 0)
	var out []shape
	for _, columns := range likeliest(left[2]) {
		votes := left
		s.count(&votes, columns+2)
		for _, levelAndRows := range likeliest(votes[1]) {
			for _, thirds := range append(likeliest(votes[0]), s.highest()/3) {
				sh := shape{rows: 3*thirds + levelAndRows%3 + 1, columns: columns + 1, level: levelAndRows / 3}
				if sh.possible() {
					out = append(out, sh)
				}
			}
		}
	}
	return out
}

func (s shape) possible() bool {
	size := s.rows * s.columns
	return s.rows >= leastRows && s.rows <= mostRows && s.level <= 8 && size <= mostCodewords && size > s.check()
}

// highest is the highest row that two lines say they are in.
func (s *Symbol) highest() int {
	var lines [3 * 31]int
	row := 0
	for _, l := range s.lines {
		if l[0].read {
			r := indicatorOf(l[0].mark, false).row
			if lines[r]++; lines[r] > 1 {
				row = max(row, r)
			}
		}
	}
	return row
}

// count adds what the indicators in a column tell; the left ones are in column 0.
func (s *Symbol) count(votes *[3][30]int, column int) {
	for _, l := range s.lines {
		if l[column].read {
			i := indicatorOf(l[column].mark, column > 0)
			votes[i.third][i.value]++
		}
	}
}

// likeliest are the two values with most votes.
func likeliest(votes [30]int) []int {
	var out []int
	for range 2 {
		best := 0
		for value, n := range votes {
			if n > votes[best] {
				best = value
			}
		}
		if votes[best] == 0 {
			break
		}
		out = append(out, best)
		votes[best] = 0
	}
	return out
}

// elect returns the codewords that most lines saw in each place, and which places
// none saw.
func (s *Symbol) elect(shape shape) (words []int, missing []int) {
	votes := make(map[[2]int]int) // place, value
	for i, row := range s.rows(shape) {
		for column := 1; column <= shape.columns; column++ {
			c := s.lines[i][column]
			if !c.read {
				continue
			}
			// Along a line that is not quite level the row changes by one at a time.
			row += (c.cluster-mod(row, clusters)+4)%clusters - 1
			if row >= 0 && row < shape.rows {
				votes[[2]int{row*shape.columns + column - 1, c.value}]++
			}
		}
	}
	words = make([]int, shape.rows*shape.columns)
	best := make([]int, len(words))
	for vote, n := range votes {
		if place, value := vote[0], vote[1]; n > best[place] || n == best[place] && value < words[place] {
			words[place], best[place] = value, n
		}
	}
	for place, n := range best {
		if n == 0 {
			missing = append(missing, place)
		}
	}
	return words, missing
}

// rows returns the row in which each line begins. Where the indicators cannot be
// read it follows from the nearest lines where they can, rows being equally high.
func (s *Symbol) rows(shape shape) []int {
	known := make([]int, 0, len(s.lines)) // lines that say their row
	rows := make([]int, len(s.lines))
	for i, l := range s.lines {
		for side, column := range [2]int{0, shape.columns + 1} {
			if !l[column].read {
				continue
			}
			if row := indicatorOf(l[column].mark, side == 1).row; row < shape.rows {
				rows[i], known = row, append(known, i)
				break
			}
		}
	}
	if len(known) < 2 {
		return rows
	}
	first, last := known[0], known[len(known)-1]
	slope := float64(rows[last]-rows[first]) / float64(last-first)
	next := 0
	for i := range rows {
		for next < len(known) && known[next] < i {
			next++
		}
		switch {
		case next < len(known) && known[next] == i:
		case next == 0:
			rows[i] = rows[first] + int(math.Round(slope*float64(i-first)))
		case next == len(known):
			rows[i] = rows[last] + int(math.Round(slope*float64(i-last)))
		default:
			above, below := known[next-1], known[next]
			share := float64(i-above) / float64(below-above)
			rows[i] = rows[above] + int(math.Round(share*float64(rows[below]-rows[above])))
		}
	}
	return rows
}

func mod(a, n int) int { return (a%n + n) % n }
