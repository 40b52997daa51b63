package auditor

import (
	"math/big"
	"slices"
)

// ratio is an exact number: a whole one that fits is in n, any other in rat.
type ratio struct {
	n   int64
	rat *big.Rat
}

func (a ratio) zero() bool { return a.rat == nil && a.n == 0 }

func (a ratio) one() bool { return a.rat == nil && a.n == 1 }

func (a ratio) big() *big.Rat {
	if a.rat != nil {
		return a.rat
	}
	return new(big.Rat).SetInt64(a.n)
}

func (a ratio) float() float64 {
	if a.rat == nil {
		return float64(a.n)
	}
	f, _ := a.rat.Float64()
	return f
}

func exactly(r *big.Rat) ratio {
	if r.IsInt() && r.Num().IsInt64() {
		return ratio{n: r.Num().Int64()}
	}
	return ratio{rat: r}
}

// minus is a - b·c.
func (a ratio) minus(b, c ratio) ratio {
	if a.rat == nil && b.rat == nil && c.rat == nil && within(a.n, 1<<62) && within(b.n, 1<<31) && within(c.n, 1<<31) {
		return ratio{n: a.n - b.n*c.n}
	}
	p := new(big.Rat).Mul(b.big(), c.big())
	return exactly(p.Sub(a.big(), p))
}

func (a ratio) negative() ratio { return ratio{}.minus(a, ratio{n: 1}) }

// over is a / b; b is not 0.
func (a ratio) over(b ratio) ratio {
	if b.one() {
		return a
	}
	return exactly(new(big.Rat).Quo(a.big(), b.big()))
}

// within leaves out the end, so that sums of two such numbers fit.
func within(n, end int64) bool { return -end < n && n < end }

// term is one entry of a vector that is not 0.
type term struct {
	at int
	by ratio
}

// vector is its entries other than 0, ascending by place.
type vector []term

// ones is 1 at the places, which ascend.
func ones(places ...int) vector {
	v := make(vector, len(places))
	for i, at := range places {
		v[i] = term{at, ratio{n: 1}}
	}
	return v
}

// workspace adds up vectors.
type workspace struct {
	sum  []ratio
	used []int // places written to, with repetitions
}

func newWorkspace(width int) *workspace {
	return &workspace{sum: make([]ratio, width)}
}

// subtract takes by·v away.
func (w *workspace) subtract(v vector, by ratio) {
	for _, t := range v {
		if w.sum[t.at].zero() {
			w.used = append(w.used, t.at)
		}
		w.sum[t.at] = w.sum[t.at].minus(t.by, by)
	}
}

// take hands over the sum and starts again from 0.
func (w *workspace) take() vector {
	slices.Sort(w.used)
	var v vector
	for _, at := range w.used {
		if !w.sum[at].zero() {
			v = append(v, term{at, w.sum[at]})
			w.sum[at] = ratio{}
		}
	}
	w.used = w.used[:0]
	return v
}
