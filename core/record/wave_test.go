package record

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestWavesInTheOrderOfTime(t *testing.T) {
	for _, sorted := range [][]string{
		{"Q3 2025", "Q4 2025", "Q1 2026"},
		{"2025-q4", "2026-q1", "2026-q3", "2026-q10 extra"},
		{"Spring 2025", "Autumn 2025", "Spring 2026"},
		{"Nov 2025", "December 2025", "Jan 2026", "Sept 2026"},
		{"2025", "FY 2026", "2027"},
		{"12/2025", "1/2026", "03/2026"},
		{"2026-03-31", "2026-04-01", "2026-12-24"},
		{"2025 H2", "H1 2026"},
		{"wave 1", "wave 2", "wave 10"},
		{"1st quarter 2026", "2nd quarter 2026"},
	} {
		mixed := slices.Clone(sorted)
		for range 20 {
			rand.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
			slices.SortFunc(mixed, CompareWaves)
			if !slices.Equal(mixed, sorted) {
				t.Fatalf("got %q, want %q", mixed, sorted)
			}
		}
	}
}

func TestWavesCertain(t *testing.T) {
	for _, c := range []struct {
		a, b    string
		certain bool
	}{
		{"Q3 2025", "Q1 2026", true},
		{"2026-q1", "2026-q3", true},
		{"2025", "2026", true},
		{"wave 2", "wave 10", true},
		{"T1", "T2", true},
		{"Wave A", "wave b", true},
		{"March 2025", "Sep 2025", true},
		{"before", "after", false},
		{"Q3 25", "Q1 26", false},
		{"Winter 2025", "Spring 2025", false},
		{"2026", "2026-q1", false},
		{"baseline", "wave 2", false},
		{"3/4/2026", "4/3/2026", false},
		{"2026-q1", "pilot", false},
		{"", "2026", false},
		{"same", "same", false},
	} {
		if got := WavesCertain(c.a, c.b); got != c.certain || got != WavesCertain(c.b, c.a) {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
