package survey

import (
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// match is how closely a header has to look like a name.
type match int

const (
	exact match = iota // but for white space
	loose              // but for white space, case and the shape of quotes
)

func (m match) fold(s string) string {
	if m == loose {
		return foldedLoosely(s)
	}
	return folded(s)
}

// columns finds columns by their names.
type columns struct {
	byName [loose + 1]map[string][]int // folded name to indexes, ascending
	byPart [loose + 1]map[string][]int // the same for the parts of names
}

func newColumns(all []columnNames) columns {
	var c columns
	for m := exact; m <= loose; m++ {
		c.byName[m] = make(map[string][]int, len(all))
		c.byPart[m] = make(map[string][]int)
		for i, names := range all {
			enter(c.byName[m], m, i, names.names)
			enter(c.byPart[m], m, i, names.parts)
		}
	}
	return c
}

// enter notes that column i goes by some names, each once.
func enter(index map[string][]int, m match, i int, names []string) {
	for _, n := range names {
		n = m.fold(n)
		if at := index[n]; n != "" && (len(at) == 0 || at[len(at)-1] != i) {
			index[n] = append(at, i)
		}
	}
}

// find returns the columns called like one of names, ascending.
func (c columns) find(m match, names ...string) []int { return lookUp(c.byName[m], m, names) }

// findPart returns the columns of whose name one of names is a part, ascending.
func (c columns) findPart(m match, names ...string) []int { return lookUp(c.byPart[m], m, names) }

func lookUp(index map[string][]int, m match, names []string) []int {
	var found []int
	for _, name := range names {
		found = append(found, index[m.fold(name)]...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// findWhole is find, loosely only where nothing is called exactly so.
func (c columns) findWhole(names ...string) []int {
	if found := c.find(exact, names...); len(found) > 0 {
		return found
	}
	return c.find(loose, names...)
}

// findEither is findWhole, and where nothing is called so, the columns of whose
// name one of names is a part.
func (c columns) findEither(names ...string) []int {
	if found := c.findWhole(names...); len(found) > 0 {
		return found
	}
	if found := c.findPart(exact, names...); len(found) > 0 {
		return found
	}
	return c.findPart(loose, names...)
}

// findEither finds columns that are not items': by their whole names, or else
// by parts of them, of which those of items are none.
func (m *mapper) findEither(names ...string) []int {
	if found := m.columns.findWhole(names...); len(found) > 0 {
		return found
	}
	return slices.DeleteFunc(m.columns.findEither(names...), func(c int) bool { return m.itemIn(c) != "" })
}

// mayBe lists all columns that could hold an attribute. It errs on the side of
// too many, since some attributes must not be shown.
func (m *mapper) mayBe(a instrument.Attribute) []int {
	found := slices.Concat(m.columns.find(loose, a.ID, a.Text), m.columns.findPart(loose, a.ID, a.Text))
	if c, ok := m.toldColumn(a.ID); ok {
		found = append(found, c...)
	}
	return found
}

// err words what is missing, now that it is known which columns are free and
// may have been meant, and returns all problems.
func (m *mapper) err(missing []instrument.Item) error {
	total := len(m.in.Items())
	if found := total - len(missing); total > 1 && found*5 < total {
		return m.otherInstrument(found, total)
	}
	free, at := m.namesOf(func(c Column) bool { return len(c.Uses) == 0 })
	for _, it := range missing {
		near := problem.Nearest(it.ID, free)
		if near == "" {
			near = problem.Nearest(it.Text, free)
		}
		hint := m.formHint()
		if near != "" {
			hint = m.renameHint(at[near], it.ID)
		} else if m.layout.vendor.dialect != dialectPlain {
			hint = m.mapHint(it.ID)
		}
		m.add(hint, "no column for item %q", it.ID)
	}
	choices := m.headers(m.mayBeNamed)
	for _, w := range m.wanted {
		hint := "the file has no column that could be one"
		switch {
		case len(choices) > 0:
			hint = "choose from " + someQuoted(choices)
		case m.unheaded:
			hint = "the first row looks like answers, not like headings: " + hintHeadings
		}
		m.add(problem.DidYouMean(w.name, choices, hint), "no %s column %s", w.role, quoted(w.name))
	}
	return m.problems.Err()
}

// otherInstrument is the one problem of a file in which next to none of the
// items are to be found. All else that is wrong with it follows from that.
//
// It names no header: when a file has no header line these are answers.
func (m *mapper) otherInstrument(found, total int) error {
	p := problem.Problem{File: m.file, Hint: m.formHint()}
	p.What = fmt.Sprintf("none of the %d items of %q has a column; the file seems to be for another instrument", total, m.in.ID)
	if found > 0 {
		p.What = fmt.Sprintf("only %d of the %d items of %q have a column; the file seems to be for another instrument", found, total, m.in.ID)
	}
	if m.unheaded {
		p.What = "the first line seems to hold answers, not the names of the columns"
		p.Hint = "put a line with the names of the columns before it; " + m.formHint()
	} else if m.layout.vendor.dialect != dialectPlain || m.told != nil {
		p.Hint = m.mapHint(m.in.Items()[0].ID) + ", and so for every item"
	}
	return problem.List{p}
}

// Near misses are looked for among this many headers of this length at most,
// since a file may be very wide.
const (
	maxCandidates = 1000
	maxCandidate  = 1000 // bytes
)

// headers lists the headers of the columns to keep, without repetitions.
func (m *mapper) headers(keep func(Column) bool) []string {
	var list []string
	seen := map[string]bool{"": true}
	for _, c := range m.mapping.Columns {
		if !seen[c.Header] && len(c.Header) <= maxCandidate && len(list) < maxCandidates && keep(c) {
			seen[c.Header] = true
			list = append(list, c.Header)
		}
	}
	return list
}

// mayBeNamed reports whether a column may be a grouping, the client or the
// wave.
func (m *mapper) mayBeNamed(c Column) bool {
	for _, u := range c.Uses {
		if a, _ := m.in.Attribute(u.ID); u.Role == RoleItem || u.Role == RoleAttribute && private(a) != "" {
			return false
		}
	}
	return true
}

func (m *mapper) formHint() string {
	ref := m.in.ID
	if !slices.Contains(instrument.Builtins(), ref) {
		ref = "FILE"
	}
	return fmt.Sprintf("\"firstcall instrument form %s --format csv\" prints the columns it should have", ref)
}

// namesOf lists the names and parts of names of the columns to keep, and where
// each of them stands.
func (m *mapper) namesOf(keep func(Column) bool) (names []string, at map[string]int) {
	at = map[string]int{}
	for i, c := range m.mapping.Columns {
		if !keep(c) {
			continue
		}
		for _, n := range slices.Concat(m.layout.columns[i].names, m.layout.columns[i].parts) {
			if _, twice := at[n]; !twice && len(n) <= maxCandidate && len(names) < maxCandidates {
				at[n] = i
				names = append(names, n)
			}
		}
	}
	return names, at
}

// renameHint says what to do about a column that was probably meant.
func (m *mapper) renameHint(column int, id string) string {
	c := m.mapping.Columns[column]
	if c.Header == "" {
		return fmt.Sprintf("if it is column %d, write %s = %d under [columns] in a mapping file", c.Number, id, c.Number)
	}
	if m.layout.vendor.dialect == dialectPlain {
		return fmt.Sprintf("if it is column %d, %s, rename that to %q", c.Number, quoted(c.Header), id)
	}
	return fmt.Sprintf("if it is column %d, %s, write %s = %d under [columns] in a mapping file", c.Number, quoted(c.Header), id, c.Number)
}

// mapHint says how to name the column of an item that goes by another name.
func (m *mapper) mapHint(id string) string {
	return fmt.Sprintf("write %s = \"its heading\" under [columns] in a mapping file", id)
}

// quoted makes a name fit for a message: safe for a terminal and not too long.
func quoted(name string) string {
	const longest = 60
	if runes := []rune(name); len(runes) > longest {
		name = string(runes[:longest-1]) + "…"
	}
	return fmt.Sprintf("%q", name)
}

// someQuoted lists the first few names.
func someQuoted(names []string) string {
	const most = 8
	list := ""
	for i, name := range names {
		if i == most {
			return list + fmt.Sprintf(" and %d more", len(names)-most)
		}
		if i > 0 {
			list += ", "
		}
		list += quoted(name)
	}
	return list
}

// Fold gives two names the same form when they differ only in case, white
// space, characters without width and the shape of quotes: when they may mean
// the same column.
func Fold(name string) string { return foldedLoosely(name) }
