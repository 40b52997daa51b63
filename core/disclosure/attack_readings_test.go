package disclosure_test

import (
	"fmt"
	"math"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
)

// This file attacks what is read between the figures: attacks 4 and 5.

// sample is some people's scores in one dimension.
type sample struct {
	n        int64
	mean, sd float64
}

// plus takes two sets of people as one.
func (s sample) plus(o sample) sample {
	n := s.n + o.n
	if s.n == 0 || o.n == 0 {
		return sample{n, s.mean + o.mean, s.sd + o.sd}
	}
	x, y := float64(s.n), float64(o.n)
	mean := (x*s.mean + y*o.mean) / (x + y)
	squares := (x-1)*s.sd*s.sd + (y-1)*o.sd*o.sd + x*(s.mean-mean)*(s.mean-mean) + y*(o.mean-mean)*(o.mean-mean)
	return sample{n, mean, math.Sqrt(squares / (x + y - 1))}
}

func near(x, y float64) bool { return math.Abs(x-y) <= 1e-9*max(1, math.Abs(x), math.Abs(y)) }

// samples are the published groups of a grouping that state a dimension in full,
// by key.
func (a *attacker) samples(by []string, dimension string) map[string]sample {
	out := map[string]sample{}
	for _, g := range a.body.Groups {
		if !slices.Equal(g.By, by) || g.Withheld || slices.Contains(g.Key, "") {
			continue
		}
		for _, d := range g.Dimensions {
			if d.ID == dimension && !d.Withheld && d.N != nil && d.Mean != nil && d.SD != nil {
				out[fmt.Sprint(g.Key)] = sample{*d.N, *d.Mean, *d.SD}
			}
		}
	}
	return out
}

// leak notes that a reading does not follow from what is published.
func (a *attacker) leak(what, dimension string, by []string, format string, args ...any) {
	a.found = append(a.found, finding{"4 readings", dimension, fmt.Sprint(by), what + ": " + fmt.Sprintf(format, args...)})
}

// readings compares all that is read between figures with what the published
// groups alone would give. What differs was made of somebody who is hidden.
func (a *attacker) readings() {
	a.composed()
	for _, x := range a.body.Agreement {
		a.agreement(x)
	}
	a.gaps()
	for _, x := range a.body.Rankings {
		for _, e := range x.Entries {
			if !slices.ContainsFunc(a.body.Groups, func(g record.Group) bool {
				return slices.Equal(g.By, x.By) && slices.Equal(g.Key, e.Key) && !g.Withheld && g.Index != nil && near(*g.Index, e.Index)
			}) {
				a.leak("ranking", "", x.By, "%v has %v", e.Key, e.Index)
			}
		}
	}
	for _, x := range a.body.Disconnects {
		of := a.samples(x.By, x.Dimension)
		for key, side := range map[string]record.Side{fmt.Sprint(x.Best): x.BestSide, fmt.Sprint(x.Worst): x.WorstSide} {
			if s := of[key]; !s.is(side) {
				a.leak("disconnect", x.Dimension, x.By, "%s has %+v", key, side)
			}
		}
	}
	a.leaders()
	a.drivers()
}

// gaps pools the other published groups, and looks for people who are in neither.
func (a *attacker) gaps() {
	for _, x := range a.body.Gaps {
		of := a.samples(x.By, x.Dimension)
		own, rest := of[fmt.Sprint(x.Key)], sample{}
		for key, s := range of {
			if key != fmt.Sprint(x.Key) {
				rest = rest.plus(s)
			}
		}
		t := (own.mean - rest.mean) / math.Sqrt(own.sd*own.sd/float64(own.n)+rest.sd*rest.sd/float64(rest.n))
		if x.N != own.n || x.NRest != rest.n || !near(x.Difference, own.mean-rest.mean) || x.Test != nil && !near(x.Test.Statistic, t) {
			a.leak("gap", x.Dimension, x.By, "%v: %d and %d people, %v apart", x.Key, x.N, x.NRest, x.Difference)
		}
	}
}

// composed looks for figures that are made of several of which one is withheld:
// it is what the others leave.
func (a *attacker) composed() {
	for _, c := range a.cells {
		gone := slices.ContainsFunc(c.group.Dimensions, func(d record.Dimension) bool { return d.Withheld })
		if gone && c.group.Index != nil {
			a.leak("index", "", nil, "of %s, with a dimension withheld", c.name)
		}
	}
	if a.body.Data == nil || a.body.Data.Answers == nil {
		return
	}
	for _, q := range quantities(a.survey.instrument) {
		if _, ok := a.read(0, q); !ok && q.item >= 0 {
			a.leak("answers", q.String(), nil, "counted where those to an item are withheld")
		}
	}
}

func (s sample) is(side record.Side) bool {
	return s.n == side.N && near(s.mean, side.Mean) && near(s.sd, side.SD)
}

// leaders looks for people on either side who are in no published group.
func (a *attacker) leaders() {
	for _, x := range a.body.Leaders {
		var lead, line sample
		for key, s := range a.samples([]string{x.By}, x.Dimension) {
			if key == fmt.Sprint([]string{villageLeader}) {
				lead = lead.plus(s)
			} else {
				line = line.plus(s)
			}
		}
		if !lead.is(x.Leaders) || !line.is(x.FrontLine) {
			a.leak("leaders", x.Dimension, []string{x.By}, "%+v and %+v", x.Leaders, x.FrontLine)
		}
	}
}

// drivers looks for a few people who have a score and are not among those that
// the drivers rest on.
func (a *attacker) drivers() {
	for _, x := range a.body.Drivers {
		for _, q := range quantities(a.survey.instrument) {
			t, ok := a.read(0, q)
			if ok && x.N != nil && (q.item < 0 || q.dim < 0) && t.n > *x.N && t.n-*x.N < a.min {
				a.leak("drivers", x.Outcome, nil, "rest on %d of %d people with %s", *x.N, t.n, q)
			}
		}
	}
}

// variance is what the analysis of variance says of groups.
type variance struct {
	n                    int64
	icc1, icc2, f, etaSq float64
}

func varianceOf(groups []sample) variance {
	var v variance
	all, within, squares := sample{}, 0.0, 0.0
	for _, g := range groups {
		all = all.plus(g)
		within += float64(g.n-1) * g.sd * g.sd
		squares += float64(g.n * g.n)
	}
	between := 0.0
	for _, g := range groups {
		between += float64(g.n) * (g.mean - all.mean) * (g.mean - all.mean)
	}
	k, n := float64(len(groups)), float64(all.n)
	msb, msw, size := between/(k-1), within/(n-k), (n-squares/n)/(k-1)
	v.n, v.f, v.etaSq = all.n, msb/msw, between/(between+within)
	v.icc1, v.icc2 = (msb-msw)/(msb+(size-1)*msw), (msb-msw)/msb
	return v
}

// explains reports whether these figures are those of an agreement.
func (v variance) explains(x record.Agreement) bool {
	same := func(told *float64, made float64) bool { return told == nil || near(*told, made) }
	return v.n == x.N && same(x.ICC1, v.icc1) && same(x.ICC2, v.icc2) && same(x.EtaSq, v.etaSq) && (x.F == nil || near(x.F.Statistic, v.f))
}

// agreement looks for a hidden group in an agreement that the published groups
// do not explain.
func (a *attacker) agreement(x record.Agreement) {
	of := a.samples(x.By, x.Dimension)
	var groups []sample
	for _, s := range of {
		groups = append(groups, s)
	}
	if len(groups) != x.Groups || !varianceOf(groups).explains(x) {
		a.leak("agreement", x.Dimension, x.By, "%d people in %d groups where %d are published; hidden: %s", x.N, x.Groups, len(groups), a.hidden(x, groups))
	}
	mean, count := 0.0, 0.0
	for _, list := range [][]record.GroupFigure{x.RWGJ, x.RWGStar, x.AWG, x.AD} {
		for _, g := range list {
			if _, ok := of[fmt.Sprint(g.Key)]; !ok {
				a.leak("agreement within", x.Dimension, x.By, "of %v", g.Key)
			}
		}
	}
	for _, g := range x.RWGJ {
		if g.Value != nil {
			mean, count = mean+*g.Value, count+1
		}
	}
	if x.MeanRWGJ != nil && !near(*x.MeanRWGJ, mean/count) {
		a.leak("mean agreement", x.Dimension, x.By, "%v, not %v", *x.MeanRWGJ, mean/count)
	}
}

// hidden searches a group of few people that makes the published groups explain
// an agreement: every size, and every sum and sum of squares of whole scores.
func (a *attacker) hidden(x record.Agreement, groups []sample) string {
	low, high := int64(a.body.Instrument.Scale.Min)*parts, int64(a.body.Instrument.Scale.Max)*parts
	for n := int64(1); n < max(a.min, 4); n++ {
		for sum := n * low; sum <= n*high; sum++ {
			most := n*high*high - sum*sum/n
			for squares := int64(0); n == 1 && squares == 0 || n > 1 && squares <= most; squares++ {
				s := sample{n, float64(sum) / float64(n) / parts, 0}
				if n > 1 {
					s.sd = math.Sqrt(float64(squares)/float64(n-1)) / parts
				}
				if varianceOf(append(slices.Clone(groups), s)).explains(x) {
					return fmt.Sprintf("%d people with a mean of %.4g", n, s.mean)
				}
			}
			if n > 2 {
				break // their squares are too many to try
			}
		}
	}
	return "not found, but it follows from no published figures"
}

// panel looks for a few people who answered once, between two waves and the
// change of those who answered twice.
func (a *attacker) panel(before *attacker) {
	for _, x := range a.body.Changes {
		d := slices.IndexFunc(a.body.Instrument.Dimensions, func(d record.DimensionText) bool { return d.ID == x.Dimension })
		q := asked{d, -1}
		if !x.Paired {
			a.unpaired(before, x)
			continue
		}
		old, okOld := before.read(0, q)
		now, okNow := a.read(0, q)
		if !okOld || !okNow {
			continue
		}
		for wave, t := range []tally{old, now} {
			if once := t.n - *x.N; once > 0 && once < a.min {
				a.found = append(a.found, finding{"5 panel", q.String(), fmt.Sprintf("wave %d", wave+1), fmt.Sprintf("%d of %d people answered once", once, t.n)})
			}
		}
		if old.n == before.heads(before.cells[0].set) && now.n == a.heads(a.cells[0].set) {
			a.matched(before, q, x)
		}
	}
}

// unpaired compares a change of waves as wholes with what each wave publishes.
func (a *attacker) unpaired(before *attacker, x record.Change) {
	side := func(of *attacker) sample {
		if len(x.By) > 0 {
			return of.samples(x.By, x.Dimension)[fmt.Sprint(x.Key)]
		}
		for _, d := range of.body.Dimensions {
			if d.ID == x.Dimension && d.Mean != nil && d.SD != nil {
				return sample{*d.N, *d.Mean, *d.SD}
			}
		}
		return sample{}
	}
	if x.Before == nil || x.After == nil || !side(before).is(*x.Before) || !side(a).is(*x.After) {
		a.leak("change", x.Dimension, x.By, "%v: %+v, %+v", x.Key, x.Before, x.After)
	}
}

// panelTable is the people of two waves by where they were in each, once for
// either wave.
type panelTable struct {
	place  map[string]int
	names  []string
	people []int64
	sums   []int64 // the truth
	twice  []bool
	wave   []int
	atom   []int // where they were in that wave
}

func (p *panelTable) add(a *attacker, wave int, v villager, other string, q asked) {
	own := a.finest(v)
	key := fmt.Sprintf("wave %d: %s, in the other %s", wave+1, own, other)
	at, ok := p.place[key]
	if !ok {
		at = len(p.names)
		p.place[key] = at
		atom := slices.IndexFunc(a.atoms, func(groups []string) bool { return a.finest(villager{groups: groups}) == own })
		p.names, p.people, p.sums = append(p.names, key), append(p.people, 0), append(p.sums, 0)
		p.twice, p.wave, p.atom = append(p.twice, other != nowhere), append(p.wave, wave), append(p.atom, atom)
	}
	x, _ := q.value(a.survey.instrument, v)
	p.people[at], p.sums[at] = p.people[at]+1, p.sums[at]+x
}

// nowhere is where people are who did not answer in a wave.
const nowhere = "nowhere"

// matched solves both waves and the change of those who answered twice together.
func (a *attacker) matched(before *attacker, q asked, x record.Change) {
	table := &panelTable{place: map[string]int{}}
	both := []*attacker{before, a}
	for wave, own := range both {
		where := map[int]string{}
		for _, v := range a.survey.waves[1-wave] {
			where[v.id] = both[1-wave].finest(v)
		}
		for _, v := range a.survey.waves[wave] {
			other, ok := where[v.id]
			if !ok {
				other = nowhere
			}
			table.add(own, wave, v, other, q)
		}
	}
	var sets [][]int64
	var sums []int64
	row := func(sum int64, weight func(c int) int64) {
		set := make([]int64, len(table.names))
		for c := range set {
			set[c] = weight(c)
		}
		sets, sums = append(sets, set), append(sums, sum)
	}
	row(int64(math.Round(float64(*x.N)*x.Difference*parts)), func(c int) int64 {
		if !table.twice[c] {
			return 0
		}
		return int64(2*table.wave[c] - 1)
	})
	for wave, own := range both {
		v, facts := own.facts(q)
		for k, t := range facts {
			set := own.cells[v.cells[k]].set
			row(t.sum, func(c int) int64 {
				if table.wave[c] != wave {
					return 0
				}
				return int64(set >> table.atom[c] & 1)
			})
		}
	}
	a.small(table, newSpan(len(table.names), sets), sums, q)
}

// small looks for a few people whose answers follow from a panel, and would not
// without the change.
func (a *attacker) small(table *panelTable, s *span, sums []int64, q asked) {
	for _, columns := range s.smallSets(table.people, a.min) {
		set := make([]int64, len(table.names))
		var n, actual int64
		var who []string
		for _, c := range columns {
			set[c], n, actual, who = 1, n+table.people[c], actual+table.sums[c], append(who, table.names[c])
		}
		made, ok := s.solve(set)
		if !ok || made[0] == nil {
			continue
		}
		sum := combine(made, func(k int) int64 { return sums[k] })
		if !sum.IsInt() || sum.Num().Int64() != actual {
			a.wrong = append(a.wrong, fmt.Sprintf("panel of %v: thought %v, but it is %d", who, sum, actual))
			continue
		}
		a.found = append(a.found, finding{"5 panel", q.String(), fmt.Sprint(who), fmt.Sprintf("%d people, sum %d/%d", n, actual, parts)})
	}
}
