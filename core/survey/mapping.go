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
	// Also lists further columns about respondents that are read like groups
	// where the file has them.
	Also []string
	// ClientColumn and WaveColumn are headers or attributes. When empty, the
	// instrument's attribute of that kind is taken, if the file has it, or
	// else a column called "client" or "wave".
	ClientColumn, WaveColumn string
	// Respondent and Time ask for the columns that say who answered and when;
	// a name for one of them asks for it, too. They are found as the client
	// is. For want of a time the tool's own is taken.
	Respondent, Time             bool
	RespondentColumn, TimeColumn string
	// Map is the user's mapping file, or nil. It goes before everything but
	// the names above.
	Map *MapFile
	// MinGroup is how many people must have given a text for it to be quoted;
	// 0 is the instrument's smallest group.
	MinGroup int

	// What the user says about the file, each "" to find out: one of
	// Dialects, one of Encodings, the name of a workbook's sheet.
	Dialect, Encoding, Sheet string
	// Unfinished keeps the rows of people who did not finish, where the tool
	// says who did.
	Unfinished bool

	// Block is how many bytes of text are read at once; 0 is half a MiB. What
	// is read does not depend on it.
	Block int
}

// Mapping says what each column of one file is taken for. Files of one run may
// differ in their columns and the order of these: each has its own Mapping.
type Mapping struct {
	Columns []Column // all columns of the header, in its order
	Unused  []string // headers of the columns that nothing asks for, in order
	Items   []int    // index in Columns for each of Instrument.Items(): the first, where there is a column for each answer
	Groups  [][]int  // index in Columns for each name in Request.By, then one for each of Also: -1 when the file has no such column
	Client  int      // index in Columns, or -1 when the file has no such column
	Wave    int      // index in Columns, or -1 when the file has no such column

	// Respondent and Time are indexes in Columns, or -1 when the file has no
	// such column or nothing asks for it. They never are groups.
	Respondent, Time int

	choices map[int]choice            // by item: those that have a column for each answer, of which Items has the first
	values  map[int]map[string]string // for columns whose values are translated: text, folded loosely, to its translation
	why     [][]string                // parallel to Columns and their Uses
}

// Column is one column of a file and what it is taken for.
type Column struct {
	Number int    // 1-based, as in errors
	Header string // white space folded; may be blank, and is where it looks like what a respondent says
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

	RoleRespondent Role = "respondent"
	RoleTime       Role = "time"
	RoleFilter     Role = "filter" // says which rows are no respondents; the ID is the reason
)

// Map finds the columns that a request asks for in a header of one row. The
// file's name only stands in errors. Request.Map goes before all that follows.
//
// White space in headers is trimmed and folded, no-break spaces included. An
// item's column is the one called exactly like its id or its text; failing
// that, the only one that differs from either in case or in the shape of
// quotes at most; failing that, the only one that has it behind the question
// whose line it is, as in "How far do you agree? - We know how" or "How far do
// you agree? [We know how]". Attributes are found in the same way. Several
// columns with one header are fine as long as nothing asks for them.
//
// A column with answers to an item, one that tells who the respondent is, and
// a sensitive one can be neither a grouping nor the client or the wave.
//
// The error is a problem.List with everything that is missing or ambiguous.
func Map(file string, header []string, req Request) (*Mapping, error) {
	return mapLayout(file, plainLayout(header), req)
}

// mapLayout is Map for an export of any layout, whose columns may have several
// names each.
func mapLayout(file string, l *layout, req Request) (*Mapping, error) {
	m, err := mapped(file, l, req)
	if err != nil {
		return nil, err
	}
	return m.mapping, nil
}

// mapped maps as far as it goes, and says what is wrong.
func mapped(file string, l *layout, req Request) (*mapper, error) {
	n := len(l.columns)
	m := &mapper{
		file:    file,
		layout:  l,
		in:      req.Instrument,
		told:    req.Map,
		columns: newColumns(l.columns),
		mapping: &Mapping{Columns: make([]Column, n), Client: -1, Wave: -1, Respondent: -1, Time: -1, why: make([][]string, n), choices: map[int]choice{}},
	}
	for i, c := range l.columns {
		m.mapping.Columns[i] = Column{Number: i + 1, Header: c.header()}
	}
	m.hideAnswers(req)
	m.resolveTold()
	missing := m.mapItems()
	if req.Respondent || req.RespondentColumn != "" {
		m.mapping.Respondent = m.mapKey(RoleRespondent, instrument.KindRespondent, req.RespondentColumn)
	}
	if req.Time || req.TimeColumn != "" {
		m.mapping.Time = m.mapKey(RoleTime, instrument.KindTime, req.TimeColumn)
		if m.mapping.Time < 0 && req.TimeColumn == "" && l.completed >= 0 {
			m.mapping.Time = m.take(RoleTime, l.columns[l.completed].header(), []int{l.completed}, "the tool's own")
		}
	}
	m.mapGroups(req.By)
	for _, name := range req.Also {
		wanted := len(m.wanted)
		m.mapping.Groups = append(m.mapping.Groups, []int{m.named(RoleGroup, name)})
		m.wanted = m.wanted[:wanted]
	}
	m.mapping.Client = m.mapKey(RoleClient, instrument.KindClient, req.ClientColumn)
	m.mapping.Wave = m.mapKey(RoleWave, instrument.KindWave, req.WaveColumn)
	m.mapAttributes()
	m.mapValues()
	for _, f := range l.filters {
		m.use(f.column, RoleFilter, f.reason, "the tool says so there")
	}
	m.listUnused()
	return m, m.err(missing)
}

func (m *mapper) listUnused() {
	for _, c := range m.mapping.Columns {
		if len(c.Uses) == 0 {
			name := c.Header
			if name == "" {
				name = fmt.Sprintf("column %d", c.Number)
			}
			m.mapping.Unused = append(m.mapping.Unused, name)
		}
	}
}

// mapper is a Mapping in the making.
type mapper struct {
	file    string
	layout  *layout
	in      *instrument.Instrument
	told    *MapFile
	toldAt  map[string][]int // where the mapping file finds items, attributes and roles; empty where it does not
	columns columns
	mapping *Mapping

	unheaded bool // the first row is a respondent's, as it seems, and no heading is quoted

	byQuestion map[string]choice // see expandedColumns
	problems   problem.List
	wanted     []wanted // columns by name that are missing; worded when all others are known
}

// wanted is a grouping, client or wave column that the file does not have.
type wanted struct {
	role Role
	name string
}

func (m *mapper) add(hint, format string, args ...any) {
	m.problems.Add(problem.Problem{File: m.file, What: fmt.Sprintf(format, args...), Hint: hint})
}

// use notes what a column is taken for, and why in words.
func (m *mapper) use(column int, role Role, id, why string) {
	c := &m.mapping.Columns[column]
	if u := (Use{Role: role, ID: id}); !slices.Contains(c.Uses, u) {
		c.Uses = append(c.Uses, u)
		m.mapping.why[column] = append(m.mapping.why[column], why)
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

func (m *mapper) mapGroups(by [][]string) {
	m.mapping.Groups = make([][]int, len(by))
	for g, names := range by {
		m.mapping.Groups[g] = make([]int, len(names))
		for k, name := range names {
			m.mapping.Groups[g][k] = m.named(RoleGroup, name)
		}
	}
}

// mapKey finds the column of the client, the wave, the respondent or the time
// and returns its index or -1.
func (m *mapper) mapKey(role Role, kind instrument.AttributeKind, name string) int {
	if name != "" {
		return m.named(role, name)
	}
	if c, ok := m.toldRole(role); ok {
		return m.takeTold(role, string(role), c)
	}
	for _, a := range m.in.Attributes {
		if a.Kind != kind {
			continue
		}
		if c, ok := m.toldColumn(a.ID); ok {
			return m.takeTold(role, a.ID, c)
		}
		if found := m.findEither(a.ID, a.Text); len(found) > 0 {
			return m.take(role, a.ID, found, "is called like the attribute")
		}
	}
	found := m.columns.findWhole(string(role))
	found = slices.DeleteFunc(found, func(c int) bool { return m.itemIn(c) != "" })
	if len(found) == 0 {
		return -1
	}
	return m.take(role, string(role), found, fmt.Sprintf("is called %s", role))
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
	if c, ok := m.toldColumn(id); ok {
		return m.takeTold(role, id, c)
	}
	found := m.findEither(names...)
	if len(found) == 0 {
		m.wanted = append(m.wanted, wanted{role, name})
		return -1
	}
	return m.take(role, id, found, fmt.Sprintf("asked for as %s", quoted(name)))
}

// take settles on the column found for a role, or notes why it may not be.
func (m *mapper) take(role Role, id string, found []int, why string) int {
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
	shown := role == RoleGroup || role == RoleClient || role == RoleWave
	if shown && (c == m.mapping.Respondent || c == m.mapping.Time) {
		m.add("what it says about people must not appear in results; choose another column",
			"column %d tells the respondents apart and cannot be a %s column", c+1, role)
		return -1
	}
	for _, a := range m.in.Attributes {
		if slices.Contains(m.mayBe(a), c) && !m.allowed(role, a) {
			return -1
		}
	}
	m.use(c, role, id, why)
	return c
}

// allowed notes a problem when the values of an attribute may not be shown and
// the role would show them.
func (m *mapper) allowed(role Role, a instrument.Attribute) bool {
	why := private(a)
	if why == "" || role == RoleRespondent || role == RoleTime {
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
		found := m.findEither(a.ID, a.Text)
		if c, ok := m.toldColumn(a.ID); ok {
			found = c
		}
		for _, c := range found {
			if len(m.mapping.Columns[c].Uses) == 0 {
				m.use(c, RoleAttribute, a.ID, "is called like the attribute, which nothing asks for")
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
