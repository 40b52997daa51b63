package score

import (
	"math"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// Where hardly anybody answered two items together, the pairwise covariance may
// be larger than both variances, and alpha beyond 1. By hand: x is 1, 5 and a
// hundred times 3, y likewise, and only two people answered both.
func TestPairwiseAlphaBeyondOne(t *testing.T) {
	s := instrument.Scale{Min: 1, Max: 5}
	in := &instrument.Instrument{ID: "p", Dimensions: []instrument.Dimension{{ID: "d", Items: []instrument.Item{
		{ID: "x", Text: "x", Scale: s}, {ID: "y", Text: "y", Scale: s}, {ID: "z", Text: "z", Scale: s},
	}}}}
	file := "x,y,z\n1,1,1\n5,5,5\n"
	for range 100 {
		file += "3,,\n,3,\n,,3\n"
	}
	total := score(t, Options{Instrument: in, Missing: instrument.AvailableMean}, source("s.csv", []byte(file)))[0].Total
	got := NewScorer(in, instrument.AvailableMean).Reliability(total, 0, true)
	if a := got.Alpha.Pairwise; a.Raw != nil || a.Standardized != nil || a.Low != nil || a.Undefined["raw"] != string(stats.Overlap) || a.Undefined["standardized"] != string(stats.Overlap) {
		t.Errorf("pairwise: %s", text(a))
	}
	// Of the two who answered everything, all is plain.
	if a := got.Alpha.Complete; a.Raw == nil || *a.Raw != 1 || *a.Standardized != 1 || *a.N != 2 {
		t.Errorf("complete: %s", text(a))
	}
	for _, it := range got.Items {
		if r := it.ItemRest; r.Pairwise != nil || r.Complete == nil || math.Abs(*r.Complete-1) > 1e-15 {
			t.Errorf("item-rest: %s", text(r))
		}
		if a := it.AlphaIfDropped; a.Pairwise != nil || a.Complete == nil || *a.Complete != 1 {
			t.Errorf("alpha if dropped: %s", text(a))
		}
	}
}

func TestFrom(t *testing.T) {
	for _, tt := range []struct {
		low, x float64
		want   float64
		why    stats.Undefined
	}{
		{-1, 0.5, 0.5, ""}, {-1, 1 + 1e-12, 1, ""}, {-1, -1 - 1e-12, -1, ""}, {-1, 1.1, 0, stats.Overlap}, {-1, -1.1, 0, stats.Overlap}, {math.Inf(-1), -40, -40, ""},
	} {
		if got, why := from(tt.low)(tt.x, ""); got != tt.want || why != tt.why {
			t.Errorf("%v from %v: %v, %q", tt.x, tt.low, got, why)
		}
	}
	if _, why := from(-1)(3, stats.FewItems); why != stats.FewItems {
		t.Errorf("got %q", why)
	}
}
