package auditor

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestRatio compares with math/big, near the ends where whole numbers no longer fit.
func TestRatio(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	pick := func() ratio {
		n := r.Int64() >> r.IntN(64)
		if r.IntN(2) == 0 {
			n = -n
		}
		if r.IntN(10) == 0 {
			n = math.MinInt64
		}
		a := ratio{n: n}
		if r.IntN(4) == 0 {
			a = a.over(ratio{n: 3})
		}
		return a
	}
	for range 10000 {
		a, b, c := pick(), pick(), pick()
		want := new(big.Rat).Mul(b.big(), c.big())
		want.Sub(a.big(), want)
		if got := a.minus(b, c); got.big().Cmp(want) != 0 || got.zero() != (want.Sign() == 0) {
			t.Fatalf("%v - %v·%v = %v, want %v", a.big(), b.big(), c.big(), got.big(), want)
		}
		if !b.zero() {
			if got := a.over(b); got.big().Cmp(new(big.Rat).Quo(a.big(), b.big())) != 0 {
				t.Fatalf("%v / %v = %v", a.big(), b.big(), got.big())
			}
		}
	}
}

// TestEchelonExact tells what elimination modulo a prime would not: the
// determinant is a multiple of it.
func TestEchelonExact(t *testing.T) {
	const prime = 2147483647
	e := newEchelon(2, 2)
	e.add(vector{{0, ratio{n: 1}}, {1, ratio{n: 1}}}, 0)
	if !e.add(vector{{0, ratio{n: 1}}, {1, ratio{n: 1 + prime}}}, 1) {
		t.Error("lost a row")
	}
	made, told := e.made(ones(1))
	if !told || len(made) != 2 || made[1].by.big().Cmp(big.NewRat(1, prime)) != 0 {
		t.Error(made, told)
	}
}

// TestHalves works out a cell that takes half of others to be made.
func TestHalves(t *testing.T) {
	table := Table{Atoms: 3, Cells: [][]int{{0, 1, 2}, {0, 1}, {1, 2}, {0, 2}, {0}}, Names: []string{"all", "a", "b", "c", "d"}}
	m := Measure{Shown: []*Figure{nil, {N: 13}, {N: 15}, {N: 16}, nil}}
	faults := table.Check(t.Context(), []Measure{m}, standard)
	if len(faults) != 2 || faults[0].Cell != 0 || faults[1].Cell != 4 {
		t.Error(faults)
	}
	m.Shown[1].N = 14 // 7.5 people
	if faults = table.Check(t.Context(), []Measure{m}, standard); len(faults) < 3 || faults[len(faults)-1].What != faultConflict {
		t.Error(faults)
	}
}
