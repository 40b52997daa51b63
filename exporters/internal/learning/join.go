package learning

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// piece is a record that was read: one of the bodies is set, but for kinds that
// nothing is learned from.
type piece struct {
	at           int
	rec          *record.Record
	assessment   *record.AssessmentBody
	statement    *record.Statement
	job          *record.Job
	plan         *record.Plan
	organization *record.Organization
}

// read decodes a record, or gives the outcome of one that can't be used.
func read(at int, r sdk.Record, opt Options) (piece, *sdk.Outcome) {
	fail := func(err error) (piece, *sdk.Outcome) {
		o := sdk.Reject(opt.Exporter+".record", "not a record that can be read: "+err.Error(), "make it again with the version of firstcall you are using")
		return piece{}, &o
	}
	rec, err := r.Decode()
	switch {
	case err != nil:
		return fail(err)
	case rec.Key != r.Key || rec.Kind != r.Kind:
		return fail(fmt.Errorf("it is sent as %s and is %s", r.Key, rec.Key))
	}
	if err := rec.Check(); err != nil {
		return fail(err)
	}
	p := piece{at: at, rec: rec}
	switch rec.Kind {
	case record.KindAssessment:
		body := rec.Assessment.Body()
		p.assessment = &body
	case record.KindStatement:
		p.statement, err = held(rec.Statement())
	case record.KindJob:
		p.job, err = held(rec.Job())
	case record.KindPlan:
		p.plan, err = held(rec.Plan())
	case record.KindOrganization:
		p.organization, err = held(rec.Organization())
	}
	if err != nil {
		return fail(err)
	}
	if rec.Client.ID == "" {
		o := sdk.Reject(opt.Exporter+".client", "the record does not say whose it is", "make it again with --client ID")
		return p, &o
	}
	if opt.NeedDay && rec.AsOf == "" && (p.assessment != nil || p.plan != nil) {
		o := sdk.Reject(opt.Exporter+".day", "the record does not say of which day it speaks", "make it again with --as-of DATE")
		return p, &o
	}
	return p, nil
}

func held[T any](body T, err error) (*T, error) { return &body, err }

// build makes everything of a client's records, which are in the order of their keys.
func (c *Client) build(all []piece, opt Options) {
	for _, p := range all {
		c.Name = cmp.Or(c.Name, p.rec.Client.Name)
		c.day(p)
		if p.organization != nil {
			c.Organization = p.organization
		}
		if p.assessment != nil {
			c.Assessments = append(c.Assessments, &Assessment{At: p.at, Record: p.rec, Body: *p.assessment})
		}
	}
	c.Name = cmp.Or(c.Name, c.ID)
	if c.AsOf == "" {
		for _, p := range all {
			c.AsOf = max(c.AsOf, p.rec.AsOf)
		}
	}
	c.latest()
	c.leaveOut()
	c.lackColumn(opt)
	c.organize()
	c.named(all, opt.Column)
	for _, p := range all {
		c.addStatement(p.statement)
		if p.job != nil {
			made := Job{Job: *p.job, At: p.at, Key: p.rec.Key, AsOf: p.rec.AsOf}
			if c.LeftOut(made.Department) {
				made.Department = ""
			}
			c.Jobs = append(c.Jobs, made)
		}
		if p.plan != nil {
			c.addActions(p, opt.Column)
		}
	}
	c.ownStatements()
	for _, a := range c.Assessments {
		c.score(a, opt.Column)
	}
}

// day keeps the latest day: of assessments and plans, if they say any.
func (c *Client) day(p piece) {
	if p.assessment != nil || p.plan != nil {
		c.AsOf = max(c.AsOf, p.rec.AsOf)
	}
}

// latest marks the latest wave of each instrument.
func (c *Client) latest() {
	last := map[string]*Assessment{}
	for _, a := range c.Assessments {
		id := a.Body.Instrument.ID
		if b := last[id]; b == nil || cmp.Or(strings.Compare(a.Record.AsOf, b.Record.AsOf), record.CompareWaves(a.Body.Wave, b.Body.Wave)) > 0 {
			last[id] = a
		}
	}
	for _, a := range last {
		a.Latest = true
	}
}

// ofColumn is the department that a group is, and whether it is one.
func ofColumn(by, key []string, column string) (string, bool) {
	if len(by) != 1 || !strings.EqualFold(by[0], column) || strings.TrimSpace(key[0]) == "" {
		return "", false
	}
	return key[0], true
}

// leaveOut finds the departments that are withheld where they were last asked for, in
// any instrument's latest wave or in earlier ones if they are in none of these. They are
// left out under every name that the client file has for them, whatever column they stand
// in: a column that was named by mistake must not show them.
func (c *Client) leaveOut() {
	rounds := make([][]*record.AssessmentBody, 2)
	rounds[0] = c.refused // of which nobody knows whether they are the latest
	for _, a := range c.Assessments {
		round := 1
		if a.Latest {
			round = 0
		}
		rounds[round] = append(rounds[round], &a.Body)
	}
	asked := map[string]bool{}
	for _, round := range rounds {
		seen := map[string]bool{}
		for _, body := range round {
			for _, g := range body.Groups {
				if len(g.By) != 1 || strings.TrimSpace(g.Key[0]) == "" {
					continue
				}
				name := c.called(g.Key[0])
				seen[name] = true
				if g.Withheld && !asked[name] {
					c.left[name] = true
				}
			}
		}
		for name := range seen {
			asked[name] = true
		}
	}
}

// lackColumn warns of assessments with groups none of which is of the column.
func (c *Client) lackColumn(opt Options) {
	for _, a := range c.Assessments {
		var columns []string
		for _, g := range a.Body.Groups {
			if len(g.By) == 1 && !slices.Contains(columns, g.By[0]) {
				columns = append(columns, g.By[0])
			}
		}
		if opt.Column != "" && len(columns) > 0 && !slices.ContainsFunc(columns, func(of string) bool { return strings.EqualFold(of, opt.Column) }) {
			c.warnings[a.At] = &sdk.Diagnostic{Severity: sdk.SeverityWarning, Code: opt.Exporter + ".column", Field: "by",
				Summary: fmt.Sprintf("it has no groups by %s, so that no department has scores of its own; it has groups by %s", opt.Column, strings.Join(columns, ", ")),
				Hint:    "where the departments stand there, set by to it: --set by='" + columns[0] + "'"}
		}
	}
}

// called is a name that a record has for a department, as it is told from others: that of
// the client file, where it knows the name as an id, a name, or the former name of one
// department alone.
func (c *Client) called(name string) string {
	folded := fold(name)
	if c.Organization == nil {
		return folded
	}
	var had []string
	for _, d := range c.Organization.Departments {
		if fold(d.Name) == folded || fold(d.ID) == folded {
			return fold(d.Name)
		}
		if slices.ContainsFunc(d.FormerNames, func(n string) bool { return fold(n) == folded }) {
			had = append(had, fold(d.Name))
		}
	}
	if len(had) == 1 {
		return had[0]
	}
	return folded
}

// organize takes over what the client file says.
func (c *Client) organize() {
	o := c.Organization
	if o == nil {
		return
	}
	c.Values, c.Policies = o.Values, o.Policies
	byID := map[string]*Department{}
	for _, d := range o.Departments {
		if c.left[fold(d.Name)] {
			continue
		}
		made := &Department{ID: Slug(d.Name), Name: d.Name, Vision: d.Vision, Lead: d.Lead}
		for _, former := range d.FormerNames {
			if c.called(former) == fold(d.Name) {
				made.FormerIDs = append(made.FormerIDs, Slug(former))
			}
		}
		byID[d.ID] = made
		c.Departments = append(c.Departments, byID[d.ID])
	}
	for _, s := range o.Standards {
		d := byID[s.Department]
		if s.Department != "" && d == nil {
			continue
		}
		c.Standards = append(c.Standards, s)
		if d != nil {
			d.Standards = append(d.Standards, s)
		}
	}
	told := map[[2]string]bool{}
	hand := func(from, to string, h record.HandOff) {
		a, b := byID[from], byID[to]
		if a == nil || b == nil {
			return
		}
		told[[2]string{from, to}] = true
		made := HandOff{a.Name, b.Name, h.What, h.OwnerFrom, h.OwnerTo}
		a.HandsOn, b.TakesOver = append(a.HandsOn, made), append(b.TakesOver, made)
	}
	for _, h := range o.HandOffs {
		hand(h.From, h.To, h)
	}
	for _, d := range o.Departments {
		for _, to := range d.HandsTo {
			if !told[[2]string{d.ID, to}] {
				hand(d.ID, to, record.HandOff{})
			}
		}
	}
}

// named adds the departments that statements and the latest assessments name and the
// client file does not, by name.
func (c *Client) named(all []piece, column string) {
	var names []string
	for _, a := range c.Assessments {
		for _, g := range a.Body.Groups {
			if name, ok := ofColumn(g.By, g.Key, column); ok && a.Latest {
				names = append(names, name)
			}
		}
	}
	for _, p := range all {
		if p.statement != nil && p.statement.Scope == "department" {
			names = append(names, p.statement.Department)
		}
	}
	slices.SortFunc(names, record.CompareNatural)
	for _, name := range names {
		if name != "" && !c.left[c.called(name)] && c.Department(name) == nil {
			c.Departments = append(c.Departments, &Department{ID: Slug(name), Name: name})
		}
	}
}

// Department finds a department by its name, by what the client file calls it, or by a
// name that it alone had. It is nil when there is none, or it is left out.
func (c *Client) Department(name string) *Department {
	called := c.called(name)
	at := slices.IndexFunc(c.Departments, func(d *Department) bool { return fold(d.Name) == called })
	if at < 0 {
		return nil
	}
	return c.Departments[at]
}

// fold is a name as it is told from others: without case, and with blanks, hyphens and
// underscores as one.
func fold(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == '\u00a0' || r == '\t' }), " ")
}

// addStatement adds a statement that is a record of its own.
func (c *Client) addStatement(s *record.Statement) {
	if s == nil || strings.TrimSpace(s.Text) == "" || s.Cut {
		return
	}
	made := Statement{Kind: s.Kind, Text: s.Text}
	if s.Scope == "department" {
		if made.Department = c.Department(s.Department); made.Department == nil {
			return
		}
	}
	c.Statements = append(c.Statements, made)
}

// ownStatements adds what the client file says and no statement's record does, and puts
// the statements in order.
func (c *Client) ownStatements() {
	add := func(kind, text string, d *Department) {
		same := func(s Statement) bool { return s.Kind == kind && s.Department == d }
		if text != "" && !slices.ContainsFunc(c.Statements, same) {
			c.Statements = append(c.Statements, Statement{Kind: kind, Text: text, Department: d})
		}
	}
	if o := c.Organization; o != nil {
		add("vision", o.Vision, nil)
		add("mission", o.Mission, nil)
		add("service-vision", o.ServiceVision, nil)
	}
	for _, d := range c.Departments {
		add("service-vision", d.Vision, d)
		if own := c.Of(d); d.Vision == "" && len(own) > 0 {
			d.Vision = own[0].Text
		}
	}
	rank := func(s Statement) int {
		department := 0
		if s.Department != nil {
			department = 1 + slices.Index(c.Departments, s.Department)
		}
		return 10*department + slices.Index(statementKinds, s.Kind)
	}
	slices.SortStableFunc(c.Statements, func(a, b Statement) int { return cmp.Compare(rank(a), rank(b)) })
}

// statementKinds are the kinds of statements, in the order in which people read them.
var statementKinds = []string{"service-vision", "vision", "mission", "values", "promise", "slogan"}

// addActions adds what a plan of an assessment wants done.
func (c *Client) addActions(p piece, column string) {
	for _, a := range p.plan.Actions {
		made := Action{Action: a, At: p.at, Plan: p.rec.Key, Of: p.plan.Of, AsOf: p.rec.AsOf}
		name := a.Department
		if of, ok := ofColumn(a.By, a.Key, column); ok {
			name = of
		}
		if name != "" {
			if made.Department = c.Department(name); made.Department == nil && c.LeftOut(name) {
				continue
			}
		}
		c.Actions = append(c.Actions, made)
	}
}

// score takes the published scores out of an assessment. What it says of a department
// does not depend on other records: a department that is left out of all else has the
// scores that an earlier wave published.
func (c *Client) score(a *Assessment, column string) {
	a.Scores = scores(&a.Body.Instrument, a.Body.Dimensions, nil)
	byDepartment := map[*Department][]Score{}
	var former []*Department
	add := func(g record.Group, name string, d *Department) {
		if d == nil {
			d = &Department{ID: Slug(name), Name: name}
			if slices.ContainsFunc(slices.Concat(c.Departments, former), func(o *Department) bool { return o.ID == d.ID }) {
				d.ID += "-" + digest(name)
			}
			former = append(former, d)
		}
		byDepartment[d] = scores(&a.Body.Instrument, g.Dimensions, d)
	}
	// Who has the name now comes before who had it.
	for _, present := range []bool{true, false} {
		for _, g := range a.Body.Groups {
			name, ok := ofColumn(g.By, g.Key, column)
			d := c.Department(name)
			if !ok || g.Withheld || present != (d != nil && fold(d.Name) == fold(name)) {
				continue
			}
			if _, twice := byDepartment[d]; twice {
				d = nil
			}
			add(g, name, d)
		}
	}
	slices.SortFunc(former, func(a, b *Department) int { return record.CompareNatural(a.Name, b.Name) })
	for _, d := range slices.Concat(c.Departments, former) {
		a.Scores = append(a.Scores, byDepartment[d]...)
		if a.Latest {
			d.Scores = append(d.Scores, byDepartment[d]...)
		}
	}
}

func scores(in *record.Instrument, dimensions []record.Dimension, d *Department) []Score {
	var made []Score
	for _, x := range dimensions {
		at := slices.IndexFunc(in.Dimensions, func(t record.DimensionText) bool { return t.ID == x.ID })
		if x.Withheld || x.Mean == nil || x.Percent == nil || x.N == nil || at < 0 {
			continue
		}
		text := &in.Dimensions[at]
		scale := text.Scale
		if scale == nil {
			scale = in.Scale
		}
		if scale == nil || scale.Max <= scale.Min {
			continue
		}
		made = append(made, Score{
			Instrument: in, Dimension: text, Department: d, N: *x.N, Mean: *x.Mean, Min: float64(scale.Min), Max: float64(scale.Max),
			Percent: *x.Percent, Band: x.Band, Weak: in.Weak(*x.Percent),
		})
	}
	return made
}
