package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/firstcall-cli/firstcall/exporters/espocrm/espocrmtest"
	"github.com/firstcall-cli/firstcall/exporters/hubspot/hubspottest"
	"github.com/firstcall-cli/firstcall/exporters/salesforce/salesforcetest"
)

// crms are the CRMs in memory of the scripts that are running.
type crms struct {
	hubspot    *hubspottest.Server
	salesforce *salesforcetest.Server
	espocrm    *espocrmtest.Server
}

type crmsKey struct{}

// crmCommand is the command of scripts about CRMs:
//
//	crm start            starts one of each, and writes firstcall.toml with settings for
//	                     them; credentials are in $TOKEN, $SECRET, $KEY and $ADMIN
//	crm count NAME A N T holds how many companies, notes and tasks one has
//	crm day CALLS        begins a new day, on which HubSpot takes so many calls; 0: any
//	crm put NAME KEY     makes a company with that key as people do, named "Old name"
func crmCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: crm start|count|day|put …")
	}
	if args[0] == "start" {
		startCRMs(ts)
		return
	}
	all, _ := ts.Value(crmsKey{}).(*crms)
	switch {
	case all.hubspot == nil:
		ts.Fatalf("crm start comes first")
	case args[0] == "count" && len(args) == 5:
		if got := all.count(args[1]); !slices.Equal(got, args[2:]) {
			ts.Fatalf("%s has %s companies, notes and tasks", args[1], strings.Join(got, ", "))
		}
	case args[0] == "day" && len(args) == 2:
		calls, err := strconv.Atoi(args[1])
		ts.Check(err)
		all.hubspot.Renew(calls)
	case args[0] == "put" && len(args) == 3:
		all.put(args[1], args[2])
	default:
		ts.Fatalf("crm %s: not understood", strings.Join(args, " "))
	}
}

func startCRMs(ts *testscript.TestScript) {
	all := ts.Value(crmsKey{}).(*crms)
	*all = crms{
		hubspottest.New(hubspottest.Options{}), salesforcetest.New(salesforcetest.Options{}),
		espocrmtest.New(espocrmtest.Options{AdminUser: "admin", AdminPassword: "administration"}),
	}
	hubspot, salesforce, espocrm := httptest.NewServer(all.hubspot), httptest.NewServer(all.salesforce), httptest.NewServer(all.espocrm)
	for _, s := range []*httptest.Server{hubspot, salesforce, espocrm} {
		ts.Defer(s.Close)
	}
	ts.Defer(func() {
		for _, asked := range [][]string{all.hubspot.Undocumented(), all.salesforce.Problems(), all.espocrm.Violations()} {
			if len(asked) > 0 {
				ts.Fatalf("asked for what is not documented: %q", asked)
			}
		}
	})
	for name, value := range map[string]string{
		"TOKEN": hubspottest.Token, "SECRET": salesforcetest.ClientSecret, "KEY": "key", "ADMIN": "administration",
	} {
		ts.Setenv(name, value)
	}
	ts.Check(os.WriteFile(ts.MkAbs("firstcall.toml"), fmt.Appendf(nil, `
[export.hubspot]
url = %q
token = "env:TOKEN"

[export.salesforce]
url = %q
client_id = %q
client_secret = "env:SECRET"

[export.espocrm]
url = %q
api_key = "env:KEY"
`, hubspot.URL, salesforce.URL, salesforcetest.ClientID, espocrm.URL), 0o600))
}

// count is how many companies, notes and tasks there are.
func (c *crms) count(name string) []string {
	var n [3]int
	switch name {
	case "hubspot":
		n[0], n[1], n[2] = c.hubspot.Count()
	case "salesforce":
		n = [3]int{c.salesforce.Count("Account"), c.salesforce.Count("Note"), c.salesforce.Count("Task")}
	case "espocrm":
		n = [3]int{c.espocrm.Count("Account"), c.espocrm.Count("Note"), c.espocrm.Count("Task")}
	}
	return []string{strconv.Itoa(n[0]), strconv.Itoa(n[1]), strconv.Itoa(n[2])}
}

// put makes a company with a key.
func (c *crms) put(name, key string) {
	switch name {
	case "hubspot":
		c.hubspot.Put("company", "", map[string]string{"name": "Old name", "firstcall_key": key})
	case "salesforce":
		c.salesforce.Add("Account", map[string]any{"Name": "Old name", "Firstcall_Key__c": key})
	case "espocrm":
		c.espocrm.Put("Account", map[string]any{"name": "Old name", "cFirstcallKey": key})
	}
}
