package auditor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// expect holds findings against "release: cell, measure: part of what", in any
// order; a trailing "…" lets the rest be anything.
func expect(t *testing.T, findings []Finding, want ...string) {
	t.Helper()
	left := slices.Clone(findings)
	for _, w := range want {
		at := slices.IndexFunc(left, func(f Finding) bool { return strings.HasPrefix(f.Error(), strings.TrimSuffix(w, "…")) })
		if at < 0 {
			t.Errorf("not found: %s\namong %v", w, findings)
			continue
		}
		left = slices.Delete(left, at, at+1)
	}
	for _, f := range left {
		t.Errorf("not expected: %v", f)
	}
}

// only keeps the findings of one measure.
func only(findings []Finding, measure string) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f Finding) bool { return f.Measure != measure })
}

func joint(releases ...*Release) []Finding {
	return Releases(context.Background(), releases, nil, testRules)
}

// sets are the people found, whatever release they are told of.
func sets(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Cell+", "+f.Measure)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lieIn says of a release's groups in which value of another column they lie.
func lieIn(r *Release, column string, values map[string]string) {
	for i, c := range r.Cells {
		if len(c.Key) == 1 && values[c.Key[0]] != "" {
			r.Cells[i].Within = []Within{{column, values[c.Key[0]]}}
		}
	}
}

// knownOf counts the people of a survey by columns.
func knownOf(p poll, columns ...string) *Known {
	k := &Known{Columns: columns}
	at := map[string]int{}
	for _, r := range p.people {
		var values []string
		for _, c := range columns {
			values = append(values, r.values[c])
		}
		id := strings.Join(values, "\x00")
		i, known := at[id]
		if !known {
			i = len(k.Atoms)
			at[id] = i
			k.Atoms = append(k.Atoms, Atom{Values: values, People: map[string]int64{}})
		}
		k.Atoms[i].People[MeasurePeople]++
		for _, d := range pollInstrument().Dimensions {
			k.Atoms[i].People[MeasureDimension+d.ID]++
			for _, it := range d.Items {
				k.Atoms[i].People[MeasureItem+it.ID]++
			}
		}
		k.Atoms[i].People["item o"]++
	}
	return k
}

func TestLateRespondent(t *testing.T) {
	p := poll{people: staff(seeded(), 40)}
	early := p.release(t, "acme-1.ndjson")
	p.people = append(p.people, staff(seeded(), 1)...)
	late := p.release(t, "acme-2.ndjson")
	expect(t, joint(early, late), "acme-2.ndjson: everybody, people: is of 41 people, and of 40 in acme-1.ndjson: the difference is the answers of 1 person")
	expect(t, joint(late, early), "acme-1.ndjson: everybody, people: is of 40 people, and of 41 in acme-2.ndjson: the difference is the answers of 1 person")
	p.people = append(p.people, staff(seeded(), 4)...)
	expect(t, joint(early, p.release(t, "acme-3.ndjson"))) // five more are as many as may be told
	// Of three, the last tells of few more than the second.
	expect(t, joint(early, late, p.release(t, "acme-3.ndjson")),
		"acme-2.ndjson: everybody, people: is of 41 people, and of 40 in acme-1.ndjson…",
		"acme-3.ndjson: everybody, people: is of 45 people, and of 41 in acme-2.ndjson…")
	// What was kept of an earlier run tells the same.
	text, err := json.Marshal(early)
	if err != nil {
		t.Fatal(err)
	}
	var kept Release
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	expect(t, joint(early, &kept))
	expect(t, joint(&kept, late), "acme-2.ndjson: everybody, people: is of 41 people, and of 40 in acme-1.ndjson…")
	early.Wave = "2025"
	expect(t, joint(early, late)) // of different waves
}

// A late respondent of a withheld group is found through everybody less the
// other groups, and so is one of a group that nobody else was added to.
func TestLateRespondentInGroups(t *testing.T) {
	random := seeded()
	p := poll{by: []string{"department"}, hide: []string{"department Spa", "department Bar"}, people: slices.Concat(
		staff(random, 20, "department", "Kitchen"), staff(random, 3, "department", "Spa"), staff(random, 6, "department", "Bar"))}
	early := p.release(t, "a")
	p.people = append(p.people, staff(random, 6, "department", "Kitchen")...)
	p.people = append(p.people, staff(random, 1, "department", "Bar")...)
	p.hide = p.hide[:1]
	late := p.release(t, "b")
	got := only(Releases(context.Background(), []*Release{early, late}, nil, Rules{Min: 5}), MeasurePeople)
	if len(got) == 0 {
		t.Fatal("nothing found")
	}
	for _, f := range got {
		if f.Release != "b" {
			t.Errorf("%v is told of the first", f)
		}
	}
}

// As many people with other answers: somebody's were exchanged.
func TestExchanged(t *testing.T) {
	p := poll{people: staff(seeded(), 40)}
	first := p.release(t, "a")
	p.people[7].answers["c"] = 6 - p.people[7].answers["c"]
	if p.people[7].answers["c"] == 3 {
		p.people[7].answers["c"] = 4
	}
	second := p.release(t, "b")
	expect(t, joint(first, second), "b: everybody, dimension second: tells other figures than a of as many people: somebody's answers were exchanged…")
	second.Missing = "complete_only" // dimensions can't be compared, items can
	expect(t, joint(first, second), "b: everybody, item c: tells other figures than a…")
	second.Version = "2" // nor can items
	expect(t, joint(first, second))
}

// stores are in regions; the smallest store of the north is withheld, with
// another of the south.
func stores() (p poll, lie map[string]string) {
	random := seeded()
	for _, s := range []struct {
		store, region string
		n             int
	}{{"n1", "North", 20}, {"n2", "North", 9}, {"n3", "North", 3}, {"s1", "South", 20}, {"s2", "South", 21}, {"s3", "South", 9}} {
		p.people = append(p.people, staff(random, s.n, "store", s.store, "region", s.region)...)
	}
	return p, map[string]string{"n1": "North", "n2": "North", "n3": "North", "s1": "South", "s2": "South", "s3": "South"}
}

func TestRegionThenStore(t *testing.T) {
	p, lie := stores()
	p.by = []string{"region"}
	regions := p.release(t, "regions")
	p.by, p.hide = []string{"store"}, []string{"store n3", "store s3"}
	byStore := p.release(t, "stores")
	want := []string{"stores: store n3, people: can be computed from what is published, together with regions",
		"stores: store s3, people: can be computed from what is published, together with regions",
		"stores: region North without store n1, store n2, people: can be worked out, and are too few people, together with regions"}
	known := knownOf(p, "region", "store")
	ctx := context.Background()
	expect(t, only(Releases(ctx, []*Release{regions}, known, testRules), MeasurePeople))
	expect(t, only(Releases(ctx, []*Release{byStore}, known, testRules), MeasurePeople))
	expect(t, only(Releases(ctx, []*Release{regions, byStore}, known, testRules), MeasurePeople), want...)
	expect(t, only(joint(regions, byStore), MeasurePeople)) // nothing says where the stores lie
	lieIn(byStore, "region", lie)
	expect(t, only(joint(regions, byStore), MeasurePeople), want...)
}

// All seven cooks are among the eight of the kitchen: the eighth is known.
func TestCooksInKitchen(t *testing.T) {
	random := seeded()
	p := poll{people: slices.Concat(staff(random, 7, "department", "Kitchen", "job", "Cook"), staff(random, 1, "department", "Kitchen", "job", "Porter"),
		staff(random, 20, "department", "Bar", "job", "Waiter"), staff(random, 9, "department", "Bar", "job", "Porter"))}
	p.by = []string{"department"}
	departments := p.release(t, "departments")
	p.by = []string{"job"}
	jobs := p.release(t, "jobs")
	want := "jobs: department Kitchen without job Cook, people: can be worked out, and are too few people, together with departments"
	known := knownOf(p, "department", "job")
	got := only(Releases(context.Background(), []*Release{departments, jobs}, known, Rules{Min: 5}), MeasurePeople)
	if !slices.ContainsFunc(got, func(f Finding) bool { return f.Error() == want }) {
		t.Errorf("%s not found among %v", want, got)
	}
	lieIn(jobs, "department", map[string]string{"Cook": "Kitchen", "Waiter": "Bar"})
	got = only(joint(departments, jobs), MeasurePeople)
	if !slices.ContainsFunc(got, func(f Finding) bool { return f.Error() == want }) {
		t.Errorf("%s not found among %v", want, got)
	}
}

// Which sets are found does not depend on the order of the releases.
func TestOrderOfReleases(t *testing.T) {
	p, lie := stores()
	p.by = []string{"region"}
	regions := p.release(t, "regions")
	p.by, p.hide = []string{"store"}, []string{"store n3", "store s3"}
	byStore := p.release(t, "stores")
	lieIn(byStore, "region", lie)
	p.people = append(p.people, staff(seeded(), 2, "store", "s1", "region", "South")...)
	late := p.release(t, "late")
	var want []string
	all := []*Release{regions, byStore, late}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		findings := joint(all[order[0]], all[order[1]], all[order[2]])
		if !slices.IsSortedFunc(findings, func(a, b Finding) int { return record.CompareNatural(a.Release, b.Release) }) {
			t.Errorf("%v is not in order", findings)
		}
		got := sets(findings)
		if want == nil {
			want = got
		}
		if len(got) == 0 || !slices.Equal(got, want) {
			t.Errorf("in the order %v:\n%q\nwant\n%q", order, got, want)
		}
	}
}

// Everybody is withheld, but all departments are told: what is left of the
// roles follows.
func TestEverybodyElsewhere(t *testing.T) {
	random := seeded()
	p := poll{people: slices.Concat(staff(random, 20, "department", "Bar", "role", "a"), staff(random, 22, "department", "Spa", "role", "b"),
		staff(random, 3, "department", "Bar", "role", "c"))}
	p.by, p.hide = []string{"department", "role"}, []string{everybody, "role c"}
	r := p.release(t, "a")
	got := joint(r)
	for _, w := range []string{"a: everybody, item a: can be computed from what is published", "a: role c, item a: can be computed from what is published"} {
		if !slices.ContainsFunc(got, func(f Finding) bool { return f.Error() == w }) {
			t.Errorf("%s not found among %v", w, got)
		}
	}
}

func TestCantBeChecked(t *testing.T) {
	p := departments()
	known := knownOf(p, "role")
	expect(t, Releases(context.Background(), []*Release{p.release(t, "a")}, known, testRules),
		`a: everybody, people: can't be checked: the answers have no column "department"`)
	r := &Release{Name: "b", Min: 5, Measures: []string{MeasurePeople}}
	r.Cells = append(r.Cells, Cell{Figures: []*Figure{nil}})
	for i := range 500 {
		r.Cells = append(r.Cells, Cell{By: []string{"x"}, Key: []string{fmt.Sprint(i)}, Within: []Within{{"y", "1"}}, Figures: []*Figure{nil}},
			Cell{By: []string{"y"}, Key: []string{fmt.Sprint(i)}, Within: []Within{{"z", "1"}, {"z", "2"}}, Figures: []*Figure{nil}})
	}
	r.Cells = append(r.Cells, Cell{By: []string{"x", "y"}, Key: []string{"1", "1"}, Figures: []*Figure{nil}})
	expect(t, joint(r)) // few, as only one combination is listed
	r.Cells = r.Cells[:len(r.Cells)-1]
	for i := 1; i < len(r.Cells); i += 2 {
		r.Cells[i].Within = nil
	}
	r.Cells[1].Within = []Within{{"y", "1"}}
	expect(t, joint(r), "b: groups by x, y, z, people: has too many combinations to check")
}

// A crossing tells which combinations there are.
func TestCrossingIsListed(t *testing.T) {
	random := seeded()
	p := poll{people: slices.Concat(staff(random, 20, "a", "1", "b", "1"), staff(random, 20, "a", "1", "b", "2"), staff(random, 20, "a", "2", "b", "2"),
		staff(random, 3, "a", "3", "b", "2"))}
	p.by, p.hide = []string{"a*b"}, []string{"a 3, b 2", "a 2, b 2"}
	crossed := p.release(t, "crossed")
	p.by, p.hide = []string{"a"}, []string{"a 3", "a 1"}
	single := p.release(t, "single")
	got := sets(only(joint(crossed, single), MeasurePeople))
	for _, w := range []string{"a 2, b 2, people", "a 1, people", "a 3, b 2, people", "a 3, people"} {
		if !slices.Contains(got, w) {
			t.Errorf("%s not found among %q", w, got)
		}
	}
}

// In a run people and answers are known, and what is told must follow from
// them.
func TestKnownPeople(t *testing.T) {
	p := departments()
	known := knownOf(p, "department", "role")
	r := p.release(t, "a")
	ctx := context.Background()
	expect(t, Releases(ctx, []*Release{r}, known, testRules))
	p.by = []string{"role"}
	expect(t, Releases(ctx, []*Release{r, p.release(t, "b")}, known, testRules))
	known.Atoms[0].People["item a"]--
	got := Releases(ctx, []*Release{r}, known, testRules)
	if len(only(got, "item a")) == 0 {
		t.Errorf("an item of fewer people than are told was not found: %v", got)
	}
}

// What is left for two withheld groups are answers that are all alike.
func TestNearlyKnown(t *testing.T) {
	random := seeded()
	p := poll{by: []string{"department"}, hide: []string{"department Spa", "department Bar"}, people: slices.Concat(
		staff(random, 30, "department", "Kitchen"), staff(random, 3, "department", "Spa"), staff(random, 20, "department", "Bar"))}
	for i := 30; i < 53; i++ {
		p.people[i].answers["o"] = 4
	}
	r := p.release(t, "a")
	expect(t, joint(r), "a: department Bar and department Spa, item o: is withheld, but the answers that are left for it are nearly alike…")
	for _, c := range r.Cells { // the same from mean and SD alone
		c.Figures[7].withoutHistogram()
	}
	rules := testRules
	rules.Spread = 0.25
	expect(t, only(Releases(context.Background(), []*Release{r}, nil, rules), "item o"),
		"a: department Bar and department Spa, item o: is withheld, but the answers that are left for it are nearly alike…")
}

func (f *Figure) withoutHistogram() {
	if f != nil {
		f.Histogram = nil
	}
}

// Answers that are filled in differ from cell to cell, so that scores do not add
// up: what is left of them proves nothing.
func TestFilledInScoresDoNotAddUp(t *testing.T) {
	random := seeded()
	p := poll{by: []string{"department"}, hide: []string{"department Spa", "department Bar"}, people: slices.Concat(
		staff(random, 30, "department", "Kitchen"), staff(random, 9, "department", "Spa"), staff(random, 8, "department", "Bar"))}
	body := p.body()
	body.Dimensions[0].SD = ptr(0.7 * *body.Groups[1].Dimensions[0].SD) // leaves less than none to the others
	r, _ := ReleaseOf("a", body, "acme")
	expect(t, joint(r), "a: everybody without department Kitchen, dimension first: can be worked out, and are few people…",
		"a: department Bar and department Spa, dimension first: …")
	r.Missing = "item_mean_imputed"
	expect(t, joint(r))
}

// The bound holds for every way to pick the people, and the histogram's is
// never wider than that of mean and SD.
func TestOpen(t *testing.T) {
	random := seeded()
	m := &Measure{Low: 1, High: 5}
	for range 200 {
		n := 5 + random.IntN(20)
		f := &Figure{N: int64(n), Sum: new(float64), Squares: new(float64), Histogram: make([]int64, 5)}
		var xs []float64
		for range n {
			x := 1 + random.IntN(5)
			f.Histogram[x-1]++
			*f.Sum += float64(x)
			*f.Squares += float64(x * x)
			xs = append(xs, float64(x))
		}
		slices.Sort(xs)
		k := 1 + random.IntN(4)
		_, low, _ := momentsOf(xs[:k])
		_, high, _ := momentsOf(xs[n-k:])
		exact := open(f, m, int64(k))
		if d := exact - (*high - *low); d > 1e-9 || d < -1e-9 {
			t.Errorf("%v: %v people are %v apart, want %v", xs, k, exact, *high-*low)
		}
		f.Histogram = nil
		if wide := open(f, m, int64(k)); wide < exact-1e-9 {
			t.Errorf("%v: %v people are at most %v apart by moments, and %v in truth", xs, k, wide, exact)
		}
	}
}

func TestMatched(t *testing.T) {
	p := poll{people: staff(seeded(), 40)}
	before := p.release(t, "before")
	before.Wave = "2025"
	body := p.body()
	body.Dimensions[0].N = ptr(int64(42))
	body.Changes = []record.Change{{Since: "2025", Dimension: "first", Paired: true, N: ptr(int64(36))}}
	after, _ := ReleaseOf("after", body, "acme")
	expect(t, matched(t.Context(), []*Release{before, after}),
		"after: everybody, dimension first: is compared with 2025 by the 36 people who answered in both, and is of 40 in 2025 (before): the rest is 4 people")
	body.Changes[0].N = ptr(int64(40))
	after, _ = ReleaseOf("after", body, "acme")
	expect(t, matched(t.Context(), []*Release{after, before}),
		"after: everybody, dimension first: is compared with 2025 by the 40 people who answered in both, and is of 42 in 2026 (after): the rest is 2 people")
	// The earlier wave told anew.
	d := before.figure(0, "dimension first")
	body.Changes[0] = record.Change{Since: "2025", Dimension: "first", Before: &record.Side{N: 39, Mean: 3, SD: 1}}
	after, _ = ReleaseOf("after", body, "acme")
	expect(t, matched(t.Context(), []*Release{before, after}),
		"after: everybody, dimension first: is of 39 people in 2025, and of 40 in before: the difference is the answers of 1 person")
	body.Changes[0].Before = &record.Side{N: 40, Mean: *d.Sum/40 + 0.1, SD: 1}
	after, _ = ReleaseOf("after", body, "acme")
	expect(t, matched(t.Context(), []*Release{before, after}), "after: everybody, dimension first: tells other figures of 2025 than before of as many people: somebody's…")
}

// TestColumnsApart looks at columns that nothing ties to each other one by one,
// however many combinations their values have, and says so where what ties them
// leaves too many.
func TestColumnsApart(t *testing.T) {
	columns := []string{"age", "city", "role", "store", "team"}
	p := poll{by: columns, people: staff(seeded(), 3000)}
	for i := range p.people {
		for j, c := range columns {
			p.people[i].values[c] = fmt.Sprint("v", (i*(j+1)+i/60)%60)
		}
	}
	r := p.release(t, "wide")
	if found := only(joint(r), MeasurePeople); len(found) > 0 {
		t.Error(found)
	}
	// Each store is in one city, and so on: now they are tied, and loosely.
	for i := range r.Cells {
		if at := slices.Index(columns, slices.Concat(r.Cells[i].By, []string{""})[0]); at > 0 && r.Cells[i].Key[0] == "v0" {
			r.Cells[i].Within = []Within{{Column: columns[at-1], Value: "v0"}}
		}
	}
	expect(t, only(joint(r), MeasurePeople), "wide: groups by age, city, role, store and 1 more, people: has too many combinations to check")
}
