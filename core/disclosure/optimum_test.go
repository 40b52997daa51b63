package disclosure

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// mostWorse is how many times as many cells may be withheld as must be. What
// is withheld without need is of no use to anybody, and those who read too many
// blanks ask for a lower minimum.
const mostWorse = 1.5

// puzzle is a small table, and what must not be told of it.
type puzzle struct {
	table
	steps   [][][]int64 // by quantity and atom: how many gave each answer; nil where only people are counted
	cells   *cells
	primary []bool
	demands []demand
}

// puzzleKinds are the shapes of tables, small enough that every choice of cells
// can be tried.
var puzzleKinds = []struct {
	name string
	make func(rng *rand.Rand) table
}{
	{"flat", func(rng *rand.Rand) table { return grid(rng, 3+rng.IntN(8), 1, []int{0}) }},
	{"two groupings", func(rng *rand.Rand) table { return grid(rng, 2+rng.IntN(4), 2+rng.IntN(4), []int{0}, []int{1}) }},
	{"nested", nestedGrid},
	{"crossed", func(rng *rand.Rand) table {
		return grid(rng, 2+rng.IntN(2), 2+rng.IntN(2), []int{0}, []int{1}, []int{0, 1})
	}},
}

// smallOrNot is how many people share their values: now and then too few.
func smallOrNot(rng *rand.Rand) int64 {
	if rng.IntN(3) == 0 {
		return 1 + rng.Int64N(4)
	}
	return 5 + rng.Int64N(26)
}

// grid has people in every crossing of two columns.
func grid(rng *rand.Rand, rows, columns int, groupings ...[]int) table {
	t := table{groupings: groupings}
	for r := range rows {
		for c := range columns {
			t.people, t.values = append(t.people, smallOrNot(rng)), append(t.values, []int{r, c})
		}
	}
	return t
}

// nestedGrid has stores in regions.
func nestedGrid(rng *rand.Rand) table {
	t := table{groupings: [][]int{{0}, {1}}}
	for region := range 2 + rng.IntN(2) {
		for store := range 1 + rng.IntN(3) {
			t.people, t.values = append(t.people, smallOrNot(rng)), append(t.values, []int{region, 10*region + store})
		}
	}
	return t
}

// newPuzzle asks for so many items of a table; for people only when there are
// none.
func newPuzzle(rng *rand.Rand, t table, items int) *puzzle {
	const min = 5
	p := &puzzle{table: t, cells: t.cells()}
	p.primary = make([]bool, len(p.cells.members))
	for q := range max(1, items) {
		d := demand{min: min, people: t.people, n: p.cells.count(t.people), primary: p.primary}
		alike := func([]int) bool { return false }
		if items > 0 {
			p.steps = append(p.steps, answered(rng, t.people))
			d.answers = &answers{low: 1, high: 5, steps: p.steps[q]}
			d.plain = d.answers.plain(t.people)
			alike = func(atoms []int) bool { return oneAnswer(p.steps[q], atoms) }
		}
		d.open = func(n int64, atoms []int) bool { return n < min || n < UnanimousFloor && alike(atoms) }
		for i, members := range p.cells.members {
			p.primary[i] = p.primary[i] || d.open(d.n[i], members)
		}
		p.demands = append(p.demands, d)
	}
	return p
}

// answered makes up answers from 1 to 5; some groups are of one mind.
func answered(rng *rand.Rand, people []int64) [][]int64 {
	var out [][]int64
	for _, n := range people {
		steps := make([]int64, 5)
		mood, alike := rng.Float64(), rng.IntN(10) == 0
		for range n {
			x := (mood + rng.Float64() + rng.Float64()) / 3
			if alike {
				x = mood
			}
			steps[int(x*5)]++
		}
		out = append(out, steps)
	}
	return out
}

func oneAnswer(steps [][]int64, atoms []int) bool {
	given := map[int]bool{}
	for _, a := range atoms {
		for k, n := range steps[a] {
			if n > 0 {
				given[k] = true
			}
		}
	}
	return len(given) == 1
}

// fewest tries every choice of less than below further cells, and returns the
// smallest that is safe; nil when there is none. It leaves the total published
// when it is to.
func (p *puzzle) fewest(below int, keepTotal bool) []bool {
	var free []int
	for i, w := range p.primary {
		if !w && !(keepTotal && i == total) {
			free = append(free, i)
		}
	}
	for further := range below {
		if w := p.among(slices.Clone(p.primary), free, further); w != nil {
			return w
		}
	}
	return nil
}

// among withholds so many more of the cells that are free, in every way.
func (p *puzzle) among(withheld []bool, free []int, further int) []bool {
	if further == 0 {
		if p.cells.safe(withheld, p.demands) {
			return slices.Clone(withheld)
		}
		return nil
	}
	for k := range len(free) - further + 1 {
		withheld[free[k]] = true
		if w := p.among(withheld, free[k+1:], further-1); w != nil {
			return w
		}
		withheld[free[k]] = false
	}
	return nil
}

func (p *puzzle) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "groupings of columns %v", p.groupings)
	for a, n := range p.people {
		fmt.Fprintf(&b, "\n  atom %d: values %v, %d people", a, p.values[a], n)
		for _, steps := range p.steps {
			fmt.Fprintf(&b, ", answers %v", steps[a])
		}
	}
	for i, members := range p.cells.members {
		fmt.Fprintf(&b, "\n  cell %d: atoms %v, %d people", i, members, p.demands[0].n[i])
	}
	return b.String()
}

// strategies are the ways of choosing cells there are.
var strategies = []struct {
	name   string
	choose func(p *puzzle) []bool
}{
	{"step by step", func(p *puzzle) []bool { return p.cells.stepByStep(p.primary, p.demands) }},
	{"and published again", func(p *puzzle) []bool {
		return p.cells.publishAgain(p.cells.stepByStep(p.primary, p.demands), p.primary, p.demands)
	}},
	{"largest first", func(p *puzzle) []bool { return p.cells.largestFirst(p.primary, p.demands) }},
	{"choose", func(p *puzzle) []bool { return p.cells.choose(slices.Clone(p.primary), p.demands) }},
}

// fare adds up how a strategy fares beside the optimum.
type fare struct {
	tables, optimal, failed int
	silent                  int     // tables whose total is withheld without need
	sum, worst              float64 // of all withheld cells: how many times the optimum
	further, needed         int     // cells withheld for the sake of others, and the fewest
	worstFurther            float64
}

// add notes how many cells were withheld and how many must be, of which so many
// for their own sake, and reports whether that is near enough.
func (f *fare) add(withheld, fewest, primary int) bool {
	ratio := float64(withheld) / float64(fewest)
	f.tables, f.sum, f.worst = f.tables+1, f.sum+ratio, max(f.worst, ratio)
	if withheld == fewest {
		f.optimal++
	}
	if ratio > mostWorse {
		f.failed++
	}
	f.further, f.needed = f.further+withheld-primary, f.needed+fewest-primary
	f.worstFurther = max(f.worstFurther, float64(withheld-primary)/float64(fewest-primary))
	return ratio <= mostWorse
}

func (f *fare) String() string {
	return fmt.Sprintf("%3d of %d optimal, %2d beyond %.1f, %2d without the total; all: mean %.3f, worst %.2f; further: together %.3f, worst %.2f",
		f.optimal, f.tables, f.failed, mostWorse, f.silent, f.sum/float64(f.tables), f.worst, float64(f.further)/float64(f.needed), f.worstFurther)
}

// TestChooseIsNearTheOptimum holds what is withheld against the fewest cells
// with which nothing can be worked out, found by trying all. Tables in which
// nothing is withheld for the sake of others are left out: there is nothing to
// choose.
//
// To publish the total costs other cells. What everybody said is asked for most,
// and without it there is no report at all, so the optimum is that of the
// choices that publish it where there are any; that of all choices is told too.
func TestChooseIsNearTheOptimum(t *testing.T) {
	const each = 50
	for k, kind := range puzzleKinds {
		for items, asked := range []string{"people", "one item", "two items"} {
			any, keeping := make([]fare, len(strategies)), make([]fare, len(strategies))
			for seed := uint64(0); any[0].tables < each; seed++ {
				// A source for each, so that tables stay the same when others are left out.
				rng := rand.New(rand.NewPCG(seed, uint64(10*k+items)))
				p := newPuzzle(rng, kind.make(rng), items)
				if !p.primary[total] && !p.cells.safe(p.primary, p.demands) {
					p.compare(t, any, keeping)
				}
			}
			for i, s := range strategies {
				t.Logf("%-13s of %-9s %-19s: %v", kind.name, asked, s.name, &any[i])
				t.Logf("%45s: %v", "beside those that keep the total", &keeping[i])
			}
		}
	}
}

// compare sets every strategy beside the optimum, and beside the optimum of
// those that publish the total, if there are any.
func (p *puzzle) compare(t *testing.T, any, keeping []fare) {
	t.Helper()
	choices := make([][]bool, len(strategies))
	for k, s := range strategies {
		choices[k] = s.choose(p)
		if !p.cells.safe(choices[k], p.demands) {
			t.Errorf("%s withholds %v, which is not safe: %v", s.name, indexes(choices[k]), p)
		}
		for i := range p.primary {
			if p.primary[i] && !choices[k][i] {
				t.Errorf("%s publishes cell %d: %v", s.name, i, p)
			}
		}
	}
	primary, all := len(indexes(p.primary)), len(p.primary)
	best, kept := p.fewest(all, false), p.fewest(all, true)
	for k, s := range strategies {
		withheld := len(indexes(choices[k]))
		near := any[k].add(withheld, len(indexes(best)), primary)
		switch {
		case kept == nil: // the total can't be published
		case !choices[k][total]:
			near = keeping[k].add(withheld, len(indexes(kept)), primary)
		default:
			any[k].silent++
			if s.name == "choose" {
				t.Errorf("withheld %v and with it the total, where %v is enough: %v", indexes(choices[k]), indexes(kept), p)
			}
		}
		if s.name == "choose" && !near {
			t.Errorf("withheld %v, where %v is enough, or %v with the total published (%v for their own sake): %v",
				indexes(choices[k]), indexes(best), indexes(kept), indexes(p.primary), p)
		}
	}
}
