package auditor

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
)

// populations sorts the releases of a survey by whom they are of. Those that
// tell the same wherever they tell of the same cell are of the same people.
// Others are of a few more or less; they are put in order, the fewest first,
// and each is taken to lie within the next.
func populations(releases []*Release) [][]*Release {
	type sized struct {
		*Release
		people int64
		cells  map[string]int
	}
	var order []sized
	for _, r := range releases {
		order = append(order, sized{r, r.people(), r.cellsByID()})
	}
	slices.SortStableFunc(order, func(a, b sized) int {
		if by := cmp.Or(cmp.Compare(a.people, b.people), cmp.Compare(a.Name, b.Name)); by != 0 {
			return by
		}
		return compareTexts(a.Release, b.Release)
	})
	var groups [][]sized
next:
	for _, r := range order {
		for i, group := range groups {
			if !slices.ContainsFunc(group, func(o sized) bool { return !sameTold(r.Release, o.Release, r.cells, o.cells) }) {
				groups[i] = append(group, r)
				continue next
			}
		}
		groups = append(groups, []sized{r})
	}
	out := make([][]*Release, len(groups))
	for i, group := range groups {
		for _, r := range group {
			out[i] = append(out[i], r.Release)
		}
	}
	return out
}

// compareTexts puts releases of the same name and size in an order that does
// not depend on the order given.
func compareTexts(a, b *Release) int {
	textA, _ := json.Marshal(a) // what can't be written only loses its place
	textB, _ := json.Marshal(b)
	return bytes.Compare(textA, textB)
}

// people is how many respondents a release has, or at least has: everybody, or
// those of its largest grouping.
func (r *Release) people() int64 {
	var largest int64
	sums := map[string]int64{}
	for i, c := range r.Cells {
		if f := r.figure(i, MeasurePeople); f != nil {
			id := columnsID(c.By)
			sums[id] += f.N
			largest = max(largest, sums[id])
		}
	}
	return largest
}

// cellsByID finds a release's cells.
func (r *Release) cellsByID() map[string]int {
	out := make(map[string]int, len(r.Cells))
	for i, c := range r.Cells {
		out[cellID(c.By, c.Key)] = i
	}
	return out
}

// sameTold reports whether two releases tell the same of each cell and measure
// that both tell of.
func sameTold(a, b *Release, cellsA, cellsB map[string]int) bool {
	for _, m := range a.Measures {
		if a.universe(m) != b.universe(m) {
			continue
		}
		for id, i := range cellsA {
			j, both := cellsB[id]
			if !both {
				continue
			}
			if x, y := a.figure(i, m), b.figure(j, m); x != nil && y != nil && !sameFigure(x, y, loose(a, b, x.N)) {
				return false
			}
		}
	}
	return true
}

// loose is how far the sums of so many people may be apart in two releases that
// print means in few decimals.
func loose(a, b *Release, n int64) float64 { return rounding(n, a.Decimals) + rounding(n, b.Decimals) }

// sameFigure compares what both figures tell; off is what rounding may have
// done to sums.
func sameFigure(a, b *Figure, off float64) bool {
	if a.N != b.N {
		return false
	}
	if a.Histogram != nil && b.Histogram != nil {
		return slices.Equal(a.Histogram, b.Histogram)
	}
	near := func(x, y *float64, off float64) bool {
		return x == nil || y == nil || math.Abs(*x-*y) <= off+float64(1e-6*max(1, math.Abs(*x)/float64(max(a.N, 1))))
	}
	if !near(a.Sum, b.Sum, off) {
		return false
	}
	// Σx² follows from SDs that were rounded too: only exact ones are compared.
	return off > 1e-6*float64(max(a.N, 1)) || near(a.Squares, b.Squares, off)
}
