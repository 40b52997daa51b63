package reading

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// Rankings puts the groups that have an index in order, the best first, for
// each grouping with two of them or more. The sentence says whether the first
// and the last one differ beyond chance.
//
// That can't be tested exactly: the spread of people's indexes is not
// published. Welch's test is made with the mean of a group's SDs over the
// dimensions, in points, which is the most that spread can be, and with its
// smallest number of people. So a difference that is found holds, and one that
// holds may be missed. As in Disconnects the p-value is multiplied by the
// number of pairs.
func Rankings(body record.AssessmentBody) []record.Ranking {
	s := newSurvey(body)
	var all []record.Ranking
	for _, g := range s.groupings() {
		ranked := slices.DeleteFunc(slices.Clone(g.groups), func(x group) bool { return x.from.Index == nil })
		if len(ranked) < 2 {
			continue
		}
		slices.SortStableFunc(ranked, func(a, b group) int {
			if s.in.HighIsBad() {
				return cmp.Compare(*a.from.Index, *b.from.Index)
			}
			return cmp.Compare(*b.from.Index, *a.from.Index)
		})
		r := record.Ranking{By: g.by, Text: s.rankingText(ranked)}
		for i, x := range ranked {
			rank := i + 1
			if i > 0 && *x.from.Index == r.Entries[i-1].Index {
				rank = r.Entries[i-1].Rank
			}
			r.Entries = append(r.Entries, record.Ranked{Rank: rank, Key: x.key, Index: *x.from.Index})
		}
		all = append(all, r)
	}
	return all
}

func (s survey) rankingText(ranked []group) string {
	first, last := ranked[0], ranked[len(ranked)-1]
	top, bottom := s.score(*first.from.Index), s.score(*last.from.Index)
	if top == bottom {
		all := "Both"
		if len(ranked) > 2 {
			all = fmt.Sprintf("All %d", len(ranked))
		}
		return fmt.Sprintf("%s groups have the same overall score, %d.", all, top)
	}
	text := fmt.Sprintf("%s comes first with an overall score of %d%s, %s last with %d.",
		nameOf(first.key), top, s.lowerIsBetter(), nameOf(last.key), bottom)
	switch chance := s.indexTest(ranked).Chance(); chance {
	case record.ChanceHardly, record.ChanceUnlikely:
		return text + fmt.Sprintf(" %s %s. Groups that stand next to each other may still differ by chance alone.", between(top-bottom), chance)
	case record.ChancePossible:
		return text + fmt.Sprintf(" The %s between them may be chance, so do not read much into the order.", points(top-bottom))
	default:
		return text + " There is not enough to say whether the order is chance."
	}
}

// indexTest tests the first against the last group of a ranking; it is nil
// when that can't be done.
func (s survey) indexTest(ranked []group) *record.Test {
	a, okA := s.indexSample(ranked[0])
	b, okB := s.indexSample(ranked[len(ranked)-1])
	if !okA || !okB {
		return nil
	}
	welch, why := stats.Welch(a, b, s.level)
	if why != "" {
		return nil
	}
	corrected := ofExtremes(welch.P, len(ranked))
	return &record.Test{Statistic: welch.T, DF: welch.DF, P: welch.P, PHolm: &corrected}
}

// indexSample is a group's index as a sample that spreads no less than the
// real one.
func (s survey) indexSample(g group) (stats.Sample, bool) {
	out := stats.Sample{Mean: *g.from.Index}
	for i, f := range g.dims {
		_, span, ok := s.scaleOf(s.in.Dimensions[i].ID)
		if f == nil || !ok {
			return out, false
		}
		out.SD += 100 * f.sd / span / float64(len(g.dims))
		if i == 0 || f.n < out.N {
			out.N = f.n
		}
	}
	return out, len(g.dims) > 0
}

// ofExtremes corrects the p-value of the two groups furthest apart of many for
// having been picked: any pair could have been the one (Bonferroni).
func ofExtremes(p float64, groups int) float64 {
	return min(1, p*(float64(groups)*float64(groups-1)/2))
}
