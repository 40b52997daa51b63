package render

import (
	"bufio"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

const (
	wholeText = 12 // rows of a text that is shown in full
	nearRows  = 6  // rows of a long finding that are shown in full
)

// annotated writes statements for reading: each with its text, what was found
// under the words meant, and the verdict.
func annotated(w *bufio.Writer, statements []Linted, opt Options) {
	if len(statements) == 0 {
		_, _ = w.WriteString("No statements.\n") // a failure shows when w is flushed
		return
	}
	opt.Width = min(max(opt.Width, leastTable), LineWidth)
	findings := map[string]int{}
	for i, l := range statements {
		if i > 0 {
			_, _ = w.WriteString("\n\n")
		}
		p := newPage(l, opt)
		p.write()
		_, _ = w.WriteString(p.b.String())
		for _, f := range l.Statement.Findings {
			findings[f.Severity]++
		}
	}
	if len(statements) > 1 {
		_, _ = fmt.Fprintf(w, "\n\n%s: %s\n", plural(len(statements), "statement"), tally(findings))
	}
}

// tally counts findings by severity, the worst first.
func tally(findings map[string]int) string {
	var counts []string
	for _, severity := range []string{failure, warning, hint} {
		if n := findings[severity]; n > 0 {
			counts = append(counts, plural(n, severity))
		}
	}
	if len(counts) == 0 {
		return "nothing found."
	}
	return strings.Join(counts, ", ") + "."
}

// page is one statement being written.
type page struct {
	b         strings.Builder
	linted    Linted
	statement record.Statement
	opt       Options
	gutter    int             // columns of the line numbers
	numbers   []int           // by index of the finding, its number on the page
	last      int             // the number given last
	explained map[string]bool // rules whose reasons were told
}

func newPage(l Linted, opt Options) *page {
	p := &page{
		linted: l, statement: l.Statement, opt: opt,
		numbers: make([]int, len(l.Statement.Findings)), explained: map[string]bool{},
	}
	p.gutter = 2
	for _, f := range l.Statement.Findings {
		p.gutter = max(p.gutter, len(ordinal(f.Place.Line)))
	}
	return p
}

func (p *page) write() {
	p.head()
	whole, inText := p.sorted()
	if len(whole) > 0 {
		p.gap()
		p.explain(whole)
	}
	p.excerpts(inText)
	p.leftOut()
	p.verdict()
}

// gap leaves a line empty.
func (p *page) gap() {
	if p.b.Len() > 0 && !strings.HasSuffix(p.b.String(), "\n\n") {
		p.b.WriteString("\n")
	}
}

// head names the statement and says where it stands.
func (p *page) head() {
	s := p.statement
	scope := s.Department
	if scope == "" && s.Scope == "department" {
		scope = "a department"
	}
	kind := kindName(s.Kind)
	if s.KindFrom == "default" {
		kind += " (assumed)"
	}
	language := ""
	if s.Language != "" && s.Language != "en" && !strings.HasPrefix(s.Language, "en-") {
		language = "language " + s.Language
	}
	where := place(s.Place)
	if where == s.ID {
		where = ""
	}
	opt := p.opt
	opt.Color = false
	first := joined([]string{p.linted.client(), s.ID}, " · ")
	rest := joined([]string{kind, scope, language, where}, " · ")
	text := point("", joined([]string{first, rest}, " · "), opt)
	if bare := Printable(first); strings.HasPrefix(text, bare) {
		text = p.opt.paint(bold, bare) + text[len(bare):]
	}
	p.b.WriteString(text)
}

// sorted gives the indexes of the findings about the whole statement and of
// those about a part of it, the latter in the order of the text.
func (p *page) sorted() (whole, inText []int) {
	for i, f := range p.statement.Findings {
		if s := span(f, p.statement.Text); s.start == s.end {
			whole = append(whole, i)
		} else {
			inText = append(inText, i)
		}
	}
	slices.SortStableFunc(inText, func(a, b int) int {
		x, y := span(p.statement.Findings[a], p.statement.Text), span(p.statement.Findings[b], p.statement.Text)
		if x.start != y.start {
			return x.start - y.start
		}
		return x.end - y.end
	})
	return whole, inText
}

// block is a run of rows that findings tie together.
type block struct {
	from, to int   // rows from up to and including to
	findings []int // in the order of the text
}

// blocks gathers findings whose rows overlap.
func (p *page) blocks(rows []row, inText []int) []block {
	var blocks []block
	at := 0
	for _, i := range inText {
		s := span(p.statement.Findings[i], p.statement.Text)
		for at < len(rows)-1 && rows[at+1].start <= s.start {
			at++
		}
		last := at
		if n := len(blocks); n > 0 && at <= blocks[n-1].to {
			last = blocks[n-1].to
		}
		for last < len(rows)-1 && rows[last+1].start < s.end {
			last++
		}
		if n := len(blocks); n > 0 && at <= blocks[n-1].to {
			blocks[n-1].to = last
			blocks[n-1].findings = append(blocks[n-1].findings, i)
			continue
		}
		blocks = append(blocks, block{at, last, []int{i}})
	}
	return blocks
}

// excerpts writes the text with what was found in it; of a long text the rows
// that matter.
func (p *page) excerpts(inText []int) {
	rows := rowsOf(p.statement.Text, p.opt.Width-p.gutter-len(" | ")-len(" 99"))
	if len(rows) == 0 {
		if len(inText) > 0 { // of a text of nothing but spaces
			p.gap()
			p.explain(inText)
		}
		return
	}
	full := len(rows) <= wholeText
	blocks := p.blocks(rows, inText)
	if !full && len(blocks) == 0 {
		return
	}
	p.gap()
	next := 0 // the first row not yet written
	for _, b := range blocks {
		if next > 0 {
			p.gap()
		}
		p.between(rows, next, b.from, full)
		p.block(rows, b)
		next = b.to + 1
	}
	if next > 0 && next < len(rows) {
		p.gap()
	}
	p.between(rows, next, len(rows), full)
}

// between writes the rows [from, to), which nothing was found in, or a mark in
// their place.
func (p *page) between(rows []row, from, to int, full bool) {
	if !full && to > from {
		p.line("", p.opt.paint(dim, "…"))
		return
	}
	for _, r := range rows[from:to] {
		p.line("", p.rowText(r))
	}
}

func (p *page) rowText(r row) string {
	return strings.TrimRight(shown(p.statement.Text[r.start:r.end]), " ")
}

// line writes a line behind the gutter.
func (p *page) line(number, text string) {
	p.b.WriteString(strings.TrimRight(p.opt.paint(dim, fmt.Sprintf("%*s │", p.gutter, number))+" "+text, " ") + "\n")
}

// block writes rows with marks under them, and below what the marks mean.
func (p *page) block(rows []row, b block) {
	p.number(b.findings)
	var open []int // findings that the row may have a part of, in the order of the text
	next, line := 0, 0
	skipped := false
	for at := b.from; at <= b.to; at++ {
		limit := len(p.statement.Text)
		if at+1 < len(rows) {
			limit = rows[at+1].start
		}
		for ; next < len(b.findings) && (at == b.to || p.span(b.findings[next]).start < limit); next++ {
			open = append(open, b.findings[next])
		}
		r := rows[at]
		open = slices.DeleteFunc(open, func(i int) bool { return p.span(i).end <= r.start })
		if b.to-b.from >= nearRows && !slices.ContainsFunc(open, func(i int) bool {
			return p.span(i).start >= r.start || p.span(i).end <= limit
		}) {
			if !skipped {
				p.line("", p.opt.paint(dim, "…"))
			}
			skipped = true
			continue
		}
		skipped = false
		number := ""
		for _, i := range open {
			if n := p.statement.Findings[i].Place.Line; p.span(i).start >= r.start && n != line {
				number, line = ordinal(n), n
				break
			}
		}
		p.line(number, p.rowText(r))
		for _, marks := range underlines(p.marks(r, limit, open), p.opt) {
			p.line("", marks)
		}
	}
	p.explain(b.findings)
}

func (p *page) span(i int) row { return span(p.statement.Findings[i], p.statement.Text) }

// marks are the underlines of a row, with the next one at limit; each has its
// number where it ends.
func (p *page) marks(r row, limit int, findings []int) []marked {
	var marks, long []marked
	for _, i := range findings {
		s := p.span(i)
		m := marked{sign: "^", color: colorOf(p.statement.Findings[i].Severity)}
		m.from, m.to = r.columns(p.statement.Text, s)
		if s.end <= limit {
			m.label = strconv.Itoa(p.numbers[i])
		}
		if s.start < r.start || s.end > limit {
			m.sign = "-" // what covers rows would outshine the words within
			long = append(long, m)
			continue
		}
		marks = append(marks, m)
	}
	return append(marks, long...)
}

// number numbers findings; those of a block that say the same share a number.
func (p *page) number(findings []int) {
	type saying struct {
		rule, severity, message, part, replacement string
		replaced                                   bool
	}
	said := map[saying]int{}
	for _, i := range findings {
		f := &p.statement.Findings[i]
		key := saying{f.Rule, f.Severity, f.Message, f.Place.Part, "", f.Replacement != nil}
		if key.replaced {
			key.replacement = *f.Replacement
		}
		if said[key] == 0 {
			p.last++
			said[key] = p.last
		}
		p.numbers[i] = said[key]
	}
}

func colorOf(severity string) string {
	switch severity {
	case failure:
		return red
	case warning:
		return yellow
	}
	return cyan
}

// explain writes what findings mean: the message, and once for each rule why it
// matters and what to do.
func (p *page) explain(findings []int) {
	if p.numbers[findings[0]] == 0 {
		p.number(findings)
	}
	told := 0
	for _, i := range findings {
		if p.numbers[i] <= told {
			continue
		}
		told = p.numbers[i]
		f := p.statement.Findings[i]
		where := ""
		if f.Place.Part != p.statement.Place.Part {
			where = " (" + f.Place.Part + ")"
		}
		mark := fmt.Sprintf("%*d ", p.gutter, told)
		text := point(mark+f.Severity+": ", f.Message+where+"  ["+f.Rule+"]", p.opt)
		word := p.opt.paint(colorOf(f.Severity), f.Severity)
		p.b.WriteString(mark + word + strings.TrimPrefix(text, mark+f.Severity))
		indent := strings.Repeat(" ", len(mark))
		if !p.explained[f.Rule] {
			p.advise(indent+"why: ", f.Why)
			p.advise(indent+"fix: ", f.Fix)
			p.explained[f.Rule] = true
		}
		switch {
		case f.Replacement == nil:
		case *f.Replacement == "":
			p.advise(indent+"try: ", "leave it out")
		default:
			p.advise(indent+"try: ", "“"+*f.Replacement+"”")
		}
	}
}

func (p *page) advise(mark, text string) {
	if text != "" {
		p.b.WriteString(point(mark, text, p.opt))
	}
}

// leftOut says which findings are not listed, and that there are none.
func (p *page) leftOut() {
	s := p.statement
	if len(s.Findings) == 0 && s.Accepted == 0 && len(s.More) == 0 {
		p.gap()
		p.b.WriteString("Nothing found.\n")
		return
	}
	var rules []string
	for rule := range s.More {
		rules = append(rules, rule)
	}
	slices.Sort(rules)
	if len(rules) > 0 || s.Accepted > 0 {
		p.gap()
	}
	for _, rule := range rules {
		p.b.WriteString(point("", fmt.Sprintf("%s not listed: %s", plural(s.More[rule], "more finding"), rule), p.opt))
	}
	if s.Accepted > 0 {
		p.b.WriteString(point("", plural(s.Accepted, "accepted finding")+" not listed.", p.opt))
	}
}
