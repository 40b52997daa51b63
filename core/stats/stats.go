// Package stats computes the figures of a culture survey: means, spreads,
// intervals, shares and reliability.
//
// Its functions are pure and start from sufficient statistics, mostly sums of
// integers, never from rows. Sums can be collected in any order, on any
// number of workers, and added up; the figures made from them are the same to
// the last bit, on every processor. To that end everything that can be exact
// is computed in integers and rounded once, products inside sums of floats
// are rounded on their own (float64(a*b)+c, so that no compiler fuses them),
// and the logarithm and exponential are the package's own.
//
// The package knows items only as numbers from 0 to k-1 and answers only as
// integers: reversing, missing-answer policies and anonymity are the business
// of others.
//
// # Undefined results
//
// An estimate that may not exist is returned with a reason of type Undefined.
// When the reason is empty the estimate is a finite number; otherwise it is
// zero and means nothing. Estimates are never NaN or infinite. The
// distribution functions alone follow package math instead: NaN outside their
// domain, infinities at its ends.
package stats

// Undefined says, in words for the reader of a report, why a figure could not
// be computed: "needs at least two respondents". It is empty when the figure
// is defined.
type Undefined string

// The reasons for which a figure can be undefined.
const (
	NoAnswers      Undefined = "nobody answered"
	FewRespondents Undefined = "needs at least two respondents"
	FewItems       Undefined = "needs at least two items"
	// ConstantItem stands in the way of a correlation with that item.
	ConstantItem Undefined = "one of the items got the same answer from everyone"
	// NoVariation stands in the way of a share of the variation.
	NoVariation Undefined = "respondents do not differ"
	// Overlap means that a pair of items shares fewer than two respondents,
	// or that the pairs share so few that the covariances contradict each
	// other: the variance of the total would be negative.
	Overlap Undefined = "too few respondents answered the same items"
	// Dependent stands in the way of everything that tells items apart by
	// regression.
	Dependent Undefined = "too few respondents, or an item that follows from the others"
	// UnderThree and UnderFour mean that a correction for small samples, or
	// the interval of a correlation, does not exist.
	UnderThree Undefined = "needs at least three respondents"
	UnderFour  Undefined = "needs at least four respondents"
	// FewAnswers is about the answers of one respondent.
	FewAnswers Undefined = "needs at least two answers"
	// NoDrivers and NoRelation stand in the way of dividing what explains an
	// outcome.
	NoDrivers  Undefined = "there is nothing that could explain the outcome"
	NoRelation Undefined = "nothing goes together with the outcome"
	// BadLevel and Contradiction are faults of the input, not of the survey:
	// a level outside 0-1, and sums that no set of answers can have, as a
	// damaged file of sums might hold.
	BadLevel      Undefined = "the confidence level must lie between 0 and 1"
	Contradiction Undefined = "the sums contradict each other"
)
