package render

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

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
	if s.Verdict == nil {
		p.paragraph(notJudged(s) + ".")
	}
	if s.Summary != nil {
		p.paragraph(s.Summary.Line)
	}
	if v := s.Verdict; v != nil {
		p.gap()
		for _, part := range parts(v) {
			p.part(part, v)
		}
	}
	p.undefined()
	if s.Summary != nil {
		p.list("Change, the most pressing first", s.Summary.Change, false)
		p.list("Keep", s.Summary.Keep, false)
	}
}

// notJudged says that a statement has no verdict, and why.
func notJudged(s record.Statement) string {
	why := strings.TrimSuffix(s.Undefined["verdict"], ".")
	if why == "" {
		return "Not judged"
	}
	return "Not judged: " + why
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
	if part.name == "overall" {
		p.advise(strings.Repeat(" ", len("Credible ")+1), standing(p.statement.Standing))
	}
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
	return " (see " + strings.Join(words, ", ") + more + ")"
}

// undefined says what can't be told and why. What is told elsewhere on the page
// is left out, and what is not known of the organization stands with the first
// statement that it is true of: the others have the mark of it.
func (p *page) undefined() {
	var names []string
	for name, why := range p.statement.Undefined {
		switch {
		case name == "verdict" && p.statement.Verdict == nil:
		case name == "voices" && p.statement.Voices != nil:
		case name == "organization" && why == p.told.unknown:
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > 0 {
		p.gap()
	}
	for _, name := range names {
		why := p.statement.Undefined[name]
		if name == "organization" {
			p.told.unknown = why
			p.b.WriteString(point("", capital(why), p.opt))
			continue
		}
		p.b.WriteString(point("", notTold(name, why), p.opt))
	}
}

// notTold says what can't be told, by the name of its field, and why.
func notTold(name, why string) string {
	words := strings.NewReplacer("_", " ", ".", " ").Replace(name)
	return "Not told (" + words + "): " + strings.TrimSuffix(why, ".") + "."
}

// capital makes a sentence of a reason.
func capital(why string) string {
	if why == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(why)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(why[size:], ".") + "."
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

// standing says how a statement compares.
func standing(s *record.Standing) string {
	if s == nil {
		return ""
	}
	var sentences []string
	if s.CorpusN > 0 {
		share := wholePercent(s.CorpusShare) + " of"
		if s.CorpusShare == 1 {
			share = "all"
		}
		sentences = append(sentences, fmt.Sprintf("Better than %s %d public statements, whose median is %s.", share, s.CorpusN, wholePoints(s.CorpusMedian)))
	}
	if s.Rank > 0 && s.Among > 1 {
		sentences = append(sentences, fmt.Sprintf("Number %d of the %d statements here.", s.Rank, s.Among))
	}
	return strings.Join(sentences, " ")
}

// staffTest writes the questions for employees, unless they stand above already.
func (p *page) staffTest() {
	questions := p.statement.StaffTest
	if len(questions) > 0 && slices.Equal(questions, p.told.questions) {
		p.heading("Ask five employees")
		p.b.WriteString("The same questions as above.\n")
		return
	}
	p.told.questions = questions
	p.list("Ask five employees", questions, true)
}

// voices says which of the employees' words the statement carries.
func (p *page) voices() {
	v := p.statement.Voices
	if v == nil {
		return
	}
	p.heading("What employees said")
	if why := p.statement.Undefined["voices"]; why != "" || len(v.Ideas) == 0 {
		if why == "" {
			why = "there are too few answers to say anything of them"
			if v.Rare > 0 {
				why = "no idea was given by enough people to be named"
			}
		}
		p.b.WriteString(point("", capital(why)+" "+plural(v.Answers, "answer")+" gave an idea.", p.opt))
		return
	}
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
