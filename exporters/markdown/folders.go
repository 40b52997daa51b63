package markdown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// maxPoints is how many lines a list about a folder has.
const maxPoints = 10

// folderLead is a folder's summary but for what has a list of its own further down.
func (d *dossier) folderLead(f record.Folder) string {
	var lines []string
	for _, s := range f.Summary {
		if !listed(f, s) {
			lines = append(lines, asSentence(s))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, counted(f.Documents, f.Verdicts))
	}
	if why := f.Undefined["median_staleness"]; why != "" {
		lines = append(lines, asSentence(why))
	}
	return strings.Join(lines, " ")
}

// listed reports whether a sentence of the summary says what a list says too.
func listed(f record.Folder, s string) bool {
	all := func(names []string) bool {
		return len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return !strings.Contains(s, n) })
	}
	return slices.ContainsFunc(f.Themes, func(t record.Theme) bool { return t.Text != "" && strings.Contains(s, t.Text) }) ||
		slices.ContainsFunc(f.HandOffs, func(h record.HandOffGap) bool { return all([]string{h.From, h.To, h.What, h.Gap}) }) ||
		all(f.Uncovered) || all(uncarried(f)) ||
		len(f.Copies) > 0 && strings.Contains(s, "nearly the same") ||
		f.Since != nil && strings.HasPrefix(s, "Since ")
}

// uncarried are the values that no document carries.
func uncarried(f record.Folder) []string {
	var names []string
	for _, v := range f.Values {
		if v.Files == 0 {
			names = append(names, v.Value)
		}
	}
	return names
}

// folder draws what is true of the documents of a folder together.
func (d *dossier) folder(f record.Folder, depth int) {
	of := ""
	if len(d.folders) > 1 {
		of = " (" + esc(cut(f.ID, maxTitle)) + ")"
	}
	part := func(title string, lines []string) {
		lines, more := first(lines, maxPoints)
		if more > 0 {
			lines = append(lines[:len(lines):len(lines)], fmt.Sprintf("and %d more", more))
		}
		if len(lines) > 0 {
			d.heading(depth, title+of)
			d.bullets(lines)
		}
	}
	part("True of nearly all of them", mapped(f.Themes, func(t record.Theme) string {
		line := "**" + asSentence(t.Text) + "**"
		if fix := asSentence(t.Fix); fix != "" {
			line += " What to do: " + fix
		}
		return line
	}))
	d.departments(f, depth, of)
	part("What is missing", d.missing(f))
	part("Nearly the same", mapped(f.Copies, func(c record.Copies) string {
		return fmt.Sprintf("%s: at least %d%% of the wording is the same", someOf(c.Files, d.nameOf), percentOf(c.Overlap))
	}))
	part("Could not be read", mapped(f.Unread, func(u record.Unread) string { return d.short(u.File) + ": " + sentence(esc(cut(u.Reason, maxQuote))) }))
	if f.Since != nil {
		d.since(*f.Since, depth, of)
	}
}

// missing says where there ought to be something and is nothing.
func (d *dossier) missing(f record.Folder) []string {
	var lines []string
	quoted := func(s string) string { return "“" + esc(cut(s, maxTitle)) + "”" }
	if len(f.Uncovered) > 0 {
		lines = append(lines, "**Departments without a job description:** "+someOf(f.Uncovered, func(s string) string { return esc(cut(s, maxTitle)) })+".")
	}
	if none := uncarried(f); len(none) > 0 {
		lines = append(lines, "**Values that no document carries:** "+someOf(none, quoted)+".")
	}
	// What is missing of one hand-off stands together.
	for i, h := range f.HandOffs {
		same := func(o record.HandOffGap) bool { return o.From == h.From && o.To == h.To && o.What == h.What }
		if slices.ContainsFunc(f.HandOffs[:i], same) {
			continue
		}
		var gaps []string
		for _, o := range f.HandOffs[i:] {
			if same(o) {
				gaps = append(gaps, strings.TrimSuffix(esc(cut(o.Gap, maxQuote)), "."))
			}
		}
		lines = append(lines, fmt.Sprintf("**%s hands %s to %s,** but %s.",
			esc(cut(h.From, maxTitle)), quoted(h.What), esc(cut(h.To, maxTitle)), joinWith(gaps, ", and ", ", and ")))
	}
	return lines
}

// departments is the table of departments, where the documents are of several.
func (d *dossier) departments(f record.Folder, depth int, of string) {
	var rows [][]string
	cols := []column{{"Department", false}, {"Documents", true}}
	counts := func(c record.VerdictCounts) []int {
		return []int{c.Stale, c.Overdue, c.Due, c.Unknown, c.Closed, c.Current}
	}
	all := counts(f.Verdicts)
	for i, v := range verdictWords {
		if all[i] > 0 {
			cols = append(cols, column{v.word, true})
		}
	}
	for _, p := range f.Parts {
		if p.By != "department" {
			continue
		}
		row := []string{orElse(esc(cut(p.Name, maxTitle)), "Not stated"), fmt.Sprint(p.Documents)}
		for i, n := range counts(p.Verdicts) {
			if all[i] > 0 {
				row = append(row, fmt.Sprint(n))
			}
		}
		rows = append(rows, row)
	}
	if len(rows) < 2 {
		return
	}
	// Documents that name no department come last.
	slices.SortStableFunc(rows, func(a, b []string) int {
		switch {
		case (a[0] == "Not stated") == (b[0] == "Not stated"):
			return 0
		case b[0] == "Not stated":
			return -1
		}
		return 1
	})
	d.heading(depth, "By department"+of)
	some, left := first(rows, maxRows)
	d.table(cols, some)
	if left > 0 {
		d.para(notListed(left, "department", "departments", ""))
	}
}

// since says what has changed since an earlier visit.
func (d *dossier) since(c record.FolderChange, depth int, of string) {
	title := "Since the last visit"
	if c.AsOf != "" {
		title = "Since the visit of " + longDay(cut(c.AsOf, maxTitle))
	}
	d.heading(depth, title+of)
	text := fmt.Sprintf("Findings: **%d** put right, **%d** still open, **%d** new.", c.Resolved, c.Open, c.New)
	if then := verdictList(c.Before); then != "" {
		text += " The documents then: " + then + "."
	}
	d.para(text)
	var lines []string
	for _, x := range []struct {
		word string
		ids  []string
	}{{"Better", c.Better}, {"Worse", c.Worse}, {"New", c.Added}, {"No longer there", c.Gone}} {
		if len(x.ids) > 0 {
			lines = append(lines, "**"+x.word+":** "+someOf(x.ids, d.nameOf)+".")
		}
	}
	d.bullets(lines)
}
