package xlsx

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// aboutName is the name of the first sheet.
const aboutName = "About"

// Limits of the first sheet.
const (
	mostListed = 200 // results that are listed
	aboutWidth = 6   // columns
	lineChars  = 160 // of the text of a line over all columns
)

// about gathers what the first sheet says.
type about struct {
	listed      []listed
	at          map[listed]int // places in listed of results that are counted together
	records     int
	clients     map[string]string // names by id
	days        map[string]bool
	instruments []instrument
	version     string // of the program that made the records
}

// listed is a line of what the workbook is about.
type listed struct {
	client, what, wave, asOf string
	records                  int
}

// instrument is what an assessment was asked with.
type instrument struct {
	id, version, title, scale, direction string
	minGroup                             int
}

func newAbout() *about {
	return &about{at: map[listed]int{}, clients: map[string]string{}, days: map[string]bool{}}
}

// kindWords say what records are of, but for assessments, which their instrument names.
var kindWords = map[record.Kind]string{
	record.KindStatement: "Vision and mission statements", record.KindJob: "Job descriptions",
	record.KindFolder: "Folders of job descriptions", record.KindPlan: "Plans",
}

// note takes a record into account.
func (a *about) note(rec *record.Record) {
	a.records++
	a.clients[rec.Client.ID] = cmp.Or(rec.Client.Name, a.clients[rec.Client.ID])
	a.version = rec.Tool.Version
	if rec.AsOf != "" {
		a.days[rec.AsOf] = true
	}
	line := listed{client: rec.Client.ID, what: kindWords[rec.Kind], asOf: rec.AsOf}
	if rec.Assessment != nil {
		body := rec.Assessment.Body()
		in := instrumentOf(body)
		if !slices.Contains(a.instruments, in) {
			a.instruments = append(a.instruments, in)
		}
		line.what, line.wave = in.title, body.Wave
	}
	i, known := a.at[line]
	if !known {
		i = len(a.listed)
		a.at[line] = i
		a.listed = append(a.listed, line)
	}
	a.listed[i].records++
}

func instrumentOf(body record.AssessmentBody) instrument {
	in := instrument{
		id: body.Instrument.ID, version: body.Instrument.Version, title: cmp.Or(body.Instrument.Title, body.Instrument.ID),
		scale: "differs between dimensions", direction: "better", minGroup: body.Method.MinGroup,
	}
	if s := body.Instrument.Scale; s != nil {
		in.scale = fmt.Sprintf("%d to %d", s.Min, s.Max)
		if n := len(s.Labels); n > 1 {
			in.scale = fmt.Sprintf("%d (%s) to %d (%s)", s.Min, s.Labels[0], s.Max, s.Labels[n-1])
		}
	}
	if body.Instrument.Direction == "high-is-bad" {
		in.direction = "worse"
	}
	return in
}

// firstPage is the first sheet while it is written.
type firstPage struct{ *page }

// write writes the first sheet.
func (a *about) write(w io.Writer, b *workbook) error {
	p := firstPage{newPage(w, layout{widths: []int{24, 26, 38, 22, 14, 40}, first: true})}
	p.row(2 * lineHeight)
	words, _ := cellText(a.title())
	p.text(0, title, words)
	p.endRow()
	p.line(text, a.subtitle())
	p.sheets(b)
	p.reading(b)
	p.contents(a)
	p.instruments(a.instruments)
	p.columns(b)
	return p.end(0)
}

// title names the client, or says how many there are.
func (a *about) title() string {
	if len(a.clients) > 1 {
		return fmt.Sprintf("Results of %d clients", len(a.clients))
	}
	for id, name := range a.clients {
		if name = cmp.Or(name, id); name != "" {
			return "Results of " + name
		}
	}
	return "Results"
}

// subtitle says of when the results are and what made them.
func (a *about) subtitle() string {
	said := []string{plural(a.records, "record")}
	if days := sortedKeys(a.days); len(days) == 1 {
		said = append(said, "as of "+days[0])
	} else if n := len(days); n > 1 {
		said = append(said, "as of "+days[0]+" to "+days[n-1])
	}
	return strings.Join(append(said, strings.TrimSpace("made by firstcall "+a.version)), " · ")
}

func sortedKeys(m map[string]bool) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// cells writes a row of texts and whole numbers in one style.
func (p firstPage) cells(s style, values ...any) {
	p.row(0)
	for i, v := range values {
		switch v := v.(type) {
		case int:
			p.number(i, count, strconv.Itoa(v))
		case string:
			if words, _ := cellText(v); words != "" {
				p.text(i, s, words)
			}
		}
	}
	p.endRow()
}

func (p firstPage) line(s style, text string) { p.cells(s, text) }

// heading begins a section with the names of its columns, if it has any.
func (p firstPage) heading(title string, columns ...any) {
	p.rows++ // a blank line
	p.line(heading, title)
	if len(columns) > 0 {
		for len(columns) < aboutWidth {
			columns = append(columns, " ") // the color goes all the way
		}
		p.cells(header, columns...)
	}
}

// paragraph writes a text over all columns, as high as it needs.
func (p firstPage) paragraph(text string) {
	p.row((1 + utf8.RuneCountInString(text)/lineChars) * lineHeight)
	p.text(0, wrapped, text)
	p.endRow()
	p.merge(0, aboutWidth-1)
}

// sheets says what the other sheets are.
func (p firstPage) sheets(b *workbook) {
	p.heading("What is in this workbook", "Sheet", "Rows", "What a row is")
	for _, s := range b.sheets {
		p.cells(text, s.name, s.rows-1, s.table.About)
	}
}

// reading says how to read the figures.
func (p firstPage) reading(b *workbook) {
	p.heading("How to read it")
	if b.has(flat.Assessments) {
		p.paragraph("“Withheld” says yes where few people answered, or where a figure would give away what few people said. No figure is given then, to protect those who answered.")
		p.paragraph("Means are on the scale of the instrument. “Percent of scale” puts them on one from 0 (everybody at the low end) to 100 (everybody at the high end). Shares, such as “Favorable”, are real percentages: 62.5% is 0.625 in a formula.")
	}
	p.paragraph("An empty cell is a figure that can't be computed or that nobody asked for. It is not zero. Figures are shown rounded; the cells have all their digits.")
	p.paragraph("“Key” names the record that a row comes from. It is the same in every run, in this workbook and in everything else that firstcall exports.")
	if b.cut > 0 {
		p.paragraph(fmt.Sprintf("In %s a text was cut, since a cell takes 32,767 characters.", plural(b.cut, "row")))
	}
}

// contents lists what the workbook is about.
func (p firstPage) contents(a *about) {
	p.heading("Whom and what it is about", "Client", "Client's name", "What", "Wave", "As of", "Records")
	// They were noted sheet by sheet.
	slices.SortStableFunc(a.listed, func(x, y listed) int { return record.CompareNatural(x.client, y.client) })
	for _, l := range a.listed[:min(len(a.listed), mostListed)] {
		p.cells(text, l.client, a.clients[l.client], l.what, l.wave, l.asOf, l.records)
	}
	if more := len(a.listed) - mostListed; more > 0 {
		p.line(text, fmt.Sprintf("… and %d more", more))
	}
}

// instruments says what was asked.
func (p firstPage) instruments(all []instrument) {
	if len(all) == 0 {
		return
	}
	p.heading("What was asked", "Instrument", "Version", "Title", "A higher figure is", "Least group", "Scale")
	for _, in := range all {
		p.cells(text, in.id, in.version, in.title, in.direction, in.minGroup, in.scale)
	}
}

// columns explains the columns of each sheet.
func (p firstPage) columns(b *workbook) {
	p.heading("What the columns mean", "Sheet", "Column", "Name in CSV and databases", "Unit", "What it says")
	for _, table := range flat.Tables() {
		if !b.has(table) {
			continue
		}
		for _, i := range order(table) {
			c := table.Columns[i]
			unit := c.Unit
			if unit == "" && c.Type != flat.Text && c.Type != flat.Date && c.Type != flat.YesNo && c.Type != flat.Whole {
				unit = c.Type.String()
			}
			p.cells(text, table.Title, c.Title, c.Name, unit, c.Doc)
		}
	}
}
