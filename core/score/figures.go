package score

import (
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// Confidence is the level of all intervals.
const Confidence = 0.95

// Scorer makes figures of sums, by the rules of one instrument. It is for one
// goroutine.
type Scorer struct {
	in     *instrument.Instrument
	policy instrument.MissingPolicy
	layout *layout
	items  []instrument.Item

	critical *stats.Critical
}

// NewScorer returns a Scorer for sums of that instrument. The policy says when
// a respondent's answers to a dimension make a score.
func NewScorer(in *instrument.Instrument, policy instrument.MissingPolicy) *Scorer {
	return &Scorer{in: in, policy: policy, layout: newLayout(in, policy, 0), items: in.Items(), critical: stats.NewCritical(Confidence)}
}

// needed is how many of k items must be answered under the policy. Imputation
// asks for none in particular.
func needed(policy instrument.MissingPolicy, k int) int {
	switch policy {
	case instrument.MinHalf:
		return max(1, (k+1)/2)
	case instrument.Min80Pct:
		return max(1, (4*k+4)/5)
	case instrument.CompleteOnly:
		return k
	default:
		return 1
	}
}

// undefined collects reasons; nil while there are none.
func undefined(note *record.UndefinedNote, figure string, why stats.Undefined) {
	if *note == nil {
		*note = record.UndefinedNote{}
	}
	(*note)[figure] = string(why)
}

// figure returns a pointer to the value, or nil after noting why there is
// none.
func figure(note *record.UndefinedNote, name string, value float64, why stats.Undefined) *float64 {
	if why != "" {
		undefined(note, name, why)
		return nil
	}
	return &value
}

// Reasons that only a survey can give.
const (
	noFavorable   stats.Undefined = "the instrument does not say which answers are favorable"
	noScores      stats.Undefined = "nobody answered enough items"
	needsAllParts stats.Undefined = "not every dimension has a score"

	noShareOfDecimals stats.Undefined = "answers are decimals, which are not counted one by one"
)

// people is how many respondents the scores of dimension d are of: with
// imputation all of them, unless why says that there is nothing to fill in.
func (s *Scorer) people(sums *Sums, d int, why stats.Undefined) int64 {
	switch {
	case !s.imputes():
		return s.Scored(sums, d)
	case why != "":
		return 0
	default:
		return sums.N
	}
}

// Scored is how many respondents have a score in dimension d from answers of
// their own.
func (s *Scorer) Scored(sums *Sums, d int) int64 { return s.scored(sums, d).N() }

// Answered is how many respondents answered any item of dimension d.
func (s *Scorer) Answered(sums *Sums, d int) int64 { return sums.Dimensions[d].Shares.Respondents }

// Alike reports whether all who have a score in dimension d have the same.
func (s *Scorer) Alike(sums *Sums, d int) bool {
	sd, why := s.scored(sums, d).SD()
	return why == "" && sd == 0
}

// scored sums up the scores made of people's own answers. With imputation,
// one answer makes one.
func (s *Scorer) scored(sums *Sums, d int) stats.ScoreSums {
	scores := sums.Dimensions[d].Scores
	return scores.AtLeast(needed(s.policy, len(scores)-1))
}

// ItemPeople is how many respondents answered item i, counted over the
// instrument's Items.
func (s *Scorer) ItemPeople(sums *Sums, i int) int64 {
	if d := sums.Items[i].Decimals; d != nil {
		return d.N
	}
	var n int64
	for _, c := range sums.Items[i].Histogram {
		n += c
	}
	return n
}

// ItemAlike reports whether all who answered item i gave the same answer.
func (s *Scorer) ItemAlike(sums *Sums, i int) bool {
	m := s.layout.moments(sums, i)
	sd, why := m.SD()
	return m.N == 1 || why == "" && sd == 0
}

// FirstItem is the index of dimension d's first item among the instrument's
// Items.
func (s *Scorer) FirstItem(d int) int { return s.layout.dims[d].first }

// Fills reports whether missing answers of these people are filled in: whether
// the policy is one that does it, and there are any.
func (s *Scorer) Fills(sums *Sums) bool {
	if !s.imputes() {
		return false
	}
	for i := range s.layout.asked {
		if s.ItemPeople(sums, i) < sums.N {
			return true
		}
	}
	return false
}

// Imputes reports whether the policy is one that fills missing answers in.
func (s *Scorer) Imputes() bool { return s.imputes() }

func (s *Scorer) imputes() bool {
	return s.policy == instrument.ItemMeanImputed || s.policy == instrument.ItemMedianImputed
}

// Dimension computes the figures of dimension d without those of its items.
func (s *Scorer) Dimension(sums *Sums, d int) record.Dimension {
	dim, own := s.in.Dimensions[d], sums.Dimensions[d]
	out := record.Dimension{ID: dim.ID}
	unit := s.layout.dims[d].unit
	scores := s.scores(sums, d)
	mean, why := scores.Mean()
	n := s.people(sums, d, why)
	out.N = &n
	out.Mean = figure(&out.Undefined, "mean", inUnits(mean, unit), reason(why))
	sd, why := scores.SD()
	out.SD = figure(&out.Undefined, "sd", inUnits(sd, unit), reason(why))
	share, why := scores.Percent(int64(dim.Scale().Min)*unit, int64(dim.Scale().Max)*unit)
	out.Percent = figure(&out.Undefined, "percent", share, reason(why))
	if out.Percent != nil {
		out.Band = s.in.Policy.Band(share)
	}
	out.CI = s.interval(&out.Undefined, out.Mean, out.SD, n)
	out.Favorable = s.pooledShare(&out.Undefined, d, own.Shares)
	return out
}

// inUnits brings a figure that was computed in units to the answer scale.
func inUnits(x float64, unit int64) float64 {
	if unit == 1 {
		return x
	}
	return x / float64(unit)
}

// scoreMoments are what the scores of a dimension are summed up in: kept apart
// by the number of items answered, or with missing answers filled in.
type scoreMoments interface {
	Mean() (float64, stats.Undefined)
	SD() (float64, stats.Undefined)
	Percent(low, high int64) (float64, stats.Undefined)
}

func (s *Scorer) scores(sums *Sums, d int) scoreMoments {
	if s.imputes() {
		return s.imputed(sums, d)
	}
	return s.scored(sums, d)
}

// reason words why a dimension has no figure: the statistics speak of answers
// where there were some, but not enough of them.
func reason(why stats.Undefined) stats.Undefined {
	if why == stats.NoAnswers {
		return noScores
	}
	return why
}

func (s *Scorer) interval(note *record.UndefinedNote, mean, sd *float64, n int64) *record.Interval {
	if mean == nil || sd == nil {
		why := stats.FewRespondents
		if mean == nil {
			why = noScores
		}
		undefined(note, "ci", why)
		return nil
	}
	ci, why := s.critical.MeanInterval(*mean, *sd, n)
	if why != "" {
		undefined(note, "ci", why)
		return nil
	}
	return &record.Interval{Level: Confidence, Low: ci.Low, High: ci.High}
}

// pooledShare is the share of favorable answers of a dimension, with an
// interval clustered by respondent.
func (s *Scorer) pooledShare(note *record.UndefinedNote, d int, sums stats.ShareSums) *record.Share {
	if !s.layout.dims[d].favorable {
		undefined(note, "favorable", noFavorable)
		return nil
	}
	share, why := sums.Share()
	if why != "" {
		undefined(note, "favorable", why)
		return nil
	}
	out := &record.Share{Share: share}
	if ci, why := s.critical.Share(sums); why == "" {
		out.Low, out.High = &ci.Low, &ci.High
	}
	return out
}

// moments are those of an item's answers after reverse keying, in its unit.
func (l *layout) moments(sums *Sums, i int) stats.Moments {
	if d := sums.Items[i].Decimals; d != nil {
		return *d
	}
	return l.items[i].moments(sums.Items[i].Histogram)
}

// moments are those of answers of which there are so many of each step, after
// reverse keying.
func (it *itemLayout) moments(histogram []int64) stats.Moments {
	var m stats.Moments
	for step, c := range histogram {
		x := it.keyed(int64(it.min + step))
		m.N += c
		m.Sum = m.Sum.Plus(stats.Product(c, x))
		m.SumSquares = m.SumSquares.Plus(stats.Product(c*x, x))
	}
	return m
}

// momentsIn are the same in the unit of the dimension.
func (l *layout) momentsIn(sums *Sums, i int, unit int64) stats.Moments {
	return multiplied(l.moments(sums, i), unit/l.items[i].unit)
}

// multiplied are the moments of answers that are so many times as large.
func multiplied(m stats.Moments, by int64) stats.Moments {
	m.Sum, m.SumSquares = m.Sum.Times(by), m.SumSquares.Times(by).Times(by)
	return m
}

// Item computes the figures of item i of the instrument's Items.
func (s *Scorer) Item(sums *Sums, i int) record.Item {
	item, unit := s.items[i], s.layout.items[i].unit
	m := s.layout.moments(sums, i)
	out := record.Item{ID: item.ID, N: &m.N, Histogram: sums.Items[i].Histogram}
	mean, why := m.Mean()
	out.Mean = figure(&out.Undefined, "mean", inUnits(mean, unit), why)
	share, why := m.Percent(int64(item.Scale.Min)*unit, int64(item.Scale.Max)*unit)
	out.Percent = figure(&out.Undefined, "percent", share, why)
	sd, why := m.SD()
	out.SD = figure(&out.Undefined, "sd", inUnits(sd, unit), why)
	out.CI = s.interval(&out.Undefined, out.Mean, out.SD, m.N)
	if unit == 1 {
		out.Favorable = s.itemShare(&out.Undefined, s.layout.items[i], sums.Items[i].Histogram, m.N)
	} else {
		undefined(&out.Undefined, "favorable", noShareOfDecimals)
		undefined(&out.Undefined, "histogram", noShareOfDecimals)
	}
	if item.Type == instrument.ENPS {
		out.ENPS = s.promoters(&out.Undefined, sums.Items[i].Histogram)
	}
	return out
}

// promoters is the employee net promoter score.
func (s *Scorer) promoters(note *record.UndefinedNote, histogram []int64) *record.ENPS {
	score, why := stats.ENPS(histogram, Confidence)
	if why != "" {
		undefined(note, "enps", why)
		return nil
	}
	n := float64(score.Promoters + score.Passives + score.Detractors)
	return &record.ENPS{
		Promoters: float64(score.Promoters) / n, Detractors: float64(score.Detractors) / n,
		Score: score.Score, Low: &score.Interval.Low, High: &score.Interval.High,
	}
}

// itemShare is the share of favorable answers of an item, with a Wilson
// interval.
func (s *Scorer) itemShare(note *record.UndefinedNote, it itemLayout, histogram []int64, n int64) *record.Share {
	if it.sign == 0 {
		undefined(note, "favorable", noFavorable)
		return nil
	}
	if n == 0 {
		undefined(note, "favorable", stats.NoAnswers)
		return nil
	}
	var k int64
	for step, c := range histogram {
		if it.favors(it.keyed(int64(it.min + step))) {
			k += c
		}
	}
	out := &record.Share{Share: float64(k) / float64(n)}
	if ci, why := s.critical.Wilson(k, n); why == "" {
		out.Low, out.High = &ci.Low, &ci.High
	}
	return out
}

// imputed sets up scores in which a missing answer counts as its item's mean
// or median.
// Without an answer to one of the items there is nothing to fill in, and no
// figure.
func (s *Scorer) imputed(sums *Sums, d int) stats.ImputedScores {
	l := s.layout.dims[d]
	out := stats.ImputedScores{Respondents: sums.N, Pairs: sums.Dimensions[d].Pairs}
	for i := l.first; i < l.first+l.k; i++ {
		m := s.layout.momentsIn(sums, i, l.unit)
		fill := stats.Ratio{Num: m.Sum, Den: m.N}
		if s.policy == instrument.ItemMedianImputed {
			fill = s.median(sums, i)
		}
		out.Items, out.Fill = append(out.Items, m), append(out.Fill, fill)
	}
	return out
}

// median is that of an item's answers after reverse keying.
func (s *Scorer) median(sums *Sums, i int) stats.Ratio {
	it := s.layout.items[i]
	median, why := stats.Median(int64(it.min), sums.Items[i].Histogram)
	if why != "" {
		return stats.Ratio{}
	}
	if it.reversed {
		median.Num = stats.Product(it.flip, median.Den).Minus(median.Num)
	}
	return median
}

// Index is the unweighted mean of the dimensions' percent and its band; why
// says what stands in the way.
func (s *Scorer) Index(dimensions []record.Dimension) (index float64, band, why string) {
	sum := 0.0
	for _, d := range dimensions {
		if d.Percent == nil {
			return 0, "", string(needsAllParts)
		}
		sum += *d.Percent
	}
	index = sum / float64(len(dimensions))
	return index, s.in.Policy.Band(index), ""
}
