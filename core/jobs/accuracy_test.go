package jobs

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/document"
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
	facts *Facts
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
			l.facts = factsOf(l.label["file"], doc, &memory{})
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
}

func TestKindAccuracy(t *testing.T) {
	right, n := 0, 0
	for _, j := range readLabelled(t) {
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
