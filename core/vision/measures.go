package vision

import (
	"math"

	"github.com/firstcall-cli/firstcall/core/record"
)

// components are Pearce and David's, in the order of records.
var components = [...]string{"customers", "products", "markets", "technology", "survival", "philosophy", "self-concept", "public-image", "employees"}

// measures gives the figures of a statement.
func measures(f *Facts) record.Measures {
	m := record.Measures{Sentences: f.Counts.Sentences, Words: f.Counts.Words, LongestWords: f.Longest, Components: []string{}, Features: []record.Figure{}}
	if r, err := f.Counts.Readability(); err == nil {
		m.WordsSentence = places(float64(f.Counts.Words)/float64(f.Counts.Sentences), 2)
		m.Syllables = places(float64(f.Counts.Syllables)/float64(f.Counts.Words), 3)
		for _, set := range []struct {
			to   **float64
			from float64
		}{{&m.Flesch, r.Flesch}, {&m.FleschKincaid, r.FleschKincaid}, {&m.GunningFog, r.GunningFog}, {&m.SMOG, r.SMOG}, {&m.ARI, r.ARI}, {&m.ColemanLiau, r.ColemanLiau}, {&m.LIX, r.LIX}} {
			x := places(set.from, 2)
			*set.to = &x
		}
	}
	for _, feature := range features {
		m.Features = append(m.Features, record.Figure{Name: feature.Name, Value: places(feature.Value(f), 3)})
	}
	for _, c := range components {
		if f.components[c] {
			m.Components = append(m.Components, c)
		}
	}
	return m
}

// places rounds to some decimal places.
func places(x float64, n int) float64 {
	scale := math.Pow10(n)
	return math.Round(x*scale) / scale
}
