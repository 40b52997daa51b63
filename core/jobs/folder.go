package jobs

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Roll says what Roll is to put into the roll-up beside the documents.
type Roll struct {
	ID          string                 // of the folder
	Unread      []record.Unread        // documents that could not be read
	Decisions   []record.RulePrecision // of the decision file
	Since       []record.Job           // of an earlier visit; nil for none
	SinceThemes []record.Theme         // what was said once then
	SinceDay    string                 // of those, when they say one
	NewOnly     bool                   // findings are only those that are new, so that nothing can be said of all
}

// A theme is true of at least this share of the documents, and of this many.
const (
	themeShare = 0.8
	themeFiles = 5
)

// RollUp sums up judged documents, and takes out of them hints about the whole document
// that nearly every one has: those are said once, for the folder. The jobs must be those of the set, in its
// order.
func (s *Set) RollUp(jobs []*record.Job, roll Roll) record.Folder {
	f := record.Folder{ID: roll.ID, Documents: len(jobs), Unread: roll.Unread, Kinds: map[string]int{}, Rules: map[string]int{}, Themes: []record.Theme{},
		Parts: parts(jobs), Decisions: roll.Decisions, Undefined: map[string]string{}}
	var staleness []float64
	used, reviewed := 0, 0
	for _, j := range jobs {
		f.Verdicts.Add(j.Verdict)
		f.Kinds[j.DocKind]++
		for _, rule := range rulesOf(j) {
			f.Rules[rule]++
		}
		if j.Staleness == nil {
			continue
		}
		used++
		staleness = append(staleness, j.Staleness.Score)
		if r := j.Review; r.AgeMonths != nil && r.Sure != "low" {
			if (j.Verdict == "current" || j.Verdict == "due" || j.Verdict == "stale" && *r.AgeMonths < r.Months) && slices.Contains([]string{"text", "front-matter", "margin"}, j.Dates[0].Source) {
				reviewed++
			}
			if f.Oldest == "" || r.Last < f.Oldest {
				f.Oldest = r.Last
			}
		}
	}
	if used > 0 {
		middle, share := median(staleness), float64(reviewed)/float64(used)
		f.Median, f.Reviewed = &middle, &share
	} else {
		f.Undefined["median_staleness"] = "no document is in use"
	}
	s.carried(&f, jobs)
	s.copied(&f)
	f.HandOffs = s.handOffs()
	if !roll.NewOnly {
		f.Themes = themes(jobs, used)
	}
	if roll.Since != nil {
		f.Since = change(jobs, roll, f.Themes)
	}
	f.Summary = summaryOf(f, used)
	return f
}

// rulesOf lists the rules that found something in a document, each once.
func rulesOf(j *record.Job) []string {
	var out []string
	for _, r := range j.Findings {
		if !slices.Contains(out, r.Rule) {
			out = append(out, r.Rule)
		}
	}
	return out
}

func median(all []float64) float64 {
	all = slices.Sorted(slices.Values(all))
	n := len(all)
	return math.Round(10*(all[(n-1)/2]+all[n/2])/2) / 10
}

// parts rolls up by subfolder and by department, where there are several.
func parts(jobs []*record.Job) []record.FolderPart {
	var out []record.FolderPart
	for _, by := range []struct {
		name string
		of   func(*record.Job) string
	}{
		{"folder", func(j *record.Job) string { return path.Dir(j.ID) }},
		{"department", func(j *record.Job) string { return j.Department }},
	} {
		at := map[string]int{}
		var some []record.FolderPart
		for _, j := range jobs {
			name := by.of(j)
			i, ok := at[name]
			if !ok {
				i = len(some)
				at[name] = i
				some = append(some, record.FolderPart{By: by.name, Name: name})
			}
			some[i].Documents++
			some[i].Verdicts.Add(j.Verdict)
		}
		if len(some) > 1 {
			slices.SortFunc(some, func(a, b record.FolderPart) int { return record.CompareNatural(a.Name, b.Name) })
			out = append(out, some...)
		}
	}
	if out == nil {
		out = []record.FolderPart{}
	}
	return out
}

// carried counts which values the documents carry, and which departments have none.
func (s *Set) carried(f *record.Folder, jobs []*record.Job) {
	c := s.client()
	if c == nil {
		return
	}
	for i, v := range s.Known.values {
		n := 0
		for _, p := range s.papers {
			if i < len(p.facts.carries) && p.facts.carries[i] && inUse(p) {
				n++
			}
		}
		f.Values = append(f.Values, record.Carried{Value: v.name, Files: n})
	}
	for _, d := range c.Departments {
		if !slices.ContainsFunc(jobs, func(j *record.Job) bool { return j.Department == d.Name }) {
			f.Uncovered = append(f.Uncovered, d.Name)
		}
	}
}

// copied lists the documents that are nearly the same, together.
func (s *Set) copied(f *record.Folder) {
	first := map[*Paper]*Paper{}
	at := map[*Paper]int{}
	for _, p := range s.papers {
		if p.copyOf == nil {
			continue
		}
		head := p.copyOf
		if first[head] != nil {
			head = first[head]
		}
		first[p] = head
		i, ok := at[head]
		if !ok {
			i = len(f.Copies)
			at[head] = i
			f.Copies = append(f.Copies, record.Copies{Files: []string{head.ID}, Overlap: 1})
		}
		f.Copies[i].Files = append(f.Copies[i].Files, p.ID)
		f.Copies[i].Overlap = math.Min(f.Copies[i].Overlap, math.Round(1000*p.overlap)/1000)
	}
}

// themes finds what is true of nearly every document, and takes it out of them.
func themes(jobs []*record.Job, used int) []record.Theme {
	type saying struct{ rule, message string }
	count := map[saying]int{}
	files := map[saying][]string{}
	fix := map[saying]string{}
	of := func(r record.Remark) saying {
		if wholeHint(r) {
			return saying{rule: r.Rule}
		}
		return saying{r.Rule, r.Message}
	}
	for _, j := range jobs {
		if j.Staleness == nil {
			continue // not in use
		}
		seen := map[saying]bool{}
		for _, r := range j.Findings {
			if at := of(r); !seen[at] {
				seen[at] = true
				count[at]++
				files[at] = append(files[at], j.ID)
				fix[at] = r.Fix
			}
		}
	}
	out := []record.Theme{}
	common := map[string]bool{} // rules whose hints about the whole document are said once
	for at, n := range count {
		if n >= themeFiles && float64(n) >= themeShare*float64(used) {
			if at.message == "" {
				common[at.rule] = true
			}
			out = append(out, record.Theme{Rule: at.rule, Files: n, Share: math.Round(1000*float64(n)/float64(used)) / 1000, Text: themeText(at.rule, at.message, n, used), Fix: fix[at], Of: files[at]})
		}
	}
	slices.SortFunc(out, func(a, b record.Theme) int {
		return cmp.Or(cmp.Compare(points[b.Rule].each, points[a.Rule].each), cmp.Compare(b.Files, a.Files), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Text, b.Text))
	})
	if len(out) > 0 {
		for _, j := range jobs {
			once := func(r record.Remark) bool { return wholeHint(r) && common[r.Rule] }
			for _, r := range j.Findings {
				if once(r) { // nor is it on the list of what to change in each
					j.Change = slices.DeleteFunc(j.Change, func(c string) bool { return c == r.Fix })
				}
			}
			j.Findings = slices.DeleteFunc(j.Findings, once)
		}
	}
	return out
}

// wholeHint says whether a finding is a hint about the whole document, such as that
// something is missing. Only these are taken out of the documents when nearly all have
// them: others have a place that somebody is to go to.
func wholeHint(r record.Remark) bool { return r.Quote == "" && r.Severity == "hint" }

// themeText says what is true of nearly every document.
func themeText(rule, message string, n, used int) string {
	what := message
	if what == "" {
		what = ruleTitle(rule)
	}
	return fmt.Sprintf("%d of %d documents: %s", n, used, what)
}

// ruleTitle is the title of a built-in rule; its id for others.
func ruleTitle(id string) string {
	for _, r := range Rules() {
		if r.ID == id {
			return r.Title
		}
	}
	return id
}

// change compares with the records of an earlier visit.
func change(jobs []*record.Job, roll Roll, themes []record.Theme) *record.FolderChange {
	const telling = 5 // points of staleness
	before := roll.Since
	c := &record.FolderChange{AsOf: roll.SinceDay}
	// A hint that was or is said once for the folder is missing in the documents.
	once := map[string]bool{}
	for _, t := range slices.Concat(themes, roll.SinceThemes) {
		once[t.Rule] = true
	}
	told := func(findings []record.Remark) []record.Remark {
		return slices.DeleteFunc(slices.Clone(findings), func(r record.Remark) bool { return wholeHint(r) && once[r.Rule] })
	}
	was := map[string]*record.Job{}
	for i := range before {
		was[before[i].ID] = &before[i]
		c.Before.Add(before[i].Verdict)
	}
	for _, j := range jobs {
		old := was[j.ID]
		if old == nil {
			c.Added = append(c.Added, j.ID)
			c.New += len(told(j.Findings))
			continue
		}
		delete(was, j.ID)
		switch d := score(j) - score(old); {
		case d <= -telling:
			c.Better = append(c.Better, j.ID)
		case d >= telling:
			c.Worse = append(c.Worse, j.ID)
		}
		left := map[[2]string]int{}
		for _, r := range told(old.Findings) {
			left[sameFinding(r)]++
		}
		for _, r := range told(j.Findings) {
			if at := sameFinding(r); left[at] > 0 {
				left[at]--
				c.Open++
			} else {
				c.New++
			}
		}
		for _, n := range left {
			c.Resolved += n
		}
	}
	for _, old := range before {
		if was[old.ID] != nil {
			c.Gone = append(c.Gone, old.ID) // what was found in it is neither resolved nor open
		}
	}
	return c
}

// sameFinding is what stays of a finding when the text around it changes.
func sameFinding(r record.Remark) [2]string { return [2]string{r.Rule, r.Quote} }

func score(j *record.Job) float64 {
	if j.Staleness == nil {
		return 0
	}
	return j.Staleness.Score
}

// summaryOf says the folder in words.
func summaryOf(f record.Folder, used int) []string {
	var out []string
	v := f.Verdicts
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	say("%s: %s.", countOf(f.Documents, "document", "documents"), every(verdictWords(v)))
	if n := len(f.Unread); n > 0 {
		say("%s could not be read; whether it holds, nobody knows.", countOf(n, "more document", "more documents"))
	}
	if f.Reviewed != nil {
		say("%.0f %% of those in use were gone through in time, as far as there is evidence.", 100**f.Reviewed)
	}
	for _, t := range f.Themes {
		say("%s.", t.Text)
	}
	var missing []string
	for _, c := range f.Values {
		if c.Files == 0 && used > 0 {
			missing = append(missing, quoted(c.Value))
		}
	}
	if len(missing) > 0 {
		say("No document carries the %s %s.", map[bool]string{true: "value", false: "values"}[len(missing) == 1], every(missing))
	}
	if len(f.Uncovered) > 0 {
		say("No document is of %s.", every(f.Uncovered))
	}
	for _, h := range f.HandOffs {
		say("%s hands %s to %s, but %s.", h.From, quoted(h.What), h.To, h.Gap)
	}
	if n := len(f.Copies); n > 0 {
		say("%s of documents that are nearly the same.", countOf(n, "group", "groups"))
	}
	if c := f.Since; c != nil {
		since := "the last visit"
		if c.AsOf != "" {
			since = c.AsOf
		}
		say("Since %s: %d findings resolved, %d new, %d still open.", since, c.Resolved, c.New, c.Open)
	}
	return out
}

func verdictWords(v record.VerdictCounts) []string {
	var out []string
	for _, c := range []struct {
		n    int
		word string
	}{
		{v.Stale, "stale"}, {v.Overdue, "overdue for review"}, {v.Due, "due soon"}, {v.Current, "current"}, {v.Closed, "closed"}, {v.Unknown, "unknown"},
	} {
		if c.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", c.n, c.word))
		}
	}
	if out == nil {
		out = []string{"none"}
	}
	return out
}
