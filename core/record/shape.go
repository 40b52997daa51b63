package record

import (
	"fmt"
	"slices"
)

// AnyWithheld reports whether a figure of the assessment is withheld.
func (b AssessmentBody) AnyWithheld() bool {
	if b.Withheld || anyDimensionWithheld(b.Dimensions, b.Outcomes) {
		return true
	}
	for _, g := range b.Groups {
		if g.Withheld || anyDimensionWithheld(g.Dimensions, g.Outcomes) {
			return true
		}
	}
	return false
}

func anyDimensionWithheld(dimensions []Dimension, outcomes []Item) bool {
	for _, d := range dimensions {
		if d.Withheld || anyItemWithheld(d.Items) {
			return true
		}
	}
	return anyItemWithheld(outcomes)
}

func anyItemWithheld(items []Item) bool {
	for _, it := range items {
		if it.Withheld {
			return true
		}
	}
	return false
}

// check reports where the parts of a body that was read do not fit together,
// so that whoever draws it need not look: figures belong to the instrument,
// each once, and no number of people is negative. Figures may be missing.
func (b *AssessmentBody) check() error {
	if err := b.Instrument.checkFigures("assessment", b.N, b.Dimensions, b.Outcomes); err != nil {
		return err
	}
	for i, g := range b.Groups {
		where := fmt.Sprintf("group %d", i+1)
		if len(g.By) == 0 || len(g.By) != len(g.Key) {
			return fmt.Errorf("%s has %d columns and %d values", where, len(g.By), len(g.Key))
		}
		if err := b.Instrument.checkFigures(where, g.N, g.Dimensions, g.Outcomes); err != nil {
			return err
		}
	}
	return nil
}

func (in Instrument) checkFigures(where string, n *int64, dimensions []Dimension, outcomes []Item) error {
	if err := checkCount(where, n); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, d := range dimensions {
		at := slices.IndexFunc(in.Dimensions, func(t DimensionText) bool { return t.ID == d.ID })
		if at < 0 || seen[d.ID] {
			return fmt.Errorf("%s has a dimension %q that its instrument has not, or twice", where, d.ID)
		}
		seen[d.ID] = true
		if err := checkCount("dimension "+d.ID, d.N); err != nil {
			return err
		}
		if err := checkItems("dimension "+d.ID, d.Items, in.Dimensions[at].Items); err != nil {
			return err
		}
	}
	return checkItems(where, outcomes, in.Outcomes)
}

func checkItems(where string, items []Item, texts []ItemText) error {
	seen := map[string]bool{}
	for _, it := range items {
		if seen[it.ID] || !slices.ContainsFunc(texts, func(t ItemText) bool { return t.ID == it.ID }) {
			return fmt.Errorf("%s has an item %q that its instrument has not, or twice", where, it.ID)
		}
		seen[it.ID] = true
		if err := checkCount("item "+it.ID, it.N); err != nil {
			return err
		}
		for _, c := range it.Histogram {
			if c < 0 {
				return fmt.Errorf("item %s has a count of %d people", it.ID, c)
			}
		}
	}
	return nil
}

func checkCount(where string, n *int64) error {
	if n != nil && *n < 0 {
		return fmt.Errorf("%s is of %d people", where, *n)
	}
	return nil
}
