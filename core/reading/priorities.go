package reading

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
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
// the instrument's first outcome; without an outcome, or without a share for
// each dimension, its room alone.
//
// A dimension in the instrument's best band is strong and is no priority; in an
// instrument without bands, one within 25 points of the best. At most half of
// the dimensions are named, rounded up, and at most five.
func Priorities(body record.AssessmentBody) []record.Priority {
	s := newSurvey(body)
	if body.Withheld {
		return nil
	}
	drives := s.shares()
	var all []record.Priority
	for _, d := range body.Dimensions {
		if _, known := s.place[d.ID]; !known || d.Withheld || d.Percent == nil || s.strong(*d.Percent) {
			continue
		}
		p := record.Priority{Dimension: d.ID, Percent: *d.Percent, Room: s.room(*d.Percent)}
		p.Pressing = p.Room
		if drives.share != nil {
			share := drives.share[d.ID]
			p.Outcome, p.Share = drives.outcome, &share
			p.Pressing = p.Room * share
		}
		p.Text = s.priorityText(p, d)
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b record.Priority) int {
		return cmp.Or(cmp.Compare(b.Pressing, a.Pressing), cmp.Compare(s.place[a.Dimension], s.place[b.Dimension]))
	})
	all = all[:min(len(all), mostPriorities, (len(s.in.Dimensions)+1)/2)]
	for i := range all {
		all[i].Rank = i + 1
	}
	return all
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

// drive is what drives an outcome: the share of each dimension, or nil.
type drive struct {
	outcome string
	share   map[string]float64
}

// shares are those in what drives the first outcome; nil unless each dimension
// with figures has one.
func (s survey) shares() drive {
	if len(s.body.Drivers) == 0 {
		return drive{}
	}
	first := s.body.Drivers[0]
	out := drive{outcome: first.Outcome, share: map[string]float64{}}
	for _, d := range first.Dimensions {
		if d.Share != nil {
			out.share[d.Dimension] = *d.Share
		}
	}
	for _, d := range s.body.Dimensions {
		if _, ok := out.share[d.ID]; !ok && !d.Withheld {
			return drive{}
		}
	}
	return out
}

func (s survey) priorityText(p record.Priority, d record.Dimension) string {
	text := fmt.Sprintf("%s scores %d%s, %s", s.title(p.Dimension), s.score(p.Percent), s.likely(d), s.toGain(p.Percent))
	if p.Share == nil {
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
