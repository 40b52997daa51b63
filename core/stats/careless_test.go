package stats

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func TestLongestRun(t *testing.T) {
	const no = int32(math.MinInt32)
	for _, c := range []struct {
		row  []int32
		want int
	}{
		{nil, 0}, {[]int32{no, no}, 0}, {[]int32{4}, 1}, {[]int32{1, 2, 3}, 1},
		{[]int32{1, 2, 2, 2, 1}, 3}, {[]int32{2, 2, no, 2, 2, 2}, 3}, {[]int32{2, 2, no, 2}, 2},
		{[]int32{no, 5, 5}, 2}, {[]int32{5, 5, no}, 2}, {[]int32{3, 3, 3, 3}, 4},
	} {
		if got := LongestRun(c.row, no, 0); got != c.want {
			t.Errorf("%v: %d, want %d", c.row, got, c.want)
		}
	}
	// Any value can stand for missing.
	if got := LongestRun([]int32{0, 0, 0, 7, 7, 0, 7}, 0, 0); got != 2 {
		t.Errorf("0 as missing: %d, want 2", got)
	}
}

func TestWithinSD(t *testing.T) {
	const no = int32(-1)
	for _, c := range []struct {
		row  []int32
		want float64
		why  Undefined
	}{
		{nil, 0, FewAnswers}, {[]int32{no, 3, no}, 0, FewAnswers}, {[]int32{3, no, 3}, 0, ""},
		{[]int32{1, 3}, math.Sqrt2, ""}, {[]int32{1, no, 2, 3}, 1, ""}, {[]int32{1000000, 1000000, 999999}, math.Sqrt(1.0 / 3), ""},
	} {
		if got, why := WithinSD(c.row, no); got != c.want || why != c.why {
			t.Errorf("%v: %v %q, want %v %q", c.row, got, why, c.want, c.why)
		}
	}
}

// rowsOf gives the columns of a table as rows of answers.
func rowsOf(t *testing.T, columns []string, header []string, rows [][]string, none int32) [][]int32 {
	t.Helper()
	var all [][]int32
	for _, r := range rows {
		row := make([]int32, len(columns))
		for j, c := range columns {
			row[j] = none
			if x := answer(t, r[slices.Index(header, c)]); x != missing {
				row[j] = int32(x)
			}
		}
		all = append(all, row)
	}
	return all
}

// distances prepares the distances of those who answered everything.
func distances(t *testing.T, rows [][]int32, none int32) *Mahalanobis {
	t.Helper()
	k := len(rows[0])
	items, pairs, means := make([]Moments, k), make([]PairSums, k*(k-1)/2), make([]float64, k)
	for _, row := range rows {
		if slices.Contains(row, none) {
			continue
		}
		for j, x := range row {
			items[j].Add(int64(x))
			for i, w := range row[:j] {
				pairs[PairIndex(i, j)].Add(int64(w), int64(x))
			}
		}
	}
	for j, m := range items {
		mean, why := m.Mean()
		defined(t, why)
		means[j] = mean
	}
	c, why := Covariances(items, pairs)
	defined(t, why)
	m, why := NewMahalanobis(means, c)
	defined(t, why)
	return m
}

func TestDistancesAgainstR(t *testing.T) {
	var rows [][]int32
	lines := reference(t, "distance", 40)
	for _, l := range lines {
		var row []int32
		for _, x := range l[:6] {
			row = append(row, int32(x))
		}
		rows = append(rows, row)
	}
	m, c := distances(t, rows, 0), &closeness{t: t, tolerance: 2e-14}
	for i, row := range rows {
		d2, ok := m.Squared(row, 0)
		if !ok {
			t.Fatalf("row %d is complete", i)
		}
		sd, why := WithinSD(row, 0)
		defined(t, why)
		for j, got := range []float64{d2, ChiSquareTail(d2, 6), sd, float64(LongestRun(row, 0, 0))} {
			c.relative("distance", got, lines[i][6+j])
		}
	}
	c.log()
	rows[3][2] = 0
	if _, ok := m.Squared(rows[3], 0); ok {
		t.Error("a respondent with a missing answer has a distance")
	}
	if _, ok := m.Squared(rows[4][:5], 0); ok {
		t.Error("a row that is too short has a distance")
	}
}

func TestCarelessAnswersOfBFI(t *testing.T) {
	_, header, table := loadCase(t, "bfi")
	text, err := os.ReadFile(cases + "bfi.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Careless struct {
			Long    int     `json:"n_longstring_ge_8"`
			Longest int     `json:"max_longstring"`
			Mean    float64 `json:"mean_irv"`
			Far     int     `json:"n_mahad_p001"`
		}
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	const none = int32(-9)
	rows := rowsOf(t, header[1:26], header, table, none)
	m := distances(t, rows, none)
	long, longest, far, sum, n := 0, 0, 0, 0.0, 0.0
	for _, row := range rows {
		run := LongestRun(row, none, 0)
		longest = max(longest, run)
		if run >= 8 {
			long++
		}
		if sd, why := WithinSD(row, none); why == "" {
			sum += sd
			n++
		}
		if d2, ok := m.Squared(row, none); ok && ChiSquareTail(d2, 25) < 0.001 {
			far++
		}
	}
	w := want.Careless
	if long != w.Long || longest != w.Longest || far != w.Far || !(apart(sum/n, w.Mean) <= 1e-13) {
		t.Errorf("%d long, longest %d, %d far, mean %.15g; want %v", long, longest, far, sum/n, w)
	}
	t.Logf("mean is off by %.1e", apart(sum/n, w.Mean))
}

// A distance is the same in any order of the items, and after any of them was
// reversed.
func TestDistancesDoNotDependOnTheItems(t *testing.T) {
	r := rand.New(rand.NewPCG(1936, 1))
	for range 100 {
		k := 1 + r.IntN(8)
		rows := make([][]int32, 3*k+5)
		for i := range rows {
			rows[i] = make([]int32, k)
			for j := range rows[i] {
				rows[i][j] = 1 + r.Int32N(5)
			}
		}
		order := r.Perm(k)
		mixed := make([][]int32, len(rows))
		for i, row := range rows {
			for to, from := range order {
				x := row[from]
				if to%2 == 1 {
					x = 6 - x
				}
				mixed[i] = append(mixed[i], x)
			}
		}
		a, b := distances(t, rows, 0), distances(t, mixed, 0)
		sum := 0.0
		for i := range rows {
			x, _ := a.Squared(rows[i], 0)
			y, _ := b.Squared(mixed[i], 0)
			if !(apart(x, y) <= 1e-9) {
				t.Fatalf("%v, but %v for other items", x, y)
			}
			sum += x
		}
		// The distances of all add up to (n-1)·k.
		if want := float64((len(rows) - 1) * k); !(apart(sum, want) <= 1e-10) {
			t.Fatalf("the distances add up to %v, want %v", sum, want)
		}
	}
}

func TestUndefinedDistances(t *testing.T) {
	flat := symmetric([]float64{1}, []float64{0, 0})
	twice := symmetric([]float64{1}, []float64{1, 1})
	for name, c := range map[string]struct {
		means []float64
		m     Symmetric
		want  Undefined
	}{
		"no items":        {nil, NewSymmetric(0), FewItems},
		"too few means":   {[]float64{1}, twice, Contradiction},
		"constant item":   {[]float64{1, 2}, flat, ConstantItem},
		"same item twice": {[]float64{1, 2}, twice, Dependent},
	} {
		if m, why := NewMahalanobis(c.means, c.m); why != c.want || m != nil {
			t.Errorf("%s: %q, want %q", name, why, c.want)
		}
	}
}

func TestCarelessAnswersNeedNoMemory(t *testing.T) {
	row := []int32{1, 2, 2, 3, 5, 5}
	m, why := NewMahalanobis(make([]float64, 6), symmetric([]float64{1}, []float64{0, 1}, []float64{0, 0, 1},
		[]float64{0, 0, 0, 1}, []float64{0, 0, 0, 0, 1}, []float64{0, 0, 0, 0, 0, 1}))
	defined(t, why)
	if n := testing.AllocsPerRun(100, func() {
		sink += float64(LongestRun(row, 0, 0))
		sd, _ := WithinSD(row, 0)
		d2, _ := m.Squared(row, 0)
		sink += sd + d2
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkCareless(b *testing.B) {
	row := make([]int32, 40)
	for i := range row {
		row[i] = int32(i*i) % 5
	}
	for b.Loop() {
		sd, _ := WithinSD(row, -1)
		sink = sd + float64(LongestRun(row, -1, 0))
	}
}
