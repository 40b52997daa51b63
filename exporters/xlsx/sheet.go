package xlsx

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// How sheets look.
const (
	sampled    = 500 // rows by which widths are chosen
	leastWidth = 9   // characters
	mostWidth  = 60  // a longer text is broken into lines
	mostLines  = 8   // of a text, that are shown
	lineHeight = 15  // points
	arrow      = 3   // characters that the arrow of a filter takes
)

// sheet is one sheet of rows.
type sheet struct {
	book    *workbook
	table   *flat.Table
	name    string
	columns []int      // of the table, in the order in which they are shown
	rows    int        // with the header
	waiting []flat.Row // until there are enough to choose widths by
	out     *excelize.StreamWriter
	styles  []int // by column shown
	long    []int // columns of the table whose texts are broken into lines
	cells   []any
}

func newSheet(book *workbook, table *flat.Table, name string) *sheet {
	return &sheet{book: book, table: table, name: name, columns: order(table), rows: 1}
}

// order is how the columns of a table are shown: the client's name beside its id, the
// key last, where lookups find it and nobody has to read it, and no revision.
func order(table *flat.Table) []int {
	var shown []int
	for i := table.Envelope(); i < len(table.Columns); i++ {
		shown = append(shown, i)
		if table.Columns[i].Name == "client" {
			shown = append(shown, table.Index("client_name"))
			if at := table.Index("as_of"); at < table.Envelope() {
				shown = append(shown, at)
			}
		}
	}
	return append(shown, table.Index("key"))
}

// add appends a row. It returns the title of a column in which a text was cut, or "".
func (s *sheet) add(row flat.Row) (cut string, err error) {
	s.rows++
	for _, i := range s.columns {
		if _, tooLong := cellText(row[i].Text()); tooLong && cut == "" {
			cut = s.table.Columns[i].Title
		}
	}
	if s.out == nil && len(s.waiting) < sampled {
		s.waiting = append(s.waiting, row)
		return cut, nil
	}
	if err := s.open(); err != nil {
		return "", err
	}
	return cut, s.put(s.rows, row)
}

// flush completes the sheet.
func (s *sheet) flush() error {
	if err := s.open(); err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(s.columns), s.rows)
	if err != nil {
		return err
	}
	if err := s.book.file.AutoFilter(s.name, "A1:"+last, nil); err != nil {
		return err
	}
	err = s.book.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + s.name + "'!$1:$1", Scope: s.name})
	if err != nil {
		return err
	}
	return s.out.Flush()
}

// open writes the header and the rows that wait, unless that is done.
func (s *sheet) open() error {
	if s.out != nil {
		return nil
	}
	file, landscape := s.book.file, "landscape"
	if err := file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Orientation: &landscape}); err != nil {
		return err
	}
	var err error
	if s.out, err = file.NewStreamWriter(s.name); err != nil {
		return err
	}
	if err := s.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	header := make([]any, len(s.columns))
	for shownAt, i := range s.columns {
		c := s.table.Columns[i]
		widest := 0
		for _, row := range s.waiting {
			widest = max(widest, shown(c, row[i]))
		}
		long := c.Type == flat.Text && widest > mostWidth && c.Name != "summary" // which stands in many rows
		if long {
			s.long = append(s.long, i)
		}
		s.styles = append(s.styles, s.book.styles.of(c, long))
		width := min(max(leastWidth, widest+1, headerWidth(c.Title)), mostWidth)
		if err := s.out.SetColWidth(shownAt+1, shownAt+1, float64(width)); err != nil {
			return err
		}
		header[shownAt] = excelize.Cell{StyleID: s.book.styles.header, Value: c.Title}
	}
	if err := s.out.SetRow("A1", header, excelize.RowOpts{Height: 2 * lineHeight}); err != nil {
		return err
	}
	s.cells = make([]any, len(s.columns))
	for i, row := range s.waiting {
		if err := s.put(i+2, row); err != nil {
			return err
		}
	}
	s.waiting = nil
	return nil
}

// headerWidth is what a title needs in two lines, with the arrow of the filter.
func headerWidth(title string) int {
	longest, line := 0, 0
	for i, word := range strings.Fields(title) {
		if i > 0 && line+1+len(word) <= len(title)*6/10 {
			line += 1 + len(word)
		} else {
			line = len(word)
		}
		longest = max(longest, line)
	}
	return longest + arrow
}

// put writes a row.
func (s *sheet) put(at int, row flat.Row) error {
	for shownAt, i := range s.columns {
		s.cells[shownAt] = nil
		if v := row[i]; v.Set() {
			s.cells[shownAt] = excelize.Cell{StyleID: s.styles[shownAt], Value: cellValue(v)}
		}
	}
	first, err := excelize.CoordinatesToCellName(1, at)
	if err != nil {
		return err
	}
	if lines := s.lines(row); lines > 1 {
		return s.out.SetRow(first, s.cells, excelize.RowOpts{Height: float64(lines) * lineHeight})
	}
	return s.out.SetRow(first, s.cells)
}

// lines is how many lines of a row's texts are shown. Not every program finds that
// out by itself.
func (s *sheet) lines(row flat.Row) int {
	most := 1
	for _, i := range s.long {
		n := 0
		for line := range strings.Lines(row[i].Text()) {
			n += 1 + utf8.RuneCountInString(line)/mostWidth
		}
		most = max(most, n)
	}
	return min(most, mostLines)
}

// cellValue is a value as a cell holds it.
func cellValue(v flat.Value) any {
	if v.Type() == flat.Date {
		if n, ok := serial(v.Text()); ok {
			return n
		}
	}
	if v.Type() == flat.Date || v.Type() == flat.Text {
		text, _ := cellText(v.Text())
		return text
	}
	switch {
	case v.Type() == flat.YesNo && v.True():
		return "yes"
	case v.Type() == flat.YesNo:
		return "no"
	case v.Type().Numeric():
		// Excel keeps 15 digits, and excelize cuts off the others.
		x, _ := strconv.ParseFloat(strconv.FormatFloat(v.Float(), 'g', 15, 64), 64)
		return x
	}
	return v.Any()
}

// serial is a day as Excel counts them. Before March 1900 it counts wrongly, and
// before 1900 not at all.
func serial(day string) (int, bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil || day < "1900-03-01" {
		return 0, false
	}
	return int(t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24), true
}
