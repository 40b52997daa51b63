package salesforce

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/exporters/salesforce/salesforcetest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const sample = "../../core/record/flat/testdata/records.ndjson"

// open opens a session, as the host does.
func open(t *testing.T, base, more string, check bool) (sdk.Session, error) {
	t.Helper()
	settings := fmt.Sprintf(`{"url": %q, "client_id": %q%s}`, base, salesforcetest.ClientID, more)
	cfg, err := sdk.ParseConfig(Exporter{}.Info().Config, []byte(settings), map[string]string{"client_secret": salesforcetest.ClientSecret})
	if err != nil {
		t.Fatal(err)
	}
	return Exporter{Sleep: func(context.Context, time.Duration) error { return nil }}.Open(t.Context(), cfg, check)
}

// serve gives the address of an org. It must not be asked what is not documented.
func serve(t *testing.T, org *salesforcetest.Server, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if p := org.Problems(); len(p) > 0 {
			t.Errorf("requests that Salesforce does not document: %q", p)
		}
	})
	return server.URL
}

// provisioned gives a session of an org that has all fields.
func provisioned(t *testing.T, org *salesforcetest.Server, h http.Handler, more string) sdk.Session {
	t.Helper()
	base := serve(t, org, h)
	s, err := open(t, base, more, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.(sdk.Provisioner).Provision(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if s, err = open(t, base, more, true); err != nil {
		t.Fatal(err)
	}
	return s
}

// content is what stands in an org, without ids.
func content(org *salesforcetest.Server) string {
	keys := map[string]any{}
	for _, account := range org.Records("Account") {
		keys[account["Id"].(string)] = account["Firstcall_Key__c"]
	}
	var out []string
	for _, object := range []string{"Account", "Note", "Task"} {
		for _, r := range org.Records(object) {
			delete(r, "Id")
			for _, reference := range []string{"ParentId", "WhatId"} {
				if at, ok := r[reference].(string); ok {
					r[reference] = keys[at]
				}
			}
			out = append(out, fmt.Sprintf("%s %v", object, r))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// Records are written once, and then there is nothing to be done.
func TestSession(t *testing.T) {
	org := salesforcetest.New(salesforcetest.Options{})
	s := provisioned(t, org, org, `, "owner": "`+salesforcetest.Consultant+`"`)
	records := exporttest.Taken(t, Exporter{}, sample)
	planned, err := s.Plan(t.Context(), sdk.Run{}, records)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range planned {
		if o.Status != sdk.Created {
			t.Errorf("planned %s: %v", records[i].Key, o.Status)
		}
	}
	if content(org) != "" {
		t.Error("a plan writes")
	}
	if got := exporttest.Write(t, s, records); !maps.Equal(got, map[sdk.Status]int{sdk.Created: len(records)}) {
		t.Errorf("%v", got)
	}
	if org.Count("Account") == 0 || org.Count("Note") == 0 || org.Count("Task") == 0 {
		t.Errorf("%d accounts, %d notes, %d tasks", org.Count("Account"), org.Count("Note"), org.Count("Task"))
	}
	for _, task := range org.Records("Task") {
		if task["OwnerId"] != salesforcetest.ConsultantID {
			t.Errorf("%v", task)
		}
	}
	before := content(org)
	if got := exporttest.Write(t, s, records); !maps.Equal(got, map[sdk.Status]int{sdk.Unchanged: len(records)}) {
		t.Errorf("%v", got)
	}
	if content(org) != before {
		t.Error("what is there changes")
	}
}

// With answers that are lost, calls that are put off and tokens that expire, the org has
// at the end what it has without.
func TestFaults(t *testing.T) {
	calm := salesforcetest.New(salesforcetest.Options{})
	exporttest.Write(t, provisioned(t, calm, calm, ""), exporttest.Taken(t, Exporter{}, sample))
	want := content(calm)
	putOff, dropped := 0, 0
	for seed := range uint64(20) {
		org := salesforcetest.New(salesforcetest.Options{TokenCalls: 40})
		h := faulty.New(org, faulty.Rates{}, seed)
		h.Refusal = salesforcetest.Throttled
		s := provisioned(t, org, h, "")
		h.Rates = faulty.Rates{TooMany: 0.2, Dropped: 0.3}
		exporttest.Write(t, s, exporttest.Taken(t, Exporter{}, sample))
		a, b := h.Failed()
		putOff, dropped = putOff+a, dropped+b
		if got := content(org); got != want {
			t.Errorf("seed %d: the org differs:\n%.2000s", seed, got)
		}
	}
	if putOff < 20 || dropped < 20 {
		t.Errorf("%d calls were put off and %d answers lost: too few to tell anything", putOff, dropped)
	}
}

// What is missing is told, made, and then there.
func TestProvision(t *testing.T) {
	org := salesforcetest.New(salesforcetest.Options{})
	base := serve(t, org, org)
	var d *sdk.Diagnostic
	if _, err := open(t, base, "", true); !errors.As(err, &d) || d.Code != "salesforce.field" {
		t.Error(err)
	}
	s, err := open(t, base, "", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		apply bool
		want  sdk.Action
		after int // fields of firstcall's
	}{{false, sdk.ActionCreate, 0}, {true, sdk.ActionCreate, 22}, {true, sdk.ActionExists, 22}} {
		got, err := s.(sdk.Provisioner).Provision(t.Context(), c.apply)
		got, files := exporttest.Apart(got)
		if err != nil || len(got) != 22 || files != 3 {
			t.Fatalf("%d, %v", len(got), err)
		}
		for _, p := range got {
			if p.Action != c.want || p.Diagnostic != nil {
				t.Errorf("%+v %v", p, p.Diagnostic)
			}
		}
		n := 0
		for _, f := range org.Fields() {
			if f.Custom && !f.Hidden {
				n++
			}
		}
		if n != c.after {
			t.Errorf("%d fields", n)
		}
	}
}

func TestAddressOfTheOrg(t *testing.T) {
	for _, address := range []string{"example.my.salesforce.com", "http://example.my.salesforce.com", "https://example.lightning.force.com", "https://example.my.salesforce.com/lightning/setup"} {
		_, err := open(t, address, "", false)
		if d := (*sdk.Diagnostic)(nil); !errors.As(err, &d) || d.Field != "url" {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestOpenWithoutAnOrg(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := open(t, server.URL, "", false)
	if d := (*sdk.Diagnostic)(nil); !errors.As(err, &d) || d.Code != "salesforce.unreachable" || d.Hint == "" {
		t.Errorf("%v", err)
	}
}
