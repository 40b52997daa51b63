package reading

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/stats"
)

const (
	// mostPriorities is how many there are at most: what is said of everything
	// helps nobody to begin.
	mostPriorities = 5
	// strongRoom is how far from the best possible score a dimension may be and
	// still count as strong, where the instrument has no bands.
	strongRoom = 25
)

// Priorities says where to begin: on the dimensions that are furthest from the
// best possible score and drive the outcome most. What counts is a dimension's
// room (how far its percent is from the best) times its share in what drives
// the instrument's first outcome.
//
// A share counts only where it can be a reason to work on the dimension: when
// the dimensions together explain the outcome beyond chance (p < .05 in the F
// test of what they explain) and the better score goes with the better outcome
// (AssessmentBody.Toward). A dimension for which that is not so counts with a
// share of 0, so it comes after all others, those with more room first. When no
// dimension in question has a share that counts, or there is no outcome, its
// room alone counts for each.
//
// A dimension in the instrument's best band is strong and is no priority; in an
// instrument without bands, one within 25 points of the best. At most half of
// the dimensions are named, rounded up, and at most five.
func Priorities(body record.AssessmentBody) []record.Priority {
	s := newSurvey(body)
	if body.Withheld {
		return nil
	}
	var all []record.Priority
	for _, d := range body.Dimensions {
		if _, known := s.place[d.ID]; !known || d.Withheld || d.Percent == nil || s.strong(*d.Percent) {
			continue
		}
		room := s.room(*d.Percent)
		all = append(all, record.Priority{Dimension: d.ID, Percent: *d.Percent, Room: room, Pressing: room})
	}
	s.weigh(all)
	slices.SortStableFunc(all, func(a, b record.Priority) int {
		return cmp.Or(cmp.Compare(b.Pressing, a.Pressing), cmp.Compare(b.Room, a.Room),
			cmp.Compare(s.place[a.Dimension], s.place[b.Dimension]))
	})
	all = all[:min(len(all), mostPriorities, (len(s.in.Dimensions)+1)/2)]
	for i := range all {
		all[i].Rank, all[i].Text = i+1, s.priorityText(all[i])
	}
	return all
}

// weigh lets the shares in what drives the first outcome count, if any of
// these dimensions has one that does.
func (s survey) weigh(all []record.Priority) {
	outcome, shares := s.shares()
	if !slices.ContainsFunc(all, func(p record.Priority) bool { return shares[p.Dimension] > 0 }) {
		return
	}
	for i, p := range all {
		share := shares[p.Dimension]
		all[i].Outcome, all[i].Share, all[i].Pressing = outcome, &share, p.Room*share
	}
}

// room is how far a percent is from the best possible one.
func (s survey) room(percent float64) float64 {
	if s.in.HighIsBad() {
		return percent
	}
	return 100 - percent
}

// strong reports whether a percent lies in the best band.
func (s survey) strong(percent float64) bool {
	bands := s.in.Bands
	switch {
	case len(bands) < 2:
		return s.room(percent) <= strongRoom
	case s.in.HighIsBad():
		return percent < bands[1].At
	}
	return percent >= bands[len(bands)-1].At
}

// shares are those in what drives the first outcome, of the dimensions whose
// share counts; none when what all explain together may be chance.
func (s survey) shares() (outcome string, of map[string]float64) {
	if len(s.body.Drivers) == 0 || !explained(s.body.Drivers[0]).Beyond() {
		return "", nil
	}
	first := s.body.Drivers[0]
	of = map[string]float64{}
	for _, d := range first.Dimensions {
		if d.Share != nil && s.body.Toward(first.Outcome, d) > 0 {
			of[d.Dimension] = *d.Share
		}
	}
	return first.Outcome, of
}

// explained says how easily chance gives what the dimensions explain of an
// outcome together.
func explained(x record.Drivers) record.Chance {
	if x.RSq == nil || x.N == nil {
		return record.ChanceUnknown
	}
	p, why := stats.ExplainedByChance(*x.RSq, len(x.Dimensions), *x.N)
	if why != "" {
		return record.ChanceUnknown
	}
	return (&record.Test{P: p}).Chance()
}

func (s survey) priorityText(p record.Priority) string {
	at := slices.IndexFunc(s.body.Dimensions, func(d record.Dimension) bool { return d.ID == p.Dimension })
	text := fmt.Sprintf("%s scores %d%s, %s", s.title(p.Dimension), s.score(p.Percent), s.likely(s.body.Dimensions[at]), s.toGain(p.Percent))
	if p.Share == nil || percentOf(*p.Share) == percentOf(0) {
		return text + "."
	}
	return fmt.Sprintf("%s, and makes up %s of what goes together with %s (no proof of cause).",
		text, percentOf(*p.Share), s.quoted(p.Outcome))
}

// toGain says how far a score is from the best possible one.
func (s survey) toGain(percent float64) string {
	if s.in.HighIsBad() {
		return "where 0 would be best"
	}
	return "which leaves " + points(100-s.score(percent)) + " to gain"
}
