package auditor

import (
	"cmp"
	"context"
	"slices"
)

// Table is sets of people made of atoms: disjoint sets of people, numbered from
// 0, that no cell cuts.
type Table struct {
	Atoms     int
	Cells     [][]int // ascending atoms of each; cell 0 is everybody
	Names     []string
	Groupings [][]int // cells of each grouping, disjoint within it
	Watched   []Watched
}

// Watched is a set of people who are no cell. Where they can be worked out,
// they must be nobody or as many as may be published.
type Watched struct {
	Name  string
	Atoms []int // ascending
}

// Measure is what is told of one quantity.
type Measure struct {
	Name      string
	Low, High float64 // ends of the scale; the same when people are counted only
	// Steps is of how many answers the scale is when they are whole numbers, 5
	// of one from 1 to 5; else 0.
	Steps  int
	People []int64   // in each atom; nil when unknown
	Shown  []*Figure // of each cell; nil where withheld
	// Truth is the true figures of each atom, nil when unknown. They are where
	// the search for other answers that would have made the same figures begins.
	Truth []*Figure
}

// Rules is what must not be worked out.
type Rules struct {
	Min    int64   // fewer people than this
	Alike  int64   // fewer than this who all answered the same
	Spread float64 // a withheld mean to less than this share of the scale
}

// Fault is one thing that can be worked out, or that could not be proven not
// to be.
type Fault struct {
	Cell    int // -1 when it is of no cell
	Watched int // -1 when it is of no watched set
	Measure int
	Name    string // the people it is of, in words
	What    string // lower case, no full stop
}

// What faults say.
const (
	faultTold      = "can be computed from what is published"
	faultFew       = "can be worked out, and are too few people"
	faultAlike     = "can be worked out, and are few people who all answered the same"
	faultConflict  = "the published figures contradict each other"
	faultNarrow    = "the published figures leave too little doubt about the mean"
	faultUnproven  = "could not be proven safe"
	faultUntrue    = "what is published does not follow from the answers"
	faultUncounted = "what is published does not follow from the number of people"
)

// Check proves that nothing withheld of the measures can be worked out, and
// returns what it could not prove, by measure, cell and watched set. When ctx
// ends, what is left is not proven.
func (t *Table) Check(ctx context.Context, measures []Measure, rules Rules) []Fault {
	patterns := make(map[string]*pattern)
	var faults []Fault
	for i := range measures {
		c := &check{ctx: ctx, table: t, m: &measures[i], rules: rules, patterns: patterns, seen: make(map[[2]int]bool)}
		c.run()
		slices.SortStableFunc(c.faults, func(a, b Fault) int {
			return cmp.Or(cmp.Compare(uint(a.Cell), uint(b.Cell)), cmp.Compare(uint(a.Watched), uint(b.Watched)))
		})
		for _, f := range c.faults {
			f.Measure = i
			faults = append(faults, f)
		}
	}
	return faults
}

// check is of one measure.
type check struct {
	ctx      context.Context
	table    *Table
	m        *Measure
	rules    Rules
	patterns map[string]*pattern // by what is shown and who is empty
	seen     map[[2]int]bool     // cells and watched sets with a fault
	faults   []Fault
}

func (c *check) run() {
	if c.ctx.Err() != nil {
		c.unproven()
		return
	}
	c.consistent()
	p := c.pattern(func(f *Figure) bool { return f != nil })
	if p == nil {
		c.unproven()
		return
	}
	for _, cell := range p.told {
		c.fault(cell, -1, c.table.name(cell), faultTold)
	}
	for i := range p.sets {
		if c.ctx.Err() != nil {
			c.unproven()
			return
		}
		c.remainder(p, &p.sets[i])
	}
	if c.m.People != nil && c.m.Low < c.m.High {
		c.bounds()
	}
}

// unproven says of all withheld cells that time was up, or of everybody where
// there are none.
func (c *check) unproven() {
	for cell, f := range c.m.Shown {
		if f == nil {
			c.fault(cell, -1, c.table.name(cell), faultUnproven)
		}
	}
	if len(c.faults) == 0 {
		c.fault(0, -1, c.table.name(0), faultUnproven)
	}
}

// fault notes the first fault of each cell and watched set, and all others.
func (c *check) fault(cell, watched int, name, what string) {
	key := [2]int{cell, watched}
	if (cell >= 0 || watched >= 0) && c.seen[key] {
		return
	}
	c.seen[key] = true
	c.faults = append(c.faults, Fault{Cell: cell, Watched: watched, Name: name, What: what})
}

// pattern is that of the cells whose figures pass; nil when ctx ends first.
func (c *check) pattern(passes func(*Figure) bool) *pattern {
	shown, live := make([]bool, len(c.table.Cells)), make([]bool, c.table.Atoms)
	key := make([]byte, 0, len(shown)+len(live))
	for i := range shown {
		shown[i] = passes(c.m.Shown[i])
		key = append(key, bit(shown[i]))
	}
	for a := range live {
		live[a] = c.m.People == nil || c.m.People[a] > 0
		key = append(key, bit(live[a]))
	}
	p := c.patterns[string(key)]
	if p == nil {
		p = c.table.pattern(c.ctx, shown, live)
		c.patterns[string(key)] = p
	}
	return p
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// consistent holds what is published against the people and answers at hand:
// proofs that start from others would prove nothing.
func (c *check) consistent() {
	for i, f := range c.m.Shown {
		if f == nil || c.m.People == nil {
			continue
		}
		var n int64
		var truth []*Figure
		known := c.m.Truth != nil
		for _, a := range c.table.Cells[i] {
			if c.m.People[a] == 0 {
				continue
			}
			n += c.m.People[a]
			if known = known && c.m.Truth[a] != nil; known {
				truth = append(truth, c.m.Truth[a])
			}
		}
		if n != f.N {
			c.fault(i, -1, c.table.name(i), faultUncounted)
		} else if known && !agree(f, add(truth)) {
			c.fault(i, -1, c.table.name(i), faultUntrue)
		}
	}
}

// agree compares what both figures tell.
func agree(a, b *Figure) bool {
	if a.N != b.N || a.Histogram != nil && b.Histogram != nil && !slices.Equal(a.Histogram, b.Histogram) {
		return false
	}
	return alike(a.Sum, b.Sum) && alike(a.Squares, b.Squares)
}

// alike leaves room for sums of figures that were not exact.
func alike(a, b *float64) bool {
	if a == nil || b == nil {
		return true
	}
	d := *a - *b
	end := 1e-6 * (1 + max(*a, -*a))
	return -end <= d && d <= end
}

func (t *Table) name(cell int) string {
	if cell < len(t.Names) {
		return t.Names[cell]
	}
	return ""
}
