package jobs

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// readBack reads a table as Write writes it into a new one.
func readBack(t testing.TB, data []byte) *Decisions {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(rows[0], DecisionColumns) {
		t.Fatalf("the header is %q", rows[0])
	}
	d := NewDecisions()
	for _, row := range rows[1:] {
		if err := d.Add(row[0], row[1], row[2], row[3], row[4]); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func written(t testing.TB, d *Decisions) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecisionsRoundTrip(t *testing.T) {
	d := NewDecisions()
	awkward := []string{"a.md", "=1+1", "+x", "-", "@x", "'", "'=x", "''", "\tx", "a, b", `"quoted"`, "two\nlines", "ü „x“", " x "}
	for i, cell := range awkward {
		at := finding{cell, "org/two-titles", oneLine(awkward[len(awkward)-1-i])}
		d.made[at] = Decision{[]string{Accepted, Rejected, ""}[i%3], cell}
	}
	d.made[finding{"a.md", "=rule", "x"}] = Decision{Verdict: Rejected}
	data := written(t, d)
	again := readBack(t, data)
	if len(again.made) != len(d.made) {
		t.Errorf("%d rows, then %d", len(d.made), len(again.made))
	}
	for at, made := range d.made {
		if again.made[at] != made {
			t.Errorf("%q: %q, then %q", at, made, again.made[at])
		}
	}
	if !bytes.Equal(written(t, again), data) {
		t.Error("written again, the table differs")
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a spreadsheet takes %q for a formula", cell)
			}
		}
	}
}

func TestAddDecision(t *testing.T) {
	for decision, want := range map[string]string{
		"accepted": Accepted, " Accept ": Accepted, "YES": Accepted, "right": Accepted, "true": Accepted, "ok": Accepted,
		"rejected": Rejected, "No": Rejected, "wrong": Rejected, "FALSE": Rejected, "reject": Rejected, "": "", "open": "", "?": "",
	} {
		d := NewDecisions()
		if err := d.Add("a.md", "org/two-titles", "x", decision, ""); err != nil {
			t.Errorf("%q: %v", decision, err)
		}
		if got := d.made[finding{"a.md", "org/two-titles", "x"}].Verdict; got != want {
			t.Errorf("%q is %q, want %q", decision, got, want)
		}
	}
	d := NewDecisions()
	if err := d.Add("a.md", "org/two-titles", "x", "maybe", ""); err == nil || !strings.Contains(err.Error(), "maybe") || len(d.made) > 0 {
		t.Errorf("an unknown decision: %v, %v", err, d.made)
	}
}

func TestMeet(t *testing.T) {
	d := NewDecisions()
	for _, row := range [][4]string{
		{"a.md", "org/two-titles", "two  words", "no"}, {"a.md", "dated/tool", "", "no"}, {"a.md", "dated/tool", "fax", "yes"}, {"", "dated/term", "", "no"}, {"", "passed/closing", "x", "no"}, {"b.md", "dated/term", "", "yes"},
		{"a.md", "dated/product", "x", ""},
	} {
		if err := d.Add(row[0], row[1], row[2], row[3], ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		document, rule, quote string
		rejected              bool
	}{
		{"a.md", "org/two-titles", "two\nwords", true}, {"b.md", "org/two-titles", "two words", false}, {"a.md", "org/two-titles", "other", false},
		{"a.md", "dated/tool", "telex", true}, {"a.md", "dated/tool", "fax", false}, // the row of the finding goes before that of the rule
		{"c.md", "dated/term", "any", true}, {"b.md", "dated/term", "any", false}, // and the document before all
		{"c.md", "passed/closing", "x", true}, {"c.md", "passed/closing", "y", false}, {"a.md", "dated/product", "x", false},
	} {
		if got := d.Meet(c.document, c.rule, c.quote); got != c.rejected {
			t.Errorf("%v is rejected: %v", c, got)
		}
	}
	// Nothing met is lost, and nothing made.
	if got, want := len(readBack(t, written(t, d)).made), len(d.made)+7; got != want {
		t.Errorf("%d rows are written, want %d", got, want)
	}
}

func TestStaleDecisions(t *testing.T) {
	d := NewDecisions()
	for _, row := range [][4]string{{"a.md", "r/met", "x", "yes"}, {"a.md", "r/gone", "x", "yes"}, {"a.md", "r/open", "x", ""}, {"b.md", "r/elsewhere", "x", "no"}, {"", "r/all", "x", "no"}, {"a.md", "r/whole", "", "no"}} {
		if err := d.Add(row[0], row[1], row[2], row[3], ""); err != nil {
			t.Fatal(err)
		}
	}
	d.Meet("a.md", "r/met", "x")
	if got := d.Stale(func(document string) bool { return document == "a.md" }); got != 1 {
		t.Errorf("%d decisions are stale, want 1: r/gone", got)
	}
}

func TestDecisionPrecision(t *testing.T) {
	d := NewDecisions()
	add := func(rule, decision string, n int) {
		for i := range n {
			if err := d.Add("a.md", rule, strings.Repeat("x", i+1)+decision, decision, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	add("b/two", "yes", 8)
	add("b/two", "no", 2)
	add("a/one", "no", 3)
	add("c/open", "", 5)
	got := d.Precision()
	// R: prop.test(8, 10, correct = FALSE)$conf.int is 0.4901625 0.9433178;
	// prop.test(0, 3, correct = FALSE)$conf.int is 0 0.5614970.
	want := []record.RulePrecision{{Rule: "a/one", Rejected: 3, High: 0.561}, {Rule: "b/two", Accepted: 8, Rejected: 2, Share: 0.8, Low: 0.49, High: 0.943}}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}

// Documents are judged at the same time, and all of them meet the decisions.
func TestMeetAtTheSameTime(t *testing.T) {
	d := NewDecisions()
	if err := d.Add("a.md", "dated/tool", "", "no", ""); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for k := range 100 {
				d.Meet("a.md", "dated/tool", strings.Repeat("x", i)+strings.Repeat("y", k))
			}
		})
	}
	group.Wait()
	if len(d.met) != 800 {
		t.Errorf("%d findings were met, want 800", len(d.met))
	}
}
