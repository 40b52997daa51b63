package disclosure

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// table is a population in small: how many people share each combination of
// the values of some columns, and the groupings that are asked for.
type table struct {
	people    []int64
	values    [][]int // of each atom, by column
	groupings [][]int // columns of each grouping
}

// cells makes what newCells takes: it knows no more of the groupings than
// which atoms each group holds.
func (t table) cells() *cells {
	var all [][][]int
	for _, columns := range t.groupings {
		groups := map[string][]int{}
		var order []string
		for a, values := range t.values {
			key := ""
			for _, c := range columns {
				key += fmt.Sprint(values[c], " ")
			}
			if groups[key] == nil {
				order = append(order, key)
			}
			groups[key] = append(groups[key], a)
		}
		var members [][]int
		for _, key := range order {
			members = append(members, groups[key])
		}
		all = append(all, members)
	}
	return newCells(len(t.people), all)
}

func (t table) protected(min int64) (*cells, []bool) {
	c := t.cells()
	n := c.count(t.people)
	w := make([]bool, len(n))
	for i := range w {
		w[i] = n[i] < min
	}
	return c, c.choose(w, []demand{{min: min, people: t.people, n: n, open: func(people int64, _ []int) bool { return people < min }}})
}

func flat(sizes ...int64) table {
	t := table{people: sizes, groupings: [][]int{{0}}}
	for i := range sizes {
		t.values = append(t.values, []int{i})
	}
	return t
}

func indexes(w []bool) []int {
	var out []int
	for i, x := range w {
		if x {
			out = append(out, i)
		}
	}
	return out
}

func TestProtectOneGrouping(t *testing.T) {
	for _, test := range []struct {
		name  string
		sizes []int64
		want  []int // indexes of withheld cells; 0 is the total
	}{
		{"nothing small", []int64{10, 20, 30}, nil},
		{"smallest sibling goes with a small group", []int64{3, 20, 8, 30}, []int{1, 3}},
		{"two small groups of too few people take a third", []int64{2, 2, 20, 9}, []int{1, 2, 4}},
		{"two small groups of enough people cover each other", []int64{4, 3, 20, 9}, []int{1, 2}},
		{"a pair goes together", []int64{3, 50}, []int{1, 2}},
		{"a small total hides all", []int64{1, 2}, []int{0, 1, 2}},
		{"an empty group covers nothing", []int64{0, 3, 20, 9}, []int{1, 2, 4}},
		{"one group is the total", []int64{12}, nil},
	} {
		_, w := flat(test.sizes...).protected(5)
		if got := indexes(w); !slices.Equal(got, test.want) {
			t.Errorf("%s: withheld %v, want %v", test.name, got, test.want)
		}
	}
}

// Groupings that nest or overlap without being crossed are seen for what they
// are.
func TestProtectNestedAndOverlapping(t *testing.T) {
	nested := table{ // region, store: N1 12, N2 3, S1 6, S2 9
		people: []int64{12, 3, 6, 9}, values: [][]int{{0, 0}, {0, 1}, {1, 2}, {1, 3}}, groupings: [][]int{{0}, {1}},
	}
	c, w := nested.protected(5)
	if got := attack(c, w, nested.people, 5); got != "" {
		t.Errorf("nested: withheld %v, but %s", indexes(w), got)
	}
	overlapping := table{people: []int64{3, 9, 7, 8, 6, 11}, values: [][]int{{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}, {2, 0, 0}, {2, 1, 1}}, groupings: [][]int{{0, 1}, {1, 2}}}
	c, w = overlapping.protected(5)
	if got := attack(c, w, overlapping.people, 5); got != "" {
		t.Errorf("overlapping: withheld %v, but %s", indexes(w), got)
	}
}

// TestProtectAgainstAttack attacks random populations under random groupings:
// nested, crossed, overlapping. It also sees that without protection the
// attack succeeds often.
func TestProtectAgainstAttack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	every := [][]int{{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}}
	broken, tables := 0, 400
	for range tables {
		pop := random(rng, every)
		c := pop.cells()
		n := c.count(pop.people)
		primary := make([]bool, len(n))
		for i := range primary {
			primary[i] = n[i] < 5
		}
		if attack(c, primary, pop.people, 5) != "" {
			broken++
		}
		c, w := pop.protected(5)
		if got := attack(c, w, pop.people, 5); got != "" {
			t.Fatalf("%+v: withheld %v, but %s", pop, indexes(w), got)
		}
		for i := range w {
			if primary[i] && !w[i] {
				t.Fatalf("%+v: cell %d with %d people is published", pop, i, n[i])
			}
		}
	}
	if broken < tables/4 {
		t.Errorf("the attack succeeds against only %d of %d unprotected tables; it is too weak to prove anything", broken, tables)
	}
}

func random(rng *rand.Rand, every [][]int) table {
	pop := table{}
	nested := rng.IntN(2) == 0
	for a := range 2 + rng.IntN(3) {
		for b := range 2 + rng.IntN(3) {
			for c := range 1 + rng.IntN(3) {
				store := c
				if nested {
					store = 10*b + c
				}
				if people := int64(rng.IntN(12)) - 2; people > 0 {
					pop.people = append(pop.people, people)
					pop.values = append(pop.values, []int{a, b, store})
				}
			}
		}
	}
	pop.people = append(pop.people, 9)
	pop.values = append(pop.values, []int{0, 0, 0})
	for range 1 + rng.IntN(3) {
		pop.groupings = append(pop.groupings, every[rng.IntN(len(every))])
	}
	return pop
}

// attack says how a withheld cell can be computed, or "". It works on atoms
// alone, with elimination in floating point of its own.
func attack(c *cells, withheld []bool, people []int64, min int64) string {
	var rows [][]float64
	vector := func(members []int) []float64 {
		v := make([]float64, len(people))
		for _, a := range members {
			if people[a] > 0 {
				v[a] = 1
			}
		}
		return v
	}
	for i, members := range c.members {
		if !withheld[i] {
			rows = append(rows, vector(members))
		}
	}
	rank := rankOf(rows)
	for i, members := range c.members {
		v := vector(members)
		if withheld[i] && slices.Contains(v, 1) && rankOf(append(slices.Clone(rows), v)) == rank {
			return fmt.Sprintf("cell %d follows from what is published", i)
		}
	}
	// One published cell minus published ones inside of it, taken greedily.
	for i, whole := range c.members {
		if withheld[i] {
			continue
		}
		for _, groups := range c.groupings {
			rest := map[int]bool{}
			for _, a := range whole {
				rest[a] = people[a] > 0
			}
			for _, g := range groups {
				if g != i && !withheld[g] && !slices.ContainsFunc(c.members[g], func(a int) bool { return people[a] > 0 && !rest[a] }) {
					for _, a := range c.members[g] {
						delete(rest, a)
					}
				}
			}
			left := int64(0)
			for a, in := range rest {
				if in {
					left += people[a]
				}
			}
			if left > 0 && left < min {
				return fmt.Sprintf("cell %d leaves %d people over", i, left)
			}
		}
	}
	return ""
}

func rankOf(rows [][]float64) int {
	m := make([][]float64, len(rows))
	for i, r := range rows {
		m[i] = slices.Clone(r)
	}
	rank := 0
	for col := 0; len(m) > 0 && col < len(m[0]) && rank < len(m); col++ {
		best := rank
		for r := rank; r < len(m); r++ {
			if abs(m[r][col]) > abs(m[best][col]) {
				best = r
			}
		}
		if abs(m[best][col]) < 1e-9 {
			continue
		}
		m[rank], m[best] = m[best], m[rank]
		for r := rank + 1; r < len(m); r++ {
			if f := m[r][col] / m[rank][col]; f != 0 {
				for k := col; k < len(m[r]); k++ {
					m[r][k] -= f * m[rank][k]
				}
			}
		}
		rank++
	}
	return rank
}

func abs(x float64) float64 { return max(x, -x) }

func TestAttackFindsWhatIsOpen(t *testing.T) {
	pop := flat(3, 20, 8)
	if got := attack(pop.cells(), []bool{false, true, false, false}, pop.people, 5); !strings.Contains(got, "cell 1") {
		t.Errorf("the attack misses a total minus its parts: %q", got)
	}
}
