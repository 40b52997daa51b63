package tryton

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/exporters/tryton/trytontest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// recordsOf are an assessment and a plan with two actions of a client.
func recordsOf(t *testing.T, client, name string, index float64) []sdk.Record {
	t.Helper()
	n := int64(40)
	body, err := json.Marshal(record.AssessmentBody{
		Instrument: record.Instrument{
			ID: "acme", Version: "1.0", Title: "Acme", Scale: &record.Scale{Min: 1, Max: 5},
			Bands: []record.Band{{At: 0, Name: "Weak"}, {At: 50, Name: "Good"}}, Dimensions: []record.DimensionText{{ID: "customers", Title: "Care"}},
		},
		N: &n, Index: &index, Band: "Good", Dimensions: []record.Dimension{{ID: "customers", N: &n, Percent: &index, Band: "Good"}},
		Method: record.Method{Missing: "min_half", MinGroup: 5, Confidence: 0.95},
	})
	if err != nil {
		t.Fatal(err)
	}
	rec := &record.Record{Client: record.Client{ID: client, Name: name}, AsOf: "2026-09-30", Sources: []string{}, Tool: record.Tool{Name: "firstcall", Version: "1.2.3"}, Assessment: &record.Assessment{}}
	if err := json.Unmarshal(body, rec.Assessment); err != nil {
		t.Fatal(err)
	}
	if err := rec.Seal(record.Key{Client: client, Kind: record.KindAssessment, Subject: "acme", Wave: "1"}); err != nil {
		t.Fatal(err)
	}
	plan, err := record.NewPlan(rec, record.Plan{Title: "Plan", Actions: []record.Action{
		{ID: "greet", What: "Agree how guests are greeted", Why: "It is the lowest score.", Due: "2026-10-31"},
		{ID: "thank", What: "Thank in person", Why: "Nobody does."},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var out []sdk.Record
	for _, r := range []*record.Record{rec, plan} {
		sent, err := sdk.NewRecord(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sent)
	}
	return out
}

// tally counts outcomes by status.
func tally(t *testing.T, outcomes []sdk.Outcome, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	n := map[sdk.Status]int{}
	for _, o := range outcomes {
		n[o.Status]++
	}
	return fmt.Sprintf("%d created, %d updated, %d unchanged, %d rejected", n[sdk.Created], n[sdk.Updated], n[sdk.Unchanged], n[sdk.Rejected])
}

// Whatever is lost on the way, each client is one party with a note and two tasks. One
// that the server refuses keeps none of the others out.
func TestFaults(t *testing.T) {
	ctx := context.Background()
	server := trytontest.Start(t, trytontest.Options{Strict: true})
	faults := faulty.New(server.Handler(), faulty.Rates{TooMany: 0.1, Dropped: 0.1}, 7)
	front := httptest.NewServer(faults)
	defer front.Close()
	e := quick()
	e.Base = front.URL

	var batch []sdk.Record
	for i := range 20 {
		name := fmt.Sprintf("Client %d", i)
		if i == 13 {
			name = "REFUSED"
		}
		batch = append(batch, recordsOf(t, fmt.Sprintf("client-%d", i), name, 61.25)...)
	}
	session, err := e.Open(ctx, settings(t, server.Settings(), trytontest.Password), true)
	if err != nil {
		t.Fatal(err)
	}
	check := func(want, call string) {
		t.Helper()
		write := session.Write
		if call == "plan" {
			write = session.Plan
		}
		outcomes, err := write(ctx, sdk.Run{}, batch)
		if got := tally(t, outcomes, err); got != want {
			t.Errorf("%s: %s, want %s", call, got, want)
		}
		for i, o := range outcomes {
			if o.Status == sdk.Rejected && (i/2 != 13 || !strings.Contains(o.Diagnostic.Summary, "The word REFUSED is not wanted. Use another.")) {
				t.Errorf("record %d: %+v", i, o.Diagnostic)
			}
		}
	}
	count := func(parties, notes, tasks, projects int) {
		t.Helper()
		if p, n, k, j := server.Parties(t)-1, server.Notes(t), server.Tasks(t), server.Projects(t); p != parties || n != notes || k != tasks || j != projects {
			t.Errorf("there are %d parties, %d notes, %d tasks and %d projects, want %d, %d, %d and %d", p, n, k, j, parties, notes, tasks, projects)
		}
	}
	check("40 created, 0 updated, 0 unchanged, 0 rejected", "plan")
	count(0, 0, 0, 0)
	check("38 created, 0 updated, 0 unchanged, 2 rejected", "write")
	count(19, 19, 38, 19)
	check("0 created, 0 updated, 38 unchanged, 2 rejected", "write")
	copy(batch, recordsOf(t, "client-0", "Client 0", 70))
	server.ForgetSessions(t)
	check("0 created, 1 updated, 37 unchanged, 2 rejected", "write")
	count(19, 19, 38, 19)
	if tooMany, dropped := faults.Failed(); tooMany < 5 || dropped < 5 {
		t.Errorf("only %d answers were 429, and %d were lost", tooMany, dropped)
	}
}

// With fields of a module the figures stand at the party; without the module the export
// does not begin.
func TestFigures(t *testing.T) {
	ctx := context.Background()
	server := trytontest.Start(t, trytontest.Options{})
	values := server.Settings()
	values["figures"] = "fields"
	_, err := quick().Open(ctx, settings(t, values, trytontest.Password), true)
	diagnosed(t, err, "tryton.field", "")
	if err == nil || !strings.Contains(err.Error(), "firstcall_index") {
		t.Errorf("error %v", err)
	}
	session, err := quick().Open(ctx, settings(t, values, trytontest.Password), false)
	if err != nil {
		t.Fatal(err)
	}
	needed, err := session.(sdk.Provisioner).Provision(ctx, true)
	if err != nil || len(needed) < 10 {
		t.Fatalf("%d fields, error %v", len(needed), err)
	}
	files := 0
	for _, p := range needed {
		if p.File != nil {
			files++
		} else if p.Object == "party.code" {
			if p.File == nil && p.Action != sdk.ActionExists {
				t.Errorf("%+v", p)
			}
		} else if p.Action != sdk.ActionMismatch || p.Diagnostic == nil || !strings.Contains(p.Diagnostic.Summary, "Tryton takes fields from modules only") {
			t.Errorf("%+v, %v", p, p.Diagnostic)
		}
	}
	if files != 6 {
		t.Errorf("%d files of a module", files)
	}
}

// With the module that the exporter makes, the figures stand at the party, and a second
// export finds them as they are.
func TestFiguresInFields(t *testing.T) {
	ctx := context.Background()
	server := trytontest.Start(t, trytontest.Options{Files: filesOf(t, usual(t))})
	values := server.Settings()
	values["figures"] = "fields"
	session, err := quick().Open(ctx, settings(t, values, trytontest.Password), true)
	if err != nil {
		t.Fatal(err)
	}
	batch := recordsOf(t, "a", "Alder Row", 61.25)
	for _, want := range []string{"2 created, 0 updated, 0 unchanged, 0 rejected", "0 created, 0 updated, 2 unchanged, 0 rejected"} {
		outcomes, err := session.Write(ctx, sdk.Run{}, batch)
		if got := tally(t, outcomes, err); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	equal(t, server.Rows(t, "SELECT firstcall_index, firstcall_band, firstcall_respondents, firstcall_score_customers, firstcall_open_actions, substr(firstcall_date, 1, 10), firstcall_score_training FROM party_party WHERE code = 'a'"),
		[]string{"61.25|Good|40|61.25|2|2026-09-30|"})
	needed, err := session.(sdk.Provisioner).Provision(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range needed {
		if p.File == nil && p.Action != sdk.ActionExists {
			t.Errorf("%+v, %v", p, p.Diagnostic)
		}
	}
}
