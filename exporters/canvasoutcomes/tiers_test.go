package canvasoutcomes

import (
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

func TestTiers(t *testing.T) {
	bands := []record.Band{{At: 0, Name: "Low"}, {At: 40, Name: "Fair"}, {At: 75, Name: "High"}}
	for name, c := range map[string]struct {
		in      record.Instrument
		tiers   []tier
		mastery int
	}{
		"high is good": {record.Instrument{Direction: "high-is-good", WeakBelow: 60, Bands: bands}, []tier{{75, "High"}, {40, "Fair"}, {0, "Low"}}, 60},
		// From 0 to 40 percent is the best: from the good end it begins at 100 - 40.
		"high is bad":              {record.Instrument{Direction: "high-is-bad", WeakBelow: 60, Bands: bands}, []tier{{60, "Low"}, {25, "Fair"}, {0, "High"}}, 60},
		"no bands":                 {record.Instrument{Direction: "high-is-good", WeakBelow: 60}, []tier{{80, "Strong"}, {60, "Good"}, {0, "Not there yet"}}, 60},
		"no bands, high is bad":    {record.Instrument{Direction: "high-is-bad", WeakBelow: 70}, []tier{{85, "Strong"}, {70, "Good"}, {0, "Not there yet"}}, 70},
		"nothing is weak":          {record.Instrument{Direction: "high-is-good"}, []tier{{80, "Strong"}, {60, "Good"}, {0, "Not there yet"}}, 60},
		"everything is weak":       {record.Instrument{Direction: "high-is-good", WeakBelow: 100}, []tier{{80, "Strong"}, {60, "Good"}, {0, "Not there yet"}}, 60},
		"nearly everything":        {record.Instrument{Direction: "high-is-good", WeakBelow: 99}, []tier{{100, "Strong"}, {99, "Good"}, {0, "Not there yet"}}, 99},
		"one band":                 {record.Instrument{Direction: "high-is-good", WeakBelow: 50, Bands: bands[:1]}, []tier{{75, "Strong"}, {50, "Good"}, {0, "Not there yet"}}, 50},
		"bands end below the mark": {record.Instrument{Direction: "high-is-good", WeakBelow: 60, Bands: bands[:2]}, []tier{{60, "Fair"}, {0, "Low"}}, 60},
		"fractions":                {record.Instrument{Direction: "high-is-good", WeakBelow: 66.6, Bands: []record.Band{{At: 0, Name: "a"}, {At: 33.3, Name: "b"}, {At: 33.4, Name: "c"}, {At: 66.7, Name: "d"}}}, []tier{{67, "d"}, {33, "b"}, {0, "a"}}, 67},
	} {
		tiers, mastery := ofDimension(&c.in)
		if !slices.Equal(tiers, c.tiers) || mastery != c.mastery {
			t.Errorf("%s: %v mastered from %d, want %v from %d", name, tiers, mastery, c.tiers, c.mastery)
		}
	}
}
