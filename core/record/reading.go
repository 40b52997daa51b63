package record

import (
	"math"
	"slices"
)

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

// Chance says how easily chance alone gives a difference like the one found.
// What people read about a test goes by it, everywhere in the same words.
type Chance int

const (
	ChanceUnknown  Chance = iota // nothing was tested
	ChancePossible               // p is 0.05 or more
	ChanceUnlikely               // p is below 0.05
	ChanceHardly                 // p is below 0.01
)

// Chance reads a test by its corrected p-value, or by its own where there is
// no correction.
func (t *Test) Chance() Chance {
	if t == nil {
		return ChanceUnknown
	}
	p := t.P
	if t.PHolm != nil {
		p = *t.PHolm
	}
	switch {
	case p < 0.01:
		return ChanceHardly
	case p < 0.05:
		return ChanceUnlikely
	case p <= 1:
		return ChancePossible
	}
	return ChanceUnknown
}

// Beyond reports whether the difference is more than chance would easily
// explain.
func (c Chance) Beyond() bool { return c == ChanceUnlikely || c == ChanceHardly }

// String is c in a few words: "may be chance".
func (c Chance) String() string {
	switch c {
	case ChanceHardly:
		return "hardly chance"
	case ChanceUnlikely:
		return "more than chance would easily explain"
	case ChancePossible:
		return "may be chance"
	}
	return "cannot tell"
}

// Sentence is c about the difference named before: "This may be chance."
func (c Chance) Sentence() string {
	switch c {
	case ChanceHardly, ChanceUnlikely:
		return "This is " + c.String() + "."
	case ChancePossible:
		return "This may be chance."
	}
	return "There is not enough to say whether this is chance."
}

// Toward says how a dimension goes with an outcome: 1 where the better score in
// it goes with the better outcome, -1 where it goes with the worse one, 0 where
// neither can be said.
//
// Correlations are of scores after reverse keying, which turns every item,
// outcomes too, the way the instrument is read. So the better goes with the
// better where the correlation is above zero, whether a high score is the good
// one or the bad one. The exception is an outcome with a net score: 9 or 10
// speak well of the place in any instrument and such an item can't be
// reverse-keyed, so where a high score is bad, the right way is below zero.
func (b AssessmentBody) Toward(outcome string, d Driver) int {
	if d.R == nil || *d.R == 0 {
		return 0
	}
	if (*d.R > 0) == (b.Instrument.HighIsBad() && b.netScore(outcome)) {
		return -1
	}
	return 1
}

// netScore reports whether an outcome is read as a net score, be it that there
// is none to show.
func (b AssessmentBody) netScore(outcome string) bool {
	return slices.ContainsFunc(b.Outcomes, func(it Item) bool {
		return it.ID == outcome && (it.ENPS != nil || it.Undefined["enps"] != "")
	})
}

// Strength says in words how closely people's scores in two levels go
// together, by the bounds that Cohen (1988) gave for correlations. It is empty
// when that is not known.
func (l Link) Strength() string {
	switch {
	case l.R == nil:
		return ""
	case *l.R >= 0.5:
		return "go closely together"
	case *l.R >= 0.3:
		return "go together"
	case *l.R >= 0.1:
		return "go together a little"
	case *l.R > -0.1:
		return "hardly go together"
	}
	return "go opposite ways"
}
