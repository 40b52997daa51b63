//go:build unix

package endtoend

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/espocrm/espocrmtest"
	"github.com/firstcall-cli/firstcall/exporters/hubspot/hubspottest"
	"github.com/firstcall-cli/firstcall/exporters/internal/faulty"
	"github.com/firstcall-cli/firstcall/exporters/salesforce/salesforcetest"
	"github.com/firstcall-cli/firstcall/exporters/tryton/trytontest"
)

// rates are the faults that every CRM has.
var rates = faulty.Rates{TooMany: 0.05, Dropped: 0.02}

// poison is a rule of the CRM's own that some clients break.
func poison(_ string, fields map[string]any) string {
	for _, name := range []string{"name", "Name"} {
		if text, _ := fields[name].(string); strings.HasPrefix(text, "REFUSED") {
			return "the name is poison"
		}
	}
	return ""
}

// counter counts objects by the client they are of.
type counter map[string]int

func TestHubSpot(t *testing.T) {
	account := hubspottest.New(hubspottest.Options{Refuse: poison})
	keys := func() map[string]string {
		out := map[string]string{}
		for _, c := range account.Companies() {
			out[c.ID] = c.Properties["firstcall_key"]
		}
		return out
	}
	of := func(objects func() []hubspottest.Object) func(*testing.T) map[string]int {
		return func(*testing.T) map[string]int {
			keys, out := keys(), counter{}
			for _, o := range objects() {
				for _, c := range o.Companies {
					out[keys[c]]++
				}
			}
			return out
		}
	}
	exportMany(t, &place{
		exporter: "hubspot", server: account, throttle: hubspottest.Throttled, rates: rates, reason: "poison", perClient: 0.1,
		settings: []string{"token=env:TOKEN"}, env: []string{"TOKEN=" + hubspottest.Token},
		companies: func(*testing.T) map[string]int {
			out := counter{}
			for _, key := range keys() {
				out[key]++
			}
			return out
		},
		notes: of(account.Notes), tasks: of(account.Tasks), undocumented: account.Undocumented,
	})
}

func TestSalesforce(t *testing.T) {
	org := salesforcetest.New(salesforcetest.Options{Refuse: poison})
	keys := func() map[string]string {
		out := map[string]string{}
		for _, a := range org.Records("Account") {
			out[fmt.Sprint(a["Id"])] = fmt.Sprint(a["Firstcall_Key__c"])
		}
		return out
	}
	of := func(object, at string) func(*testing.T) map[string]int {
		return func(*testing.T) map[string]int {
			keys, out := keys(), counter{}
			for _, r := range org.Records(object) {
				out[keys[fmt.Sprint(r[at])]]++
			}
			return out
		}
	}
	exportMany(t, &place{
		exporter: "salesforce", server: org, throttle: salesforcetest.Throttled, rates: rates, reason: "poison", perClient: 0.1,
		settings: []string{"client_id=" + salesforcetest.ClientID, "client_secret=env:SECRET"}, env: []string{"SECRET=" + salesforcetest.ClientSecret},
		companies: func(*testing.T) map[string]int {
			out := counter{}
			for _, key := range keys() {
				out[key]++
			}
			return out
		},
		notes: of("Note", "ParentId"), tasks: of("Task", "WhatId"), undocumented: org.Problems,
	})
}

func TestEspoCRM(t *testing.T) {
	site := espocrmtest.New(espocrmtest.Options{Refuse: poison, AdminUser: "admin", AdminPassword: "administration"})
	keys := func() map[string]string {
		out := map[string]string{}
		for _, a := range site.Objects("Account") {
			out[fmt.Sprint(a["id"])] = fmt.Sprint(a["cFirstcallKey"])
		}
		return out
	}
	of := func(entity string) func(*testing.T) map[string]int {
		return func(*testing.T) map[string]int {
			keys, out := keys(), counter{}
			for _, o := range site.Objects(entity) {
				out[keys[fmt.Sprint(o["parentId"])]]++
			}
			return out
		}
	}
	exportMany(t, &place{
		exporter: "espocrm", server: site, rates: rates, reason: "poison", perClient: 3.5,
		settings: []string{"api_key=env:KEY", "admin_user=admin", "admin_password=env:PASSWORD"}, env: []string{"KEY=key", "PASSWORD=administration"},
		companies: func(*testing.T) map[string]int {
			out := counter{}
			for _, key := range keys() {
				out[key]++
			}
			return out
		},
		notes: of("Note"), tasks: of("Task"), undocumented: site.Violations,
	})
}

// TestTryton is of a real server, whose own database is asked what is there. It has
// tasks in a project for each party.
func TestTryton(t *testing.T) {
	server := trytontest.Start(t, trytontest.Options{Strict: true})
	count := func(query string) func(*testing.T) map[string]int {
		return func(t *testing.T) map[string]int {
			out := counter{}
			for _, row := range server.Rows(t, query) {
				key, n, _ := strings.Cut(row, "|")
				times, err := strconv.Atoi(n)
				if err != nil {
					t.Fatal(row)
				}
				out[key] = times
			}
			return out
		}
	}
	const projects = `SELECT p.code, count(*) FROM project_work w JOIN party_party p ON w.party = p.id WHERE w.type = 'project' GROUP BY p.code`
	p := &place{
		exporter: "tryton", server: server.Handler(), rates: rates, reason: "REFUSED", perClient: 3,
		settings: []string{"database=" + trytontest.Database, "user=" + trytontest.User, "password=env:PASSWORD"}, env: []string{"PASSWORD=" + trytontest.Password},
		companies:    count(`SELECT code, count(*) FROM party_party WHERE code LIKE 'client-%' GROUP BY code`),
		notes:        count(`SELECT p.code, count(*) FROM ir_note n JOIN party_party p ON n.resource = 'party.party,' || p.id GROUP BY p.code`),
		tasks:        count(`SELECT p.code, count(*) FROM project_work t JOIN project_work w ON t.parent = w.id JOIN party_party p ON w.party = p.id WHERE t.type = 'task' GROUP BY p.code`),
		undocumented: func() []string { return nil },
	}
	exportMany(t, p)
	for key, n := range count(projects)(t) {
		if n != 1 {
			t.Errorf("%s has %d projects", key, n)
		}
	}
}
