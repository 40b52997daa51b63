// Package plan makes an action plan from the findings of an assessment: what
// to do, why, who might own it and by when.
//
// It goes by what the published body says (priorities, disconnects, traces),
// so nothing that is withheld can enter, and words it with what the instrument
// says to do about a weak dimension.
package plan

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
)

// mostDisconnects is how many disconnects become actions, the widest first. A
// plan that lists everything is put away unread.
const mostDisconnects = 5

// anyOwner owns an action where the instrument names nobody.
const anyOwner = "General manager"

// Make makes the plan that answers the findings of a body, and reports whether
// there is anything to do. First come the roots of the traces, on which the
// rest stands, then the priorities, then the disconnects between groups; where
// there is none of these, the weak dimensions. A dimension gets one action,
// whatever it was found by. asOf is the day of the results, such as 2026-09-30;
// without one no action has a due date. [record.NewPlan] says of which record
// the plan is.
func Make(body record.AssessmentBody, in *instrument.Instrument, asOf string) (record.Plan, bool) {
	m := maker{body: body, in: in, due: due(asOf, in.Policy.ActWithin)}
	if body.Withheld {
		return record.Plan{}, false
	}
	m.findings()
	m.disconnects()
	if len(m.actions) == 0 {
		m.weaknesses()
	}
	return record.Plan{Title: "Action plan: " + in.Title, Actions: m.actions}, len(m.actions) > 0
}

// due is the day so many days after asOf, or nothing without a day.
func due(asOf string, days int) string {
	day, err := time.Parse(time.DateOnly, asOf)
	if err != nil {
		return ""
	}
	return day.AddDate(0, 0, days).Format(time.DateOnly)
}

// maker is one plan under way.
type maker struct {
	body    record.AssessmentBody
	in      *instrument.Instrument
	due     string
	actions []record.Action
}

// findings turns roots and priorities into actions. A priority keeps its id
// whether it is a root as well or not, so that the action is the same one in a
// later run.
func (m *maker) findings() {
	var roots []record.Trace // one for each root: that of the root itself
	for _, t := range m.body.Traces {
		if t.Dimension == t.Root {
			roots = append(roots, t)
		}
	}
	slices.Reverse(roots) // from the bottom up
	done := map[string]bool{}
	for _, t := range roots {
		why, origin := t.Text, "trace"
		for _, p := range m.body.Priorities {
			if p.Dimension == t.Root {
				why, origin = p.Text+m.above(t.Root), "priority"
			}
		}
		m.add(origin, t.Root, why)
		done[t.Root] = true
	}
	for _, p := range m.body.Priorities {
		if !done[p.Dimension] {
			m.add("priority", p.Dimension, p.Text)
		}
	}
}

// above says which trouble further up seems to start at a root, if any does.
func (m *maker) above(root string) string {
	top, steps := "", 0
	for _, t := range m.body.Traces {
		if t.Root == root && len(t.Links) > steps {
			top, steps = t.Dimension, len(t.Links)
		}
	}
	if top == "" {
		return ""
	}
	return fmt.Sprintf(" The trouble in “%s” seems to start here.", m.dimension(top).Title)
}

// add adds what the instrument says to do about a dimension.
func (m *maker) add(origin, dimension, why string) {
	d := m.dimension(dimension)
	m.actions = append(m.actions, record.Action{
		ID: id(origin, dimension), What: what(d), Why: why, Origin: origin, Dimension: dimension, Owner: owner(d), Due: m.due,
	})
}

// id joins the parts of an action's id, each escaped as in a key.
func id(parts ...string) string { return joined(parts, "/") }

func joined(parts []string, between string) string {
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = url.PathEscape(p)
	}
	return strings.Join(escaped, between)
}

// dimension finds a dimension of the instrument; one that it has not goes by
// its id.
func (m *maker) dimension(id string) instrument.Dimension {
	for _, d := range m.in.Dimensions {
		if d.ID == id {
			return d
		}
	}
	return instrument.Dimension{ID: id, Title: id}
}

// what says what to do about a dimension; an instrument of the user's own need
// not say.
func what(d instrument.Dimension) string {
	if d.Action != "" {
		return d.Action
	}
	return fmt.Sprintf("Ask a few people who do the work what lies behind the result in “%s”. Agree with them on one change, try it for a month, and check whether it helped.", d.Title)
}

func owner(d instrument.Dimension) string {
	if d.Owner != "" {
		return d.Owner
	}
	return anyOwner
}

// disconnects turns the widest disconnects into actions of the groups that lag
// behind. Crossed groups are left out where a single column has disconnects:
// they are its people over again.
func (m *maker) disconnects() {
	all := m.body.Disconnects
	single := slices.DeleteFunc(slices.Clone(all), func(x record.Disconnect) bool { return len(x.By) != 1 })
	if len(single) > 0 {
		all = single
	}
	for _, x := range all[:min(len(all), mostDisconnects)] {
		what, owner := m.meet(x)
		m.actions = append(m.actions, record.Action{
			ID:   strings.Join([]string{"disconnect", joined(x.By, "*"), id(x.Dimension), joined(x.Worst, "*")}, "/"),
			What: what, Why: x.Text, Origin: "disconnect", Dimension: x.Dimension, Department: groupName(x.Worst), By: x.By, Key: x.Worst,
			Owner: owner, Due: m.due,
		})
	}
}

func groupName(key []string) string { return strings.Join(key, " / ") }

// meet says what two disconnected groups can do, and who might see to it. The
// one can learn from the other; leaders and those they lead see the same thing
// from two sides.
func (m *maker) meet(x record.Disconnect) (what, owner string) {
	worst, best, title := groupName(x.Worst), groupName(x.Best), m.dimension(x.Dimension).Title
	if a, known := m.in.Attribute(x.By[0]); known && len(x.By) == 1 && len(a.Leaders) > 0 {
		return fmt.Sprintf("Bring people from “%s” and “%s” together for an hour, and have each side say what it sees in “%s”. "+
			"Agree on one change, try it for a month, and check whether it helped.", worst, best, title), anyOwner
	}
	return fmt.Sprintf("Have two people from “%s” spend a day with “%s”, and write down what is done another way there in “%s”. "+
		"Pick one thing, try it for a month, and check whether it helped.", worst, best, title), "Whoever leads " + worst
}

// weaknesses turns weak dimensions into actions, the weakest first.
func (m *maker) weaknesses() {
	in := m.body.Instrument
	weak := slices.DeleteFunc(slices.Clone(m.body.Dimensions), func(d record.Dimension) bool {
		return d.Withheld || d.Percent == nil || !in.Weak(*d.Percent)
	})
	slices.SortStableFunc(weak, func(a, b record.Dimension) int {
		switch diff := *a.Percent - *b.Percent; {
		case diff == 0:
			return 0
		case (diff < 0) != in.HighIsBad():
			return -1
		}
		return 1
	})
	for _, d := range weak {
		why := fmt.Sprintf("“%s” is weak: it scores %d of 100.", m.dimension(d.ID).Title, in.Rounded(*d.Percent))
		if in.HighIsBad() {
			why = fmt.Sprintf("“%s” scores %d of 100, where 0 would be best.", m.dimension(d.ID).Title, in.Rounded(*d.Percent))
		}
		m.add("weakness", d.ID, why)
	}
}
