package disclosure

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/auditor"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

// LeakError says what the auditor found in what was about to be published.
type LeakError struct{ Findings []auditor.Finding }

// Error gives one line a finding.
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

// proven is a body that the auditor found nothing in. What can't be proven safe
// is not published: as long as the auditor finds anything, the finest groups are
// withheld of what it found it in.
func (p *publisher) proven(ctx context.Context, key string) (record.AssessmentBody, error) {
	for {
		if ctx.Err() != nil {
			return record.AssessmentBody{}, context.Cause(ctx)
		}
		body := p.body()
		if p.req.primaryOnly {
			return body, nil
		}
		err := p.audit(ctx, key, body, nil)
		var found *LeakError
		if errors.As(err, &found) && p.retreat(found.Findings) {
			p.withhold()
			continue
		}
		if err == nil && len(p.req.Released) > 0 {
			err = p.audit(ctx, key, body, p.released())
		}
		if err == nil {
			p.tellRetreats()
		}
		return body, err
	}
}

// released is what was released before of the same client and instrument.
func (p *publisher) released() []*auditor.Release {
	return slices.DeleteFunc(slices.Clone(p.req.Released), func(r *auditor.Release) bool {
		return !r.Of(p.raw.Client, p.req.Instrument.ID)
	})
}

// audit has the auditor look for withheld figures in a body, and in it together
// with what was released before.
func (p *publisher) audit(ctx context.Context, key string, body record.AssessmentBody, earlier []*auditor.Release) error {
	release, findings := auditor.ReleaseOf(key, body, p.raw.Client)
	findings = append(findings, auditor.Releases(ctx, append(slices.Clone(earlier), release), p.known(), p.rules())...)
	return leak(ctx, findings, key)
}

// retreat withholds, from now on, one more grouping of each measure in which
// something was found: the one of the most groups that is left. It reports
// whether there was any.
func (p *publisher) retreat(findings []auditor.Finding) bool {
	more := map[string]bool{}
	for _, f := range findings {
		more[p.retreatOf(f.Measure)] = true
	}
	any := false
	for measure := range more {
		if p.retreats[measure] < len(p.raw.Groupings) {
			p.retreats[measure]++
			any = true
		}
	}
	return any
}

// tellRetreats says which groupings were given up.
func (p *publisher) tellRetreats() {
	most := 0
	for _, n := range p.retreats {
		most = max(most, n)
	}
	for _, g := range p.finest()[:most] {
		p.req.tell("some figures by %s are withheld because they could not be proven safe; with fewer groups at once there is more to show", strings.Join(g.By, "*"))
	}
}

// retreatOf is the measure under which a measure is withheld: the items of a
// dimension go together, under its id.
func (p *publisher) retreatOf(measure string) string {
	id, isItem := strings.CutPrefix(measure, auditor.MeasureItem)
	for _, d := range p.req.Instrument.Dimensions {
		if isItem && slices.ContainsFunc(d.Items, func(it instrument.Item) bool { return it.ID == id }) {
			if len(d.Items) == 1 {
				return auditor.MeasureDimension + d.ID
			}
			return auditor.MeasureItem + d.ID
		}
	}
	return measure
}

// finest lists the groupings, those of the most groups first.
func (p *publisher) finest() []score.Grouping {
	out := slices.Clone(p.raw.Groupings)
	slices.SortStableFunc(out, func(a, b score.Grouping) int { return cmp.Compare(len(b.Groups), len(a.Groups)) })
	return out
}

// retreated adds to cells that are withheld already the groupings that are
// withheld of a measure as a whole.
func (p *publisher) retreated(measure string, already []bool) []bool {
	out := slices.Clone(already)
	for _, finest := range p.finest()[:p.retreats[measure]] {
		at := 1
		for _, g := range p.raw.Groupings {
			for range g.Groups {
				out[at] = out[at] || slices.Equal(g.By, finest.By)
				at++
			}
		}
	}
	return out
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
	if p.population != nil {
		return p.population
	}
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
	p.population = k
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
	if len(earlier) == 0 && len(records) < 2 {
		return nil // it was looked at by itself
	}
	var releases []*auditor.Release
	var keys []string
	for i, r := range slices.Concat(earlier, records) {
		if r.Kind == record.KindAssessment {
			release, _ := auditor.ReleaseOf(r.Key, r.Assessment.Body(), r.Client.ID) // each was looked at by itself
			if i < len(earlier) {
				release.Name = "the earlier record " + r.Key
			}
			releases = append(releases, release)
		}
	}
	for _, r := range records {
		keys = append(keys, r.Key)
	}
	rules := auditor.Rules{Min: instrument.MinGroupFloor, Alike: UnanimousFloor, Spread: Spread}
	return leak(ctx, auditor.Releases(ctx, releases, nil, rules), keys...)
}
