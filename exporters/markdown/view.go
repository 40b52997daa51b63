package markdown

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// view is one assessment made ready for drawing: figures are joined to the
// words of the instrument, and nothing that is withheld is left in it.
type view struct {
	rec  *record.Record
	in   record.Instrument
	body record.AssessmentBody
	bad  bool // a high score is the bad one
	dims []dim
}

// dim is a dimension as asked, with its figures.
type dim struct {
	num    int // place in the instrument, from 1
	text   record.DimensionText
	fig    record.Dimension
	scale  *record.Scale
	exists bool // the record has figures, if only withheld ones
}

// item is an item as asked, with its figures.
type item struct {
	text  record.ItemText
	fig   record.Item
	scale *record.Scale
	dim   dim
}

func newView(rec *record.Record) view {
	body := publishedOnly(rec.Assessment.Body())
	v := view{rec: rec, in: body.Instrument, body: body, bad: body.Instrument.HighIsBad()}
	v.dims = v.join(body.Dimensions)
	return v
}

// join puts the figures of all respondents or of a group to the instrument's
// dimensions, in the instrument's order. Figures of a dimension that the
// instrument does not name go by their id.
func (v view) join(figures []record.Dimension) []dim {
	var dims []dim
	for i, text := range v.in.Dimensions {
		d := dim{num: i + 1, text: text, scale: text.Scale}
		if at := slices.IndexFunc(figures, func(f record.Dimension) bool { return f.ID == text.ID }); at >= 0 {
			d.fig, d.exists = figures[at], true
		}
		dims = append(dims, d)
	}
	for _, f := range figures {
		if !slices.ContainsFunc(v.in.Dimensions, func(t record.DimensionText) bool { return t.ID == f.ID }) {
			dims = append(dims, dim{num: len(dims) + 1, text: record.DimensionText{ID: f.ID}, fig: f, exists: true})
		}
	}
	for i := range dims {
		if dims[i].scale == nil {
			dims[i].scale = v.in.Scale
		}
	}
	return dims
}

// title is the dimension's name for people, fit to be printed.
func (d dim) title() string { return esc(orElse(d.text.Title, d.text.ID)) }

// items returns the dimension's items that have figures, in the order asked.
func (d dim) items() []item {
	return joinItems(d.text.Items, d.fig.Items, d, d.scale)
}

// outcomes returns the outcome items that have figures.
func (v view) outcomes() []item {
	return joinItems(v.in.Outcomes, v.body.Outcomes, dim{}, v.in.Scale)
}

func joinItems(texts []record.ItemText, figures []record.Item, d dim, scale *record.Scale) []item {
	var items []item
	for _, text := range texts {
		at := slices.IndexFunc(figures, func(f record.Item) bool { return f.ID == text.ID })
		if at < 0 {
			continue
		}
		it := item{text: text, fig: figures[at], scale: scale, dim: d}
		if text.Scale != nil {
			it.scale = text.Scale
		}
		items = append(items, it)
	}
	return items
}

// quoted is the item's wording in quotes, fit to be printed.
func (it item) quoted() string { return "“" + esc(orElse(it.text.Text, it.text.ID)) + "”" }

// grouping is the groups by the same columns.
type grouping struct {
	by     []string
	groups []record.Group
}

// groupings splits the groups by their columns, in the order of the record;
// people who did not state everything come last.
func (v view) groupings() []grouping {
	var all []grouping
	for _, g := range v.body.Groups {
		at := slices.IndexFunc(all, func(x grouping) bool { return slices.Equal(x.by, g.By) })
		if at < 0 {
			at = len(all)
			all = append(all, grouping{by: g.By})
		}
		all[at].groups = append(all[at].groups, g)
	}
	for _, x := range all {
		slices.SortStableFunc(x.groups, func(a, b record.Group) int {
			switch {
			case unstated(a) == unstated(b):
				return 0
			case unstated(b):
				return -1
			}
			return 1
		})
	}
	return all
}

// unstated reports whether a group is people who left something about
// themselves open: they need not have it in common, so they are no side of a
// contrast.
func unstated(g record.Group) bool {
	return slices.ContainsFunc(g.Key, func(k string) bool { return verbatim(k) == "" })
}

// groupName is the name of a group within its grouping, fit to be printed.
func groupName(g record.Group) string {
	names := make([]string, len(g.Key))
	for i, k := range g.Key {
		names[i] = orElse(esc(k), "Not stated")
	}
	return strings.Join(names, " / ")
}

// byName names the columns of a grouping, fit to be printed.
func byName(by []string) string {
	names := make([]string, len(by))
	for i, b := range by {
		names[i] = esc(b)
	}
	return joinWith(names, ", ", " and ")
}

// publishedOnly empties every cell that is marked as withheld. A record should
// hold nothing there; a report must not depend on that.
func publishedOnly(body record.AssessmentBody) record.AssessmentBody {
	if body.Withheld {
		return record.AssessmentBody{Instrument: body.Instrument, Wave: body.Wave, Withheld: true, Method: body.Method}
	}
	body.Dimensions = mapped(body.Dimensions, publishedDimension)
	body.Outcomes = mapped(body.Outcomes, publishedItem)
	body.Groups = mapped(body.Groups, func(g record.Group) record.Group {
		if g.Withheld {
			return record.Group{By: g.By, Key: g.Key, Withheld: true}
		}
		g.Dimensions = mapped(g.Dimensions, publishedDimension)
		g.Outcomes = mapped(g.Outcomes, publishedItem)
		return g
	})
	return publishedReadings(body)
}

func publishedDimension(d record.Dimension) record.Dimension {
	if d.Withheld {
		return record.Dimension{ID: d.ID, Withheld: true}
	}
	d.Items = mapped(d.Items, publishedItem)
	return d
}

func publishedItem(it record.Item) record.Item {
	if it.Withheld {
		return record.Item{ID: it.ID, Withheld: true}
	}
	return it
}

// mapped returns f of every element in a new slice: records are read-only.
func mapped[T, U any](in []T, f func(T) U) []U {
	out := make([]U, len(in))
	for i, x := range in {
		out[i] = f(x)
	}
	return out
}

// withheldWhole reports whether a figure of all respondents is withheld.
func (v view) withheldWhole() bool {
	return v.body.Withheld || slices.ContainsFunc(v.body.Dimensions, withheldInside) ||
		slices.ContainsFunc(v.body.Outcomes, func(it record.Item) bool { return it.Withheld })
}

// withheldGroups reports whether a figure of a group is withheld.
func (v view) withheldGroups() bool {
	return slices.ContainsFunc(v.body.Groups, func(g record.Group) bool {
		return g.Withheld || slices.ContainsFunc(g.Dimensions, withheldInside)
	})
}

func withheldInside(d record.Dimension) bool {
	return d.Withheld || slices.ContainsFunc(d.Items, func(it record.Item) bool { return it.Withheld })
}
