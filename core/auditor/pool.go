package auditor

import "math"

// pool is how far apart the sums of n of the people of a figure can be: at
// least, as far as it is proven or enough, and at most.
func (b *bounds) pool(f *scaled, n, enough float64) (least, most float64) {
	if n >= f.n {
		return 0, 0
	}
	if b.kind == counted {
		r := top(f.counts, n, true) - top(f.counts, n, false)
		return r, r
	}
	mean, by := f.sum/f.n, 1.0
	if b.kind == squared {
		by = math.Sqrt(max(0, f.squares/f.n-float64(mean*mean)) * (f.n - n) / n)
	}
	most = n * (reach(mean, by, n, f.n) + reach(1-mean, by, n, f.n))
	if b.m.Steps < 2 || b.kind == summed {
		return most, most
	}
	if f.counts != nil {
		least = top(f.counts, n, true) - top(f.counts, n, false)
	}
	if least >= enough {
		return least, most
	}
	s := newScores(f, b.m.Steps, n, enough)
	if s == nil {
		return least, most
	}
	s.fill(b.m.Steps - 1)
	if s.left > 0 && s.high-s.low < enough { // all were looked at
		return max(least, s.high-s.low), max(least, s.high-s.low)
	}
	return max(least, s.high-s.low), most
}

// scores goes through the ways in which people can have answered whose Σx and
// Σx², in steps above the lowest, are known.
type scores struct {
	counts               []float64
	people, sum, squares int // still to be placed
	n                    float64
	low, high            float64 // of the sum of n of the people
	enough               float64
	left                 int // steps of work
}

// newScores is nil when the figures are not those of whole-number answers.
func newScores(f *scaled, steps int, n, enough float64) *scores {
	const work = 100_000 // enough for some hundred people on a scale of five
	wide := float64(steps - 1)
	sum, squares := math.Round(f.sum*wide), math.Round(f.squares*wide*wide)
	if math.Abs(float64(f.sum*wide)-sum) > 1e-3 || math.Abs(float64(f.squares*wide*wide)-squares) > 1e-3 {
		return nil
	}
	return &scores{
		counts: make([]float64, steps), people: int(f.n), sum: int(sum), squares: int(squares),
		n: n, low: math.Inf(1), high: math.Inf(-1), enough: enough, left: work,
	}
}

// fill places the people who are left at a step and those below it.
func (s *scores) fill(step int) {
	if s.left--; s.left <= 0 || s.high-s.low >= s.enough {
		return
	}
	if step == 1 {
		if s.sum != s.squares || s.people < s.sum {
			return
		}
		s.counts[1], s.counts[0] = float64(s.sum), float64(s.people-s.sum)
		s.low = min(s.low, top(s.counts, s.n, false))
		s.high = max(s.high, top(s.counts, s.n, true))
		return
	}
	// Each answer of this step takes more from Σx² than from Σx.
	from, to := 0, min(s.people, s.sum/step, (s.squares-s.sum)/(step*(step-1)))
	if step == 2 {
		from = to
	}
	for k := from; k <= to; k++ {
		s.counts[step] = float64(k)
		s.people, s.sum, s.squares = s.people-k, s.sum-k*step, s.squares-k*step*step
		if s.squares <= s.sum*(step-1) {
			s.fill(step - 1)
		}
		s.people, s.sum, s.squares = s.people+k, s.sum+k*step, s.squares+k*step*step
	}
}

// reach is how far above the mean of all the mean of n of them can be: no
// further than the end of the scale, than leaves the others at its low end, and
// than their spread allows.
func reach(mean, most, n, all float64) float64 {
	return max(0, min(most, 1-mean, mean*(all-n)/n))
}

// top is the sum of the n highest answers, or of the n lowest.
func top(counts []float64, n float64, highest bool) float64 {
	sum := 0.0
	for i := range counts {
		step := i
		if highest {
			step = len(counts) - 1 - i
		}
		take := min(n, counts[step])
		sum += float64(take * float64(step) / float64(len(counts)-1))
		n -= take
	}
	return sum
}
