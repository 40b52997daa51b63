package disclosure

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// flat is one grouping with as many groups as there are sizes.
func flat(sizes ...int64) (*cells, []int64) {
	g := grouping{by: []string{"department"}}
	n := []int64{0}
	for i, s := range sizes {
		g.keys = append(g.keys, []string{fmt.Sprint(i)})
		n = append(n, s)
		n[total] += s
	}
	return newCells([]grouping{g}), n
}

func withheldNow(c *cells, n []int64, min int64) []bool {
	w := make([]bool, c.count)
	for i := range w {
		w[i] = n[i] < min
	}
	c.protect(w, n, min)
	return w
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
		c, n := flat(test.sizes...)
		if got := indexes(withheldNow(c, n, 5)); !slices.Equal(got, test.want) {
			t.Errorf("%s: withheld %v, want %v", test.name, got, test.want)
		}
	}
}

// crossed makes department, role and department*role from a table of counts,
// leaving out the combinations that nobody is in.
func crossed(table [][]int64) (*cells, []int64) {
	dept, role := grouping{by: []string{"department"}}, grouping{by: []string{"role"}}
	both := grouping{by: []string{"department", "role"}}
	rows, columns := make([]int64, len(table)), make([]int64, len(table[0]))
	var sum int64
	var inner []int64
	for i := range table {
		dept.keys = append(dept.keys, []string{fmt.Sprint("d", i)})
		for j, x := range table[i] {
			rows[i] += x
			columns[j] += x
			sum += x
			if x > 0 {
				both.keys = append(both.keys, []string{fmt.Sprint("d", i), fmt.Sprint("r", j)})
				inner = append(inner, x)
			}
		}
	}
	for j := range columns {
		role.keys = append(role.keys, []string{fmt.Sprint("r", j)})
	}
	n := slices.Concat([]int64{sum}, rows, columns, inner)
	return newCells([]grouping{dept, role, both}), n
}

// TestProtectCrossed attacks random crossed tables with a solver of its own:
// rational elimination over all equations with the published numbers filled
// in. It also sees that without protection the attack succeeds often.
func TestProtectCrossed(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	broken, tables := 0, 300
	for range tables {
		table := make([][]int64, 2+rng.IntN(4))
		columns := 2 + rng.IntN(3)
		for i := range table {
			table[i] = make([]int64, columns)
			for j := range table[i] {
				table[i][j] = int64(rng.IntN(14))
			}
		}
		table[0][0] += 5
		c, n := crossed(table)
		primary := make([]bool, c.count)
		for i := range primary {
			primary[i] = n[i] < 5
		}
		if len(recovered(c, primary, n)) > 0 {
			broken++
		}
		w := withheldNow(c, n, 5)
		if r := recovered(c, w, n); len(r) > 0 {
			t.Fatalf("table %v: withheld %v, but %v can be computed", table, indexes(w), r)
		}
		for i := range w {
			if n[i] < 5 && !w[i] {
				t.Fatalf("table %v: cell %d with %d people is published", table, i, n[i])
			}
		}
	}
	if broken < tables/4 {
		t.Errorf("the attack recovers a cell in only %d of %d unprotected tables; it is too weak to prove anything", broken, tables)
	}
}

// recovered solves for the withheld cells in floating point by Gauss-Jordan
// elimination with full pivoting, and returns those that come out.
func recovered(c *cells, withheld []bool, n []int64) []int {
	unknown := []int{}
	for i, w := range withheld {
		if w && n[i] > 0 {
			unknown = append(unknown, i)
		}
	}
	var m [][]float64
	for _, e := range c.equations {
		row := make([]float64, len(unknown))
		for k, u := range unknown {
			if u == e.whole {
				row[k] = -1
			}
			if slices.Contains(e.parts, u) {
				row[k] = 1
			}
		}
		m = append(m, row)
	}
	rank := 0
	for col := range unknown {
		best := -1
		for r := rank; r < len(m); r++ {
			if abs(m[r][col]) > 1e-9 && (best < 0 || abs(m[r][col]) > abs(m[best][col])) {
				best = r
			}
		}
		if best < 0 {
			continue
		}
		m[rank], m[best] = m[best], m[rank]
		p := m[rank][col]
		for k := range m[rank] {
			m[rank][k] /= p
		}
		for r := range m {
			if f := m[r][col]; r != rank && abs(f) > 1e-9 {
				for k := range m[r] {
					m[r][k] -= f * m[rank][k]
				}
			}
		}
		rank++
	}
	var out []int
	for _, row := range m[:rank] {
		at, count := 0, 0
		for k, x := range row {
			if abs(x) > 1e-9 {
				at, count = k, count+1
			}
		}
		if count == 1 {
			out = append(out, unknown[at])
		}
	}
	return out
}

func abs(x float64) float64 { return max(x, -x) }
