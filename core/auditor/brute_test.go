package auditor

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// possible is every sum that each cell can have in any whole-number answers
// that make the figures shown.
func (w *world) possible(m *Measure) []map[int]bool {
	sums := make([]map[int]bool, len(w.table.Cells))
	for c := range sums {
		sums[c] = make(map[int]bool)
	}
	guess := &world{table: w.table, steps: w.steps, answers: make([][]int, len(w.answers))}
	var fill func(atom, left, low int)
	fill = func(atom, left, low int) {
		if left == 0 {
			if atom++; atom < len(w.answers) {
				guess.answers[atom] = nil
				fill(atom, len(w.answers[atom]), 1)
				return
			}
			for c, f := range m.Shown {
				if f != nil && !agree(f, guess.figure(counted, w.table.Cells[c]...)) {
					return
				}
			}
			for c, atoms := range w.table.Cells {
				sums[c][int(*guess.figure(counted, atoms...).Sum)] = true
			}
			return
		}
		for x := low; x <= w.steps; x++ {
			before := guess.answers[atom]
			guess.answers[atom] = append(before[:len(before):len(before)], x)
			fill(atom, left-1, x)
			guess.answers[atom] = before
		}
	}
	guess.answers[0] = nil
	fill(0, len(w.answers[0]), 1)
	return sums
}

func randomWorld(r *rand.Rand) *world {
	steps := 2 + r.IntN(2)
	people := func() []int {
		var g []int
		for range r.IntN(3) {
			g = append(g, 1+r.IntN(steps))
		}
		return g
	}
	if r.IntN(3) == 0 {
		return flat(steps, people(), people(), people(), people())
	}
	rows := make([][][]int, 2+r.IntN(2))
	for i := range rows {
		rows[i] = [][]int{people(), people(), people()}
	}
	w := crossed(steps, rows)
	if r.IntN(2) == 0 { // a grouping that is neither nested in the others nor made of them
		w.cell(3, "odd", []int{0, 2, 4})
		w.cell(3, "even", []int{1, 3, 5})
	}
	return w
}

// Another seed and more rounds look further.
const (
	seed   = 2
	rounds = 250
)

// TestAgainstAll compares with all answers that would give the same figures.
func TestAgainstAll(t *testing.T) {
	r := rand.New(rand.NewPCG(1, seed))
	passed, failed := 0, 0
	for range rounds {
		w := randomWorld(r)
		k := []kind{counted, squared, summed}[r.IntN(3)]
		var hold []string
		share := 0.3 + 0.6*r.Float64()
		for _, name := range w.table.Names[1:] {
			if r.Float64() < share {
				hold = append(hold, name)
			}
		}
		m := w.measure(k, hold...)
		if r.IntN(2) == 0 {
			m.Truth = nil
		}
		faults := make([]bool, len(w.table.Cells))
		for _, f := range w.table.Check(t.Context(), []Measure{m}, Rules{Min: 100, Spread: 0.25}) {
			if f.Cell >= 0 {
				faults[f.Cell] = true
			}
		}
		for c, sums := range w.possible(&m) {
			n := int(w.figure(k, w.table.Cells[c]...).N)
			if m.Shown[c] != nil || n == 0 {
				continue
			}
			if !faults[c] && len(sums) < 2 {
				t.Errorf("%s has one value and no fault: %v kind %d without %v, truth %v", w.table.Names[c], w.answers, k, hold, m.Truth != nil)
			}
			if faults[c] {
				failed++
			} else {
				passed++
			}
			w.compare(t, &m, c, sums)
		}
	}
	t.Log(passed, "cells passed,", failed, "failed")
}

// compare holds the range of a cell against all sums it can have.
func (w *world) compare(t *testing.T, m *Measure, cell int, sums map[int]bool) {
	t.Helper()
	low, high := math.MaxInt, 0
	for s := range sums {
		low, high = min(low, s), max(high, s)
	}
	want := float64(high - low)
	c := &check{ctx: context.Background(), table: &w.table, m: m, patterns: map[string]*pattern{}, seen: map[[2]int]bool{}}
	b := c.newBounds(c.pattern(c.hasSum).lay(t.Context()))
	places := make(map[int][]int)
	for _, class := range b.layout.cells[cell] {
		i := b.layout.part[class]
		places[i] = append(places[i], b.layout.place[class])
	}
	program, proven, flat := 0.0, 0.0, true
	for i, at := range places {
		p := b.part(i)
		if len(p.equations) < 2 {
			low, high := b.room(p, at, math.Inf(1))
			program += high
			proven += low
			continue
		}
		flat = false
		if b.tableau(p) == nil {
			t.Fatal("no vertex")
		}
		low, high := b.optimize(p, p.cost(at), math.Inf(1))
		program += high
		if p.search != nil {
			low = max(low, p.search.spread(at, math.Inf(1)))
		}
		proven += low
	}
	program *= float64(w.steps - 1)
	proven *= float64(w.steps - 1)
	if program < want-1e-6 {
		t.Errorf("%s: range %g, but %g is possible: %v", w.table.Names[cell], program, want, w.answers)
	}
	if (flat || b.kind != squared || m.Truth != nil) && proven > want+1e-6 {
		t.Errorf("%s: proven range %g of %g: %v", w.table.Names[cell], proven, want, w.answers)
	}
	if flat && program > want+1e-6 {
		t.Errorf("%s: flat range %g of %g: %v", w.table.Names[cell], program, want, w.answers)
	}
}

// TestRankAgainstDense compares with elimination of the whole matrix.
func TestRankAgainstDense(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		atoms := 3 + r.IntN(6)
		table := Table{Atoms: atoms}
		live := make([]bool, atoms)
		for a := range live {
			live[a] = r.IntN(6) > 0
		}
		shown := make([]bool, 4+r.IntN(10))
		var rows [][]*big.Rat
		for c := range shown {
			var in []int
			for a := range atoms {
				if r.IntN(2) == 0 {
					in = append(in, a)
				}
			}
			table.Cells = append(table.Cells, in)
			if shown[c] = r.IntN(2) == 0; shown[c] {
				rows = append(rows, dense(in, live))
			}
		}
		p := table.pattern(t.Context(), shown, live)
		told := make(map[int]bool)
		for _, c := range p.told {
			told[c] = true
		}
		before := rank(rows)
		for c, in := range table.Cells {
			v := dense(in, live)
			want := !shown[c] && rank([][]*big.Rat{v}) > 0 && rank(append(rows[:len(rows):len(rows)], v)) == before
			if told[c] != want {
				t.Fatalf("cell %d of %v, shown %v, live %v: told %v", c, table.Cells, shown, live, told[c])
			}
		}
	}
}

func dense(in []int, live []bool) []*big.Rat {
	v := make([]*big.Rat, len(live))
	for a := range v {
		v[a] = new(big.Rat)
	}
	for _, a := range in {
		if live[a] {
			v[a].SetInt64(1)
		}
	}
	return v
}

func rank(rows [][]*big.Rat) int {
	m := make([][]*big.Rat, len(rows))
	for i := range rows {
		for _, x := range rows[i] {
			m[i] = append(m[i], new(big.Rat).Set(x))
		}
	}
	done := 0
	for col := 0; len(m) > 0 && col < len(m[0]); col++ {
		at := done
		for at < len(m) && m[at][col].Sign() == 0 {
			at++
		}
		if at == len(m) {
			continue
		}
		m[at], m[done] = m[done], m[at]
		for i := done + 1; i < len(m); i++ {
			by := new(big.Rat).Quo(m[i][col], m[done][col])
			for j := col; j < len(m[i]); j++ {
				m[i][j].Sub(m[i][j], new(big.Rat).Mul(by, m[done][j]))
			}
		}
		done++
	}
	return done
}
