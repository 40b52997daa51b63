package reading

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Changes compares a body with the one of an earlier wave, for everyone and
// for each group that both publish, dimension by dimension. The waves are
// compared as wholes, not person by person. Holm's correction runs over the
// dimensions of one set of people. A dimension that was asked on another scale
// then, and an instrument that turned around, are not compared.
func Changes(body, earlier record.AssessmentBody) []record.Change {
	s, old := newSurvey(body), newSurvey(earlier)
	if s.body.Withheld || old.body.Withheld || s.in.ID != old.in.ID || s.in.HighIsBad() != old.in.HighIsBad() {
		return nil
	}
	everyone := func(of survey) group { return of.group(&record.Group{Dimensions: of.body.Dimensions}) }
	all := s.changes(old, nil, everyone(s), everyone(old))
	before := map[string]group{}
	for _, g := range old.groupings() {
		for _, x := range g.groups {
			before[name(g.by, x.key)] = x
		}
	}
	for _, g := range s.groupings() {
		for _, x := range g.groups {
			if then, ok := before[name(g.by, x.key)]; ok {
				all = append(all, s.changes(old, g.by, x, then)...)
			}
		}
	}
	return all
}

// name tells a group from all others.
func name(by, key []string) string {
	return strings.Join(slices.Concat(by, key), "\x1f")
}

// changes compares one set of people then and now.
func (s survey) changes(old survey, by []string, now, then group) []record.Change {
	var all []record.Change
	var tests []*record.Test
	for d, text := range s.in.Dimensions {
		at, asked := old.place[text.ID]
		if !asked || now.dims[d] == nil || then.dims[at] == nil || !s.sameScale(old, text.ID) {
			continue
		}
		c := s.compare(*now.dims[d], *then.dims[at])
		before, after := then.dims[at].side(), now.dims[d].side()
		all = append(all, record.Change{
			Since: old.body.Wave, Dimension: text.ID, By: by, Key: now.key, Before: &before, After: &after,
			Difference: c.difference, Points: c.points, CI: c.ci, G: c.g, Test: c.test,
		})
		tests = append(tests, c.test)
	}
	holm(tests)
	for i := range all {
		all[i].Text = s.changeText(all[i])
	}
	return all
}

// sameScale reports whether a dimension was answered on the same range.
func (s survey) sameScale(old survey, dimension string) bool {
	low, span, ok := s.scaleOf(dimension)
	oldLow, oldSpan, oldOK := old.scaleOf(dimension)
	return ok == oldOK && low == oldLow && span == oldSpan
}

// ChangeText says what became of a dimension, how sure that is, and whether
// the same people were followed.
func ChangeText(body record.AssessmentBody, x record.Change) string {
	return newSurvey(body).changeText(x)
}

func (s survey) changeText(x record.Change) string {
	since := "the earlier survey"
	if x.Since != "" {
		since = x.Since
	}
	in := "In "
	if len(x.Key) > 0 {
		in = nameOf(x.Key) + ": in "
	}
	if x.Paired {
		return s.pairedText(x, in, since)
	}
	if x.Before == nil || x.After == nil {
		return ""
	}
	was, is := s.score(x.Before.Percent), s.score(x.After.Percent)
	if was == is {
		return fmt.Sprintf("%s%s the score is the same as in %s, %d. The waves were compared as wholes.", in, s.title(x.Dimension), since, is)
	}
	return join(
		fmt.Sprintf("%s%s the score went from %d to %d since %s, %s %s.", in, s.title(x.Dimension), was, is, since,
			points(is-was), s.betterOrWorse(float64(is), float64(was))),
		x.Test.Chance().Sentence(),
		"The waves were compared as wholes, so others may have answered than before.",
		few([2]string{"the earlier wave", "this wave"}, [2]int64{x.Before.N, x.After.N}),
	)
}

func (s survey) pairedText(x record.Change, in, since string) string {
	who := "the people who answered both times"
	if x.N != nil {
		who = fmt.Sprintf("the %s who answered both times", people(*x.N))
	}
	moved := int(math.Floor(math.Abs(x.Points) + 0.5 + 1e-9))
	if moved == 0 {
		return fmt.Sprintf("%s%s the score of %s is the same as in %s.", in, s.title(x.Dimension), who, since)
	}
	text := fmt.Sprintf("%s%s the score of %s is %s %s than in %s.", in, s.title(x.Dimension), who,
		points(moved), s.betterOrWorse(x.Points, 0), since)
	small := ""
	if x.N != nil && *x.N < fewPeople {
		small = "So few people could look different next time."
	}
	return join(text, x.Test.Chance().Sentence(), small)
}

// betterOrWorse says which way a score went.
func (s survey) betterOrWorse(is, was float64) string {
	if s.better(is, was) {
		return "better"
	}
	return "worse"
}
