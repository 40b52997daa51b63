package reading

import (
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// The reasons that only a published body can give.
const (
	itemsWithheld stats.Undefined = "the figures of its items are withheld"
	itemsMissing  stats.Undefined = "too few people answered every item, or too few did not"
	noScale       stats.Undefined = "the instrument does not say the range of answers"
	someDecimals  stats.Undefined = "some items are answered in decimals and others are not"
	inDecimals    stats.Undefined = "its items are answered in decimals"
	noGroup       stats.Undefined = "no group has a value"
)

// Agreement says, for each grouping and dimension, how far the members of the
// groups agree and how much of the differences lies between groups. What lies
// between groups comes from their scores. What members agree on comes from the
// items: their SDs, after reverse keying, and for AD their histograms, in
// which it makes no difference that they are before it.
//
// Items without a histogram are taken for answered in decimals: random answers
// to them would spread evenly over the range, not over its steps.
func Agreement(body record.AssessmentBody) []record.Agreement {
	s := newSurvey(body)
	var all []record.Agreement
	for _, g := range s.groupings() {
		for d := range s.in.Dimensions {
			if entries := g.on(d); len(entries) > 0 {
				all = append(all, s.agreement(g.by, d, entries))
			}
		}
	}
	return all
}

func (s survey) agreement(by []string, place int, entries []entry) record.Agreement {
	a := record.Agreement{By: by, Dimension: s.in.Dimensions[place].ID, Groups: len(entries)}
	samples := make([]stats.Sample, len(entries))
	for i, x := range entries {
		samples[i] = x.sample()
		a.N += x.n
	}
	betweenGroups(&a, samples)
	sum, count := 0.0, 0
	for _, x := range entries {
		w := s.within(place, x)
		a.RWGJ = append(a.RWGJ, figureOf(x.key, w.rwg.Value, w.rwgWhy))
		a.RWGStar = append(a.RWGStar, figureOf(x.key, w.star, w.starWhy))
		a.AWG = append(a.AWG, figureOf(x.key, w.awg.Value, w.awgWhy))
		a.AD = append(a.AD, figureOf(x.key, w.ad, w.adWhy))
		if w.rwg.Capped {
			a.Capped++
		}
		if w.rwgWhy == "" {
			sum, count = sum+w.rwg.Value, count+1
		}
	}
	if count > 0 {
		mean := sum / float64(count)
		a.MeanRWGJ = &mean
	} else {
		note(&a, "mean_rwg_j", noneAgrees(a.RWGJ))
	}
	return a
}

// noneAgrees says why there is no mean of what no group has: for the reason
// that all of them share, if they do.
func noneAgrees(groups []record.GroupFigure) stats.Undefined {
	for _, g := range groups {
		if g.Undefined != groups[0].Undefined {
			return noGroup
		}
	}
	return noGroup + ": " + stats.Undefined(groups[0].Undefined)
}

// note says of a figure why there is none.
func note(a *record.Agreement, name string, why stats.Undefined) {
	if a.Undefined == nil {
		a.Undefined = record.UndefinedNote{}
	}
	a.Undefined[name] = string(why)
}

// betweenGroups fills in what comes from the analysis of variance.
func betweenGroups(a *record.Agreement, samples []stats.Sample) {
	figure := func(name string, value float64, why stats.Undefined) *float64 {
		if why == "" {
			return &value
		}
		note(a, name, why)
		return nil
	}
	table, why := stats.OneWay(samples)
	if why != "" {
		for _, name := range []string{"icc1", "icc2", "f", "eta_sq"} {
			figure(name, 0, why)
		}
		return
	}
	icc1, why := table.ICC1()
	a.ICC1 = figure("icc1", icc1, why)
	icc2, why := table.ICC2()
	a.ICC2 = figure("icc2", icc2, why)
	eta, why := table.EtaSquared()
	a.EtaSq = figure("eta_sq", eta, why)
	f, why := table.F()
	p, whyP := table.P()
	if figure("f", f, why) != nil && whyP == "" {
		df1 := float64(table.Groups - 1)
		a.F = &record.Test{Statistic: f, DF: float64(table.N - table.Groups), DF1: &df1, P: p}
	}
}

func figureOf(key []string, value float64, why stats.Undefined) record.GroupFigure {
	if why != "" {
		return record.GroupFigure{Key: key, Undefined: string(why)}
	}
	return record.GroupFigure{Key: key, Value: &value}
}

// withinGroup is how far the members of one group agree on a dimension.
type withinGroup struct {
	rwg                            stats.Agreement
	star, ad                       float64
	awg                            stats.DimensionAWG
	rwgWhy, starWhy, awgWhy, adWhy stats.Undefined
}

func (s survey) within(place int, x entry) withinGroup {
	items, why := s.items(place, x)
	low, span, ok := s.scaleOf(s.in.Dimensions[place].ID)
	if why == "" && !ok {
		why = noScale
	}
	null, whyNull := items.null(low, span)
	if why == "" {
		why = whyNull
	}
	w := withinGroup{rwgWhy: why, starWhy: why, awgWhy: why, adWhy: why}
	if why != "" {
		return w
	}
	w.rwg, w.rwgWhy = stats.RWGJ(items.samples, null)
	w.star, w.starWhy = stats.RWGJLindell(items.samples, null)
	w.awg, w.awgWhy = stats.AWGJ(items.samples, low, low+span)
	if w.adWhy = inDecimals; len(items.counts) > 0 {
		w.ad, w.adWhy = stats.MeanDeviationJ(items.counts)
	}
	return w
}

// itemFigures are those of all items of a dimension in one group.
type itemFigures struct {
	samples []stats.Sample
	counts  [][]int64 // of the items that have a histogram
}

// null is the variance of random answers.
func (f itemFigures) null(low, span float64) (float64, stats.Undefined) {
	switch len(f.counts) {
	case 0:
		return stats.NullVarianceContinuous(low, low+span)
	case len(f.samples):
		return stats.NullVarianceOptions(int64(span) + 1)
	}
	return 0, someDecimals
}

func (s survey) items(place int, x entry) (itemFigures, stats.Undefined) {
	var out itemFigures
	published := map[string]record.Item{}
	for _, it := range x.own[place].Items {
		published[it.ID] = it
	}
	for _, text := range s.in.Dimensions[place].Items {
		it := published[text.ID]
		switch {
		case it.Withheld:
			return itemFigures{}, itemsWithheld
		case it.N == nil || it.Mean == nil || it.SD == nil:
			return itemFigures{}, itemsMissing
		}
		out.samples = append(out.samples, stats.Sample{N: *it.N, Mean: *it.Mean, SD: *it.SD})
		if it.Histogram != nil {
			out.counts = append(out.counts, it.Histogram)
		}
	}
	return out, ""
}
