package score

import (
	"math"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// Reliability holds what is known of how the items of a dimension go together.
type Reliability struct {
	Alpha record.Alphas
	Omega *float64
	Items []ItemReliability // parallel to the dimension's items
	// Undefined says why there is no omega.
	Undefined record.UndefinedNote
}

// ItemReliability says how one item goes with the others of its dimension.
type ItemReliability struct {
	ItemRest, AlphaIfDropped *record.ByTreatment // nil when neither treatment has one
	Undefined                record.UndefinedNote
}

// Reliability computes the reliability of dimension d: pairwise figures from
// the answers of all, with the number of all respondents for n as R's psych
// has it; complete ones from those who answered every item. In full, omega and
// the figures of single items are among them, which mean little for a small
// group.
func (s *Scorer) Reliability(sums *Sums, d int, full bool) Reliability {
	l, own := &s.layout.dims[d], &sums.Dimensions[d]
	items := make([]stats.Moments, l.k)
	for i := range items {
		items[i] = s.layout.momentsIn(sums, l.first+i, l.unit)
	}
	pairwise, whyPairwise := covariances(items, own.Pairs, l.unit)
	complete, whyComplete := covariances(own.Complete.Items, own.Complete.Pairs, l.unit)
	out := Reliability{Items: make([]ItemReliability, l.k)}
	out.Alpha.Pairwise = alpha(pairwise, whyPairwise, sums.N, l.k)
	out.Alpha.Complete = alpha(complete, whyComplete, own.Complete.Items[0].N, l.k)
	if !full {
		return out
	}
	omega, why := stats.OmegaTotal{}, whyComplete
	if why == "" {
		omega, why = stats.Omega(complete)
	}
	out.Omega = figure(&out.Undefined, "omega", omega.Total, why)
	for i := range out.Items {
		it := &out.Items[i]
		it.ItemRest = byTreatment(&it.Undefined, "item_rest", itemRest, i, pairwise, complete, whyPairwise, whyComplete)
		it.AlphaIfDropped = byTreatment(&it.Undefined, "alpha_if_dropped", alphaIfDropped, i, pairwise, complete, whyPairwise, whyComplete)
	}
	return out
}

// from returns a function that takes what lies between low and 1 as it is, and
// what rounding put a little beyond as the end. Pairwise covariances of which
// each pair has few respondents may give figures far beyond, which mean nothing.
func from(low float64) func(float64, stats.Undefined) (float64, stats.Undefined) {
	return func(x float64, why stats.Undefined) (float64, stats.Undefined) {
		const rounding = 1e-9
		switch {
		case why != "":
			return 0, why
		case x > 1+rounding || x < low-rounding:
			return 0, stats.Overlap
		}
		return min(1, max(low, x)), ""
	}
}

func itemRest(covariances stats.Symmetric, i int) (float64, stats.Undefined) {
	return from(-1)(stats.ItemRest(covariances, i))
}

func alphaIfDropped(covariances stats.Symmetric, i int) (float64, stats.Undefined) {
	return from(math.Inf(-1))(stats.AlphaIfDropped(covariances, i))
}

// covariances are those of items in units, on the answer scale.
func covariances(items []stats.Moments, pairs []stats.PairSums, unit int64) (stats.Symmetric, stats.Undefined) {
	c, why := stats.Covariances(items, pairs)
	if why != "" || unit == 1 {
		return c, why
	}
	for i := range c.Size() {
		for j := range i + 1 {
			c.Set(i, j, c.At(i, j)/float64(unit)/float64(unit))
		}
	}
	return c, ""
}

// alpha is Cronbach's alpha of n respondents, with Feldt's interval.
func alpha(covariances stats.Symmetric, why stats.Undefined, n int64, k int) *record.Alpha {
	out := &record.Alpha{}
	if k < 2 {
		why = stats.FewItems
	}
	var raw, standardized float64
	whyRaw, whyStandardized := why, why
	if why == "" {
		raw, whyRaw = from(math.Inf(-1))(stats.RawAlpha(covariances))
		standardized, whyStandardized = from(math.Inf(-1))(stats.StandardizedAlpha(covariances))
	}
	out.Raw = figure(&out.Undefined, "raw", raw, whyRaw)
	out.Standardized = figure(&out.Undefined, "standardized", standardized, whyStandardized)
	if whyRaw != "" {
		return out
	}
	out.N = &n
	ci, whyInterval := stats.AlphaInterval(raw, n, k, Confidence)
	if whyInterval != "" {
		undefined(&out.Undefined, "low", whyInterval)
		return out
	}
	out.Low, out.High = &ci.Low, &ci.High
	return out
}

// byTreatment computes a figure of item i under both treatments of missing
// answers. The reason noted is that of the first which has none.
func byTreatment(note *record.UndefinedNote, name string, of func(stats.Symmetric, int) (float64, stats.Undefined), i int,
	pairwise, complete stats.Symmetric, whyPairwise, whyComplete stats.Undefined,
) *record.ByTreatment {
	one := func(c stats.Symmetric, why stats.Undefined, which string) *float64 {
		var x float64
		if why == "" {
			x, why = of(c, i)
		}
		return figure(note, name+"."+which, x, why)
	}
	out := &record.ByTreatment{Pairwise: one(pairwise, whyPairwise, "pairwise"), Complete: one(complete, whyComplete, "complete")}
	if out.Pairwise == nil && out.Complete == nil {
		return nil
	}
	return out
}

// CompleteItems are figures of the items of dimension d over those who answered
// every one: what agreement within a group is made of. Only the ids are there
// when they are not to be told.
func (s *Scorer) CompleteItems(sums *Sums, d int, told bool) []record.Item {
	l, own := &s.layout.dims[d], &sums.Dimensions[d].Complete
	out := make([]record.Item, l.k)
	for j := range out {
		m := own.Items[j]
		out[j].ID = s.items[l.first+j].ID
		if !told {
			continue
		}
		var none record.UndefinedNote
		out[j].N = &m.N
		mean, why := m.Mean()
		out[j].Mean = figure(&none, "mean", inUnits(mean, l.unit), why)
		sd, why := m.SD()
		out[j].SD = figure(&none, "sd", inUnits(sd, l.unit), why)
		if s.layout.items[l.first+j].unit == 1 {
			out[j].Histogram = own.Histograms[j]
		}
	}
	return out
}
