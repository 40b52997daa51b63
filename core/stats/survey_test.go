package stats

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"
)

// missing marks an answer that was not given in the rows of these tests.
const missing = int64(-1 << 62)

// sums is what one pass over the answers to one dimension collects.
type sums struct {
	respondents   int64
	items         []Moments
	pairs         []PairSums
	completeItems []Moments
	completePairs []PairSums
	scores        ScoreSums
	counts        [][]int64 // of the answers 0 to 9 to each item
	favorable     []int64   // answers of 4 or more to each item
	pooled        ShareSums
}

func newSums(k int) *sums {
	s := &sums{
		items: make([]Moments, k), completeItems: make([]Moments, k),
		pairs: make([]PairSums, k*(k-1)/2), completePairs: make([]PairSums, k*(k-1)/2),
		scores: NewScoreSums(k), counts: make([][]int64, k), favorable: make([]int64, k),
	}
	for j := range s.counts {
		s.counts[j] = make([]int64, 10)
	}
	return s
}

func (s *sums) add(row []int64) {
	s.respondents++
	var m, favorable int
	var total int64
	for j, x := range row {
		if x == missing {
			continue
		}
		m++
		total += x
		s.items[j].Add(x)
		s.counts[j][x]++
		if x >= 4 {
			favorable++
			s.favorable[j]++
		}
		for i, w := range row[:j] {
			if w != missing {
				s.pairs[PairIndex(i, j)].Add(w, x)
			}
		}
	}
	s.scores.Add(m, total)
	s.pooled.Add(int64(favorable), int64(m))
	if m < len(row) {
		return
	}
	for j, x := range row {
		s.completeItems[j].Add(x)
		for i, w := range row[:j] {
			s.completePairs[PairIndex(i, j)].Add(w, x)
		}
	}
}

func (s *sums) plus(o *sums) *sums {
	both := newSums(len(s.items))
	both.respondents = s.respondents + o.respondents
	for j := range s.items {
		both.items[j] = s.items[j].Plus(o.items[j])
		both.completeItems[j] = s.completeItems[j].Plus(o.completeItems[j])
		both.favorable[j] = s.favorable[j] + o.favorable[j]
		for x := range both.counts[j] {
			both.counts[j][x] = s.counts[j][x] + o.counts[j][x]
		}
	}
	for p := range s.pairs {
		both.pairs[p] = s.pairs[p].Plus(o.pairs[p])
		both.completePairs[p] = s.completePairs[p].Plus(o.completePairs[p])
	}
	both.scores = s.scores.Plus(o.scores)
	both.pooled = s.pooled.Plus(o.pooled)
	return both
}

// imputed fills missing answers with the items' means or medians.
func (s *sums) imputed(t testing.TB, median bool) ImputedScores {
	t.Helper()
	im := ImputedScores{Respondents: s.respondents, Items: s.items, Pairs: s.pairs}
	for j, m := range s.items {
		fill := Ratio{m.Sum, m.N}
		if median {
			var why Undefined
			if fill, why = Median(0, s.counts[j]); why != "" {
				t.Fatal(why)
			}
		}
		im.Fill = append(im.Fill, fill)
	}
	return im
}

// table reads a CSV file with a header; it reports false when there is none.
func table(t testing.TB, path string) (header []string, rows [][]string, ok bool) {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, false
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[0], lines[1:], true
}

func answer(t testing.TB, s string) int64 {
	t.Helper()
	if s == "" {
		return missing
	}
	x, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// fixture reads the answers of testdata and R's figures for them.
func fixture(t testing.TB) (answers [][]int64, want map[string]float64) {
	t.Helper()
	_, rows, ok := table(t, "testdata/answers.csv")
	if !ok {
		t.Fatal("testdata/answers.csv is missing")
	}
	for _, r := range rows {
		row := make([]int64, len(r))
		for j, s := range r {
			row[j] = answer(t, s)
		}
		answers = append(answers, row)
	}
	text, err := os.ReadFile("testdata/survey.tsv")
	if err != nil {
		t.Fatal(err)
	}
	want = map[string]float64{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "\t")
		want[name] = number(t, value)
	}
	return answers, want
}

func collect(answers [][]int64) *sums {
	s := newSums(len(answers[0]))
	for _, row := range answers {
		s.add(row)
	}
	return s
}

// checker compares figures with R's by name, each name once.
type checker struct {
	t         testing.TB
	want      map[string]float64
	tolerance float64
}

func (c *checker) value(name string, got float64, why Undefined) {
	c.t.Helper()
	want, ok := c.want[name]
	switch {
	case !ok:
		c.t.Errorf("%s: no reference value", name)
	case why != "":
		c.t.Errorf("%s is undefined: %s", name, why)
	case !(apart(got, want) <= c.tolerance):
		c.t.Errorf("%s = %.17g, want %.17g", name, got, want)
	}
	delete(c.want, name)
}

func TestFixtureAgainstR(t *testing.T) {
	answers, want := fixture(t)
	s := collect(answers)
	c := &checker{t, want, 1e-13}
	for j, m := range s.items {
		name := "item." + strconv.Itoa(j+1)
		mean, why := m.Mean()
		c.value(name+".mean", mean, why)
		sd, why := m.SD()
		c.value(name+".sd", sd, why)
		median, why := Median(0, s.counts[j])
		if why != "" {
			t.Error(why)
		}
		v, why := median.Float64()
		c.value(name+".median", v, why)
		ci, why := Wilson(s.favorable[j], m.N, 0.95)
		c.value("favorable."+strconv.Itoa(j+1)+".low", ci.Low, why)
		c.value("favorable."+strconv.Itoa(j+1)+".high", ci.High, why)
	}
	for m := 1; m <= 4; m++ {
		kept := s.scores.AtLeast(m)
		c.scores("score."+strconv.Itoa(m), kept.N(), kept)
	}
	c.scores("score.mean", s.respondents, s.imputed(t, false))
	c.scores("score.median", s.respondents, s.imputed(t, true))
	c.reliability("pairwise", s.items, s.pairs)
	c.reliability("complete", s.completeItems, s.completePairs)

	share, why := s.pooled.Share()
	c.value("pooled.share", share, why)
	delete(want, "pooled.variance")
	c.tolerance = 1e-9 // R's root finder
	ci, why := s.pooled.Interval(0.95)
	c.value("pooled.low", ci.Low, why)
	c.value("pooled.high", ci.High, why)
	for name := range want {
		t.Errorf("nothing was compared with %s", name)
	}
}

func (c *checker) scores(name string, n int64, s interface {
	Mean() (float64, Undefined)
	SD() (float64, Undefined)
}) {
	c.t.Helper()
	c.value(name+".n", float64(n), "")
	mean, why := s.Mean()
	c.value(name+".mean", mean, why)
	sd, why := s.SD()
	c.value(name+".sd", sd, why)
	ci, why := MeanInterval(mean, sd, n, 0.9)
	c.value(name+".low90", ci.Low, why)
	c.value(name+".high90", ci.High, why)
}

func (c *checker) reliability(name string, items []Moments, pairs []PairSums) {
	c.t.Helper()
	m, why := Covariances(items, pairs)
	if why != "" {
		c.t.Fatalf("%s: %s", name, why)
	}
	for i := range items {
		for j := range i + 1 {
			c.value(name+".cov."+strconv.Itoa(i+1)+"."+strconv.Itoa(j+1), m.At(i, j), "")
		}
	}
	raw, why := RawAlpha(m)
	c.value(name+".raw", raw, why)
	std, why := StandardizedAlpha(m)
	c.value(name+".std", std, why)
	for i := range items {
		r, why := ItemRest(m, i)
		c.value(name+".rest."+strconv.Itoa(i+1), r, why)
		dropped, why := RawAlpha(m.Without(i))
		c.value(name+".dropped."+strconv.Itoa(i+1), dropped, why)
	}
}
