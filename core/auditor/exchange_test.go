package auditor

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestCycleLong needs six cells: three rows and columns with two withheld each.
func TestCycleLong(t *testing.T) {
	w := crossed(5, [][][]int{
		{group(4, 1, 5), group(4, 1, 5), group(9, 1, 2)},
		{group(9, 1, 2), group(4, 1, 5), group(4, 1, 5)},
		{group(4, 1, 5), group(9, 1, 2), group(4, 1, 5)},
	})
	m := w.measure(counted, "row 0 column 0", "row 0 column 1", "row 1 column 1", "row 1 column 2", "row 2 column 0", "row 2 column 2")
	if got := w.check(t, standard, m); got != "" {
		t.Error(got)
	}
	w.answers[4] = group(4, 3) // the cycle is broken, and all are pinned down
	m = w.measure(counted, w.table.Names[7], w.table.Names[8], w.table.Names[11], w.table.Names[12], w.table.Names[13], w.table.Names[15])
	faults := w.table.Check(t.Context(), []Measure{m}, standard)
	if len(faults) != 6 || slices.ContainsFunc(faults, func(f Fault) bool { return f.What != faultNarrow }) {
		t.Error(faults)
	}
}

// TestExchangeReverts leaves what it started from.
func TestExchangeReverts(t *testing.T) {
	of := [][]float64{{1, 0, 2}, {2, 2, 0}, {0, 3, 1}}
	s := newCounts([][]float64{slices.Clone(of[0]), slices.Clone(of[1]), slices.Clone(of[2])}, 3)
	net := newNetwork(t.Context(), 3, []equation{{places: []int{0, 1, 2}}, {places: []int{0}}})
	x := newExchange(t.Context(), &net, s, 3)
	if got := x.spread([]int{0}, math.Inf(1)); got != 0 {
		t.Error("moved what is known", got)
	}
	// All of the other two: the highest four answers of 2 2 0 and 0 3 1, less the lowest.
	if got, want := x.spread([]int{1}, math.Inf(1)), 2.5-1; got != want {
		t.Errorf("got %g, want %g", got, want)
	}
	for i := range of {
		if !slices.Equal(of[i], s.of[i]) {
			t.Error("changed", i, s.of[i])
		}
	}
}

// TestSpreadsRoom goes as far as there is room, and no further.
func TestSpreadsRoom(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	fits := func(m moments, end float64) bool {
		return m.sum*m.sum <= m.n*m.squares+end && m.squares <= m.sum+end && m.sum >= -end && m.sum <= m.n+end
	}
	for range 5000 {
		m := moments{n: float64(1 + r.IntN(5))}
		for range int(m.n) {
			x := r.Float64()
			m.sum += x
			m.squares += x * x
		}
		s := newSpreads([]moments{m}, false)
		way, up := r.IntN(len(s.slopes)), r.IntN(2) == 0
		room := s.room(0, way, up)
		s.move(0, way, up, room)
		if !fits(s.of[0], 1e-9) {
			t.Fatalf("%v went %g to %v", m, room, s.of[0])
		}
		s.move(0, way, up, 1e-3)
		if fits(s.of[0], 1e-9) {
			t.Fatalf("%v stopped after %g", m, room)
		}
	}
}

// TestExchangeAgainstProgram compares scores' sums and squares with linear
// programs on a fine grid, in two-way tables.
func TestExchangeAgainstProgram(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	best, total := 0, 0
	for range 60 {
		rows := make([][][]int, 3)
		for i := range rows {
			for range 3 {
				var g []int
				for range 1 + r.IntN(6) {
					g = append(g, 1+r.IntN(5))
				}
				rows[i] = append(rows[i], g)
			}
		}
		w := crossed(5, rows)
		m := w.measure(squared, w.table.Names[7:]...)
		m.Steps = 0
		for _, f := range m.Truth {
			f.Histogram = nil
		}
		c := &check{ctx: t.Context(), table: &w.table, m: &m, patterns: map[string]*pattern{}}
		b := c.newBounds(c.pattern(c.hasSum).lay(t.Context()))
		p := b.part(0)
		p.points = grid(65)
		for place := range p.classes {
			b.tableau(p)
			limit, _ := b.optimize(p, p.cost([]int{place}), math.Inf(1))
			found := p.search.spread([]int{place}, math.Inf(1))
			if found > limit+0.02 {
				t.Fatalf("%v: found %g of %g", rows, found, limit)
			}
			total++
			if found > 0.9*limit {
				best++
			}
		}
	}
	t.Logf("found nine tenths of the range in %d of %d", best, total)
	if best < total*3/4 {
		t.Error("the search finds too little")
	}
}
