package reading

import "github.com/firstcall-cli/firstcall/core/record"

// Gaps compares each group with the rest on each dimension: with all other
// groups of the same grouping that take part, pooled from their figures. They
// stand grouping by grouping, then group by group, then in the instrument's
// order. Holm's correction runs over all tests of a grouping. The two gaps of a
// dimension with two groups are one test seen from either side, and count once.
func Gaps(body record.AssessmentBody) []record.Gap {
	s := newSurvey(body)
	var all []record.Gap
	for _, g := range s.groupings() {
		var tests []*record.Test
		var twins [][2]*record.Test
		byGroup := make([][]record.Gap, len(g.groups))
		for d := range s.in.Dimensions {
			entries := g.on(d)
			for i, rest := range rests(entries) {
				x := entries[i]
				gap := s.gap(g.by, x, s.in.Dimensions[d].ID, rest)
				byGroup[x.at] = append(byGroup[x.at], gap)
				if i == 1 && len(entries) == 2 && gap.Test != nil {
					twins = append(twins, [2]*record.Test{tests[len(tests)-1], gap.Test})
					continue
				}
				tests = append(tests, gap.Test)
			}
		}
		holm(tests)
		for _, t := range twins {
			corrected := *t[0].PHolm
			t[1].PHolm = &corrected
		}
		for _, gaps := range byGroup {
			all = append(all, gaps...)
		}
	}
	return all
}

func (s survey) gap(by []string, x entry, dimension string, rest figures) record.Gap {
	c := s.compare(x.figures, rest)
	return record.Gap{
		By: by, Key: x.key, Dimension: dimension, N: x.n, NRest: rest.n,
		Difference: c.difference, Points: c.points, CI: c.ci, G: c.g, Test: c.test, Undefined: c.undefined,
	}
}

// rests gives, for each of two or more groups, all others taken as one. Those
// before it and those after it are pooled apart, so that the work grows with
// the number of groups, not with its square, and nothing is subtracted.
func rests(entries []entry) []figures {
	if len(entries) < 2 {
		return nil
	}
	after := make([]pooled, len(entries)+1)
	for i := len(entries) - 1; i >= 0; i-- {
		after[i] = pool(entries[i].figures).plus(after[i+1])
	}
	all := make([]figures, len(entries))
	var before pooled
	for i, x := range entries {
		all[i] = before.plus(after[i+1]).figures()
		before = before.plus(pool(x.figures))
	}
	return all
}
