package survey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// Request is what is wanted from the answers.
type Request struct {
	// Instrument says which items are answered, and what the attributes are.
	Instrument *instrument.Instrument
	// By lists the groupings. Each is one attribute or column, or several
	// that are crossed, called by an attribute's id or text or by the
	// column's header.
	By [][]string
	// ClientColumn and WaveColumn are headers or attributes. When empty, the
	// instrument's attribute of that kind is taken, if the file has it, or
	// else a column called "client" or "wave".
	ClientColumn, WaveColumn string
}

// Mapping says what each column of one file is taken for. Files of one run may
// differ in their columns and the order of these: each has its own Mapping.
type Mapping struct {
	Columns []Column // all columns of the header, in its order
	Unused  []string // headers of the columns that nothing asks for, in order
	Items   []int    // index in Columns for each of Instrument.Items()
	Groups  [][]int  // index in Columns for each name in Request.By
	Client  int      // index in Columns, or -1 when the file has no such column
	Wave    int      // index in Columns, or -1 when the file has no such column
}

// Column is one column of a file and what it is taken for.
type Column struct {
	Number int    // 1-based, as in errors
	Header string // white space folded; may be blank
	Uses   []Use  // none: nothing asks for it
}

// Use is one thing a column is taken for.
type Use struct {
	Role Role
	ID   string // of the item or attribute; the name asked for where there is neither
}

// Role is the part a column plays.
type Role string

const (
	RoleItem      Role = "item"
	RoleGroup     Role = "group"
	RoleClient    Role = "client"
	RoleWave      Role = "wave"
	RoleAttribute Role = "attribute" // the instrument knows it, but this run does not ask for it
)

// Map finds the columns that a request asks for in a header. The file's name
// only stands in errors.
//
// White space in headers is trimmed and folded, no-break spaces included. An
// item's column is the one called exactly like its id or its text; failing
// that, the only one that differs from either in case or in the shape of
// quotes at most. Attributes are found in the same way. Several columns with
// one header are fine as long as nothing asks for them.
//
// A column with answers to an item, one that tells who the respondent is, and
// a sensitive one can be neither a grouping nor the client or the wave.
//
// The error is a problem.List with everything that is missing or ambiguous.
func Map(file string, header []string, req Request) (*Mapping, error) {
	m := &mapper{
		file:    file,
		in:      req.Instrument,
		columns: newColumns(header),
		mapping: &Mapping{Columns: make([]Column, len(header)), Client: -1, Wave: -1},
	}
	for i, h := range header {
		m.mapping.Columns[i] = Column{Number: i + 1, Header: folded(h)}
	}
	missing := m.mapItems()
	m.mapGroups(req.By)
	m.mapping.Client = m.mapKey(RoleClient, instrument.KindClient, req.ClientColumn)
	m.mapping.Wave = m.mapKey(RoleWave, instrument.KindWave, req.WaveColumn)
	m.mapAttributes()
	if err := m.err(missing); err != nil {
		return nil, err
	}
	for _, c := range m.mapping.Columns {
		if len(c.Uses) == 0 {
			name := c.Header
			if name == "" {
				name = fmt.Sprintf("column %d", c.Number)
			}
			m.mapping.Unused = append(m.mapping.Unused, name)
		}
	}
	return m.mapping, nil
}

// mapper is a Mapping in the making.
type mapper struct {
	file     string
	in       *instrument.Instrument
	columns  columns
	mapping  *Mapping
	problems problem.List
	wanted   []wanted // columns by name that are missing; worded when all others are known
}

// wanted is a grouping, client or wave column that the file does not have.
type wanted struct {
	role Role
	name string
}

func (m *mapper) add(hint, format string, args ...any) {
	m.problems.Add(problem.Problem{File: m.file, What: fmt.Sprintf(format, args...), Hint: hint})
}

func (m *mapper) use(column int, role Role, id string) {
	c := &m.mapping.Columns[column]
	if u := (Use{Role: role, ID: id}); !slices.Contains(c.Uses, u) {
		c.Uses = append(c.Uses, u)
	}
}

// itemIn returns the id of the item a column answers, or "".
func (m *mapper) itemIn(column int) string {
	for _, u := range m.mapping.Columns[column].Uses {
		if u.Role == RoleItem {
			return u.ID
		}
	}
	return ""
}

// mapItems finds the items' columns and returns the items without one. All
// exact names come first, so that no item takes another's column because it
// ignores case.
func (m *mapper) mapItems() (missing []instrument.Item) {
	items := m.in.Items()
	m.mapping.Items = make([]int, len(items))
	settled := make([]bool, len(items))
	for _, match := range []match{exact, loose} {
		for i, it := range items {
			if settled[i] {
				continue
			}
			found := m.columns.find(match, it.ID, it.Text)
			if match == loose {
				found = slices.DeleteFunc(found, func(c int) bool { return m.itemIn(c) != "" })
			}
			if len(found) == 0 {
				continue
			}
			settled[i] = true
			m.mapping.Items[i] = found[0]
			m.checkItem(it, found)
			for _, c := range found {
				m.use(c, RoleItem, it.ID)
			}
		}
	}
	for i, it := range items {
		if !settled[i] {
			missing = append(missing, it)
		}
		if it.Continuous {
			m.add("declare it with whole steps, or leave it out of the instrument",
				"item %q is declared continuous, which score does not read yet", it.ID)
		}
	}
	return missing
}

// checkItem refuses an item with several columns and a column with several
// items.
func (m *mapper) checkItem(it instrument.Item, found []int) {
	if len(found) > 1 {
		m.add("keep the right one and rename or remove the rest",
			"item %q has %d columns: %s", it.ID, len(found), numbers(found))
	}
	if other := m.itemIn(found[0]); other != "" {
		m.add("use the items' ids as the names of the columns",
			"column %d fits two items, %q and %q", found[0]+1, other, it.ID)
	}
}

func (m *mapper) mapGroups(by [][]string) {
	m.mapping.Groups = make([][]int, len(by))
	for g, names := range by {
		m.mapping.Groups[g] = make([]int, len(names))
		for k, name := range names {
			m.mapping.Groups[g][k] = m.named(RoleGroup, name)
		}
	}
}

// mapKey finds the client's or the wave's column and returns its index or -1.
func (m *mapper) mapKey(role Role, kind instrument.AttributeKind, name string) int {
	if name != "" {
		return m.named(role, name)
	}
	for _, a := range m.in.Attributes {
		if a.Kind == kind {
			if found := m.columns.findEither(a.ID, a.Text); len(found) > 0 {
				return m.take(role, a.ID, found)
			}
		}
	}
	found := m.columns.findEither(string(role))
	found = slices.DeleteFunc(found, func(c int) bool { return m.itemIn(c) != "" })
	if len(found) == 0 {
		return -1
	}
	return m.take(role, string(role), found)
}

// named finds the column that the user calls by name: by an attribute's id or
// text or by the header, exactly or else loosely. It returns -1 with a problem
// noted when there is none or it may not play that role.
func (m *mapper) named(role Role, name string) int {
	names, id := []string{name}, name
	a, known := m.attribute(exact, name)
	if !known && len(m.columns.find(exact, name)) == 0 {
		a, known = m.attribute(loose, name)
	}
	if known {
		if !m.allowed(role, a) {
			return -1
		}
		names, id = []string{a.ID, a.Text}, a.ID
	}
	found := m.columns.findEither(names...)
	if len(found) == 0 {
		m.wanted = append(m.wanted, wanted{role, name})
		return -1
	}
	return m.take(role, id, found)
}

// take settles on the column found for a role, or notes why it may not be.
func (m *mapper) take(role Role, id string, found []int) int {
	c := found[0]
	if len(found) > 1 {
		m.add("keep the right one and rename or remove the rest",
			"%s column %s is there %d times: %s", role, quoted(id), len(found), numbers(found))
		return -1
	}
	if item := m.itemIn(c); item != "" {
		m.add("choose a column that says something about the respondent",
			"column %d holds the answers to item %q and cannot be a %s column", c+1, item, role)
		return -1
	}
	for _, a := range m.in.Attributes {
		if slices.Contains(m.columns.find(loose, a.ID, a.Text), c) && !m.allowed(role, a) {
			return -1
		}
	}
	m.use(c, role, id)
	return c
}

// allowed notes a problem when the values of an attribute may not be shown.
func (m *mapper) allowed(role Role, a instrument.Attribute) bool {
	why := private(a)
	if why == "" {
		return true
	}
	m.add("what it says about people must not appear in results; choose another column",
		"attribute %q %s and cannot be a %s column", a.ID, why, role)
	return false
}

// private says why the values of an attribute may not be shown, or "".
func private(a instrument.Attribute) string {
	switch {
	case a.Sensitive:
		return "is marked sensitive"
	case a.Kind == instrument.KindRespondent:
		return "tells who the respondent is"
	}
	return ""
}

func (m *mapper) attribute(how match, name string) (instrument.Attribute, bool) {
	key := how.fold(name)
	for _, a := range m.in.Attributes {
		if how.fold(a.ID) == key || how.fold(a.Text) == key {
			return a, true
		}
	}
	return instrument.Attribute{}, false
}

// mapAttributes marks the columns that the instrument knows although this run
// does not ask for them.
func (m *mapper) mapAttributes() {
	for _, a := range m.in.Attributes {
		for _, c := range m.columns.findEither(a.ID, a.Text) {
			if len(m.mapping.Columns[c].Uses) == 0 {
				m.use(c, RoleAttribute, a.ID)
			}
		}
	}
}

// numbers lists columns as the user counts them.
func numbers(columns []int) string {
	words := make([]string, len(columns))
	for i, c := range columns {
		words[i] = fmt.Sprint(c + 1)
	}
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
