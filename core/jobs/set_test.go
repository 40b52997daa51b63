package jobs

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/dates"
	"github.com/firstcall-cli/firstcall/core/org"
)

// folderTexts are documents that have something to do with each other.
var folderTexts = [][2]string{
	{"a/clerk.md", "# Clerk\n\nLast reviewed: 3/4/25\n\nReports to: Head of Support\n\n" + exampleDuties},
	{"a/clerk-2.md", "# Clerk\n\nRevised: 3/14/24\n\nReports to: Head of Support\n\n" + exampleDuties + " Sweeps the yard."},
	{"a/clerk-10.md", "# Clerk\n\nReports to: Head of Sales\n\n" + exampleDuties},
	{"b/head.md", "# Head of Support\n\nReports to: Director of Service\n\nAnswers calls from residents within one day. Works with Help Desk."},
	{"b/director.md", "# Director of Service\n\nReports to: Head of Support\n\nEnsures the satisfaction of all customers."},
	{"b/ad.txt", "Cook\nClosing Date: 5/13/2021\nHow to apply: send a letter.\n"},
	{"cook.txt", "Cook\nDepartment: Sales\nUses a typewriter.\n"},
}

// The order in which documents come in changes nothing.
func TestOrderOfPapers(t *testing.T) {
	known := NewKnown(testClient)
	render := func(texts [][2]string) string {
		var flat []string
		for _, d := range texts {
			flat = append(flat, d[0], d[1])
		}
		s := setOf(t, known, asOf, flat...)
		jobs := judgeAll(s)
		folder := s.RollUp(jobs, Roll{ID: "."})
		out, err := json.Marshal([]any{jobs, folder, Plan(folder, jobs, asOf)})
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	want := render(folderTexts)
	random := rand.New(rand.NewPCG(5, 6))
	for range 30 {
		texts := slices.Clone(folderTexts)
		random.Shuffle(len(texts), func(i, k int) { texts[i], texts[k] = texts[k], texts[i] })
		if got := render(texts); got != want {
			t.Fatalf("in another order\n got %s\nwant %s", got, want)
		}
	}
}

// The memory of a reader changes nothing either.
func TestReaderAgain(t *testing.T) {
	r := NewReader(nil, asOf)
	s := NewSet(nil, asOf)
	for _, d := range folderTexts {
		s.Add(r.Read(d[0], paperOf(t, nil, asOf, d[0], d[1]).Document()))
	}
	s.Settle()
	var flat []string
	for _, d := range folderTexts {
		flat = append(flat, d[0], d[1])
	}
	one, _ := json.Marshal(judgeAll(s))
	other, _ := json.Marshal(judgeAll(setOf(t, nil, asOf, flat...)))
	if string(one) != string(other) {
		t.Errorf("a reader that is used again\n got %s\nwant %s", one, other)
	}
}

func TestPapersInOrder(t *testing.T) {
	s := setOf(t, nil, asOf, "a10.txt", "Cook\n", "a9.txt", "Cook\n", "a1.txt", "Cook\n")
	var got []string
	for _, p := range s.Papers() {
		got = append(got, p.ID)
	}
	if !slices.Equal(got, []string{"a1.txt", "a9.txt", "a10.txt"}) {
		t.Errorf("the order is %q", got)
	}
}

// The dates of one document tell how another writes them.
func TestOrderOfDates(t *testing.T) {
	last := func(order dates.Order, other string) string {
		s := NewSet(nil, asOf)
		s.Order = order
		s.Add(paperOf(t, nil, asOf, "a.txt", "Clerk\nLast reviewed: 3/4/26\n"))
		s.Add(paperOf(t, nil, asOf, "b.txt", "Cook\nLast reviewed: "+other+"\n"))
		s.Settle()
		return s.Papers()[0].review.Last + " " + s.Papers()[0].review.Sure
	}
	for _, c := range []struct {
		order dates.Order
		other string
		want  string
	}{
		{dates.Unknown, "3/14/25", "2026-03-04 high"}, {dates.Unknown, "14/3/25", "2026-04-03 high"}, {dates.Unknown, "3/5/25", "2026-04-03 medium"}, {dates.MonthFirst, "14/3/25", "2026-03-04 high"},
	} {
		if got := last(c.order, c.other); got != c.want {
			t.Errorf("beside %s: %s, want %s", c.other, got, c.want)
		}
	}
}

func TestCircles(t *testing.T) {
	doc := func(title, to string) string { return "# " + title + "\n\nReports to: " + to + "\n" }
	for _, c := range []struct {
		what  string
		texts []string
		want  []string
	}{
		{"two", []string{"a.md", doc("Head of Support", "Director of Service"), "b.md", doc("Director of Service", "the Head of Support")},
			[]string{"a.md: “Head of Support” reports to “Director of Service” reports to “Head of Support”", "b.md: “Director of Service” reports to “Head of Support” reports to “Director of Service”"}},
		{"a way into a circle", []string{"a.md", doc("Clerk", "Head of Support"), "b.md", doc("Head of Support", "Director"), "c.md", doc("Director", "Head of Support")},
			[]string{"b.md: “Head of Support” reports to “Director” reports to “Head of Support”", "c.md: “Director” reports to “Head of Support” reports to “Director”"}},
		{"three", []string{"a.md", doc("Manager of Sales", "Director"), "b.md", doc("Director", "President"), "c.md", doc("President", "Sales Manager")},
			[]string{"a.md", "b.md", "c.md"}[:0]}, // "Sales Manager" and "Manager of Sales" are not the same words in order
		{"a line", []string{"a.md", doc("Clerk", "Head of Support"), "b.md", doc("Head of Support", "Director"), "c.md", doc("Director", "Board")}, nil},
		{"a document that is over", []string{"a.md", doc("Head of Support", "Director"), "b.md", "---\nactive: false\n---\n" + doc("Director", "Head of Support")}, nil},
	} {
		var got []string
		for _, j := range judgeAll(setOf(t, nil, asOf, c.texts...)) {
			if f, found := findingOf(*j, "org/reports-to-circle"); found {
				_, chain, _ := strings.Cut(f.Message, "circle: ")
				got = append(got, j.ID+": "+chain)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.what, got, c.want)
		}
	}
}

func TestConflicts(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		{"two roles", "Reports to: Head of Support\n\nThe position reports to the Head of Sales.\n", "It says that the job reports to “Head of Sales”, and elsewhere to “Head of Support”"},
		{"the same in other words", "Reports to: Head of Support\n\nThe position reports to the Head of Customer Support.\n", ""},
		{"a second line by intent", "Reports to: Head of Support\n\nThe position also reports to the Head of Sales.\n", ""},
		{"for a part", "Reports to: Head of Support\n\nThere is a functional line: the position reports to the Head of Sales.\n", ""},
		{"against the client file", "Title: Support Engineer\n\nReports to: Head of Sales\n", "It says that the job reports to “Head of Sales”, and by the client file it is “Head of Support”"},
		{"as the client file has it", "Title: Support Engineer\n\nReports to: Head of Support\n", ""},
	} {
		j := setOf(t, NewKnown(testClient), asOf, "a.md", c.text).Papers()[0].Judge(Options{}).Job
		f, _ := findingOf(j, "org/reports-to-conflict")
		if f.Message != c.want {
			t.Errorf("%s: %q, want %q", c.what, f.Message, c.want)
		}
	}
}

func TestRolesOfTheClient(t *testing.T) {
	for _, c := range []struct{ role, known, message string }{
		{"Head of Support", "present", ""}, {"Heads of Support", "present", ""}, {"Head of Happiness", "unknown", "The client file knows no role “Head of Happiness”"},
		{"Help Desk Agent", "former", ""}, // org/former-title says it
		{"Ms. Okafor", "unknown", ""},
	} {
		j := setOf(t, NewKnown(testClient), asOf, "a.md", "# Clerk\n\nReports to: "+c.role+"\n").Papers()[0].Judge(Options{}).Job
		f, _ := findingOf(j, "org/reports-to-unknown")
		if j.ReportsTo[0].Known != c.known || f.Message != c.message {
			t.Errorf("%s: %s, %q; want %s, %q", c.role, j.ReportsTo[0].Known, f.Message, c.known, c.message)
		}
	}
	if j := judgedOne(t, asOf, "a.md", "# Clerk\n\nReports to: Head of Happiness\n"); j.ReportsTo[0].Known != "" {
		t.Errorf("without a client file a role is %q", j.ReportsTo[0].Known)
	}
}

func TestDepartmentsOfTheClient(t *testing.T) {
	for _, c := range []struct{ department, want, owner, message string }{
		{"Customer Support", "Customer Support", "Head of Support", ""}, {"Help Desk", "Customer Support", "Head of Support", ""}, {"Joy", "Joy", "", "The client file knows no department “Joy”"},
	} {
		j := setOf(t, NewKnown(testClient), asOf, "a.md", "# Clerk\n\nDepartment: "+c.department+"\n").Papers()[0].Judge(Options{}).Job
		f, _ := findingOf(j, "org/unknown-department")
		if j.Department != c.want || j.Owner != c.owner || f.Message != c.message {
			t.Errorf("%s: %q of %q, %q", c.department, j.Department, j.Owner, f.Message)
		}
	}
}

func TestAkin(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Head of Support", "Head of Customer Support", true}, {"Managers", "the Manager", true}, {"Head of Support", "Head of Sales", false}, {"Director, Support", "Support Director", true}, {"Cook", "Clerk", false},
	} {
		if got := akin(c.a, c.b); got != c.want || akin(c.b, c.a) != c.want {
			t.Errorf("akin(%q, %q) is %v", c.a, c.b, got)
		}
	}
}

// A review for all papers counts though it says what would hold without it.
func TestPolicyOfAll(t *testing.T) {
	client := &org.Client{ID: "acme", Name: "Acme", Reviews: org.Reviews{{Every: 6, Severe: 60}}}
	for _, c := range []struct {
		settings org.Reviews
		from     string
		every    org.Interval
	}{
		{nil, FromClientFile, 6}, {org.Reviews{{Every: 12, Severe: 60}}, FromSettings, 12}, {org.Reviews{{Every: 18, Severe: 60, Folder: "other"}}, FromClientFile, 6},
	} {
		s := NewSet(NewKnown(client), asOf)
		s.Reviews = c.settings
		p := paperOf(t, s.Known, asOf, "a.md", "# Cook\n\nCooks.")
		s.Add(p)
		s.Settle()
		if p.policy.From != c.from || p.policy.Every != c.every {
			t.Errorf("%v: every %d by %s, want %d by %s", c.settings, p.policy.Every, p.policy.From, c.every, c.from)
		}
	}
}

// All documents of a long row that report to the next are looked through once, and a
// few of a long circle are named.
func TestLongLine(t *testing.T) {
	s := NewSet(nil, asOf)
	const n = 200
	for i := range n {
		s.Add(paperOf(t, nil, asOf, fmt.Sprintf("%d.md", i), fmt.Sprintf("# Manager %d\n\nReports to: Manager %d\n", i, (i+1)%n)))
	}
	s.Settle()
	for _, p := range s.Papers() {
		if last := len(p.circle) - 1; last != mostOfCircle+1 || p.circle[0] != p.Title() || p.circle[last-1] != "…" || p.circle[last] != p.Title() {
			t.Fatalf("%s: a circle of %d from %q", p.ID, len(p.circle), p.circle)
		}
	}
}
