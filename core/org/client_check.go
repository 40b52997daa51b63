package org

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// The most that a client file may hold. What is larger was not written by hand.
const (
	maxDepartments = 500
	maxRoles       = 2000
	maxHandOffs    = 2000
	maxProducts    = 2000
	maxSystems     = 2000
	maxPolicies    = 2000
	maxStandards   = 500
	maxBehavior    = 500 // characters of a standard or a behavior
	maxPeople      = 2000
	maxHeadcount   = 100_000_000
)

// clientReader checks a decoded client in place.
type clientReader struct {
	fields
	client *Client
	titles titles // known once roles has run
}

// company checks what stands at the top of the file. names are the values that
// are given without a meaning.
func (r *clientReader) company(names []string) {
	c := r.client
	r.required(&c.ID, place{"id"}, "client", `add id = "acme" at the top: what --client calls this client`)
	r.nameOr(&c.Name, c.ID, place{"name"})
	r.names(c.FormerNames, place{"former_names"}, c.Name, "the present name")
	r.names(c.Aliases, place{"aliases"}, c.Name, "the name itself")
	r.values(names)
	r.names(c.FormerValues, place{"former_values"}, "", "")
	for i, former := range c.FormerValues {
		if at := slices.IndexFunc(c.Values, func(v Value) bool { return sameName(v.Name) == sameName(former) }); at >= 0 && former != "" {
			r.report(place{"former_values", i}, fmt.Sprintf("%q is a value and a former one", former), "keep it in one of both lists")
		}
	}
}

// statements checks the company's statements and the files that hold them.
func (r *clientReader) statements() {
	c := r.client
	for _, s := range []struct {
		key        string
		text, file *string
	}{
		{"vision", &c.Vision, &c.VisionFile},
		{"mission", &c.Mission, &c.MissionFile},
		{"service_vision", &c.ServiceVision, &c.ServiceVisionFile},
		{"former_vision", &c.FormerVision, &c.FormerVisionFile},
	} {
		file := place{s.key + "_file"}
		r.statement(s.text, place{s.key})
		if r.line(s.file, file); *s.file == "" {
			continue
		}
		if r.doc.Defined(s.key) {
			r.report(file, fmt.Sprintf("%s is given twice, as text and as a file", s.key), fmt.Sprintf("keep %s or %s", s.key, file.key()))
		}
		if strings.Contains(*s.file, "://") {
			r.report(file, file.key()+" is a web address", "save the page, and give the path of the file")
		}
	}
	if c.FormerVision != "" && c.FormerVision == c.Vision {
		r.report(place{"former_vision"}, "former_vision is the same as vision", "keep vision; former_vision is what it said before")
	}
}

// values checks the values and adds those that are given by name alone.
func (r *clientReader) values(names []string) {
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

func (r *clientReader) departments() {
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
func (r *clientReader) circles(n int) {
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

func (r *clientReader) roles() {
	c := r.client
	n := r.few(len(c.Roles), maxRoles, place{"role"})
	in := map[string]known{} // titles by department
	for i := range n {
		role, p := &c.Roles[i], place{"role", i}
		r.required(&role.Title, p.at("title"), "role", `add title = "Support Engineer" or the like, not anybody's name`)
		r.refers(&role.Department, p.at("department"))
		r.names(role.FormerTitles, p.at("former_titles"), role.Title, "the present title")
		if in[role.Department] == nil {
			in[role.Department] = known{}
		}
		r.once(in[role.Department], role.Title, p.at("title"), "role")
	}
	r.titles = newTitles(c.Roles[:n])
	for i := range n {
		role, p := &c.Roles[i], place{"role", i, "reports_to"}
		r.title(&role.ReportsTo, p)
		if role.ReportsTo != "" && sameName(role.ReportsTo) == sameName(role.Title) {
			r.report(p, fmt.Sprintf("role %q reports to itself", role.Title), "take reports_to out")
		}
	}
}

// titles are the titles of the roles of a file, to be told from others.
type titles struct {
	all     []string
	present map[string]string // by the form that names share, as written
	former  map[string]string // the present title by a former one
}

func newTitles(roles []Role) titles {
	t := titles{present: map[string]string{}, former: map[string]string{}}
	for _, role := range roles {
		key := sameName(role.Title)
		if _, twice := t.present[key]; key == "" || twice {
			continue // the first is how it is written
		}
		t.all = append(t.all, role.Title)
		t.present[key] = role.Title
	}
	for _, role := range roles {
		for _, former := range role.FormerTitles {
			t.former[sameName(former)] = role.Title
		}
	}
	return t
}

// title checks the title of a role that another entry of the file gives, and
// writes it as the role does. A file without roles may give any.
func (r *clientReader) title(title *string, p place) {
	r.line(title, p)
	if *title == "" || len(r.titles.all) == 0 && p[0] != "role" {
		return
	}
	if written, ok := r.titles.present[sameName(*title)]; ok {
		*title = written
		return
	}
	hint := p.key() + " gives the title of a [[role]] of this file, not anybody's name"
	if now, ok := r.titles.former[sameName(*title)]; ok && now != "" {
		hint = fmt.Sprintf("write its present title, %q", now)
	} else {
		hint = problem.DidYouMean(*title, r.titles.all, hint)
	}
	r.report(p, fmt.Sprintf("no role is called %q", *title), hint)
}

// leads checks who leads the departments.
func (r *clientReader) leads() {
	for i := range min(len(r.client.Departments), maxDepartments) {
		r.title(&r.client.Departments[i].Lead, place{"department", i, "lead"})
	}
}

// id checks the id of a department.
func (r *clientReader) id(id *string, p place) {
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
func (r *clientReader) refers(id *string, p place) {
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
