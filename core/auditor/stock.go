package auditor

import "math"

// Figures are on a scale from 0 to 1 from here on, which makes the ends of the
// scale easy to see in the formulas.

// moments is the people, Σx and Σx² of a set of people.
type moments struct{ n, sum, squares float64 }

// stock is the answers of the classes of a part, which can be exchanged in
// several ways. To go up a way in one class and down it in another leaves what
// is known of both together as it is.
type stock interface {
	ways() []float64                          // by how much one unit of each raises Σx
	room(place, way int, up bool) float64     // how many units a class can go
	move(place, way int, up bool, by float64) // goes
	whole() bool                              // whether only whole units can go
}

// counts is how many people of each class gave each answer. A unit of a way is
// one person who gives one answer instead of a lower one.
type counts struct {
	of    [][]float64 // by place and step
	pairs [][2]int    // lower and upper step of each way
	worth []float64
}

// newCounts tries wide exchanges first: they need the fewest.
func newCounts(of [][]float64, steps int) *counts {
	c := &counts{of: of}
	for wide := steps - 1; wide > 0; wide-- {
		for low := 0; low+wide < steps; low++ {
			c.pairs = append(c.pairs, [2]int{low, low + wide})
			c.worth = append(c.worth, float64(wide)/float64(steps-1))
		}
	}
	return c
}

func (c *counts) ways() []float64 { return c.worth }

func (c *counts) room(place, way int, up bool) float64 {
	if up {
		return c.of[place][c.pairs[way][0]]
	}
	return c.of[place][c.pairs[way][1]]
}

func (c *counts) move(place, way int, up bool, by float64) {
	if !up {
		by = -by
	}
	c.of[place][c.pairs[way][0]] -= by
	c.of[place][c.pairs[way][1]] += by
}

func (c *counts) whole() bool { return true }

// spreads is Σx and Σx² of each class. A unit of a way raises Σx by 1 and Σx²
// by the slope of the way, as people do who answer a little more than half of
// it. Answers that make such figures exist while (Σx)²/n <= Σx² <= Σx.
type spreads struct {
	of     []moments
	slopes []float64
	worth  []float64
	loose  bool // nothing is known of Σx²
}

func newSpreads(of []moments, loose bool) *spreads {
	s := &spreads{of: of, loose: loose, slopes: []float64{1}}
	if !loose {
		// Both ends first: they go furthest, those in between finish the work.
		for i := 1; i <= 8; i++ {
			eighths := float64(float64(i) / 8)
			s.slopes = append(s.slopes, 1+eighths, 1-eighths)
		}
	}
	for range s.slopes {
		s.worth = append(s.worth, 1)
	}
	return s
}

func (s *spreads) ways() []float64 { return s.worth }

func (s *spreads) room(place, way int, up bool) float64 {
	m := s.of[place]
	end := m.sum
	if up {
		end = m.n - m.sum
	}
	if s.loose {
		return max(0, end)
	}
	slope, sign := s.slopes[way], -1.0
	if up {
		sign = 1
	}
	// The least Σx² is reached where (Σx ± r)² = n(Σx² ± r·slope).
	half := float64(sign * (float64(m.n*slope) - float64(2*m.sum)) / 2)
	slack := max(0, float64(m.n*m.squares)-float64(m.sum*m.sum))
	r := min(end, half+math.Sqrt(float64(half*half)+slack))
	// The most where Σx² ± r·slope = Σx ± r.
	if steep := sign * (slope - 1); steep > 0 {
		r = min(r, (m.sum-m.squares)/steep)
	}
	return max(0, r)
}

func (s *spreads) move(place, way int, up bool, by float64) {
	if !up {
		by = -by
	}
	s.of[place].sum += by
	s.of[place].squares += float64(by * s.slopes[way])
}

func (s *spreads) whole() bool { return false }
