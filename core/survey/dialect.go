package survey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// vendor is one survey tool's way to lay out an export, as data. To teach
// firstcall another tool, write one more and add it to vendors.
type vendor struct {
	dialect string // its short name, for --dialect
	title   string // as in "survey.csv: Qualtrics export, …"

	// headers looks at the first rows of a file and returns how many of them
	// are headers when the file is this tool's, else 0. The rows after them
	// may be there or not.
	headers func(rows [][]string) int
	usual   int // header rows of a file that is only by the user's word this tool's

	repair    func(headers [][]string) [][]string // puts right what the tool writes wrong; nil mostly
	names     func(headers [][]string, column int) columnNames
	filters   []vendorFilter
	completed []string // names of the column that says when somebody was done
	codes     []int    // numbers that stand for no answer
	clean     func(cell []byte) []byte
}

// vendorFilter is a rowFilter whose column goes by one of these names, of
// which the first that there is counts.
type vendorFilter struct {
	names  []string
	drop   func(cell []byte) bool
	reason string
}

const dialectPlain = "plain"

// vendors are all tools, those that are the easiest to be sure of first.
func vendors() []*vendor {
	return []*vendor{
		vendorQualtrics(), vendorQualtricsLegacy(), vendorLimeSurvey(), vendorFormbricks(),
		vendorSurveyMonkey(), vendorMicrosoftForms(), vendorGoogleForms(), vendorJSON(), vendorPlain(),
	}
}

// Dialects lists the names that Request.Dialect may have.
func Dialects() []string {
	var names []string
	for _, v := range vendors() {
		names = append(names, v.dialect)
	}
	return names
}

// headRows is how many rows a file must show to be recognized: the headers, of
// which there are three at most, and one after them.
const headRows = 4

// detect finds the tool that a file comes from and lays it out. The rows are
// its first ones as they stand in it, headRows of them if there are so many.
// A dialect other than "" is the user's word for it.
func detect(rows [][]string, dialect string) (*layout, error) {
	if dialect != "" {
		v, err := vendorNamed(dialect)
		if err != nil {
			return nil, err
		}
		n := v.headers(rows)
		if n == 0 {
			n = v.usual
		}
		return newLayout(v, rows, n), nil
	}
	for _, v := range vendors() {
		if n := v.headers(rows); n > 0 {
			return newLayout(v, rows, n), nil
		}
	}
	return newLayout(vendorPlain(), rows, 1), nil
}

func vendorNamed(name string) (*vendor, error) {
	all := vendors()
	i := slices.IndexFunc(all, func(v *vendor) bool { return strings.EqualFold(v.dialect, name) })
	if i < 0 {
		return nil, problem.Problem{What: fmt.Sprintf("unknown dialect %s", quoted(name)),
			Hint: problem.DidYouMean(name, Dialects(), "known are "+strings.Join(Dialects(), ", "))}
	}
	return all[i], nil
}

// vendorPlain is a table of which nothing is known but that it has one header
// row.
func vendorPlain() *vendor {
	return &vendor{
		dialect: dialectPlain, title: "plain table", usual: 1,
		headers: func([][]string) int { return 1 },
		names:   firstRow,
	}
}

// firstRow names a column by its cell in the only header row.
func firstRow(headers [][]string, column int) columnNames {
	return newNames(cell(headers, 0, column))
}

// cell returns a cell of a row, "" where there is none.
func cell(rows [][]string, row, column int) string {
	if row >= len(rows) || column >= len(rows[row]) {
		return ""
	}
	return rows[row][column]
}

// has counts how many of the names are headings of a row, whatever their case.
func has(row []string, names ...string) int {
	n := 0
	for _, name := range names {
		if slices.ContainsFunc(row, func(h string) bool { return strings.EqualFold(folded(h), name) }) {
			n++
		}
	}
	return n
}

// begins reports whether the headings of a row begin with these, each of which
// may be one of several words.
func begins(row []string, headings ...[]string) bool {
	if len(row) < len(headings) {
		return false
	}
	for i, words := range headings {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(folded(row[i]), w) }) {
			return false
		}
	}
	return true
}
