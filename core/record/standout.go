package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// This file picks, of all that an assessment says, what is told first. It is
// here so that every report and every table begins in the same way.

const (
	mostApart = 3 // disconnects told about at the top
	mostRoots = 2 // roots of trouble told about there
)

// Finding is something that stands out, in whole sentences.
type Finding struct {
	About     string   // what kind of finding it is, in a few words
	Sentences []string // the record's own, as plain text; what follows the first explains it
}

// StandOut returns what a consultant would tell first: where the trouble
// starts, which groups lie far apart, what leaders see differently, what is
// said but not done, and where to begin.
func (b AssessmentBody) StandOut() []Finding {
	var all []Finding
	say := func(about string, sentences ...string) {
		if len(sentences) > 0 && sentences[0] != "" {
			all = append(all, Finding{about, sentences})
		}
	}
	roots := b.LongestTraces()
	for _, t := range roots[:min(len(roots), mostRoots)] {
		say("Where the trouble starts", t.Text)
	}
	apart := b.farApart()
	for _, x := range apart[:min(len(apart), mostApart)] {
		say("Far apart", x.Text)
	}
	if wide := b.LeadersApart(); len(wide) > 0 {
		say("Seen differently by those who lead", wide[0].Text)
	}
	if wide := b.notDone(); len(wide) > 0 {
		say("Said, but not done", wide[0].Text)
	}
	if len(b.Priorities) > 0 {
		say(WhereToBegin, b.begin()...)
	}
	return all
}

// WhereToBegin is what the finding on priorities is about: a report that shows
// a plan can leave it out.
const WhereToBegin = "Where to begin"

// LongestTraces returns, for each root of trouble, the trace that comes down
// to it from furthest up; the lowest root first.
func (b AssessmentBody) LongestTraces() []Trace {
	var all []Trace
	for _, t := range b.Traces {
		at := slices.IndexFunc(all, func(x Trace) bool { return x.Root == t.Root })
		switch {
		case at < 0:
			all = append(all, t)
		case len(t.Links) > len(all[at].Links):
			all[at] = t
		}
	}
	slices.Reverse(all) // a record has the highest level first
	return all
}

// farApart returns the disconnects by a single column, or by several where
// there are no others. Those by the column that tells leaders are left to what
// is said of leaders.
func (b AssessmentBody) farApart() []Disconnect {
	all := slices.DeleteFunc(slices.Clone(b.Disconnects), b.OfLeaders)
	single := slices.DeleteFunc(slices.Clone(all), func(x Disconnect) bool { return len(x.By) != 1 })
	if len(single) > 0 {
		return single
	}
	return all
}

// OfLeaders reports whether a disconnect is by the column that tells leaders.
func (b AssessmentBody) OfLeaders(x Disconnect) bool {
	return len(x.By) == 1 && slices.ContainsFunc(b.Leaders, func(l Leaders) bool { return l.By == x.By[0] })
}

// LeadersApart returns the dimensions that leaders see differently beyond
// chance, the widest first.
func (b AssessmentBody) LeadersApart() []Leaders {
	wide := slices.DeleteFunc(slices.Clone(b.Leaders), func(x Leaders) bool { return !x.Test.Chance().Beyond() })
	slices.SortStableFunc(wide, func(x, y Leaders) int { return cmp.Compare(max(y.Points, -y.Points), max(x.Points, -x.Points)) })
	return wide
}

// notDone returns the ideals that practice lags behind, for everyone and
// beyond chance, the widest gap first.
func (b AssessmentBody) notDone() []IdealPractice {
	wide := slices.DeleteFunc(slices.Clone(b.IdealPractice), func(x IdealPractice) bool {
		return len(x.Key) > 0 || !x.Pair.Test.Chance().Beyond() || (x.Pair.First > x.Pair.Second) == b.Instrument.HighIsBad()
	})
	slices.SortStableFunc(wide, func(x, y IdealPractice) int {
		return cmp.Compare(max(y.Pair.Points, -y.Pair.Points), max(x.Pair.Points, -x.Pair.Points))
	})
	return wide
}

// begin says what the first priority is, and which come after it.
func (b AssessmentBody) begin() []string {
	var next []string
	for _, p := range b.Priorities[1:] {
		title := p.Dimension
		for _, d := range b.Instrument.Dimensions {
			if d.ID == p.Dimension && d.Title != "" {
				title = d.Title
			}
		}
		next = append(next, fmt.Sprintf("“%s” (%d)", title, b.Instrument.Rounded(p.Percent)))
	}
	first := b.Priorities[0].Text
	switch n := len(next); n {
	case 0:
		return []string{first}
	case 1:
		return []string{first, "After it comes " + next[0] + "."}
	case 2:
		return []string{first, "After it come " + next[0] + " and " + next[1] + "."}
	default:
		return []string{first, "After it come " + strings.Join(next[:n-1], ", ") + ", and " + next[n-1] + "."}
	}
}
