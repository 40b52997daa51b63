package disclosure

import (
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/reading"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// withholdBeyond decides about the figures that reach across dimensions. Where
// the figures of an item they are made of are withheld, so are they.
func (p *publisher) withholdBeyond() {
	all := slices.Clone(p.people)
	for d := range p.items {
		for i := range all {
			all[i] = all[i] || p.items[d][i] || p.dimensions[d][i]
		}
	}
	for d := range p.dimensions {
		p.complete = append(p.complete, p.settleComplete(d))
	}
	for i := range p.scorer.Pairs() {
		both := func(s *score.Sums) int64 { return s.Pairs[i].N }
		ideal, practice := p.scorer.PairItems(i)
		p.pairs = append(p.pairs, p.settle(all,
			quantity{people: both, unanimous: func(s *score.Sums) bool { return alike(s.Pairs[i].Moments()) }},
			restOf(func(s *score.Sums) int64 { return p.scorer.ItemPeople(s, ideal) }, both),
			restOf(func(s *score.Sums) int64 { return p.scorer.ItemPeople(s, practice) }, both),
		))
	}
	if p.scorer.HasFacets() {
		p.facets = p.settleFacets(all)
	}
}

// settleComplete decides about the figures of those who answered every item of
// dimension d. They and those who left something out are told apart by what is
// published of all.
func (p *publisher) settleComplete(d int) []bool {
	already := slices.Clone(p.dimensions[d])
	for i := range already {
		already[i] = already[i] || p.items[d][i]
	}
	complete := func(s *score.Sums) int64 { return s.Dimensions[d].Complete.Items[0].N }
	unanimous := func(s *score.Sums) bool {
		return slices.ContainsFunc(s.Dimensions[d].Complete.Items, alike)
	}
	return p.settle(already, quantity{people: complete, unanimous: unanimous},
		restOf(func(s *score.Sums) int64 { return p.scorer.Answered(s, d) }, complete))
}

// alike reports whether several values are all the same, or there is just one.
func alike(m stats.Moments) bool {
	sd, why := m.SD()
	return m.N == 1 || why == "" && sd == 0
}

// settleFacets decides about service and care: each, both together, and those
// who have only one of them.
func (p *publisher) settleFacets(already []bool) []bool {
	people := func(f int) func(*score.Sums) int64 {
		return func(s *score.Sums) int64 { return p.scorer.FacetPeople(s)[f] }
	}
	const both = 2
	return p.settle(already,
		quantity{people: people(0), unanimous: func(s *score.Sums) bool { return p.scorer.FacetAlike(s, 0) }},
		quantity{people: people(1), unanimous: func(s *score.Sums) bool { return p.scorer.FacetAlike(s, 1) }},
		quantity{people: people(both), unanimous: func(s *score.Sums) bool { return alike(s.Between.Moments()) }},
		restOf(people(0), people(both)), restOf(people(1), people(both)))
}

// read adds what a consultant reads between the figures. Whatever compares
// groups or waves is made from the published body alone.
func (p *publisher) read(body *record.AssessmentBody) {
	p.readPairs(body)
	if p.scorer.Fills(p.raw.Total) {
		p.withoutTests(body)
	} else {
		p.readGroups(body)
	}
	p.readDrivers(body)
	body.Priorities = reading.Priorities(*body)
	body.Traces = reading.Traces(*body, p.links())
}

// readPairs compares figures of the same people. Holm's correction runs over all
// comparisons of one sort.
func (p *publisher) readPairs(body *record.AssessmentBody) {
	p.eachCell(func(at int, by, key []string) {
		for i := range p.pairs {
			if x := p.scorer.IdealPractice(p.sums[at], i); !p.pairs[i][at] && x != nil {
				x.By, x.Key = by, key
				body.IdealPractice = append(body.IdealPractice, *x)
			}
		}
		if p.facets == nil || p.facets[at] {
			return
		}
		if x := p.scorer.ServiceCare(p.sums[at]); x != nil {
			x.By, x.Key = by, key
			body.ServiceCare = append(body.ServiceCare, *x)
		}
	})
	var ideals, facets []*record.Test
	for _, x := range body.IdealPractice {
		ideals = append(ideals, x.Pair.Test)
	}
	for _, x := range body.ServiceCare {
		if x.Pair != nil {
			facets = append(facets, x.Pair.Test)
		}
	}
	adjust(ideals)
	adjust(facets)
	for i, x := range body.IdealPractice {
		body.IdealPractice[i].Text = reading.IdealPracticeText(*body, x)
	}
	for i, x := range body.ServiceCare {
		body.ServiceCare[i].Text = reading.ServiceCareText(*body, x)
	}
}

// readGroups compares groups and waves, from what is published of them.
func (p *publisher) readGroups(body *record.AssessmentBody) {
	body.Agreement = reading.Agreement(p.overComplete(*body))
	body.Gaps = reading.Gaps(*body)
	body.Rankings = reading.Rankings(*body)
	body.Disconnects = reading.Disconnects(*body)
	for _, a := range p.req.Instrument.Attributes {
		if len(a.Leaders) > 0 {
			body.Leaders = append(body.Leaders, reading.Leaders(*body, a.ID, a.Leaders)...)
		}
	}
	p.readChanges(body)
}

// withoutTests says why nothing is compared: answers that were filled in count
// as people of one opinion, and make every difference look surer than it is.
func (p *publisher) withoutTests(body *record.AssessmentBody) {
	const why = "missing answers were filled in, which makes differences look surer than they are"
	if body.Undefined == nil {
		body.Undefined = record.UndefinedNote{}
	}
	for _, name := range []string{"agreement", "gaps", "rankings", "disconnects", "leaders", "changes"} {
		body.Undefined[name] = why
	}
}

// overComplete is the body with figures of items that are of those who answered
// every item of the dimension: agreement within a group is defined over them.
// What is withheld stays so.
func (p *publisher) overComplete(body record.AssessmentBody) record.AssessmentBody {
	body.Groups = slices.Clone(body.Groups)
	for g := range body.Groups {
		group := &body.Groups[g]
		group.Dimensions = slices.Clone(group.Dimensions)
		for d := range group.Dimensions {
			if dim := &group.Dimensions[d]; !dim.Withheld && !p.items[d][g+1] {
				dim.Items = p.scorer.CompleteItems(p.sums[g+1], d, !p.complete[d][g+1])
			}
		}
	}
	return body
}

// eachCell calls do for everybody and then for each group.
func (p *publisher) eachCell(do func(at int, by, key []string)) {
	do(total, nil, nil)
	at := 1
	for _, g := range p.raw.Groupings {
		for _, group := range g.Groups {
			do(at, g.By, group.Key)
			at++
		}
	}
}

// readDrivers explains the outcomes by the dimensions, over everybody: where
// enough people have all scores, and nothing of the figures is withheld that
// goes into them.
func (p *publisher) readDrivers(body *record.AssessmentBody) {
	for o := range p.req.Instrument.Outcomes {
		outcome := p.req.Instrument.Outcomes[o].ID
		if p.outcomes[o][total] || p.anyDimension() || !p.enough(p.raw.Whole.Drivers[o].N(), p.driverPeople(o)...) {
			body.Drivers = append(body.Drivers, record.Drivers{Outcome: outcome, Undefined: record.UndefinedNote{
				"r_sq": "too few people have a score in every dimension, or a part of the figures is withheld",
			}})
			continue
		}
		key := record.Key{Client: p.raw.Client, Kind: record.KindAssessment, Subject: p.req.Instrument.ID, Wave: p.raw.Wave}
		drivers := p.scorer.Drivers(p.raw.Whole, o, key.String()+"\n"+outcome)
		drivers.Text = reading.DriversText(*body, drivers)
		body.Drivers = append(body.Drivers, drivers)
	}
}

// anyDimension reports whether a dimension is withheld for everybody.
func (p *publisher) anyDimension() bool {
	return slices.ContainsFunc(p.dimensions, func(withheld []bool) bool { return withheld[total] })
}

// links are those between neighboring levels, where enough people have both
// scores.
func (p *publisher) links() []record.Link {
	if p.anyDimension() {
		return nil
	}
	var out []record.Link
	at := func(id string) int64 {
		d := slices.IndexFunc(p.req.Instrument.Dimensions, func(d instrument.Dimension) bool { return d.ID == id })
		return p.scorer.Scored(p.raw.Total, d)
	}
	for _, l := range p.scorer.Links(p.raw.Whole) {
		if p.enough(*l.N, at(l.Upper), at(l.Lower)) {
			out = append(out, l)
		}
	}
	return out
}

// driverPeople is how many people stand behind each variable of drivers o.
func (p *publisher) driverPeople(o int) []int64 {
	var n []int64
	for d := range p.req.Instrument.Dimensions {
		n = append(n, p.scorer.Scored(p.raw.Total, d))
	}
	first := len(p.req.Instrument.Items()) - len(p.req.Instrument.Outcomes)
	return append(n, p.scorer.ItemPeople(p.raw.Total, first+o))
}

// enough reports whether figures of n people can be told who are a part of
// each of several sets: of whom nobody may be left over, or enough, where there
// are groups by which they could be looked for.
func (p *publisher) enough(n int64, sets ...int64) bool {
	if len(p.raw.Groupings) == 0 {
		return n >= p.min
	}
	return n >= p.min && !slices.ContainsFunc(sets, func(all int64) bool { return all != n && all-n < p.min })
}

// readChanges compares with the earlier wave: by the people who answered in
// both, where these are known and may be told, and otherwise by what was
// published of everybody. Groups are compared as wholes, since people change
// groups.
func (p *publisher) readChanges(body *record.AssessmentBody) {
	if p.req.Previous == nil {
		return
	}
	body.Changes = reading.Changes(*body, *p.req.Previous)
	body.Method.Waves = "unpaired"
	if p.raw.Panel == nil || p.raw.Panel.Since != p.req.Previous.Wave {
		return
	}
	var tests []*record.Test
	var paired []*record.Change
	for i := range body.Changes {
		c := &body.Changes[i]
		if len(c.By) > 0 || !p.pair(c) {
			continue
		}
		body.Method.Waves = "paired"
		paired, tests = append(paired, c), append(tests, c.Test)
	}
	adjust(tests)
	for _, c := range paired {
		c.Text = reading.ChangeText(*body, *c)
	}
}

// pair replaces a change between two waves as wholes by that of the people
// matched, unless these, or those who answered only once, are too few: what
// changed for all is published too, so that a few who are not matched could be
// told from the difference.
func (p *publisher) pair(c *record.Change) bool {
	d := slices.IndexFunc(p.req.Instrument.Dimensions, func(d instrument.Dimension) bool { return d.ID == c.Dimension })
	panel := p.raw.Panel.Dimensions[d]
	matched := panel.Differences.N
	for _, once := range slices.Concat(panel.OnceBefore, panel.OnceAfter) {
		if once != 0 && once < p.min {
			return false
		}
	}
	change, sd, ok := p.scorer.PanelChange(p.raw.Panel, d)
	if matched < p.min || !ok || sd == 0 && matched < UnanimousFloor {
		return false
	}
	scale := p.req.Instrument.Dimensions[d].Scale()
	pair := record.Pair{N: matched, Difference: change, SD: sd}
	score.Paired(&pair)
	c.Paired, c.N, c.SD, c.G = true, &pair.N, &pair.SD, nil
	c.Difference, c.Points = change, 100*change/float64(scale.Max-scale.Min)
	c.CI, c.DZ, c.Test = pair.CI, pair.DZ, pair.Test
	return true
}

// adjust applies Holm's correction over the tests of one table; those that
// could not be made are nil.
func adjust(tests []*record.Test) {
	tests = slices.DeleteFunc(tests, func(t *record.Test) bool { return t == nil })
	p := make([]float64, len(tests))
	for i, t := range tests {
		p[i] = t.P
	}
	for i, adjusted := range stats.Holm(p) {
		tests[i].PHolm = &adjusted
	}
}
