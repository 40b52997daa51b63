package canvasoutcomes

import (
	"math"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
)

// tier is a rating: what somebody is called who has at least so many points. Points are
// whole numbers: with a decimal sign Canvas would read them by the language of the
// account.
type tier struct {
	points int
	name   string
}

// ofDimension are the tiers of an instrument's dimensions, the best first, and the points
// from which on a dimension is mastered. Points are percent of the scale, counted so that
// 100 is the good end. They are the instrument's bands where it has some.
func ofDimension(in *record.Instrument) (tiers []tier, mastery int) {
	mastery = int(math.Round(in.WeakBelow))
	if mastery <= 0 || mastery >= 100 {
		mastery = 60
	}
	for i, band := range in.Bands {
		begin := band.At
		if in.HighIsBad() { // it begins, from the good end, where the next one up does
			begin = 0
			if i+1 < len(in.Bands) {
				begin = 100 - in.Bands[i+1].At
			}
		}
		tiers = append(tiers, tier{int(math.Round(begin)), oneLine(band.Name)})
	}
	slices.SortStableFunc(tiers, func(a, b tier) int { return b.points - a.points })
	tiers = slices.CompactFunc(tiers, func(a, b tier) bool { return a.points == b.points })
	if len(tiers) < 2 {
		return []tier{{(mastery + 101) / 2, "Strong"}, {mastery, "Good"}, {0, "Not there yet"}}, mastery
	}
	if tiers[0].points < mastery { // or nobody could master it
		tiers[0].points = mastery
	}
	return tiers, mastery
}

// ofStandard are the tiers of a service standard. Customers can count on it when it is
// kept every time.
func ofStandard() (tiers []tier, mastery int) {
	return []tier{{3, "Every time"}, {2, "Most of the time"}, {1, "Not yet"}}, 3
}
