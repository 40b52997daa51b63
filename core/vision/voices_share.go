package vision

import "slices"

// carriedShare gives the share of the answers that have one of the carried ideas, of
// which it is given how many answers have each, as coarsely as VoicesOf says.
func carriedShare(given [][]idea, carried map[idea]int, minimum int) float64 {
	most, all := 0, 0
	for _, answers := range carried {
		most = max(most, answers)
		all += answers
	}
	n := 0
	for _, ideas := range given {
		if slices.ContainsFunc(ideas, func(at idea) bool { return carried[at] > 0 }) {
			n++
		}
	}
	n = (n + minimum/2) / minimum * minimum
	n = min(max(n, most), all, len(given))
	return float64(n) / float64(len(given))
}
