package scorm

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// moduleOf is the module of the one client of these records.
func moduleOf(t testing.TB, set settings, records ...sdk.Record) *module {
	t.Helper()
	clients, refused := learning.Join(records, learning.Options{Exporter: Name, Column: "department"})
	if len(clients) != 1 || len(refused) > 0 {
		t.Fatalf("%d clients, %v", len(clients), refused)
	}
	m, lack := newModule(clients[0], set)
	if lack != nil {
		t.Fatal(lack.Diagnostic)
	}
	return m
}

func partNamed(t testing.TB, m *module, name string) part {
	t.Helper()
	i := slices.IndexFunc(m.Parts, func(p part) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("no part %q", name)
	}
	return m.Parts[i]
}

// TestRightAnswers: what counts as right is what the sample's client file and scores
// say, looked up there by hand.
func TestRightAnswers(t *testing.T) {
	m := moduleOf(t, settings{version: version12, pass: 80}, exporttest.Records(t, sample)...)
	want := map[string]string{
		"Which sentence is from the service vision of Wrenmoor Hotels? ":                          "We greet you by name, and put right within the hour what is not as you wish.",
		"Which sentence is from the service vision of “Front Desk”? ":                             "Every arrival feels expected, and every question has an answer here.",
		"Who takes over from “Front Desk”? rooms that are to be ready early":                      "Housekeeping",
		"Who hands this on to “Front Desk”? special wishes of guests who will arrive":             "Reservations and Sales",
		"Under which standard does this stand? Open the second desk as soon as three guests wait": "Nobody waits longer than four minutes to check in.",
		"Going by the survey, what should “Front Desk” work on first? ":                           "Keeping everyone informed",
	}
	found := 0
	for _, q := range partNamed(t, m, "Front Desk").Check {
		if right, ok := want[q.Ask+" "+q.Quote]; ok {
			found++
			if q.Options[q.Right] != right {
				t.Errorf("%s %s: %q counts as right", q.Ask, q.Quote, q.Options[q.Right])
			}
		}
	}
	if found != len(want) {
		t.Errorf("%d of %d questions are asked", found, len(want))
	}
}

// TestFairQuestions: in every check, options differ, only one is right, nothing is asked
// about twice, and the right one stands anywhere.
func TestFairQuestions(t *testing.T) {
	places := [mostOptions]int{}
	for _, records := range [][]sdk.Record{exporttest.Records(t, sample), {many(t)}} {
		m := moduleOf(t, settings{version: version12, pass: 80}, records...)
		for _, p := range m.Parts {
			if len(p.Check) != mostQuestions {
				t.Errorf("%s has %d questions", p.ID, len(p.Check))
			}
			subjects := map[string]bool{}
			for _, q := range p.Check {
				if subjects[q.subject] {
					t.Errorf("%s: asked twice about %s", p.ID, q.subject)
				}
				subjects[q.subject] = true
				options := slices.Clone(q.Options)
				slices.Sort(options)
				if len(slices.Compact(options)) != len(q.Options) || len(q.Options) < leastOptions || len(q.Options) > mostOptions {
					t.Errorf("%s: options %q", p.ID, q.Options)
				}
				places[q.Right]++
			}
		}
	}
	total := 0
	for _, n := range places {
		total += n
	}
	for i, n := range places {
		if n < total/8 || n > total/2 {
			t.Errorf("of %d right answers %d stand at place %d", total, n, i+1)
		}
	}
}

// many is a client with so many departments that chance shows.
func many(t testing.TB) sdk.Record {
	var o record.Organization
	o.Vision = "We answer every question within one working day."
	for i := range 12 {
		o.Values = append(o.Values, record.Value{Name: fmt.Sprintf("Value %d", i), Meaning: fmt.Sprintf("What number %d means.", i)})
		o.Standards = append(o.Standards, record.Standard{Text: fmt.Sprintf("Standard %d is kept.", i), Value: fmt.Sprintf("Value %d", i), Behaviors: []string{fmt.Sprintf("Do thing %d", i)}})
	}
	for i := range 40 {
		o.Departments = append(o.Departments, record.OrgDepartment{ID: fmt.Sprint(i), Name: fmt.Sprintf("Department %d", i), Vision: fmt.Sprintf("Our own vision number %d is good.", i)})
	}
	for i := range 40 {
		o.HandOffs = append(o.HandOffs, record.HandOff{From: fmt.Sprint(i), To: fmt.Sprint((i + 1) % 40), What: fmt.Sprintf("thing %d", i)})
	}
	return organized(t, record.Client{ID: "many"}, o)
}

// TestNoSecondRight: what is right as well is no wrong option.
func TestNoSecondRight(t *testing.T) {
	same := "Say your name"
	m := moduleOf(t, settings{version: version12, pass: 80}, organized(t, record.Client{ID: "a"}, record.Organization{
		Vision: "We are glad to see you again and again. You need not tell us twice.",
		Standards: []record.Standard{
			{Text: "We greet everybody.", Behaviors: []string{same, "Look up"}}, {Text: "We are known.", Behaviors: []string{"say your name."}},
		},
		Departments: []record.OrgDepartment{
			{ID: "x", Name: "X", Vision: "We are glad to see you again and again."}, {ID: "y", Name: "Y", Vision: "You need not tell us twice."}, {ID: "z", Name: "Z"}, {ID: "w", Name: "W"},
		},
		HandOffs: []record.HandOff{{From: "x", To: "y", What: "cases"}, {From: "x", To: "z", What: "Cases"}, {From: "x", To: "z", What: "keys"}, {From: "y", To: "z", What: ""}},
	}))
	k := newMaker(m, nil, &part{})
	for _, q := range append(k.standardOf(), k.behaviorOf()...) {
		q.settle()
		if fold(q.Quote) == fold(same) && slices.Contains(q.Options, "We greet everybody.") && slices.Contains(q.Options, "We are known.") {
			t.Errorf("both standards are right: %q", q.Options)
		}
		if q.Quote == "We are known." && slices.Contains(q.Options, same) && slices.Contains(q.Options, "say your name.") {
			t.Errorf("both behaviors are right: %q", q.Options)
		}
	}
	for _, p := range m.Parts {
		for _, q := range p.Check {
			if fold(q.Quote) == "cases" && p.Name == "X" {
				t.Error("cases go to two departments, and it is asked to which")
			}
			if strings.HasPrefix(q.ID, "vision/") && p.Name == "X" && slices.Contains(q.Options, "You need not tell us twice.") {
				t.Errorf("a sentence of the company's vision counts as wrong: %q", q.Options)
			}
		}
	}
}

// TestShorterChecks: with less material there are fewer questions, down to none.
func TestShorterChecks(t *testing.T) {
	for _, c := range []struct {
		o    record.Organization
		want int
	}{
		{record.Organization{Vision: "We answer within the hour."}, 1},
		{record.Organization{Values: []record.Value{{Name: "Care"}}}, 0},
		{record.Organization{Values: []record.Value{{Name: "Care", Meaning: "We listen."}}}, 1},
		{record.Organization{Standards: []record.Standard{{Text: "We answer."}}}, 1},
		{record.Organization{Vision: "We answer within the hour.", Standards: []record.Standard{{Text: "We answer.", Behaviors: []string{"Pick up"}}}}, 2},
	} {
		m := moduleOf(t, settings{version: version12, pass: 80}, organized(t, record.Client{ID: "a"}, c.o))
		if got := len(m.Parts[0].Check); got != c.want || m.Checks() != (c.want > 0) {
			t.Errorf("%+v: %d questions", c.o, got)
		}
	}
}

// TestFoils: sentences of ours fill questions up, one in each where the client's own
// material allows, and look like the right answer.
func TestFoils(t *testing.T) {
	ours := slices.Concat(promiseFoils, standardFoils, behaviorFoils, meaningFoils, valueFoils, handOffFoils)
	isOurs := func(o string) bool {
		return slices.ContainsFunc(ours, func(f string) bool { return fold(strings.ReplaceAll(f, "PEOPLE", "our guests")) == fold(o) })
	}
	of := func(o record.Organization) []question {
		return moduleOf(t, settings{version: version12, pass: 80}, organized(t, record.Client{ID: "a"}, o)).Parts[0].Check
	}
	for n, want := range []int{2, 1, 1, 0, 0} { // by how many values there are beside the right one
		var o record.Organization
		for i := range n + 1 {
			o.Values = append(o.Values, record.Value{Name: fmt.Sprintf("value %d", i), Meaning: fmt.Sprintf("we do thing %d", i)})
		}
		for _, q := range of(o) {
			got := 0
			for _, option := range q.Options {
				if isOurs(option) {
					got++
				}
				if !strings.HasPrefix(option, "we ") || strings.HasSuffix(option, ".") {
					t.Errorf("%q stands out", option)
				}
			}
			if got != want || len(q.Options) != min(mostOptions, max(leastOptions, n+2)) {
				t.Errorf("with %d others, %d of %q are ours", n, got, q.Options)
			}
		}
	}
	if q := of(record.Organization{Vision: "私たちは一時間以内に必ずお答えします。"}); len(q) > 0 {
		t.Errorf("English stands among %q", q[0].Options)
	}
	for _, p := range moduleOf(t, settings{version: version12, pass: 80}, exporttest.Records(t, sample)...).Parts {
		for _, q := range p.Check {
			if strings.HasPrefix(q.ID, "is standard/") {
				t.Errorf("%s: all wrong answers are ours: %q", p.ID, q.Options)
			}
		}
	}
}

// TestPeople: whom the client serves is called as the client calls them.
func TestPeople(t *testing.T) {
	for text, want := range map[string]string{
		"We greet guests, and guests come back to us and to other customers.": "our guests", "We answer.": "the people we serve",
		"We hear patients.": "our patients", "We are inpatients.": "the people we serve",
	} {
		m := moduleOf(t, settings{version: version12, pass: 80}, organized(t, record.Client{ID: "a"}, record.Organization{Vision: text}))
		if m.People != want {
			t.Errorf("%q: %s", text, m.People)
		}
	}
	page := string(only(t, `{}`, organized(t, record.Client{ID: "a"}, record.Organization{Vision: "We hear patients."}))[pageFile])
	if !strings.Contains(page, "What we promise our patients, and what") {
		t.Error("the first page calls them otherwise")
	}
}

// TestOrderByPart: what two departments are asked alike has other wrong options, and the
// options in other orders.
func TestOrderByPart(t *testing.T) {
	orders, choices := map[string]map[string]bool{}, map[string]bool{}
	for _, p := range moduleOf(t, settings{version: version12, pass: 80}, many(t)).Parts {
		for _, q := range p.Check {
			if strings.HasPrefix(q.ID, "vision/We answer") {
				if orders[q.ID] == nil {
					orders[q.ID] = map[string]bool{}
				}
				orders[q.ID][strings.Join(q.Options, "|")] = true
				choices[strings.Join(slices.Sorted(slices.Values(q.Options)), "|")] = true
			}
		}
	}
	for id, of := range orders {
		if len(of) < 20 {
			t.Errorf("%s: %d orders in 41 parts", id, len(of))
		}
	}
	if len(orders) != 1 || len(choices) < 20 {
		t.Errorf("%d questions with %d choices", len(orders), len(choices))
	}
}

// TestAboutResults: a question says of whom and of which survey it is, and is never
// about one manager.
func TestAboutResults(t *testing.T) {
	rows := []row{{ID: "managers", Title: "Managers", Shown: 90}, {ID: "a", Title: "A", Shown: 60}, {ID: "b", Title: "B", Shown: 50}, {ID: "c", Title: "C", Shown: 10, Weak: true}}
	f := finding{Title: "Service check", Own: true, Rows: rows, Gaps: rows[3:], Best: rows[1:2]}
	k := newMaker(&module{Client: "Acme"}, nil, &part{ID: "x", Name: "Front Desk", Findings: []finding{f}})
	ask := func() (all []string) {
		for _, q := range append(k.gap(), k.best()...) {
			all = append(all, q.Ask)
			if q.settle(); slices.Contains(q.Options, "Managers") {
				t.Errorf("%q", q.Options)
			}
		}
		return all
	}
	if got, want := ask(), []string{"Going by the survey, what should “Front Desk” work on first?", "What came out best for “Front Desk” in the survey?"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	other := f
	other.Title, other.Own = "Pulse", false
	k.p.Findings = []finding{f, other}
	if got := ask(); len(got) != 4 || got[0] != "Going by the survey “Service check”, what should “Front Desk” work on first?" || got[3] != "What came out best for Acme in the survey “Pulse”?" {
		t.Errorf("%q", got)
	}
	f.Gaps, f.Best = rows[:1], rows[:1]
	k.p.Findings = []finding{f}
	if got := ask(); len(got) > 0 {
		t.Errorf("%q", got)
	}
	for _, p := range moduleOf(t, settings{version: version12, pass: 80}, exporttest.Records(t, sample)...).Parts {
		for _, q := range p.Check {
			if q.Page == pageFindings && slices.Contains(q.Options, "Managers") {
				t.Errorf("%s: %q", p.ID, q.Options)
			}
		}
	}
}

func TestSentence(t *testing.T) {
	for text, want := range map[string]string{
		"We greet you by name. We care.":                "We greet you by name. We care.",
		"We greet you by your own name. We care.":       "We greet you by your own name.",
		"At 9.30 we open the doors for you. Come in.":   "At 9.30 we open the doors for you.",
		"Ask Dr. Who about everything you want! Do so.": "Ask Dr. Who about everything you want!",
		"私たちは一時間以内に必ずお答えします。お待たせしません。":                  "私たちは一時間以内に必ずお答えします。",
		"هل نجيب عن كل سؤال في ساعة واحدة؟ نعم.":        "هل نجيب عن كل سؤال في ساعة واحدة؟",
		"":   "",
		"Hi": "Hi",
	} {
		if got := sentence(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"a  b\nc", 10, "a b c"}, {"one two, three", 9, "one two…"}, {"ééééééé", 3, "ééé…"}, {"", 3, ""}, {"abc", 3, "abc"},
	} {
		if got := cut(c.text, c.most); got != c.want {
			t.Errorf("%q to %d: %q", c.text, c.most, got)
		}
	}
}
