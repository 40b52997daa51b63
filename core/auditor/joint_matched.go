package auditor

import (
	"context"
	"fmt"
)

// matched looks at people whose answers of two waves were matched: those who
// are left over in either wave answered once, and must not be few. It also
// holds what a record says of an earlier wave against that wave's own releases.
func matched(ctx context.Context, releases []*Release) []Finding {
	var out []Finding
	cells := map[*Release]map[string][]int{}
	for _, r := range releases {
		cells[r] = r.namesakes()
	}
	for _, r := range releases {
		for _, c := range r.Changes {
			if ctx.Err() != nil {
				return out
			}
			id := cellID(c.By, c.Key)
			m := match{release: r, change: c, least: leastOf(r.Min)}
			for _, i := range cells[r][id] {
				m.matched(r.figure(i, c.Measure), r.Wave, r.Name)
			}
			m.matched(c.Before, c.Since, r.Name)
			for _, o := range releases {
				if o.Client != r.Client || o.Instrument != r.Instrument || o.Wave != c.Since || o.universe(c.Measure) != r.universe(c.Measure) {
					continue
				}
				for _, i := range cells[o][id] {
					m.least = min(leastOf(r.Min), leastOf(o.Min))
					m.matched(o.figure(i, c.Measure), o.Wave, o.Name)
					m.before(o, o.figure(i, c.Measure))
				}
			}
			out = append(out, m.findings...)
		}
	}
	return out
}

// namesakes finds a release's cells: records of any origin may name one twice.
func (r *Release) namesakes() map[string][]int {
	out := make(map[string][]int, len(r.Cells))
	for i, c := range r.Cells {
		id := cellID(c.By, c.Key)
		out[id] = append(out[id], i)
	}
	return out
}

// match is what one release tells of one cell in an earlier wave.
type match struct {
	release  *Release
	change   Change
	least    int64 // people that may be told of
	findings []Finding
}

func (m *match) add(format string, args ...any) {
	m.findings = append(m.findings, Finding{Release: m.release.Name, Cell: cellName(m.change.By, m.change.Key), Measure: m.change.Measure,
		What: fmt.Sprintf(format, args...)})
}

// matched looks at the people of one wave who are not among those matched.
func (m *match) matched(f *Figure, wave, source string) {
	if f == nil || m.change.Matched == nil {
		return
	}
	if once := f.N - *m.change.Matched; once > 0 && once < m.least {
		m.add("is compared with %s by the %d people who answered in both, and is of %d in %s (%s): the rest is %s",
			m.change.Since, *m.change.Matched, f.N, waveName(wave), source, persons(once))
	}
}

// before holds what is told of the earlier wave against its own release.
func (m *match) before(o *Release, f *Figure) {
	b := m.change.Before
	if b == nil || f == nil {
		return
	}
	more := max(b.N, f.N) - min(b.N, f.N)
	switch {
	case more > 0 && more < m.least:
		m.add("is of %d people in %s, and of %d in %s: the difference is the answers of %s", b.N, m.change.Since, f.N, o.Name, persons(more))
	case more == 0 && f.N > 0 && !sameFigure(b, f, loose(m.release, o, f.N)):
		m.add("tells other figures of %s than %s of as many people: %s", m.change.Since, o.Name, exchanged)
	}
}

// waveName is a wave in words.
func waveName(wave string) string {
	if wave == "" {
		return "this wave"
	}
	return wave
}
