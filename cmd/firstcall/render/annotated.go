package render

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// annotated writes statements for reading: for each what it is worth and what
// to change first, then the text with what was found under the words meant, then
// what to work on it with.
//
// Who reads it wants the answer before the evidence, and may stop there.
func annotated(w *bufio.Writer, lint Lint, opt Options) {
	if len(lint.Statements) == 0 {
		_, _ = w.WriteString("No statements.\n") // a failure shows when w is flushed
		return
	}
	told := &telling{rules: lint.report().ruleTexts()}
	findings := map[string]int{}
	judged := 0
	for i, l := range lint.Statements {
		if i > 0 {
			_, _ = w.WriteString("\n\n")
		}
		p := newPage(l, told, opt)
		p.write()
		_, _ = w.WriteString(p.b.String())
		for _, f := range l.Statement.Findings {
			findings[f.Severity]++
		}
		if l.Statement.Verdict != nil {
			judged++
		}
	}
	if n := len(lint.Statements); n > 1 {
		_, _ = fmt.Fprintf(w, "\n\n%s: %s\n", plural(n, "statement"), result(findings, judged, n))
	}
}

// result sums up a run of several statements.
func result(findings map[string]int, judged, of int) string {
	counts := tally(findings)
	switch {
	case judged == 0 && counts == "":
		return "none is judged."
	case counts == "":
		counts = "nothing found"
	}
	if judged < of {
		return fmt.Sprintf("%s. Not judged: %d.", counts, of-judged)
	}
	return counts + "."
}

// tally counts findings by severity, the worst first.
func tally(findings map[string]int) string {
	var counts []string
	for _, severity := range severities {
		if n := findings[severity]; n > 0 {
			counts = append(counts, plural(n, severity))
		}
	}
	return strings.Join(counts, ", ")
}

// telling is what the pages of a run share.
type telling struct {
	rules     map[string]RuleText
	unknown   string   // what is not known of the organization, as told last
	questions []string // told last
}

// page is one statement being written.
type page struct {
	sheet
	linted    Linted
	statement record.Statement
	told      *telling
	width     int // columns of an excerpt with its gutter
	gutter    int // columns of the line numbers
	rows      []row
	sections  []section
	numbers   []int // by index of the finding, its number on the page
	explained map[string]bool
}

func newPage(l Linted, told *telling, opt Options) *page {
	p := &page{sheet: sheet{opt: opt}, linted: l, statement: l.Statement, told: told, numbers: make([]int, len(l.Statement.Findings)), explained: map[string]bool{}}
	p.gutter = max(2, len(ordinal(l.Statement.Place.Line)))
	for _, f := range l.Statement.Findings {
		p.gutter = max(p.gutter, len(ordinal(f.Place.Line)))
	}
	// Text of LineWidth columns keeps its lines where the screen has room for it.
	p.width = min(max(opt.Width, leastTable), LineWidth+p.gutter+len(" | "))
	p.opt.Width = min(max(opt.Width, leastTable), LineWidth)
	p.layOut()
	return p
}

func (p *page) write() {
	p.head()
	p.verdict()
	p.findings()
	p.worksheet()
	p.staffTest()
	p.voices()
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
	first := joined([]string{p.linted.client(), s.ID}, " · ")
	rest := joined([]string{kind, scope, language, whereabouts(s)}, " · ")
	p.begin(bold, first, strings.TrimPrefix(joined([]string{first, rest}, " · "), first))
}

// whereabouts says where a statement begins, as far as its id does not.
func whereabouts(s record.Statement) string {
	at := s.Place
	if s.ID != at.File && !strings.HasPrefix(s.ID, at.File+"#") {
		return place(at)
	}
	switch {
	case at.Line > 1:
		return fmt.Sprintf("line %d", at.Line)
	case at.Line == 1:
		return ""
	}
	return at.Part
}

// findings writes the text with what was found in it.
func (p *page) findings() {
	s := p.statement
	counts := map[string]int{}
	for _, f := range s.Findings {
		counts[f.Severity]++
	}
	p.gap()
	if found := tally(counts); found != "" {
		p.heading("Findings: " + found)
	}
	if s.Cut {
		text := fmt.Sprintf("Only the first %d KiB of the text are shown.", (len(s.Text)+1023)>>10)
		if s.Verdict != nil {
			text += " The verdict is of all of it."
		}
		p.b.WriteString(point("", text, p.opt))
		p.gap()
	}
	for i, section := range p.sections {
		if i > 0 {
			p.gap()
		}
		p.section(section)
	}
	p.leftOut()
}

// leftOut says which findings are not listed, and that there are none.
func (p *page) leftOut() {
	s := p.statement
	if len(s.Findings) == 0 && s.Accepted == 0 && len(s.More) == 0 {
		if s.Verdict != nil {
			p.gap()
			p.b.WriteString("Nothing found.\n")
		}
		return
	}
	p.unlisted(s.More, s.Accepted, "accepted finding")
}
