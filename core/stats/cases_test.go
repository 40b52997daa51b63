package stats

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The cases are public survey data with figures by R's psych and multilevel.
const cases = "../../../shared/cases/"

type caseFile struct {
	Scales map[string]caseScale                       // bfi
	Scale  *caseScale                                 // cohesion
	Groups map[string]map[string]map[string]caseScore // column, scale, value

	Favorable map[string]struct{ Fav, Unfav caseShare } `json:"favourable_1to5"`
	Sets      map[string]struct{ Scale caseScale }      // lq2002
}

type caseScale struct {
	Items    []string
	Min, Max int64
	Alpha    struct {
		Pairwise, Complete struct{ Raw, Std float64 }
	}
	Stats map[string]struct {
		N                  int64
		Mean, SD           float64
		RestPairwise       float64 `json:"item_rest_r_pairwise"`
		RestComplete       float64 `json:"item_rest_r_complete"`
		DroppedPairwise    float64 `json:"raw_alpha_if_dropped_pairwise"`
		DroppedStd         float64 `json:"std_alpha_if_dropped_pairwise"`
		DroppedRawListwise float64 `json:"raw_alpha_if_dropped_complete"`
	} `json:"items_stats"`
	Scores map[string]caseScore
}

type caseScore struct {
	N                int64
	Mean, SD, Lo, Hi float64
}

type caseShare struct {
	K, N      int64
	P, Lo, Hi float64
}

func loadCase(t *testing.T, name string) (want caseFile, header []string, rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(cases + name + ".expected.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no reference case at %s%s.expected.json; testdata/survey.tsv stands in for it", cases, name)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	header, rows, ok := table(t, cases+name+".csv")
	if !ok {
		t.Fatalf("%s.csv is missing beside its expected figures", name)
	}
	return want, header, rows
}

// collectScale makes the sums of one scale over the rows that keep says.
func collectScale(t *testing.T, scale caseScale, header []string, rows [][]string, keep func([]string) bool) *sums {
	t.Helper()
	s := newSums(len(scale.Items))
	for _, r := range rows {
		if !keep(r) {
			continue
		}
		row := make([]int64, len(scale.Items))
		for j, item := range scale.Items {
			id, reversed := strings.CutPrefix(item, "-")
			row[j] = answer(t, r[slices.Index(header, id)])
			if reversed && row[j] != missing {
				row[j] = scale.Min + scale.Max - row[j]
			}
		}
		s.add(row)
	}
	return s
}

func everyone([]string) bool { return true }

func same(t *testing.T, name string, got float64, why Undefined, want float64) {
	t.Helper()
	// The expected figures have 15 digits.
	if why != "" || !(apart(got, want) <= 1e-12) {
		t.Errorf("%s = %.17g (%s), want %.15g", name, got, why, want)
	}
}

func checkScore(t *testing.T, name string, n int64, s interface {
	Mean() (float64, Undefined)
	SD() (float64, Undefined)
}, want caseScore) {
	t.Helper()
	if n != want.N {
		t.Errorf("%s: n = %d, want %d", name, n, want.N)
	}
	mean, why := s.Mean()
	same(t, name+" mean", mean, why, want.Mean)
	sd, why := s.SD()
	same(t, name+" sd", sd, why, want.SD)
	ci, why := MeanInterval(mean, sd, n, 0.95)
	same(t, name+" lo", ci.Low, why, want.Lo)
	same(t, name+" hi", ci.High, why, want.Hi)
}

func checkScale(t *testing.T, name string, scale caseScale, header []string, rows [][]string) {
	t.Helper()
	s := collectScale(t, scale, header, rows, everyone)
	k := len(scale.Items)
	for policy, least := range map[string]int{
		"available_mean": 1, "min_half": (k + 1) / 2, "min_80pct": (4*k + 4) / 5, "complete_only": k,
	} {
		kept := s.scores.AtLeast(least)
		checkScore(t, name+" "+policy, kept.N(), kept, scale.Scores[policy])
	}
	checkScore(t, name+" item_mean_imputed", s.respondents, s.imputed(t, false), scale.Scores["item_mean_imputed"])
	checkScore(t, name+" item_median_imputed", s.respondents, s.imputed(t, true), scale.Scores["item_median_imputed"])

	pairwise, why := Covariances(s.items, s.pairs)
	if why != "" {
		t.Fatal(why)
	}
	complete, why := Covariances(s.completeItems, s.completePairs)
	if why != "" {
		t.Fatal(why)
	}
	figure := func(what string, f func(Symmetric) (float64, Undefined), m Symmetric, want float64) {
		t.Helper()
		v, why := f(m)
		same(t, name+" "+what, v, why, want)
	}
	figure("raw alpha", RawAlpha, pairwise, scale.Alpha.Pairwise.Raw)
	figure("standardized alpha", StandardizedAlpha, pairwise, scale.Alpha.Pairwise.Std)
	figure("complete raw alpha", RawAlpha, complete, scale.Alpha.Complete.Raw)
	figure("complete standardized alpha", StandardizedAlpha, complete, scale.Alpha.Complete.Std)
	for j, id := range scale.Items {
		id = strings.TrimPrefix(id, "-")
		want, m := scale.Stats[id], s.items[j]
		if m.N != want.N {
			t.Errorf("%s: n = %d, want %d", id, m.N, want.N)
		}
		mean, why := m.Mean()
		same(t, id+" mean", mean, why, want.Mean)
		sd, why := m.SD()
		same(t, id+" sd", sd, why, want.SD)
		rest := func(m Symmetric) (float64, Undefined) { return ItemRest(m, j) }
		figure(id+" item-rest", rest, pairwise, want.RestPairwise)
		figure(id+" complete item-rest", rest, complete, want.RestComplete)
		figure(id+" dropped", RawAlpha, pairwise.Without(j), want.DroppedPairwise)
		figure(id+" dropped standardized", StandardizedAlpha, pairwise.Without(j), want.DroppedStd)
		figure(id+" complete dropped", RawAlpha, complete.Without(j), want.DroppedRawListwise)
	}
}

func TestBFI(t *testing.T) {
	want, header, rows := loadCase(t, "bfi")
	if len(want.Scales) != 5 || len(want.Groups) != 2 {
		t.Fatalf("%d scales, %d groupings; want 5 and 2", len(want.Scales), len(want.Groups))
	}
	for name, scale := range want.Scales {
		checkScale(t, name, scale, header, rows)
	}
	for column, scales := range want.Groups {
		at := slices.Index(header, column)
		for name, values := range scales {
			for value, score := range values {
				s := collectScale(t, want.Scales[name], header, rows, func(r []string) bool { return r[at] == value })
				checkScore(t, name+" of "+column+" "+value, s.scores.N(), s.scores, score)
			}
		}
	}
}

func TestCohesion(t *testing.T) {
	want, header, rows := loadCase(t, "cohesion")
	checkScale(t, "cohesion", *want.Scale, header, rows)
}

func TestLQ2002(t *testing.T) {
	want, header, rows := loadCase(t, "lq2002")
	if len(want.Sets) != 3 || len(want.Favorable) == 0 {
		t.Fatalf("%d sets, %d items with shares; want 3 and some", len(want.Sets), len(want.Favorable))
	}
	for name, set := range want.Sets {
		checkScale(t, name, set.Scale, header, rows)
	}
	for item, w := range want.Favorable {
		for which, share := range map[string]caseShare{"favorable": w.Fav, "unfavorable": w.Unfav} {
			ci, why := Wilson(share.K, share.N, 0.95)
			name := item + " " + which + " of " + strconv.FormatInt(share.N, 10)
			same(t, name+" low", ci.Low, why, share.Lo)
			same(t, name+" high", ci.High, why, share.Hi)
		}
	}
}
