package record

import "math"

// HighIsBad reports whether a high score is a bad sign.
func (in Instrument) HighIsBad() bool { return in.Direction == "high-is-bad" }

// Weak reports whether a percent of scale lies on the weak side.
func (in Instrument) Weak(percent float64) bool {
	if in.HighIsBad() {
		return percent > 100-in.WeakBelow
	}
	return percent < in.WeakBelow
}

// Rounded is the whole number by which a percent of scale is shown to people.
// It is the nearest one, halves up, but never lies in another band or on the
// other side of weak: 64.6 is shown as 64 when a band begins at 65, so that
// number and name agree.
func (in Instrument) Rounded(percent float64) int {
	p := min(100, max(0, percent))
	// The small addend takes up what binary fractions lose.
	near := math.Floor(p + 0.5 + 1e-9)
	far := math.Floor(p)
	if far == near {
		far = math.Ceil(p)
	}
	if !in.alike(near, p) && in.alike(far, p) {
		return int(far)
	}
	return int(near)
}

// alike reports whether two percents read the same.
func (in Instrument) alike(a, b float64) bool {
	for _, band := range in.Bands {
		if (a >= band.At) != (b >= band.At) {
			return false
		}
	}
	return in.Weak(a) == in.Weak(b)
}
