package org

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// The most that a client file may hold. What is larger was not written by hand,
// and would make records and hints unreadable.
const (
	maxName        = 200      // characters of a name, a title or an id
	maxStatement   = 64 << 10 // bytes of a statement, as much as a record carries
	maxNames       = 100      // entries of a list of names
	maxDepartments = 500
	maxRoles       = 2000
	maxPolicies    = 2000
	maxHeadcount   = 100_000_000
)

// clientReader checks a decoded client in place and reports faults to doc. Its
// methods go on after a fault, so that all are found.
type clientReader struct {
	doc    *tomlfile.Doc
	client *Client
}

// place names a place in the file, as for tomlfile.Doc.
type place []any

// at extends p without sharing memory with other extensions of it.
func (p place) at(steps ...any) place { return append(slices.Clip(p), steps...) }

// key names what p leads to: a key, or an entry of a list.
func (p place) key() string {
	if i, ok := p[len(p)-1].(int); ok {
		return fmt.Sprintf("entry %d of %s", i+1, p[:len(p)-1].key())
	}
	return fmt.Sprint(p[len(p)-1])
}

func (r clientReader) report(p place, what, hint string) { r.doc.Report(what, hint, p...) }

// company checks what stands at the top of the file. names are the values that
// are given without a meaning.
func (r clientReader) company(names []string) {
	c := r.client
	r.required(&c.ID, place{"id"}, "client", `add id = "acme" at the top: what --client calls this client`)
	r.nameOr(&c.Name, c.ID, place{"name"})
	r.names(c.FormerNames, place{"former_names"}, c.Name, "the present name")
	r.names(c.Aliases, place{"aliases"}, c.Name, "the name itself")
	r.values(names)
	r.statement(&c.Vision, place{"vision"})
	r.statement(&c.Mission, place{"mission"})
	r.statement(&c.ServiceVision, place{"service_vision"})
}

// values checks the values and adds those that are given by name alone.
func (r clientReader) values(names []string) {
	c := r.client
	if len(names) > 0 && r.doc.Defined("value") {
		r.report(place{"value"}, "values are given twice, as a list and as tables", "keep values = [...], or the [[value]] tables if you want to say what they mean")
		return
	}
	if len(names) > 0 {
		r.names(names, place{"values"}, "", "")
		for _, name := range names {
			c.Values = append(c.Values, Value{Name: name})
		}
		return
	}
	seen := known{}
	for i := range r.few(len(c.Values), maxNames, place{"value"}) {
		v, p := &c.Values[i], place{"value", i}
		r.required(&v.Name, p.at("name"), "value", `add name = "respect" or the like`)
		r.statement(&v.Meaning, p.at("meaning"))
		r.once(seen, v.Name, p.at("name"), "value")
	}
}

func (r clientReader) departments() {
	c := r.client
	names := known{} // ids too, since both find a department
	n := r.few(len(c.Departments), maxDepartments, place{"department"})
	for i := range n {
		d, p := &c.Departments[i], place{"department", i}
		r.id(&d.ID, p.at("id"))
		r.nameOr(&d.Name, d.ID, p.at("name"))
		r.names(d.FormerNames, p.at("former_names"), d.Name, "the present name")
		r.statement(&d.Vision, p.at("vision"))
		if d.Headcount != nil && (*d.Headcount < 0 || *d.Headcount > maxHeadcount) {
			r.report(p.at("headcount"), fmt.Sprintf("headcount must be from 0 to %d", maxHeadcount), "leave it out if it is not known")
		}
		if r.once(names, d.ID, p.at("id"), "department") && sameName(d.Name) != sameName(d.ID) {
			r.once(names, d.Name, p.at("name"), "department")
		}
	}
	for i := range n {
		d, p := &c.Departments[i], place{"department", i}
		r.refers(&d.ReportsTo, p.at("reports_to"))
		seen := known{}
		for j := range r.few(len(d.HandsTo), maxNames, p.at("hands_to")) {
			at := p.at("hands_to", j)
			if r.refers(&d.HandsTo[j], at); d.HandsTo[j] == d.ID && d.ID != "" {
				r.report(at, fmt.Sprintf("department %q hands on to itself", d.ID), "take it out")
			}
			r.once(seen, d.HandsTo[j], at, "department")
		}
	}
	r.circles(n)
}

// circles finds departments that report to themselves, over others or at once.
func (r clientReader) circles(n int) {
	departments := r.client.Departments[:n]
	above := make(map[string]string, n)
	for _, d := range departments {
		above[d.ID] = d.ReportsTo
	}
	const open, done = 1, 2
	state := make(map[string]int, n)
	for _, d := range departments {
		var way []string
		id := d.ID
		for id != "" && state[id] == 0 {
			state[id] = open
			way = append(way, id)
			id = above[id]
		}
		if id != "" && state[id] == open {
			circle := slices.Clone(way[slices.Index(way, id):])
			if len(circle) > 5 {
				circle = append(circle[:4], "...")
			}
			at := slices.IndexFunc(departments, func(d Department) bool { return d.ID == id })
			r.report(place{"department", at, "reports_to"}, "departments report in a circle: "+strings.Join(append(circle, id), ", "),
				"take reports_to out of the one at the top")
		}
		for _, id := range way {
			state[id] = done
		}
	}
}

func (r clientReader) roles() {
	c := r.client
	n := r.few(len(c.Roles), maxRoles, place{"role"})
	titles := make([]string, n)
	in := map[string]known{} // titles by department
	for i := range n {
		role, p := &c.Roles[i], place{"role", i}
		r.required(&role.Title, p.at("title"), "role", `add title = "Support Engineer" or the like, not anybody's name`)
		titles[i] = role.Title
		r.refers(&role.Department, p.at("department"))
		r.names(role.FormerTitles, p.at("former_titles"), role.Title, "the present title")
		if in[role.Department] == nil {
			in[role.Department] = known{}
		}
		r.once(in[role.Department], role.Title, p.at("title"), "role")
	}
	for i := range n {
		role, p := &c.Roles[i], place{"role", i, "reports_to"}
		r.line(&role.ReportsTo, p)
		switch at := slices.IndexFunc(titles, func(t string) bool { return sameName(t) == sameName(role.ReportsTo) }); {
		case role.ReportsTo == "":
		case at < 0:
			r.report(p, fmt.Sprintf("no role is called %q", role.ReportsTo),
				problem.DidYouMean(role.ReportsTo, titles, "reports_to gives the title of a [[role]] of this file, not anybody's name"))
		case sameName(role.ReportsTo) == sameName(role.Title):
			r.report(p, fmt.Sprintf("role %q reports to itself", role.Title), "take reports_to out")
		default:
			role.ReportsTo = titles[at]
		}
	}
}

func (r clientReader) policies() {
	c := r.client
	seen := known{}
	for i := range r.few(len(c.Policies), maxPolicies, place{"policy"}) {
		policy, p := &c.Policies[i], place{"policy", i}
		r.required(&policy.Title, p.at("title"), "policy", `add title = "Returns" or the like`)
		r.once(seen, policy.Title, p.at("title"), "policy")
		r.line(&policy.File, p.at("file"))
		if !policy.Reviewed.IsZero() {
			// The day as written, whatever time and zone stand beside it.
			year, month, day := policy.Reviewed.Date()
			policy.Reviewed = time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		}
	}
}

// known says by name, in the form that names share, that it was there before.
type known map[string]bool

// once reports a name that is known already, and says whether it is new.
func (r clientReader) once(seen known, name string, p place, thing string) bool {
	folded := sameName(name)
	if folded == "" {
		return false
	}
	if seen[folded] {
		r.report(p, fmt.Sprintf("%s %q stands twice", thing, name), "upper and lower case count as the same; keep one")
		return false
	}
	seen[folded] = true
	return true
}

// few reports a list that is longer than most, and gives how many of its entries
// to look at.
func (r clientReader) few(n, most int, p place) int {
	if n > most {
		r.report(p, fmt.Sprintf("%s has %d entries, and at most %d are read", p.key(), n, most), "")
	}
	return min(n, most)
}

// line checks a text of one line, which may be left out but not empty. One that
// is too long is dropped: looking for names near it would take too long.
func (r clientReader) line(text *string, p place) {
	if !r.doc.Defined(p...) {
		return
	}
	*text = strings.TrimSpace(*text)
	switch {
	case *text == "":
		r.report(p, p.key()+" is empty", "write it, or take it out")
	case strings.ContainsFunc(*text, unicode.IsControl):
		r.report(p, p.key()+" holds a line break or another control character", "write it on one line")
	case utf8.RuneCountInString(*text) > maxName:
		r.report(p, fmt.Sprintf("%s is longer than %d characters", p.key(), maxName), "")
		*text = ""
	}
}

// required is line for a text that must be there.
func (r clientReader) required(text *string, p place, thing, hint string) {
	if !r.doc.Defined(p...) {
		r.report(p, fmt.Sprintf("%s has no %s", thing, p.key()), hint)
		return
	}
	r.line(text, p)
}

// nameOr is line for a name for which something else stands in.
func (r clientReader) nameOr(name *string, fallback string, p place) {
	r.line(name, p)
	if *name == "" {
		*name = fallback
	}
}

// names checks a list of names, none of which may stand twice or be the taken one.
func (r clientReader) names(names []string, p place, taken, what string) {
	seen := known{}
	for i := range r.few(len(names), maxNames, p) {
		r.line(&names[i], p.at(i))
		if taken != "" && sameName(names[i]) == sameName(taken) {
			r.report(p.at(i), fmt.Sprintf("%q is %s", names[i], what), "take it out")
		}
		r.once(seen, names[i], p.at(i), "name")
	}
}

// statement checks a text of any number of lines, which may be left out but not
// empty.
func (r clientReader) statement(text *string, p place) {
	if !r.doc.Defined(p...) {
		return
	}
	*text = strings.TrimSpace(*text)
	control := func(c rune) bool { return unicode.IsControl(c) && !unicode.IsSpace(c) }
	switch {
	case *text == "":
		r.report(p, p.key()+" is empty", "write it, or take it out")
	case len(*text) > maxStatement:
		r.report(p, fmt.Sprintf("%s is longer than %d KiB", p.key(), maxStatement>>10), "")
	case strings.ContainsFunc(*text, control):
		r.report(p, p.key()+" holds a control character", "delete it")
	}
}

// id checks the id of a department.
func (r clientReader) id(id *string, p place) {
	r.required(id, p, "department", `add id = "support" or the like, which other entries call it by`)
	outside := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
	}
	if strings.ContainsFunc(*id, outside) {
		r.report(p, fmt.Sprintf("id %q holds more than letters, digits, hyphens and underscores", *id), "write that as name, and something short as id")
	}
}

// refers checks the id of a department that must be in the file, and writes it as
// the department does.
func (r clientReader) refers(id *string, p place) {
	if r.line(id, p); *id == "" {
		return
	}
	departments := r.client.Departments[:min(len(r.client.Departments), maxDepartments)]
	ids := make([]string, len(departments))
	for i, d := range departments {
		ids[i] = d.ID
		if sameName(d.ID) == sameName(*id) {
			*id = d.ID
			return
		}
	}
	hint := "add a [[department]] with that id, or take it out"
	for _, d := range departments {
		if sameName(d.Name) == sameName(*id) {
			hint = fmt.Sprintf("write the id of that department, %q", d.ID)
			r.report(p, fmt.Sprintf("no department has the id %q", *id), hint)
			return
		}
	}
	r.report(p, fmt.Sprintf("no department has the id %q", *id), problem.DidYouMean(*id, ids, hint))
}
