package auditor

import (
	"math"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
)

// notMade is said of what was not computed from published figures: something
// withheld may be in it.
const notMade = "%s is not made of the published groups alone"

// mix holds everything that compares or sums up groups against the figures that
// are published: it must follow from these.
func (f *form) mix() {
	for i := range f.body.Agreement {
		f.agreement(&f.body.Agreement[i])
	}
	for i := range f.body.Gaps {
		if f.ctx.Err() != nil {
			return
		}
		f.gap(&f.body.Gaps[i])
	}
	for _, r := range f.body.Rankings {
		for _, e := range r.Entries {
			if v := f.group(r.By, e.Key); v == nil || v.index == nil || !f.near(*v.index, e.Index, 100) {
				f.add(cellName(r.By, e.Key), MeasurePeople, notMade, "the ranking by "+list(r.By))
			}
		}
	}
	for _, d := range f.body.Disconnects {
		f.side(d.By, d.Best, d.Dimension, d.BestSide, "the disconnect")
		f.side(d.By, d.Worst, d.Dimension, d.WorstSide, "the disconnect")
	}
	for i := range f.body.Leaders {
		f.leaders(&f.body.Leaders[i])
	}
	for _, c := range f.body.Changes {
		if c.After != nil {
			f.side(c.By, c.Key, c.Dimension, *c.After, "the change since "+c.Since)
		} else if v := f.group(c.By, c.Key); v == nil || v.dimension(c.Dimension) == nil {
			f.add(cellName(c.By, c.Key), MeasureDimension+c.Dimension, notMade, "the change since "+c.Since)
		}
		if c.Before != nil {
			f.people(c.By, c.Key, MeasureDimension+c.Dimension, "the change since "+c.Since, c.Before.N)
		}
		if c.N != nil {
			f.people(c.By, c.Key, MeasureDimension+c.Dimension, "the change since "+c.Since, *c.N)
		}
	}
	f.pairs()
	f.whole()
}

// group returns a published cell: of everybody where by is empty.
func (f *form) group(by, key []string) *view {
	if len(by) != len(key) {
		return nil
	}
	at, ok := f.places[cellID(by, key)]
	if !ok || f.views[at].withheld {
		return nil
	}
	return &f.views[at]
}

// near compares a figure with one computed anew, on a scale so wide. Records
// that round leave room for that.
func (f *form) near(a, b, width float64) bool {
	off := float64(1e-6*max(math.Abs(a), math.Abs(b))) + 1e-9
	if f.release.Decimals > 0 {
		off += float64(max(width, 1) * math.Pow10(-f.release.Decimals))
	}
	return math.Abs(a-b) <= off
}

// people finds readings that rest on too few people.
func (f *form) people(by, key []string, measure, what string, n int64) {
	if f.few(&n) {
		f.add(cellName(by, key), measure, "%s is of %d people, fewer than the %d that may be told of", what, n, f.release.Min)
	}
}

// member is the published figures of a dimension in one group.
type member struct {
	id       string // the group's
	n        int64
	mean, sd float64
}

// memberOf takes what is published of a dimension in a cell; ok is false where
// that is not all that comparing takes.
func memberOf(v *view, dimension string) (member, bool) {
	d := v.dimension(dimension)
	if d == nil || d.N == nil || *d.N < 1 || *d.N > believable || d.Mean == nil || d.SD == nil {
		return member{}, false
	}
	return member{v.id, *d.N, *d.Mean, *d.SD}, true
}

// members lists the published groups of a grouping that have figures of a
// dimension. People who did not state their group take no part.
func (f *form) members(by []string, dimension string) []member {
	return f.cohort(by, dimension).members
}

// cohort is the groups of a grouping that have figures of a dimension, and how
// many people are in those before each and in those after it, and the sums of
// these: the rest of each is told from them without adding up all others anew.
type cohort struct {
	members       []member
	at            map[string]int // by id
	before, after []member       // mean is the sum here
}

func newCohort(members []member) *cohort {
	c := &cohort{members: members, at: make(map[string]int, len(members)), before: make([]member, len(members)), after: make([]member, len(members))}
	var sum member
	for i, m := range members {
		c.at[m.id] = i
		c.before[i] = sum
		sum.n += m.n
		sum.mean += float64(float64(m.n) * m.mean)
	}
	sum = member{}
	for i, m := range slices.Backward(members) {
		c.after[i] = sum
		sum.n += m.n
		sum.mean += float64(float64(m.n) * m.mean)
	}
	return c
}

// rest is the people and the mean of all groups but one.
func (c *cohort) rest(id string) (n int64, mean float64) {
	i, found := c.at[id]
	if !found {
		all := pool(c.members)
		return all.n, all.mean
	}
	if n = c.before[i].n + c.after[i].n; n > 0 {
		mean = (c.before[i].mean + c.after[i].mean) / float64(n)
	}
	return n, mean
}

// cohort is made once for each grouping and dimension.
func (f *form) cohort(by []string, dimension string) *cohort {
	columns := columnsID(by)
	place := [2]string{columns, dimension}
	if out, known := f.groups[place]; known {
		return out
	}
	var members []member
	for i := range f.views[1:] {
		v := &f.views[i+1]
		if v.columns != columns || slices.Contains(v.key, "") {
			continue
		}
		if m, ok := memberOf(v, dimension); ok {
			members = append(members, m)
		}
	}
	f.groups[place] = newCohort(members)
	return f.groups[place]
}

// pool is the figures of several groups taken together.
func pool(members []member) member {
	var p member
	sum := 0.0
	for _, m := range members {
		p.n += m.n
		sum += float64(float64(m.n) * m.mean)
	}
	if p.n == 0 {
		return p
	}
	p.mean = sum / float64(p.n)
	for _, m := range members {
		d := m.mean - p.mean
		p.sd += float64(float64(m.n-1)*m.sd*m.sd) + float64(float64(m.n)*d*d)
	}
	p.sd = math.Sqrt(p.sd / float64(max(p.n-1, 1)))
	return p
}

// variance is the one-way analysis of variance of groups.
type variance struct{ icc1, icc2, etaSq, f float64 }

// analyze compares groups with random effects; n0 is the size that groups of
// different sizes count as (Searle, Casella and McCulloch, 1992).
func analyze(members []member) variance {
	all := pool(members)
	n, groups := float64(all.n), float64(len(members))
	between, within, squares := 0.0, 0.0, 0.0
	for _, m := range members {
		d := m.mean - all.mean
		between += float64(float64(m.n) * d * d)
		within += float64(float64(m.n-1) * m.sd * m.sd)
		squares += float64(float64(m.n) * float64(m.n))
	}
	n0 := (n - squares/n) / (groups - 1)
	msb, msw := between/(groups-1), within/(n-groups)
	return variance{icc1: (msb - msw) / (msb + float64((n0-1)*msw)), icc2: (msb - msw) / msb, etaSq: between / (between + within), f: msb / msw}
}

func (f *form) agreement(a *record.Agreement) {
	name := "groups by " + list(a.By)
	measure := MeasureDimension + a.Dimension
	members := f.members(a.By, a.Dimension)
	all := pool(members)
	v := analyze(members)
	same := func(told *float64, computed float64) bool {
		return told == nil || f.release.Decimals > 0 || math.IsNaN(computed) || math.IsInf(computed, 0) || f.near(*told, computed, 1)
	}
	told := a.ICC1 != nil || a.ICC2 != nil || a.F != nil || a.EtaSq != nil
	right := a.Groups == len(members) && a.N == all.n && same(a.ICC1, v.icc1) && same(a.ICC2, v.icc2) && same(a.EtaSq, v.etaSq) &&
		(a.F == nil || same(&a.F.Statistic, v.f)) && (!told || len(members) > 1)
	if !right && (a.Groups > 0 || a.N > 0 || told) {
		f.add(name, measure, notMade, "the agreement")
	}
	for _, figures := range [][]record.GroupFigure{a.RWGJ, a.RWGStar, a.AWG, a.AD} {
		for _, g := range figures {
			if v := f.group(a.By, g.Key); g.Value != nil && (v == nil || len(a.By) == 0 || v.dimension(a.Dimension) == nil) {
				f.add(cellName(a.By, g.Key), measure, notMade, "the agreement")
			}
		}
	}
	f.meanOf(a.MeanRWGJ, a.RWGJ, name, measure)
}

// meanOf holds a mean over groups against the groups it lists.
func (f *form) meanOf(mean *float64, figures []record.GroupFigure, name, measure string) {
	sum, n := 0.0, 0.0
	for _, g := range figures {
		if g.Value != nil {
			sum += *g.Value
			n++
		}
	}
	if mean != nil && (n == 0 || !f.near(*mean, sum/n, 1)) {
		f.add(name, measure, notMade, "the mean agreement")
	}
}

func (f *form) gap(g *record.Gap) {
	v := f.group(g.By, g.Key)
	right := v != nil && len(g.By) > 0
	if right {
		own, ok := memberOf(v, g.Dimension)
		rest, mean := f.cohort(g.By, g.Dimension).rest(v.id)
		width := f.width(g.Dimension)
		right = ok && g.N == own.n && g.NRest == rest && f.near(g.Difference, own.mean-mean, width) &&
			(width == 0 || f.near(math.Abs(g.Points), 100/width*math.Abs(g.Difference), 100))
	}
	if !right {
		f.add(cellName(g.By, g.Key), MeasureDimension+g.Dimension, notMade, "the gap to the rest")
	}
}

// width is how wide a dimension's scale is, 0 when that is not known.
func (f *form) width(dimension string) float64 {
	for i, name := range f.release.Measures {
		if name == MeasureDimension+dimension {
			return f.release.Scales[i].High - f.release.Scales[i].Low
		}
	}
	return 0
}

// side holds one side of a comparison against the cell's published figures.
func (f *form) side(by, key []string, dimension string, side record.Side, what string) {
	right := false
	if v := f.group(by, key); v != nil {
		if d := v.dimension(dimension); d != nil && d.N != nil && d.Mean != nil {
			right = *d.N == side.N && f.near(*d.Mean, side.Mean, f.width(dimension)) &&
				(d.SD == nil || f.near(*d.SD, side.SD, f.width(dimension)))
		}
	}
	if !right {
		f.add(cellName(by, key), MeasureDimension+dimension, notMade, what)
	}
}

// leadersMost is how many groups are tried in all ways to be leaders or not.
const leadersMost = 12

// leaders holds leaders and front line against the published groups: each side
// must be some of them taken together, and none may be on both.
func (f *form) leaders(l *record.Leaders) {
	members := f.members([]string{l.By}, l.Dimension)
	right := false
	if len(members) > leadersMost {
		n := pool(members).n
		right = l.Leaders.N >= 0 && l.FrontLine.N >= 0 && l.Leaders.N <= n && l.FrontLine.N <= n-l.Leaders.N
	} else {
		leaders, others := f.pools(members, l.Leaders, l.Dimension), f.pools(members, l.FrontLine, l.Dimension)
		for _, a := range leaders {
			right = right || slices.ContainsFunc(others, func(b int) bool { return a&b == 0 })
		}
	}
	if !right {
		f.add("groups by "+l.By, MeasureDimension+l.Dimension, notMade, "leaders against the front line")
	}
}

// pools lists the sets of groups, as bits, that make a side when taken
// together.
func (f *form) pools(members []member, side record.Side, dimension string) []int {
	var out []int
	for bits := 1; bits < 1<<len(members); bits++ {
		var some []member
		for i, m := range members {
			if bits>>i&1 == 1 {
				some = append(some, m)
			}
		}
		if p := pool(some); p.n == side.N && f.near(p.mean, side.Mean, f.width(dimension)) && f.near(p.sd, side.SD, f.width(dimension)) {
			out = append(out, bits)
		}
	}
	return out
}
