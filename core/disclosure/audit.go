package disclosure

import (
	"context"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/auditor"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

// LeakError says what the auditor found in what was about to be published.
type LeakError struct{ Findings []auditor.Finding }

func (e *LeakError) Error() string {
	lines := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// rules are those of the auditor for one record.
func (p *publisher) rules() auditor.Rules {
	return auditor.Rules{Min: p.min, Alike: UnanimousFloor, Spread: Spread}
}

// audit has the auditor look for withheld figures in a body.
func (p *publisher) audit(ctx context.Context, key string, body record.AssessmentBody) error {
	release, findings := auditor.ReleaseOf(key, body, p.raw.Client)
	findings = append(findings, auditor.Releases(ctx, append(slices.Clone(p.req.Released), release), p.known(), p.rules())...)
	return leak(ctx, findings, key)
}

// leak is the error of findings in records of certain keys; others are of what
// was released before.
func leak(ctx context.Context, findings []auditor.Finding, keys ...string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	findings = slices.DeleteFunc(findings, func(f auditor.Finding) bool { return !slices.Contains(keys, f.Release) })
	if len(findings) > 0 {
		return &LeakError{findings}
	}
	return nil
}

// known is what somebody knows of the people who knows all about the
// organization, and what the auditor needs to prove that it does not help.
func (p *publisher) known() *auditor.Known {
	a, scorer := p.raw, p.scorer
	k := &auditor.Known{}
	var places []int
	for i, column := range a.Columns {
		if !slices.Contains(p.req.Lacking, column) {
			k.Columns, places = append(k.Columns, column), append(places, i)
		}
	}
	for i, s := range a.Atoms {
		var values []string
		for _, at := range places {
			values = append(values, a.AtomKeys[i][at])
		}
		atom := auditor.Atom{Values: values, People: map[string]int64{auditor.MeasurePeople: s.N}, Figures: map[string]*auditor.Figure{}}
		scorer.Reveal(s, func(dimension, item string, n int64, sum, squares float64, steps []int64) {
			name := auditor.MeasureItem + item
			if item == "" {
				if scorer.Imputes() { // scores are not what people answered
					return
				}
				name = auditor.MeasureDimension + dimension
			}
			atom.People[name] = n
			atom.Figures[name] = &auditor.Figure{N: n, Sum: &sum, Squares: &squares, Histogram: steps}
		})
		k.Atoms = append(k.Atoms, atom)
	}
	return k
}

// nest is a column of which all people of each group share a value.
type nest struct {
	name   string
	values []string // of each group
}

// within finds the columns in whose groups the groups of a grouping lie, as
// stores do in regions. Who belongs where is known; whoever checks records has
// to know it too. It is told of columns only that all groups lie in.
func (p *publisher) within(grouping int) []nest {
	g := p.raw.Groupings[grouping]
	var out []nest
	for at, column := range p.raw.Columns {
		grouped := slices.ContainsFunc(p.raw.Groupings, func(g score.Grouping) bool { return slices.Contains(g.By, column) })
		if !grouped || slices.Contains(g.By, column) {
			continue
		}
		n := nest{name: column}
		seen := map[string]bool{}
		for _, group := range g.Groups {
			value := p.raw.AtomKeys[group.Atoms[0]][at]
			if slices.ContainsFunc(group.Atoms, func(a int) bool { return p.raw.AtomKeys[a][at] != value }) {
				break
			}
			n.values = append(n.values, value)
			seen[value] = true
		}
		if len(n.values) == len(g.Groups) && len(seen) > 1 && len(seen) < len(g.Groups) {
			out = append(out, n)
		}
	}
	return out
}

// AuditTogether has the auditor look at the records of one run together, and
// with earlier ones that they are compared with. What it finds in the records of
// the run is a *LeakError.
func AuditTogether(ctx context.Context, records, earlier []*record.Record) error {
	var releases []*auditor.Release
	var keys []string
	for _, r := range slices.Concat(earlier, records) {
		if r.Kind == record.KindAssessment {
			release, _ := auditor.ReleaseOf(r.Key, r.Assessment.Body(), r.Client.ID) // each was looked at by itself
			releases = append(releases, release)
		}
	}
	for _, r := range records {
		keys = append(keys, r.Key)
	}
	rules := auditor.Rules{Min: instrument.MinGroupFloor, Alike: UnanimousFloor, Spread: Spread}
	return leak(ctx, auditor.Releases(ctx, releases, nil, rules), keys...)
}
