package auditor

import (
	"cmp"
	"context"
	"slices"
)

// layout is what is left unknown of people in parts that nothing published
// ties to each other.
type layout struct {
	class []int   // of each atom: those in the same cells, shown or not; -1 when empty
	cells [][]int // classes of each cell
	parts []*part
	part  []int // of each class
	place []int // of each class within its part
}

// part is classes that equations tie to each other.
type part struct {
	classes   []int
	equations []equation
	net       network
}

// equation is people whose figures are known. Those of one part do not follow
// from each other.
type equation struct {
	blocks vector
	places []int  // of its classes within the part
	made   vector // the shown cells that tell the figures
}

// lay is the layout of a pattern; nil when ctx ends before it is made.
func (p *pattern) lay(ctx context.Context) *layout {
	if p.layout != nil {
		return p.layout
	}
	l := &layout{cells: make([][]int, len(p.table.Cells))}
	var size []int
	l.class, size = blocks(p.live, p.table.Cells)
	for c, atoms := range p.table.Cells {
		for _, a := range atoms {
			if l.class[a] >= 0 {
				l.cells[c] = append(l.cells[c], l.class[a])
			}
		}
		slices.Sort(l.cells[c])
		l.cells[c] = slices.Compact(l.cells[c])
	}
	block := make([]int, len(size)) // of each class
	for a, c := range l.class {
		if c >= 0 {
			block[c] = p.block[a]
		}
	}
	l.divide(ctx, p.equations(ctx), block, len(p.size))
	if ctx.Err() != nil {
		return nil
	}
	p.layout = l
	return l
}

// equations is what is known of blocks: each that is known by itself, and
// shown cells less those, as far as they do not follow from each other. They
// are not all there are when ctx ends first.
func (p *pattern) equations(ctx context.Context) []equation {
	var known, ties []equation
	by := make([]int, len(p.size)) // the equation of a known block, from 1
	for _, row := range p.solved.rows {
		if blocks, made := p.solved.split(row); len(blocks) == 1 {
			known = append(known, equation{blocks: blocks, made: made})
			by[blocks[0].at] = len(known)
		}
	}
	blocks, cells := newWorkspace(len(p.size)), newWorkspace(len(p.cells))
	for _, c := range p.sparsest() {
		if ctx.Err() != nil {
			return nil
		}
		blocks.subtract(p.cells[c], ratio{n: -1})
		cells.subtract(ones(c), ratio{n: -1})
		for _, t := range p.cells[c] {
			if by[t.at] > 0 {
				blocks.subtract(ones(t.at), t.by)
				cells.subtract(known[by[t.at]-1].made, t.by)
			}
		}
		ties = append(ties, equation{blocks: blocks.take(), made: cells.take()})
	}
	slices.SortStableFunc(ties, func(a, b equation) int { return cmp.Compare(len(a.blocks), len(b.blocks)) })
	free := newEchelon(len(p.size), 1)
	ties = slices.DeleteFunc(ties, func(e equation) bool { return ctx.Err() != nil || !free.add(e.blocks, 0) })
	nest(ctx, ties, blocks, cells)
	return append(known, ties...)
}

// nest takes from each equation the smaller ones inside of it, so that what
// lies in nested groups is in one equation each.
func nest(ctx context.Context, ties []equation, blocks, cells *workspace) {
	in := make([]int, len(blocks.sum))
	for i := range ties {
		if ctx.Err() != nil {
			return
		}
		for _, t := range ties[i].blocks {
			in[t.at] = i + 1
		}
		blocks.subtract(ties[i].blocks, ratio{n: -1})
		cells.subtract(ties[i].made, ratio{n: -1})
		for j := i - 1; j >= 0; j-- {
			if slices.ContainsFunc(ties[j].blocks, func(t term) bool { return in[t.at] != i+1 }) {
				continue
			}
			blocks.subtract(ties[j].blocks, ratio{n: 1})
			cells.subtract(ties[j].made, ratio{n: 1})
			for _, t := range ties[j].blocks {
				in[t.at] = 0
			}
		}
		ties[i] = equation{blocks: blocks.take(), made: cells.take()}
	}
}

// divide sorts classes and equations into parts.
func (l *layout) divide(ctx context.Context, equations []equation, block []int, blocks int) {
	root := make([]int, blocks)
	for i := range root {
		root[i] = i
	}
	find := func(b int) int {
		for root[b] != b {
			root[b] = root[root[b]]
			b = root[b]
		}
		return b
	}
	for _, e := range equations {
		for _, t := range e.blocks {
			root[find(t.at)] = find(e.blocks[0].at)
		}
	}
	parts := make([]*part, blocks)
	l.part, l.place = make([]int, len(block)), make([]int, len(block))
	inside := make([][]int, blocks) // places of the classes of each block
	for c, b := range block {
		r := find(b)
		if parts[r] == nil {
			parts[r] = &part{}
			l.parts = append(l.parts, parts[r])
		}
		l.place[c] = len(parts[r].classes)
		parts[r].classes = append(parts[r].classes, c)
		inside[b] = append(inside[b], l.place[c])
	}
	for i, p := range l.parts {
		for _, c := range p.classes {
			l.part[c] = i
		}
	}
	for _, e := range equations {
		for _, t := range e.blocks {
			e.places = append(e.places, inside[t.at]...)
		}
		slices.Sort(e.places)
		p := parts[find(e.blocks[0].at)]
		p.equations = append(p.equations, e)
	}
	for _, p := range l.parts {
		p.net = newNetwork(ctx, len(p.classes), p.equations)
	}
}
