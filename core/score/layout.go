package score

import (
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// layout is what counting needs of an instrument, taken out once.
type layout struct {
	items  []itemLayout
	dims   []dimLayout
	pairs  []pairLayout  // ideals and practices, in the order of the ideals
	facets []facetLayout // service and care, or none
	links  [][2]int      // neighboring levels, upper dimension first
	policy instrument.MissingPolicy

	asked   int   // items of dimensions, which come first
	allDims []int // 0 to the number of dimensions less one
	runs    bool  // a run of same answers means something: there are no decimals
	irv     bool  // their answers share one range, so that a person's SD means something
	longRun int32 // how many same answers in a row are careless

	// What a compact cell holds; see cell.go.
	counts, parts, lanes int
	most                 uint32 // rows after which a compact cell must be emptied
}

type itemLayout struct {
	low, high    int // the ends of the scale
	min, options int // the lowest answer and how many there are; of decimals, no number
	reversed     bool
	flip         int64 // min+max of a reversed item, in units: x counts as flip-x
	favorable    int64 // the first favorable step, in units
	sign         int64 // 1 when higher is favorable, -1 when lower is, 0 when nothing is
	unit         int64 // what 1 on the scale is counted as: 1, or more for decimals
	score        int64 // what 1 is where scores are counted: scoreUnit or wideUnit
	count        int   // where the histogram of an outcome stands in a compact cell, or -1
}

// keyed is the answer x, in units, after reverse keying.
func (it *itemLayout) keyed(x int64) int64 {
	if it.reversed {
		return it.flip - x
	}
	return x
}

// favors reports whether an answer counts as favorable, after reverse keying.
func (it *itemLayout) favors(keyed int64) bool {
	return it.sign != 0 && it.sign*(keyed-it.favorable) >= 0
}

type dimLayout struct {
	first, k  int   // its items are items[first : first+k]
	need      int   // how many must be answered for a score
	favorable bool  // the instrument says of each item which answers are
	unit      int64 // of its totals
	score     int64 // of its scores, see itemLayout

	compactDim
}

// pairLayout is two items that ask for the ideal and the practice of a thing.
type pairLayout struct{ ideal, practice int }

// facetLayout is the items that ask about service, or about care.
type facetLayout struct {
	items []int
	need  int
	unit  int64 // of its totals
	score int64 // of its scores
}

// Facets in the order in which they are counted.
const (
	service = 0
	care    = 1
)

// scoreUnit is what 1 on the answer scale is where a person's score, which is
// a fraction, has to be counted as a whole number: sums of rounded numbers do
// not depend on their order. A score is rounded by less than 10^-12. On scales
// beyond -1,000 and 1,000 it is wideUnit, so that sums of squares stay within
// 126 bits for 10^8 people.
const (
	scoreUnit = 1 << 40
	wideUnit  = 1 << 30
)

func newLayout(in *instrument.Instrument, policy instrument.MissingPolicy, longRun int) *layout {
	l := &layout{policy: policy}
	for _, it := range in.Items() {
		l.items = append(l.items, newItemLayout(in, it))
	}
	first := 0
	for _, d := range in.Dimensions {
		dl := dimLayout{first: first, k: len(d.Items), need: needed(policy, len(d.Items)), unit: 1, score: l.items[first].score}
		dl.favorable = !slices.ContainsFunc(d.Items, func(it instrument.Item) bool { return !it.Scale.FavorableSet })
		for _, it := range l.items[first : first+dl.k] {
			dl.unit = max(dl.unit, it.unit)
		}
		first += dl.k
		l.dims = append(l.dims, dl)
	}
	l.asked = first
	for d := range l.dims {
		l.allDims = append(l.allDims, d)
	}
	l.lookForPairs(in)
	l.lookForFacets(in)
	l.lookForLinks(in)
	l.careless(longRun)
	l.compact()
	return l
}

func newItemLayout(in *instrument.Instrument, it instrument.Item) itemLayout {
	il := itemLayout{low: it.Scale.Min, high: it.Scale.Max, min: it.Scale.Min, options: it.Scale.Options(), unit: 1, count: -1}
	if it.Continuous {
		il.unit, il.options = survey.Unit(it.Scale), 0
	}
	if il.score = scoreUnit; il.low < -1000 || il.high > 1000 {
		il.score = wideUnit
	}
	il.favorable = int64(it.Scale.Favorable) * il.unit
	if it.Reverse {
		il.reversed, il.flip = true, int64(it.Scale.Min+it.Scale.Max)*il.unit
	}
	switch {
	case !it.Scale.FavorableSet:
	case in.Direction == instrument.HighIsBad:
		il.sign = -1
	default:
		il.sign = 1
	}
	return il
}

// lookForPairs finds the ideals that have a practice on the same scale.
func (l *layout) lookForPairs(in *instrument.Instrument) {
	items := in.Items()
	for i, it := range items {
		if it.Aspect != "ideal" || it.Pair == "" {
			continue
		}
		j := slices.IndexFunc(items, func(o instrument.Item) bool { return o.ID == it.Pair })
		if j >= 0 && l.items[i].unit == l.items[j].unit {
			l.pairs = append(l.pairs, pairLayout{i, j})
		}
	}
}

// lookForFacets finds the items about service and about care. Both must be
// there, on one range.
func (l *layout) lookForFacets(in *instrument.Instrument) {
	facets := make([]facetLayout, 2)
	var scales []instrument.Scale
	for i, it := range in.Items()[:l.asked] {
		f := slices.Index([]string{"service", "care"}, it.Facet)
		if f < 0 {
			continue
		}
		facets[f].items = append(facets[f].items, i)
		facets[f].unit, facets[f].score = max(facets[f].unit, l.items[i].unit), l.items[i].score
		scales = append(scales, it.Scale)
	}
	for f := range facets {
		if len(facets[f].items) == 0 {
			return
		}
		facets[f].need = needed(l.policy, len(facets[f].items))
	}
	if sameRange(scales) {
		l.facets = facets
	}
}

func sameRange(scales []instrument.Scale) bool {
	return !slices.ContainsFunc(scales, func(s instrument.Scale) bool {
		return s.Min != scales[0].Min || s.Max != scales[0].Max
	})
}

// lookForLinks finds the neighbors of a hierarchical instrument.
func (l *layout) lookForLinks(in *instrument.Instrument) {
	if !in.Hierarchical() {
		return
	}
	for level := len(in.Dimensions); level > 1; level-- {
		at := func(level int) int {
			return slices.IndexFunc(in.Dimensions, func(d instrument.Dimension) bool { return d.Level == level })
		}
		if upper, lower := at(level), at(level-1); upper >= 0 && lower >= 0 {
			l.links = append(l.links, [2]int{upper, lower})
		}
	}
}

// DefaultLongRun is from how many same answers in a row a respondent counts as
// careless when nobody says otherwise: half of the items (Curran, 2016), but
// not fewer than six, since a short survey is easily answered alike.
func DefaultLongRun(in *instrument.Instrument) int {
	n := 0
	for _, d := range in.Dimensions {
		n += len(d.Items)
	}
	return max(6, (n+1)/2)
}

func (l *layout) careless(longRun int) {
	l.longRun = int32(longRun)
	l.irv, l.runs = true, true
	for _, it := range l.items[:l.asked] {
		l.runs = l.runs && it.unit == 1
		l.irv = l.irv && it.unit == 1 && it.min == l.items[0].min && it.options == l.items[0].options
	}
}

// outcomes is how many outcome items there are; they follow the others.
func (l *layout) outcomes() int { return len(l.items) - l.asked }
