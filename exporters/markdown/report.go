package markdown

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
)

// withheldNote is the one sentence about what is withheld. It does not say
// which rule was at work: that could give away what is protected.
const withheldNote = "Results marked “withheld” are not shown, to protect people’s answers."

// writer writes one survey's part of a report.
type writer struct {
	*page
	view
	opt     Options
	client  string // name for people, fit to be printed; may be empty
	depth   int    // of the survey's sections
	earlier []view // the survey's other waves, earliest first
	plan    *record.Plan
	later   bool // the plan stands at the end of the report
	told         // sentences of the record
}

// render writes the client's report.
func (c client) render(opt Options) string {
	p := &page{top: min(max(opt.Headings, 1), 3)}
	name := esc(orElse(c.name, c.id))
	if c.hasPapers() {
		d := &dossier{page: p, client: c, opt: opt, name: name}
		d.write()
	} else if len(c.surveys) == 1 {
		s := c.surveys[0]
		p.heading(0, orElse(esc(opt.Title), titled(name, s.latest().title())))
		w := newWriter(p, s, opt, name, 1)
		w.plan = c.planOf(w.view)
		w.para(w.byline(orElse(opt.Title, "") != "", opt.PreparedBy))
		w.write()
	} else {
		p.heading(0, orElse(esc(opt.Title), titled(name, "Survey report")))
		if by := esc(opt.PreparedBy); by != "" {
			p.para("Prepared by " + by)
		}
		titles := make([]string, len(c.surveys))
		for i, s := range c.surveys {
			titles[i] = s.latest().title()
		}
		p.para("This report covers " + things(int64(len(titles)), "survey", "surveys") + ": " + list(titles) + ".")
		for _, s := range c.surveys {
			p.heading(1, s.latest().title())
			w := newWriter(p, s, opt, name, 2)
			w.plan = c.planOf(w.view)
			w.para(w.byline(false, ""))
			w.write()
		}
	}
	c.footer(p)
	return p.b.String()
}

func newWriter(p *page, s survey, opt Options, client string, depth int) *writer {
	opt.Items = max(opt.Items, 1)
	return &writer{page: p, view: s.latest(), opt: opt, client: client, depth: depth, earlier: s[:len(s)-1]}
}

// titled puts the client's name, if there is one, before a title.
func titled(client, title string) string {
	if client == "" {
		return title
	}
	return client + ": " + title
}

func (v view) title() string { return esc(orElse(v.in.Title, v.in.ID)) }

// section starts a section of the survey.
func (w *writer) section(title string) { w.heading(w.depth, title) }

// sub starts a part of a section.
func (w *writer) sub(title string) { w.heading(w.depth+1, title) }

// byline says what the figures are of. The client and the survey are named
// when the heading above does not do it.
func (w *writer) byline(named bool, preparedBy string) string {
	var parts []string
	if named {
		if w.client != "" {
			parts = append(parts, w.client)
		}
		parts = append(parts, w.view.title())
	}
	if wave := esc(w.body.Wave); strings.HasPrefix(strings.ToLower(wave), "wave") {
		parts = append(parts, upperFirst(wave))
	} else if wave != "" {
		parts = append(parts, "Survey wave "+wave)
	}
	if day := w.rec.AsOf; day != "" {
		parts = append(parts, longDay(day))
	}
	if by := esc(preparedBy); by != "" {
		parts = append(parts, "Prepared by "+by)
	}
	return strings.Join(parts, " · ")
}

// longDay writes a day as it is spoken.
func longDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return esc(day)
	}
	return t.Format("January 2, 2006")
}

// write writes the survey, section by section.
func (w *writer) write() {
	w.headline()
	if w.body.Withheld {
		w.changes()
		w.methodNotes()
		return
	}
	w.standOut()
	w.todo()
	w.howToRead()
	w.dimensions()
	w.extremes()
	w.trace()
	w.changes()
	w.groups()
	w.leaders()
	w.idealPractice()
	w.serviceCare()
	w.outcomeQuestions()
	w.recommend()
	w.drivers()
	w.questions()
	w.responseRate()
	w.methodNotes()
}

// howToRead explains the figures in a few lines.
func (w *writer) howToRead() {
	w.section("How to read this report")
	questions := 0
	for _, d := range w.in.Dimensions {
		questions += len(d.Items)
	}
	first := "People answered " + things(int64(questions), "question", "questions") + w.scaleWords()
	if len(w.dims) > 1 {
		first += fmt.Sprintf("; together they describe %d dimensions", len(w.dims))
	}
	first += "."
	mark := esc(number(w.in.WeakBelow))
	second := "Scores run from 0 to 100 and higher is better; a score below " + mark + " is weak."
	favorable := "“Favorable” is the share of answers that are good news"
	if w.bad {
		mark = esc(number(100 - w.in.WeakBelow))
		second = "Scores run from 0 to 100. **A high score is bad here:** it means that people see more of the warning signs. A score above " + mark + " calls for action."
	}
	if words := favorableAnswers(w.in.Scale, false, w.bad); words != "" {
		favorable += " (" + words + ")"
	}
	w.para(first, second)
	lines := []string{}
	if w.anyFavorable() {
		lines = append(lines, favorable+".")
	}
	if w.withheldWhole() {
		lines = append(lines, withheldNote)
	}
	w.para(lines...)
}

// scaleWords says how the answers run, when all questions share a scale.
func (w *writer) scaleWords() string {
	s := w.in.Scale
	switch {
	case s == nil:
		return ""
	case labeled(s):
		return ", each from “" + esc(s.Labels[0]) + "” to “" + esc(s.Labels[len(s.Labels)-1]) + "”"
	}
	return fmt.Sprintf(", each on a scale from %d to %d", s.Min, s.Max)
}

// number prints a threshold without needless decimals.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// labeled reports whether every answer of a scale has a word.
func labeled(s *record.Scale) bool {
	return len(s.Labels) > 1 && len(s.Labels) == s.Max-s.Min+1 &&
		!slices.ContainsFunc(s.Labels, func(l string) bool { return verbatim(l) == "" })
}

// favorableAnswers names the answers, as given, that count as good news: the
// words of the scale where there are few, else a range of numbers. It is empty
// when the scale does not say.
func favorableAnswers(s *record.Scale, reverse, bad bool) string {
	if s == nil || s.Favorable == nil || s.Max <= s.Min {
		return ""
	}
	from, to := *s.Favorable, s.Max
	if bad {
		from, to = s.Min, *s.Favorable
	}
	if reverse {
		from, to = s.Min+s.Max-to, s.Min+s.Max-from
	}
	if from < s.Min || to > s.Max || from > to {
		return ""
	}
	if labeled(s) && to-from < 3 {
		words := mapped(s.Labels[from-s.Min:to-s.Min+1], func(l string) string { return "“" + esc(l) + "”" })
		return joinWith(words, ", ", " or ")
	}
	switch {
	case from == to:
		return strconv.Itoa(from)
	case to == s.Max:
		return fmt.Sprintf("%d or more", from)
	}
	return fmt.Sprintf("%d or less", to)
}

// anyFavorable reports whether a favorable share stands anywhere.
func (v view) anyFavorable() bool {
	return slices.ContainsFunc(v.dims, func(d dim) bool { return d.fig.Favorable != nil })
}

// kindNames are the kinds of records in words, one and many.
var kindNames = map[record.Kind][2]string{
	record.KindStatement: {"vision or mission statement", "vision or mission statements"},
	record.KindJob:       {"job description", "job descriptions"},
	record.KindFolder:    {"summary of job descriptions", "summaries of job descriptions"},
	record.KindPlan:      {"action plan", "action plans"},
}

// mostSources is how many files a footer names.
const mostSources = 5

// footer says what is not shown and what made the report.
func (c client) footer(p *page) {
	var hidden []string
	for _, o := range c.others {
		name, ok := kindNames[o.kind]
		if !ok {
			name = [2]string{"record of another kind", "records of another kind"}
		}
		hidden = append(hidden, things(int64(o.n), name[0], name[1]))
	}
	if len(hidden) > 0 {
		p.para("Also examined, but not shown in this report: " + list(hidden) + ".")
	}
	p.block("---")
	var surveys []string
	for _, s := range c.surveys {
		in := s.latest().in
		surveys = append(surveys, fmt.Sprintf("instrument %s, version %s", esc(in.ID), esc(in.Version)))
	}
	line := "Generated by " + orElse(esc(c.tool.Name), "firstcall")
	if version := esc(c.tool.Version); version != "" {
		line += " " + version
	}
	if len(surveys) > 0 {
		line += " · " + strings.Join(surveys, "; ")
	}
	switch n := len(c.sources); {
	case n > mostSources:
		line += fmt.Sprintf(" · from %d files", n)
	case n > 0:
		line += " · from " + list(mapped(c.sources, esc))
	}
	p.para("*" + line + "*")
}
