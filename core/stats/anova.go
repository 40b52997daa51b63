package stats

import (
	"math"
	"math/big"
)

// ANOVA is a one-way analysis of variance (Fisher 1925): how far the means of
// groups of respondents lie apart, against how much respondents differ within
// the groups. OneWay makes it; its methods are the figures of it that may not
// exist.
type ANOVA struct {
	Groups   int64 // number of groups with respondents, G
	N        int64 // respondents in all groups
	MeanSize float64
	// N0 is the size of equal groups that would be worth as much as these,
	// (N - Σn²/N) / (G-1); it is below MeanSize where sizes differ.
	N0 float64
	// MSB and MSW are the mean squares between and within groups, in the
	// squared unit of the values, with G-1 and N-G degrees of freedom.
	MSB, MSW float64
}

// The reasons for which groups cannot be compared.
const (
	FewGroups Undefined = "needs at least two groups"
	// SingleMembers leaves nothing to tell how much respondents of one group
	// differ.
	SingleMembers Undefined = "needs a group of at least two respondents"
	// UniformGroups stands in the way of F.
	UniformGroups Undefined = "within the groups respondents do not differ"
	// EqualGroups stands in the way of ICC(2).
	EqualGroups Undefined = "the groups do not differ"
)

// OneWay makes the analysis of variance of groups, each given by its number of
// respondents, mean and standard deviation (with n-1; not looked at when
// there is only one respondent). Groups without respondents do not count.
// Sums are kept to twice the usual precision, so that a thousand groups of
// ten million lose no digits, and the order of the groups matters to no more
// than the last ones.
//
// It is undefined for fewer than two groups (FewGroups), for groups of one
// respondent only (SingleMembers) and for figures that no groups can have
// (Contradiction).
func OneWay(groups []Sample) (ANOVA, Undefined) {
	var a ANOVA
	squares := new(big.Int) // Σn²
	var within, shifted, between, left precise
	// Deviations are taken from one of the means first: the mean of all could
	// lie a rounding beside groups that are all alike.
	var origin float64
	for _, g := range groups {
		switch {
		case g.N == 0:
			continue
		case g.N < 0 || math.IsNaN(g.Mean) || (g.N > 1 && !(g.SD >= 0)):
			return ANOVA{}, Contradiction
		case a.Groups == 0:
			origin = g.Mean
		}
		a.Groups++
		a.N += g.N
		squares.Add(squares, product(g.N, g.N))
		shifted.add(float64(float64(g.N) * (g.Mean - origin)))
		if g.N > 1 {
			within.add(float64(float64(g.N-1) * float64(g.SD*g.SD)))
		}
	}
	switch {
	case a.Groups < 2:
		return ANOVA{}, FewGroups
	case a.N == a.Groups:
		return ANOVA{}, SingleMembers
	}
	mean := shifted.sum() / float64(a.N)
	for _, g := range groups {
		if g.N == 0 {
			continue
		}
		d := g.Mean - origin - mean
		between.add(float64(float64(g.N) * float64(d*d)))
		left.add(float64(float64(g.N) * d))
	}
	ssb := between.sum() - float64(left.sum()*(left.sum()/float64(a.N)))
	a.MSB = max(ssb, 0) / float64(a.Groups-1)
	a.MSW = within.sum() / float64(a.N-a.Groups)
	if !(a.MSB+a.MSW < math.Inf(1)) {
		return ANOVA{}, Contradiction
	}
	a.MeanSize = quotient(integer(a.N), integer(a.Groups))
	square := product(a.N, a.N)
	a.N0 = quotient(square.Sub(square, squares), product(a.N, a.Groups-1))
	return a, ""
}

// F is the ratio MSB/MSW, 0 or more. It is undefined when respondents differ
// in no group (UniformGroups).
func (a ANOVA) F() (float64, Undefined) {
	f := a.MSB / a.MSW
	if !(f < math.Inf(1)) {
		return 0, UniformGroups
	}
	return f, ""
}

// P is the probability of so large an F among groups that do not differ, 0 to
// 1. It may be as small as to be 0. It is undefined where F is.
func (a ANOVA) P() (float64, Undefined) {
	f, why := a.F()
	if why != "" {
		return 0, why
	}
	return FTail(f, float64(a.Groups-1), float64(a.N-a.Groups)), ""
}

// between and total are the sums of squares.
func (a ANOVA) between() float64 { return float64(a.MSB * float64(a.Groups-1)) }
func (a ANOVA) total() float64   { return a.between() + float64(a.MSW*float64(a.N-a.Groups)) }

// EtaSquared is the share of the variation that lies between the groups, 0 to
// 1 (Fisher 1925). It overstates what it would be for everyone, OmegaSquared
// less so. It is undefined when all respondents are alike (NoVariation).
func (a ANOVA) EtaSquared() (float64, Undefined) {
	return shareOf(a.between(), a.total(), NoVariation)
}

// OmegaSquared is the share of the variance that lies between groups, with
// the part taken off that chance puts there (Hays 1963). It is at most 1, and
// may be negative, which says no more than 0 would. It is undefined when all
// respondents are alike (NoVariation).
func (a ANOVA) OmegaSquared() (float64, Undefined) {
	return shareOf(a.between()-float64(float64(a.Groups-1)*a.MSW), a.total()+a.MSW, NoVariation)
}

// ICC1 is the intraclass correlation of single respondents, ICC(1): the share
// of the variance that membership in a group explains (Fisher 1925; Bliese
// 2000), with N0 for the size of a group, as it must be where sizes differ
// (Haggard 1958). It is at most 1; negative values, down to -1/(N0-1), say
// that members of a group differ more than strangers. It is undefined when
// all respondents are alike (NoVariation).
func (a ANOVA) ICC1() (float64, Undefined) { return a.icc1(a.N0) }

// ICC1MeanSize is ICC(1) with the mean size of the groups, as R's multilevel
// computes it. It equals ICC1 for groups of one size and is there for
// comparison.
func (a ANOVA) ICC1MeanSize() (float64, Undefined) { return a.icc1(a.MeanSize) }

func (a ANOVA) icc1(size float64) (float64, Undefined) {
	return shareOf(a.MSB-a.MSW, a.MSB+float64((size-1)*a.MSW), NoVariation)
}

// ICC2 is the reliability of the groups' means, ICC(2): (MSB-MSW)/MSB (Bliese
// 2000). It is at most 1 and has no lower bound; negative values say that the
// means differ less than chance makes them. It is undefined when the groups
// do not differ (EqualGroups).
func (a ANOVA) ICC2() (float64, Undefined) {
	return shareOf(a.MSB-a.MSW, a.MSB, EqualGroups)
}

// shareOf is part/whole, or undefined for the reason given when the whole is
// nothing beside it.
func shareOf(part, whole float64, why Undefined) (float64, Undefined) {
	s := part / whole
	if math.IsNaN(s) || math.IsInf(s, 0) {
		return 0, why
	}
	return s, ""
}

// precise is a sum that carries along what rounding takes from it (Neumaier
// 1974).
type precise struct{ rounded, lost float64 }

func (p *precise) add(x float64) {
	sum := p.rounded + x
	if math.Abs(p.rounded) >= math.Abs(x) {
		p.lost += p.rounded - sum + x
	} else {
		p.lost += x - sum + p.rounded
	}
	p.rounded = sum
}

func (p precise) sum() float64 { return p.rounded + p.lost }
