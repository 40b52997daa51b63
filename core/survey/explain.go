package survey

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// Explanation says what an export was taken for, column by column, as Open
// would take it.
type Explanation struct {
	File    string
	Format  Format
	Columns []ExplainedColumn
	// Headless is for a file whose first row looks like answers and of which
	// the user says in numbers which column is which. Headings are blank then.
	Headless bool
}

// ExplainedColumn is one column and what it is taken for: one entry for each
// use, or one without a use.
type ExplainedColumn struct {
	Number  int    // 1-based
	Heading string // white space folded; blank also where it looks like what a respondent says
	Role    Role   // "" when nothing asks for the column
	ID      string // of the item or attribute
	Why     string // a phrase: "its name \"Q13_1\" is the item's id"
}

// Explain reads the head of an export and says what its columns are taken for.
// What is wrong with them comes as an error beside the Explanation, which is
// nil when nothing can be said: when the export can't be read, or when its first
// row looks like answers, not like headings, and nobody gives columns by number.
func Explain(file string, r io.Reader, req Request) (e *Explanation, err error) {
	src, err := openSource(file, r, req)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	m, err := mapped(file, src.layout, req)
	if m.unheaded && !m.countsColumns() {
		if err != nil && m.headerless() {
			return nil, err
		}
		return nil, src.answersFirst()
	}
	e = &Explanation{File: file, Format: src.Format(), Headless: m.unheaded}
	for i, c := range m.mapping.Columns {
		if len(c.Uses) == 0 {
			e.Columns = append(e.Columns, ExplainedColumn{Number: c.Number, Heading: c.Header, Why: m.whyUnused(i)})
		}
		for k, u := range c.Uses {
			e.Columns = append(e.Columns, ExplainedColumn{Number: c.Number, Heading: c.Header, Role: u.Role, ID: u.ID, Why: m.mapping.why[i][k]})
		}
	}
	return e, err
}

// whyUnused says of a column that nothing asks for what may be worth knowing.
func (m *mapper) whyUnused(column int) string {
	// Microsoft Forms puts a number behind a heading that it has used before.
	header := m.mapping.Columns[column].Header
	base := strings.TrimRight(header, "0123456789")
	if base != header && base != "" && m.layout.vendor.dialect == vendorMicrosoftForms().dialect {
		at := slices.IndexFunc(m.mapping.Columns[:column], func(c Column) bool { return c.Header == base })
		if at >= 0 && m.itemIn(at) != "" {
			return "repeats the heading of column " + numbers([]int{at}) + ", which is item " + quoted(m.itemIn(at))
		}
	}
	return "nothing asks for it"
}
