package render

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/form"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
)

const (
	mostSteps  = 6   // changes told of an action; a table has all of them
	longestWhy = 160 // columns of the reason in Markdown, where no screen ends
)

// Schedule writes what to do about job descriptions, and by when, in one of the
// formats text, csv, tsv and md (Markdown). It returns the error of the first write
// that fails.
func Schedule(w io.Writer, format string, c Checked, opt Options) error {
	if c.Plan == nil {
		c.Plan = &record.Plan{}
	}
	switch format {
	case "csv", "tsv":
		return printed(w, format, flat.Plans, flat.Plan(c.envelope(), *c.Plan).Rows)
	case "text":
		_, err := io.WriteString(w, scheduleText(c, opt))
		return err
	case "md":
		_, err := io.WriteString(w, scheduleMarkdown(c))
		return err
	}
	return fmt.Errorf("no renderer for format %q", format)
}

// effortWords is how much work an action is.
func effortWords(effort string) string {
	return map[string]string{"minutes": "a few minutes", "hour": "about an hour", "half-day": "about half a day"}[effort]
}

// load is what one owner has to do.
type load struct {
	owner       string
	documents   []string
	common      int // actions that are for several documents at once
	hours       float64
	first, last string // days
}

// loads gives what each owner has to do, in the order in which they come.
func loads(actions []record.Action) []*load {
	var all []*load
	by := map[string]*load{}
	for _, a := range actions {
		l := by[a.Owner]
		if l == nil {
			l = &load{owner: cmp.Or(a.Owner, "Nobody named")}
			by[a.Owner] = l
			all = append(all, l)
		}
		if a.Document == "" {
			l.common++
		} else if !slices.Contains(l.documents, a.Document) {
			l.documents = append(l.documents, a.Document)
		}
		l.hours += map[string]float64{"minutes": 0.25, "hour": 1, "half-day": 4}[a.Effort]
		if a.Due != "" && (l.first == "" || a.Due < l.first) {
			l.first = a.Due
		}
		l.last = max(l.last, a.Due)
	}
	return all
}

// what is how many documents an owner has.
func (l load) what() string {
	documents, common := "", ""
	if n := len(l.documents); n > 0 {
		documents = plural(n, "document")
	}
	if l.common > 0 {
		common = plural(l.common, "step") + " for several documents"
	}
	return joined([]string{documents, common}, " and ")
}

// work is how much work that is.
func (l load) work() string {
	switch hours := math.Round(l.hours); {
	case l.hours == 0:
		return ""
	case hours < 1:
		return "less than an hour"
	case hours == 1:
		return "about an hour"
	default:
		return fmt.Sprintf("about %.0f hours", hours)
	}
}

// days is when it is to be done.
func (l load) days() string {
	switch {
	case l.first == "":
		return ""
	case l.first == l.last:
		return "by " + l.first
	}
	return "from " + l.first + " to " + l.last
}

// scheduleTitle is what is written above a schedule, and whom and when it is for.
func scheduleTitle(c Checked) (title, of string) {
	day := ""
	if c.AsOf != "" {
		day = "as of " + c.AsOf
	}
	return cmp.Or(c.Plan.Title, "Review of job descriptions"), joined([]string{clientName(c.envelope()), day}, " · ")
}

// scheduleText writes a schedule for reading: who has how much to do, then the
// actions, the most urgent first.
func scheduleText(c Checked, opt Options) string {
	s := &sheet{opt: opt}
	s.opt.Width = min(max(opt.Width, leastTable), LineWidth)
	title, of := scheduleTitle(c)
	s.begin(bold, title, after(of))
	if len(c.Plan.Actions) == 0 {
		s.b.WriteString("Nothing to do.\n")
		return s.b.String()
	}
	var owners []string
	for _, l := range loads(c.Plan.Actions) {
		owners = append(owners, l.owner+": "+joined([]string{l.what(), l.work(), l.days()}, ", "))
	}
	s.list("Who has what to do", owners, false)
	s.heading("What to do, the most urgent first")
	for i, a := range c.Plan.Actions {
		if i > 0 {
			s.gap()
		}
		s.action(a)
	}
	return s.b.String()
}

// action writes an action below its day.
func (s *sheet) action(a record.Action) {
	const indent = "            " // below the text behind the day
	s.marked(bold, fmt.Sprintf("%-12s", cmp.Or(Printable(a.Due), "no day set")), a.What)
	s.advise(indent, joined([]string{concerned(a), a.Owner, effortWords(a.Effort)}, " · "))
	steps, more := steps(a)
	for _, step := range steps {
		s.advise(indent+"- ", step)
	}
	s.advise(indent+"- ", more)
	if why := whyOf(a); why != "" {
		s.b.WriteString(indent + narrow("Why: "+why, s.opt.Width-len(indent)) + "\n")
	}
}

// concerned is which documents an action is about.
func concerned(a record.Action) string {
	if len(a.Documents) > 0 {
		return plural(len(a.Documents), "document")
	}
	return a.Document
}

// steps are the changes that are told of an action, and a word on the others.
func steps(a record.Action) (told []string, more string) {
	told = a.Changes[:min(mostSteps, len(a.Changes))]
	if n := len(a.Changes) - len(told); n > 0 {
		more = fmt.Sprintf("and %d more", n)
	}
	return told, more
}

// whyOf is the reason of an action without the sentences that its changes begin with.
func whyOf(a record.Action) string {
	why := a.Why
	for _, change := range a.Changes {
		for at := strings.LastIndex(change, ". "); at > 0; at = strings.LastIndex(change[:at], ". ") {
			if before, rest, found := strings.Cut(why, change[:at+1]); found {
				why = strings.TrimRight(before, " ") + " " + strings.TrimLeft(rest, " ")
				break
			}
		}
	}
	return strings.TrimSpace(why)
}

// scheduleMarkdown writes a schedule to hand out: a table of the owners, then the
// actions as a list to tick off.
func scheduleMarkdown(c Checked) string {
	var b strings.Builder
	title, of := scheduleTitle(c)
	fmt.Fprintf(&b, "# %s\n\n", markdown(title))
	if of != "" {
		fmt.Fprintf(&b, "%s\n\n", markdown(of))
	}
	if len(c.Plan.Actions) == 0 {
		b.WriteString("Nothing to do.\n")
		return b.String()
	}
	b.WriteString("## Who has what to do\n\n| Owner | What | Work | When |\n| --- | --- | --- | --- |\n")
	for _, l := range loads(c.Plan.Actions) {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", markdown(l.owner), l.what(), l.work(), markdown(l.days()))
	}
	b.WriteString("\n## What to do, the most urgent first\n")
	for _, a := range c.Plan.Actions {
		lines := []string{
			fmt.Sprintf("**%s** %s", cmp.Or(markdown(a.Due), "no day set"), markdown(a.What)),
			joined([]string{markdown(concerned(a)), markdown(a.Owner), effortWords(a.Effort)}, " · "),
		}
		if why := whyOf(a); why != "" {
			lines = append(lines, "Why: "+markdown(narrow(why, longestWhy)))
		}
		fmt.Fprintf(&b, "\n- [ ] %s\n", joined(lines, "\\\n  ")) // a backslash ends a line
		steps, more := steps(a)
		for _, step := range steps {
			fmt.Fprintf(&b, "  - %s\n", markdown(step))
		}
		if more != "" {
			fmt.Fprintf(&b, "  - %s\n", more)
		}
	}
	return b.String()
}

// markdown makes a text come out as it is written, wherever it stands in a line of
// Markdown.
func markdown(text string) string { return form.EscapeMarkdown(Printable(text)) }
