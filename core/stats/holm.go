package stats

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts the p-values of a table of tests for there being so many of
// them (Holm 1979): an adjusted value of at most 0.05 still says that chance
// alone would give that, or any like it in the table, in at most 5 % of the
// surveys. The adjusted values stand at the places of the given ones, lie
// between them and 1, and keep their order.
//
// A test without a p-value, which is NaN or anything else outside 0-1, counts
// as not made, and gets NaN. The result equals R's p.adjust(p, "holm").
func Holm(p []float64) []float64 {
	adjusted := make([]float64, len(p))
	var order []int
	for i, v := range p {
		if v >= 0 && v <= 1 {
			order = append(order, i)
		} else {
			adjusted[i] = math.NaN()
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, float64(len(order)-rank)*p[i]))
		adjusted[i] = least
	}
	return adjusted
}
