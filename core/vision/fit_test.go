package vision

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// rated is a statement with the ratings of two readers, 0 to 10.
type rated struct {
	id, text string
	facts    *Facts
	mean     [4]float64 // of the two, by rating
	readers  [2][4]float64
	verdicts [2]string
}

// ratings are the columns of the readers, in the order of rated.mean.
var ratings = [4]string{"simple", "concrete", "credible", "overall"}

// readRated reads a table with the columns id, text, and simple1 to verdict2.
func readRated(t testing.TB, file string) []rated {
	t.Helper()
	rows := readTable(t, file)
	var out []rated
	for _, row := range rows {
		r := rated{id: row["id"], text: row["text"], facts: factsOf(row["text"])}
		for k, name := range ratings {
			for reader := range 2 {
				x, err := strconv.ParseFloat(row[name+strconv.Itoa(reader+1)], 64)
				if err != nil {
					t.Fatalf("%s: %s: %v", file, r.id, err)
				}
				r.readers[reader][k] = x
				r.mean[k] += x / 2
			}
		}
		r.verdicts = [2]string{row["verdict1"], row["verdict2"]}
		out = append(out, r)
	}
	return out
}

// readTable reads tab-separated values by column name.
func readTable(t testing.TB, file string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("no ratings to compare with: %v", err)
	}
	r := csv.NewReader(strings.NewReader(string(data)))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			if i < len(row) {
				m[name] = row[i]
			}
		}
		out = append(out, m)
	}
	return out
}

func factsOf(text string) *Facts {
	f := newFacts(nil)
	f.add(lexicon.English(), prose.Parse(text))
	return f
}

// fit fits the points of a part to targets: ridge regression with the intercept
// free and every weight held to the sign it has in the table.
func fit(weights []Weight, facts []*Facts, target []float64) (points, usual []float64, mean float64) {
	const ridge = 3
	n, p := len(facts), len(weights)
	x := make([][]float64, p)
	usual = make([]float64, p)
	for j := range weights {
		x[j] = make([]float64, n)
		for i, f := range facts {
			x[j][i] = weights[j].at(features[weights[j].Feature].Value(f))
			usual[j] += x[j][i] / float64(n)
		}
		for i := range x[j] {
			x[j][i] -= usual[j]
		}
	}
	for _, y := range target {
		mean += y / float64(n)
	}
	rest := make([]float64, n)
	for i, y := range target {
		rest[i] = y - mean
	}
	points = make([]float64, p)
	for range 2000 {
		for j := range points {
			dot, square := 0.0, float64(ridge)
			for i := range rest {
				dot += x[j][i] * rest[i]
				square += x[j][i] * x[j][i]
			}
			next := points[j] + (dot-ridge*points[j])/square
			if sign := math.Copysign(1, weights[j].Points); next*sign < weights[j].Least {
				next = sign * weights[j].Least
			}
			for i := range rest {
				rest[i] -= (next - points[j]) * x[j][i]
			}
			points[j] = next
		}
	}
	return points, usual, mean
}

// fitted gives the models as fitted to some of the statements.
func fitted(some []rated) [parts]Model {
	out := models
	out[True].Weights = slices.Clone(models[True].Weights)
	var facts []*Facts
	for _, r := range some {
		facts = append(facts, r.facts)
	}
	for k, p := range []Part{Simple, Concrete, Credible} {
		var target []float64
		for _, r := range some {
			target = append(target, 10*r.mean[k])
		}
		points, usual, mean := fit(models[p].Weights, facts, target)
		out[p] = Model{Usual: mean, Weights: slices.Clone(models[p].Weights)}
		for j := range points {
			out[p].Weights[j].Points, out[p].Weights[j].Usual = points[j], usual[j]
		}
	}
	return out
}

// scores gives simple, concrete, credible and overall by some models.
func scores(m *[parts]Model, f *Facts) [4]float64 {
	var by [parts]float64
	for p := range parts {
		by[p] = m[p].Usual
		for j := range m[p].Weights {
			w := &m[p].Weights[j]
			by[p] += w.points(p, f)
		}
		by[p] = min(100, max(0, by[p]))
	}
	overall := 0.0
	for p := range parts {
		overall += weightOf[p] * by[p]
	}
	return [4]float64{by[Simple], by[Concrete], by[Credible], overall}
}

// crossValidated gives the scores of each statement by models fitted without it.
func crossValidated(all []rated, seed uint64) [][4]float64 {
	const folds = 10
	order := rand.New(rand.NewPCG(seed, 0)).Perm(len(all))
	out := make([][4]float64, len(all))
	for k := range folds {
		var some []rated
		for i, at := range order {
			if i%folds != k {
				some = append(some, all[at])
			}
		}
		m := fitted(some)
		for i, at := range order {
			if i%folds == k {
				out[at] = scores(&m, all[at].facts)
			}
		}
	}
	return out
}

// spearman is the rank correlation, ties by mean ranks.
func spearman(a, b []float64) float64 {
	ra, rb := ranks(a), ranks(b)
	var ma, mb float64
	for i := range ra {
		ma += ra[i] / float64(len(ra))
		mb += rb[i] / float64(len(rb))
	}
	var ab, aa, bb float64
	for i := range ra {
		ab += (ra[i] - ma) * (rb[i] - mb)
		aa += (ra[i] - ma) * (ra[i] - ma)
		bb += (rb[i] - mb) * (rb[i] - mb)
	}
	return ab / math.Sqrt(aa*bb)
}

func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmpFloat(x[i], x[j]) })
	out := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			out[order[k]] = float64(i+j-1) / 2
		}
		i = j
	}
	return out
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// auc is the chance that one of good scores above one of bad.
func auc(good, bad []float64) float64 {
	won := 0.0
	for _, g := range good {
		for _, b := range bad {
			switch {
			case g > b:
				won++
			case g == b:
				won += .5
			}
		}
	}
	return won / float64(len(good)*len(bad))
}

// TestWeightsAreFitted holds the table of weights against a fit. With -update it is
// written anew.
func TestWeightsAreFitted(t *testing.T) {
	all := readRated(t, sharedRatings)
	m := fitted(all)
	anybody := &m[True].Weights[0]
	anybody.Usual = 0
	for _, r := range all {
		anybody.Usual += anybody.at(features[anybody.Feature].Value(r.facts)) / float64(len(all))
	}
	m[True].Usual = 100 + anybody.Points*anybody.Usual
	src, err := os.ReadFile("weights.go")
	if err != nil {
		t.Fatal(err)
	}
	want := withWeights(string(src), &m)
	switch {
	case want == string(src):
	case *update:
		if err := os.WriteFile("weights.go", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("weights.go is not what the ratings give; run with -update, and again for the corpus")
	}
}

// figuresIn finds the fitted figures of a line of weights.go.
var figuresIn = regexp.MustCompile(`(Usual: |Points: )-?[\d.]+`)

// withWeights puts the figures of models into the source of the table.
func withWeights(src string, m *[parts]Model) string {
	var order []string
	for _, p := range m {
		order = append(order, fmt.Sprintf("%.1f", p.Usual))
		for _, w := range p.Weights {
			order = append(order, fmt.Sprintf("%.1f", w.Points), fmt.Sprintf("%.2f", w.Usual))
		}
	}
	head, table, _ := strings.Cut(src, "var models")
	next := 0
	table = figuresIn.ReplaceAllStringFunc(table, func(old string) string {
		name, _, _ := strings.Cut(old, " ")
		next++
		return name + " " + order[next-1]
	})
	return head + "var models" + table
}
