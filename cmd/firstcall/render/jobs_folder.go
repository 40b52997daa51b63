package render

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// mostListed is how many documents a line about the folder names.
const mostListed = 6

// folder writes what is true of the documents together. The beginning of the summary
// stands above already, where there is more than one document.
func (s *sheet) folder(f record.Folder, opened bool) {
	if opened {
		s.list("The folder as a whole", furtherSummary(f), false)
	}
	if len(f.Themes) > 0 {
		s.heading("True of nearly every document")
		for _, t := range f.Themes {
			s.advise("- ", t.Text)
			s.advise("  fix: ", t.Fix)
		}
	}
	if opened {
		s.parts(f.Parts)
		s.values(f.Values)
	}
	var copies []string
	for _, c := range f.Copies {
		copies = append(copies, fmt.Sprintf("%s (%s the same)", some(c.Files), wholePercent(c.Overlap)))
	}
	s.list("Nearly the same", copies, false)
	s.since(f.Since, opened)
	s.decisions(f.Decisions)
	var names []string
	for name := range f.Undefined {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s.paragraph(notTold(name, f.Undefined[name]))
	}
}

// furtherSummary is what the summary of a folder says beyond its beginning and the
// themes, which have their advice with them.
func furtherSummary(f record.Folder) []string {
	rest := f.Summary[min(lead, len(f.Summary)):]
	return slices.DeleteFunc(slices.Clone(rest), func(sentence string) bool {
		return slices.ContainsFunc(f.Themes, func(t record.Theme) bool { return strings.TrimSuffix(sentence, ".") == strings.TrimSuffix(t.Text, ".") })
	})
}

// values says how many documents carry each value.
func (s *sheet) values(values []record.Carried) {
	var words []string
	for _, v := range values {
		carriers := "in " + plural(v.Files, "document")
		if v.Files == 0 {
			carriers = "in none"
		}
		words = append(words, "“"+v.Value+"” "+carriers)
	}
	if words != nil {
		s.heading("Values that documents carry")
		s.advise("", strings.Join(words, ", ")+".")
	}
}

// parts says how the subfolders and the departments stand.
func (s *sheet) parts(parts []record.FolderPart) {
	for _, by := range []struct{ name, title, without string }{
		{"folder", "By subfolder", "(the folder itself)"}, {"department", "By department", "(no department named)"},
	} {
		var lines []string
		for _, p := range parts {
			if p.By != by.name {
				continue
			}
			name := p.Name
			if name == "" || name == "." {
				name = by.without
			}
			lines = append(lines, fmt.Sprintf("%s: %s, %s", name, plural(p.Documents, "document"), verdictCounts(p.Verdicts)))
		}
		s.list(by.title, lines, false)
	}
}

// verdictCounts counts documents by verdict in words, the most pressing first.
func verdictCounts(v record.VerdictCounts) string {
	var words []string
	for _, c := range []struct {
		n    int
		word string
	}{{v.Stale, "stale"}, {v.Overdue, "overdue"}, {v.Due, "due soon"}, {v.Unknown, "unknown"}, {v.Closed, "closed"}, {v.Current, "current"}} {
		if c.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", c.n, c.word))
		}
	}
	return strings.Join(words, ", ")
}

// since says which documents came, went and changed, and how many findings did unless
// the summary is there to say it.
func (s *sheet) since(c *record.FolderChange, summed bool) {
	if c == nil {
		return
	}
	var lines []string
	for _, change := range []struct {
		word string
		ids  []string
	}{{"worse", c.Worse}, {"better", c.Better}, {"new", c.Added}, {"gone", c.Gone}} {
		if len(change.ids) > 0 {
			lines = append(lines, change.word+": "+some(change.ids))
		}
	}
	if then := verdictCounts(c.Before); then != "" {
		lines = append(lines, "the verdicts then: "+then)
	}
	if !summed {
		lines = append(lines, fmt.Sprintf("findings: %d resolved, %d new, %d still open", c.Resolved, c.New, c.Open))
	}
	title := "Since the last visit"
	if c.AsOf != "" {
		title = "Since " + Printable(c.AsOf)
	}
	s.list(title, lines, false)
}

// decisions says how often the findings of each rule were right.
func (s *sheet) decisions(rules []record.RulePrecision) {
	var lines []string
	for _, r := range rules {
		lines = append(lines, fmt.Sprintf("%s: %d of %d right (%.0f-%.0f %%)", r.Rule, r.Accepted, r.Accepted+r.Rejected, math.Round(100*r.Low), math.Round(100*r.High)))
	}
	s.list("How often findings were right, by your decisions", lines, false)
	if len(lines) > 0 {
		s.b.WriteString(point("", "In brackets: what the share may be over many findings. It is wide while few are decided.", s.opt))
	}
}

// some names a few documents, and says how many more there are.
func some(ids []string) string {
	named := strings.Join(ids[:min(len(ids), mostListed)], ", ")
	if more := len(ids) - mostListed; more > 0 {
		named += fmt.Sprintf(" and %d more", more)
	}
	return named
}
