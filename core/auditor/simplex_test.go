package auditor

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

func TestProgram(t *testing.T) {
	for _, test := range []struct {
		name   string
		rows   [][]float64
		totals []float64
		cost   []float64
		want   float64 // NaN when no vertex exists, infinite when it has no end
	}{
		{"one", [][]float64{{1, 1}}, []float64{4}, []float64{1, 0}, 4},
		{"two", [][]float64{{1, 1, 1, 0}, {1, 3, 0, 1}}, []float64{4, 6}, []float64{3, 5, 0, 0}, 14},
		{"negative total", [][]float64{{-1, -1}}, []float64{-4}, []float64{2, 1}, 8},
		{"redundant", [][]float64{{1, 1, 0}, {0, 1, 1}, {1, 2, 1}}, []float64{2, 3, 5}, []float64{0, 1, 0}, 2},
		{"infeasible", [][]float64{{1, 1}, {1, 1}}, []float64{2, 3}, []float64{1, 0}, math.NaN()},
		{"no vertex", [][]float64{{1, 1}}, []float64{-1}, []float64{1, 0}, math.NaN()},
		{"no end", [][]float64{{1, -1}}, []float64{1}, []float64{1, 0}, math.Inf(1)},
		// Beale's example, in which the largest gain alone goes round in circles.
		{"cycling", [][]float64{
			{1, 0, 0, 0.25, -8, -1, 9}, {0, 1, 0, 0.5, -12, -0.5, 3}, {0, 0, 1, 0, 0, 1, 0},
		}, []float64{0, 0, 1}, []float64{0, 0, 0, 0.75, -20, 0.5, -6}, 1.25},
	} {
		p := newProgram(t.Context(), test.rows, test.totals)
		if p == nil {
			if !math.IsNaN(test.want) {
				t.Errorf("%s: no vertex", test.name)
			}
			continue
		}
		_, got, ok := p.maximize(t.Context(), test.cost, math.Inf(1))
		if ok == math.IsInf(test.want, 1) || ok && !(math.Abs(got-test.want) < 1e-9) {
			t.Errorf("%s: got %g %v, want %g", test.name, got, ok, test.want)
		}
	}
}

func TestProgramEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rows := make([][]float64, 100)
	totals := make([]float64, 100)
	for i := range rows {
		rows[i] = make([]float64, 100)
		rows[i][i], totals[i] = 1, 1
	}
	if newProgram(ctx, rows, totals) != nil {
		t.Error("went on")
	}
}

// TestProgramAgainstVertices compares with every choice of a basis.
func TestProgramAgainstVertices(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 500 {
		m, n := 1+r.IntN(3), 4+r.IntN(3)
		rows, totals, cost := make([][]float64, m+1), make([]float64, m+1), make([]float64, n)
		x := make([]float64, n)
		for j := range n {
			x[j] = float64(r.IntN(4))
			cost[j] = float64(r.IntN(9) - 4)
		}
		for i := range rows {
			rows[i] = make([]float64, n)
			for j := range n {
				rows[i][j] = float64(r.IntN(3))
				if i == m { // keeps it bounded
					rows[i][j] = 1
				}
				totals[i] += rows[i][j] * x[j]
			}
		}
		want := math.Inf(-1)
		subsets(n, m+1, func(basis []int) {
			if v, ok := vertex(rows, totals, basis, cost); ok {
				want = max(want, v)
			}
		})
		p := newProgram(t.Context(), rows, totals)
		if p == nil {
			t.Fatal("no vertex")
		}
		_, got, ok := p.maximize(t.Context(), cost, math.Inf(1))
		// Redundant equations leave no square basis to compare with.
		if !ok || !math.IsInf(want, -1) && math.Abs(got-want) > 1e-6 {
			t.Fatalf("got %g %v, want %g", got, ok, want)
		}
	}
}

func subsets(n, k int, do func([]int)) {
	var pick func(from int, got []int)
	pick = func(from int, got []int) {
		if len(got) == k {
			do(got)
			return
		}
		for j := from; j < n; j++ {
			pick(j+1, append(got[:len(got):len(got)], j))
		}
	}
	pick(0, nil)
}

// vertex solves for the basis by elimination.
func vertex(rows [][]float64, totals []float64, basis []int, cost []float64) (float64, bool) {
	m := len(totals)
	a := make([][]float64, m)
	for i := range a {
		for _, j := range basis {
			a[i] = append(a[i], rows[i][j])
		}
		a[i] = append(a[i], totals[i])
	}
	for c := range m {
		at := c
		for i := c; i < m; i++ {
			if math.Abs(a[i][c]) > math.Abs(a[at][c]) {
				at = i
			}
		}
		if math.Abs(a[at][c]) < 1e-9 {
			return 0, false
		}
		a[at], a[c] = a[c], a[at]
		for i := range m {
			if by := a[i][c] / a[c][c]; i != c {
				for j := c; j <= m; j++ {
					a[i][j] -= by * a[c][j]
				}
			}
		}
	}
	sum := 0.0
	for i, j := range basis {
		x := a[i][m] / a[i][i]
		if x < -1e-9 {
			return 0, false
		}
		sum += cost[j] * x
	}
	return sum, true
}
