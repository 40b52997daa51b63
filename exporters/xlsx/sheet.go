package xlsx

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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
	number  int // 1 for the first of the table
	name    string
	part    string
	columns []int      // of the table, in the order in which they are shown
	rows    int        // with the header
	waiting []flat.Row // until there are enough to choose widths by
	page    *page
	styles  []style // by column shown
	long    []int   // columns of the table whose texts are broken into lines
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
	if s.page == nil && len(s.waiting) < sampled {
		s.waiting = append(s.waiting, row)
		return cut, nil
	}
	if err := s.open(); err != nil {
		return "", err
	}
	s.put(row)
	return cut, s.page.err()
}

// end completes the sheet.
func (s *sheet) end() error {
	if err := s.open(); err != nil {
		return err
	}
	return s.page.end(len(s.columns))
}

// open writes the header and the rows that wait, unless that is done.
func (s *sheet) open() error {
	if s.page != nil {
		return nil
	}
	out, err := s.book.zip.Create(s.part)
	if err != nil {
		return err
	}
	var widths []int
	for _, i := range s.columns {
		c := s.table.Columns[i]
		widest := 0
		for _, row := range s.waiting {
			widest = max(widest, shown(c, row[i]))
		}
		long := c.Type == flat.Text && widest > mostWidth && c.Name != "summary" // which stands in many rows
		if long {
			s.long = append(s.long, i)
		}
		s.styles = append(s.styles, styleOf(c, long))
		widths = append(widths, min(max(leastWidth, widest+1, headerWidth(c.Title)), mostWidth))
	}
	s.page = newPage(out, layout{widths: widths, frozen: true})
	s.page.row(2 * lineHeight)
	for at, i := range s.columns {
		s.page.text(at, header, s.table.Columns[i].Title)
	}
	s.page.endRow()
	for _, row := range s.waiting {
		s.put(row)
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
func (s *sheet) put(row flat.Row) {
	height := 0
	if lines := s.lines(row); lines > 1 {
		height = lines * lineHeight
	}
	s.page.row(height)
	for at, i := range s.columns {
		if v := row[i]; v.Set() {
			s.page.value(at, s.styles[at], v)
		}
	}
	s.page.endRow()
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

// value writes a cell with a value.
func (p *page) value(column int, s style, v flat.Value) {
	switch v.Type() {
	case flat.Whole, flat.Decimal, flat.Percent, flat.Share:
		p.number(column, s, v.String())
	case flat.YesNo:
		word := "no"
		if v.True() {
			word = "yes"
		}
		p.text(column, s, word)
	case flat.Date:
		if n, ok := serial(v.Text()); ok {
			p.number(column, s, strconv.Itoa(n))
			return
		}
		fallthrough
	default:
		words, _ := cellText(v.Text())
		p.text(column, s, words)
	}
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
