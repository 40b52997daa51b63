package reading

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Traces follows each weak level of a hierarchical instrument down to where
// the trouble seems to start: to the next lower level for as long as that is
// weak too. The lowest weak level of that unbroken chain is the root. They
// stand in order of their levels, the highest first. An instrument without
// levels has no traces.
//
// Links say how closely people's scores in neighboring levels go together, in
// any order; those of a trace's steps become part of it.
func Traces(body record.AssessmentBody, links []record.Link) []record.Trace {
	s := newSurvey(body)
	levels := s.levels()
	if body.Withheld {
		return nil
	}
	var all []record.Trace
	for i := len(levels) - 1; i >= 0; i-- {
		if !s.isWeak(levels[i]) {
			continue
		}
		root := i
		t := record.Trace{Dimension: levels[i].text.ID}
		for root > 0 && s.isWeak(levels[root-1]) {
			t.Links = append(t.Links, linkOf(links, levels[root].text.ID, levels[root-1].text.ID))
			root--
		}
		t.Root = levels[root].text.ID
		t.Text = s.traceText(levels, i, root, t.Links)
		all = append(all, t)
	}
	return all
}

// level is a dimension of a hierarchical instrument with its percent.
type level struct {
	text    record.DimensionText
	percent *float64
}

// levels are the instrument's, from the bottom up.
func (s survey) levels() []level {
	var all []level
	for _, text := range s.in.Dimensions {
		if text.Level == 0 {
			continue
		}
		l := level{text: text}
		for _, d := range s.body.Dimensions {
			if d.ID == text.ID && !d.Withheld {
				l.percent = d.Percent
			}
		}
		all = append(all, l)
	}
	slices.SortStableFunc(all, func(a, b level) int { return cmp.Compare(a.text.Level, b.text.Level) })
	return all
}

func (s survey) isWeak(l level) bool { return l.percent != nil && s.in.Weak(*l.percent) }

// linkOf finds a link, or makes one that says nothing.
func linkOf(links []record.Link, upper, lower string) record.Link {
	for _, l := range links {
		if l.Upper == upper && l.Lower == lower {
			return l
		}
	}
	return record.Link{Upper: upper, Lower: lower}
}

func (s survey) traceText(levels []level, at, root int, links []record.Link) string {
	scored := func(i int) string {
		return fmt.Sprintf("%s (%d)", s.title(levels[i].text.ID), s.score(*levels[i].percent))
	}
	if at == root {
		return join(scored(at)+" is weak.", s.below(levels, root), "So the trouble seems to start here.")
	}
	var under []string
	for i := at - 1; i >= root; i-- {
		under = append(under, scored(i))
	}
	what := "so is the level under it, "
	if len(under) > 1 {
		what = "so are the levels under it, "
	}
	return join(
		scored(at)+" is weak, and "+what+list(under)+".",
		s.below(levels, root),
		"So the trouble seems to start with "+s.title(levels[root].text.ID)+".",
		s.linksText(links),
	)
}

// below says what the root stands on.
func (s survey) below(levels []level, root int) string {
	of := s.title(levels[root].text.ID)
	if root == 0 {
		return "There is no level under " + of + "."
	}
	under := levels[root-1]
	if under.percent == nil {
		return fmt.Sprintf("What lies under %s, %s, can’t be shown.", of, s.title(under.text.ID))
	}
	return fmt.Sprintf("The level under %s, %s, is not weak (%d).", of, s.title(under.text.ID), s.score(*under.percent))
}

// linksText says how closely the levels of a chain go together, by its weakest
// link, and what that is worth.
func (s survey) linksText(links []record.Link) string {
	weakest := links[0]
	for _, l := range links {
		if l.R == nil {
			return "How closely people’s scores in these levels go together is not known."
		}
		if *l.R < *weakest.R {
			weakest = l
		}
	}
	between := fmt.Sprintf("in %s and %s", s.title(weakest.Upper), s.title(weakest.Lower))
	if len(links) > 1 && *weakest.R >= 0.3 {
		between = "from level to level"
	}
	text := fmt.Sprintf("People’s scores %s %s", between, weakest.Strength())
	switch ci := weakest.CI; {
	case *weakest.R < 0.1:
		return text + fmt.Sprintf(", so %s may have a cause of its own.", s.title(weakest.Upper))
	case ci != nil && ci.Low <= 0:
		return text + ", but that may be chance."
	}
	return text + ", which fits. It is no proof that one brings about the other."
}
