package jobs

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/record"
)

// diagnosed makes diagnostics of rules, each with a message of its own.
func diagnosed(t *testing.T, ids ...string) []lint.Diagnostic {
	t.Helper()
	var out []lint.Diagnostic
	for _, id := range ids {
		for _, r := range Rules() {
			if r.ID == id {
				out = append(out, lint.Diagnostic{Rule: r, Severity: r.Severity, Message: id})
			}
		}
	}
	if len(out) != len(ids) {
		t.Fatalf("of %q only %d are rules", ids, len(out))
	}
	return out
}

func TestReviewPoints(t *testing.T) {
	for _, c := range []struct {
		asOf string
		want float64
	}{
		{"2026-09-14", 0},    // 11 months
		{"2026-09-15", 0},    // due that day
		{"2026-09-16", 10},   // past
		{"2028-09-15", 20},   // 36 months: halfway from 12 to 60
		{"2030-08-15", 29.6}, // 59 months: 10 + 20 * 47/48 = 29.58
		{"2030-09-15", 30},   // the limit of 60 months
		{"2032-09-15", 32},   // and one for each year after it
		{"2040-09-15", 35},   // five years after it and more
		{"2060-09-15", 35},   // and no more
	} {
		j := judgedOne(t, day(c.asOf), "a.txt", "Clerk\nLast reviewed: 2025-09-15\n")
		if got := j.Staleness.Parts[0]; got.Name != PartReview || got.Points != c.want || (got.Why == "") != (c.want == 0) {
			t.Errorf("on %s: %+v, want %v", c.asOf, got, c.want)
		}
	}
	if got := judgedOne(t, asOf, "a.txt", "Clerk\n").Staleness.Parts[0].Points; got != pointsUnknown {
		t.Errorf("without a date: %v", got)
	}
}

func TestStalenessByHand(t *testing.T) {
	p := settled(paperOf(t, nil, asOf, "a.txt", "Clerk\nLast reviewed: 2023-08-31\n"), asOf) // 36 months: 20 points
	s := p.staleness(diagnosed(t, "dated/tool", "dated/term", "passed/reference", "org/reports-to-missing", "org/two-titles", "direction/no-mission", "customer/no-goal"))
	want := []record.StalenessPart{
		{Name: PartReview, Points: 20, Most: 35, Why: s.Parts[0].Why},
		{Name: PartContents, Points: 22, Most: 30, Why: "dated/tool; dated/term; passed/reference"},
		{Name: PartOrganization, Points: 5, Most: 25, Why: "org/reports-to-missing; org/two-titles"},
		{Name: PartDirection, Points: 3, Most: 10, Why: "direction/no-mission; customer/no-goal"},
	}
	for i, part := range s.Parts {
		if part != want[i] {
			t.Errorf("part %d is %+v, want %+v", i, part, want[i])
		}
	}
	if s.Score != 50 || len(s.Parts) != 4 {
		t.Errorf("the score is %v of %d parts", s.Score, len(s.Parts))
	}
	if same := p.staleness(diagnosed(t, "dated/tool", "dated/tool")); same.Parts[1].Points != 10 {
		t.Errorf("a tool named twice gives %v points", same.Parts[1].Points)
	}
	four := diagnosed(t, "dated/tool", "dated/tool", "dated/tool", "dated/tool")
	for i := range four {
		four[i].Message = string(rune('a' + i))
	}
	if s := p.staleness(four); s.Parts[1].Points != 30 {
		t.Errorf("four tools give %v points; no part has more than its most", s.Parts[1].Points)
	}
	if got := p.staleness(nil); got.Score != 20 || got.Parts[1].Why != "" {
		t.Errorf("without findings: %+v", got)
	}
}

// The parts sum to the score, none has more than its most, and one finding more never
// makes a document less stale.
func TestStalenessProperties(t *testing.T) {
	total := 0.0
	for _, m := range most {
		total += m.Points
	}
	if total != 100 {
		t.Errorf("all parts together have %v points", total)
	}
	rules := Rules()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		asOf := day("2026-01-01").AddDate(0, random.IntN(600), random.IntN(28))
		p := settled(paperOf(t, nil, asOf, "a.txt", "Clerk\nLast reviewed: 2025-09-15\n"), asOf)
		var found []lint.Diagnostic
		before := -1.0
		for range random.IntN(30) {
			r := rules[random.IntN(len(rules))]
			found = append(found, lint.Diagnostic{Rule: r, Severity: r.Severity, Message: fmt.Sprint(len(found))})
			s := p.staleness(found)
			sum := 0.0
			for _, part := range s.Parts {
				sum += part.Points
				if part.Points < 0 || part.Points > part.Most {
					t.Fatalf("%+v", part)
				}
			}
			if math.Abs(sum-s.Score) > 1e-9 || s.Score < before || s.Score > 100 {
				t.Fatalf("the score is %v after %v, the parts sum to %v", s.Score, before, sum)
			}
			before = s.Score
		}
	}
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		what, text    string
		ids           []string
		verdict, sure string
	}{
		{"two things wrong", "Last reviewed: 2026-08-01", []string{"dated/tool", "dated/term"}, "stale", "high"},
		{"one thing wrong", "Last reviewed: 2026-08-01", []string{"dated/tool", "org/two-titles"}, "stale", "medium"},
		{"wrong and overdue", "Last reviewed: 2019", []string{"dated/tool", "review/overdue"}, "stale", "medium"},
		{"only what is missing", "Last reviewed: 2026-08-01", []string{"customer/no-goal", "direction/no-mission"}, "current", "high"},
		{"overdue", "Last reviewed: 2019-08-01", nil, "overdue", "high"},
		{"overdue by a bad date", "Last reviewed: 2019", nil, "overdue", "medium"},
		{"nothing", "", nil, "unknown", "low"},
	} {
		p := settled(paperOf(t, nil, asOf, "a.txt", "Clerk\n"+c.text+"\n"), asOf)
		if verdict, sure := p.verdict(diagnosed(t, c.ids...)); verdict != c.verdict || sure != c.sure {
			t.Errorf("%s: %s (%s), want %s (%s)", c.what, verdict, sure, c.verdict, c.sure)
		}
	}
	// A rule that was made a hint shows nothing wrong, but leaves a doubt.
	found := diagnosed(t, "dated/tool")
	found[0].Severity = lint.Hint
	p := settled(paperOf(t, nil, asOf, "a.txt", "Clerk\nLast reviewed: 2026-08-01\n"), asOf)
	if verdict, sure := p.verdict(found); verdict != "current" || sure != "medium" {
		t.Errorf("a hint: %s (%s)", verdict, sure)
	}
}

// What the client rejects is neither told nor counted.
func TestRejected(t *testing.T) {
	p := settled(paperOf(t, nil, asOf, "a.md", "# Clerk\n\nLast reviewed: 2026-08-01\n\nUses a typewriter. Knows Lotus Notes.\n"), asOf)
	full := p.Judge(Options{}).Job
	var asked []string
	less := p.Judge(Options{Accept: func(id string, r *lint.Rule, quote string) bool {
		asked = append(asked, id+" "+r.ID+" "+quote)
		return r.ID == "dated/tool" && quote == "typewriter"
	}}).Job
	if full.Verdict != "stale" || full.Sure != "high" || less.Verdict != "stale" || less.Sure != "medium" || less.Accepted != 1 {
		t.Errorf("%s (%s), then %s (%s) with %d accepted; asked %q", full.Verdict, full.Sure, less.Verdict, less.Sure, less.Accepted, asked)
	}
	if less.Staleness.Score != full.Staleness.Score-10 {
		t.Errorf("the score is %v, then %v", full.Staleness.Score, less.Staleness.Score)
	}
	if _, found := findingOf(less, "dated/tool"); found {
		t.Error("what is rejected is told")
	}
	none := p.Judge(Options{Accept: func(string, *lint.Rule, string) bool { return true }}).Job
	if none.Verdict != "current" || len(none.Findings) > 0 || none.Staleness.Score != 0 || none.Accepted != len(full.Findings) {
		t.Errorf("all rejected: %s, %q, %v", none.Verdict, ruleIDs(none), none.Staleness.Score)
	}
}

func TestSummaries(t *testing.T) {
	j := judgedOne(t, asOf, "a.md", "# Clerk\n\nLast reviewed: 2026-08-01\n\nKnows Lotus Notes.\n")
	if len(j.Summary) != 3 || j.Summary[0] != "1 thing it says is no longer so." || j.Summary[2] != "The text says “Last reviewed: 2026-08-01”; that is 1 month ago, and it is to be gone through every year." {
		t.Errorf("%q", j.Summary)
	}
	if j.Change[0][:len("“Lotus Notes”")] != "“Lotus Notes”" {
		t.Errorf("what is wrong is to be changed first: %q", j.Change)
	}
	j = judgedOne(t, asOf, "a.md", "---\nactive: false\n---\n# Clerk\n\nKnows Lotus Notes.\n")
	if len(j.Summary) != 1 || j.Summary[0] != "It is marked as no longer in use: “active: false”." || len(j.Change) != 1 {
		t.Errorf("%q, %q", j.Summary, j.Change)
	}
}
