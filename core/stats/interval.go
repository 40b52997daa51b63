package stats

import "math"

// Interval is a confidence interval, in the unit of its estimate, both ends
// included.
type Interval struct{ Low, High float64 }

// MeanInterval is the confidence interval of a mean by Student's t with n-1
// degrees of freedom (Student 1908): mean ± t·sd/√n. Sd is the sample standard
// deviation, with n-1; level is the confidence, 0 to 1 exclusive, such as
// 0.95. The interval may reach past the scale of the answers. When all
// answers are alike it has no width.
//
// It is undefined for n < 2 (FewRespondents), for an impossible sd
// (Contradiction) and an impossible level (BadLevel).
func MeanInterval(mean, sd float64, n int64, level float64) (Interval, Undefined) {
	return NewCritical(level).MeanInterval(mean, sd, n)
}

// Critical computes intervals at one level of confidence, and each critical
// value only once: a report needs few different ones, and they cost more than
// all else. It is for one goroutine.
type Critical struct {
	tail float64 // probability beyond either end
	z    float64 // of the normal distribution; 0 until it is needed
	t    map[int64]float64
}

// NewCritical returns a Critical for a level of confidence, 0 to 1 exclusive.
// At any other level its intervals are undefined (BadLevel).
func NewCritical(level float64) *Critical {
	return &Critical{tail: (1 - level) / 2, t: map[int64]float64{}}
}

func (c *Critical) bad() bool { return !(c.tail > 0 && c.tail < 0.5) }

func (c *Critical) normal() float64 {
	if c.z == 0 {
		c.z = -NormalQuantile(c.tail)
	}
	return c.z
}

func (c *Critical) student(df int64) float64 {
	t, ok := c.t[df]
	if !ok {
		t = -StudentTQuantile(c.tail, float64(df))
		c.t[df] = t
	}
	return t
}

// MeanInterval is the function MeanInterval at the level of c.
func (c *Critical) MeanInterval(mean, sd float64, n int64) (Interval, Undefined) {
	switch {
	case c.bad():
		return Interval{}, BadLevel
	case n < 2:
		return Interval{}, FewRespondents
	case !(sd >= 0) || math.IsInf(sd, 1):
		return Interval{}, Contradiction
	}
	half := float64(c.student(n-1) * (sd / math.Sqrt(float64(n))))
	return Interval{mean - half, mean + half}, ""
}
