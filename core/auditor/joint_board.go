package auditor

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// audit is of some releases of a survey together.
type audit struct {
	*survey
	ctx         context.Context
	rules       Rules
	releases    []*Release   // in the order given
	populations [][]*Release // see populations
	boards      []*board
	told        map[pairing]bool // cells whose difference was told already
}

// pairing is a cell in two populations.
type pairing struct {
	cell         string
	lower, upper int
}

// newAudit sorts releases by whom they are of and what can be compared.
func (s *survey) newAudit(ctx context.Context, releases []*Release, rules Rules) *audit {
	a := &audit{survey: s, ctx: ctx, rules: rules, releases: releases, populations: populations(releases), told: make(map[pairing]bool)}
	a.boards = a.sortBoards()
	return a
}

// joint reports whether it is of several releases.
func (a *audit) joint() bool { return len(a.releases) > 1 }

// board is measures that the same releases tell of, and the cells these name.
type board struct {
	measures []string
	scales   []Scale
	layers   []layer // the fewest people first
	places   []*place
	byID     map[pairing]*place // lower is the layer
}

// layer is the releases of a board that are of one population.
type layer struct {
	population int
	releases   []*Release
}

// place is a cell of one population.
type place struct {
	layer   int
	id      string
	columns string // see columnsID
	by, key []string
	owners  []*Release // those that name it
	figures []*Figure  // by measure; nil where all withhold it
}

// sortBoards sorts measures by the releases whose figures of them can be
// compared.
func (a *audit) sortBoards() []*board {
	var order []string
	measures := map[string][]string{}
	members := map[string][]layer{}
	for p, releases := range a.populations {
		for _, r := range releases {
			for _, m := range r.Measures {
				u := r.universe(m)
				if measures[u] == nil {
					order = append(order, u)
				}
				if !slices.Contains(measures[u], m) {
					measures[u] = append(measures[u], m)
				}
				members[u] = enlist(members[u], p, r)
			}
		}
	}
	var boards []*board
	at := map[string]*board{}
	for _, u := range order {
		id := membersID(members[u])
		b := at[id]
		if b == nil {
			b = &board{layers: members[u], byID: make(map[pairing]*place)}
			at[id] = b
			boards = append(boards, b)
		}
		b.measures = append(b.measures, measures[u]...)
	}
	for _, b := range boards {
		b.fill()
	}
	return boards
}

// enlist adds a release to the layer of its population, once.
func enlist(layers []layer, population int, r *Release) []layer {
	if len(layers) == 0 || layers[len(layers)-1].population != population {
		layers = append(layers, layer{population: population})
	}
	l := &layers[len(layers)-1]
	if !slices.Contains(l.releases, r) {
		l.releases = append(l.releases, r)
	}
	return layers
}

// membersID is the same for the same releases.
func membersID(layers []layer) string {
	var id strings.Builder
	for _, l := range layers {
		for _, r := range l.releases {
			fmt.Fprintf(&id, "%d %p,", l.population, r)
		}
	}
	return id.String()
}

// fill finds the places of a board and what is shown of them. The first is
// everybody in the largest population.
func (b *board) fill() {
	for _, m := range b.measures {
		scale := Scale{}
		for _, l := range b.layers {
			for _, r := range l.releases {
				scale = widest(scale, r.scale(m))
			}
		}
		b.scales = append(b.scales, scale)
	}
	for i := len(b.layers) - 1; i >= 0; i-- {
		b.place(i, nil, nil)
		for _, r := range b.layers[i].releases {
			columns := make([]int, len(b.measures))
			for j, m := range b.measures {
				columns[j] = slices.Index(r.Measures, m)
			}
			for _, c := range r.Cells {
				p := b.place(i, c.By, c.Key)
				p.owners = append(p.owners, r)
				for j, at := range columns {
					if at >= 0 && at < len(c.Figures) {
						p.figures[j] = fuller(p.figures[j], c.Figures[at])
					}
				}
			}
		}
	}
}

// place returns the place of a cell in a layer.
func (b *board) place(layer int, by, key []string) *place {
	id := cellID(by, key)
	at := pairing{cell: id, lower: layer}
	p := b.byID[at]
	if p == nil {
		n := min(len(by), len(key))
		p = &place{layer: layer, id: id, columns: columnsID(by[:n]), by: by[:n], key: key[:n], figures: make([]*Figure, len(b.measures))}
		b.byID[at] = p
		b.places = append(b.places, p)
	}
	return p
}

// filledIn reports whether missing answers were filled in. That is done for each
// cell from its own answers: people add up over cells then, scores do not.
func (b *board) filledIn() bool {
	return strings.HasSuffix(b.layers[0].releases[0].Missing, "_imputed")
}

// at finds a cell of a population.
func (b *board) at(id string, population int) *place {
	l := slices.IndexFunc(b.layers, func(l layer) bool { return l.population == population })
	return b.byID[pairing{cell: id, lower: l}]
}

// namer is the release by which messages tell a cell from that of another
// population.
func (b *board) namer(p *place) *Release {
	owners := p.owners
	if len(owners) == 0 {
		owners = b.layers[p.layer].releases
	}
	return owners[len(owners)-1]
}

// widest is the range of both scales.
func widest(a, b Scale) Scale {
	switch {
	case a.Low >= a.High:
		return b
	case b.Low >= b.High:
		return a
	}
	return Scale{Low: min(a.Low, b.Low), High: max(a.High, b.High), Whole: a.Whole && b.Whole}
}

// fuller is that of two figures of the same people that tells more.
func fuller(a, b *Figure) *Figure {
	rank := func(f *Figure) int {
		switch {
		case f == nil:
			return 0
		case f.Histogram != nil:
			return 4
		case f.Squares != nil:
			return 3
		case f.Sum != nil:
			return 2
		}
		return 1
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// retold compares what different populations tell of the same cell: few people
// more, or as many with other answers, give these away.
func (a *audit) retold() {
	told := map[pairing]bool{}   // differences by few people
	turned := map[pairing]bool{} // other answers
	for _, b := range a.boards {
		for _, p := range b.places {
			if a.ctx.Err() != nil {
				return
			}
			for upper := p.layer + 1; upper < len(b.layers); upper++ {
				q := b.byID[pairing{cell: p.id, lower: upper}]
				if q == nil {
					continue
				}
				at := pairing{p.id, b.layers[p.layer].population, b.layers[upper].population}
				a.compare(b, p, q, at, told, turned)
			}
		}
	}
	a.told = told
}

// compare looks at one cell in two populations. One measure that gives people
// away is enough: the others go the same way.
func (a *audit) compare(b *board, p, q *place, at pairing, told, turned map[pairing]bool) {
	later, other := p, q
	if last := a.last(slices.Concat(p.owners, q.owners)); slices.Contains(q.owners, last) {
		later, other = q, p
	}
	for i, m := range b.measures {
		x, y := later.figures[i], other.figures[i]
		if x == nil || y == nil {
			continue
		}
		from, with := a.last(later.owners), a.last(other.owners)
		what := ""
		switch more := max(x.N, y.N) - min(x.N, y.N); {
		case more > 0 && more < a.rules.Min && !told[at]:
			told[at] = true
			what = fmt.Sprintf("is of %d people, and of %d in %s: the difference is the answers of %s", x.N, y.N, with.Name, persons(more))
		case more == 0 && x.N > 0 && !turned[at] && !sameFigure(x, y, loose(from, with, x.N)):
			turned[at] = true
			what = fmt.Sprintf("tells other figures than %s of as many people: %s", with.Name, exchanged)
		}
		if what != "" {
			a.findings = append(a.findings, Finding{Release: from.Name, Cell: cellName(p.by, p.key), Measure: m, What: what})
		}
	}
}

// exchanged is what other figures of as many people give away.
const exchanged = "somebody's answers were exchanged, and the difference tells about whoever it was"

// persons is a number of people in words.
func persons(n int64) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}
