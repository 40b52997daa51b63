package scorm

import (
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// module is what the package of one client says, ready to be shown.
type module struct {
	ID       string // for platforms, to tell modules apart
	Slug     string // for file names
	Title    string
	Client   string
	Version  string // of SCORM
	Pass     int    // percent
	Language string // of the client's own texts; empty: English
	People   string // whom the client serves: our guests

	Statements []statement // of the company
	Values     []value     // each with the standards that everybody keeps for it
	Standards  []standard  // that everybody keeps and that belong to no value

	Parts []part // one for each department, then one for everybody else
}

// everybody is the id of the part for those whose department is not there. No
// department's id has such a character.
const everybody = "_"

// part is what is for the people of one department.
type part struct {
	ID   string // unique in the module, the same in every run
	Name string // empty: for everybody

	Statements []statement
	Standards  []standard
	HandsOn    []learning.HandOff
	TakesOver  []learning.HandOff
	Findings   []finding
	Actions    []action
	Common     []action // of everybody, in the part of a department
	Check      []question
}

type statement struct {
	Name string // "Our vision"
	Kind string // "vision", as people say it
	Text []string
}

type value struct {
	Name      string
	Meaning   []string
	Standards []standard
}

type standard struct {
	Text      string
	Value     string
	Beside    string // the value, where the standard does not stand under it
	Behaviors []string
}

type action struct {
	What, Owner string
	Due         string // "December 29, 2026"; may be empty
}

// newModule makes the module of a client, or gives the outcome of its records when
// there can't be one.
func newModule(c *learning.Client, set settings) (*module, *sdk.Outcome) {
	if lack := lackOf(c, set); lack != nil {
		return nil, lack
	}
	m := &module{
		Slug: learning.Slug(c.ID), Title: "Service at " + line(c.Name), Client: line(c.Name),
		Version: set.version, Pass: set.pass, Language: set.language,
		Statements: statements(c.Of(nil)),
	}
	for _, v := range c.Values {
		m.Values = append(m.Values, value{Name: line(v.Name), Meaning: paragraphs(v.Meaning), Standards: kept(c.Standards, v.Name)})
	}
	m.Standards = kept(c.Standards, "")
	m.ID = "firstcall-" + m.Slug + "-" + digest(c.ID)
	ids := map[string]bool{}
	if set.department != "" {
		d := c.Department(set.department)
		m.Title += ": " + line(d.Name)
		m.Slug += "-" + learning.Slug(d.Name)
		m.ID = "firstcall-" + m.Slug + "-" + digest(c.ID+"\x00"+d.Name)
		m.Parts = []part{partOf(c, d, ids)}
	} else {
		for _, d := range c.Departments {
			m.Parts = append(m.Parts, partOf(c, d, ids))
		}
		m.Parts = append(m.Parts, partOf(c, nil, ids))
	}
	m.People = m.people()
	for i := range m.Parts {
		m.Parts[i].Check = check(m, c, &m.Parts[i])
	}
	return m, nil
}

// partOf is the part of a department, nil for everybody.
func partOf(c *learning.Client, d *learning.Department, ids map[string]bool) part {
	p := part{ID: everybody, Findings: findings(c, d), Actions: actions(c, d)}
	if d == nil {
		return p
	}
	p.ID, p.Name, p.Common = d.ID, line(d.Name), actions(c, nil)
	for ids[p.ID] { // the names differ in case only
		p.ID += "-2"
	}
	ids[p.ID] = true
	p.Statements = statements(c.Of(d))
	for _, s := range d.Standards {
		own := shown(s)
		own.Beside = own.Value
		p.Standards = append(p.Standards, own)
	}
	p.HandsOn, p.TakesOver = handOffs(d.HandsOn), handOffs(d.TakesOver)
	return p
}

// kept are the standards that everybody keeps for a value.
func kept(all []record.Standard, value string) []standard {
	var of []standard
	for _, s := range all {
		if s.Department == "" && s.Value == value {
			of = append(of, shown(s))
		}
	}
	return of
}

func shown(s record.Standard) standard {
	made := standard{Text: line(s.Text), Value: line(s.Value)}
	for _, b := range s.Behaviors {
		if b = line(b); b != "" {
			made.Behaviors = append(made.Behaviors, b)
		}
	}
	return made
}

func handOffs(all []learning.HandOff) []learning.HandOff {
	made := slices.Clone(all)
	for i, h := range made {
		made[i] = learning.HandOff{From: line(h.From), To: line(h.To), What: line(h.What), OwnerFrom: line(h.OwnerFrom), OwnerTo: line(h.OwnerTo)}
	}
	return made
}

// statementNames are the kinds of statements as people call them.
var statementNames = map[string]string{
	"service-vision": "service vision", "vision": "vision", "mission": "mission",
	"values": "values", "promise": "promise", "slogan": "slogan",
}

func statements(all []learning.Statement) []statement {
	var made []statement
	for _, s := range all {
		text := paragraphs(s.Text)
		if s.Kind == "values" { // a list of names, as a rule
			text = lines(s.Text)
		}
		if len(text) == 0 {
			continue
		}
		kind := statementNames[s.Kind]
		if kind == "" {
			kind = "statement"
		}
		twice := func(other statement) bool { return other.Kind == kind && slices.Equal(other.Text, text) }
		if !slices.ContainsFunc(made, twice) {
			made = append(made, statement{Name: "Our " + kind, Kind: kind, Text: text})
		}
	}
	return made
}

// actions are what plans want done: by a department, or by everybody.
func actions(c *learning.Client, d *learning.Department) []action {
	var made []action
	for _, a := range c.Actions {
		other := d == nil && a.Action.Department != "" // a group that is no department
		if a.Department != d || other {
			continue
		}
		made = append(made, action{What: line(a.What), Owner: line(a.Owner), Due: day(a.Due)})
	}
	return made
}

// day is a date as people write it; empty when there is none.
func day(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return t.Format("January 2, 2006")
}

// line is a text in one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// paragraphs are those of a text, each in one line. A blank line ends one; the end of a
// line alone does not: many people break theirs by hand.
func paragraphs(text string) []string {
	var all []string
	open := false
	for l := range strings.Lines(text) {
		l = line(l)
		switch {
		case l != "" && open:
			all[len(all)-1] += " " + l
		case l != "":
			all = append(all, l)
		}
		open = l != ""
	}
	return all
}

// lines are the lines of a text that say something.
func lines(text string) []string {
	var all []string
	for l := range strings.Lines(text) {
		if l = line(l); l != "" {
			all = append(all, l)
		}
	}
	return all
}

// The pages that a module can have, beside those that every module has.

// HasPromise reports whether the client states what it is there for.
func (m *module) HasPromise() bool { return len(m.Statements) > 0 }

// HasStandards reports whether there are values or standards for everybody.
func (m *module) HasStandards() bool { return len(m.Values) > 0 || len(m.Standards) > 0 }

// foreign reports whether the client's texts are in another language than ours.
func (m *module) foreign() bool {
	base, _, _ := strings.Cut(m.Language, "-")
	return base != "" && !strings.EqualFold(base, "en")
}

// HasAnyStandard reports whether there are standards for everybody.
func (m *module) HasAnyStandard() bool { return len(common(m)) > 0 }

// HasOwn reports whether a department has anything of its own to read.
func (p part) HasOwn() bool {
	return len(p.Statements) > 0 || len(p.Standards) > 0 || len(p.HandsOn) > 0 || len(p.TakesOver) > 0
}

// Choice reports whether learners pick their department.
func (m *module) Choice() bool { return len(m.Parts) > 1 }

// Few reports whether the departments can all be seen at once.
func (m *module) Few() bool { return len(m.Parts) <= 12 }

// Whose is the department in a sentence: Kitchen, or everybody at Acme.
func (m *module) Whose(p part) string {
	if p.Name == "" {
		return m.Client
	}
	return p.Name
}

// Need is how many of the questions must be right to pass.
func (m *module) Need(p part) int { return (m.Pass*len(p.Check) + 99) / 100 }
