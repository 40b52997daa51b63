package moodle

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/moodle/moodletest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// nextWave are the records as they are when the wave of the sample was a later one.
func nextWave(t *testing.T, batch []sdk.Record, wave string) []sdk.Record {
	t.Helper()
	out := edited(t, edited(t, batch, "2026-q3", wave), "2026-12-29", "2027-12-29")
	for i := range out {
		out[i].Key = strings.ReplaceAll(out[i].Key, "2026-q3", wave)
	}
	return out
}

// marked counts the plans in a state, by the wave of their mark.
func marked(s *moodletest.Server, status int64) map[string]int {
	count := map[string]int{}
	for _, p := range s.Plans {
		_, wave, _ := strings.Cut(strings.TrimSuffix(p.Description, "</p>"), "#")
		if p.Status == status {
			count[wave]++
		}
	}
	return count
}

// TestNextWave: Moodle completes plans when they are due; what a later assessment finds
// is another plan then, made once.
func TestNextWave(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	wrote(t, connected(t, address, people), batch)
	s.Cron(time.Date(2026, 12, 30, 0, 0, 0, 0, time.UTC))
	if got := fmt.Sprint(marked(s, complete)); got != "map[2026-q3:3]" {
		t.Fatalf("complete %s", got)
	}
	outcomes := wrote(t, connected(t, address, people), batch)
	all(t, outcomes, sdk.Unchanged)
	if said := outcomes[0].Diagnostic.Summary; len(s.Plans) != 3 || strings.Count(said, "since they are complete: 2") != 1 || strings.Count(said, "since they are complete: 1") != 1 {
		t.Errorf("%d plans; %s", len(s.Plans), said)
	}
	later := nextWave(t, batch, "2027-q2")
	all(t, wrote(t, connected(t, address, people), later), sdk.Updated)
	for range 2 {
		if len(s.Plans) != 6 || marked(s, active)["2027-q2"] != 3 || marked(s, complete)["2026-q3"] != 3 {
			t.Errorf("%d plans, active %v, complete %v", len(s.Plans), marked(s, active), marked(s, complete))
		}
		all(t, wrote(t, connected(t, address, people), later), sdk.Unchanged)
	}
	all(t, wrote(t, connected(t, address, people), batch), sdk.Unchanged) // an old file
	if len(s.Plans) != 6 {
		t.Errorf("%d plans", len(s.Plans))
	}
}

// TestOldFile: what an earlier wave found is no new plan when that of a later one is
// complete.
func TestOldFile(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	wrote(t, connected(t, address, people), nextWave(t, batch, "2027-q2"))
	s.Cron(time.Date(2027, 12, 30, 0, 0, 0, 0, time.UTC))
	outcomes := wrote(t, connected(t, address, people), batch)
	if got := fmt.Sprint(marked(s, complete)); got != "map[2027-q2:3]" || len(s.Plans) != 3 || !strings.Contains(outcomes[0].Diagnostic.Summary, "since they are complete: 2") {
		t.Errorf("complete %s of %d; %+v", got, len(s.Plans), outcomes[0].Diagnostic)
	}
}

// TestWaveInWork: a plan that is in work goes on with what the later assessment found.
func TestWaveInWork(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	wrote(t, connected(t, address, people), batch)
	later := nextWave(t, batch, "2027-q2")
	all(t, wrote(t, connected(t, address, people), later), sdk.Updated)
	if got := fmt.Sprint(marked(s, active)); got != "map[2027-q2:3]" || len(s.Plans) != 3 {
		t.Errorf("%s, %d plans", got, len(s.Plans))
	}
	if at := time.Unix(s.Plans[0].Due, 0).UTC().Format(time.DateOnly); at != "2027-12-29" {
		t.Error(at)
	}
	all(t, wrote(t, connected(t, address, people), later), sdk.Unchanged)
}

func TestFollows(t *testing.T) {
	for _, c := range []struct {
		now, before string
		want        bool
	}{
		{"2027-q2", "2026-q3", true}, {"2026-q3", "2027-q2", false}, {"2026-q3", "2026-q3", false}, {"2026-q3", "", true}, {"", "2026-q3", false}, {"", "", false},
		{"2027-01-31", "2026-12-01", true}, {"after", "before", true}, {"wave 10", "wave 2", true}, {"wave 2", "wave 10", false},
	} {
		p := program{bases: []string{"firstcall:acme/front-desk", "firstcall:acme/reception"}, period: c.now}
		if got := p.follows(c.before); got != c.want {
			t.Errorf("%q after %q: %v", c.now, c.before, got)
		}
		if period, ours := p.periodOf("<p>Words.</p>" + markup(p.mark())); !ours || period != c.now {
			t.Errorf("%s is read as %q", p.mark(), period)
		}
	}
	p := program{bases: []string{"firstcall:acme/front-desk", "firstcall:acme/reception"}}
	for text, want := range map[string]bool{"firstcall:acme/reception#x": true, "firstcall:acme/front": false, "firstcall:acme/front-desk-2#x": false, "firstcall:acme/front-desk#%zz": false} {
		if _, ours := p.periodOf(text); ours != want {
			t.Errorf("%s: %v", text, ours)
		}
	}
}

// TestPeriod: gaps are those of the latest assessment that found some; without a wave it
// is told by its day.
func TestPeriod(t *testing.T) {
	c := clientOf(t, of(records(t), "wrenmoor"))
	w, desk := want(c), c.Department("Front Desk")
	c.Assessments[0].Record.AsOf = "2026-10-15" // put down later, and not the latest wave
	c.Assessments[0].Body.Wave = ""
	if got := w.period(desk); got != "2026-q3" {
		t.Error(got)
	}
	c.Assessments[0].Latest = true // of another instrument, say
	if got := w.period(desk); got != "2026-10-15" {
		t.Error(got)
	}
	for i := range c.Assessments[0].Scores {
		c.Assessments[0].Scores[i].Weak = false
	}
	if got := w.period(desk); got != "2026-q3" {
		t.Error(got)
	}
}

// TestRenamed: a department that is called otherwise now keeps its cohort, its people and
// their plans.
func TestRenamed(t *testing.T) {
	s, address := staffed(t, moodletest.Options{})
	batch := of(records(t), "wrenmoor")
	wrote(t, connected(t, address, people), batch)
	desk := slices.IndexFunc(s.Cohorts, func(c *moodletest.Cohort) bool { return c.IDNumber == "firstcall:wrenmoor/front-desk" })
	cohort := s.Cohorts[desk].ID
	renamed := edited(t, batch, `"name":"Front Desk","former_names":["Reception"]`, `"name":"Welcome","former_names":["Reception","Front Desk"]`)
	all(t, wrote(t, connected(t, address, people), renamed), sdk.Updated)
	if c := s.Cohorts[desk]; len(s.Cohorts) != 5 || c.ID != cohort || c.IDNumber != "firstcall:wrenmoor/welcome" || c.Name != "Wrenmoor Hotels: Welcome" || len(c.Members) != 2 {
		t.Errorf("%d cohorts: %+v", len(s.Cohorts), c)
	}
	welcome := 0
	for _, p := range s.Plans {
		if p.Name == "Service culture: Welcome" && strings.Contains(p.Description, "<p>firstcall:wrenmoor/welcome#2026-q3</p>") {
			welcome++
		}
	}
	if len(s.Plans) != 3 || welcome != 2 || len(s.Competencies) != 18 {
		t.Errorf("%d plans, %d of them renamed; %d competencies", len(s.Plans), welcome, len(s.Competencies))
	}
	all(t, wrote(t, connected(t, address, people), renamed), sdk.Unchanged)
	s.Look(func() { s.Cohorts[desk].IDNumber, s.Cohorts[desk].Category = "firstcall:wrenmoor/reception", true })
	outcomes := wrote(t, connected(t, address, people), renamed)
	if len(s.Cohorts) != 5 || !strings.Contains(outcomes[0].Diagnostic.Summary, "belongs to a course category") {
		t.Errorf("%d cohorts, %+v", len(s.Cohorts), outcomes[0].Diagnostic)
	}
}

// TestDrafts: a plan that somebody has sent back to draft is left alone, by whoever may
// see it. Who may not makes another: nothing tells that there is one.
func TestDrafts(t *testing.T) {
	if may := capabilities["core_competency_list_user_plans"]; !strings.Contains(may, "moodle/competency:planmanagedraft") {
		t.Error(may)
	}
	for capability, want := range map[string]int{"": 3, "moodle/competency:planmanagedraft": 5} {
		s, address := staffed(t, moodletest.Options{Lacks: []string{capability}})
		batch := of(records(t), "wrenmoor")
		wrote(t, connected(t, address, people), batch)
		s.Look(func() {
			s.Plans[0].Status, s.Plans[0].Description = 0, s.Plans[0].Description+"<p>Mine.</p>"
			s.Plans[1].Status = 3 // waiting for review
		})
		said := wrote(t, connected(t, address, people), batch)[0].Diagnostic.Summary
		if len(s.Plans) != want || strings.Contains(said, "since they are drafts: 2") != (want == 3) || !strings.HasSuffix(s.Plans[0].Description, "Mine.</p>") {
			t.Errorf("%q: %d plans; %s", capability, len(s.Plans), said)
		}
	}
}
