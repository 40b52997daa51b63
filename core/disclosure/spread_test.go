package disclosure

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/score"
)

// By hand: answers 1 2 2 5 5 on a scale from 1 to 5; two of them sum up to 3 at
// least and to 10 at most.
func TestReachOfCounts(t *testing.T) {
	a := &answers{low: 1, high: 5, steps: [][]int64{{1, 2, 0, 0, 2}}}
	p := a.pool([]int{0}, []int64{5})
	for m, want := range map[int64]float64{1: 4, 2: 7, 3: 7, 4: 4, 5: 0, 0: 0} {
		if got := p.reach(a, m); got != want {
			t.Errorf("%d people: %v, want %v", m, got, want)
		}
	}
}

// By hand: ten people with mean 3 and variance 1 (squares 10·(9+1)). The mean of
// two of them lies within 3 ± sqrt(8/2), which the scale cuts to 1 and 5. With
// variance 0.25 it lies within 3 ± 1. Their means alone leave all of the scale,
// and with mean 4.8 only what the others make up: 10·0.2 below the top.
func TestReachOfSums(t *testing.T) {
	for _, test := range []struct {
		sum, squares float64
		want         float64 // of the sum of two
	}{{30, 100, 8}, {30, 92.5, 4}} {
		a := &answers{low: 1, high: 5, sum: []float64{test.sum}, squares: []float64{test.squares}}
		if got := a.pool([]int{0}, []int64{10}).reach(a, 2); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%+v: %v", test, got)
		}
	}
	plain := (&answers{low: 1, high: 5, sum: []float64{48}, squares: []float64{235}}).plain([]int64{10})
	if got := plain.pool([]int{0}, []int64{10}).reach(plain, 2); math.Abs(got-2) > 1e-12 {
		t.Errorf("by means: %v, want 2", got)
	}
}

// Managers and supervisors, less the two departments that have both, are the
// manager of one small department and the supervisor of another: two people.
func TestSetsThatNobodyAskedFor(t *testing.T) {
	pop := table{
		people:    []int64{4, 9, 40, 3, 4, 20, 1, 30, 1, 30},
		values:    [][]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 0}, {2, 2}, {3, 1}, {3, 2}},
		groupings: [][]int{{0}, {1}, {0, 1}},
	}
	c := pop.cells()
	d := &demand{min: 5, people: pop.people, n: c.count(pop.people), open: func(n int64, _ []int) bool { return n < 5 }}
	w := make([]bool, len(d.n))
	for i, members := range c.members[7:] { // the crossed cells: all but the front line
		w[7+i] = pop.values[members[0]][1] != 2
	}
	for _, i := range []int{3, 4} { // two departments are withheld, with their front line
		w[i] = true
	}
	w[7+7], w[7+9] = true, true
	var found []string
	for _, set := range c.leftOver(c.shape(w, d.people), w, d) {
		found = append(found, keyOf(set.atoms))
	}
	if want := keyOf([]int{6, 8}); !strings.Contains(strings.Join(found, "|"), want) {
		t.Errorf("the manager and the supervisor of small departments are not among %q", found)
	}
}

// By hand: in a table of two rows and two columns with 5 people in each cell who
// answered 1 to 5, one cell can be raised by exchanging the 1 for a 5 and the 2
// for a 4, and lowered likewise, each time against its row, its column and the
// opposite cell: by 6 each way.
func TestExchangeInATable(t *testing.T) {
	pop := table{people: []int64{5, 5, 5, 5}, values: [][]int{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, groupings: [][]int{{0}, {1}, {0, 1}}}
	c := pop.cells()
	even := []int64{1, 1, 1, 1, 1}
	a := &answers{low: 1, high: 5, steps: [][]int64{even, even, even, even}}
	w := make([]bool, len(c.members))
	for i := 5; i < 9; i++ {
		w[i] = true
	}
	s := c.shape(w, pop.people)
	v := c.newView(s, a)
	if got := v.reach([]share{{s.of[0], 5}}, 100); got != 12 {
		t.Errorf("a cell can be moved by %v, want 12", got)
	}
	if even[0] != 1 {
		t.Error("the answers themselves were moved")
	}
	w[8] = false // the opposite cell is published: nothing can move
	s = c.shape(w, pop.people)
	if got := c.newView(s, a).reach([]share{{s.of[0], 5}}, 100); got != 0 {
		t.Errorf("beside a published cell it can be moved by %v", got)
	}
}

// The auditor stops what suppression would let through.
func TestAuditStopsALeak(t *testing.T) {
	text := new(rows).add("A", 12, varied).add("B", 3, varied).add("C", 29, varied).String()
	in := questionnaire(false)
	res := scored(t, in, text, []string{"department"})
	p := newPublisher(context.Background(), res.Assessments[0], Request{Instrument: in, Missing: instrument.MinHalf, MinGroup: 5, primaryOnly: true})
	err := p.audit(context.Background(), "acme", p.body(), nil)
	var leak *LeakError
	if !errors.As(err, &leak) {
		t.Fatalf("got %v", err)
	}
	if got := leak.Error(); !strings.Contains(got, "acme: department B, people: can be computed from what is published") {
		t.Errorf("found %s", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.audit(ctx, "acme", p.body(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("when interrupted: %v", err)
	}
}

// Groups that lie in larger ones say so, also those that are withheld; columns
// that only meet do not.
func TestWithin(t *testing.T) {
	text := "region,store,role,x1,x2,y1,o\n"
	for i, store := range []string{"N1", "N1", "N2", "S1", "S2", "S2"} {
		for k := range 4 {
			text += store[:1] + "," + store + "," + string("ab"[k%2]) + "," + varied(i+k) + "\n"
		}
	}
	body := publish(t, questionnaire(true), text, Request{}, []string{"region"}, []string{"store"}, []string{"role"})
	var got []string
	for _, g := range body.Groups {
		for _, w := range g.Within {
			got = append(got, strings.Join(g.Key, "*")+" in "+w.Column+" "+w.Value)
		}
	}
	if want := "N1 in region N, N2 in region N, S1 in region S, S2 in region S"; strings.Join(got, ", ") != want {
		t.Errorf("got %v", got)
	}
}

func scored(t *testing.T, in *instrument.Instrument, text string, by ...[]string) *score.Result {
	t.Helper()
	res, err := score.Run(context.Background(), []score.Source{sourceOf(text)}, score.Options{Instrument: in, By: by, Client: "acme", Wave: "q3"})
	if err != nil {
		t.Fatal(err)
	}
	return res
}
