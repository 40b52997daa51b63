package sqlite

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// Limits of what is told of one record.
const (
	mostChanges = 8  // lines
	longestCell = 40 // characters
)

// diff says what changes in the rows of a record.
type diff struct{ lines []string }

// String gives a few lines for people, without a line end.
func (d *diff) String() string {
	lines := d.lines
	if more := len(lines) - mostChanges; more > 0 {
		lines = append(slices.Clone(lines[:mostChanges]), fmt.Sprintf("and %d more", more))
	}
	if len(lines) == 0 {
		return "no figure of the tables changes, but something else of the record does"
	}
	return strings.Join(lines, "\n")
}

// compare adds what changes in the rows of one table: first what changes alike in all
// rows, which speaks of the record as a whole.
func (d *diff) compare(table *flat.Table, before, after [][]string) {
	names := newNamer(table, before, after)
	old := map[string][][]string{} // rows that wait for their match, by name
	for _, row := range before {
		name := names.key(row)
		old[name] = append(old[name], row)
	}
	var pairs [][2][]string
	var fresh [][]string
	for _, row := range after {
		name := names.key(row)
		if waiting := old[name]; len(waiting) > 0 {
			pairs = append(pairs, [2][]string{waiting[0], row})
			old[name] = waiting[1:]
		} else {
			fresh = append(fresh, row)
		}
	}
	common := d.common(table, before, after)
	for _, p := range pairs {
		if said := changes(table, p[0], p[1], common); said != "" {
			d.lines = append(d.lines, joined(names.say(p[1]), said))
		}
	}
	for _, row := range fresh {
		d.row("new", names.say(row))
	}
	for _, row := range before {
		name := names.key(row)
		if waiting := old[name]; len(waiting) > 0 {
			old[name] = waiting[1:]
			d.row("gone", names.say(row))
		}
	}
}

// row adds a row that comes or goes. One that nothing tells from others only says that
// there was no finding.
func (d *diff) row(word, name string) {
	if name != "" {
		d.lines = append(d.lines, word+": "+name)
	}
}

// common adds the changes of what stands alike in all rows of the record, and returns
// its columns.
func (d *diff) common(table *flat.Table, before, after [][]string) map[int]bool {
	common := map[int]bool{}
	if len(before) == 0 || len(after) == 0 || len(before)+len(after) < 3 {
		return common
	}
	for n, i := range columns(table) {
		c := table.Columns[i]
		from, to := before[0][n], after[0][n]
		if c.Name == "revision" || c.Identity || from == to || !alike(before, n) || !alike(after, n) {
			continue
		}
		common[n] = true
		d.lines = append(d.lines, change(c, from, to))
	}
	return common
}

// alike reports whether all rows have the same in a column.
func alike(rows [][]string, at int) bool {
	return !slices.ContainsFunc(rows, func(row []string) bool { return row[at] != rows[0][at] })
}

// changes says what differs between two rows, "" when nothing does.
func changes(table *flat.Table, before, after []string, but map[int]bool) string {
	var said []string
	for n, i := range columns(table) {
		if c := table.Columns[i]; c.Name != "revision" && !but[n] && before[n] != after[n] {
			said = append(said, change(c, before[n], after[n]))
		}
	}
	return strings.Join(said, ", ")
}

func change(c flat.Column, from, to string) string {
	if c.Type == flat.Text && utf8.RuneCountInString(from)+utf8.RuneCountInString(to) > 2*longestCell {
		return c.Name + " changes"
	}
	a, b := shown(c, from), shown(c, to)
	if a == b { // only digits that nobody needs
		a, b = from, to
	}
	return fmt.Sprintf("%s %s -> %s", c.Name, a, b)
}

// shown is a cell for people: rounded, and not too long.
func shown(c flat.Column, cell string) string {
	if cell == "" {
		return "nothing"
	}
	x, err := strconv.ParseFloat(cell, 64)
	switch {
	case c.Type == flat.Share && err == nil:
		return strconv.FormatFloat(x, 'f', 3, 64)
	case c.Type.Numeric() && err == nil:
		return strconv.FormatFloat(x, 'f', max(c.Decimals, 1), 64)
	case c.Type != flat.Text:
		return cell
	}
	return "“" + clipped(cell) + "”"
}

// clipped is a text in one line, and not too long.
func clipped(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longestCell {
		return string(runes[:longestCell-1]) + "…"
	}
	return text
}

// namer says which row of a record one is.
type namer struct {
	identity []int // places of the columns that tell rows from each other
	varying  []int // those of them that are not the same in all rows
}

func newNamer(table *flat.Table, before, after [][]string) namer {
	var n namer
	all := slices.Concat(before, after)
	for at, i := range columns(table) {
		if !table.Columns[i].Identity {
			continue
		}
		n.identity = append(n.identity, at)
		if !alike(all, at) {
			n.varying = append(n.varying, at)
		}
	}
	return n
}

// key is the same for rows that may be each other's match.
func (n namer) key(row []string) string {
	var parts []string
	for _, at := range n.identity {
		parts = append(parts, row[at])
	}
	return strings.Join(parts, "\x00")
}

// say names a row for people.
func (n namer) say(row []string) string {
	var parts []string
	for _, at := range n.varying {
		if row[at] != "" {
			parts = append(parts, clipped(row[at]))
		}
	}
	return strings.Join(parts, ", ")
}

// joined puts a colon between what is said and of what.
func joined(of, said string) string {
	if of == "" || said == "" {
		return of + said
	}
	return of + ": " + said
}
