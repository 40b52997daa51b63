package survey

import (
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// This file finds what a mapping file names among the columns of an export.

// resolveTold finds the columns that the mapping file names, and notes those
// that are not there. It comes before everything else.
func (m *mapper) resolveTold() {
	m.toldAt = map[string][]int{}
	if m.told == nil {
		return
	}
	for _, id := range m.told.doc.Keys("columns") {
		t := m.told.columns[id]
		found := []int{t.number - 1}
		if t.heading != "" {
			found = m.columns.findEither(t.heading)
		}
		if len(found) == 0 && m.isQuestion(id, t.heading) {
			m.toldAt[id] = nil
			continue
		}
		switch {
		case len(found) > 1:
			m.toldProblem(fmt.Sprintf("%d columns of %s are called %s: %s", len(found), m.file, quoted(t.heading), numbers(found)),
				fmt.Sprintf("give the number of the right one: %s = %d", id, found[0]+1), "columns", id)
			found = nil
		case len(found) == 0:
			m.toldProblem(fmt.Sprintf("no column of %s is called %s", m.file, quoted(t.heading)), m.nearHeading(t.heading), "columns", id)
		case found[0] >= len(m.mapping.Columns):
			m.toldProblem(fmt.Sprintf("%s has %d columns, not %d", m.file, len(m.mapping.Columns), t.number), "columns are counted from 1", "columns", id)
			found = nil
		}
		m.toldAt[id] = found
	}
}

func (m *mapper) toldProblem(what, hint string, path ...any) {
	m.problems.Add(m.told.doc.Problem(what, hint, path...))
}

// isQuestion reports whether a heading is the question of columns that hold an
// answer to an item each. The id is the item's.
func (m *mapper) isQuestion(id, heading string) bool {
	if !slices.ContainsFunc(m.in.Items(), func(it instrument.Item) bool { return it.ID == id && !it.Continuous }) {
		return false
	}
	is := false
	for c := range m.layout.columns {
		m.eachExpansion(c, func(question, _ string) {
			for _, q := range append(partsOf(question), question) {
				is = is || foldedLoosely(q) == foldedLoosely(heading)
			}
		})
	}
	return is
}

// nearHeading names the heading that was probably meant. In a file without
// headings these are answers, which are not quoted.
func (m *mapper) nearHeading(heading string) string {
	if m.unheaded {
		return "the first line of the file seems to hold answers, not the names of the columns"
	}
	names, at := m.namesOf(func(c Column) bool { return c.Header != "" })
	if near := problem.Nearest(heading, names); near != "" {
		return fmt.Sprintf("did you mean column %d, %s?", at[near]+1, quoted(near))
	}
	return "firstcall score with --explain-columns lists the columns"
}

// toldColumn returns the column that the mapping file gives to an item, an
// attribute or a role, and whether it gives one. Where that is none, a problem
// has been noted.
func (m *mapper) toldColumn(id string) (found []int, told bool) {
	found, told = m.toldAt[id]
	return found, told
}

// toldRole is toldColumn for a role, whose name may also be an item's.
func (m *mapper) toldRole(role Role) (found []int, told bool) {
	for _, it := range m.in.Items() {
		if it.ID == string(role) {
			return nil, false
		}
	}
	return m.toldColumn(string(role))
}

func (m *mapper) takeTold(role Role, id string, found []int) int {
	if len(found) == 0 {
		return -1
	}
	return m.take(role, id, found, "the mapping file says so")
}

// mapValues finds the columns whose values the mapping file translates.
func (m *mapper) mapValues() {
	m.mapping.values = map[int]map[string]string{}
	if m.told == nil {
		return
	}
	for _, name := range m.told.doc.Keys("values") {
		var found []int
		for i, c := range m.mapping.Columns {
			if slices.ContainsFunc(c.Uses, func(u Use) bool { return u.ID == name || u.Role != RoleItem && string(u.Role) == name }) {
				found = append(found, i)
			}
		}
		if len(found) == 0 {
			found = m.findEither(name)
		}
		if _, known := m.in.Attribute(name); len(found) == 0 && !known && !slices.Contains(roles(), name) {
			m.toldProblem(fmt.Sprintf("%s has no column %s", m.file, quoted(name)), m.nearHeading(name), "values", name)
		}
		for _, c := range found {
			if item := m.itemIn(c); item != "" {
				m.toldProblem(fmt.Sprintf("column %d holds the answers to item %q, which are no names", c+1, item),
					"say what answers mean under [answers]", "values", name)
			}
			m.mapping.values[c] = m.told.values[name]
		}
	}
}

// textRule says how the values of one column that is no item are called.
type textRule struct {
	values map[string]string // text, folded loosely, to its translation
	other  bool              // LimeSurvey's code for an answer in one's own words is to be put in words
}

// newTextRule returns the rule for a column, nil when its values stay as they
// are.
func newTextRule(_ Request, l *layout, m *Mapping, column int) *textRule {
	t := &textRule{values: m.values[column], other: l.vendor.dialect == vendorLimeSurvey().dialect}
	if len(t.values) == 0 && !t.other {
		return nil
	}
	return t
}

// value returns what a value, folded, is called.
func (t *textRule) value(folded string) string {
	if t == nil {
		return folded
	}
	if name, ok := t.values[foldedLoosely(folded)]; ok {
		return name
	}
	if t.other && folded == otherCode {
		return (&textRule{values: t.values}).value(otherText)
	}
	return folded
}
