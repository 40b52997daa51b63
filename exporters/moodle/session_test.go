package moodle

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/moodle/moodletest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const people = `"members":{"wrenmoor/Front Desk":"anna, Bert","wrenmoor/reception":"anna","wrenmoor/Housekeeping":"cleo,nobody,Not A Name"}`

// staffed is a site with users.
func staffed(t *testing.T, o moodletest.Options) (*moodletest.Server, string) {
	t.Helper()
	s, address := place(t, o, nil)
	for _, name := range []string{"anna", "bert", "cleo", "dora"} {
		s.AddUser(name, name+"@wrenmoor.example", "N-"+name)
	}
	return s, address
}

// TestWrite: everything is made once, a second run finds it all, and a dry run before
// says what is made.
func TestWrite(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	session := connected(t, address, people)
	planned, err := session.Plan(t.Context(), sdk.Run{}, batch)
	if err != nil {
		t.Fatal(err)
	}
	all(t, planned, sdk.Created)
	if n := len(s.Frameworks) + len(s.Cohorts) + len(s.Courses) + len(s.Plans); n != 0 {
		t.Fatalf("a dry run made %d", n)
	}
	if t.Log(planned[0].Diff); strings.Count(planned[0].Diff, "\n") < 40 || planned[1].Diff != "" {
		t.Errorf("%+v", planned)
	}
	first := wrote(t, session, batch)
	all(t, first, sdk.Created)
	isThere(t, s)
	if d := first[0].Diagnostic; d == nil || d.Severity != sdk.SeverityWarning || !strings.Contains(d.Summary, "2 of 3 by username") || strings.Contains(d.Summary, "nobody") || first[1].Diagnostic != nil {
		t.Errorf("%+v, %+v", d, first[1].Diagnostic)
	}
	writes := s.Calls("create") + s.Calls("add") + s.Calls("update")
	again := wrote(t, connected(t, address, people), batch)
	all(t, again, sdk.Unchanged)
	if n := s.Calls("create") + s.Calls("add") + s.Calls("update"); n != writes {
		t.Errorf("%d more writes", n-writes)
	}
	if !slices.Equal(again[0].Remote, first[0].Remote) || len(first[0].Remote) != 1+18+5+1+3 {
		t.Errorf("%d objects: %v and %v", len(first[0].Remote), first[0].Remote, again[0].Remote)
	}
}

// isThere looks at what the sample client comes to.
func isThere(t *testing.T, s *moodletest.Server) {
	t.Helper()
	if len(s.Frameworks) != 1 || len(s.Competencies) != 18 || len(s.Cohorts) != 5 || len(s.Courses) != 1 {
		t.Fatalf("%d frameworks, %d competencies, %d cohorts, %d courses", len(s.Frameworks), len(s.Competencies), len(s.Cohorts), len(s.Courses))
	}
	if f := s.Frameworks[0]; f.IDNumber != "firstcall:wrenmoor" || f.ScaleID != 5 {
		t.Errorf("%+v", f)
	}
	parents := map[int64]string{0: ""}
	for _, c := range s.Competencies {
		parents[c.ID] = c.IDNumber
		if at := strings.LastIndex(c.IDNumber, "/"); c.ParentID != 0 && parents[c.ParentID] != c.IDNumber[:at] {
			t.Errorf("%s is under %s", c.IDNumber, parents[c.ParentID])
		}
	}
	if c := s.Courses[0]; c.Visible || len(c.Competencies) != 8+5 || c.IDNumber != "firstcall:wrenmoor" || !strings.HasPrefix(c.Summary, "<p>Every guest is welcomed") {
		t.Errorf("%+v", c)
	}
	members := map[string]int{}
	for _, c := range s.Cohorts {
		members[c.Name] = len(c.Members)
	}
	if members["Wrenmoor Hotels: Front Desk"] != 2 || members["Wrenmoor Hotels: Housekeeping"] != 1 || members["Wrenmoor Hotels: Maintenance"] != 0 {
		t.Errorf("%v", members)
	}
	if len(s.Plans) != 3 {
		t.Fatalf("%d plans", len(s.Plans))
	}
	seen := map[string]bool{}
	for _, p := range s.Plans {
		seen[fmt.Sprint(p.User, p.Name)] = true
		at := time.Unix(p.Due, 0).UTC().Format(time.DateTime)
		if p.Status != active || at != "2026-12-29 12:00:00" || len(p.Competencies) == 0 {
			t.Errorf("due %s: %+v", at, p)
		}
	}
	if len(seen) != 3 {
		t.Errorf("somebody has a plan twice: %v", seen)
	}
}

// TestSecrets: the token stands in no address, and a withheld department in no request.
func TestSecrets(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	session := connected(t, address, `"members":{"wrenmoor/Spa":"dora","wrenmoor/Front Desk":"anna"}`)
	outcomes := wrote(t, session, records(t))
	all(t, outcomes, sdk.Created)
	bodies := s.Bodies()
	if len(bodies) < 50 {
		t.Fatalf("%d requests", len(bodies))
	}
	for _, b := range bodies {
		at, body, _ := strings.Cut(b, "\n")
		if at != moodletest.Endpoint {
			t.Errorf("asked at %s", at)
		}
		text, err := url.QueryUnescape(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"spa", "treatments", "dora"} {
			if strings.Contains(strings.ToLower(text), word) {
				t.Errorf("a request has %s: %s", word, strings.ReplaceAll(text, token, "TOKEN"))
			}
		}
	}
	told := 0
	for _, o := range outcomes {
		if o.Diagnostic != nil && strings.Contains(o.Diagnostic.Summary, "withhold: 1") {
			told++
		}
		if o.Diagnostic != nil && strings.Contains(o.Diagnostic.Summary, "Spa") {
			t.Errorf("%s", o.Diagnostic.Summary)
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}

// TestUpdate: what changed is changed, and nothing else.
func TestUpdate(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	wrote(t, connected(t, address, people), batch)
	changed := edited(t, edited(t, edited(t, batch, "We greet first", "We greet at once"), "Guests never notice", "No guest notices"), "2026-12-29", "2027-01-15")
	changed = edited(t, changed, `"name":"Wrenmoor Hotels"`, `"name":"Wrenmoor & Sons"`)
	planned, err := connected(t, address, people).Plan(t.Context(), sdk.Run{}, changed)
	if err != nil {
		t.Fatal(err)
	}
	all(t, planned, sdk.Updated)
	for _, line := range []string{"changed framework: Service culture at Wrenmoor & Sons", "changed competency: friendly", "changed competency: What Wrenmoor & Sons stands for",
		"changed cohort: Wrenmoor & Sons: Maintenance", "changed plan: description, due date of Service culture: Front Desk"} {
		if !strings.Contains("\n"+planned[0].Diff+"\n", "\n"+line+"\n") {
			t.Errorf("%q is not in %s", line, planned[0].Diff)
		}
	}
	if strings.Contains(planned[0].Diff, "prompt") || strings.Contains(planned[0].Diff, "new ") {
		t.Errorf("%s", planned[0].Diff)
	}
	all(t, wrote(t, connected(t, address, people), changed), sdk.Updated)
	if f := s.Frameworks[0]; f.ShortName != "Service culture at Wrenmoor & Sons" || f.ScaleID != 5 || f.IDNumber != "firstcall:wrenmoor" {
		t.Errorf("%+v", f)
	}
	if at := time.Unix(s.Plans[0].Due, 0).UTC().Format(time.DateOnly); at != "2027-01-15" || len(s.Plans) != 3 {
		t.Errorf("%s, %d", at, len(s.Plans))
	}
	if s.Courses[0].FullName != "Service culture at Wrenmoor Hotels" {
		t.Error("a course that is there is its teachers'")
	}
	all(t, wrote(t, connected(t, address, people), changed), sdk.Unchanged)
}

// TestEmpty: what is not known any more is left as it is, and nothing is deleted.
func TestEmpty(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	wrote(t, connected(t, address, ""), batch)
	less := edited(t, batch, `"meaning":"We greet first, with a smile and a name."`, `"meaning":""`)
	all(t, wrote(t, connected(t, address, ""), less), sdk.Unchanged)
	fewer := slices.DeleteFunc(slices.Clone(batch), func(r sdk.Record) bool { return r.Kind == "organization" })
	all(t, wrote(t, connected(t, address, ""), fewer), sdk.Updated) // cohorts lose the client's own words about them
	if len(s.Competencies) != 18 || len(s.Cohorts) != 5 {
		t.Errorf("%d competencies, %d cohorts", len(s.Competencies), len(s.Cohorts))
	}
	for _, c := range s.Competencies {
		if c.ShortName == "friendly" && c.Description != "<p>We greet first, with a smile and a name.</p>" {
			t.Errorf("%+v", c)
		}
	}
}

// TestByHand: what people have done in Moodle stays, and is told where it matters.
func TestByHand(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	wrote(t, connected(t, address, people), batch)
	s.Look(func() {
		s.Cohorts[0].Category, s.Cohorts[0].Name = true, "Desk"
		s.Plans[0].Status, s.Plans[0].Due = complete, 0
		s.Plans[1].Template = 9
		s.Plans[2].Description = "<p>Own words</p><ul>\n<li>" + s.Cohorts[1].IDNumber + "</li></ul>"
		s.Courses[0].FullName, s.Courses[0].Visible = "Ours", true
	})
	outcomes := wrote(t, connected(t, address, people), batch)
	all(t, outcomes, sdk.Updated)
	for _, words := range []string{"belongs to a course category", "since they are complete: 1", "since they are made from a template: 1"} {
		if !strings.Contains(outcomes[0].Diagnostic.Summary, words) {
			t.Errorf("%s", outcomes[0].Diagnostic.Summary)
		}
	}
	if c := s.Cohorts[0]; !c.Category || c.Name != "Desk" || len(s.Cohorts) != 5 {
		t.Errorf("%+v", c)
	}
	if len(s.Plans) != 3 || s.Plans[0].Status != complete || strings.Contains(s.Plans[2].Description, "Own words") || s.Courses[0].FullName != "Ours" {
		t.Errorf("%d plans: %+v", len(s.Plans), s.Plans[2])
	}
	s.Look(func() { s.Frameworks[0].Visible = false; s.Plans = nil; s.Courses[0].Competencies = nil })
	outcomes = wrote(t, connected(t, address, people), batch)
	if !strings.Contains(outcomes[0].Diagnostic.Summary, "the framework is hidden") || len(s.Plans) != 0 {
		t.Errorf("%+v", outcomes[0])
	}
}

// TestImported: a framework that was imported from the file is the one that is pushed to.
func TestImported(t *testing.T) {
	s, address := place(t, moodletest.Options{}, nil)
	batch := of(records(t), "wrenmoor")
	w := want(clientOf(t, batch))
	in := importFramework(t, string(files(w, []string{"Not yet", "Sometimes", "Reliably"})[0].body), s.Scales)
	s.Frameworks = append(s.Frameworks, &moodletest.Framework{ID: 9, ScaleID: in.scale, ShortName: in.framework[2], IDNumber: in.framework[1], Description: in.framework[3], Visible: true})
	ids := map[string]int64{}
	for i, n := range in.nodes {
		ids[n.id] = int64(10 + i)
		s.Competencies = append(s.Competencies, &moodletest.Competency{ID: ids[n.id], ParentID: ids[n.parent], FrameworkID: 9, ShortName: n.name, IDNumber: n.id, Description: n.about})
	}
	all(t, wrote(t, connected(t, address, ""), batch), sdk.Updated)
	if s.Calls("create_competency") != 0 || s.Calls("update_competency") != 0 || len(s.Cohorts) != 5 {
		t.Errorf("%d made, %d changed", s.Calls("create_competency"), s.Calls("update_competency"))
	}
}

// TestPast: a due date that is over is left out, since Moodle takes none.
func TestPast(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := edited(t, of(records(t), "wrenmoor"), "2026-12-29", "2026-10-01")
	late := Exporter{Now: func() time.Time { return today().Add(10 * time.Hour) }, Sleep: asleep}
	session, err := late.Open(t.Context(), config(t, address, token, people), false)
	if err != nil {
		t.Fatal(err)
	}
	outcomes := wrote(t, session, batch)
	all(t, outcomes, sdk.Created)
	if len(s.Plans) != 3 || s.Plans[0].Due != 0 || !strings.Contains(outcomes[0].Diagnostic.Summary, "2026-10-01 is over") {
		t.Errorf("%+v", outcomes[0].Diagnostic)
	}
}
