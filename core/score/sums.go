package score

import (
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/stats"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// Sums are the sufficient statistics of a set of respondents: every figure of
// this package follows from them. They are exact integers, so that adding
// respondents in any order, or adding up Sums of parts, gives the same Sums.
type Sums struct {
	N          int64           // respondents
	Items      []ItemSums      // parallel to the instrument's Items: dimensions' items, then outcomes
	Dimensions []DimensionSums // parallel to the instrument's Dimensions
}

// ItemSums counts the answers to one item, as given: before reverse keying.
type ItemSums struct {
	Histogram []int64 // one count for each step of the scale, lowest first
}

// DimensionSums holds what the figures of one dimension need beyond its items'
// histograms, over answers after reverse keying.
type DimensionSums struct {
	Scores stats.ScoreSums  // totals by how many items were answered
	Pairs  []stats.PairSums // of the respondents who answered both, at their stats.PairIndex
	Shares stats.ShareSums  // of favorable answers, by respondent
}

// layout is what Add needs of an instrument, taken out once.
type layout struct {
	items []itemLayout
	dims  []dimLayout
}

type itemLayout struct {
	min, options int
	flip         int // min+max for reverse-keyed items, else 0
	favorable    int // the first favorable step
}

type dimLayout struct {
	first, k int // its items are items[first : first+k]
	// sign is 1 when higher is favorable, -1 when lower is, 0 when the
	// instrument does not say for every item.
	sign int
}

func newLayout(in *instrument.Instrument) *layout {
	l := &layout{}
	for _, it := range in.Items() {
		il := itemLayout{min: it.Scale.Min, options: it.Scale.Options(), favorable: it.Scale.Favorable}
		if it.Reverse {
			il.flip = it.Scale.Min + it.Scale.Max
		}
		l.items = append(l.items, il)
	}
	first := 0
	for _, d := range in.Dimensions {
		dl := dimLayout{first: first, k: len(d.Items), sign: 1}
		if in.Direction == instrument.HighIsBad {
			dl.sign = -1
		}
		if slices.ContainsFunc(d.Items, func(it instrument.Item) bool { return !it.Scale.FavorableSet }) {
			dl.sign = 0
		}
		first += dl.k
		l.dims = append(l.dims, dl)
	}
	return l
}

func (l *layout) newSums() *Sums {
	s := &Sums{Items: make([]ItemSums, len(l.items)), Dimensions: make([]DimensionSums, len(l.dims))}
	for i, it := range l.items {
		s.Items[i].Histogram = make([]int64, it.options)
	}
	for i, d := range l.dims {
		s.Dimensions[i].Scores = stats.NewScoreSums(d.k)
		s.Dimensions[i].Pairs = make([]stats.PairSums, d.k*(d.k-1)/2)
	}
	return s
}

// add counts one respondent's answers, which stand parallel to the items.
// keyed is scratch space of the same length.
func (s *Sums) add(l *layout, answers, keyed []int32) {
	s.N++
	for i, it := range l.items {
		x := answers[i]
		if x == survey.Missing {
			keyed[i] = survey.Missing
			continue
		}
		s.Items[i].Histogram[int(x)-it.min]++
		if it.flip != 0 {
			x = int32(it.flip) - x
		}
		keyed[i] = x
	}
	for i, d := range l.dims {
		s.Dimensions[i].add(d.sign, l.items[d.first:d.first+d.k], keyed[d.first:d.first+d.k])
	}
}

// add counts one respondent's answers to the items of the dimension.
func (s *DimensionSums) add(sign int, items []itemLayout, keyed []int32) {
	var m, total, favorable int64
	for j, y := range keyed {
		if y == survey.Missing {
			continue
		}
		m++
		total += int64(y)
		if sign*(int(y)-items[j].favorable) >= 0 && sign != 0 {
			favorable++
		}
		for i, x := range keyed[:j] {
			if x != survey.Missing {
				s.Pairs[stats.PairIndex(i, j)].Add(int64(x), int64(y))
			}
		}
	}
	s.Scores.Add(int(m), total)
	s.Shares.Add(favorable, m)
}

// Merge adds another part's sums; both must be of the same instrument.
func (s *Sums) Merge(o *Sums) {
	s.N += o.N
	for i := range s.Items {
		for j, c := range o.Items[i].Histogram {
			s.Items[i].Histogram[j] += c
		}
	}
	for i := range s.Dimensions {
		a, b := &s.Dimensions[i], &o.Dimensions[i]
		a.Scores, a.Shares = a.Scores.Plus(b.Scores), a.Shares.Plus(b.Shares)
		for j, p := range b.Pairs {
			a.Pairs[j] = a.Pairs[j].Plus(p)
		}
	}
}
