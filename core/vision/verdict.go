package vision

import (
	"cmp"
	"math"
	"slices"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/record"
)

// reasonsShown is how many reasons of a part are told, and worthTelling how many
// points one must have moved it.
const (
	reasonsShown = 4
	worthTelling = 2.0
)

// verdict judges a statement by its facts. The findings are given with the
// reasons they show.
func verdict(f *Facts, findings []lint.Diagnostic) *record.Verdict {
	v := &record.Verdict{}
	overall := 0.0
	for p := range parts {
		score, reasons := judge(p, f)
		score = math.Round(10*min(100, max(0, score))) / 10
		switch p {
		case Simple:
			v.Simple = score
		case Concrete:
			v.Concrete = score
		case True:
			v.True = score
		case Credible:
			v.Credible = score
		}
		overall += weightOf[p] * score
		for _, r := range reasons {
			if r.Points < 0 {
				r.Findings = showing(r.Rule, findings)
			} else {
				r.Rule = "" // its findings would show the opposite
			}
			v.Reasons = append(v.Reasons, r)
		}
	}
	v.Overall = math.Round(10*overall) / 10
	return v
}

// judge gives a part of the verdict, which may be out of 0-100, and what moved it
// most from where the public corpus stands on average.
func judge(p Part, f *Facts) (score float64, reasons []record.Reason) {
	m := &models[p]
	score = m.Usual
	for i := range m.Weights {
		w := &m.Weights[i]
		points := w.points(p, f)
		score += points
		told := record.Reason{Part: p.String(), Points: math.Round(10*points) / 10, Text: w.Text, Rule: w.Rule}
		if points < 0 {
			told.Text = w.Against
		}
		reasons = append(reasons, told)
	}
	if p == True && f.Known != nil {
		for _, r := range f.Known.judge(f) {
			score += r.Points
			reasons = append(reasons, r)
		}
	}
	slices.SortStableFunc(reasons, func(a, b record.Reason) int { return -cmp.Compare(math.Abs(a.Points), math.Abs(b.Points)) })
	reasons = slices.DeleteFunc(reasons, func(r record.Reason) bool { return math.Abs(r.Points) < worthTelling })
	return score, reasons[:min(reasonsShown, len(reasons))]
}

// showing gives the indexes of the findings of a rule.
func showing(rule string, findings []lint.Diagnostic) []int {
	var at []int
	for i, d := range findings {
		if rule != "" && d.Rule.ID == rule {
			at = append(at, i)
		}
	}
	return at
}
