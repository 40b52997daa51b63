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
	for i := range p.scorer.Pairs() {
		p.pairs = append(p.pairs, p.settle(all, quantity{
			people: func(s *score.Sums) int64 { return s.Pairs[i].N },
			unanimous: func(s *score.Sums) bool {
				sd, why := s.Pairs[i].Moments().SD()
				return why == "" && sd == 0
			},
		}))
	}
	if !p.scorer.HasFacets() {
		return
	}
	var facets []quantity
	for f := range 3 {
		facets = append(facets, quantity{
			people:    func(s *score.Sums) int64 { return p.scorer.FacetPeople(s)[f] },
			unanimous: func(*score.Sums) bool { return false },
		})
	}
	p.facets = p.settle(all, facets...)
}

// read adds what a consultant reads between the figures. Whatever compares
// groups or waves is made from the published body alone.
func (p *publisher) read(body *record.AssessmentBody) {
	p.eachCell(func(at int, by, key []string) {
		for i := range p.pairs {
			if x := p.scorer.IdealPractice(p.sums[at], i); !p.pairs[i][at] && x != nil {
				x.By, x.Key = by, key
				x.Text = reading.IdealPracticeText(*body, *x)
				body.IdealPractice = append(body.IdealPractice, *x)
			}
		}
		if p.facets == nil || p.facets[at] {
			return
		}
		if x := p.scorer.ServiceCare(p.sums[at]); x != nil {
			x.By, x.Key = by, key
			x.Text = reading.ServiceCareText(*body, *x)
			body.ServiceCare = append(body.ServiceCare, *x)
		}
	})
	body.Agreement = reading.Agreement(p.complete(*body))
	body.Gaps = reading.Gaps(*body)
	body.Rankings = reading.Rankings(*body)
	body.Disconnects = reading.Disconnects(*body)
	for _, a := range p.req.Instrument.Attributes {
		if len(a.Leaders) > 0 {
			body.Leaders = append(body.Leaders, reading.Leaders(*body, a.ID, a.Leaders)...)
		}
	}
	p.readDrivers(body)
	p.readChanges(body)
	body.Priorities = reading.Priorities(*body)
	body.Traces = reading.Traces(*body, p.links())
}

// complete is the body with figures of items that are of those who answered
// every item of the dimension: agreement within a group is defined over them.
// What is withheld stays so.
func (p *publisher) complete(body record.AssessmentBody) record.AssessmentBody {
	body.Groups = slices.Clone(body.Groups)
	for g := range body.Groups {
		group := &body.Groups[g]
		group.Dimensions = slices.Clone(group.Dimensions)
		for d := range group.Dimensions {
			if dim := &group.Dimensions[d]; !dim.Withheld && !p.items[d][g+1] {
				dim.Items = p.scorer.CompleteItems(p.sums[g+1], d, p.min)
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
		if p.outcomes[o][total] || p.anyDimension() || p.raw.Whole.Drivers[o].N() < p.min {
			continue
		}
		key := record.Key{Client: p.raw.Client, Kind: record.KindAssessment, Subject: p.req.Instrument.ID, Wave: p.raw.Wave}
		drivers := p.scorer.Drivers(p.raw.Whole, o, key.String()+"\n"+p.req.Instrument.Outcomes[o].ID)
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
	for _, l := range p.scorer.Links(p.raw.Whole) {
		if *l.N >= p.min {
			out = append(out, l)
		}
	}
	return out
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
	for _, once := range []int64{panel.Before - matched, panel.After - matched} {
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
