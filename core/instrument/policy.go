package instrument

import (
	"fmt"
	"unicode/utf8"
)

func (r reader) policy(raw rawPolicy) Policy {
	p := Policy{
		Missing: choice(r, raw.Missing, MinHalf, path{"policy", "missing"},
			AvailableMean, Min80Pct, CompleteOnly, ItemMeanImputed, ItemMedianImputed),
		MinGroup:  MinGroupDefault,
		WeakBelow: 50,
		ActWithin: ActWithinDefault,
	}
	if raw.MinGroup != nil {
		p.MinGroup = *raw.MinGroup
	}
	if p.MinGroup < MinGroupFloor {
		r.report(path{"policy", "min_group"}, fmt.Sprintf("min_group must be at least %d, not %d", MinGroupFloor, p.MinGroup),
			"people in smaller groups could be recognized by their answers")
	}
	if raw.WeakBelow != nil {
		p.WeakBelow = *raw.WeakBelow
	}
	if !percent(p.WeakBelow) {
		r.report(path{"policy", "weak_below"}, fmt.Sprintf("weak_below must be a percentage from 0 to 100, not %v", p.WeakBelow), "")
	}
	if raw.ActWithin != nil {
		p.ActWithin = *raw.ActWithin
	}
	if p.ActWithin < 1 || p.ActWithin > ActWithinMost {
		r.report(path{"policy", "act_within"}, fmt.Sprintf("act_within must be 1 to %d days, not %d", ActWithinMost, p.ActWithin),
			"it is how long people have for an action; leave it out for 90 days")
	}
	p.Bands = r.bands(raw.Bands, path{"policy", "bands"})
	return p
}

// maxAction keeps what to do short enough to be read in a table or a to-do
// list.
const maxAction = 400

// action checks what to do about a weak dimension.
func (r reader) action(text string, p path) string {
	if !r.doc.Defined(p...) {
		return ""
	}
	text = r.paragraph(text, p)
	switch length := utf8.RuneCountInString(text); {
	case text == "":
		r.report(p, "action is empty", "say in a sentence or two what to do when the dimension is weak, or take it out")
	case length > maxAction:
		r.report(p, fmt.Sprintf("action is %d characters long, more than %d", length, maxAction), "say it in a sentence or two")
	}
	return text
}

func percent(f float64) bool { return f >= 0 && f <= 100 }

func (r reader) bands(raw []rawBand, p path) []Band {
	var bands []Band
	seen := map[string]bool{}
	for i, b := range raw {
		at, name := p.at(i, "at"), p.at(i, "name")
		band := Band{Name: r.oneLine(b.Name, "", name)}
		if !r.doc.Defined(name...) {
			r.report(name, "band has no name", `write {at = 50, name = "Mixed"}`)
		}
		if band.Name != "" && seen[fold(band.Name)] {
			r.report(name, fmt.Sprintf("two bands are called %q", band.Name), "give each its own name")
		}
		seen[fold(band.Name)] = true
		if b.At == nil {
			r.report(at, `band has no "at"`, `write {at = 50, name = "Mixed"}`)
			continue
		}
		band.At = *b.At
		switch {
		case !percent(band.At):
			r.report(at, fmt.Sprintf("a band begins at a percentage from 0 to 100, not %v", band.At), "")
		case i == 0 && band.At != 0:
			r.report(at, fmt.Sprintf("the first band must begin at 0, not %v", band.At), "scores below it would have no band")
		case len(bands) > 0 && band.At <= bands[len(bands)-1].At:
			r.report(at, fmt.Sprintf("bands must ascend, but %v follows %v", band.At, bands[len(bands)-1].At), "sort the bands by at")
		}
		bands = append(bands, band)
	}
	return bands
}
