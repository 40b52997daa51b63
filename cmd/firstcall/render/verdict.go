package render

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

const (
	verdictBar  = 20 // columns of a bar
	mostReasons = 3  // reasons told for a part
	blank       = "........................................"
	mostIdeas   = 8 // ideas of employees told
)

// part is one of the figures of a verdict.
type part struct {
	name, title, question string
	value                 float64
}

// parts are the figures of a verdict in the order in which they are read.
func parts(v *record.Verdict) []part {
	return []part{
		{"overall", "Overall", "would it guide what employees do?", v.Overall},
		{"simple", "Simple", "can a new employee understand and repeat it?", v.Simple},
		{"concrete", "Concrete", "could one see who does what for whom?", v.Concrete},
		{"true", "True", "does it fit this organization?", v.True},
		{"credible", "Credible", "can it be kept?", v.Credible},
	}
}

// verdict writes what the statement is worth, or why that can't be told, and
// what to do about it.
func (p *page) verdict() {
	s := p.statement
	if v := s.Verdict; v != nil {
		p.gap()
		for _, part := range parts(v) {
			p.part(part, v)
		}
	}
	p.undefined()
	if s.Summary != nil {
		p.paragraph(s.Summary.Line)
	}
	p.standing()
	if s.Summary != nil {
		p.list("Keep", s.Summary.Keep, false)
		p.list("Change", s.Summary.Change, true)
	}
	p.worksheet()
	p.list("Ask five employees", s.StaffTest, true)
	p.voices()
}

// part writes a figure as a bar, and what moved it.
func (p *page) part(part part, v *record.Verdict) {
	color := green
	if part.value < 50 {
		color = red
	}
	drawn := bar(part.value, verdictBar)
	gap := strings.Repeat(" ", verdictBar-len([]rune(drawn)))
	question := part.question
	if slices.Contains(v.Provisional, part.name) {
		question += " (provisional)"
	}
	line := fmt.Sprintf("%-9s %s%s %3s  ", part.title, p.opt.paint(color, drawn), gap, wholePoints(part.value))
	width := len("Credible ") + 1 + verdictBar + 1 + 3 + 2
	if width+len(question) > p.opt.Width {
		line = strings.TrimRight(line, " ") + "\n" + strings.Repeat(" ", len("Credible ")+1)
	}
	p.b.WriteString(line + p.opt.paint(dim, question) + "\n")
	told := 0
	for _, r := range v.Reasons {
		points := int(math.Round(r.Points))
		if r.Part != part.name || points == 0 || told == mostReasons {
			continue
		}
		told++
		sign := "+"
		if points < 0 {
			sign, points = "−", -points
		}
		p.b.WriteString(point(fmt.Sprintf("%10s%s%-3d", "", sign, points), r.Text+p.see(r.Findings), p.opt))
	}
}

// see names the numbers of the first findings that show a reason.
func (p *page) see(findings []int) string {
	var numbers []int
	for _, i := range findings {
		if i < 0 || i >= len(p.numbers) || p.numbers[i] == 0 || slices.Contains(numbers, p.numbers[i]) {
			continue
		}
		numbers = append(numbers, p.numbers[i])
	}
	if len(numbers) == 0 {
		return ""
	}
	slices.Sort(numbers)
	var words []string
	for _, n := range numbers[:min(len(numbers), mostReasons)] {
		words = append(words, strconv.Itoa(n))
	}
	more := ""
	if len(numbers) > mostReasons {
		more = ", …"
	}
	return " (" + strings.Join(words, ", ") + more + ")"
}

// undefined says what can't be told and why.
func (p *page) undefined() {
	var names []string
	for name := range p.statement.Undefined {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) > 0 {
		p.gap()
	}
	for _, name := range names {
		words := strings.NewReplacer("_", " ", ".", " ").Replace(name)
		p.b.WriteString(point("", "Not told ("+words+"): "+strings.TrimSuffix(p.statement.Undefined[name], ".")+".", p.opt))
	}
}

func (p *page) paragraph(text string) {
	if text != "" {
		p.gap()
		p.b.WriteString(point("", text, p.opt))
	}
}

// list writes entries below a heading.
func (p *page) list(title string, entries []string, numbered bool) {
	if len(entries) == 0 {
		return
	}
	p.heading(title)
	for i, entry := range entries {
		mark := "- "
		if numbered {
			mark = fmt.Sprintf("%d. ", i+1)
		}
		p.b.WriteString(point(mark, entry, p.opt))
	}
}

func (p *page) heading(title string) {
	p.gap()
	p.b.WriteString(p.opt.paint(bold, title) + "\n")
}

// worksheet writes the parts of a statement that guides, with blanks for those
// that are missing.
func (p *page) worksheet() {
	w := p.statement.Worksheet
	if w == nil {
		return
	}
	p.heading("Who does what for whom")
	for _, line := range []struct {
		label string
		words []string
	}{{"who", w.Who}, {"does what", w.Does}, {"for whom", w.ForWhom}, {"how one sees it", w.Seen}, {"by when", w.When}} {
		text := blank
		if len(line.words) > 0 {
			text = "“" + strings.Join(line.words, "”, “") + "”"
		}
		p.b.WriteString(point(fmt.Sprintf("%-16s", line.label), text, p.opt))
	}
}

// standing says how the statement compares.
func (p *page) standing() {
	s := p.statement.Standing
	if s == nil {
		return
	}
	var sentences []string
	if s.CorpusN > 0 {
		sentences = append(sentences, fmt.Sprintf("Better than %s of %d public statements, whose median is %s.",
			wholePercent(s.CorpusShare), s.CorpusN, wholePoints(s.CorpusMedian)))
	}
	if s.Rank > 0 && s.Among > 1 {
		sentences = append(sentences, fmt.Sprintf("Number %d of the %d statements here.", s.Rank, s.Among))
	}
	p.paragraph(strings.Join(sentences, " "))
}

// voices says which of the employees' words the statement carries.
func (p *page) voices() {
	v := p.statement.Voices
	if v == nil {
		return
	}
	p.heading("What employees said")
	p.b.WriteString(point("", fmt.Sprintf("%s of %s give an idea that the statement carries.",
		wholePercent(v.Carried), plural(v.Answers, "answer")), p.opt))
	for _, idea := range v.Ideas[:min(len(v.Ideas), mostIdeas)] {
		text := fmt.Sprintf("“%s” (%s): not in the statement", idea.Word, plural(idea.Answers, "answer"))
		if idea.Carried {
			text = fmt.Sprintf("“%s” (%s): in the statement", idea.Word, plural(idea.Answers, "answer"))
			if len(idea.By) > 0 {
				text += " as “" + strings.Join(idea.By, "”, “") + "”"
			}
		}
		p.b.WriteString(point("- ", text, p.opt))
	}
	if more := len(v.Ideas) - mostIdeas; more > 0 {
		p.b.WriteString(point("  ", plural(more, "more idea")+" in the record.", p.opt))
	}
	if v.Rare > 0 {
		p.b.WriteString(point("  ", plural(v.Rare, "idea")+" of too few people to be named.", p.opt))
	}
}
