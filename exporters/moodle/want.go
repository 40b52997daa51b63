package moodle

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
)

// wanted is what there is to be in Moodle for a client. Everything is found again by its
// ID number, which is the same in files and in what is pushed.
type wanted struct {
	client    *learning.Client
	id        string     // ID number of framework and course: firstcall:acme
	framework *framework // nil: there is nothing to master
	cohorts   []cohort   // one a department
	course    course
}

// framework is a competency framework.
type framework struct {
	name, about  string
	competencies []competency // parents first
}

// competency is a node of the framework's tree.
type competency struct {
	id, parent string // ID numbers; the parent of those at the top is empty
	name       string
	about      string                // HTML; may be empty
	leaf       bool                  // people are rated on it
	dimension  *record.DimensionText // nil where it is none
}

// cohort is a department's.
type cohort struct {
	id, name   string
	former     []string // ID numbers that it had when the department was called otherwise
	about      string   // HTML
	department *learning.Department
}

// course is what the module for self-study goes into.
type course struct {
	name, short string
	about       string // HTML; may be empty
}

// taxonomies are what Moodle calls the levels of the tree.
const taxonomies = "domain,competency,practice"

// want finds out what there is to be.
func want(c *learning.Client) *wanted {
	w := &wanted{client: c, id: "firstcall:" + url.PathEscape(c.ID)}
	if tree := c.Framework(); len(tree) > 0 {
		w.framework = &framework{
			name:  short("Service culture at " + c.Name),
			about: markup("What people at " + c.Name + " are to master: what makes a service culture, and what the organization stands for."),
		}
		w.add(tree, "")
	}
	for _, d := range c.Departments {
		made := cohort{id: w.under(d.ID), name: short(c.Name + ": " + d.Name), about: aboutDepartment(c, d), department: d}
		for _, id := range d.FormerIDs {
			made.former = append(made.former, w.under(id))
		}
		w.cohorts = append(w.cohorts, made)
	}
	var vision []string
	for _, s := range c.Of(nil) {
		vision = append(vision, s.Text)
	}
	w.course = course{short("Service culture at " + c.Name), short("Service culture: " + c.ID), markup(strings.Join(vision, "\n\n"))}
	w.id = learning.Cut(w.id, longest)
	return w
}

// under is the ID number of something of the client.
func (w *wanted) under(id string) string { return learning.Cut(w.id+"/"+id, longest) }

// stem is what all ID numbers of the client begin with, however they were cut.
func (w *wanted) stem() string {
	r := []rune(w.id)
	return string(r[:min(len(r), longest-9)])
}

// short is a text for a name. Where it is cut, it may look like a tag again.
func short(text string) string { return title(learning.Cut(title(text), longest)) }

// add adds a part of the tree, each parent before its children.
func (w *wanted) add(nodes []learning.Competency, parent string) {
	for _, n := range nodes {
		name := short(n.Title)
		if name == "" {
			name = short(n.ID) // Moodle takes none without a name
		}
		c := competency{id: w.under(n.ID), parent: parent, name: name, about: aboutCompetency(n), leaf: len(n.Children) == 0, dimension: n.Dimension}
		same := func(other competency) bool { return other.id == c.id }
		if !slices.ContainsFunc(w.framework.competencies, same) { // a standard of two departments
			w.framework.competencies = append(w.framework.competencies, c)
		}
		w.add(n.Children, c.id)
	}
}

// aboutCompetency is what it means, after the whole title where the name has to cut it.
// The behaviors of a standard stay apart.
func aboutCompetency(n learning.Competency) string {
	about := markup(n.About)
	if n.Standard != nil {
		about = list(n.Standard.Behaviors)
	}
	if len([]rune(title(n.Title))) <= longest {
		return about
	}
	return list([]string{n.Title}) + about
}

func aboutDepartment(c *learning.Client, d *learning.Department) string {
	if d.Vision != "" {
		return markup(d.Vision)
	}
	return markup(d.Name + ", a department of " + c.Name + ".")
}

// period says which assessment a department's gaps come from: the wave, or else the day,
// of the latest one that found any.
func (w *wanted) period(d *learning.Department) string {
	var of *learning.Assessment
	for _, a := range w.client.Assessments {
		weak := func(s learning.Score) bool { return s.Department == d && s.Weak }
		if !a.Latest || !slices.ContainsFunc(a.Scores, weak) {
			continue
		}
		if of == nil || cmp.Or(strings.Compare(a.Record.AsOf, of.Record.AsOf), record.CompareWaves(a.Body.Wave, of.Body.Wave)) > 0 {
			of = a
		}
	}
	if of == nil {
		return ""
	}
	return cmp.Or(of.Body.Wave, of.Record.AsOf)
}

// gaps are the ID numbers of what a department's people are to work on: the dimensions
// with a weak score, the weakest first.
func (w *wanted) gaps(d *learning.Department) (ids, names []string) {
	if w.framework == nil {
		return nil, nil
	}
	for _, g := range d.Gaps() {
		for _, c := range w.framework.competencies {
			if c.dimension == g.Dimension {
				ids, names = append(ids, c.id), append(names, c.name)
			}
		}
	}
	return ids, names
}
