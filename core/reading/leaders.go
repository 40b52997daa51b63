package reading

import (
	"fmt"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Leaders compares leaders with the front line on each dimension. The column
// is the one that tells who leads, and leaders are its values that mark a
// leader, whatever their case; a grouping by that column alone must be there.
// Its groups that take part are pooled into the two sides. Holm's correction
// runs over the dimensions.
func Leaders(body record.AssessmentBody, column string, leaders []string) []record.Leaders {
	s := newSurvey(body)
	marks := map[string]bool{}
	for _, l := range leaders {
		marks[fold(l)] = true
	}
	var all []record.Leaders
	var tests []*record.Test
	for _, g := range s.groupings() {
		if len(g.by) != 1 || g.by[0] != column {
			continue
		}
		for d, text := range s.in.Dimensions {
			lead, line := sides(g.on(d), marks)
			if lead.n == 0 || line.n == 0 {
				continue
			}
			x := s.leaders(column, text.ID, lead.figures(), line.figures())
			all, tests = append(all, x), append(tests, x.Test)
		}
	}
	holm(tests)
	for i := range all {
		all[i].Text = s.leadersText(all[i])
	}
	return all
}

// sides pools the groups into leaders and the others.
func sides(entries []entry, leaders map[string]bool) (lead, line pooled) {
	for _, x := range entries {
		if leaders[fold(x.key[0])] {
			lead = lead.plus(pool(x.figures))
		} else {
			line = line.plus(pool(x.figures))
		}
	}
	return lead, line
}

func (s survey) leaders(column, dimension string, lead, line figures) record.Leaders {
	c := s.compare(lead, line)
	return record.Leaders{
		By: column, Dimension: dimension, Leaders: lead.side(), FrontLine: line.side(),
		Difference: c.difference, Points: c.points, CI: c.ci, G: c.g, Test: c.test,
	}
}

func (s survey) leadersText(x record.Leaders) string {
	lead, line := s.score(x.Leaders.Percent), s.score(x.FrontLine.Percent)
	if lead == line {
		return fmt.Sprintf("Leaders and the front line score the same in %s: %d.", s.title(x.Dimension), lead)
	}
	text := fmt.Sprintf("In %s leaders score %d and the front line %d%s, %s apart.",
		s.title(x.Dimension), lead, line, s.lowerIsBetter(), points(lead-line))
	chance := x.Test.Chance()
	small := few([2]string{"the lead", "the front line"}, [2]int64{x.Leaders.N, x.FrontLine.N})
	if chance != record.ChanceHardly && chance != record.ChanceUnlikely {
		return join(text, chance.Sentence(), small)
	}
	meaning := "Those who lead may not see what the front line meets every day."
	if s.better(x.FrontLine.Percent, x.Leaders.Percent) {
		meaning = "The front line sees this in a better light than those who lead."
	}
	return join(text, chance.Sentence(), meaning, small)
}
