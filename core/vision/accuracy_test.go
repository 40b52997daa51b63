package vision

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/lint"
)

// These name other files to measure: go test ./core/vision -run Accuracy -v
// -rated FILE -judged FILE. A rated file has the columns of two readers (see
// readRated); a judged one the columns text and judgement, good or bad.
var (
	ratedFile  = flag.String("rated", "", "measure on these rated statements, with the weights as they are")
	judgedFile = flag.String("judged", "", "measure on these statements with a published judgment")
)

// sharedJudged is where the statements with a published judgment lie.
const sharedJudged = "../../../shared/statements.tsv"

// Bars under which the judge is not good enough, by rating: simple, concrete,
// credible, overall.
var bars = [4]float64{.75, .60, .60, .65}

// TestAccuracy measures the verdict against readers. On the statements that the
// weights are fitted to, each is judged by weights that were fitted without it.
func TestAccuracy(t *testing.T) {
	var all []rated
	var got [][4]float64
	if *ratedFile != "" {
		all = readRated(t, *ratedFile)
		for _, r := range all {
			got = append(got, scores(&models, r.facts))
		}
	} else {
		all = readRated(t, sharedRatings)
		got = crossValidated(all, 1)
	}
	t.Logf("%d statements", len(all))
	for k, name := range ratings {
		var ours, mean, one, two []float64
		for i, r := range all {
			ours, mean = append(ours, got[i][k]), append(mean, r.mean[k])
			one, two = append(one, r.readers[0][k]), append(two, r.readers[1][k])
		}
		rho := spearman(ours, mean)
		low, high := bootstrap(len(all), func(at []int) float64 { return spearman(pick(ours, at), pick(mean, at)) })
		t.Logf("%-9s rank correlation with the readers' mean %.2f (95%% interval %.2f to %.2f); the readers with each other %.2f; Gunning Fog %.2f; words %.2f",
			name, rho, low, high, spearman(one, two), spearman(feature1(all, fog), mean), spearman(feature1(all, length), mean))
		if rho < bars[k] {
			t.Errorf("%s: %.2f is under %.2f", name, rho, bars[k])
		}
	}
	good, bad := []float64{}, []float64{}
	for i, r := range all {
		switch r.verdicts {
		case [2]string{"good", "good"}:
			good = append(good, got[i][3])
		case [2]string{"bad", "bad"}:
			bad = append(bad, got[i][3])
		}
	}
	checkHalves(t, good, bad)
	checkWarnings(t, all)
}

// feature1 gives a feature of each statement, turned so that less is better.
func feature1(all []rated, f feature) []float64 {
	var out []float64
	for _, r := range all {
		out = append(out, -features[f].Value(r.facts))
	}
	return out
}

// checkHalves measures how well good statements are told from bad ones.
func checkHalves(t *testing.T, good, bad []float64) {
	t.Helper()
	area := auc(good, bad)
	above, below := 0, 0
	for _, x := range bad {
		if x > 50 {
			above++
		}
	}
	for _, x := range good {
		if x < 50 {
			below++
		}
	}
	t.Logf("%d that both readers call good against %d that both call bad: AUC %.3f; bad ones above 50: %s; good ones below 50: %s",
		len(good), len(bad), area, share(above, len(bad)), share(below, len(good)))
	if area < .92 {
		t.Errorf("AUC %.3f is under .92", area)
	}
	if 100*above > 15*len(bad) || 100*below > 25*len(good) {
		t.Error("50 does not part good from bad")
	}
}

// checkWarnings measures how many statements have a warning.
func checkWarnings(t *testing.T, all []rated) {
	t.Helper()
	rules := Rules()
	var warned, total [2]int
	for _, r := range all {
		group := slices.Index([]string{"good", "bad"}, r.verdicts[0])
		if group < 0 || r.verdicts[0] != r.verdicts[1] {
			continue
		}
		total[group]++
		result := Judge(Statement{ID: r.id, Text: r.text}, Options{Rules: rules}).Result
		if slices.ContainsFunc(result.Diagnostics, func(d lint.Diagnostic) bool { return d.Severity >= lint.Warning }) {
			warned[group]++
		} else if group == 1 {
			t.Logf("bad without a warning: %s", r.text)
		}
	}
	t.Logf("with a warning: %s of the good, %s of the bad", share(warned[0], total[0]), share(warned[1], total[1]))
	if 100*warned[0] > 40*total[0] || 10*warned[1] < 9*total[1] {
		t.Error("warnings do not tell good from bad")
	}
}

// TestAccuracyOnPublishedJudgments measures the verdict against what somebody has
// published about a statement.
func TestAccuracyOnPublishedJudgments(t *testing.T) {
	file := sharedJudged
	if *judgedFile != "" {
		file = *judgedFile
	}
	var good, bad, goodFog, badFog []float64
	for _, row := range readTable(t, file) {
		f := factsOf(strings.TrimSuffix(row["text"], ".") + ".")
		s := scores(&models, f)[3]
		if row["judgement"] == "good" {
			good, goodFog = append(good, s), append(goodFog, -f.fog())
		} else {
			bad, badFog = append(bad, s), append(badFog, -f.fog())
		}
	}
	both := slices.Concat(good, bad)
	low, high := bootstrap(len(both), func(at []int) float64 {
		var g, b []float64
		for _, i := range at {
			if i < len(good) {
				g = append(g, both[i])
			} else {
				b = append(b, both[i])
			}
		}
		return auc(g, b)
	})
	area := auc(good, bad)
	t.Logf("%d good and %d bad by published judgment: AUC %.2f (95%% interval %.2f to %.2f); Gunning Fog %.2f", len(good), len(bad), area, low, high, auc(goodFog, badFog))
	if area < .75 {
		t.Errorf("AUC %.2f is under .75", area)
	}
}

// bootstrap gives the percentile interval of a figure over resampled statements,
// 2.5 % to 97.5 % (Efron 1979), from a fixed seed.
func bootstrap(n int, figure func(at []int) float64) (low, high float64) {
	const samples = 1000
	random := rand.New(rand.NewPCG(7, 7))
	var all []float64
	for range samples {
		at := make([]int, n)
		for i := range at {
			at[i] = random.IntN(n)
		}
		if x := figure(at); x == x {
			all = append(all, x)
		}
	}
	slices.Sort(all)
	return all[len(all)*25/1000], all[len(all)*975/1000]
}

func pick(x []float64, at []int) []float64 {
	out := make([]float64, len(at))
	for i, j := range at {
		out[i] = x[j]
	}
	return out
}

func share(n, of int) string {
	if of == 0 {
		return "none of 0"
	}
	return fmt.Sprintf("%d of %d (%.0f %%)", n, of, 100*float64(n)/float64(of))
}
