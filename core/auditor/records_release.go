package auditor

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// ReleaseOf takes what a record tells as a release, and finds what is wrong
// with the record by itself: figures of too few people or of people who all
// answered alike, withheld cells that tell something all the same, readings
// that are not made of what is published. The record may be of any origin.
func ReleaseOf(name string, body record.AssessmentBody, client string) (*Release, []Finding) {
	return releaseOf(context.Background(), name, body, client)
}

// releaseOf finds less than there is when ctx ends first.
func releaseOf(ctx context.Context, name string, body record.AssessmentBody, client string) (*Release, []Finding) {
	quantities, views := quantitiesOf(body.Instrument), viewsOf(body)
	r := &Release{
		Name: name, Client: client, Instrument: body.Instrument.ID, Version: body.Instrument.Version, Wave: body.Wave,
		Missing: body.Method.Missing, Min: leastOf(int64(body.Method.MinGroup)), Decimals: decimals(views),
	}
	for _, q := range quantities {
		r.Measures = append(r.Measures, q.measure)
	}
	for _, v := range views {
		if ctx.Err() != nil {
			break
		}
		cell := Cell{By: v.by, Key: v.key, Within: v.within, Figures: make([]*Figure, len(quantities))}
		for i, q := range quantities {
			cell.Figures[i] = v.figure(q, r.Decimals)
		}
		r.Cells = append(r.Cells, cell)
	}
	r.Scales = scalesOf(quantities, r.Cells)
	r.Changes = changesOf(body)
	f := &form{ctx: ctx, release: r, body: body, views: views, quantities: quantities}
	f.check()
	return r, f.findings
}

// smallest is the least number of people that any record may publish.
const smallest = 3

// leastOf is the smallest set of people that may be published where a record
// states one.
func leastOf(stated int64) int64 { return max(smallest, stated) }

// believable is a number of people beyond which nothing is believed, so that sums of
// what a broken record says can't run over.
const believable = 1 << 45

// quantity is a measure and where its figures stand in a body.
type quantity struct {
	measure   string
	dimension string // id; "" for people and outcomes
	item      string // id; "" for people and dimensions
	scale     *record.Scale
	reverse   bool
}

// quantitiesOf lists what an instrument's figures are of: people, each
// dimension and its items, the outcomes.
func quantitiesOf(in record.Instrument) []quantity {
	out := []quantity{{measure: MeasurePeople}}
	seen := map[string]bool{}
	add := func(q quantity) {
		if !seen[q.measure] {
			seen[q.measure] = true
			out = append(out, q)
		}
	}
	items := func(dimension string, scale *record.Scale, texts []record.ItemText) {
		for _, t := range texts {
			own := scale
			if t.Scale != nil {
				own = t.Scale
			}
			add(quantity{measure: MeasureItem + t.ID, dimension: dimension, item: t.ID, scale: own, reverse: t.Reverse})
		}
	}
	for _, d := range in.Dimensions {
		scale := in.Scale
		if d.Scale != nil {
			scale = d.Scale
		}
		add(quantity{measure: MeasureDimension + d.ID, dimension: d.ID, scale: scale})
		items(d.ID, scale, d.Items)
	}
	items("", in.Scale, in.Outcomes)
	return out
}

// view is a cell as a body shows it: everybody and a group look the same.
type view struct {
	name       string
	id         string // see cellID
	columns    string // see columnsID
	by, key    []string
	within     []Within
	withheld   bool
	n          *int64
	response   *record.Response
	index      *float64
	band       string
	dimensions []record.Dimension
	outcomes   []record.Item
	undefined  record.UndefinedNote
}

// viewsOf lists the cells of a body, everybody first.
func viewsOf(body record.AssessmentBody) []view {
	out := []view{{
		name: everybody, withheld: body.Withheld, n: body.N, response: body.Response, index: body.Index, band: body.Band,
		dimensions: body.Dimensions, outcomes: body.Outcomes, undefined: body.Undefined,
	}}
	for _, g := range body.Groups {
		out = append(out, view{
			name: cellName(g.By, g.Key), id: cellID(g.By, g.Key), columns: columnsID(g.By), by: g.By, key: g.Key, within: withinOf(g), withheld: g.Withheld, n: g.N,
			response: g.Response, index: g.Index, band: g.Band, dimensions: g.Dimensions, outcomes: g.Outcomes, undefined: g.Undefined,
		})
	}
	return out
}

// dimension returns the cell's figures of a dimension, or nil where they are
// withheld or absent.
func (v *view) dimension(id string) *record.Dimension {
	at := slices.IndexFunc(v.dimensions, func(d record.Dimension) bool { return d.ID == id })
	if v.withheld || at < 0 || v.dimensions[at].Withheld {
		return nil
	}
	return &v.dimensions[at]
}

// item returns the cell's figures of an item of a dimension, or of an outcome
// where dimension is "", or nil where they are withheld or absent.
func (v *view) item(dimension, id string) *record.Item {
	items := v.outcomes
	if dimension != "" {
		at := slices.IndexFunc(v.dimensions, func(d record.Dimension) bool { return d.ID == dimension })
		if at < 0 {
			return nil
		}
		items = v.dimensions[at].Items
	}
	at := slices.IndexFunc(items, func(it record.Item) bool { return it.ID == id })
	if v.withheld || at < 0 || items[at].Withheld {
		return nil
	}
	return &items[at]
}

// told is what a record prints of one measure in one cell.
type told struct {
	n                 *int64
	mean, sd, percent *float64
	favorable         *record.Share
	enps              *record.ENPS
	histogram         []int64
}

// told returns what a cell prints of a measure; ok is false where that is
// withheld or absent.
func (v *view) told(q quantity) (t told, ok bool) {
	switch {
	case q.item != "":
		if it := v.item(q.dimension, q.item); it != nil {
			return told{it.N, it.Mean, it.SD, it.Percent, it.Favorable, it.ENPS, it.Histogram}, true
		}
	case q.dimension != "":
		if d := v.dimension(q.dimension); d != nil {
			return told{n: d.N, mean: d.Mean, sd: d.SD, percent: d.Percent, favorable: d.Favorable}, true
		}
	case !v.withheld:
		return told{n: v.n}, true
	}
	return told{}, false
}

// figure is the sums that a cell reveals of a measure.
func (v *view) figure(q quantity, digits int) *Figure {
	t, ok := v.told(q)
	if !ok || t.n == nil || *t.n < 0 || *t.n > believable {
		return nil
	}
	f := &Figure{N: *t.n, Alike: t.alike(q.scale)}
	switch {
	case f.N == 0:
		f.Sum, f.Squares = new(float64), new(float64)
	case t.counts(f, q):
	default:
		t.moments(f, q, rounding(f.N, digits))
	}
	return f
}

// counts fills in a figure from the answers by step, which tell everything.
func (t told) counts(f *Figure, q quantity) bool {
	if countAnswers(t.histogram) != f.N {
		return false
	}
	f.Histogram = slices.Clone(t.histogram)
	if q.reverse {
		slices.Reverse(f.Histogram)
	}
	if q.scale == nil || len(f.Histogram) != q.scale.Max-q.scale.Min+1 {
		return false
	}
	sum, squares := 0.0, 0.0
	for i, c := range f.Histogram {
		x := float64(q.scale.Min + i)
		sum += float64(float64(c) * x)
		squares += float64(float64(c) * x * x)
	}
	f.Sum, f.Squares = orNil(sum), orNil(squares)
	return true
}

// countAnswers adds up the people of a histogram. It is -1 where there is none, or
// one that can't be right.
func countAnswers(histogram []int64) int64 {
	sum := int64(-1)
	for i, c := range histogram {
		if i == 0 {
			sum = 0
		}
		if c < 0 || c > believable || sum > believable {
			return -1
		}
		sum += c
	}
	return sum
}

// moments fills in a figure from mean and SD. A mean that was rounded still
// tells the sum of whole numbers, as long as few people answered.
func (t told) moments(f *Figure, q quantity, off float64) {
	mean := t.mean
	if mean == nil && t.percent != nil && q.scale != nil {
		low, high := float64(q.scale.Min), float64(q.scale.Max)
		value := low + float64(*t.percent/100*(high-low))
		mean = &value
	}
	if mean == nil {
		return
	}
	n := float64(f.N)
	sum := float64(n * *mean)
	if q.item != "" {
		sum = nearWhole(sum, off)
	}
	f.Sum = orNil(sum)
	switch {
	case f.N == 1:
		f.Squares = orNil(sum * sum)
	case t.sd != nil:
		squares := float64((n-1)**t.sd**t.sd) + sum*sum/n
		if q.item != "" {
			// An SD that is off by e makes Σx² off by about 2(n-1)·SD·e.
			squares = nearWhole(squares, 2**t.sd*off)
		}
		f.Squares = orNil(squares)
	}
}

// rounding is how much the sum of n people may be off when their mean was printed
// with so many decimals.
func rounding(n int64, digits int) float64 {
	if digits == 0 {
		return 1e-9 * float64(n)
	}
	return 0.5 * float64(n) * math.Pow10(-digits)
}

// nearWhole is the whole number that x must be when it may be off by so much, or x
// where none is near or several are.
func nearWhole(x, off float64) float64 {
	if nearest := math.Round(x); off < 0.5 && math.Abs(x-nearest) <= max(off, 1e-6) {
		return nearest
	}
	return x
}

// orNil is a pointer to x, or nil where a broken record made it infinite.
func orNil(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

// alike reports whether what is printed says that everybody answered the same,
// or on the same side.
func (t told) alike(scale *record.Scale) bool {
	if t.n == nil || *t.n < 1 {
		return false
	}
	end := func(x *float64, low, high float64) bool {
		return x != nil && (*x <= low+1e-9 || *x >= high-1e-9)
	}
	steps := 0
	for _, c := range t.histogram {
		if c > 0 {
			steps++
		}
	}
	one := t.enps != nil && (t.enps.Promoters >= 1 || t.enps.Detractors >= 1 || t.enps.Promoters+t.enps.Detractors <= 0)
	return steps == 1 || one || end(t.percent, 0, 100) ||
		t.favorable != nil && end(&t.favorable.Share, 0, 1) ||
		t.sd != nil && *t.sd <= 1e-9 ||
		scale != nil && end(t.mean, float64(scale.Min), float64(scale.Max))
}

// scalesOf gives the range of each measure, and whether its answers are whole
// numbers: the published sums say so.
func scalesOf(quantities []quantity, cells []Cell) []Scale {
	out := make([]Scale, len(quantities))
	for i, q := range quantities {
		if q.scale == nil || q.scale.Max <= q.scale.Min {
			continue
		}
		out[i] = Scale{Low: float64(q.scale.Min), High: float64(q.scale.Max), Whole: q.item != ""}
		for _, c := range cells {
			if f := c.Figures[i]; f != nil && f.Sum != nil && *f.Sum != math.Round(*f.Sum) {
				out[i].Whole = false
			}
		}
	}
	return out
}

// decimals is how many decimals the means of a record were printed with, 0
// where they were not rounded.
func decimals(views []view) int {
	const exact = 6 // nobody rounds to so many
	digits := 0
	count := func(x *float64) {
		if x != nil && digits < exact {
			_, fraction, _ := strings.Cut(strconv.FormatFloat(*x, 'f', -1, 64), ".")
			digits = max(digits, len(fraction))
		}
	}
	for _, v := range views {
		for _, d := range v.dimensions {
			count(d.Mean)
			count(d.SD)
			for _, it := range d.Items {
				count(it.Mean)
				count(it.SD)
			}
		}
		for _, it := range v.outcomes {
			count(it.Mean)
			count(it.SD)
		}
	}
	if digits >= exact {
		return 0
	}
	return digits
}

// changesOf keeps what a record tells of an earlier wave.
func changesOf(body record.AssessmentBody) []Change {
	var out []Change
	for _, c := range body.Changes {
		change := Change{Since: c.Since, Measure: MeasureDimension + c.Dimension, By: c.By, Key: c.Key}
		if c.Paired && c.N != nil && *c.N >= 0 && *c.N <= believable {
			change.Matched = c.N
		}
		if b := c.Before; b != nil && b.N >= 0 && b.N <= believable {
			change.Before = &Figure{N: b.N}
			told{mean: &b.Mean, sd: &b.SD}.moments(change.Before, quantity{}, 0)
		}
		if len(c.By) == len(c.Key) && (change.Matched != nil || change.Before != nil) {
			out = append(out, change)
		}
	}
	return out
}

// withinOf gives the values of other columns that all people of a group share,
// where the record says so.
func withinOf(g record.Group) []Within {
	var out []Within
	for _, w := range g.Within {
		out = append(out, Within{Column: w.Column, Value: w.Value})
	}
	return out
}
