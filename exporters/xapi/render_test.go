package xapi

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/xapi/lrstest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var update = flag.Bool("update", false, "write the golden files anew")

// rendered gives the statements of a file.
func rendered(t *testing.T, settings, name string, records ...sdk.Record) []statement {
	t.Helper()
	files, _ := exporttest.Render(t, Exporter{}, settings, records)
	var all []statement
	if err := json.Unmarshal(files[name], &all); err != nil {
		t.Fatalf("%v in %q of %v", err, files[name], slices.Collect(maps.Keys(files)))
	}
	return all
}

func TestGolden(t *testing.T) {
	records := []sdk.Record{acme().record(t), acme().plan(t, "Front desk", "2026-10-15"), acme().organization(t, "Front desk", "House")}
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, records)
	for _, o := range outcomes {
		if o.Status != sdk.Created {
			t.Errorf("%+v", o)
		}
	}
	const path = "testdata/acme-xapi.json"
	if *update {
		if err := os.WriteFile(path, files["acme-xapi.json"], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || !bytes.Equal(files["acme-xapi.json"], want) {
		t.Errorf("files %v differ from %s; run with -update and read the diff", slices.Collect(maps.Keys(files)), path)
	}
	slices.Reverse(records)
	if again, _ := exporttest.Render(t, Exporter{}, `{}`, records); !bytes.Equal(again["acme-xapi.json"], want) {
		t.Error("the order of the records changes the file")
	}
}

// TestScores: figures by hand. Front desk's 2.5 of 1 to 5 is 1.5 of 4 steps.
func TestScores(t *testing.T) {
	all := rendered(t, `{}`, "acme-xapi.json", acme().record(t))
	if len(all) != ofAcme {
		t.Fatalf("%d statements", len(all))
	}
	got := all[2]
	if got.Result.Score != (score{Scaled: 0.375, Raw: 2.5, Min: 1, Max: 5}) || got.Actor.Account.Name != "acme/front-desk" || got.Actor.Name != "Acme Ltd, Front desk" ||
		got.Verb.ID != "http://adlnet.gov/expapi/verbs/scored" || got.Object.Definition.Type != "http://adlnet.gov/expapi/activities/objective" ||
		got.Context.Activities.Parent[0].Definition.Type != "http://adlnet.gov/expapi/activities/assessment" || got.Timestamp != "2026-09-30T00:00:00.000Z" {
		t.Errorf("%+v", got)
	}
	ids := map[string]bool{}
	for _, s := range all {
		id, err := uuid.Parse(s.ID)
		if err != nil || id.Version() != 5 || ids[s.ID] {
			t.Errorf("%s: version %d, error %v", s.ID, id.Version(), err)
		}
		ids[s.ID] = true
		if (s.Context.Registration == all[0].Context.Registration) != (s.Verb.ID == scoredVerb) || s.Context.Platform != "firstcall" {
			t.Errorf("%+v", s.Context)
		}
	}
	if all[0].Actor.Account != (account{"https://github.com/firstcall-cli/firstcall/xapi", "acme"}) || all[0].Actor.Name != "Acme Ltd" {
		t.Errorf("%+v", all[0].Actor)
	}
}

// TestClamp: a mean that lies a hair outside of its scale, as sums do, makes a statement
// that an LRS takes.
func TestClamp(t *testing.T) {
	s := acme()
	s.all = [2]float64{0.9999999999, 5.0000000001}
	all := rendered(t, `{}`, "acme-xapi.json", s.record(t))
	if low, high := all[0].Result.Score, all[1].Result.Score; low != (score{Scaled: 0, Raw: 1, Min: 1, Max: 5}) || high != (score{Scaled: 1, Raw: 5, Min: 1, Max: 5}) {
		t.Errorf("%+v %+v", low, high)
	}
}

// TestLanguage: what is ours is English, whatever language the client's texts are in.
func TestLanguage(t *testing.T) {
	s := acme()
	s.direction = "high-is-bad"
	all := rendered(t, `{"language":"de-AT"}`, "acme-xapi.json", s.record(t))
	for i, want := range map[int]definition{
		0: {Name: map[string]string{"de-AT": "Managers"}, Description: map[string]string{"de-AT": "They lead & <serve>.", "en-US": "A high score is a bad sign."}},
		1: {Name: map[string]string{"de-AT": "Training"}, Description: map[string]string{"en-US": "A high score is a bad sign."}},
		6: {Name: map[string]string{"en-US": "Self-study module: service culture at Acme Ltd"}},
	} {
		if got := all[i].Object.Definition; !maps.Equal(got.Name, want.Name) || !maps.Equal(got.Description, want.Description) {
			t.Errorf("%d: %+v", i, got)
		}
	}
}

// TestNames: who and what is called otherwise gives statements their ids again; whom a
// statement is about does not.
func TestNames(t *testing.T) {
	of := func(records ...sdk.Record) []string {
		var all []string
		for _, x := range rendered(t, `{}`, "acme-xapi.json", records...) {
			all = append(all, x.ID)
		}
		return all
	}
	ids := func(s survey, more ...sdk.Record) []string { return of(append(more, s.record(t))...) }
	titled := func(was, is string) []string {
		r := acme().record(t)
		if !strings.Contains(string(r.JSON), was) {
			t.Fatalf("no %s in %s", was, r.JSON)
		}
		r.JSON = []byte(strings.ReplaceAll(string(r.JSON), was, is))
		return of(r)
	}
	if got := titled(`"title":"Managers","about":"They`, `"title":"Leaders","about":"Those`); !slices.Equal(got, ids(acme())) {
		t.Error("another title of a dimension changes ids")
	}
	if got := titled("Eight qualities", "Nine qualities"); got[0] == ids(acme())[0] {
		t.Error("another title of the instrument changes no id")
	}
	renamed := acme()
	renamed.name = "Acme Inc"
	if got := ids(renamed, acme().organization(t, "Front desk", "House")); !slices.Equal(got, ids(acme())) {
		t.Error("another name of the client changes ids")
	}
	other := acme()
	other.departments[1].name = "Kitchen"
	if got := ids(other); got[4] == ids(acme())[4] {
		t.Error("two departments share a statement")
	}
}

// TestHighIsBad: scores stay as they are, and say that a high one is bad.
func TestHighIsBad(t *testing.T) {
	s := acme()
	s.direction = "high-is-bad"
	all := rendered(t, `{"base":"https://learn.example.org/"}`, "acme-xapi.json", s.record(t))
	got := all[2]
	if got.Result.Score.Raw != 2.5 || got.Result.Score.Scaled != 0.375 || got.Context.Extensions["https://learn.example.org/extensions/direction"] != "high-is-bad" ||
		got.Object.Definition.Description["en-US"] != "They lead & <serve>. A high score is a bad sign." || all[3].Object.Definition.Description["en-US"] != "A high score is a bad sign." {
		t.Errorf("%+v %+v", got, got.Object.Definition)
	}
	if gaps := len(all) - 6; gaps != 2 { // training at the front desk, managers in the house
		t.Errorf("%d departments have gaps", gaps)
	}
}

// TestDue: a plan of the department comes first, then one of everybody, then so many days
// after the assessment.
func TestDue(t *testing.T) {
	s := acme()
	for want, records := range map[string][]sdk.Record{
		"2026-10-20": {s.record(t), s.plan(t, "Front desk", "2026-10-20")},
		"2026-12-01": {s.record(t), s.plan(t, "", "2026-12-01")},
		"2026-11-29": {s.record(t), s.plan(t, "House", "2026-10-20")},
	} {
		all := rendered(t, `{}`, "acme-xapi.json", records...)
		got := all[len(all)-1]
		extensions := got.Context.Extensions
		base := "https://github.com/firstcall-cli/firstcall/xapi/extensions/"
		gaps, _ := extensions[base+"gaps"].([]any)
		if extensions[base+"due"] != want || len(gaps) != 1 || gaps[0] != "managers" || got.Verb.ID != "http://activitystrea.ms/schema/1.0/assign" ||
			got.Object.Definition.Type != "http://adlnet.gov/expapi/activities/module" || got.Result != nil || extensions[base+"wave"] != "2026-q3" {
			t.Errorf("%s: %+v", want, got)
		}
	}
	all := rendered(t, `{"due_days":1}`, "acme-xapi.json", s.record(t))
	if due := all[6].Context.Extensions["https://github.com/firstcall-cli/firstcall/xapi/extensions/due"]; due != "2026-10-01" {
		t.Errorf("due %v", due)
	}
}

// TestOnlyThatOne: a score that changes changes the id of its own statement, whatever
// else a record says by another name.
func TestOnlyThatOne(t *testing.T) {
	ids := func(s survey) []string {
		var all []string
		for _, x := range rendered(t, `{}`, "acme-xapi.json", s.record(t)) {
			all = append(all, x.ID)
		}
		return all
	}
	a, b, later := acme(), acme(), acme()
	b.departments = []department{{"Front desk", [2]float64{2.25, 4}}, b.departments[1]}
	before, after := ids(a), ids(b)
	for i := range before {
		if (before[i] != after[i]) != (i == 2) {
			t.Errorf("statement %d: %s and %s", i, before[i], after[i])
		}
	}
	later.day = "2026-10-02"
	if got := ids(later)[:6]; !slices.Equal(got, before[:6]) {
		t.Error("another day gives scores another id")
	}
	other := acme()
	other.wave = "2026-q4"
	for i, id := range ids(other) {
		if id == before[i] {
			t.Errorf("statement %d of two waves has one id", i)
		}
	}
}

// TestFiles: each client has its file, with a name of its own.
func TestFiles(t *testing.T) {
	upper, con, none := acme(), acme(), acme()
	upper.client, con.client, none.client = "ACME", "con", "no-body"
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, []sdk.Record{acme().record(t), upper.record(t), con.record(t), none.organization(t, "Front desk")})
	names := slices.Sorted(maps.Keys(files))
	if want := []string{"acme-xapi.json", "acme~2-xapi.json", "con-xapi.json"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	if d := outcomes[3].Diagnostic; outcomes[3].Status != sdk.Created || d == nil || d.Code != "xapi.empty" || d.Severity != sdk.SeverityWarning {
		t.Errorf("%+v", outcomes[3])
	}
}

// TestNoDay: an assessment without a day is refused, and the others are written.
func TestNoDay(t *testing.T) {
	none := sealedRecord(t, record.KindAssessment, record.Key{Client: "acme", Kind: record.KindAssessment, Subject: "x"}, "Acme", "",
		`{"instrument":{"id":"x","version":"1","title":"X","direction":"high-is-good","weak_below":50,"scale":{"min":1,"max":5},"dimensions":[]},"method":{"missing":"min_half","min_group":5,"confidence":0.95}}`)
	files, outcomes := exporttest.Render(t, Exporter{}, `{}`, []sdk.Record{none, acme().record(t)})
	if outcomes[0].Status != sdk.Rejected || outcomes[0].Diagnostic.Code != "xapi.day" || outcomes[1].Status != sdk.Created || !strings.Contains(string(files["acme-xapi.json"]), "2026-q3") {
		t.Errorf("%+v", outcomes)
	}
}

// TestWithheldInFiles: a department that is withheld is in no byte, whatever else names
// it. What an earlier wave has published of it stays the earlier wave's, and no module is
// assigned to it.
func TestWithheldInFiles(t *testing.T) {
	s, before := acme(), acme()
	s.departments = append(s.departments, department{name: "Sauna"})
	others := []sdk.Record{s.organization(t, "Front desk", "House", "Sauna"), s.plan(t, "Sauna", "2026-10-05")}
	files, _ := exporttest.Render(t, Exporter{}, `{}`, append(others, s.record(t)))
	text := string(files["acme-xapi.json"])
	if strings.Contains(strings.ToLower(text), "sauna") || strings.Contains(text, "2026-10-05") || !strings.Contains(text, "Front desk") {
		t.Errorf("%s", text)
	}
	before.wave, before.day = "2026-q1", "2026-03-31"
	before.departments = append(before.departments, department{"Sauna", [2]float64{2, 2}})
	n := 0
	for _, x := range rendered(t, `{}`, "acme-xapi.json", append(others, s.record(t), before.record(t))...) {
		if x.Actor.Name != "Acme Ltd, Sauna" {
			continue
		}
		n++
		if x.Verb.ID != scoredVerb || x.Timestamp != "2026-03-31T00:00:00.000Z" {
			t.Errorf("%+v", x)
		}
	}
	if n != 2 {
		t.Errorf("%d statements of the earlier wave", n)
	}
}

// TestFilesAreTaken: what a file has is what an LRS of either version takes as it is.
func TestFilesAreTaken(t *testing.T) {
	for _, version := range []string{"1.0.3", "2.0"} {
		server := lrstest.New(lrstest.Options{Version: version})
		store, faults := Exporter{}.store(pushConfig(t, serve(t, server), "version", `"`+version+`"`))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if err := store.put(t.Context(), rendered(t, `{}`, "acme-xapi.json", acme().record(t))); err != nil {
			t.Error(err)
		}
		counts(t, server, ofAcme, 0, 0)
	}
}
