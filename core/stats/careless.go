package stats

import (
	"math"
	"slices"
)

// LongestRun is the length of the longest run of the same answer in a row of
// answers, given in the order of the instrument and as the respondent gave
// them, not reversed (Johnson 2005, "long string"). A missing answer breaks a
// run. It is 0 for a row without answers.
//
// With a floor above 0 only runs longer than it matter, and where there is none
// the result is some number up to it. Such a run covers one of every floor+1
// answers, so that the others need not be looked at.
func LongestRun(row []int32, missing int32, floor int) int {
	longest := 0
	stride := floor + 1
	for at := floor; at < len(row); at += stride {
		x := row[at]
		if x == missing {
			continue
		}
		first := at
		for first > 0 && row[first-1] == x {
			first--
		}
		for at+1 < len(row) && row[at+1] == x {
			at++ // on from the end of the run
		}
		longest = max(longest, at-first+1)
	}
	return longest
}

// WithinSD is the standard deviation, with n-1, of one respondent's answers
// as they were given (Dunn, Heffner and Huang 2018, "intra-individual response
// variability"), in the unit of the answers; missing answers are left out. A
// respondent who answers everything alike has 0. It is exact up to the final
// rounding while n²·x² stays within int64: for 3,000 answers of up to a
// million.
//
// It is undefined for fewer than two answers (FewAnswers).
func WithinSD(row []int32, missing int32) (float64, Undefined) {
	var n, sum, squares int64
	for _, x := range row {
		if x != missing {
			n++
			sum += int64(x)
			squares += int64(x) * int64(x)
		}
	}
	if n < 2 {
		return 0, FewAnswers
	}
	return math.Sqrt(float64(n*squares-sum*sum) / float64(n*(n-1))), ""
}

// Mahalanobis measures how far a respondent's answers lie from the middle of
// all answers, in view of how items vary and go together (Mahalanobis 1936).
// It is for one goroutine.
type Mahalanobis struct {
	means  []float64
	lower  cholesky // of the covariances
	solved []float64
}

// NewMahalanobis prepares the distances of k items from their means and
// covariances, both over the respondents who answered all items. It is
// undefined without items (FewItems), when an item has no variance
// (ConstantItem), when items follow from each other (Dependent) and for means
// that are not as many as items (Contradiction).
func NewMahalanobis(means []float64, covariances Symmetric) (*Mahalanobis, Undefined) {
	switch {
	case covariances.k == 0:
		return nil, FewItems
	case len(means) != covariances.k:
		return nil, Contradiction
	}
	for j := range means {
		if !(covariances.At(j, j) > 0) {
			return nil, ConstantItem
		}
	}
	lower, _, ok := decompose(covariances, dependent)
	if !ok {
		return nil, Dependent
	}
	return &Mahalanobis{slices.Clone(means), lower, make([]float64, len(means))}, ""
}

// Squared is the squared distance D² of one respondent, 0 or more. Under
// normally distributed answers it is nearly chi-squared with k degrees of
// freedom, so that ChiSquareTail(D², k) says how rare such a respondent is;
// under 0.001 is the usual bound (Tabachnick and Fidell 2013). It reports false
// for a respondent who did not answer all k items.
func (m *Mahalanobis) Squared(row []int32, missing int32) (float64, bool) {
	if len(row) != len(m.means) {
		return 0, false
	}
	d2 := 0.0
	for i, x := range row {
		if x == missing {
			return 0, false
		}
		before := m.lower.row(i)
		z := (float64(x) - m.means[i] - dot(before[:i], m.solved[:i])) / before[i]
		m.solved[i] = z
		d2 += float64(z * z)
	}
	return d2, true
}
