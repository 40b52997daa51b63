package auditor

import (
	"context"
	"math"
	"math/big"
	"slices"
)

// network is equations as nodes and classes as edges between the two that hold
// them; node 0 stands for none. Along a cycle in it answers can be exchanged
// back and forth without changing what is known.
type network struct {
	ends [][2]int // of each class
	at   [][]int  // classes at each node
	// moves is used instead where a class is in more than two equations: ways
	// to change all classes together that leave every equation as it is.
	moves [][]move
}

// move is how much one class takes part in an exchange.
type move struct {
	place int
	by    float64
}

func newNetwork(ctx context.Context, classes int, equations []equation) network {
	if len(equations) < 2 {
		return network{}
	}
	n := network{ends: make([][2]int, classes), at: make([][]int, len(equations)+1)}
	for i, e := range equations {
		for _, place := range e.places {
			switch ends := &n.ends[place]; {
			case ends[0] == 0:
				ends[0] = i + 1
			case ends[1] == 0:
				ends[1] = i + 1
			default:
				return network{moves: kernel(ctx, classes, equations)}
			}
		}
	}
	for place, ends := range n.ends {
		n.at[ends[0]] = append(n.at[ends[0]], place)
		n.at[ends[1]] = append(n.at[ends[1]], place)
	}
	return n
}

// kernel is a base of the changes that leave all equations as they are. There
// may be none in it when ctx ends first.
func kernel(ctx context.Context, classes int, equations []equation) [][]move {
	e := newEchelon(classes, 1)
	for _, eq := range equations {
		if ctx.Err() != nil {
			return [][]move{}
		}
		e.add(ones(eq.places...), 0)
	}
	moves := make([][]move, classes)
	pivot := make([]int, len(e.rows))
	parts := make([]*big.Int, classes) // what makes the entries of a move whole
	for place, r := range e.pivot {
		parts[place] = big.NewInt(1)
		if r >= 0 {
			pivot[r] = place
		}
	}
	each := func(do func(place, pivot int, by ratio)) {
		for r, row := range e.rows {
			blocks, _ := e.split(row)
			for _, t := range blocks {
				if t.at != pivot[r] {
					do(t.at, pivot[r], t.by)
				}
			}
		}
	}
	each(func(place, _ int, by ratio) {
		d := by.big().Denom()
		common := new(big.Int).GCD(nil, nil, parts[place], d)
		parts[place] = common.Div(new(big.Int).Mul(parts[place], d), common)
	})
	for place, r := range e.pivot {
		if r < 0 {
			moves[place] = []move{{place, exactly(new(big.Rat).SetInt(parts[place])).float()}}
		}
	}
	each(func(place, pivot int, by ratio) {
		whole := ratio{}.minus(by, exactly(new(big.Rat).SetInt(parts[place])))
		moves[place] = append(moves[place], move{pivot, whole.float()})
	})
	return slices.DeleteFunc(moves, func(m []move) bool { return m == nil })
}

// exchange looks for other answers that leave everything that is published as
// it is, and raise or lower the sum over some classes. What it finds is a
// witness: it need not be the most there is.
type exchange struct {
	ctx    context.Context
	net    *network
	stock  stock
	inside []bool // the classes whose sum is to change
	cell   []int  // the same as a list
	done   []done // in order
	moved  []int  // the classes that took part in the last search, ascending
	from   []hop  // how the search reached each state, see state
	stamp  int
	queue  []int
}

// done is one class's part in an exchange.
type done struct {
	place, way int
	up         bool
	by         float64
}

// hop is how the search reached a state; it holds while stamp is the search's.
type hop struct{ stamp, state, place int }

// state is a node and the direction in which the next class must go.
func state(node int, up bool) int { return 2*node + int(bit(up)) }

// grain is the smallest exchange that counts, in people.
const grain = 1e-7

func newExchange(ctx context.Context, net *network, s stock, classes int) *exchange {
	return &exchange{ctx: ctx, net: net, stock: s, inside: make([]bool, classes), from: make([]hop, 2*len(net.at))}
}

// spread is how far apart the sums over the cell are that exchanges reach. It
// stops at enough or when ctx ends, and leaves the stock as it was.
func (x *exchange) spread(cell []int, enough float64) float64 {
	x.cell = cell
	x.moved = append(x.moved[:0], cell...)
	for _, place := range cell {
		x.inside[place] = true
	}
	found := x.push(true, enough)
	x.revert()
	if found < enough {
		found += x.push(false, enough-found)
		x.revert()
	}
	for _, place := range cell {
		x.inside[place] = false
	}
	slices.Sort(x.moved)
	x.moved = slices.Compact(x.moved)
	return found
}

func (x *exchange) revert() {
	for _, d := range slices.Backward(x.done) {
		x.stock.move(d.place, d.way, !d.up, d.by)
		x.moved = append(x.moved, d.place)
	}
	x.done = x.done[:0]
}

// push raises the sum over the cell, or lowers it, and says by how much.
func (x *exchange) push(up bool, enough float64) float64 {
	const rounds = 40 // figures that are not counts come ever closer to an end
	found := 0.0
	for range rounds {
		before := found
		for way, worth := range x.stock.ways() {
			found += float64(worth * x.along(way, up, (enough-found)/worth))
			if found >= enough {
				return found
			}
		}
		if found-before < max(grain, 1e-3*enough) {
			break
		}
	}
	return found
}

// along exchanges in one way as long as it finds how.
func (x *exchange) along(way int, up bool, enough float64) float64 {
	found := 0.0
	for _, m := range x.net.moves {
		if x.ctx.Err() != nil {
			break
		}
		for _, sign := range []float64{1, -1} {
			found += x.apply(m, sign, way, up)
		}
	}
	if x.net.moves != nil {
		return found
	}
	for _, place := range x.cell {
		for found < enough && x.stock.room(place, way, up) > grain && x.ctx.Err() == nil {
			gained := x.apply(x.cycle(place, way, up), 1, way, up)
			if gained <= grain {
				break
			}
			found += gained
		}
	}
	return found
}

// apply makes sign times an exchange as often as there is room, if the cell
// gains by it, and returns what it gains.
func (x *exchange) apply(m []move, sign float64, way int, up bool) float64 {
	gain, times := 0.0, -1.0
	for _, k := range m {
		by := float64(k.by * sign)
		if x.inside[k.place] {
			gain += by
		}
		room := x.stock.room(k.place, way, by > 0) / max(by, -by)
		if times < 0 || room < times {
			times = room
		}
	}
	if !up {
		gain = -gain
	}
	if x.stock.whole() {
		times = math.Floor(times + grain)
	}
	if gain <= grain || times <= grain {
		return 0
	}
	for _, k := range m {
		by := float64(k.by * sign * times)
		d := done{k.place, way, by > 0, max(by, -by)}
		x.stock.move(d.place, d.way, d.up, d.by)
		x.done = append(x.done, d)
	}
	return float64(gain * times)
}

// cycle is the shortest cycle that lets a class of the cell go up or down:
// around it classes go up and down by turns, so that every equation keeps what
// it had. No other class of the cell goes against it.
func (x *exchange) cycle(place, way int, up bool) []move {
	start, goal := x.net.ends[place][0], x.net.ends[place][1]
	x.stamp++
	x.queue = append(x.queue[:0], state(start, !up))
	x.from[x.queue[0]] = hop{x.stamp, -1, place}
	for i := 0; i < len(x.queue); i++ {
		at := x.queue[i]
		node, dir := at/2, at%2 == 1
		for _, next := range x.net.at[node] {
			if next == place || x.inside[next] && dir != up || x.stock.room(next, way, dir) <= grain {
				continue
			}
			to := x.net.ends[next][0]
			if to == node {
				to = x.net.ends[next][1]
			}
			if to == goal && (goal == 0 || dir != up) {
				return x.path(at, next)
			}
			x.reach(state(to, !dir), at, next)
			if to == 0 { // no equation there to be kept
				x.reach(state(to, dir), at, next)
			}
		}
	}
	return nil
}

func (x *exchange) reach(to, from, place int) {
	if x.from[to].stamp != x.stamp {
		x.from[to] = hop{x.stamp, from, place}
		x.queue = append(x.queue, to)
	}
}

// path is the exchange of the way back from a class that leaves a state, and
// the class it started with last.
func (x *exchange) path(at, place int) []move {
	var m []move
	for {
		m = turn(m, place, at%2 == 1)
		h := x.from[at]
		if h.state < 0 {
			return turn(m, h.place, at%2 == 0)
		}
		at, place = h.state, h.place
	}
}

// turn adds one class going up or down. One that goes both ways stays.
func turn(m []move, place int, up bool) []move {
	by := -1.0
	if up {
		by = 1
	}
	for i := range m {
		if m[i].place == place {
			if m[i].by += by; m[i].by == 0 {
				return slices.Delete(m, i, i+1)
			}
			return m
		}
	}
	return append(m, move{place, by})
}
