package instrument

import (
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Describe writes the instrument down as records carry it: everything a reader
// of results needs, and nothing about how columns are found.
func (in *Instrument) Describe() record.Instrument {
	out := record.Instrument{
		ID: in.ID, Version: in.Version, Title: in.Title, About: in.About, Source: in.Source,
		Direction: string(in.Direction), WeakBelow: in.Policy.WeakBelow,
	}
	for _, b := range in.Policy.Bands {
		out.Bands = append(out.Bands, record.Band{At: b.At, Name: b.Name})
	}
	common := commonScale(in)
	if common {
		out.Scale = wireScale(in.Dimensions[0].Scale())
	}
	for _, d := range in.Dimensions {
		dim := record.DimensionText{ID: d.ID, Title: d.Title, About: d.About, Level: d.Level}
		if !common {
			dim.Scale = wireScale(d.Scale())
		}
		for _, it := range d.Items {
			dim.Items = append(dim.Items, wireItem(it, d.Scale()))
		}
		out.Dimensions = append(out.Dimensions, dim)
	}
	for _, it := range in.Outcomes {
		out.Outcomes = append(out.Outcomes, wireItem(it, Scale{}))
	}
	return out
}

// commonScale reports whether all dimensions are answered on one scale.
func commonScale(in *Instrument) bool {
	return !slices.ContainsFunc(in.Dimensions, func(d Dimension) bool {
		return !d.Scale().Equal(in.Dimensions[0].Scale())
	})
}

func wireScale(s Scale) *record.Scale {
	out := &record.Scale{Min: s.Min, Max: s.Max, Labels: s.Labels}
	if s.FavorableSet {
		favorable := s.Favorable
		out.Favorable = &favorable
	}
	return out
}

// wireItem names an item's scale only where it is not that of its dimension.
func wireItem(it Item, around Scale) record.ItemText {
	out := record.ItemText{ID: it.ID, Text: it.Text, Reverse: it.Reverse, Facet: it.Facet, Aspect: it.Aspect, Pair: it.Pair}
	if !it.Scale.Equal(around) {
		out.Scale = wireScale(it.Scale)
	}
	return out
}
