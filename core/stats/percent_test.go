package stats

import "testing"

// By hand: 4.6 on 1-5 is 90 of 100, which (4.6-1)/4·100 in floats is not.
func TestPercentIsExact(t *testing.T) {
	var m Moments
	s := NewScoreSums(2)
	for _, x := range []int64{5, 4, 5, 4, 5} {
		m.Add(x)
		s.Add(1, x)
	}
	imputed := ImputedScores{Respondents: 5, Items: []Moments{m}, Fill: []Ratio{{Whole(1), 1}}}
	for name, percent := range map[string]func(low, high int64) (float64, Undefined){
		"moments": m.Percent, "scores": s.Percent, "imputed": imputed.Percent,
	} {
		if got, why := percent(1, 5); got != 90 || why != "" {
			t.Errorf("%s: %v %s, want 90", name, got, why)
		}
		if got, why := percent(-5, 11); got != 60 || why != "" {
			t.Errorf("%s on another scale: %v %s, want 60", name, got, why)
		}
	}
	if _, why := (Moments{}).Percent(1, 5); why != NoAnswers {
		t.Errorf("without answers: %q", why)
	}
	if _, why := NewScoreSums(3).Percent(1, 5); why != NoAnswers {
		t.Errorf("without scores: %q", why)
	}
	if _, why := (ImputedScores{}).Percent(1, 5); why != NoAnswers {
		t.Errorf("without respondents: %q", why)
	}
}
