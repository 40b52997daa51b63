package disclosure

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/auditor"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
)

// oneDimension asks for one dimension of so many items.
func oneDimension(items int) *instrument.Instrument {
	in := questionnaire(false)
	scale := in.Scale
	in.Dimensions = []instrument.Dimension{{ID: "x", Title: "X"}}
	for i := range items {
		id := fmt.Sprintf("x%d", i+1)
		in.Dimensions[0].Items = append(in.Dimensions[0].Items, instrument.Item{ID: id, Text: id, Scale: scale})
	}
	return in
}

// staff writes a survey of so many items: for each department and role the
// answers of its people.
func staff(items int, answers ...string) string {
	var b strings.Builder
	b.WriteString("department,role")
	for i := range items {
		fmt.Fprintf(&b, ",x%d", i+1)
	}
	b.WriteString("\n")
	for _, group := range answers {
		name, all, _ := strings.Cut(group, ":")
		department, role, _ := strings.Cut(name, " ")
		for _, a := range strings.Fields(all) {
			a = strings.ReplaceAll(strings.Join(strings.Split(a, ""), ","), "_", "")
			fmt.Fprintf(&b, "%s,%s,%s\n", department, role, a)
		}
	}
	return b.String()
}

// histogramOf is that of item i of a group, nil when it is withheld.
func histogramOf(body record.AssessmentBody, group string, item int) []int64 {
	for _, g := range body.Groups {
		if g.Key[0] == group && !g.Withheld && !g.Dimensions[0].Withheld && !g.Dimensions[0].Items[item].Withheld {
			return g.Dimensions[0].Items[item].Histogram
		}
	}
	return nil
}

// suppressed is the body before the auditor has seen it.
func suppressed(t *testing.T, in *instrument.Instrument, text string, by ...[]string) record.AssessmentBody {
	t.Helper()
	return newPublisher(context.Background(), scored(t, in, text, by...).Assessments[0], Request{Instrument: in, Missing: in.Policy.Missing, MinGroup: 5}).body()
}

// The only 1 is in Sales and among the managers, and Sales has one manager.
// Nobody asked for managers of Sales, and yet their answer would be told.
func TestWhereTwoGroupingsMeet(t *testing.T) {
	text := staff(1, "Sales M:1", "Sales S:2 3 3 4 4 4 5 5 2 3 4", "Ops M:3 4 5", "Ops S:2 3 4 4 5 3 2 4 4 5", "Care M:4 2", "Care S:3 4 4 2 5 3 4 5")
	body := suppressed(t, oneDimension(1), text, []string{"department"}, []string{"role"})
	sales, managers := histogramOf(body, "Sales", 0), histogramOf(body, "M", 0)
	if sales != nil && managers != nil {
		t.Errorf("Sales %v and managers %v are both told", sales, managers)
	}
	if sales == nil && managers == nil {
		t.Error("neither is told, where one is enough")
	}
	body = publish(t, oneDimension(1), text, Request{}, []string{"department"})
	if histogramOf(body, "Sales", 0) == nil {
		t.Error("Sales is not told where nobody asked for roles")
	}
}

// The auditor sees it too, when suppression does not.
func TestAuditWhereTwoGroupingsMeet(t *testing.T) {
	text := staff(1, "Sales M:1", "Sales S:2 3 3 4 4 4 5 5 2 3 4", "Ops M:3 4 5", "Ops S:2 3 4 4 5 3 2 4 4 5", "Care M:4 2", "Care S:3 4 4 2 5 3 4 5")
	in := oneDimension(1)
	raw := scored(t, in, text, []string{"department"}, []string{"role"}).Assessments[0]
	p := newPublisher(context.Background(), raw, Request{Instrument: in, Missing: in.Policy.Missing, MinGroup: 5, primaryOnly: true})
	err := p.audit(context.Background(), "acme", p.body(), nil)
	if err == nil || !strings.Contains(err.Error(), "acme: department Sales, role M, item x1: the published figures leave too little doubt about the mean") {
		t.Errorf("found %v", err)
	}
	// Publish gives a grouping up then.
	p.req.primaryOnly = false
	var notes []string
	p.req.Note = func(text string) { notes = append(notes, text) }
	if !p.retreat([]auditor.Finding{{Measure: "item x1"}}) || len(p.retreated("dimension x", p.people)) != len(p.people) || !p.retreated("dimension x", p.people)[1] {
		t.Error("no grouping was given up")
	}
	if p.tellRetreats(); len(notes) != 1 || !strings.Contains(notes[0], "by department are withheld") {
		t.Errorf("told %q", notes)
	}
}

// One manager of Sales skipped a question. The numbers of answers by department
// and by role say who it was, and the items less the dimension what the other
// answers were in sum.
func TestWhoSkippedAQuestion(t *testing.T) {
	text := staff(5, "Sales M:2552_",
		"Sales S:54515 14352 24554 42225 41125 13134 54445 42311 24234 34545 35545 23135",
		"Ops M:23555 12533 11441",
		"Ops S:31421 34411 55145 35352 13111 55124 35321 33324 44545 51553",
		"Care M:42343 53531",
		"Care S:45314 55213 43353 41511 33435 53232 33533 41152 35232")
	body := suppressed(t, oneDimension(5), text, []string{"department"}, []string{"role"})
	if sales, managers := histogramOf(body, "Sales", 4), histogramOf(body, "M", 4); sales != nil && managers != nil {
		t.Errorf("the answers of Sales %v and of managers %v are both told", sales, managers)
	}
}

// Two people of a group answered both items: how these go together is theirs.
func TestPairsOfFewPeople(t *testing.T) {
	text := staff(2, "A M:35 44 3_ 4_ 5_ 2_ 3_ 5_ 4_ _3 _4 _5 _2 _1 _4 _3 _2", "B M:12 23 34 45 51 13 24 35 41 52 15 31")
	body := publish(t, oneDimension(2), text, Request{}, []string{"department"})
	for _, g := range body.Groups {
		d := g.Dimensions[0]
		if g.Key[0] == "A" && d.Alpha != nil && d.Alpha.Pairwise != nil && d.Alpha.Pairwise.Raw != nil {
			t.Errorf("alpha of A rests on two people: %v", *d.Alpha.Pairwise.Raw)
		}
	}
}

// A group of 20 or more people, of whom fewer have a score, was withheld because
// its mean pins its items, shown again, and so on without an end.
func TestPinnedItemsComeToAnEnd(t *testing.T) {
	in := oneDimension(2)
	in.Policy.Missing = instrument.CompleteOnly
	text := staff(2, "0 0:_5 55 _5 _5 5_ 55 5_ _5 55 55 __ 25 55 55 55",
		"0 1:__ _5 __ 5_ 55",
		"0 2:55 _5 _5 5_ 55 55",
		"1 0:55 55 __ 55 5_ 55 55 5_ __ 5_ 5_ 5_ 55 _5 55 _5",
		"1 1:5_ _5 5_ 55 __ 5_",
		"1 2:55 55 5_ 55 55 5_ 55 5_ _2 _5 5_ __ 55 __ _5 5_ 55 __ 45")
	body := suppressed(t, in, text, []string{"department"}, []string{"role"})
	if body.N == nil {
		t.Error("everything is withheld")
	}
}

// Two departments less two roles are one person, although no group is small.
func TestNobodySmallAndYetOnePerson(t *testing.T) {
	var b strings.Builder
	b.WriteString("department,role,x1\n")
	for group, n := range map[string]int{"A1,B1": 14, "A1,B2": 14, "A2,B1": 14, "A2,B2": 14, "A1,B3": 1, "A3,B3": 15, "A3,B4": 15, "A4,B3": 15, "A4,B4": 15} {
		for i := range n {
			fmt.Fprintf(&b, "%s,%d\n", group, 1+(i*i+len(group)+n)%5)
		}
	}
	body := suppressed(t, oneDimension(1), b.String(), []string{"department"}, []string{"role"})
	told := map[string]bool{}
	for _, g := range body.Groups {
		told[g.Key[0]] = !g.Withheld
	}
	if told["A1"] && told["A2"] && told["B1"] && told["B2"] || !told["A3"] && !told["A4"] {
		t.Errorf("told are %v", told)
	}
}

// What makes a record too large is left out after it was looked at.
func TestManyItemsOfGroupsAreLeftOut(t *testing.T) {
	in := oneDimension(40)
	var b strings.Builder
	b.WriteString("department")
	for i := range 40 {
		fmt.Fprintf(&b, ",x%d", i+1)
	}
	b.WriteString("\n")
	for i := range 800 * 6 {
		fmt.Fprintf(&b, "D%d", i%800)
		for k := range 40 {
			fmt.Fprintf(&b, ",%d", 1+(i/800+k+i*k)%5)
		}
		b.WriteString("\n")
	}
	body := publish(t, in, b.String(), Request{}, []string{"department"})
	if body.Undefined["groups.items"] == "" || body.Groups[0].Dimensions[0].Items != nil || body.Dimensions[0].Items == nil {
		t.Errorf("said %v", body.Undefined)
	}
}

// Nobody waits for a choice any more.
func TestPublishStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	in := oneDimension(1)
	text := staff(1, "A M:1 2 3", "B M:2 3 4 5 4 3 2 1 2", "C M:2 3 4 5 4 3 2 1 2 3 4")
	if _, err := Publish(ctx, scored(t, in, text, []string{"department"}).Assessments[0], Request{Instrument: in, Missing: in.Policy.Missing, MinGroup: 5}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
