package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func histogram(promoters, detractors, n int64) []int64 {
	counts := make([]int64, 11)
	counts[0], counts[6] = detractors/2, detractors-detractors/2
	counts[9], counts[10] = promoters/2, promoters-promoters/2
	counts[7] = (n - promoters - detractors) / 3
	counts[8] = n - promoters - detractors - counts[7]
	return counts
}

func TestENPSAgainstR(t *testing.T) {
	c := &closeness{t: t, tolerance: 1e-6} // R's numerical search
	for _, l := range reference(t, "net", 10) {
		s, why := ENPS(histogram(int64(l[0]), int64(l[1]), int64(l[2])), l[3])
		defined(t, why)
		c.all("eNPS", []float64{s.Interval.Low / 100, s.Interval.High / 100}, l[4:])
		if s.Score != 100*(l[0]-l[1])/l[2] || float64(s.Promoters) != l[0] || float64(s.Detractors) != l[1] {
			t.Errorf("%v, want %v", s, l)
		}
	}
	c.log()
}

func TestENPSAtItsEnds(t *testing.T) {
	// With one kind of answers only, as with Wilson's interval of a share,
	// the far end has a distance of z²/(n+z²) per unit of the scale.
	z := NormalQuantile(0.975)
	for name, c := range map[string]struct {
		promoters, detractors, n int64
		low, high                float64
	}{
		"all promoters":  {20, 0, 20, 100 - 200*z*z/(20+z*z), 100},
		"all detractors": {0, 20, 20, -100, -100 + 200*z*z/(20+z*z)},
		"all passive":    {0, 0, 20, -100 * z * z / (20 + z*z), 100 * z * z / (20 + z*z)},
	} {
		s, why := ENPS(histogram(c.promoters, c.detractors, c.n), 0.95)
		if why != "" || apart(s.Interval.Low, c.low) > 1e-12 || apart(s.Interval.High, c.high) > 1e-12 {
			t.Errorf("%s: %v %q, want %v to %v", name, s, why, c.low, c.high)
		}
	}
}

// Both ends are where the score test just rejects, lie on both sides of the
// score, and change sides when promoters and detractors do.
func TestENPSIntervals(t *testing.T) {
	r := rand.New(rand.NewPCG(2003, 2016))
	for range 3000 {
		n := 1 + r.Int64N(1<<(1+r.IntN(24)))
		promoters := r.Int64N(n + 1)
		detractors := r.Int64N(n - promoters + 1)
		level := 0.5 + 0.499*r.Float64()
		s, why := ENPS(histogram(promoters, detractors, n), level)
		defined(t, why)
		o, why := ENPS(histogram(detractors, promoters, n), level)
		defined(t, why)
		ends := s.Interval
		if s.Score != -o.Score || ends.Low != -o.Interval.High || ends.High != -o.Interval.Low {
			t.Fatalf("%v, turned %v", s, o)
		}
		if !(ends.Low >= -100 && ends.Low <= s.Score && s.Score <= ends.High && ends.High <= 100 && ends.Low < ends.High) {
			t.Fatalf("%v", s)
		}
		wider, _ := ENPS(histogram(promoters, detractors, n), (1+level)/2)
		if wider.Interval.Low > ends.Low || wider.Interval.High < ends.High {
			t.Fatalf("%v at %v, but %v at %v", s, level, wider, (1+level)/2)
		}
	}
}

func TestUndefinedENPS(t *testing.T) {
	for name, c := range map[string]struct {
		counts []int64
		level  float64
		want   Undefined
	}{
		"no answers":     {make([]int64, 11), 0.95, NoAnswers},
		"ten counts":     {make([]int64, 10), 0.95, Contradiction},
		"negative count": {[]int64{-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5}, 0.95, Contradiction},
		"level of NaN":   {histogram(1, 1, 4), math.NaN(), BadLevel},
	} {
		if s, why := ENPS(c.counts, c.level); why != c.want || s != (NetPromoter{}) {
			t.Errorf("%s: %v %q, want %q", name, s, why, c.want)
		}
	}
}
