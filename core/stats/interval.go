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
	switch {
	case !(level > 0 && level < 1):
		return Interval{}, BadLevel
	case n < 2:
		return Interval{}, FewRespondents
	case !(sd >= 0) || math.IsInf(sd, 1):
		return Interval{}, Contradiction
	}
	t := -StudentTQuantile((1-level)/2, float64(n-1))
	half := float64(t * (sd / math.Sqrt(float64(n))))
	return Interval{mean - half, mean + half}, ""
}
