package markdown

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// This file takes the readings out of a record: what it says between the
// figures. Records of earlier versions have none; what such a report needs is
// then worked out from the figures, as far as that goes.

// hasReadings reports whether the record compares its groups itself.
func (v view) hasReadings() bool {
	b := v.body
	return len(b.Gaps)+len(b.Rankings)+len(b.Disconnects)+len(b.Agreement) > 0
}

// hidden reports whether the figures of a set of people on a dimension are
// withheld: of everyone without columns, of all dimensions without one.
func hidden(body record.AssessmentBody) func(by, key []string, dimension string) bool {
	all := map[string]bool{}
	name := func(by, key []string, dimension string) string {
		return strings.Join(append(slices.Concat(by, key), dimension), "\x1f")
	}
	mark := func(by, key []string, dimensions []record.Dimension) {
		for _, d := range dimensions {
			if d.Withheld {
				all[name(by, key, d.ID)] = true
			}
		}
	}
	mark(nil, nil, body.Dimensions)
	for _, g := range body.Groups {
		if g.Withheld {
			all[name(g.By, g.Key, "")] = true
		}
		mark(g.By, g.Key, g.Dimensions)
	}
	return func(by, key []string, dimension string) bool {
		return all[name(by, key, "")] || all[name(by, key, dimension)]
	}
}

// publishedReadings drops what is said about a cell that is marked as
// withheld. A record should say nothing there; a report must not depend on
// that.
func publishedReadings(body record.AssessmentBody) record.AssessmentBody {
	hid := hidden(body)
	body.Gaps = without(body.Gaps, func(x record.Gap) bool { return hid(x.By, x.Key, x.Dimension) })
	body.Disconnects = without(body.Disconnects, func(x record.Disconnect) bool {
		return hid(x.By, x.Best, x.Dimension) || hid(x.By, x.Worst, x.Dimension)
	})
	body.Rankings = without(body.Rankings, func(x record.Ranking) bool {
		return slices.ContainsFunc(x.Entries, func(e record.Ranked) bool { return hid(x.By, e.Key, "") })
	})
	body.Changes = without(body.Changes, func(x record.Change) bool { return hid(x.By, x.Key, x.Dimension) })
	body.IdealPractice = without(body.IdealPractice, func(x record.IdealPractice) bool { return hid(x.By, x.Key, "") })
	body.ServiceCare = without(body.ServiceCare, func(x record.ServiceCare) bool { return hid(x.By, x.Key, "") })
	body.Priorities = without(body.Priorities, func(x record.Priority) bool { return hid(nil, nil, x.Dimension) })
	body.Drivers = without(body.Drivers, func(x record.Drivers) bool {
		return slices.ContainsFunc(x.Dimensions, func(d record.Driver) bool { return hid(nil, nil, d.Dimension) })
	})
	body.Traces = without(body.Traces, func(x record.Trace) bool {
		return hid(nil, nil, x.Dimension) || hid(nil, nil, x.Root) ||
			slices.ContainsFunc(x.Links, func(l record.Link) bool { return hid(nil, nil, l.Lower) })
	})
	return body
}

// without is list less what drop says, in a new slice: records are read-only.
func without[T any](list []T, drop func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), drop)
}

// titleOf is the name of a dimension for people, fit to be printed.
func (v view) titleOf(id string) string {
	if d, ok := v.dim(id); ok {
		return d.title()
	}
	return esc(id)
}

// quotedItem is the wording of an item or outcome in quotes, fit to be
// printed.
func (v view) quotedItem(id string) string {
	for _, d := range v.in.Dimensions {
		for _, it := range d.Items {
			if it.ID == id {
				return item{text: it}.quoted()
			}
		}
	}
	for _, it := range v.in.Outcomes {
		if it.ID == id {
			return item{text: it}.quoted()
		}
	}
	return item{text: record.ItemText{ID: id}}.quoted()
}

// keyName is the name of a group by its values, fit to be printed.
func keyName(key []string) string { return groupName(record.Group{Key: key}) }

// points turns an interval of a difference on the answer scale of a dimension
// into points of percent, if the scale is known.
func (v view) points(dimension string, ci *record.Interval) (span, bool) {
	scale := v.in.Scale
	if d, ok := v.dim(dimension); ok {
		scale = d.scale
	}
	if ci == nil || scale == nil || scale.Max <= scale.Min {
		return span{}, false
	}
	at := func(x float64) int { return roundHalfUp(float64(100*x) / float64(scale.Max-scale.Min)) }
	return span{at(ci.Low), at(ci.High)}, true
}

// bySize puts differences in order, the widest first; equal ones stay in the
// order of the record.
func bySize[T any](list []T, points func(T) float64) []T {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b T) int {
		pa, pb := points(a), points(b)
		switch pa, pb = max(pa, -pa), max(pb, -pb); {
		case pa > pb:
			return -1
		case pa < pb:
			return 1
		}
		return 0
	})
	return sorted
}
