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

// all has what acme has not.
const all = `
id = "acme"
values = ["respect"]
former_values = ["synergy"]
former_vision = " Second to none. "
vision_file = "statements/vision.docx"
mission_file = "m.md"
service_vision_file = "../s.md"
dissolved = ["18F Consulting"]
former_people = ["Jane Doe", "Seán O'Neill-Roe"]

[[department]]
id = "support"
lead = "head of support"

[[department]]
id = "billing"

[[role]]
title = "Head of Support"

[[hand_off]]
from = "Support"
to = "billing"
what = "refund requests"
owner_from = "head of  support"

[[product]]
name = "Home Care"
former_names = ["Homecare"]
ended = 2024-06-30T23:00:00-08:00
replacement = "Home Care Plus"

[[system]]
name = "Zendesk"
former_names = ["Zen"]
replaces = ["Freshdesk"]

[[system]]
name = "Freshdesk"
retired = 2023-01-31

[[review]]
folder = "support/**"
department = "SUPPORT"
title = "*Clerk*"
every = "18 Months"
severe = "2 years"
owner = "Head of support"

[[review]]
every = "annually"
`

func TestReadClientAll(t *testing.T) {
	got, err := ReadClient("client.toml", []byte(all))
	if err != nil {
		t.Fatal(err)
	}
	date := func(year, month, day int) time.Time {
		return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	}
	want := &Client{
		ID: "acme", Name: "acme", Values: []Value{{Name: "respect"}}, FormerValues: []string{"synergy"}, FormerVision: "Second to none.",
		VisionFile: "statements/vision.docx", MissionFile: "m.md", ServiceVisionFile: "../s.md",
		Dissolved: []string{"18F Consulting"}, FormerPeople: []string{"Jane Doe", "Seán O'Neill-Roe"},
		Departments: []Department{{ID: "support", Name: "support", Lead: "Head of Support"}, {ID: "billing", Name: "billing"}},
		Roles:       []Role{{Title: "Head of Support"}},
		HandOffs:    []HandOff{{From: "support", To: "billing", What: "refund requests", OwnerFrom: "Head of Support"}},
		Products:    []Product{{Name: "Home Care", FormerNames: []string{"Homecare"}, Ended: date(2024, 6, 30), Replacement: "Home Care Plus"}},
		Systems: []System{{Name: "Zendesk", FormerNames: []string{"Zen"}, Replaces: []string{"Freshdesk"}},
			{Name: "Freshdesk", Retired: date(2023, 1, 31)}},
		Reviews: Reviews{
			{Folder: "support/**", Department: "SUPPORT", Title: "*Clerk*", Every: 18, Severe: 24, Owner: "Head of Support", also: []string{"support", "support"}},
			{Every: 12, Severe: 60},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	files := got.StatementFiles()
	var keys []string
	for _, f := range files {
		keys = append(keys, f.Key+"="+f.Path)
		*f.Text = "text of " + f.Key
	}
	if want := "vision_file=statements/vision.docx mission_file=m.md service_vision_file=../s.md"; strings.Join(keys, " ") != want {
		t.Errorf("got files %s, want %s", keys, want)
	}
	if got.Vision != "text of vision_file" || got.ServiceVision != "text of service_vision_file" || got.FormerVision != "Second to none." {
		t.Errorf("statements are set wrongly: %+v", got)
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
		{"id = \"a\"\nvalues = [\"x\"]\nformer_values = [\"X\"]", `f:3:18: "X" is a value and a former one`, "keep it in one of both lists"},
		{"id = \"a\"\nvision = \"x\"\nvision_file = \"v.md\"", "f:3:1: vision is given twice, as text and as a file", "keep vision or vision_file"},
		{"id = \"a\"\nformer_vision_file = \"https://example.com/v\"", "f:2:1: former_vision_file is a web address", "save the page, and give the path of the file"},
		{"id = \"a\"\nvision = \"x\"\nformer_vision = \"x \"", "f:3:1: former_vision is the same as vision", "keep vision; former_vision is what it said before"},
		{"id = \"a\"\ndissolved = [\"B\", \"Old-B\"]\n[[department]]\nid = \"b\"\nformer_names = [\"old b\"]",
			`f:2:14: "B" is a department of this file` + "\n" + `f:2:19: "Old-B" is a former name of department "b"`,
			"take it out of dissolved, or take the [[department]] out"},
		{"id = \"a\"\nformer_people = [\"Jane Doe\", \"Jane\", \"jane  doe\", \"Jo Roe, jo@x.org\"]",
			"f:2:30: entry 2 of former_people is a single word\n" + `f:2:38: name "jane  doe" stands twice` + "\nf:2:51: entry 4 of former_people is more than a name",
			`write the first and the last name, as in "Jane Doe": a single one is found in too many places`},
		{"id = \"a\"\n[[department]]\nid = \"b\"\nlead = \"Hed of B\"\n[[role]]\ntitle = \"Head of B\"",
			`f:4:1: no role is called "Hed of B"`, `did you mean "Head of B"?`},
		{"id = \"a\"\n[[department]]\nid = \"b\"\nlead = \"Chief\"\n[[role]]\ntitle = \"Head of B\"\nformer_titles = [\"chief\"]",
			`f:4:1: no role is called "Chief"`, `write its present title, "Head of B"`},
		{"id = \"a\"\n[[hand_off]]\n", "f:2:3: hand_off has no from\nf:2:3: hand_off has no to\nf:2:3: hand_off has no what",
			`add from = "support" or the like, the id of the department that hands it on`},
		{"id = \"a\"\n[[department]]\nid = \"support\"\n[[hand_off]]\nfrom = \"Support\"\nto = \"suport\"\nwhat = \"x\"",
			`f:6:1: no department has the id "suport"`, `did you mean "support"?`},
		{"id = \"a\"\n[[department]]\nid = \"b\"\n[[hand_off]]\nfrom = \"b\"\nto = \"B\"\nwhat = \"x\"", `f:6:1: department "b" hands on to itself`, "a hand-off is between two departments"},
		{"id = \"a\"\n[[department]]\nid = \"b\"\n[[department]]\nid = \"c\"\n[[hand_off]]\nfrom = \"b\"\nto = \"c\"\nwhat = \"x y\"\n[[hand_off]]\nfrom = \"b\"\nto = \"c\"\nwhat = \"X  y\"\n[[hand_off]]\nfrom = \"c\"\nto = \"b\"\nwhat = \"x y\"",
			`f:13:1: hand-off of "X  y" from b to c stands twice`, "upper and lower case count as the same; keep one"},
		{"id = \"a\"\n[[department]]\nid = \"b\"\n[[department]]\nid = \"c\"\n[[role]]\ntitle = \"Lead\"\n[[hand_off]]\nfrom = \"b\"\nto = \"c\"\nwhat = \"x\"\nowner_from = \"Leed\"\nowner_to = \"lead\"",
			`f:12:1: no role is called "Leed"`, `did you mean "Lead"?`},
		{"id = \"a\"\n[[product]]\nended = 2024-06-30", "f:2:3: product has no name", `add name = "Home Care" or the like`},
		{"id = \"a\"\n[[product]]\nname = \"X\"\nformer_names = [\"x\"]\nended = \"2024-06-30\"\nreplacement = \"x\"",
			`f:4:17: "x" is the present name` + "\n" + `f:5:1: "ended" must be a date, not text` + "\n" + `f:6:1: product "X" replaces itself`, "take it out"},
		{"id = \"a\"\n[[system]]\nname = \"New\"\nreplaces = [\"Old\", \"new\"]\n[[system]]\nname = \"old\"",
			`f:4:13: "Old" is replaced, and stands as a system in use` + "\n" + `f:4:20: "new" is the system itself`,
			`give it retired = 2024-06-30 or the like, or take its [[system]] out: replaces is enough to know "Old" for an old one`},
		{"id = \"a\"\n[[system]]\nname = \"S\"\n[[system]]\nname = \"s\"", `f:5:1: system "s" stands twice`, "upper and lower case count as the same; keep one"},
		{"id = \"a\"\n[[department]]\nid = \"support\"\n[[review]]\ndepartment = \"suport\"\nevery = \"1 year\"",
			`f:5:1: no department is called "suport"`, `did you mean "support"?`},
		{"id = \"a\"\n[[role]]\ntitle = \"HR Manager\"\n[[review]]\nowner = \"HR Manger\"", `f:5:1: no role is called "HR Manger"`, `did you mean "HR Manager"?`},
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
	f.Add(all)
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
		for _, title := range c.Roles {
			if found, former := c.Role(title.Title); strings.Trim(title.Title, "-‐–/_,.() ") != "" && !strings.EqualFold(title.Title, "the") && (len(found) == 0 || former) {
				t.Errorf("role %q is not found", title.Title)
			}
		}
		for _, v := range c.Reviews {
			if v.Every < 1 || v.Severe < v.Every {
				t.Errorf("a review every %d, severe after %d", v.Every, v.Severe)
			}
		}
		for _, h := range c.HandOffs {
			if c.Department(h.From) == nil || h.From == h.To || h.What == "" {
				t.Errorf("hand-off %+v", h)
			}
		}
		for _, name := range c.Dissolved {
			if standing, found := c.Knows(name); standing != Dissolved || found != nil {
				t.Errorf("%q is dissolved, and stands for %v", name, standing)
			}
		}
		for _, d := range c.Departments {
			if standing, _ := c.Knows(d.Name); standing != Present {
				t.Errorf("department %q is %v", d.Name, standing)
			}
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
