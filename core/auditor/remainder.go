package auditor

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// set is people who can be worked out from shown cells.
type set struct {
	cell, watched int    // -1 when it is of none
	less          []int  // cells taken away from the cell
	made          vector // the shown cells it is made of
}

// remainders is all sets that are looked at: the shown cells, what they are
// without the cells of one grouping, watched sets, and what elimination found.
// They are not all there are when ctx ends first.
func (p *pattern) remainders(ctx context.Context) []set {
	var sets []set
	seen := make(map[string]bool)
	in := p.members()
	for c, blocks := range p.cells {
		if ctx.Err() != nil {
			return nil
		}
		if len(blocks) == 0 {
			continue
		}
		sets = append(sets, set{cell: c, watched: -1, made: ones(c)})
		seen[key(blocks)] = true
		for g := range p.table.Groupings {
			if s, left := p.without(c, in[g]); len(left) > 0 {
				sets = append(sets, s)
				seen[key(left)] = true
			}
		}
	}
	for i, w := range p.table.Watched {
		v, whole := p.vector(w.Atoms)
		if ctx.Err() != nil {
			return nil
		}
		if !whole || len(v) == 0 {
			continue
		}
		if made, told := p.solved.made(v); told {
			sets = append(sets, set{cell: -1, watched: i, made: made})
		}
	}
	for _, row := range p.solved.rows {
		if ctx.Err() != nil {
			return nil
		}
		blocks, made := p.solved.split(row)
		if k := key(blocks); !seen[k] && !slices.ContainsFunc(blocks, func(t term) bool { return !t.by.one() }) {
			seen[k] = true
			sets = append(sets, set{cell: -1, watched: -1, made: made})
		}
	}
	return sets
}

// members is, for each grouping, its shown cell that a block lies in, or -1.
func (p *pattern) members() [][]int {
	in := make([][]int, len(p.table.Groupings))
	for g, cells := range p.table.Groupings {
		in[g] = slices.Repeat([]int{-1}, len(p.size))
		for _, c := range cells {
			for _, t := range p.cells[c] {
				in[g][t.at] = c
			}
		}
	}
	return in
}

// without is cell c less the shown cells of a grouping that lie in it, and the
// blocks left; nothing when none lies in it.
func (p *pattern) without(c int, in []int) (set, vector) {
	held := make(map[int]int)
	var less []int
	for _, t := range p.cells[c] {
		d := in[t.at]
		if d < 0 || d == c {
			continue
		}
		held[d]++
		if held[d] == len(p.cells[d]) {
			less = append(less, d)
		}
	}
	if len(less) == 0 {
		return set{}, nil
	}
	slices.Sort(less)
	w := map[int]ratio{c: {n: 1}}
	for _, d := range less {
		w[d] = ratio{n: -1}
	}
	var left vector
	for _, t := range p.cells[c] {
		if _, taken := w[in[t.at]]; !taken || in[t.at] == c {
			left = append(left, t)
		}
	}
	made := make(vector, 0, len(w))
	for d, by := range w {
		made = append(made, term{d, by})
	}
	slices.SortFunc(made, func(a, b term) int { return a.at - b.at })
	return set{cell: c, watched: -1, less: less, made: made}, left
}

// key tells sets of blocks apart.
func key(blocks vector) string {
	b := make([]byte, 0, 4*len(blocks))
	for _, t := range blocks {
		b = append(b, byte(t.at), byte(t.at>>8), byte(t.at>>16), byte(t.at>>24))
	}
	return string(b)
}

// remainder looks at one set that can be worked out.
func (c *check) remainder(p *pattern, s *set) {
	f, whole := combine(s.made, c.m.Shown)
	what := ""
	switch {
	case !whole || f.N < 0 || slices.ContainsFunc(f.Histogram, func(n int64) bool { return n < 0 }):
		what = faultConflict
	case f.N == 0:
	case f.N < c.rules.Min:
		what = faultFew
	case f.N < c.rules.Alike && c.m.Low < c.m.High && (c.alike(f) || len(s.made) == 1 && c.m.Shown[s.made[0].at].Alike):
		what = faultAlike
	}
	if what != "" {
		c.fault(s.cell, s.watched, p.describe(s), what)
	}
}

// describe is a set in words.
func (p *pattern) describe(s *set) string {
	if s.watched >= 0 {
		return p.table.Watched[s.watched].Name
	}
	var with, less []string
	if s.cell >= 0 {
		with = []string{p.table.name(s.cell)}
		for _, c := range s.less {
			less = append(less, p.table.name(c))
		}
	} else {
		for _, t := range s.made {
			if t.by.float() > 0 {
				with = append(with, p.table.name(t.at))
			} else {
				less = append(less, p.table.name(t.at))
			}
		}
	}
	if len(less) == 0 {
		return list(with)
	}
	return list(with) + " without " + list(less)
}

// list names the first few.
func list(names []string) string {
	const few = 4
	if len(names) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return strings.Join(names, ", ")
}

// alike says whether all of a figure gave the same answer, as far as it tells.
func (c *check) alike(f *Figure) bool {
	if f.Histogram != nil {
		return slices.Max(f.Histogram) == f.N
	}
	if f.Sum == nil {
		return false
	}
	// Sums may be rounded: what comes out is not exactly 0.
	const near = 1e-6
	n, width := float64(f.N), c.m.High-c.m.Low
	mean := *f.Sum / n
	if mean-c.m.Low < near*width || c.m.High-mean < near*width {
		return true
	}
	return f.Squares != nil && *f.Squares/n-float64(mean*mean) < near*width*width
}

// combine adds figures up as made says; false when that gives no whole people.
func combine(made vector, figures []*Figure) (*Figure, bool) {
	var n ratio
	var sum, squares float64
	var histogram []ratio
	told, spread := true, true
	for i, t := range made {
		f := figures[t.at]
		by := t.by.negative()
		n = n.minus(ratio{n: f.N}, by)
		if i == 0 && f.Histogram != nil {
			histogram = make([]ratio, len(f.Histogram))
		}
		if len(f.Histogram) != len(histogram) {
			histogram = nil
		}
		for j := range histogram {
			histogram[j] = histogram[j].minus(ratio{n: f.Histogram[j]}, by)
		}
		if told = told && f.Sum != nil; told {
			sum += float64(t.by.float() * *f.Sum)
		}
		if spread = spread && f.Squares != nil; spread {
			squares += float64(t.by.float() * *f.Squares)
		}
	}
	f := &Figure{N: n.n}
	whole := n.rat == nil
	if told {
		f.Sum = &sum
	}
	if spread {
		f.Squares = &squares
	}
	for _, h := range histogram {
		f.Histogram = append(f.Histogram, h.n)
		whole = whole && h.rat == nil
	}
	return f, whole
}

// add adds all figures up.
func add(figures []*Figure) *Figure {
	all := make(vector, len(figures))
	for i := range all {
		all[i] = term{i, ratio{n: 1}}
	}
	f, _ := combine(all, figures)
	return f
}
