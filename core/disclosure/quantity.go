package disclosure

import (
	"slices"

	"github.com/firstcall-cli/firstcall/core/score"
)

// quantity is a number of people that adds up over cells, and whether
// everybody in a cell gave the same answer.
type quantity struct {
	people    func(*score.Sums) int64
	unanimous func(*score.Sums) bool
	// of gives the answers of the atoms, for quantities that have a mean.
	of func(atoms []*score.Sums) *answers
	// rest marks those whom one figure counts and another does not: to know
	// both is to know what they answered. There may be none. Without groups
	// nothing says who they are, and they do not matter.
	rest bool
	// harmless tells of such a set that it does not matter; nil when all do.
	harmless func(*score.Sums) bool
}

// never is the answer of quantities in which unanimity tells nothing.
func never(*score.Sums) bool { return false }

// restOf is the people of one quantity who are not among those of another,
// which is a part of it.
func restOf(whole, part func(*score.Sums) int64) quantity {
	// Sums that were made elsewhere may contradict each other: none is less than nobody.
	return quantity{people: func(s *score.Sums) int64 { return max(0, whole(s)-part(s)) }, unanimous: never, rest: true}
}

// withoutScore is the people who did not answer every item of dimension d. All
// items less the dimension leave over what those of them answered who have no
// score, mixed with what the others of them did.
func (p *publisher) withoutScore(d int) quantity {
	answered := func(s *score.Sums) int64 { return p.scorer.Answered(s, d) }
	q := restOf(answered, func(s *score.Sums) int64 { return s.Dimensions[d].Complete.Items[0].N })
	q.harmless = func(s *score.Sums) bool { return answered(s) == p.scorer.Scored(s, d) }
	return q
}

// figuresOf are the quantities behind the figures of dimension d: mean and SD
// rest on those with a score, favorable share and alpha on everyone who
// answered anything. Neither may give somebody away.
func (p *publisher) figuresOf(d int) []quantity {
	scale := p.req.Instrument.Dimensions[d].Scale()
	return []quantity{
		{
			people:    func(s *score.Sums) int64 { return p.scorer.Scored(s, d) },
			unanimous: func(s *score.Sums) bool { return p.scorer.Alike(s, d) || p.scorer.OneSided(s, d) },
			of: func(atoms []*score.Sums) *answers {
				a := &answers{low: float64(scale.Min), high: float64(scale.Max)}
				for _, s := range atoms {
					_, sum, squares := p.scorer.Values(s, d)
					a.sum, a.squares = append(a.sum, sum), append(a.squares, squares)
				}
				return a
			},
		},
		{
			people:    func(s *score.Sums) int64 { return p.scorer.Answered(s, d) },
			unanimous: func(s *score.Sums) bool { return p.scorer.OneSided(s, d) },
		},
	}
}

// item is the quantity behind the figures of an item.
func (p *publisher) item(i int) quantity {
	scale := p.req.Instrument.Items()[i].Scale
	return quantity{
		people:    func(s *score.Sums) int64 { return p.scorer.ItemPeople(s, i) },
		unanimous: func(s *score.Sums) bool { return p.scorer.ItemAlike(s, i) || p.scorer.ItemOneSided(s, i) },
		of: func(atoms []*score.Sums) *answers {
			a := &answers{low: float64(scale.Min), high: float64(scale.Max)}
			for _, s := range atoms {
				if steps := p.scorer.Steps(s, i); steps != nil {
					a.steps = append(a.steps, steps)
					continue
				}
				_, sum, squares := p.scorer.ItemValues(s, i)
				a.sum, a.squares = append(a.sum, sum), append(a.squares, squares)
			}
			return a
		},
	}
}

// pinned adds to own the cells in which dimension d is published and its items
// are not, and its mean lies so near an end of the scale that the mean of each
// item is known from it. Of many people that is no secret. It reports whether
// there were any.
func (p *publisher) pinned(own []bool, d int, dimension, items []bool) (any bool) {
	dim := p.req.Instrument.Dimensions[d]
	low, high := float64(dim.Scale().Min), float64(dim.Scale().Max)
	for i, s := range p.sums {
		n, sum, _ := p.scorer.Values(s, d)
		if dimension[i] || !items[i] || n == 0 || n >= UnanimousFloor {
			continue
		}
		room := float64(len(dim.Items)) * min(high-sum/float64(n), sum/float64(n)-low)
		if room < margin*Spread*(high-low) {
			own[i], any = true, true
		}
	}
	return any
}

// settle withholds, beyond what is withheld already, the cells in which one of
// the quantities rests on too few people or on one answer, and what follows
// from that. The quantities share their cells: one that is withheld for one is
// withheld for all.
func (p *publisher) settle(already []bool, quantities ...quantity) []bool {
	return p.settleOwn(already, make([]bool, len(already)), quantities...)
}

// settleOwn does so where further cells are to be withheld for their own sake.
func (p *publisher) settleOwn(already, own []bool, quantities ...quantity) []bool {
	withheld, primary := slices.Clone(already), slices.Clone(own)
	for i := range own {
		withheld[i] = withheld[i] || own[i]
	}
	if len(p.raw.Groupings) == 0 {
		quantities = slices.DeleteFunc(slices.Clone(quantities), func(q quantity) bool { return q.rest })
	}
	demands := make([]demand, len(quantities))
	for k, q := range quantities {
		demands[k] = p.demand(q)
		// What nobody at all was counted in gives nobody away: it is undefined.
		nobody := p.sums[total].N >= p.min && demands[k].n[total] == 0
		for i, n := range demands[k].n[:p.cells.asked] {
			if nobody || q.rest && n == 0 || q.harmless != nil && q.harmless(p.sums[i]) {
				continue
			}
			if n < p.min || n < UnanimousFloor && q.unanimous(p.sums[i]) {
				primary[i], withheld[i] = true, true
			}
		}
	}
	if p.req.primaryOnly {
		return withheld
	}
	for k := range demands {
		demands[k].primary = slices.Concat(primary, p.guarded(&demands[k]))
	}
	return p.cells.choose(withheld, demands)
}

// guarded says of each cell that nobody asked for whether anybody in it counts.
func (p *publisher) guarded(d *demand) []bool {
	out := make([]bool, len(d.n)-p.cells.asked)
	for i, n := range d.n[p.cells.asked:] {
		out[i] = n > 0 && n < p.min
	}
	return out
}

// demand is what a quantity asks of its cells.
func (p *publisher) demand(q quantity) demand {
	d := demand{min: p.min, rest: q.rest, people: make([]int64, len(p.raw.Atoms))}
	for a, s := range p.raw.Atoms {
		d.people[a] = q.people(s)
	}
	d.n = p.cells.count(d.people)
	known := map[string]bool{} // the same sets are asked for again and again
	d.open = func(n int64, atoms []int) bool {
		few := n < p.min
		if few && q.harmless == nil || !few && n >= UnanimousFloor || !few && q.rest {
			return few
		}
		key := keyOf(atoms)
		open, ok := known[key]
		if !ok {
			if s := p.union(atoms); few {
				open = !q.harmless(s)
			} else {
				open = q.unanimous(s)
			}
			known[key] = open
		}
		return open
	}
	if q.of != nil {
		d.answers = q.of(p.raw.Atoms)
		d.plain = d.answers.plain(d.people)
	}
	return d
}

// union adds up atoms.
func (p *publisher) union(atoms []int) *score.Sums {
	parts := make([]*score.Sums, len(atoms))
	for i, a := range atoms {
		parts[i] = p.raw.Atoms[a]
	}
	return score.Union(parts)
}
