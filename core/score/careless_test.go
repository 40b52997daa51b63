package score

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/stats"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// TestCarelessAgreesWithR compares counts of 2,800 respondents with those that
// R has of them.
func TestCarelessAgreesWithR(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(cases, "bfi.csv"))
	if err != nil {
		t.Skip("reference data is not here")
	}
	raw, err := os.ReadFile(filepath.Join(cases, "bfi.expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Careless struct {
			AtLeast8 int64   `json:"n_longstring_ge_8"`
			IRV      float64 `json:"mean_irv"`
		}
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	in := open(t, "bfi")
	opt := Options{Instrument: in, LongRun: 8, Workers: 2, By: [][]string{{"gender"}}}
	opt.Reading.Block = 10_000
	a := score(t, opt, source("bfi.csv", data))[0]
	got := NewScorer(in, instrument.AvailableMean).Careless(a.Whole, 8)
	if *got.LongRuns != want.Careless.AtLeast8 || *got.LongRuns != 24 || *got.LongestRun != 25 || got.LongRun != 8 {
		t.Errorf("%d runs of 8 or more, the longest of %d; want %d, the longest of 25", *got.LongRuns, *got.LongestRun, want.Careless.AtLeast8)
	}
	if math.Abs(*got.MeanIRV-want.Careless.IRV) > 1e-10 {
		t.Errorf("mean SD %.17g, want %.17g", *got.MeanIRV, want.Careless.IRV)
	}
	// On request they are left out, and still counted.
	opt.ExcludeCareless = true
	without := score(t, opt, source("bfi.csv", data))[0]
	left := NewScorer(in, instrument.AvailableMean).Careless(without.Whole, 8)
	if without.Excluded != 24 || without.Total.N != a.Total.N-24 || without.Rows != a.Rows || *left.LongRuns != 24 || *left.LongestRun != 25 {
		t.Errorf("%d left out of %d, %d counted; %d runs, the longest of %d", without.Excluded, without.Rows, without.Total.N, *left.LongRuns, *left.LongestRun)
	}
}

// TestLongestRun compares with looking at every answer.
func TestLongestRun(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 25))
	for range 20_000 {
		row := make([]int32, random.IntN(30))
		same := random.IntN(100)
		for i := range row {
			switch {
			case i > 0 && random.IntN(100) < same:
				row[i] = row[i-1]
			case random.IntN(5) == 0:
				row[i] = survey.Missing
			default:
				row[i] = random.Int32N(3)
			}
		}
		want := int32(0)
		for i := range row {
			for j := i; j < len(row) && row[j] == row[i] && row[i] != survey.Missing; j++ {
				want = max(want, int32(j-i+1))
			}
		}
		if got := stats.LongestRun(row, survey.Missing, 0); got != int(want) {
			t.Fatalf("%v: %d, want %d", row, got, want)
		}
		for floor := range int32(32) {
			got := int32(stats.LongestRun(row, survey.Missing, int(floor)))
			if want > floor && got != want || want <= floor && got > floor {
				t.Fatalf("%v from %d: %d, want %d", row, floor, got, want)
			}
		}
	}
}

func TestDefaultLongRun(t *testing.T) {
	for _, tt := range []struct{ items, want int }{{1, 6}, {11, 6}, {12, 6}, {13, 7}, {42, 21}} {
		in := &instrument.Instrument{Dimensions: []instrument.Dimension{{Items: make([]instrument.Item, tt.items)}}, Outcomes: make([]instrument.Item, 20)}
		if got := DefaultLongRun(in); got != tt.want {
			t.Errorf("%d items: %d, want %d", tt.items, got, tt.want)
		}
	}
}

// An instrument with decimals says nothing of runs, and one with several ranges
// nothing of SDs.
func TestCarelessWhereItMeansNothing(t *testing.T) {
	in := small()
	in.Dimensions[1].Items[0].Scale.Max, in.Dimensions[1].Items[1].Scale.Max = 7, 7
	a := score(t, Options{Instrument: in, LongRun: 3}, source("s.csv", []byte("x1,x2,y1,y2\n3,3,3,3\n")))[0]
	if got := NewScorer(in, instrument.AvailableMean).Careless(a.Whole, 3); got.MeanIRV != nil || *got.LongRuns != 1 || *got.LongestRun != 4 {
		t.Errorf("several ranges: %+v", got)
	}
	in.Dimensions[1].Items[0].Continuous = true
	a = score(t, Options{Instrument: in, LongRun: 3, ExcludeCareless: true}, source("s.csv", []byte("x1,x2,y1,y2\n3,3,3,3\n")))[0]
	if got := NewScorer(in, instrument.AvailableMean).Careless(a.Whole, 3); got != nil || a.Excluded != 0 || a.Total.N != 1 {
		t.Errorf("decimals: %+v, %d left out", got, a.Excluded)
	}
}
