package score

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// worlds calls do for surveys of all kinds, made at random; each is the same in
// every run.
func worlds(t *testing.T, n int, do func(t *testing.T, w *world)) {
	if testing.Short() {
		n = (n + 3) / 4
	}
	for seed := range n {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { do(t, newWorld(uint64(seed))) })
	}
}

// TestCountsWhatIsThere compares Run with counting by hand, so to speak.
func TestCountsWhatIsThere(t *testing.T) {
	compact, partly := 0, 0
	worlds(t, 20, func(t *testing.T, w *world) {
		n := newNaive(w)
		want := text(n.assessments())
		opt := w.opt
		if got := text(score(t, opt, w.files(1)...)); got != want {
			t.Fatalf("one file: %s", firstDifference(got, want))
		}
		for _, most := range []uint32{1, 2, 7} {
			if got := text(runWith(t, opt, most, w.files(1))); got != want {
				t.Fatalf("emptied every %d rows: %s", most, firstDifference(got, want))
			}
		}
		for range 3 {
			opt.Workers, opt.Reading.Block = pick(w.Rand, 2, 3, 8), pick(w.Rand, 0, 1, 100, 5000)
			files := w.files(1 + w.IntN(5))
			if got := text(score(t, opt, files...)); got != want {
				t.Fatalf("%d files, %d workers, blocks of %d: %s", len(files), opt.Workers, opt.Reading.Block, firstDifference(got, want))
			}
		}
		// What makes the test worth its while.
		for d := range n.l.dims {
			if n.l.dims[d].compact {
				compact++
			}
		}
		for _, a := range n.assessments() {
			for _, c := range a.Whole.Drivers {
				if c.Partly.N > 0 && c.Complete.N > 0 {
					partly++
				}
			}
		}
	})
	if !testing.Short() && (compact < 10 || partly < 5) {
		t.Errorf("%d compact dimensions, %d drivers of both sorts: too few to say anything", compact, partly)
	}
}

// TestFiguresOfScores compares means, SDs and shares with loops over people, in
// fractions of any size.
func TestFiguresOfScores(t *testing.T) {
	figures := 0
	worlds(t, 16, func(t *testing.T, w *world) {
		a := score(t, w.opt, w.files(1)...)
		n := newNaive(w)
		s := NewScorer(w.in, w.opt.Missing)
		for _, a := range a {
			var people []person
			for _, p := range w.people {
				answered := slices.ContainsFunc(p.answers, func(g given) bool { return g.ok })
				if p.client == a.Client && p.wave == a.Wave && answered && !(w.opt.ExcludeCareless && n.run(p) >= w.opt.withDefaults().LongRun) {
					people = append(people, p)
				}
			}
			for d := range w.in.Dimensions {
				got := s.Dimension(a.Total, d)
				scores := n.exactScores(people, d)
				if int64(len(scores)) != *got.N {
					t.Fatalf("dimension %d: n is %d, want %d", d, *got.N, len(scores))
				}
				if len(scores) < 2 {
					continue
				}
				mean, sd := meanSD(scores)
				scale := w.in.Dimensions[d].Scale()
				percent := 100 * (mean - float64(scale.Min)) / float64(scale.Max-scale.Min)
				for name, pair := range map[string][2]float64{"mean": {*got.Mean, mean}, "sd": {*got.SD, sd}, "percent": {*got.Percent, percent}} {
					figures++
					if math.Abs(pair[0]-pair[1]) > 1e-11*float64(max(scale.Max, -scale.Min, 100)) {
						t.Errorf("dimension %d: %s is %.17g, want %.17g", d, name, pair[0], pair[1])
					}
				}
			}
		}
	})
	if !testing.Short() && figures < 50 {
		t.Errorf("compared only %d figures", figures)
	}
}

// exactScores are those of the people who have one, under the policy.
func (n *naive) exactScores(people []person, d int) []*big.Rat {
	items, unit := n.of(d)
	k := len(items)
	var fill []*big.Rat
	if n.opt.Missing == instrument.ItemMeanImputed {
		for _, i := range items {
			sum, m := new(big.Int), int64(0)
			for _, p := range people {
				if x, ok := n.keyed(p, i, unit); ok {
					sum.Add(sum, x)
					m++
				}
			}
			if m == 0 {
				return nil
			}
			fill = append(fill, new(big.Rat).SetFrac(sum, big.NewInt(m)))
		}
	}
	var out []*big.Rat
	for _, p := range people {
		sum, m := new(big.Rat), 0
		for at, i := range items {
			if x, ok := n.keyed(p, i, unit); ok {
				sum.Add(sum, new(big.Rat).SetInt(x))
				m++
			} else if fill != nil {
				sum.Add(sum, fill[at])
			}
		}
		switch {
		case fill != nil:
			m = k
		case m < n.need(k) || m == 0:
			continue
		}
		out = append(out, sum.Quo(sum, new(big.Rat).SetInt64(int64(m)*unit)))
	}
	return out
}

func meanSD(values []*big.Rat) (mean, sd float64) {
	n := big.NewRat(int64(len(values)), 1)
	sum, squares := new(big.Rat), new(big.Rat)
	for _, x := range values {
		sum.Add(sum, x)
		squares.Add(squares, new(big.Rat).Mul(x, x))
	}
	average := new(big.Rat).Quo(sum, n)
	mean, _ = average.Float64()
	rest := squares.Sub(squares, sum.Mul(sum, average))
	variance, _ := rest.Quo(rest, n.Sub(n, big.NewRat(1, 1))).Float64()
	return mean, math.Sqrt(variance)
}
