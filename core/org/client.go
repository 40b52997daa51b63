package org

import (
	"time"

	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// Client is what a client knows about its own organization, as its client file
// says it. It speaks of departments, roles and papers, not of people. The one
// place for people's names is FormerPeople: papers that still name somebody who
// has left can't be found without the name. Nothing else about people belongs
// into the file, and nobody who works there.
//
//	id = "acme"
//	name = "Acme Ltd"
//	former_names = ["Acme Brothers"]
//	values = ["respect", "speed"]
//	former_values = ["synergy"]
//	service_vision = "We answer every call before the third ring."
//	mission_file = "statements/mission.docx"
//	dissolved = ["18F Consulting"]
//
//	[[department]]
//	id = "support"
//	name = "Customer Support"
//	headcount = 12
//	lead = "Head of Support"
//	reports_to = "operations"
//	hands_to = ["billing"]
//
//	[[standard]]
//	value = "speed"
//	department = "support"
//	text = "Every call is answered before the third ring."
//	behaviors = ["Keep the headset on while on duty."]
//
//	[[role]]
//	title = "Support Engineer"
//	department = "support"
//	former_titles = ["Help Desk Agent"]
//
//	[[hand_off]]
//	from = "support"
//	to = "billing"
//	what = "refund requests"
//	owner_from = "Support Lead"
//	owner_to = "Billing Lead"
//
//	[[product]]
//	name = "Home Care"
//	ended = 2024-06-30
//	replacement = "Home Care Plus"
//
//	[[system]]
//	name = "Zendesk"
//	replaces = ["Freshdesk"]
//
//	[[policy]]
//	title = "Returns"
//	file = "policies/returns.docx"
//	reviewed = 2026-03-01
//
//	[[review]]
//	folder = "support/**"
//	every = "18 months"
//	owner = "HR Manager"
//
// All but the id may be left out. Texts have no blanks around them; names, titles
// and ids are single lines. Upper and lower case count as the same wherever a
// name must be told from others. Titles of roles that other entries give must be
// those of [[role]] tables, where the file has any. Dates are at midnight UTC, and
// zero when the file does not say.
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
	// FormerValues are names of values that it had and has no longer; none is a
	// present one.
	FormerValues []string `toml:"former_values"`

	// Vision is the company's vision statement. Like all statements it may have
	// several lines, and is empty when the file has none.
	Vision string `toml:"vision"`
	// Mission is its mission statement.
	Mission string `toml:"mission"`
	// ServiceVision is its customer service vision statement, where it stands
	// alone.
	ServiceVision string `toml:"service_vision"`
	// FormerVision is the vision statement before the present one. A text that
	// repeats it is out of date.
	FormerVision string `toml:"former_vision"`
	// VisionFile is the file that holds the vision statement, in place of the
	// statement itself, as the client file gives it: relative to the client file's
	// folder. ReadClient opens none of these files; see StatementFiles.
	VisionFile string `toml:"vision_file"`
	// MissionFile holds the mission statement in the same way.
	MissionFile string `toml:"mission_file"`
	// ServiceVisionFile holds the customer service vision statement.
	ServiceVisionFile string `toml:"service_vision_file"`
	// FormerVisionFile holds the former vision statement.
	FormerVisionFile string `toml:"former_vision_file"`

	// Standards are its service standards, in the order of the file.
	Standards []Standard `toml:"standard"`

	// Dissolved are names of departments that no longer exist and that no present
	// one has followed. Departments that were renamed or split are FormerNames of
	// those that followed.
	Dissolved []string `toml:"dissolved"`
	// FormerPeople are first and last names of people who have left. It is for
	// finding papers that still name them, and for nothing else.
	FormerPeople []string `toml:"former_people"`

	// Departments are its departments, in the order of the file.
	Departments []Department `toml:"department"`
	// Roles are its jobs, in the order of the file.
	Roles []Role `toml:"role"`
	// HandOffs are what departments hand to each other, in the order of the file.
	HandOffs []HandOff `toml:"hand_off"`
	// Products are its own products and services, in the order of the file.
	Products []Product `toml:"product"`
	// Systems are the programs and tools that it works with, in the order of the
	// file.
	Systems []System `toml:"system"`
	// Policies are its written policies, in the order of the file.
	Policies []Policy `toml:"policy"`
	// Reviews say how often which papers are gone through. A file gives them as
	// [[review]] tables; see ReviewTable.
	Reviews Reviews
}

// Value is something that a client says it stands for.
type Value struct {
	// Name is a word or a few: respect.
	Name string `toml:"name"`
	// Meaning says what it means in this organization; may be empty.
	Meaning string `toml:"meaning"`
}

// Standard is a service standard: what customers can count on.
type Standard struct {
	// Text is the standard, in a sentence.
	Text string `toml:"text"`
	// Value is the name of the value that it puts into practice, as the file writes
	// it there; may be empty.
	Value string `toml:"value"`
	// Department is the ID of the department that keeps it; empty when everybody does.
	Department string `toml:"department"`
	// Behaviors are what one can see people do who keep it.
	Behaviors []string `toml:"behaviors"`
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
	// Lead is the title of the role that leads it; empty when the file does not
	// say.
	Lead string `toml:"lead"`
	// ReportsTo is the ID of the department above; empty at the top, and when the
	// file does not say. Following it never leads in a circle.
	ReportsTo string `toml:"reports_to"`
	// Vision is the department's own service vision statement.
	Vision string `toml:"vision"`
	// HandsTo are the IDs of the departments that it hands customers or their
	// concerns on to; never its own. HandOffs say more of what is handed on.
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

// HandOff is something that one department hands to another, and who answers for
// it on either side.
type HandOff struct {
	// From is the ID of the department that hands it on.
	From string `toml:"from"`
	// To is the ID of the department that takes it, another one.
	To string `toml:"to"`
	// What is handed on: refund requests. It stands once between two departments
	// in one direction.
	What string `toml:"what"`
	// OwnerFrom is the title of the role that answers for it until it is handed
	// on; empty when the file does not say.
	OwnerFrom string `toml:"owner_from"`
	// OwnerTo is the title of the role that answers for it from then on; empty
	// when the file does not say.
	OwnerTo string `toml:"owner_to"`
}

// Product is a product or service of the client's own.
type Product struct {
	// Name is how it is called.
	Name string `toml:"name"`
	// FormerNames are names that it had. A text that uses one is out of date.
	FormerNames []string `toml:"former_names"`
	// Ended is the last day on which it was offered. A text that names it after
	// that is out of date. It may lie in the future.
	Ended time.Time `toml:"ended"`
	// Replacement is what is offered in its place; may be empty, and is never its
	// own name.
	Replacement string `toml:"replacement"`
}

// System is a program or tool that the client works with.
type System struct {
	// Name is how it is called.
	Name string `toml:"name"`
	// FormerNames are names that it had. A text that uses one is out of date.
	FormerNames []string `toml:"former_names"`
	// Replaces are names of systems that it took the place of. One that is a
	// System of the file too has a day on which it was retired.
	Replaces []string `toml:"replaces"`
	// Retired is the last day on which it was used. It may lie in the future.
	Retired time.Time `toml:"retired"`
}

// Policy is a written policy.
type Policy struct {
	// Title is what it is called.
	Title string `toml:"title"`
	// File is where it is kept, as the client file says; may be empty. It is not
	// opened here.
	File string `toml:"file"`
	// Reviewed is the day on which it was last gone through.
	Reviewed time.Time `toml:"reviewed"`
}

// ReadClient reads a client file from TOML and checks it. The name file appears in
// problems only. The error is a problem.List with every fault of the file in its
// order, each with its line, column and, where there is one, a hint.
func ReadClient(file string, src []byte) (*Client, error) {
	var raw struct {
		Client
		Names   []string      `toml:"values"`
		Reviews []ReviewTable `toml:"review"`
	}
	doc, err := tomlfile.Decode(file, src, &raw)
	if doc == nil {
		return nil, err
	}
	r := clientReader{fields: fields{doc}, client: &raw.Client}
	r.company(raw.Names)
	r.statements()
	r.departments()
	r.standards()
	r.dissolved()
	r.people()
	r.roles()
	r.leads()
	r.handOffs()
	r.products()
	r.systems()
	r.policies()
	r.reviews(raw.Reviews)
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return &raw.Client, nil
}

// StatementFile is a file that holds a statement in place of the client file.
type StatementFile struct {
	// Key is the key that names it in the client file: vision_file.
	Key string
	// Path is the path as the client file gives it: relative to the client file's
	// folder unless it is absolute, with slashes.
	Path string
	// Text is where its text belongs.
	Text *string
}

// StatementFiles lists the files that hold statements of the client's, in the
// order of the fields of Client. Whoever reads them sets their texts; until then
// these statements are empty.
func (c *Client) StatementFiles() []StatementFile {
	var out []StatementFile
	for _, f := range []StatementFile{
		{"vision_file", c.VisionFile, &c.Vision},
		{"mission_file", c.MissionFile, &c.Mission},
		{"service_vision_file", c.ServiceVisionFile, &c.ServiceVision},
		{"former_vision_file", c.FormerVisionFile, &c.FormerVision},
	} {
		if f.Path != "" {
			out = append(out, f)
		}
	}
	return out
}
