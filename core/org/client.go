package org

import (
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// Client is what a client knows about its own organization, as its client file
// says it. It speaks of departments, roles and papers, never of people: nobody's
// name belongs into it.
//
//	id = "acme"
//	name = "Acme Ltd"
//	former_names = ["Acme Brothers"]
//	values = ["respect", "speed"]
//	service_vision = "We answer every call before the third ring."
//
//	[[department]]
//	id = "support"
//	name = "Customer Support"
//	headcount = 12
//	reports_to = "operations"
//	hands_to = ["billing"]
//
//	[[role]]
//	title = "Support Engineer"
//	department = "support"
//	former_titles = ["Help Desk Agent"]
//
//	[[policy]]
//	title = "Returns"
//	file = "policies/returns.docx"
//	reviewed = 2026-03-01
//
// All but the id may be left out. Texts have no blanks around them; names, titles
// and ids are single lines. Upper and lower case count as the same wherever a
// name must be told from others.
type Client struct {
	// ID names the client in records and keys, as --client does.
	ID string `toml:"id"`
	// Name is how the client writes itself; the ID when the file gives none.
	Name string `toml:"name"`
	// FormerNames are names that it had. A text that uses one is out of date.
	FormerNames []string `toml:"former_names"`
	// Aliases are other names that it goes by now: short forms, brands.
	Aliases []string `toml:"aliases"`

	// Values are what it says it stands for, in its own order. A file gives them
	// as a list of names, values = ["respect"], or as tables [[value]] with
	// meanings, not as both.
	Values []Value `toml:"value"`
	// Vision is the company's vision statement. Like all statements it may have
	// several lines, and is empty when the file has none.
	Vision string `toml:"vision"`
	// Mission is its mission statement.
	Mission string `toml:"mission"`
	// ServiceVision is its customer service vision statement, where it stands
	// alone.
	ServiceVision string `toml:"service_vision"`

	// Departments are its departments, in the order of the file.
	Departments []Department `toml:"department"`
	// Roles are its jobs, in the order of the file.
	Roles []Role `toml:"role"`
	// Policies are its written policies, in the order of the file.
	Policies []Policy `toml:"policy"`
}

// Value is something that a client says it stands for.
type Value struct {
	// Name is a word or a few: respect.
	Name string `toml:"name"`
	// Meaning says what it means in this organization; may be empty.
	Meaning string `toml:"meaning"`
}

// Department is a part of the organization.
type Department struct {
	// ID is what other entries of the file call it: letters, digits, hyphens and
	// underscores.
	ID string `toml:"id"`
	// Name is how it is called; the ID when the file gives none.
	Name string `toml:"name"`
	// FormerNames are names that it had. Two departments may share one: the
	// department of that name was split.
	FormerNames []string `toml:"former_names"`
	// Headcount is how many people work there; nil when the file does not say.
	Headcount *int `toml:"headcount"`
	// ReportsTo is the ID of the department above; empty at the top, and when the
	// file does not say. Following it never leads in a circle.
	ReportsTo string `toml:"reports_to"`
	// Vision is the department's own service vision statement.
	Vision string `toml:"vision"`
	// HandsTo are the IDs of the departments that it hands customers or their
	// concerns on to; never its own.
	HandsTo []string `toml:"hands_to"`
}

// Role is a job in the organization, whoever has it.
type Role struct {
	// Title is the job's title. It stands once in a department.
	Title string `toml:"title"`
	// Department is the ID of the department; empty when the file does not say.
	Department string `toml:"department"`
	// FormerTitles are titles that the job had.
	FormerTitles []string `toml:"former_titles"`
	// ReportsTo is the title of the role above, never of the role itself; empty
	// when the file does not say.
	ReportsTo string `toml:"reports_to"`
}

// Policy is a written policy.
type Policy struct {
	// Title is what it is called.
	Title string `toml:"title"`
	// File is where it is kept, as the client file says; may be empty. It is not
	// opened here.
	File string `toml:"file"`
	// Reviewed is the day on which it was last gone through, at midnight UTC; zero
	// when the file does not say.
	Reviewed time.Time `toml:"reviewed"`
}

// ReadClient reads a client file from TOML and checks it. The name file appears in
// problems only. The error is a problem.List with every fault of the file in its
// order, each with its line, column and, where there is one, a hint.
func ReadClient(file string, src []byte) (*Client, error) {
	var raw struct {
		Client
		Names []string `toml:"values"`
	}
	doc, err := tomlfile.Decode(file, src, &raw)
	if doc == nil {
		return nil, err
	}
	r := clientReader{doc: doc, client: &raw.Client}
	r.company(raw.Names)
	r.departments()
	r.roles()
	r.policies()
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return &raw.Client, nil
}

// Department finds a department by what a text calls it: its ID or its name, or a
// former name when no department is called that now and only one ever was.
// Case, and the difference between space, hyphen and underscore, are ignored. It
// is nil when there is none.
func (c *Client) Department(name string) *Department {
	name = loose(name)
	var former *Department
	several := false
	for i := range c.Departments {
		d := &c.Departments[i]
		if name == loose(d.ID) || name == loose(d.Name) {
			return d
		}
		if slices.ContainsFunc(d.FormerNames, func(f string) bool { return loose(f) == name }) {
			several = former != nil
			former = d
		}
	}
	if several {
		return nil
	}
	return former
}

var joints = strings.NewReplacer("-", " ", "_", " ")

// loose is the form of a name in which texts and file names may give it.
func loose(name string) string { return sameName(joints.Replace(name)) }

// sameName is the form of a name that it shares with those that count as the same.
func sameName(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }
