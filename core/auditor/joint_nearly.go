package auditor

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// nearly looks at what withheld groups have in common: their sums are what a
// published cell is without the published groups in it. How many people each of
// them has is not known here. If even the answer of a single one is known too
// well, that is found.
func (t *sheet) nearly(measures []Measure) {
	if t.rules.Spread <= 0 {
		return
	}
	for g := range t.table.Groupings {
		if t.ctx.Err() != nil {
			return
		}
		in := slices.Repeat([]int{-1}, t.table.Atoms)
		for _, c := range t.table.Groupings[g] {
			for _, a := range t.table.Cells[c] {
				in[a] = c
			}
		}
		for c := range t.cells {
			inside := t.inside(c, in)
			if len(inside) == 0 {
				continue
			}
			for i := range measures {
				t.left(&measures[i], c, inside)
			}
		}
	}
}

// inside lists the cells of a grouping that lie within a cell of the same
// population; in says to which of them an atom belongs.
func (t *sheet) inside(cell int, in []int) []int {
	held := map[int]int{}
	var out []int
	for _, a := range t.table.Cells[cell] {
		c := in[a]
		if c < 0 || c == cell || t.cells[c].layer != t.cells[cell].layer {
			continue
		}
		if held[c]++; held[c] == len(t.table.Cells[c]) {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out
}

// left looks at one cell without the published groups inside of it.
func (t *sheet) left(m *Measure, cell int, inside []int) {
	all := m.Shown[cell]
	if all == nil || m.People != nil || m.Low >= m.High {
		return
	}
	made, figures := vector{term{0, ratio{n: 1}}}, []*Figure{all}
	var hidden []int
	sizes := slices.Index(t.board.measures, MeasurePeople)
	few := false
	atoms := len(t.table.Cells[cell])
	for _, c := range inside {
		if m.Shown[c] == nil {
			hidden = append(hidden, c)
			few = few || sizes < 0 || t.cells[c].figures[sizes] == nil
			continue
		}
		made = append(made, term{len(figures), ratio{n: -1}})
		figures = append(figures, m.Shown[c])
		atoms -= len(t.table.Cells[c])
	}
	if !few || len(hidden) == 0 || len(hidden) == 1 && len(t.table.Cells[hidden[0]]) == atoms {
		return // a group that is left alone is found anyway
	}
	rest, ok := combine(made, figures)
	if !ok || rest.N < t.rules.Min || rest.Sum == nil {
		return // few people are found anyway, too
	}
	if open(rest, m, 1) < t.rules.Spread*(m.High-m.Low) {
		var names []string
		for _, c := range hidden {
			names = append(names, t.table.Names[c])
		}
		if len(names) > 3 {
			names = append(names[:3], fmt.Sprintf("%d more", len(hidden)-3))
		}
		t.report(t.cells[hidden[0]].owners, Finding{Cell: strings.Join(names, " and "), Measure: m.Name,
			What: "is withheld, but the answers that are left for it are nearly alike, so its score is nearly known"})
	}
}

// open is how far apart the means of some people among all of a figure can be
// at least: between the highest that the figure allows and the lowest.
func open(f *Figure, m *Measure, people int64) float64 {
	if len(f.Histogram) > 1 && slices.Min(f.Histogram) >= 0 {
		step := (m.High - m.Low) / float64(len(f.Histogram)-1)
		reversed := slices.Clone(f.Histogram)
		slices.Reverse(reversed)
		ends := float64(len(f.Histogram)-1) - lowest(reversed, people) - lowest(f.Histogram, people)
		return ends * step
	}
	n, k := float64(f.N), float64(people)
	mean := *f.Sum / n
	reach := math.Inf(1)
	if f.Squares != nil {
		reach = math.Sqrt(max(0, *f.Squares/n-float64(mean*mean)) * (n - k) / k)
	}
	up := min(reach, m.High-mean, (mean-m.Low)*(n-k)/k)
	down := min(reach, mean-m.Low, (m.High-mean)*(n-k)/k)
	return max(0, up) + max(0, down)
}

// lowest is the mean step, from 0, of the lowest answers of so many people.
func lowest(histogram []int64, people int64) float64 {
	sum, left := 0.0, people
	for step, n := range histogram {
		take := min(n, left)
		sum += float64(float64(take) * float64(step))
		left -= take
	}
	return sum / float64(people)
}
