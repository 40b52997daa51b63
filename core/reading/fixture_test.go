package reading

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

func ptr[T any](v T) *T { return &v }

// near reports whether two figures agree to nine digits: expected values come
// from R, whose t quantiles are good to some twelve.
func near(got, want float64) bool {
	return math.Abs(got-want) <= 1e-9*max(math.Abs(want), 1e-6)
}

// dimension makes the figures of scores on a scale from 1 to 5.
func dimension(id string, scores ...float64) record.Dimension {
	n := int64(len(scores))
	mean, squares := 0.0, 0.0
	for _, x := range scores {
		mean += x / float64(n)
	}
	for _, x := range scores {
		squares += (x - mean) * (x - mean)
	}
	sd := math.Sqrt(squares / float64(n-1))
	half := 2 * sd / math.Sqrt(float64(n))
	return record.Dimension{ID: id, N: &n, Mean: &mean, SD: &sd, Percent: ptr(25 * (mean - 1)),
		CI: &record.Interval{Level: 0.95, Low: mean - half, High: mean + half}}
}

// exactly makes figures of a dimension by hand.
func exactly(id string, n int64, percent, sd float64) record.Dimension {
	return record.Dimension{ID: id, N: &n, Mean: ptr(1 + percent/25), SD: &sd, Percent: &percent}
}

func site(key string, dims ...record.Dimension) record.Group {
	g := record.Group{By: []string{"site"}, Key: []string{key}, N: dims[0].N, Dimensions: dims}
	index := 0.0
	for _, d := range dims {
		if d.Percent == nil {
			return g
		}
		index += *d.Percent / float64(len(dims))
	}
	g.Index = &index
	return g
}

// instrument has two dimensions, care and tempo, with two items each.
func instrument() record.Instrument {
	items := func(id string) []record.ItemText {
		return []record.ItemText{{ID: id + "-1", Text: "We do " + id + "."}, {ID: id + "-2", Text: "We talk of " + id + "."}}
	}
	return record.Instrument{
		ID: "x", Version: "1", Title: "X", Direction: "high-is-good", Scale: &record.Scale{Min: 1, Max: 5}, WeakBelow: 50,
		Bands:      []record.Band{{At: 0, Name: "Weak"}, {At: 50, Name: "Mixed"}, {At: 80, Name: "Strong"}},
		Dimensions: []record.DimensionText{{ID: "care", Title: "Care", Items: items("care")}, {ID: "tempo", Title: "Tempo", Items: items("tempo")}},
		Outcomes:   []record.ItemText{{ID: "stay", Text: "I would stay."}},
	}
}

// sites is the data that the values from R in these tests are of: scores of
// three sites, and people and cells that must not take part.
func sites() record.AssessmentBody {
	return record.AssessmentBody{
		Instrument: instrument(), Wave: "2026-q3", N: ptr(int64(40)),
		Method:     record.Method{Missing: "min_half", MinGroup: 5, Confidence: 0.95},
		Dimensions: []record.Dimension{exactly("care", 40, 56, 1.1), exactly("tempo", 40, 53, 0.4)},
		Groups: []record.Group{
			site("", exactly("care", 8, 1, 0.1), exactly("tempo", 8, 99, 0.1)),
			site("Bar", dimension("care", 4.2, 4.6, 3.8, 5, 4.4, 4, 4.8, 4.2, 3.6, 4.6), dimension("tempo", 3, 3.4, 2.6, 3.2, 2.8, 3.6, 3, 2.4, 3.4, 3)),
			site("Desk", dimension("care", 3.4, 2.8, 3.2, 3.8, 3, 3.6, 2.6, 3.2), dimension("tempo", 3.2, 3, 2.6, 3.8, 3.4, 2.8, 3.2, 3)),
			{By: []string{"site"}, Key: []string{"Hall"}, Withheld: true, Index: ptr(1.0), Dimensions: []record.Dimension{exactly("care", 9, 1, 0.1)}},
			site("Pool", record.Dimension{ID: "care", Withheld: true, N: ptr(int64(9)), Mean: ptr(1.0), SD: ptr(0.1), Percent: ptr(0.0)},
				record.Dimension{ID: "tempo", N: ptr(int64(9)), Mean: ptr(5.0), Percent: ptr(100.0)}),
			site("Spa", dimension("care", 1.8, 2.4, 2.2, 1.6, 3, 2, 2.6, 1.4, 2.2), dimension("tempo", 3.4, 3.8, 3, 4.2, 3.6, 3.2, 3.8, 3.4, 3)),
		},
	}
}

// text is v as JSON, to compare what can't be compared otherwise.
func text(t testing.TB, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
