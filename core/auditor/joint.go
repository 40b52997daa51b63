package auditor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Releases finds what could be worked out from several releases together, of
// any number of surveys. Releases of one client, instrument and wave are of one
// survey: they speak of the same people, but for some who answered late or were
// left out. known is what is known of these people beyond the releases, nil for
// nothing. Which sets of people are found does not depend on the order of the
// releases; a finding that takes several is told of the last of them. When ctx
// is done it stops and what it found so far is not all there is.
func Releases(ctx context.Context, releases []*Release, known *Known, rules Rules) []Finding {
	releases = slices.DeleteFunc(slices.Clone(releases), func(r *Release) bool { return r == nil })
	var out []Finding
	for _, members := range surveys(releases) {
		s := &survey{releases: members, known: known, rules: rules, seen: make(map[sighting]bool)}
		s.run(ctx)
		out = append(out, s.findings...)
	}
	return tidy(append(out, matched(ctx, releases)...))
}

// surveys sorts releases by survey, in the order in which surveys come first.
func surveys(releases []*Release) [][]*Release {
	var out [][]*Release
	at := map[[3]string]int{}
	for _, r := range releases {
		id := [3]string{fold(r.Client), r.Instrument, fold(r.Wave)}
		i, known := at[id]
		if !known {
			i = len(out)
			at[id] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], r)
	}
	return out
}

// fold is a name as somebody reads it: the same survey may go by names that
// differ in case and spaces.
func fold(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// Of reports whether the release is of a client's answers to an instrument. The
// client's name may differ in case and spaces.
func (r *Release) Of(client, instrument string) bool {
	return r.Instrument == instrument && fold(r.Client) == fold(client)
}

// survey is what was released of one survey.
type survey struct {
	releases []*Release // in the order given
	known    *Known
	rules    Rules
	seen     map[sighting]bool // what was found in one release alone
	findings []Finding
}

// sighting is a finding in one release.
type sighting struct {
	release             *Release
	cell, measure, what string
}

// run looks at each release alone and then at all together: what only the
// others reveal is told of the last.
func (s *survey) run(ctx context.Context) {
	s.strange()
	for _, r := range s.releases {
		if ctx.Err() != nil {
			return
		}
		s.audit(ctx, []*Release{r})
	}
	if len(s.releases) > 1 && ctx.Err() == nil {
		s.audit(ctx, s.releases)
	}
}

// strange finds groupings whose columns the answers at hand do not have. It is
// the last release that can't be held against the others then.
func (s *survey) strange() {
	if s.known == nil {
		return
	}
	last := s.releases[len(s.releases)-1]
	for _, r := range s.releases {
		var told []string
		for _, c := range r.Cells {
			for _, column := range c.By {
				if slices.Contains(s.known.Columns, column) || slices.Contains(told, column) {
					continue
				}
				told = append(told, column)
				against := ""
				if r != last {
					against = " against " + r.Name
				}
				s.findings = append(s.findings, Finding{last.Name, cellName(nil, nil), MeasurePeople,
					fmt.Sprintf("can't be checked%s: the answers have no column %q", against, column)})
			}
		}
	}
}

// audit looks at releases together: with what is known of the people where
// that fits, else with what the names of groups tell.
func (s *survey) audit(ctx context.Context, releases []*Release) {
	rules := s.rules
	rules.Min = leastOf(s.smallest(releases))
	fitting := slices.DeleteFunc(slices.Clone(releases), func(r *Release) bool { return !s.fits(r) })
	if len(fitting) > 0 {
		a := s.newAudit(ctx, fitting, rules)
		a.retold()
		a.domain(a.knownDomain(s.known))
	}
	if len(fitting) < len(releases) {
		a := s.newAudit(ctx, releases, rules)
		a.retold()
		for _, w := range a.labelDomains() {
			a.domain(w)
		}
	}
}

// smallest is the least of what the releases mean to publish.
func (s *survey) smallest(releases []*Release) int64 {
	least := int64(0)
	for _, r := range releases {
		if m := cmp.Or(r.Min, s.rules.Min); least == 0 || m < least {
			least = m
		}
	}
	return least
}

// fits reports whether everybody in a release is among the people known.
func (s *survey) fits(r *Release) bool {
	if s.known == nil {
		return false
	}
	people := map[string]map[string]bool{} // the values that somebody has, by columns
	for _, c := range r.Cells {
		columns := joined(c.By)
		if people[columns] == nil {
			people[columns] = s.valuesOf(c.By)
		}
		if len(c.Key) < len(c.By) || !people[columns][joined(c.Key[:len(c.By)])] {
			return false
		}
	}
	return true
}

// valuesOf is the combinations of values that the people known have in some
// columns; none where one of these is not known.
func (s *survey) valuesOf(by []string) map[string]bool {
	out := map[string]bool{}
	values := make([]string, len(by))
	for _, a := range s.known.Atoms {
		known := true
		for i, column := range by {
			at := slices.Index(s.known.Columns, column)
			if known = known && at >= 0 && at < len(a.Values); known {
				values[i] = a.Values[at]
			}
		}
		if known {
			out[joined(values)] = true
		}
	}
	return out
}

// holds reports whether people with these values belong to a group; places
// says where the values of its columns stand.
func holds(places []int, key, values []string) bool {
	for i, p := range places {
		if p < 0 || p >= len(values) || i >= len(key) || values[p] != key[i] {
			return false
		}
	}
	return true
}

// figure returns what a release shows of a measure in its cell number i.
func (r *Release) figure(i int, measure string) *Figure {
	at := slices.Index(r.Measures, measure)
	if at < 0 || at >= len(r.Cells[i].Figures) {
		return nil
	}
	return r.Cells[i].Figures[at]
}

// scale returns the range of a measure's answers.
func (r *Release) scale(measure string) Scale {
	at := slices.Index(r.Measures, measure)
	if at < 0 || at >= len(r.Scales) {
		return Scale{}
	}
	return r.Scales[at]
}

// universe names what figures of a measure can be compared with: those of an
// instrument in other words are of other answers, and who has a score in a
// dimension goes by the policy for missing answers.
func (r *Release) universe(measure string) string {
	switch {
	case strings.HasPrefix(measure, MeasureItem):
		return MeasureItem + strconv.Quote(r.Version)
	case strings.HasPrefix(measure, MeasureDimension):
		return MeasureDimension + strconv.Quote(r.Version) + r.Missing
	}
	return MeasurePeople
}

// report notes what the releases of an audit show of a cell that owners name.
// What one release shows alone is not told again of several. Of several, one
// measure is enough to say whom they give away: the others go the same way.
func (a *audit) report(owners []*Release, f Finding) {
	alone := f.Cell
	for _, r := range a.releases {
		alone = strings.ReplaceAll(alone, in(r), "")
	}
	for _, r := range owners {
		at := sighting{r, alone, f.Measure, f.What}
		if a.joint() && a.seen[at] {
			return
		}
		a.seen[at] = a.seen[at] || !a.joint()
	}
	if a.joint() {
		at := sighting{cell: f.Cell, what: f.What}
		if a.seen[at] {
			return
		}
		a.seen[at] = true
	}
	last := a.last(a.releases)
	f.Release = last.Name
	if a.joint() {
		f.What += ", together with " + a.others(a.releases, last)
	}
	a.findings = append(a.findings, f)
}

// in tells a cell of a release from that of others.
func in(r *Release) string { return " in " + r.Name }

// last is the one of some releases that was given last.
func (s *survey) last(from []*Release) *Release {
	var last *Release
	for _, r := range s.releases {
		if slices.Contains(from, r) {
			last = r
		}
	}
	return last
}

// others names releases other than one.
func (s *survey) others(from []*Release, but *Release) string {
	var names []string
	for _, r := range s.releases {
		if r != but && slices.Contains(from, r) {
			names = append(names, r.Name)
		}
	}
	return list(names)
}
