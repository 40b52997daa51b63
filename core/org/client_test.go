package org

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/problem"
)

const acme = `
id = "acme"
name = " Acme Ltd "
former_names = ["Acme Brothers"]
aliases = ["ACME!"]
values = ["respect", "speed"]
service_vision = """
We answer every call
before the third ring.
"""

[[department]]
id = "operations"
headcount = 0

[[department]]
id = "support"
name = "Customer Support"
former_names = ["Help Desk"]
headcount = 12
reports_to = "Operations"
vision = "Nobody waits."
hands_to = ["billing", "operations"]

[[department]]
id = "billing"
former_names = ["Accounts"]

[[department]]
id = "claims"
former_names = ["accounts"]

[[role]]
title = "Head of Support"
department = "support"

[[role]]
title = "Support Engineer"
department = "support"
former_titles = ["Help Desk Agent"]
reports_to = "head of support"

[[policy]]
title = "Returns"
file = "policies/returns.docx"
reviewed = 2026-03-01
`

func TestReadClient(t *testing.T) {
	got, err := ReadClient("client.toml", []byte(acme))
	if err != nil {
		t.Fatal(err)
	}
	none, twelve := 0, 12
	want := &Client{
		ID: "acme", Name: "Acme Ltd", FormerNames: []string{"Acme Brothers"}, Aliases: []string{"ACME!"},
		Values:        []Value{{Name: "respect"}, {Name: "speed"}},
		ServiceVision: "We answer every call\nbefore the third ring.",
		Departments: []Department{
			{ID: "operations", Name: "operations", Headcount: &none},
			{ID: "support", Name: "Customer Support", FormerNames: []string{"Help Desk"}, Headcount: &twelve,
				ReportsTo: "operations", Vision: "Nobody waits.", HandsTo: []string{"billing", "operations"}},
			{ID: "billing", Name: "billing", FormerNames: []string{"Accounts"}},
			{ID: "claims", Name: "claims", FormerNames: []string{"accounts"}},
		},
		Roles: []Role{
			{Title: "Head of Support", Department: "support"},
			{Title: "Support Engineer", Department: "support", FormerTitles: []string{"Help Desk Agent"}, ReportsTo: "Head of Support"},
		},
		Policies: []Policy{{Title: "Returns", File: "policies/returns.docx", Reviewed: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestReadClientWithMeanings(t *testing.T) {
	got, err := ReadClient("client.toml", []byte("id = \"a\"\n[[value]]\nname = \"respect\"\nmeaning = \"We say good morning.\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := &Client{ID: "a", Name: "a", Values: []Value{{"respect", "We say good morning."}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestReadClientFaults(t *testing.T) {
	for _, test := range []struct{ file, want, hint string }{
		{"", "f: client has no id", `add id = "acme" at the top: what --client calls this client`},
		{"id = \" \"", "f:1:1: id is empty", "write it, or take it out"},
		{"id = \"a\\nb\"", "f:1:1: id holds a line break or another control character", "write it on one line"},
		{"id = \"a\"\nname = \"" + strings.Repeat("ä", 201) + "\"", "f:2:1: name is longer than 200 characters", ""},
		{"id = \"a\"\nvison = \"x\"", `f:2:1: unknown key "vison"`, `did you mean "vision"?`},
		{"id = \"a\"\nvision = \"\"", "f:2:1: vision is empty", "write it, or take it out"},
		{"id = \"a\"\nmission = \"x\\u0007\"", "f:2:1: mission holds a control character", "delete it"},
		{"id = \"a\"\nmission = \"" + strings.Repeat("x", maxStatement+1) + "\"", "f:2:1: mission is longer than 64 KiB", ""},
		{"id = \"a\"\nname = \"A b\"\nformer_names = [\"Old\", \"a  B\", \"old\"]",
			`f:3:24: "a  B" is the present name` + "\n" + `f:3:32: name "old" stands twice`, "take it out"},
		{"id = \"a\"\nvalues = [\"x\", \"X\"]", `f:2:16: name "X" stands twice`, "upper and lower case count as the same; keep one"},
		{"id = \"a\"\nvalues = [\"x\"]\n[[value]]\nname = \"y\"", "f:3:3: values are given twice, as a list and as tables",
			"keep values = [...], or the [[value]] tables if you want to say what they mean"},
		{"id = \"a\"\n[[value]]\nmeaning = \"y\"", "f:2:3: value has no name", `add name = "respect" or the like`},
		{"id = \"a\"\n[[department]]\nname = \"y\"", "f:2:3: department has no id", `add id = "support" or the like, which other entries call it by`},
		{"id = \"a\"\n[[department]]\nid = \"y z\"", `f:3:1: id "y z" holds more than letters, digits, hyphens and underscores`,
			"write that as name, and something short as id"},
		{"id = \"a\"\n[[department]]\nid = \"b\"\n[[department]]\nid = \"B\"", `f:5:1: department "B" stands twice`, "upper and lower case count as the same; keep one"},
		{"id = \"a\"\n[[department]]\nid = \"b\"\n[[department]]\nid = \"c\"\nname = \"B\"", `f:6:1: department "B" stands twice`, "upper and lower case count as the same; keep one"},
		{"id = \"a\"\n[[department]]\nid = \"b\"\nheadcount = -1", "f:4:1: headcount must be from 0 to 100000000", "leave it out if it is not known"},
		{"id = \"a\"\n[[department]]\nid = \"support\"\n[[department]]\nid = \"c\"\nreports_to = \"suport\"", `f:6:1: no department has the id "suport"`, `did you mean "support"?`},
		{"id = \"a\"\n[[department]]\nid = \"sp\"\nname = \"Customer Support\"\nhands_to = [\"customer support\"]",
			`f:5:13: no department has the id "customer support"`, `write the id of that department, "sp"`},
		{"id = \"a\"\n[[department]]\nid = \"b\"\nhands_to = [\"B\"]", `f:4:13: department "b" hands on to itself`, "take it out"},
		{"id = \"a\"\n[[department]]\nid = \"b\"\nreports_to = \"b\"", "f:4:1: departments report in a circle: b, b", "take reports_to out of the one at the top"},
		{"id = \"a\"\n[[department]]\nid = \"x\"\nreports_to = \"b\"\n[[department]]\nid = \"b\"\nreports_to = \"c\"\n[[department]]\nid = \"c\"\nreports_to = \"b\"",
			"f:7:1: departments report in a circle: b, c, b", "take reports_to out of the one at the top"},
		{"id = \"a\"\n[[role]]\ndepartment = \"nowhere\"",
			"f:2:3: role has no title\n" + `f:3:1: no department has the id "nowhere"`, `add title = "Support Engineer" or the like, not anybody's name`},
		{"id = \"a\"\n[[role]]\ntitle = \"Clerk\"\nreports_to = \"clerk\"", `f:4:1: role "Clerk" reports to itself`, "take reports_to out"},
		{"id = \"a\"\n[[role]]\ntitle = \"Clerk\"\nreports_to = \"Jane Doe\"", `f:4:1: no role is called "Jane Doe"`,
			"reports_to gives the title of a [[role]] of this file, not anybody's name"},
		{"id = \"a\"\n[[role]]\ntitle = \"Clerk\"\n[[role]]\ntitle = \"clerk\"", `f:5:1: role "clerk" stands twice`, "upper and lower case count as the same; keep one"},
		{"id = \"a\"\n[[policy]]\ntitle = \"Returns\"\nreviewed = \"2026-03-01\"", `f:4:1: "reviewed" must be a date, not text`, "write reviewed = 2026-03-01, without quotes"},
	} {
		_, err := ReadClient("f", []byte(test.file))
		var faults problem.List
		if !errors.As(err, &faults) || err.Error() != test.want {
			t.Errorf("%.200s\ngot  %v\nwant %s", test.file, err, test.want)
			continue
		}
		if faults[0].Hint != test.hint {
			t.Errorf("%.200s\nhint %s\nwant %s", test.file, faults[0].Hint, test.hint)
		}
	}
}

func TestReadClientTooMany(t *testing.T) {
	var b strings.Builder
	b.WriteString("id = \"a\"\n")
	for i := range maxDepartments + 1 {
		fmt.Fprintf(&b, "[[department]]\nid = \"d%d\"\n", i)
	}
	_, err := ReadClient("f", []byte(b.String()))
	if want := "f:2:3: department has 501 entries, and at most 500 are read"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDepartment(t *testing.T) {
	c, err := ReadClient("client.toml", []byte(acme))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"customer-support": "support", "SUPPORT": "support", " help  desk": "support", "accounts": "", "": "", "sales": "",
	} {
		got := ""
		if d := c.Department(name); d != nil {
			got = d.ID
		}
		if got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func FuzzReadClient(f *testing.F) {
	f.Add(acme)
	f.Add("id = \"a\"\n[[department]]\nid = \"b\"\nreports_to = \"c\"\nhands_to = [\"b\"]\n[[department]]\nid = \"c\"\nreports_to = \"b\"")
	f.Add("id = \"a\"\nvalues = [\"x\"]\n[[value]]\nmeaning = \"y\"\n[[role]]\nreports_to = \"x\"")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ReadClient("f", []byte(text))
		var faults problem.List
		if err != nil {
			if !errors.As(err, &faults) || c != nil {
				t.Fatalf("client %v with error %#v", c, err)
			}
			return
		}
		if c.ID == "" || c.Name == "" {
			t.Error("no id or name")
		}
		for _, d := range c.Departments {
			if c.Department(d.ID) == nil {
				t.Errorf("department %q is not found", d.ID)
			}
			for steps, at := 0, d.ReportsTo; at != ""; steps++ {
				if above := c.Department(at); above == nil || steps > len(c.Departments) {
					t.Fatalf("%q reports nowhere or in a circle", d.ID)
				} else {
					at = above.ReportsTo
				}
			}
		}
	})
}
