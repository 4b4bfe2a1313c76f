package field

import "github.com/sohoa/sohoa/record"

// openSlot is how wide a form leaves the place of a number, and at most how high a
// pen fills it, in heights of the print beside it.
const openSlot = 4

// slotBox is the picture of the number's slot: from "Số:" to the slash, with what
// was read there and what a pen wrote beyond the height of the line.
func (n numberLine) slotBox(marks []record.Region) record.Box {
	box := n.gap()
	for _, t := range n.number {
		box = box.Union(t.box)
	}
	slot := box
	for _, m := range marks {
		mid := (m.Box[0] + m.Box[2]) / 2
		within := slot[0] <= mid && mid <= slot[2] && m.Box[1] < slot[3] && slot[1] < m.Box[3]
		if m.Kind == record.HandRegion && within && m.Box.Height() < openSlot*slot.Height() {
			box = box.Union(m.Box)
		}
	}
	return box
}

// gap is the box between the tokens that the slot stands between. Where one was not
// read, it is as wide as a number is.
func (n numberLine) gap() record.Box {
	left, right := n.lead.box, n.slash.box
	switch {
	case n.lead.text == "" && len(n.number) > 0:
		return record.Box{}
	case n.lead.text == "":
		left = record.Box{right[0] - openSlot*right.Height(), right[1], right[0] - openSlot*right.Height(), right[3]}
	case n.slash.text == "":
		right = record.Box{left[2] + openSlot*left.Height(), left[1], left[2] + openSlot*left.Height(), left[3]}
	}
	top, foot := min(left[1], right[1]), max(left[3], right[3])
	pad := (foot - top) / 3
	return record.Box{max(0, left[2]), max(0, top-pad), max(left[2]+1, right[0]), foot + pad}
}
