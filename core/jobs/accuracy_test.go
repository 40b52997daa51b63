package jobs

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/record"
)

// labelledSets are the folders of job descriptions with hand labels; they are no part
// of the project.
func labelledSets() []string {
	if dir := os.Getenv("FIRSTCALL_JOBS"); dir != "" {
		return strings.Split(dir, string(os.PathListSeparator))
	}
	return []string{filepath.Join("..", "..", "..", "shared", "jobs")}
}

type labelledJob struct {
	label map[string]string
	doc   *document.Document
	facts *Facts
}

// labelledDay is the day as of which the labels were given.
var labelledDay = day("2026-09-01")

// floor fails when a figure of the set that comes with the labels is below the least
// that is promised. Other sets are measured, and promise nothing.
func floor(t *testing.T, what string, got, least float64) {
	t.Helper()
	if os.Getenv("FIRSTCALL_JOBS") == "" && os.Getenv("FIRSTCALL_JOBS_ONLY") == "" && got < least {
		t.Errorf("%s is %.3f, less than %.2f", what, got, least)
	}
}

func readLabelled(t *testing.T) []labelledJob {
	t.Helper()
	only := map[string]bool{}
	if list := os.Getenv("FIRSTCALL_JOBS_ONLY"); list != "" {
		data, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		for name := range strings.FieldsSeq(string(data)) {
			only[name] = true
		}
	}
	var out []labelledJob
	for _, dir := range labelledSets() {
		table, err := os.ReadFile(filepath.Join(dir, "labels.tsv"))
		if err != nil {
			t.Skipf("no labelled job descriptions at hand: %v", err)
		}
		var rows [][]string
		for line := range strings.Lines(string(table)) {
			row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
			for i, cell := range row {
				if inner, ok := strings.CutPrefix(cell, `"`); ok {
					row[i] = strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `""`, `"`)
				}
			}
			rows = append(rows, row)
		}
		for _, row := range rows[1:] {
			l := labelledJob{label: map[string]string{}}
			for i, v := range row {
				l.label[rows[0][i]] = v
			}
			if len(only) > 0 && !only[l.label["file"]] {
				continue
			}
			data, err := os.ReadFile(filepath.Join(dir, "files", l.label["file"]))
			if err != nil {
				t.Fatal(err)
			}
			doc, err := document.Read(l.label["file"], data)
			if err != nil {
				t.Fatal(err)
			}
			l.doc, l.facts = doc, factsOf(l.label["file"], doc, &memory{})
			out = append(out, l)
		}
	}
	return out
}

// confusion counts a yes/no question.
type confusion struct{ tp, fp, fn, tn int }

func (c *confusion) add(found, wanted bool) {
	switch {
	case found && wanted:
		c.tp++
	case found:
		c.fp++
	case wanted:
		c.fn++
	default:
		c.tn++
	}
}

func (c confusion) precision() float64 { return float64(c.tp) / float64(max(1, c.tp+c.fp)) }
func (c confusion) recall() float64    { return float64(c.tp) / float64(max(1, c.tp+c.fn)) }
func (c confusion) f1() float64 {
	p, r := c.precision(), c.recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// matthews is the correlation of Matthews (1975).
func (c confusion) matthews() float64 {
	tp, fp, fn, tn := float64(c.tp), float64(c.fp), float64(c.fn), float64(c.tn)
	d := math.Sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
	if d == 0 {
		return 0
	}
	return (tp*tn - fp*fn) / d
}

func (c confusion) String() string {
	return fmt.Sprintf("tp %d fp %d fn %d tn %d: precision %.2f recall %.2f F1 %.2f MCC %.2f", c.tp, c.fp, c.fn, c.tn, c.precision(), c.recall(), c.f1(), c.matthews())
}

// folded is a text as quotes are compared: without case, marks and space.
func folded(s string) string {
	s = strings.NewReplacer("*", "", "’", "'", "‘", "'", "“", `"`, "”", `"`, "_", "").Replace(strings.ToLower(s))
	return strings.Join(strings.Fields(s), " ")
}

func TestReportingAccuracy(t *testing.T) {
	var c confusion
	right, both := 0, 0
	for _, j := range readLabelled(t) {
		wanted := j.label["reports_to"] == "yes"
		found := len(j.facts.ReportsTo) > 0
		c.add(found, wanted)
		var roles []string
		for _, l := range j.facts.ReportsTo {
			roles = append(roles, l.Name)
		}
		hit := false
		for _, r := range roles {
			a, b := folded(r), folded(j.label["reports_to_role"])
			hit = hit || a == b || a != "" && strings.Contains(b, a) && len(a)*2 > len(b) || b != "" && strings.Contains(a, b) && len(b)*2 > len(a)
		}
		if found && wanted {
			both++
			if hit {
				right++
			}
		}
		if found != wanted || found && !hit {
			t.Logf("%s: wanted %s %q (%q), found %q", j.label["file"], j.label["reports_to"], j.label["reports_to_role"], j.label["reports_to_quote"], roles)
		}
	}
	t.Logf("reports to: %v; right role %d of %d", c, right, both)
	floor(t, "precision of reporting lines", c.precision(), 0.95)
	floor(t, "recall of reporting lines", c.recall(), 0.85)
	floor(t, "share of right roles", float64(right)/float64(max(1, both)), 0.85)
}

func TestBehaviorAccuracy(t *testing.T) {
	var c confusion
	for _, j := range readLabelled(t) {
		wanted := j.label["observable_behaviour"] == "yes"
		level := NoBehavior
		var quotes []string
		for _, p := range j.facts.Behaviors {
			level = max(level, p.level)
			if p.level >= Activity && len(quotes) < 4 {
				quotes = append(quotes, p.level.String()+": "+oneLine(p.In(j.facts.Text)))
			}
		}
		c.add(level >= Activity, wanted)
		if (level >= Activity) != wanted || testing.Verbose() && os.Getenv("FIRSTCALL_ALL") != "" {
			t.Logf("%s: wanted %s %q, found %s %q", j.label["file"], j.label["behaviour_level"], j.label["behaviour_quote"], level, quotes)
		}
	}
	t.Logf("observable behavior: %v", c)
	floor(t, "correlation of observable behavior", c.matthews(), 0.60)
}

func TestGoalAccuracy(t *testing.T) {
	var c confusion
	for _, j := range readLabelled(t) {
		wanted := j.label["customer_goal_level"] == "measurable" || j.label["customer_goal_level"] == "aspiration"
		var quotes []string
		for _, g := range j.facts.Goals {
			if len(quotes) < 4 {
				quotes = append(quotes, fmt.Sprint(g.measured, ": ", oneLine(g.In(j.facts.Text))))
			}
		}
		c.add(len(j.facts.Goals) > 0, wanted)
		if (len(j.facts.Goals) > 0) != wanted {
			t.Logf("%s: wanted %s %q, found %q", j.label["file"], j.label["customer_goal_level"], j.label["customer_goal_quote"], quotes)
		}
	}
	t.Logf("customer goal: %v", c)
	floor(t, "F1 of customer goals", c.f1(), 0.60)
}

func TestKindAccuracy(t *testing.T) {
	right, n := 0, 0
	for _, j := range readLabelled(t) {
		if j.label["doc_kind"] == "" {
			continue // these labels say nothing of it
		}
		var titles []string
		for _, x := range j.facts.Titles {
			titles = append(titles, x.Name)
		}
		want := strings.ReplaceAll(j.label["doc_kind"], " ", "-")
		n++
		if want == j.facts.Kind.String() {
			right++
		}
		t.Logf("%s: %s (wanted %s, %q); titles %q", j.label["file"], j.facts.Kind, want, oneLine(j.facts.KindWhy.In(j.facts.Text)), titles)
	}
	t.Logf("kind: %d of %d", right, n)
}

// judgeLabelled judges the labelled documents beside each other, as a check does.
func judgeLabelled(t *testing.T) []labelledVerdict {
	t.Helper()
	all := readLabelled(t)
	s := NewSet(nil, labelledDay)
	reader := NewReader(nil, labelledDay)
	labels := map[string]map[string]string{}
	for _, j := range all {
		labels[j.label["file"]] = j.label
		s.Add(reader.Read(j.label["file"], j.doc))
	}
	s.Settle()
	var out []labelledVerdict
	for i, j := range judgeAll(s) {
		out = append(out, labelledVerdict{labels[j.ID], j, s.Papers()[i].ended != nil})
	}
	return out
}

type labelledVerdict struct {
	label map[string]string
	job   *record.Job
	ended bool // by a date
}

// quotesOf lists what the findings of a family cover.
func quotesOf(j *record.Job, family string) []string {
	var out []string
	for _, f := range j.Findings {
		if strings.HasPrefix(f.Rule, family+"/") && f.Rule != "dated/fading" {
			out = append(out, f.Quote)
		}
	}
	return out
}

// Days that are over, closing dates among them.
func TestExpiredAccuracy(t *testing.T) {
	var c, closing confusion
	for _, v := range judgeLabelled(t) {
		wanted := v.label["expired_time_ref"] == "yes"
		c.add(v.job.Measures.Passed > 0, wanted)
		if (v.job.Measures.Passed > 0) != wanted {
			t.Logf("%s: wanted %s %q, found %q", v.job.ID, v.label["expired_time_ref"], v.label["expired_quote"], quotesOf(v.job, "passed"))
		}
		quote := strings.ToLower(v.label["expired_quote"])
		isClosing := wanted && (strings.Contains(quote, "closing") || strings.Contains(quote, "applications") || strings.Contains(quote, "p.m."))
		closing.add(v.ended, isClosing)
		if v.ended != isClosing {
			t.Logf("%s: closing %q, but it is %s (%s): %q", v.job.ID, v.label["expired_quote"], v.job.Verdict, v.job.DocKind, v.job.Summary)
		}
	}
	t.Logf("days that are over: %v; closing dates: %v", c, closing)
	floor(t, "precision of days that are over", c.precision(), 0.80)
	floor(t, "recall of days that are over", c.recall(), 0.85)
	floor(t, "precision of closing dates", closing.precision(), 0.90)
	floor(t, "recall of closing dates", closing.recall(), 0.85)
}

// Things that are out of use. What the labels call debatable is not counted.
func TestDatedAccuracy(t *testing.T) {
	var c confusion
	for _, v := range judgeLabelled(t) {
		if v.label["dated_content"] == "soft" {
			continue
		}
		wanted := v.label["dated_content"] == "yes"
		c.add(v.job.Measures.Dated > 0, wanted)
		if (v.job.Measures.Dated > 0) != wanted {
			t.Logf("%s: wanted %s %q, found %q", v.job.ID, v.label["dated_content"], v.label["dated_phrases"], quotesOf(v.job, "dated"))
		}
	}
	t.Logf("out of use: %v", c)
	floor(t, "recall of things out of use", c.recall(), 0.75)
	floor(t, "minus the number of documents with false findings", -float64(c.fp), -1)
}
