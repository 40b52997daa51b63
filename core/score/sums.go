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
	reversed     bool
	flip         int32 // min+max of a reversed item: x counts as flip-x
	favorable    int32 // the first favorable step
	sign         int32 // 1 when higher is favorable, -1 when lower is, 0 when nothing is
}

// keyed is the answer x after reverse keying.
func (it itemLayout) keyed(x int32) int32 {
	if it.reversed {
		return it.flip - x
	}
	return x
}

// favors reports whether an answer counts as favorable, after reverse keying.
func (it itemLayout) favors(keyed int32) bool {
	return it.sign != 0 && it.sign*(keyed-it.favorable) >= 0
}

type dimLayout struct {
	first, k  int  // its items are items[first : first+k]
	favorable bool // the instrument says of each item which answers are
}

func newLayout(in *instrument.Instrument) *layout {
	l := &layout{}
	for _, it := range in.Items() {
		il := itemLayout{min: it.Scale.Min, options: it.Scale.Options(), favorable: int32(it.Scale.Favorable)}
		if it.Reverse {
			il.reversed, il.flip = true, int32(it.Scale.Min+it.Scale.Max)
		}
		switch {
		case !it.Scale.FavorableSet:
		case in.Direction == instrument.HighIsBad:
			il.sign = -1
		default:
			il.sign = 1
		}
		l.items = append(l.items, il)
	}
	first := 0
	for _, d := range in.Dimensions {
		dl := dimLayout{first: first, k: len(d.Items)}
		dl.favorable = !slices.ContainsFunc(d.Items, func(it instrument.Item) bool { return !it.Scale.FavorableSet })
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
		keyed[i] = it.keyed(x)
	}
	for i, d := range l.dims {
		s.Dimensions[i].add(l.items[d.first:d.first+d.k], keyed[d.first:d.first+d.k])
	}
}

// add counts one respondent's answers to the items of the dimension.
func (s *DimensionSums) add(items []itemLayout, keyed []int32) {
	var m, total, favorable int64
	for j, y := range keyed {
		if y == survey.Missing {
			continue
		}
		m++
		total += int64(y)
		if items[j].favors(y) {
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

// Union adds up the sums of parts, of which there must be one, without changing
// them.
func Union(parts []*Sums) *Sums {
	first := parts[0]
	all := &Sums{N: first.N, Items: slices.Clone(first.Items), Dimensions: slices.Clone(first.Dimensions)}
	for i := range all.Items {
		all.Items[i].Histogram = slices.Clone(first.Items[i].Histogram)
	}
	for i := range all.Dimensions {
		all.Dimensions[i].Pairs = slices.Clone(first.Dimensions[i].Pairs)
	}
	for _, p := range parts[1:] {
		all.Merge(p)
	}
	return all
}
