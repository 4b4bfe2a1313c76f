package page

import (
	"math"

	"github.com/sohoa/sohoa/record"
)

const (
	tileMM     = 2 // a side of what is told to be free or not
	leastCells = 2 // of the map with ink in a tile: one alone is a speck
)

// occupied tells where in the upper sixth of the upright page there is ink of any kind,
// so that a mark may stand where there is none: words that were recognised are less
// than what is there.
func (p *Picture) occupied(m inkMap, step int) []record.Box {
	width, height := p.pixels.Width(), p.pixels.Height()
	if p.turn%180 != 0 {
		width, height = height, width
	}
	tile := max(1, int(math.Round(p.dpi*tileMM/25.4)))
	across, down := (width+tile-1)/tile, (height/6+tile-1)/tile
	cells := make([]int, across*down)
	for i, c := range m.cells {
		if c == 0 {
			continue
		}
		x, y := i%m.width*step, i/m.width*step
		at := p.upright(record.Box{x, y, x + 1, y + 1})
		if row := at[1] / tile; row < down {
			cells[row*across+at[0]/tile]++
		}
	}
	var all, above []record.Box
	for row := range down {
		var here []record.Box
		for _, run := range spans(cells[row*across : (row+1)*across]) {
			here = append(here, record.Box{run[0] * tile, row * tile, min(width, run[1]*tile), (row + 1) * tile})
		}
		all = append(all, ended(above, here)...)
		above = grown(above, here)
	}
	return append(all, above...)
}

// spans are the parts of a row of tiles that have ink, from and up to.
func spans(row []int) (all [][2]int) {
	for x, n := range row {
		switch last := len(all) - 1; {
		case n < leastCells:
		case last >= 0 && all[last][1] == x:
			all[last][1]++
		default:
			all = append(all, [2]int{x, x + 1})
		}
	}
	return all
}

// ended are the boxes that none of the row below is as wide as.
func ended(above, here []record.Box) (all []record.Box) {
	for _, b := range above {
		if beneath(b, here) < 0 {
			all = append(all, b)
		}
	}
	return all
}

// grown are the boxes of a row, from where those above that are as wide begin.
func grown(above, here []record.Box) []record.Box {
	for _, b := range above {
		if i := beneath(b, here); i >= 0 {
			here[i][1] = b[1]
		}
	}
	return here
}

func beneath(b record.Box, here []record.Box) int {
	for i, h := range here {
		if h[0] == b[0] && h[2] == b[2] {
			return i
		}
	}
	return -1
}
