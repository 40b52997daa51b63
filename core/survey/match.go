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

// columns finds columns by their headers.
type columns struct {
	byName [loose + 1]map[string][]int // folded header to indexes, ascending
}

func newColumns(header []string) columns {
	var c columns
	for m := exact; m <= loose; m++ {
		c.byName[m] = make(map[string][]int, len(header))
		for i, h := range header {
			if name := m.fold(h); name != "" {
				c.byName[m][name] = append(c.byName[m][name], i)
			}
		}
	}
	return c
}

// find returns the columns called like one of names, ascending.
func (c columns) find(m match, names ...string) []int {
	var found []int
	for _, name := range names {
		found = append(found, c.byName[m][m.fold(name)]...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// findEither is find, loosely only where nothing is called exactly so.
func (c columns) findEither(names ...string) []int {
	if found := c.find(exact, names...); len(found) > 0 {
		return found
	}
	return c.find(loose, names...)
}

// err words what is missing, now that it is known which columns are free and
// may have been meant, and returns all problems.
func (m *mapper) err(missing []instrument.Item) error {
	total := len(m.in.Items())
	if found := total - len(missing); total > 1 && found*5 < total {
		return m.otherInstrument(found, total)
	}
	free := m.headers(func(c Column) bool { return len(c.Uses) == 0 })
	for _, it := range missing {
		near := problem.Nearest(it.ID, free)
		if near == "" {
			near = problem.Nearest(it.Text, free)
		}
		hint := m.formHint()
		if near != "" {
			hint = m.renameHint(near, it.ID)
		}
		m.add(hint, "no column for item %q", it.ID)
	}
	choices := m.headers(m.mayBeNamed)
	for _, w := range m.wanted {
		hint := "the file has no column that could be one"
		if len(choices) > 0 {
			hint = "choose from " + someQuoted(choices)
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
	if m.headerless() {
		p.What = "the first line seems to hold answers, not the names of the columns"
		p.Hint = "put a line with the names of the columns before it; " + m.formHint()
	}
	return problem.List{p}
}

// headerless reports whether most of the headers are numbers.
func (m *mapper) headerless() bool {
	numbers, all := 0, 0
	for _, c := range m.mapping.Columns {
		if c.Header == "" {
			continue
		}
		all++
		if _, ok := parseNumber([]byte(c.Header)); ok {
			numbers++
		}
	}
	return numbers*2 > all
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

func (m *mapper) renameHint(header, id string) string {
	for _, c := range m.mapping.Columns {
		if c.Header == header && len(c.Uses) == 0 {
			return fmt.Sprintf("if it is column %d, %s, rename that to %q", c.Number, quoted(header), id)
		}
	}
	return m.formHint()
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
