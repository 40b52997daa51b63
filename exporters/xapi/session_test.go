package xapi

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/xapi/lrstest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Two dimensions of everybody and of two departments, and the module for the one that is
// weak in one of them.
const ofAcme = 7

// TestOneChange: a score that changes is one new statement and one that voids the old;
// what comes back after that counts again.
func TestOneChange(t *testing.T) {
	for _, version := range []string{"1.0.3", "2.0"} {
		server := lrstest.New(lrstest.Options{Version: version, Page: 3})
		address := serve(t, server)
		push := func(s survey) []sdk.Outcome {
			out, err := open(t, address, "version", `"`+version+`"`).Write(t.Context(), sdk.Run{}, []sdk.Record{s.record(t)})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		a, b := acme(), acme()
		b.departments = []department{{"Front desk", [2]float64{2.75, 4}}, b.departments[1]} // still weak
		wants(t, push(a), sdk.Created)
		counts(t, server, ofAcme, 0, 0)
		wants(t, push(a), sdk.Unchanged)
		counts(t, server, ofAcme, 0, 0)
		for i := 1; i <= 4; i++ {
			wants(t, push([]survey{a, b}[i%2]), sdk.Updated)
			counts(t, server, ofAcme, i, i)
			wants(t, push([]survey{a, b}[i%2]), sdk.Unchanged)
			counts(t, server, ofAcme, i, i)
		}
		if n := server.Requests()["POST"]; n != 1+2*4 {
			t.Errorf("%d requests stored something", n)
		}
	}
}

// TestPlan: a dry run says what would be sent, and sends nothing.
func TestPlan(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	plan := func(records ...sdk.Record) []sdk.Outcome {
		out, err := open(t, address).Plan(t.Context(), sdk.Run{}, records)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	a, b := acme(), acme()
	b.departments = b.departments[:1]
	b.all[0] = 3.75
	out := plan(a.record(t), a.plan(t, "", "2026-11-01"))
	wants(t, out, sdk.Created, sdk.Unchanged)
	if d := out[0].Diff; strings.Count(d, "\n")+1 != ofAcme || !strings.Contains(d, "new: Managers, of Front desk 2.50\n") || !strings.HasSuffix(d, "new: self-study module, of Front desk due 2026-11-01") {
		t.Errorf("%s", d)
	}
	counts(t, server, 0, 0, 0)
	write(t, address, a.record(t))
	out = plan(a.record(t))
	if wants(t, out, sdk.Unchanged); out[0].Diff != "" {
		t.Errorf("%s", out[0].Diff)
	}
	out = plan(b.record(t))
	if wants(t, out, sdk.Updated); out[0].Diff != "Managers 3.50 -> 3.75\ntaken back, since no longer so: 2" {
		t.Errorf("%s", out[0].Diff)
	}
	counts(t, server, ofAcme, 0, 0)
	turned := a
	turned.direction = "high-is-bad"
	out = plan(turned.record(t))
	if wants(t, out, sdk.Updated); !strings.HasPrefix(out[0].Diff, "changed: Managers 3.50, in what else is said\n") || !strings.Contains(out[0].Diff, "\nchanged: self-study module, of Front desk, due 2026-11-29\n") {
		t.Errorf("%s", out[0].Diff)
	}
	wants(t, write(t, address, b.record(t)), sdk.Updated)
	counts(t, server, 5, 3, 3)
}

// TestLatest: a module is assigned by the latest assessment alone, and by no other that
// is written with it.
func TestLatest(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	old, now := acme(), acme()
	now.wave, now.day = "2027-q1", "2027-03-31"
	write(t, address, old.record(t))
	counts(t, server, 7, 0, 0)
	wants(t, write(t, address, old.record(t), now.record(t)), sdk.Unchanged, sdk.Created)
	counts(t, server, 6+7, 1, 1)
}

// assigned gives the waves whose modules the LRS has.
func assigned(s *lrstest.Server) string {
	var waves []string
	for _, x := range s.Live() {
		if str(x, "verb", "id") == assignVerb {
			waves = append(waves, str(x, "actor", "account", "name")+" "+strings.TrimPrefix(newFound(x).record, "acme/assessment/eight-qualities/"))
		}
	}
	slices.Sort(waves)
	return strings.Join(waves, ", ")
}

func newFound(content map[string]any) found {
	text, _ := json.Marshal(content)
	f, _ := readStatement(text)
	return f
}

// TestWaves: waves that are sent one after the other, or together, leave the modules of
// the latest one alone.
func TestWaves(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	first, second := acme(), acme()
	second.wave, second.day = "2027-q1", "2027-03-31"
	wants(t, write(t, address, first.record(t)), sdk.Created)
	if got := assigned(server); got != "acme/front-desk 2026-q3" {
		t.Fatal(got)
	}
	wants(t, write(t, address, second.record(t)), sdk.Created)
	if got := assigned(server); got != "acme/front-desk 2027-q1" {
		t.Fatal(got)
	}
	counts(t, server, 6+7, 1, 1)
	wants(t, write(t, address, first.record(t)), sdk.Unchanged)
	first.departments = []department{first.departments[0], {"House", [2]float64{2, 2}}} // corrected
	wants(t, write(t, address, first.record(t)), sdk.Updated)
	if got := assigned(server); got != "acme/front-desk 2027-q1" {
		t.Fatal(got)
	}
	counts(t, server, 6+7, 3, 3)
	gets := server.Requests()["GET"]
	wants(t, write(t, address, first.record(t), second.record(t)), sdk.Unchanged, sdk.Unchanged)
	if n := server.Requests()["GET"] - gets; n != 4 { // one as the session opens, one a record, one for modules
		t.Errorf("%d lookups", n)
	}
	second.departments = []department{{"Front desk", [2]float64{4, 4}}, {"House", [2]float64{4, 2.5}}}
	wants(t, write(t, address, second.record(t), first.record(t)), sdk.Updated, sdk.Unchanged)
	if got := assigned(server); got != "acme/house 2027-q1" {
		t.Fatal(got)
	}
	second.departments[1].means[1] = 4 // nobody has a gap any more
	wants(t, write(t, address, second.record(t)), sdk.Updated)
	wants(t, write(t, address, first.record(t)), sdk.Unchanged)
	if got := assigned(server); got != "" {
		t.Fatal(got)
	}
}

// TestWavesOfADay: where two waves speak of one day, their names tell which is later; and
// a wave that was sent with too late a day does not stand in its own way.
func TestWavesOfADay(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	first, second := acme(), acme()
	first.wave = "2026-q2"
	write(t, address, second.record(t))
	write(t, address, first.record(t))
	if got := assigned(server); got != "acme/front-desk 2026-q3" {
		t.Error(got)
	}
	second.day = "2026-09-20"
	second.departments = []department{{"Front desk", [2]float64{4, 4}}, {"House", [2]float64{4, 2.5}}}
	write(t, address, second.record(t))
	if got := assigned(server); got != "acme/house 2026-q3" {
		t.Error(got)
	}
}

// TestRenamed: a new name of the client, and an export without the client file, send
// nothing.
func TestRenamed(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	wants(t, write(t, address, acme().record(t), acme().organization(t, "Front desk")), sdk.Created, sdk.Unchanged)
	renamed := acme()
	renamed.name = "Acme Inc"
	wants(t, write(t, address, renamed.record(t)), sdk.Unchanged)
	counts(t, server, ofAcme, 0, 0)
}

// TestColumn: a column that no group is of is told, in files and when sending.
func TestColumn(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	records := []sdk.Record{acme().record(t)}
	sent, err := open(t, serve(t, server), "by", `"team"`).Write(t.Context(), sdk.Run{}, records)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, sent, sdk.Created)
	_, written := exporttest.Render(t, Exporter{}, `{"by":"team"}`, records)
	for _, o := range []sdk.Outcome{sent[0], written[0]} {
		if d := o.Diagnostic; d == nil || d.Code != "xapi.column" || d.Severity != sdk.SeverityWarning {
			t.Errorf("%+v", o)
		}
	}
	counts(t, server, 2, 0, 0)
}

// TestFuture: a record of a day to come is refused, with its client's others; one of
// tomorrow is not, since there it may be that day.
func TestFuture(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	s, other := acme(), acme()
	s.day, s.wave, other.client = "2027-06-03", "2027-q2", "bell"
	out := write(t, address, acme().record(t), s.record(t), s.plan(t, "", "2027-08-01"), other.record(t))
	wants(t, out, sdk.Rejected, sdk.Rejected, sdk.Rejected, sdk.Created)
	if out[0].Diagnostic.Code != "xapi.together" || out[1].Diagnostic.Code != "xapi.future" || !strings.Contains(out[1].Diagnostic.Summary, "2027-06-03") || out[1].Diagnostic.Hint == "" {
		t.Errorf("%+v %+v", out[0].Diagnostic, out[1].Diagnostic)
	}
	counts(t, server, 6+ofAcme, 0, 0) // no module: that is the later wave's
	s.day = "2027-06-02"
	wants(t, write(t, address, acme().record(t), s.record(t)), sdk.Unchanged, sdk.Created)
}

// TestWithheld: a department that is withheld by now is taken back, and not named again,
// whatever else names it.
func TestWithheld(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	s := acme()
	s.departments = append(s.departments, department{name: "Sauna"})
	out := write(t, address, s.record(t), s.organization(t, "Front desk", "Sauna"), s.plan(t, "Sauna", "2026-10-05"))
	wants(t, out, sdk.Created, sdk.Unchanged, sdk.Unchanged)
	if counts(t, server, ofAcme, 0, 0); server.Received("Sauna") || server.Received("sauna") || server.Received("2026-10-05") {
		t.Error("the withheld department was sent")
	}
	before := s.departments[0]
	s.departments[0] = department{name: before.name}
	plan, err := open(t, address).Plan(t.Context(), sdk.Run{}, []sdk.Record{s.record(t)})
	if err != nil || plan[0].Diff != "taken back, since no longer so: 3" {
		t.Errorf("%+v %v", plan, err)
	}
	fresh := lrstest.New(lrstest.Options{})
	for _, content := range server.Live() {
		fresh.Put(content)
	}
	wants(t, write(t, serve(t, fresh), s.record(t), s.organization(t, "Front desk", "Sauna")), sdk.Updated, sdk.Unchanged)
	if counts(t, fresh, 4, 3, 3); fresh.Received("Front") || fresh.Received("front-desk") {
		t.Error("a department that is withheld was named when it was taken back")
	}
}

// TestOthersStay: statements that somebody else made are left alone, also in the same
// registration.
func TestOthersStay(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	write(t, address, acme().record(t))
	registration, assigned := str(server.Live()[0], "context", "registration"), str(server.Live()[6], "context", "registration")
	if registration == assigned {
		t.Fatal("scores and assignments have one registration")
	}
	for i, context := range []map[string]any{
		{"registration": registration},
		{"registration": registration, "platform": platform},
		{"registration": registration, "platform": platform, "extensions": map[string]any{"https://x.example/extensions/record": "other/assessment/x"}},
		{"registration": registration, "platform": "another", "extensions": map[string]any{"https://x.example/extensions/record": "acme/assessment/eight-qualities/2026-q3"}},
		{"registration": assigned, "platform": platform},
		{"registration": assigned, "platform": platform, "extensions": map[string]any{"https://x.example/extensions/record": "other/assessment/x"}},
		{"registration": assigned, "platform": "another", "extensions": map[string]any{"https://x.example/extensions/record": "acme/assessment/eight-qualities/2026-q3"}},
	} {
		server.Put(map[string]any{"id": "00000000-0000-4000-8000-00000000000" + string(rune('0'+i)), "actor": map[string]any{}, "verb": map[string]any{"id": scoredVerb}, "object": map[string]any{"id": "https://x.example"}, "context": context})
	}
	changed := acme()
	changed.all[1] = 3
	wants(t, write(t, address, changed.record(t)), sdk.Updated)
	counts(t, server, ofAcme+7, 1, 1)
}

// TestVoidedByHand: what somebody has voided by hand is sent again when its record is.
func TestVoidedByHand(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	write(t, address, acme().record(t))
	for i, registration := range []string{"", str(server.Live()[0], "context", "registration")} {
		id := str(server.Live()[i], "id")
		server.Put(map[string]any{"id": "00000000-0000-4000-8000-00000000000" + string(rune('0'+i)), "actor": map[string]any{}, "verb": map[string]any{"id": voidedVerb},
			"object": map[string]any{"objectType": "StatementRef", "id": id}, "context": map[string]any{"registration": registration}})
	}
	counts(t, server, ofAcme-2, 2, 2)
	wants(t, write(t, address, acme().record(t)), sdk.Updated)
	counts(t, server, ofAcme, 2, 2)
}

// TestLowerCase: an LRS that writes accounts in small letters still has the same.
func TestLowerCase(t *testing.T) {
	server := lrstest.New(lrstest.Options{Lower: true})
	address := serve(t, server)
	s := acme()
	s.client = "Acme & Söhne/1"
	wants(t, write(t, address, s.record(t)), sdk.Created)
	wants(t, write(t, address, s.record(t)), sdk.Unchanged)
	counts(t, server, ofAcme, 0, 0)
}

// TestLag: an LRS whose lists lag behind is waited for, so that no old score stays beside
// the new.
func TestLag(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	a, b := acme(), acme()
	b.all[0] = 4
	server.Hold(true)
	first := write(t, address, a.record(t))
	wants(t, first, sdk.Created)
	again := b.record(t)
	again.Remote = first[0].Remote
	out := write(t, address, again)
	if wants(t, out, sdk.Retry); out[0].RetryAfter <= 0 || out[0].Diagnostic.Code != "xapi.busy" {
		t.Errorf("%+v", out[0])
	}
	counts(t, server, ofAcme, 0, 0)
	last := again.Remote[1].ID // which somebody voids, who tells nobody
	server.Put(map[string]any{"id": registrationOfNobody, "verb": map[string]any{"id": voidedVerb}, "object": map[string]any{"objectType": "StatementRef", "id": last}})
	wants(t, write(t, address, again), sdk.Retry)
	server.Hold(false)
	wants(t, write(t, address, again), sdk.Updated)
	counts(t, server, ofAcme, 2, 2)
	server.Forget() // what is gone for good is not waited for
	wants(t, write(t, address, again), sdk.Created)
	counts(t, server, ofAcme, 0, 0)
}

// TestBack: the last statement of an earlier run can be one that voids.
func TestBack(t *testing.T) {
	server := lrstest.New(lrstest.Options{})
	address := serve(t, server)
	a, b := acme(), acme()
	b.all[0] = 4
	write(t, address, a.record(t))
	server.Hold(true)
	changed := write(t, address, b.record(t))
	again := a.record(t)
	again.Remote = changed[0].Remote
	wants(t, write(t, address, again), sdk.Retry)
	server.Hold(false)
	back := write(t, address, again)
	wants(t, back, sdk.Updated)
	counts(t, server, ofAcme, 2, 2)
	same := a.record(t)
	same.Remote = back[0].Remote
	if out := write(t, address, same); out[0].Status != sdk.Unchanged || len(out[0].Remote) != 2 || out[0].Remote[1] != back[0].Remote[1] {
		t.Errorf("%+v", out[0])
	}
}
