// Package reading draws conclusions from what an assessment publishes: which
// groups differ, what changed, where to begin, where the trouble starts, each
// with a sentence that says what it means and how sure it is.
//
// It sees a published body and nothing else, so nothing that is withheld can
// enter. A group takes part in the comparison of a dimension when its number
// of people, mean, SD and percent stand in the body. People who did not state
// their group take part in none: they need not have anything in common.
//
// Groups are put in order by their names first, so the order in which a body
// lists the groups of a grouping changes no figure and no sentence. No function
// changes the body it is given. The formulas are those of core/stats.
package reading

import (
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// survey is a published body with what comparing and wording need of it.
type survey struct {
	body  record.AssessmentBody
	in    record.Instrument
	level float64        // of the intervals
	place map[string]int // of a dimension in the instrument, by its id
}

func newSurvey(body record.AssessmentBody) survey {
	s := survey{body: body, in: body.Instrument, level: body.Method.Confidence, place: map[string]int{}}
	if !(s.level > 0 && s.level < 1) {
		s.level = 0.95
	}
	for i, d := range s.in.Dimensions {
		s.place[d.ID] = i
	}
	return s
}

// figures are those of one set of people on one dimension.
type figures struct {
	n                 int64
	mean, sd, percent float64
}

// published returns the figures of a dimension, if all of them are.
func published(d record.Dimension) (figures, bool) {
	if d.Withheld || d.N == nil || d.Mean == nil || d.SD == nil || d.Percent == nil {
		return figures{}, false
	}
	return figures{*d.N, *d.Mean, *d.SD, *d.Percent}, true
}

func (f figures) sample() stats.Sample { return stats.Sample{N: f.n, Mean: f.mean, SD: f.sd} }

func (f figures) side() record.Side {
	return record.Side{N: f.n, Mean: f.mean, SD: f.sd, Percent: f.percent}
}

// group is a group that takes part: it is published, and stated in full.
type group struct {
	key  []string
	from *record.Group
	dims []*figures          // by place in the instrument; nil where something is missing
	own  []*record.Dimension // the same with everything that is published
}

// grouping is the groups by the same columns, in the order of their names.
type grouping struct {
	by     []string
	groups []group
}

// groupings splits the groups by their columns, in the order of the body.
func (s survey) groupings() []grouping {
	var all []grouping
	at := map[string]int{}
	for i := range s.body.Groups {
		g := &s.body.Groups[i]
		if g.Withheld || slices.Contains(g.Key, "") {
			continue
		}
		columns := strings.Join(g.By, "\x1f")
		k, known := at[columns]
		if !known {
			k = len(all)
			at[columns] = k
			all = append(all, grouping{by: g.By})
		}
		all[k].groups = append(all[k].groups, s.group(g))
	}
	for _, g := range all {
		slices.SortStableFunc(g.groups, func(a, b group) int { return slices.Compare(a.key, b.key) })
	}
	return all
}

func (s survey) group(g *record.Group) group {
	out := group{key: g.Key, from: g, dims: make([]*figures, len(s.in.Dimensions)), own: make([]*record.Dimension, len(s.in.Dimensions))}
	for i := range g.Dimensions {
		d := &g.Dimensions[i]
		k, known := s.place[d.ID]
		if !known || d.Withheld {
			continue
		}
		out.own[k] = d
		if f, ok := published(*d); ok {
			out.dims[k] = &f
		}
	}
	return out
}

// entry is a group with its figures on one dimension.
type entry struct {
	at int // the group's place in its grouping
	group
	figures
}

// on returns the groups that take part on a dimension.
func (g grouping) on(place int) []entry {
	var all []entry
	for i, x := range g.groups {
		if f := x.dims[place]; f != nil {
			all = append(all, entry{i, x, *f})
		}
	}
	return all
}

// pooled is several sets of people taken as one.
type pooled struct {
	n             int64
	mean, percent float64
	squares       float64 // sum of squared deviations from the mean
}

func pool(f figures) pooled {
	return pooled{f.n, f.mean, f.percent, float64(f.n-1) * float64(f.sd*f.sd)}
}

// plus takes two sets as one (Chan, Golub and LeVeque, 1979). Nothing in it
// cancels.
func (p pooled) plus(o pooled) pooled {
	if p.n == 0 {
		return o
	}
	if o.n == 0 {
		return p
	}
	n := p.n + o.n
	part := float64(o.n) / float64(n)
	apart := o.mean - p.mean
	return pooled{
		n:       n,
		mean:    p.mean + float64(apart*part),
		percent: p.percent + float64((o.percent-p.percent)*part),
		squares: p.squares + o.squares + float64(float64(apart*apart)*float64(float64(p.n)*part)),
	}
}

func (p pooled) figures() figures {
	return figures{p.n, p.mean, math.Sqrt(p.squares / float64(p.n-1)), p.percent}
}

// comparison is one set of people against another.
type comparison struct {
	difference, points float64 // the first less the second
	ci                 *record.Interval
	g                  *record.Effect
	test               *record.Test
	undefined          record.UndefinedNote
}

// compare compares two sets of people who have nobody in common.
func (s survey) compare(a, b figures) comparison {
	c := comparison{difference: a.mean - b.mean, points: a.percent - b.percent}
	welch, why := stats.Welch(a.sample(), b.sample(), s.level)
	if why != "" {
		c.undefined = record.UndefinedNote{"ci": string(why), "test": string(why)}
	} else {
		c.ci = &record.Interval{Level: s.level, Low: welch.Interval.Low, High: welch.Interval.High}
		c.test = &record.Test{Statistic: welch.T, DF: welch.DF, P: welch.P}
	}
	effect, why := stats.EffectSize(a.sample(), b.sample(), s.level)
	if why == "" {
		c.g = &record.Effect{Value: effect.G, Low: effect.Interval.Low, High: effect.Interval.High}
		return c
	}
	if c.undefined == nil {
		c.undefined = record.UndefinedNote{}
	}
	c.undefined["g"] = string(why)
	return c
}

// holm corrects the tests of one table for there being so many of them. A
// place without a test stays without.
func holm(tests []*record.Test) {
	p := make([]float64, 0, len(tests))
	for _, t := range tests {
		if t != nil {
			p = append(p, t.P)
		}
	}
	adjusted := stats.Holm(p)
	for _, t := range tests {
		if t != nil {
			corrected := adjusted[0]
			t.PHolm, adjusted = &corrected, adjusted[1:]
		}
	}
}

// better reports whether percent a is better than b.
func (s survey) better(a, b float64) bool {
	if s.in.HighIsBad() {
		return a < b
	}
	return a > b
}
