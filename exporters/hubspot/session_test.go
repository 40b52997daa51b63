package hubspot

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/hubspot/hubspottest"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const sample = "../../core/record/flat/testdata/records.ndjson"

// open opens a session, as the host does.
func open(t *testing.T, base, settings string, check bool) (sdk.Session, error) {
	t.Helper()
	c := newClock()
	return Exporter{Base: base, Now: c.Now, Sleep: c.Sleep}.Open(ctx, config(t, settings), check)
}

// provisioned gives a session of an account that has all properties.
func provisioned(t *testing.T, account *hubspottest.Server, h http.Handler) sdk.Session {
	t.Helper()
	base := serve(t, account, h)
	s, err := open(t, base, `{}`, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.(sdk.Provisioner).Provision(ctx, true); err != nil {
		t.Fatal(err)
	}
	if s, err = open(t, base, `{}`, true); err != nil {
		t.Fatal(err)
	}
	return s
}

// content is what stands in an account, without ids and moments.
func content(account *hubspottest.Server) string {
	var out []string
	name := map[string]string{}
	line := func(kind string, o hubspottest.Object) {
		for _, p := range []string{"hs_object_id", "hs_createdate", "hs_lastmodifieddate"} {
			delete(o.Properties, p)
		}
		at := ""
		for _, c := range o.Companies {
			at += name[c]
		}
		out = append(out, fmt.Sprintf("%s at %s: %v", kind, at, o.Properties))
	}
	for _, o := range account.Companies() {
		name[o.ID] = o.Properties["firstcall_key"]
		line("company", o)
	}
	for _, o := range account.Notes() {
		line("note", o)
	}
	for _, o := range account.Tasks() {
		line("task", o)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// TestSession: records are written once, and then there is nothing to be done.
func TestSession(t *testing.T) {
	account := hubspottest.New(hubspottest.Options{})
	s := provisioned(t, account, account)
	records := exporttest.Taken(t, Exporter{}, sample)
	planned, err := s.Plan(ctx, sdk.Run{}, records)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range planned {
		if o.Status != sdk.Created {
			t.Errorf("planned %s: %v", records[i].Key, o.Status)
		}
	}
	if companies, notes, tasks := account.Count(); companies+notes+tasks != 0 {
		t.Error("a plan writes")
	}
	if got := exporttest.Write(t, s, records); !maps.Equal(got, map[sdk.Status]int{sdk.Created: len(records)}) {
		t.Errorf("%v", got)
	}
	before := content(account)
	if got := exporttest.Write(t, s, records); !maps.Equal(got, map[sdk.Status]int{sdk.Unchanged: len(records)}) {
		t.Errorf("%v", got)
	}
	if after := content(account); after != before || after == "" {
		t.Error("what is there changes")
	}
}

// TestFaults: with answers that are lost and calls that are put off, the account has at
// the end what it has without.
func TestFaults(t *testing.T) {
	calm := hubspottest.New(hubspottest.Options{})
	exporttest.Write(t, provisioned(t, calm, calm), exporttest.Taken(t, Exporter{}, sample))
	want := content(calm)
	tooMany, dropped := 0, 0
	for seed := range uint64(20) {
		account := hubspottest.New(hubspottest.Options{})
		h := faulty.New(account, faulty.Rates{}, seed)
		h.Refusal = hubspottest.Throttled
		s := provisioned(t, account, h)
		h.Rates = faulty.Rates{TooMany: 0.2, Dropped: 0.3}
		exporttest.Write(t, s, exporttest.Taken(t, Exporter{}, sample))
		exporttest.Write(t, s, exporttest.Taken(t, Exporter{}, sample)) // as after a run that was killed before it heard of anything
		a, b := h.Failed()
		tooMany, dropped = tooMany+a, dropped+b
		if got := content(account); got != want {
			t.Errorf("seed %d: the account differs:\n%.2000s", seed, got)
		}
	}
	if tooMany < 20 || dropped < 20 {
		t.Errorf("%d calls were put off and %d answers lost: too few to tell anything", tooMany, dropped)
	}
}

// TestProvision: what is missing is told, made, and then there; what does not fit is told
// and left.
func TestProvision(t *testing.T) {
	account := hubspottest.New(hubspottest.Options{})
	account.Define(hubspottest.Property{Name: "firstcall_key", Label: "Key", Group: "companyinformation", Type: "string", FieldType: "text"})
	base := serve(t, account, account)
	if _, err := open(t, base, `{}`, true); code(t, err) != "hubspot.field" {
		t.Error(err)
	}
	s, err := open(t, base, `{}`, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		apply bool
		after int // properties of firstcall's
	}{{false, 1}, {true, 22}, {true, 22}} {
		got, err := s.(sdk.Provisioner).Provision(ctx, c.apply)
		if err != nil {
			t.Fatal(err)
		}
		if first := got[0]; first.Object != "company.firstcall_key" || first.Action != sdk.ActionMismatch || !strings.Contains(first.Diagnostic.Summary, "unique") {
			t.Errorf("%+v %v", first, first.Diagnostic)
		}
		n := 0
		for name := range account.Properties() {
			if strings.HasPrefix(name, "firstcall_") {
				n++
			}
		}
		if n != c.after {
			t.Errorf("%d properties", n)
		}
	}
}

// TestLeastScopes: a token without the scope for making properties exports, and is told
// what it lacks when it is to make some.
func TestLeastScopes(t *testing.T) {
	account := hubspottest.New(hubspottest.Options{Scopes: []string{"crm.objects.companies.read", "crm.objects.companies.write", "crm.objects.contacts.read", "crm.objects.contacts.write"}})
	base := serve(t, account, account)
	s, err := open(t, base, `{}`, false)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.(sdk.Provisioner).Provision(ctx, true)
	if got := code(t, err); got != "hubspot.scopes" || !strings.Contains(err.Error(), "crm.schemas.companies.write") {
		t.Error(err)
	}
}
