package org

import (
	"strings"
	"testing"
)

func TestKnows(t *testing.T) {
	c, err := ReadClient("f", []byte(`
id = "a"
dissolved = ["18F Consulting"]
[[department]]
id = "support"
name = "Customer Support"
former_names = ["Help Desk"]
[[department]]
id = "claims"
former_names = ["Accounts"]
[[department]]
id = "billing"
former_names = ["accounts", "claims"]
[[department]]
id = "it"
name = "IT Department"
`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"customer support": "present support", "SUPPORT": "present support", "The Customer Support Department": "present support",
		"help-desk": "former support", "Help Desk Dept.": "former support",
		"Accounts": "former claims billing", "claims": "present claims",
		"18f consulting": "dissolved", "the 18F Consulting department": "dissolved",
		"IT": "present it", "The IT": "present it", "Department of IT": "present it",
		"department": "unknown", "the": "unknown", "": "unknown", "sales": "unknown",
	} {
		standing, found := c.Knows(name)
		got := standing.String()
		for _, d := range found {
			got += " " + d.ID
		}
		if got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
}

func TestRole(t *testing.T) {
	c, err := ReadClient("f", []byte(`
id = "a"
[[department]]
id = "x"
[[department]]
id = "y"
[[role]]
title = "Support Engineer"
department = "x"
former_titles = ["Help Desk Agent", "Clerk II"]
[[role]]
title = "Senior Support Engineer"
[[role]]
title = "Team Lead"
department = "x"
[[role]]
title = "team-lead"
department = "y"
[[role]]
title = "Clerk I"
[[role]]
title = "Clerk III"
[[role]]
title = "Sales & Service Secretary"
former_titles = ["Secretary Level 2"]
`))
	if err != nil {
		t.Fatal(err)
	}
	for title, want := range map[string]string{
		"support engineer": "Support Engineer", "The Support-Engineers": "Support Engineer", "Support Engineer II": "Support Engineer",
		"Support Engineer, Level 3": "Support Engineer",
		"Sr. Support Engineer":      "Senior Support Engineer", "senior support engineer 2": "Senior Support Engineer",
		"Junior Support Engineer": "",
		"help desk agents":        "former Support Engineer", "Help-Desk Agent III": "former Support Engineer",
		"Team Leads":  "Team Lead+team-lead",
		"Clerk I":     "Clerk I",
		"clerk iii":   "Clerk III",
		"Clerk II":    "former Support Engineer",
		"Clerk":       "Clerk I+Clerk III",
		"Clerk IV":    "Clerk I+Clerk III",
		"secretaries": "former Sales & Service Secretary", "Sale's and Services' Secretaries": "Sales & Service Secretary",
		"II": "", "the": "", "": "", "Engineer": "",
	} {
		found, former := c.Role(title)
		var titles []string
		for _, r := range found {
			titles = append(titles, r.Title)
		}
		got := strings.Join(titles, "+")
		if former {
			got = "former " + got
		}
		if got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}
