package auditor

import (
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
)

// pairs looks at figures that are made of several items of one cell: none may
// be withheld there, nor the dimension it belongs to.
func (f *form) pairs() {
	for _, p := range f.body.IdealPractice {
		what := "ideal against practice"
		f.open(p.By, p.Key, what, func(t record.ItemText) bool { return t.ID == p.Ideal || t.ID == p.Practice })
		f.people(p.By, p.Key, MeasureItem+p.Ideal, what, p.Pair.N)
	}
	for _, s := range f.body.ServiceCare {
		what := "service against care"
		f.open(s.By, s.Key, what, func(t record.ItemText) bool { return t.Facet != "" })
		f.people(s.By, s.Key, MeasurePeople, what, s.Service.N)
		f.people(s.By, s.Key, MeasurePeople, what, s.Care.N)
		if s.Pair != nil {
			f.people(s.By, s.Key, MeasurePeople, what, s.Pair.N)
		}
	}
}

// open finds what a reading of some items would tell of withheld ones.
func (f *form) open(by, key []string, what string, picks func(record.ItemText) bool) {
	v := f.group(by, key)
	if v == nil {
		f.add(cellName(by, key), MeasurePeople, "%s is told of a group that is not published", what)
		return
	}
	closed := func(measure string) { f.add(v.name, measure, "is not published, and %s is made of it", what) }
	for _, d := range f.body.Instrument.Dimensions {
		if !slices.ContainsFunc(d.Items, picks) {
			continue
		}
		if v.dimension(d.ID) == nil {
			closed(MeasureDimension + d.ID)
		}
		for _, t := range d.Items {
			if picks(t) && v.item(d.ID, t.ID) == nil && !f.leftOut(v, d.ID, t.ID) {
				closed(MeasureItem + t.ID)
			}
		}
	}
	for _, t := range f.body.Instrument.Outcomes {
		if picks(t) && v.item("", t.ID) == nil {
			closed(MeasureItem + t.ID)
		}
	}
}

// leftOut reports whether an item of a group is absent, and not withheld,
// because the record tells of no group's items: there are too many to be told.
func (f *form) leftOut(v *view, dimension, item string) bool {
	if _, said := f.body.Undefined["groups.items"]; !said || len(v.by) == 0 || v.dimension(dimension) == nil {
		return false
	}
	return !slices.ContainsFunc(v.dimension(dimension).Items, func(it record.Item) bool { return it.ID == item })
}

// whole looks at readings of everybody: drivers, links between levels and
// priorities.
func (f *form) whole() {
	for _, d := range f.body.Drivers {
		what := "what drives the outcome " + d.Outcome
		if d.N != nil {
			f.people(nil, nil, MeasureItem+d.Outcome, what, *d.N)
		}
		if len(d.Dimensions) > 0 || d.RSq != nil {
			f.told(quantity{measure: MeasureItem + d.Outcome, item: d.Outcome}, what)
		}
		for _, p := range d.Dimensions {
			if p.R != nil || p.Beta != nil || p.Weight != nil || p.Share != nil {
				f.told(quantity{measure: MeasureDimension + p.Dimension, dimension: p.Dimension}, what)
			}
		}
	}
	for _, t := range f.body.Traces {
		for _, l := range t.Links {
			what := "the tie between " + l.Upper + " and " + l.Lower
			if l.N != nil {
				f.people(nil, nil, MeasureDimension+l.Upper, what, *l.N)
			}
			for _, id := range []string{l.Upper, l.Lower} {
				f.told(quantity{measure: MeasureDimension + id, dimension: id}, what)
			}
		}
		f.told(quantity{measure: MeasureDimension + t.Dimension, dimension: t.Dimension}, "the trace from "+t.Dimension)
		f.told(quantity{measure: MeasureDimension + t.Root, dimension: t.Root}, "the trace from "+t.Dimension)
	}
	for _, p := range f.body.Priorities {
		f.priority(p)
	}
}

// told finds readings of everybody that are made of something withheld.
func (f *form) told(q quantity, what string) {
	if _, ok := f.views[0].told(q); !ok {
		f.add(everybody, q.measure, "is not published, and %s is made of it", what)
	}
}

// priority holds a priority against the published score.
func (f *form) priority(p record.Priority) {
	d := f.views[0].dimension(p.Dimension)
	if d == nil || d.Percent == nil || !f.near(*d.Percent, p.Percent, 100) {
		f.add(everybody, MeasureDimension+p.Dimension, "its place among the priorities is not made of what is published")
	}
}
