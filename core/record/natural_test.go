package record

import "testing"

func TestCompareNatural(t *testing.T) {
	sorted := []string{"", "0", "02", "2", "9", "10", "2025-q4", "2026-Q1", "2026-q1", "2026-q3", "2026-q10", "99999999999999999999998", "99999999999999999999999", "wave 2", "wave 10", "wave b"}
	for i, a := range sorted {
		for j, b := range sorted {
			got := CompareNatural(a, b)
			if got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("CompareNatural(%q, %q) = %d", a, b, got)
			}
		}
	}
}
