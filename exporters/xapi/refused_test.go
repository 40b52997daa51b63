package xapi

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/exporters/xapi/lrstest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// TestRefused: a statement that breaks a rule of the LRS is named, and all others are
// stored.
func TestRefused(t *testing.T) {
	rule := "training is not scored here"
	server := lrstest.New(lrstest.Options{MostPost: 20, Refuse: func(s map[string]any) string {
		if strings.HasSuffix(str(s, "object", "id"), "/training") && strings.HasSuffix(str(s, "actor", "account", "name"), "/house") {
			return rule
		}
		return ""
	}})
	address := serve(t, server)
	other, third := acme(), acme()
	other.client, third.client = "bell", "cole"
	third.departments = third.departments[:1]
	out := write(t, address, acme().record(t), other.record(t), third.record(t))
	wants(t, out, sdk.Rejected, sdk.Rejected, sdk.Created)
	d := out[0].Diagnostic
	if d.Code != "xapi.refused" || !strings.HasPrefix(d.Summary, "1 of 7 statements could not be stored: Training, of House (id ") || !strings.Contains(d.Summary, rule) || d.Hint == "" {
		t.Errorf("%+v", d)
	}
	counts(t, server, 2*(ofAcme-1)+5, 0, 0)
	rule = "another rule"
	wants(t, write(t, address, acme().record(t)), sdk.Rejected)
	counts(t, server, 2*(ofAcme-1)+5, 0, 0)
}

// TestTogether: what is refused of one record is told with all records of its client,
// which come again together; a record that is to be tried again takes all along.
func TestTogether(t *testing.T) {
	refuse := true
	server := lrstest.New(lrstest.Options{Refuse: func(s map[string]any) string {
		if refuse && strings.HasSuffix(str(s, "object", "id"), "/training") && strings.HasPrefix(str(s, "timestamp"), "2026-09-30") {
			return "no training"
		}
		return ""
	}})
	address := serve(t, server)
	later, other := acme(), acme()
	later.wave, later.day, other.client, other.day = "2027-q1", "2027-03-31", "bell", "2026-09-29"
	records := []sdk.Record{acme().record(t), later.record(t), later.plan(t, "Front desk", "2027-05-01"), acme().organization(t, "Front desk"), other.record(t)}
	out := write(t, address, records...)
	wants(t, out, sdk.Rejected, sdk.Rejected, sdk.Rejected, sdk.Rejected, sdk.Created)
	if d := out[0].Diagnostic; d.Code != "xapi.refused" || !strings.HasPrefix(d.Summary, "3 of 6 statements") || !strings.HasSuffix(d.Summary, "; all else of this client is stored") {
		t.Errorf("%+v", d)
	}
	for _, o := range out[1:4] {
		if d := o.Diagnostic; d.Code != "xapi.together" || !strings.Contains(d.Summary, records[0].Key+": 3 of 6 statements could not be stored: Training (id ") || !strings.Contains(d.Hint, "--retry") {
			t.Errorf("%+v", d)
		}
	}
	counts(t, server, 3+ofAcme+ofAcme, 0, 0)
	refuse = false
	wants(t, write(t, address, records[:4]...), sdk.Updated, sdk.Unchanged, sdk.Unchanged, sdk.Unchanged)
	counts(t, server, 6+ofAcme+ofAcme, 0, 0)
}

// TestTogetherLater: where a record of a client is to be tried again, all are, also those
// of which something is refused.
func TestTogetherLater(t *testing.T) {
	server := lrstest.New(lrstest.Options{Refuse: func(s map[string]any) string {
		if strings.HasPrefix(str(s, "timestamp"), "2026-09-30") {
			return "no"
		}
		return ""
	}})
	first, second := acme(), acme()
	second.wave, second.day = "2027-q1", "2027-03-31"
	down := newMaker(config(t, `{}`, nil)).registration("acme/assessment/eight-qualities/2027-q1")
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("registration") == down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		server.ServeHTTP(w, r)
	}))
	out := write(t, address, first.record(t), second.record(t), second.plan(t, "", "2027-05-01"))
	wants(t, out, sdk.Retry, sdk.Retry, sdk.Retry)
	if len(out[0].Remote) == 0 || out[0].Diagnostic == nil {
		t.Errorf("%+v", out[0])
	}
}

// TestOldStays: where a new score is refused, the old one stays.
func TestOldStays(t *testing.T) {
	refuse := false
	server := lrstest.New(lrstest.Options{Refuse: func(s map[string]any) string {
		if refuse && strings.HasSuffix(str(s, "object", "id"), "/managers") {
			return "no"
		}
		return ""
	}})
	address := serve(t, server)
	write(t, address, acme().record(t))
	refuse = true
	b := acme()
	b.all = [2]float64{3, 3}
	wants(t, write(t, address, b.record(t)), sdk.Rejected)
	counts(t, server, ofAcme, 1, 1) // training is new
	refuse = false
	wants(t, write(t, address, b.record(t)), sdk.Updated)
	counts(t, server, ofAcme, 2, 2)
}

// planted gives the statements of a survey as they will be sent.
func planted(t *testing.T, s survey) []map[string]any {
	t.Helper()
	away := lrstest.New(lrstest.Options{})
	write(t, serve(t, away), s.record(t))
	return away.Live()
}

// TestConflict: a statement of our id with other content is named; one with the same
// content is there already, wherever its registration leads.
func TestConflict(t *testing.T) {
	for name, test := range map[string]struct {
		spoil  func(s map[string]any)
		status sdk.Status
		live   int
	}{
		"other score, same registration": {func(s map[string]any) { s["result"].(map[string]any)["score"].(map[string]any)["raw"] = 1.5 }, sdk.Rejected, ofAcme},
		"other registration":             {func(s map[string]any) { s["context"].(map[string]any)["registration"] = registrationOfNobody }, sdk.Rejected, ofAcme},
		"a success":                      {func(s map[string]any) { s["result"].(map[string]any)["success"] = true }, sdk.Rejected, ofAcme},
		"another verb":                   {func(s map[string]any) { s["verb"].(map[string]any)["id"] = assignVerb }, sdk.Rejected, ofAcme},
		"another group":                  {func(s map[string]any) { s["actor"].(map[string]any)["account"].(map[string]any)["name"] = "x" }, sdk.Rejected, ofAcme},
		"a score with a digit less": {func(s map[string]any) {
			s["result"].(map[string]any)["score"].(map[string]any)["raw"] = 3.5000000000001
		}, sdk.Updated, ofAcme},
		"another time":                   {func(s map[string]any) { s["timestamp"] = "2026-09-30T00:00:00Z" }, sdk.Updated, ofAcme},
		"another name of the activity":   {func(s map[string]any) { delete(s["object"].(map[string]any), "definition") }, sdk.Updated, ofAcme},
		"a parent that stands by itself": {func(s map[string]any) { one(s) }, sdk.Updated, ofAcme},
		"an extension more in the result": {func(s map[string]any) {
			s["result"].(map[string]any)["extensions"].(map[string]any)["https://x.example"] = 1
		}, sdk.Rejected, ofAcme},
	} {
		server := lrstest.New(lrstest.Options{})
		first := planted(t, acme())[0]
		test.spoil(first)
		server.Put(first)
		out := write(t, serve(t, server), acme().record(t))
		if out[0].Status != test.status {
			t.Errorf("%s: %v %+v", name, out[0].Status, out[0].Diagnostic)
			continue
		}
		if test.status == sdk.Rejected && !strings.Contains(out[0].Diagnostic.Summary, "Managers (id "+str(first, "id")+"): the LRS has another statement of this id") {
			t.Errorf("%s: %s", name, out[0].Diagnostic.Summary)
		}
		counts(t, server, test.live, 0, 0)
	}
}

const registrationOfNobody = "00000000-0000-4000-8000-000000000000"

func one(s map[string]any) {
	activities := s["context"].(map[string]any)["contextActivities"].(map[string]any)
	activities["parent"] = activities["parent"].([]any)[0]
}

// TestUnlisted: a statement that a list does not show and is there counts as there; one
// that is void for a reason the list does not show is sent under another id.
func TestUnlisted(t *testing.T) {
	server := lrstest.New(lrstest.Options{Once: true, Quiet: true})
	all := planted(t, acme())
	server.Hold(true)
	for _, s := range all[:3] {
		server.Put(s)
	}
	address := serve(t, server)
	wants(t, write(t, address, acme().record(t)), sdk.Created)
	counts(t, server, ofAcme, 0, 0)
	server.Put(map[string]any{"id": registrationOfNobody, "verb": map[string]any{"id": voidedVerb}, "object": map[string]any{"objectType": "StatementRef", "id": str(all[4], "id")}})
	counts(t, server, ofAcme-1, 1, 1)
	wants(t, write(t, address, acme().record(t)), sdk.Created)
	counts(t, server, ofAcme, 1, 1)
}

// TestLost: answers that are lost, and pauses that are asked for, leave each statement
// there once.
func TestLost(t *testing.T) {
	server := lrstest.New(lrstest.Options{Page: 30})
	bad := faulty.New(server, faulty.Rates{TooMany: 0.1, Dropped: 0.1}, 7)
	address := serve(t, bad)
	var records []sdk.Record
	for i := range 40 {
		s := acme()
		s.client = fmt.Sprintf("client-%02d", i)
		records = append(records, s.record(t))
	}
	session := open(t, address, "batch", "10")
	for range 20 {
		out, err := session.Write(t.Context(), sdk.Run{}, records)
		if err != nil {
			t.Fatal(err)
		}
		var again []sdk.Record
		for i, o := range out {
			if o.Status == sdk.Retry {
				again = append(again, records[i])
			} else if o.Status == sdk.Rejected {
				t.Errorf("%+v", o.Diagnostic)
			}
		}
		if records = again; len(records) == 0 {
			break
		}
	}
	counts(t, server, 40*ofAcme, 0, 0)
	if tooMany, dropped := bad.Failed(); tooMany == 0 || dropped == 0 || len(records) > 0 {
		t.Errorf("%d put off, %d lost, %d records left", tooMany, dropped, len(records))
	}
}

// TestBusy: an LRS that is down makes records wait, and is left alone by the rest.
func TestBusy(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	var posts atomic.Int64
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			posts.Add(1)
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		server.ServeHTTP(w, r)
	}))
	other := acme()
	other.client = "bell"
	out, err := open(t, address, "batch", "2").Write(t.Context(), sdk.Run{}, []sdk.Record{acme().record(t), other.record(t)})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, out, sdk.Retry, sdk.Retry)
	if out[1].RetryAfter.Seconds() != 120 || out[1].Diagnostic.Code != "xapi.busy" || posts.Load() != 1 {
		t.Errorf("%+v after %d requests", out[1], posts.Load())
	}
}

// TestEnds: what concerns all records ends the export, and says what to look at.
func TestEnds(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); fmt.Fprint(w, body) }
	}
	for code, h := range map[string]http.Handler{
		"xapi.auth":       lrstest.New(lrstest.Options{Token: "x"}),
		"xapi.permission": status(403, "no"),
		"xapi.read":       lrstest.New(lrstest.Options{Version: "2.0"}),
		"xapi.address":    status(404, "<html>"),
		"xapi.answer":     status(200, "<html>log in"),
		"xapi.elsewhere": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, `{"statements":[],"more":"https://evil.example/more"}`)
		}),
	} {
		_, err := quick().Open(t.Context(), pushConfig(t, serve(t, h)), true)
		if code == "xapi.elsewhere" {
			_, err = open(t, serve(t, h)).Plan(t.Context(), sdk.Run{}, []sdk.Record{acme().record(t)})
		}
		var d *sdk.Diagnostic
		if !errors.As(err, &d) || d.Code != code || d.Hint == "" || strings.Contains(d.Summary+d.Hint, lrstest.Password) {
			t.Errorf("%s: %+v", code, err)
		}
	}
	if s, err := quick().Open(t.Context(), pushConfig(t, serve(t, server)), true); err != nil || s == nil {
		t.Errorf("%v", err)
	}
	down := serve(t, status(404, ""))
	if _, err := quick().Open(t.Context(), pushConfig(t, down), false); err != nil {
		t.Errorf("asked without need: %v", err)
	}
}
