package auditor

import (
	"context"
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
)

// form looks for what is wrong with one record by itself.
type form struct {
	ctx        context.Context
	release    *Release
	body       record.AssessmentBody
	views      []view
	quantities []quantity
	places     map[string]int        // of views, by their id
	groups     map[[2]string]*cohort // by columns and dimension, as far as asked for
	findings   []Finding
}

// unanimous is the number of people from which on it is no secret of anybody's
// that all gave the same answer.
const unanimous = 20

func (f *form) check() {
	f.places, f.groups = make(map[string]int), make(map[[2]string]*cohort)
	for i, v := range f.views {
		f.places[v.id] = i
	}
	for i := range f.views {
		if f.ctx.Err() != nil {
			return
		}
		f.cell(&f.views[i])
		for _, q := range f.quantities {
			f.quantity(&f.views[i], q)
		}
		for _, d := range f.body.Instrument.Dimensions {
			f.dimension(&f.views[i], d)
		}
	}
	f.unlisted()
	f.data()
	f.mix()
}

func (f *form) add(cell, measure, format string, args ...any) {
	f.findings = append(f.findings, Finding{Release: f.release.Name, Cell: cell, Measure: measure, What: fmt.Sprintf(format, args...)})
}

// few reports whether so many people are fewer than may be told of. Nobody is
// no one to protect.
func (f *form) few(n *int64) bool { return n != nil && *n != 0 && *n < f.release.Min }

const (
	formWithheld = "is marked as withheld and tells something all the same"
	formFew      = "is of %d people, fewer than the %d that may be told of"
	formCount    = "gives figures and does not say of how many people, so they can't be checked"
)

// cell looks at what is told of a set of people as a whole.
func (f *form) cell(v *view) {
	if v.withheld {
		rate := v.response != nil && v.response.Rate != nil
		if v.n != nil || rate || v.index != nil || v.band != "" || len(v.undefined) > 0 {
			f.add(v.name, MeasurePeople, formWithheld)
		}
		return
	}
	dark := false
	for _, d := range v.dimensions {
		dark = dark || d.Withheld
	}
	if dark && (v.index != nil || v.band != "") {
		f.add(v.name, MeasurePeople, "has an overall score though a dimension is withheld, which can be worked out from it")
	}
	if v.n == nil && (v.index != nil || len(v.dimensions)+len(v.outcomes) > 0) {
		f.add(v.name, MeasurePeople, formCount)
	}
}

// quantity looks at what is told of one measure in one cell.
func (f *form) quantity(v *view, q quantity) {
	if q.item != "" || q.dimension != "" {
		if f.marked(v, q) {
			f.add(v.name, q.measure, formWithheld)
		}
	}
	t, ok := v.told(q)
	if !ok {
		return
	}
	figures := t.mean != nil || t.sd != nil || t.percent != nil || t.favorable != nil || t.enps != nil || t.histogram != nil
	switch {
	case t.n == nil && figures:
		f.add(v.name, q.measure, formCount)
	case f.few(t.n):
		f.add(v.name, q.measure, formFew, *t.n, f.release.Min)
	case t.n != nil && *t.n < unanimous && t.alike(q.scale):
		f.add(v.name, q.measure, "is of fewer than %d people who all answered alike, so everybody's answer is known", unanimous)
	}
	if t.n != nil && t.histogram != nil && countAnswers(t.histogram) != *t.n {
		f.add(v.name, q.measure, "counts other people by answer than in all")
	}
	if d := v.dimension(q.dimension); q.item == "" && d != nil && d.Alpha != nil {
		for _, a := range []*record.Alpha{d.Alpha.Pairwise, d.Alpha.Complete} {
			if a != nil && f.few(a.N) {
				f.add(v.name, q.measure, "has an alpha of %d people, fewer than the %d that may be told of", *a.N, f.release.Min)
			}
		}
	}
}

// marked reports whether a measure is marked as withheld, or is of a cell that
// is, and tells something all the same.
func (f *form) marked(v *view, q quantity) bool {
	items := v.outcomes
	for i := range v.dimensions {
		d := &v.dimensions[i]
		if d.ID != q.dimension {
			continue
		}
		if q.item == "" {
			tells := d.N != nil || d.Mean != nil || d.SD != nil || d.CI != nil || d.Percent != nil || d.Favorable != nil
			return (v.withheld || d.Withheld) && (tells || d.Band != "" || d.Alpha != nil || d.Omega != nil || len(d.Undefined) > 0)
		}
		items = d.Items
	}
	for i := range items {
		it := &items[i]
		if it.ID == q.item && q.item != "" {
			tells := it.N != nil || it.Mean != nil || it.SD != nil || it.CI != nil || it.Percent != nil || it.Favorable != nil
			more := it.ItemRest != nil || it.AlphaIfDropped != nil || it.ENPS != nil || it.Histogram != nil || len(it.Undefined) > 0
			return (v.withheld || it.Withheld) && (tells || more)
		}
	}
	return false
}

// dimension sets a dimension against the items it is made of.
func (f *form) dimension(v *view, text record.DimensionText) {
	if v.withheld {
		return
	}
	var hidden []string
	complete := v.n != nil
	for _, t := range text.Items {
		it := v.item(text.ID, t.ID)
		if it == nil || it.Mean == nil && it.Percent == nil && it.Histogram == nil {
			hidden = append(hidden, t.ID)
			continue
		}
		complete = complete && it.N != nil && *it.N == *v.n
	}
	d := v.dimension(text.ID)
	shown := d != nil && (d.Mean != nil || d.Percent != nil)
	switch {
	case shown && len(hidden) == 1 && len(text.Items) > 1 && !f.unanswered(v, text.ID, hidden[0]):
		f.add(v.name, MeasureItem+hidden[0], "can be worked out: its dimension and all other items of it are told")
	case !shown && d == nil && len(hidden) == 0 && complete && len(text.Items) > 0 && *v.n > 0:
		f.add(v.name, MeasureDimension+text.ID, "can be worked out: everybody answered all its items, and these are told")
	}
}

// unanswered reports whether an item has no figures because nobody answered it.
func (f *form) unanswered(v *view, dimension, item string) bool {
	it := v.item(dimension, item)
	return it != nil && it.N != nil && *it.N == 0
}

// unlisted looks for people who are in no group of a grouping: how many they
// are follows where all groups are told.
func (f *form) unlisted() {
	everyone := f.views[0]
	if everyone.withheld || everyone.n == nil {
		return
	}
	sums, names := map[string]int64{}, []string{}
	by := map[string][]string{}
	whole := map[string]bool{}
	for _, v := range f.views[1:] {
		id := v.columns
		if by[id] == nil {
			by[id], whole[id] = v.by, true
			names = append(names, id)
		}
		if v.withheld || v.n == nil || *v.n > believable {
			whole[id] = false
			continue
		}
		sums[id] += *v.n
	}
	for _, id := range names {
		left := *everyone.n - sums[id]
		switch {
		case left < 0:
			f.add(everybody, MeasurePeople, "is of fewer people than the groups by %s together", list(by[id]))
		case whole[id] && left > 0 && left < f.release.Min:
			f.add(everybody, MeasurePeople, "is of %d people more than the groups by %s together: they are in no group, and their answers can be worked out", left, list(by[id]))
		}
	}
}

// data looks at what is told of the rows that were read.
func (f *form) data() {
	d := f.body.Data
	if d == nil {
		return
	}
	if f.views[0].withheld {
		f.add(everybody, MeasurePeople, "is withheld, and how many rows were read is told")
	}
	for _, q := range f.quantities {
		if q.item == "" {
			continue
		}
		if f.dark(q) && (d.Answers != nil || d.Missing != nil) {
			f.add(everybody, q.measure, "is withheld, and how many answers there are is told, from which it can be worked out how many people answered it")
		}
	}
	if c := d.Careless; c != nil && c.LongestRun != nil && f.few(c.LongRuns) {
		f.add(everybody, MeasurePeople, "tells the longest run of same answers of fewer than %d people", f.release.Min)
	}
}

// dark reports whether an item is marked as withheld for everybody, by itself
// or with all of its dimension.
func (f *form) dark(q quantity) bool {
	v := &f.views[0]
	if _, told := v.told(q); told {
		return false
	}
	items := v.outcomes
	for _, d := range v.dimensions {
		if d.ID == q.dimension {
			if items = d.Items; d.Withheld && len(items) == 0 {
				return true
			}
		}
	}
	return slices.ContainsFunc(items, func(it record.Item) bool { return it.ID == q.item && it.Withheld })
}
