package espocrm

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/espocrm/espocrmtest"
	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const sample = "../../core/record/flat/testdata/records.ndjson"

// batch are the records of the sample that the exporter takes, and plans of more clients.
func batch(t *testing.T, clients int) []sdk.Record {
	t.Helper()
	all := slices.DeleteFunc(exporttest.Records(t, sample), func(r sdk.Record) bool { return r.Kind == record.KindJob })
	for i := range clients {
		id := fmt.Sprintf("client-%02d", i)
		of := &record.Record{Key: id + "/folder/jobs", Kind: record.KindFolder, Client: record.Client{ID: id, Name: "Client " + fmt.Sprint(i)}, AsOf: "2026-09-30"}
		plan := record.Plan{Title: "Jobs"}
		for a := range 3 {
			plan.Actions = append(plan.Actions, record.Action{ID: fmt.Sprint(a), What: fmt.Sprintf("Mend %d of %d", a, i), Due: "2026-12-01", Origin: "review"})
		}
		rec, err := record.NewPlan(of, plan)
		if err != nil {
			t.Fatal(err)
		}
		r, err := sdk.NewRecord(rec)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// opened is a session, for the settings of which more are pairs.
func opened(t *testing.T, address string, check bool, more ...string) sdk.Session {
	t.Helper()
	s, err := Exporter{Sleep: asleep}.Open(t.Context(), config(t, address, more...), check)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// content is what a site has of us, without ids and moments.
func content(s *espocrmtest.Server) []string {
	name := map[any]any{}
	for _, o := range s.Objects("Account") {
		name[o["id"]] = o[key]
	}
	var out []string
	for _, entity := range []string{"Account", "Note", "Task"} {
		for _, o := range s.Objects(entity) {
			o["parentId"] = name[o["parentId"]]
			delete(o, "id")
			delete(o, "createdAt")
			out = append(out, fmt.Sprint(entity, " ", o))
		}
	}
	slices.Sort(out)
	return out
}

// TestSession: fields are made, records are written once though every tenth answer is
// lost and every tenth request is turned away, and then there is nothing to be done.
func TestSession(t *testing.T) {
	records := batch(t, 30)
	var want []string
	for _, seed := range []uint64{0, 1, 2, 3} {
		server, address := site(t, espocrmtest.Options{Fields: map[string]string{"cOther": "int"}, AdminUser: "root", AdminPassword: "pw"})
		if _, err := (Exporter{Sleep: asleep}).Open(t.Context(), config(t, address), true); code(t, err) != "espocrm.field" {
			t.Fatalf("%v", err)
		}
		provisioned, err := opened(t, address, false, "admin_user", "root", "admin_password", "pw").(sdk.Provisioner).Provision(t.Context(), true)
		provisioned, files := exporttest.Apart(provisioned)
		if err != nil || len(provisioned) != len(crm.Catalog(nil))+8 || files == 0 {
			t.Fatalf("%d %v", len(provisioned), err)
		}
		for _, p := range provisioned {
			if p.Action != sdk.ActionCreate || p.Diagnostic != nil {
				t.Errorf("%+v", p)
			}
		}
		if seed > 0 {
			h := httptest.NewServer(faulty.New(server, faulty.Rates{TooMany: 0.1, Dropped: 0.1}, seed))
			t.Cleanup(h.Close)
			address = h.URL
		}
		write(t, address, records)
		got := content(server)
		if seed == 0 {
			want = got
			continue
		}
		if !slices.Equal(got, want) {
			t.Errorf("with faults %d: %d objects, want %d", seed, len(got), len(want))
		}
	}
	accounts := slices.IndexFunc(want, func(s string) bool { return s[0] != 'A' })
	notes := slices.IndexFunc(want[accounts:], func(s string) bool { return s[0] != 'N' })
	if accounts != 33 || notes != 2 || len(want)-accounts-notes < 92 {
		t.Errorf("%d accounts, %d notes, %d in all", accounts, notes, len(want))
	}
}

// write writes records until all are there, and then again.
func write(t *testing.T, address string, records []sdk.Record) {
	t.Helper()
	todo := records
	for round := 0; len(todo) > 0; round++ {
		if round == 20 {
			t.Fatalf("%d records are never written", len(todo))
		}
		var again []sdk.Record
		for i, o := range send(t, address, todo) {
			switch o.Status {
			case sdk.Retry:
				todo[i].InDoubt = true
				again = append(again, todo[i])
			case sdk.Rejected, sdk.Deferred:
				t.Fatalf("%s: %+v", todo[i].Key, o.Diagnostic)
			}
		}
		todo = again
	}
	for i, o := range send(t, address, records) {
		if o.Status != sdk.Unchanged && o.Status != sdk.Retry {
			t.Errorf("%s: %v %+v", records[i].Key, o.Status, o.Diagnostic)
		}
	}
}

// send writes records in a new session.
func send(t *testing.T, address string, records []sdk.Record) []sdk.Outcome {
	t.Helper()
	for range 20 { // a session is not opened while answers are lost
		s, err := Exporter{Sleep: asleep}.Open(t.Context(), config(t, address), true)
		if err != nil {
			continue
		}
		out, err := s.Write(t.Context(), sdk.Run{}, records)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	t.Fatal("no session is opened")
	return nil
}

// TestTwins: two accounts with one key, and one whose key is mistyped, are told.
func TestTwins(t *testing.T) {
	names := map[string]string{}
	for _, f := range crm.Catalog([]string{"culture", "impression", "implementation", "training", "customers", "managers", "communication", "measurement"}) {
		names[fieldName(f.ID)] = typeOf(f.Type)
		if f.Type == crm.LineType {
			names[fieldName(f.ID)] = "varchar"
		}
	}
	server, address := site(t, espocrmtest.Options{Fields: names})
	for _, k := range []string{"client-00", "client-00", "client-o1"} {
		server.Put("Account", map[string]any{"name": "Client 1", key: k})
	}
	out := send(t, address, batch(t, 2))
	got := out[len(out)-2:]
	if got[0].Status != sdk.Rejected || got[0].Diagnostic.Code != "espocrm.several" {
		t.Errorf("%+v", got[0].Diagnostic)
	}
	if got[1].Status != sdk.Rejected || got[1].Diagnostic.Code != "espocrm.refused" {
		t.Errorf("%+v", got[1].Diagnostic)
	}
}
