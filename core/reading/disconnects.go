package reading

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// leastDisconnect is how many points of percent of scale two groups must be
// apart to be called disconnected: below it a difference may be real, but is
// hardly felt by a customer who walks from one to the other.
const leastDisconnect = 10

// Disconnects finds the dimensions on which the best and the worst group of a
// grouping lie far apart: by 10 points or more, and beyond chance. The widest
// come first.
//
// The two were picked for being far apart, so the p-value of Welch's test
// between them is multiplied by the number of pairs among which they were
// found (at most 1), and Holm's correction runs over the dimensions of the
// grouping after that. The result is the p_holm of a disconnect, and must be
// below 0.05. With two groups it is that of their gap and, where the column
// tells leaders, of leaders against the front line: they never contradict each
// other. Two groups in each of which all people have the same score can't be
// tested, and are no disconnect.
func Disconnects(body record.AssessmentBody) []record.Disconnect {
	s := newSurvey(body)
	var all []record.Disconnect
	for _, g := range s.groupings() {
		found := s.farApart(g)
		for i := range found {
			found[i].Text = s.disconnectText(found[i], found)
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b record.Disconnect) int { return cmp.Compare(b.Points, a.Points) })
	return all
}

// farApart finds the disconnects of a grouping, in the instrument's order.
func (s survey) farApart(g grouping) []record.Disconnect {
	var all []record.Disconnect
	var p []float64
	for d := range s.in.Dimensions {
		x, ok := s.extremes(g, d)
		if !ok {
			continue
		}
		all, p = append(all, x), append(p, *x.Test.PHolm)
	}
	for i, corrected := range stats.Holm(p) {
		all[i].Test.PHolm = &corrected
	}
	return slices.DeleteFunc(all, func(x record.Disconnect) bool {
		return x.Points < leastDisconnect || *x.Test.PHolm >= 0.05
	})
}

// extremes compares the best and the worst group of a dimension, if that can
// be done. Of groups with the same score the one first in name counts.
func (s survey) extremes(g grouping, place int) (record.Disconnect, bool) {
	entries := g.on(place)
	if len(entries) < 2 {
		return record.Disconnect{}, false
	}
	best, worst := entries[0], entries[0]
	for _, x := range entries[1:] {
		if s.better(x.percent, best.percent) {
			best = x
		}
		if s.better(worst.percent, x.percent) {
			worst = x
		}
	}
	c := s.compare(best.figures, worst.figures)
	if c.test == nil {
		return record.Disconnect{}, false
	}
	corrected := ofExtremes(c.test.P, len(entries))
	c.test.PHolm = &corrected
	return record.Disconnect{
		By: g.by, Dimension: s.in.Dimensions[place].ID, Best: best.key, Worst: worst.key,
		BestSide: best.side(), WorstSide: worst.side(), Points: max(c.points, -c.points), G: c.g, Test: c.test,
	}, true
}

func (s survey) disconnectText(x record.Disconnect, found []record.Disconnect) string {
	best, worst := s.score(x.BestSide.Percent), s.score(x.WorstSide.Percent)
	return join(
		fmt.Sprintf("In %s %s scores %d and %s %d%s.", s.title(x.Dimension), nameOf(x.Best), best, nameOf(x.Worst), worst, s.lowerIsBetter()),
		fmt.Sprintf("They are %s apart, which is %s.", points(best-worst), x.Test.Chance()),
		few([2]string{nameOf(x.Best), nameOf(x.Worst)}, [2]int64{x.BestSide.N, x.WorstSide.N}),
		s.bothEnds(x, found),
	)
}

// bothEnds points out that the group at the bottom here is at the top
// elsewhere, with a score that is not weak: great service in one thing next to
// poor service in another is a fault of the system, not of the people.
func (s survey) bothEnds(x record.Disconnect, found []record.Disconnect) string {
	var tops []string
	for _, other := range found {
		if slices.Equal(other.Best, x.Worst) && !s.in.Weak(other.BestSide.Percent) {
			tops = append(tops, s.title(other.Dimension))
		}
	}
	if len(tops) == 0 {
		return ""
	}
	return fmt.Sprintf("%s stands out in both directions: it comes first in %s. Look at how its work is set up, not at its people.", nameOf(x.Worst), list(tops))
}

// fold gives the form in which two names are the same to a reader.
func fold(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }
