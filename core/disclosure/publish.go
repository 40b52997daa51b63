// Package disclosure decides what of a raw result may be published, and is
// the only maker of an assessment record.
//
// A cell is one quantity (how many people, a dimension, the items of a
// dimension, an outcome) for one set of people (all, or a group). Cells that
// rest on too few people are withheld, and with them as many further cells as
// it takes that no withheld one can be computed from those that add up with
// it. A withheld cell says that it is withheld and nothing more: not how many
// people it holds and not for which reason.
package disclosure

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/firstcall-cli/firstcall/core/auditor"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/internal/seal"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
	"github.com/firstcall-cli/firstcall/core/stats"
)

// UnanimousFloor is the size below which a group in which everybody gave the
// same answers is withheld: to know the group is to know each answer.
const UnanimousFloor = 20

// Request is what goes into a record beside the raw result.
type Request struct {
	Instrument *instrument.Instrument
	Missing    instrument.MissingPolicy
	MinGroup   int             // smallest set of people to publish; instrument.MinGroupFloor holds all the same
	Headcounts *org.Headcounts // may be nil
	ClientName string          // may be empty
	AsOf       string          // a date, or empty
	Tool       record.Tool
	// Previous is what was published of the client's earlier wave, or nil.
	Previous *record.AssessmentBody
	// LongRun is from how many same answers in a row a respondent counts as
	// careless; Excluded says that such respondents were left out.
	LongRun  int
	Excluded bool
	// Released is what was told before of this or any other survey. What is told
	// now must not give anybody away together with it.
	Released []*auditor.Release
	// Lacking lists columns by which earlier releases group and of which nothing
	// is known here.
	Lacking []string
	// Note, when set, is called with what the user should know.
	Note func(string)

	// primaryOnly leaves everything but too small cells published, so that tests
	// see an attack succeed.
	primaryOnly bool
}

// tell hands a note on to whoever asked for notes.
func (r Request) tell(format string, args ...any) {
	if r.Note != nil {
		r.Note(fmt.Sprintf(format, args...))
	}
}

// Publish makes the assessment record of one client and wave. An auditor that
// shares nothing with this package then looks for what is withheld in what is
// published: where it finds any, the error is a *LeakError and there is no
// record. Other errors are the cause of ctx, or that of a figure or key that can't
// be written down.
func Publish(ctx context.Context, raw *score.Assessment, req Request) (*record.Record, error) {
	key := record.Key{Client: raw.Client, Kind: record.KindAssessment, Subject: req.Instrument.ID, Wave: raw.Wave}
	p := newPublisher(ctx, raw, req)
	body, err := p.proven(ctx, key.String())
	if err != nil {
		return nil, err
	}
	p.slim(&body)
	assessment, err := record.NewAssessment(seal.New(), body)
	if err != nil {
		return nil, fmt.Errorf("publish %s: %w", key, err)
	}
	rec := &record.Record{
		Client:     record.Client{ID: raw.Client, Name: req.ClientName},
		AsOf:       req.AsOf,
		Sources:    p.sources(),
		Tool:       req.Tool,
		Assessment: assessment,
	}
	if err := rec.Seal(key); err != nil {
		return nil, fmt.Errorf("publish %s: %w", key, err)
	}
	return rec, nil
}

// publisher is one record under way. Everything about cells is indexed by
// their number: the total, then the groups.
type publisher struct {
	raw    *score.Assessment
	req    Request
	min    int64
	scorer *score.Scorer
	sums   []*score.Sums
	cells  *cells

	people     []bool   // withheld altogether
	dimensions [][]bool // by dimension: its figures are withheld
	items      [][]bool // by dimension: the figures of its items are withheld
	outcomes   [][]bool // by outcome
	complete   [][]bool // by dimension: the figures of those who answered every item are withheld
	pairs      [][]bool // by ideal and practice
	facets     []bool   // service and care

	retreats   map[string]int // see retreat
	population *auditor.Known // see known; nil until it is asked for
}

func newPublisher(ctx context.Context, raw *score.Assessment, req Request) *publisher {
	p := &publisher{
		raw: raw, req: req,
		min:    int64(max(req.MinGroup, instrument.MinGroupFloor)),
		scorer: score.NewScorer(req.Instrument, req.Missing),
		sums:   []*score.Sums{raw.Total}, retreats: map[string]int{},
	}
	var groupings [][][]int
	for _, g := range raw.Groupings {
		var members [][]int
		for _, group := range g.Groups {
			members = append(members, group.Atoms)
			p.sums = append(p.sums, group.Sums)
		}
		groupings = append(groupings, members)
	}
	p.cells = newCells(len(raw.Atoms), groupings)
	people := make([]int64, len(raw.Atoms))
	for a, s := range raw.Atoms {
		people[a] = s.N
	}
	p.cells.guard(people, p.min)
	p.cells.done = ctx.Done()
	p.withhold()
	return p
}

// withhold decides about all cells, from the coarsest quantity to the finest:
// what is withheld of people is withheld of their dimensions, and what is
// withheld of a dimension of its items.
func (p *publisher) withhold() {
	p.people, p.dimensions, p.items, p.outcomes, p.complete, p.pairs = nil, nil, nil, nil, nil, nil
	p.people = p.settle(p.retreated(auditor.MeasurePeople, make([]bool, len(p.sums))), quantity{people: func(s *score.Sums) int64 { return s.N }, unanimous: never})
	next := 0
	for d, dim := range p.req.Instrument.Dimensions {
		var items []quantity
		for range dim.Items {
			items = append(items, p.item(next))
			next++
		}
		figures := p.figuresOf(d)
		already := p.retreated(auditor.MeasureDimension+dim.ID, p.people)
		if len(items) == 1 { // the item is the dimension
			both := p.settle(already, append(figures, items...)...)
			p.dimensions, p.items = append(p.dimensions, both), append(p.items, both)
			continue
		}
		// The items of a dimension go together: its figures and all items but
		// one would give that one away.
		items = append(items, p.withoutScore(d))
		dimension := p.settle(already, figures...)
		both := p.settle(p.retreated(auditor.MeasureItem+dim.ID, dimension), items...)
		own := make([]bool, len(p.sums)) // only grows, so that there is an end
		for p.pinned(own, d, dimension, both) {
			dimension = p.settleOwn(already, own, figures...)
			both = p.settle(p.retreated(auditor.MeasureItem+dim.ID, dimension), items...)
		}
		p.dimensions, p.items = append(p.dimensions, dimension), append(p.items, both)
	}
	for _, o := range p.req.Instrument.Outcomes {
		p.outcomes = append(p.outcomes, p.settle(p.retreated(auditor.MeasureItem+o.ID, p.people), p.item(next)))
		next++
	}
	p.withholdBeyond()
}

// body writes down what may be published.
func (p *publisher) body() record.AssessmentBody {
	body := record.AssessmentBody{
		Instrument: p.req.Instrument.Describe(),
		Wave:       p.raw.Wave,
		Method: record.Method{
			Missing: string(p.req.Missing), MinGroup: int(p.min), Confidence: score.Confidence,
		},
	}
	if p.people[total] {
		body.Withheld = true
		return body
	}
	f := p.figures(total, nil, nil)
	body.N, body.Response, body.Index, body.Band = f.N, f.Response, f.Index, f.Band
	body.Dimensions, body.Outcomes, body.Undefined = f.Dimensions, f.Outcomes, f.Undefined
	body.Data = p.quality()
	at := 1
	for k, g := range p.raw.Groupings {
		within := p.within(k)
		for i, group := range g.Groups {
			figures := p.figures(at, g.By, group.Key)
			for _, column := range within {
				figures.Within = append(figures.Within, record.Within{Column: column.name, Value: column.values[i]})
			}
			body.Groups = append(body.Groups, figures)
			at++
		}
	}
	p.read(&body)
	return body
}

// mostItemFigures bounds how many groups' figures of single items a record
// holds: beyond it the record would become too large to be passed on.
const mostItemFigures = 30_000

// slim leaves the items of groups out where there are too many, after all that
// is made of them has been made.
func (p *publisher) slim(body *record.AssessmentBody) {
	if len(body.Groups)*len(p.req.Instrument.Items()) <= mostItemFigures {
		return
	}
	for g := range body.Groups {
		for d := range body.Groups[g].Dimensions {
			body.Groups[g].Dimensions[d].Items = nil
		}
	}
	if body.Undefined == nil {
		body.Undefined = record.UndefinedNote{}
	}
	body.Undefined["groups.items"] = "there are too many groups to tell of each question; ask for fewer groups at once"
}

// figures are those of one cell.
func (p *publisher) figures(at int, by, key []string) record.Group {
	out := record.Group{By: by, Key: key}
	if p.people[at] {
		out.Withheld = true
		return out
	}
	sums := p.sums[at]
	n := sums.N
	out.N = &n
	out.Response = p.response(n, by, key)
	whole := true
	for d := range p.req.Instrument.Dimensions {
		dim := p.dimension(at, d)
		whole = whole && !dim.Withheld
		out.Dimensions = append(out.Dimensions, dim)
	}
	first := len(p.req.Instrument.Items()) - len(p.req.Instrument.Outcomes)
	for o, item := range p.req.Instrument.Outcomes {
		if p.outcomes[o][at] {
			out.Outcomes = append(out.Outcomes, record.Item{ID: item.ID, Withheld: true})
			continue
		}
		out.Outcomes = append(out.Outcomes, p.scorer.Item(sums, first+o))
	}
	// The index and all dimensions but one would give that one away.
	if whole {
		index, band, why := p.scorer.Index(out.Dimensions)
		if why != "" {
			out.Undefined = record.UndefinedNote{"index": why}
		} else {
			out.Index, out.Band = &index, band
		}
	}
	return out
}

func (p *publisher) dimension(at, d int) record.Dimension {
	dim := p.req.Instrument.Dimensions[d]
	if p.dimensions[d][at] {
		return record.Dimension{ID: dim.ID, Withheld: true}
	}
	out := p.scorer.Dimension(p.sums[at], d)
	reliability := p.reliability(&out, at, d)
	first := p.scorer.FirstItem(d)
	for i, item := range dim.Items {
		if p.items[d][at] {
			out.Items = append(out.Items, record.Item{ID: item.ID, Withheld: true})
			continue
		}
		it := p.scorer.Item(p.sums[at], first+i)
		if at == total {
			addReliability(&it, reliability[i])
		}
		out.Items = append(out.Items, it)
	}
	return out
}

func addReliability(it *record.Item, r score.ItemReliability) {
	it.ItemRest, it.AlphaIfDropped = r.ItemRest, r.AlphaIfDropped
	for name, why := range r.Undefined {
		if it.Undefined == nil {
			it.Undefined = record.UndefinedNote{}
		}
		it.Undefined[name] = why
	}
}

// reliability adds how the items go together, and returns what is to be said of
// each. It is made of the items, and not told where these are withheld.
func (p *publisher) reliability(out *record.Dimension, at, d int) []score.ItemReliability {
	r := p.scorer.Reliability(p.sums[at], d, at == total)
	if p.items[d][at] {
		return r.Items
	}
	if p.complete[d][at] {
		r.Alpha.Complete, r.Omega, r.Undefined = &record.Alpha{Undefined: record.UndefinedNote{"raw": fewComplete, "standardized": fewComplete}}, nil, nil
		if at == total {
			r.Undefined = record.UndefinedNote{"omega": fewComplete}
		}
		for i := range r.Items {
			r.Items[i] = keeping(r.Items[i], pairwiseOnly, "complete")
		}
	}
	if p.fewShare(at, d) {
		r.Alpha.Pairwise = &record.Alpha{Undefined: record.UndefinedNote{"raw": fewComplete, "standardized": fewComplete}}
		for i := range r.Items {
			r.Items[i] = keeping(r.Items[i], completeOnly, "pairwise")
		}
	}
	out.Alpha, out.Omega = &r.Alpha, r.Omega
	for name, why := range r.Undefined {
		if out.Undefined == nil {
			out.Undefined = record.UndefinedNote{}
		}
		out.Undefined[name] = why
	}
	return r.Items
}

// fewShare reports whether two items of a dimension were answered by only a few
// of the same people: how the two go together is of these alone.
func (p *publisher) fewShare(at, d int) bool {
	return slices.ContainsFunc(p.sums[at].Dimensions[d].Pairs, func(s stats.PairSums) bool { return s.N > 0 && s.N < p.min })
}

const fewComplete = "too few people answered every item, or too few did not"

// keeping leaves out what an item's reliability says under other treatments of
// missing answers than one.
func keeping(it score.ItemReliability, treatment func(*record.ByTreatment) *record.ByTreatment, other string) score.ItemReliability {
	only := func(f *record.ByTreatment) *record.ByTreatment {
		if f == nil {
			return nil
		}
		return treatment(f)
	}
	out := score.ItemReliability{ItemRest: only(it.ItemRest), AlphaIfDropped: only(it.AlphaIfDropped), Undefined: record.UndefinedNote{}}
	maps.Copy(out.Undefined, it.Undefined)
	for _, name := range []string{"item_rest.", "alpha_if_dropped."} {
		out.Undefined[name+other] = fewComplete
	}
	return out
}

func pairwiseOnly(f *record.ByTreatment) *record.ByTreatment {
	if f.Pairwise == nil {
		return nil
	}
	return &record.ByTreatment{Pairwise: f.Pairwise}
}

func completeOnly(f *record.ByTreatment) *record.ByTreatment {
	if f.Complete == nil {
		return nil
	}
	return &record.ByTreatment{Complete: f.Complete}
}

// response compares those who answered with the headcount, where it is known.
func (p *publisher) response(n int64, by, key []string) *record.Response {
	asked, ok := p.req.Headcounts.Count(p.raw.Client, p.raw.Wave, by, key)
	if !ok || asked == 0 {
		return nil
	}
	out := &record.Response{Headcount: asked}
	if n > asked {
		out.Undefined = record.UndefinedNote{"rate": "more people answered than the headcount says were asked"}
		return out
	}
	rate := float64(n) / float64(asked)
	out.Rate = &rate
	return out
}

// sources names the files that hold enough people to be named: the others, such
// as those that a form saves for one person, could tell who answered.
func (p *publisher) sources() []string {
	names := []string{}
	for _, s := range p.raw.Sources {
		if s.People >= p.min {
			names = append(names, s.Name)
		}
	}
	return names
}

// quality counts what was read.
func (p *publisher) quality() *record.DataQuality {
	q := &record.DataQuality{Rows: p.raw.Rows, Unusable: p.raw.Unusable}
	for _, left := range []record.LeftOut{
		{Reason: "no usable answer", Rows: p.raw.NoAnswers},
		{Reason: "same answer many times in a row", Rows: p.raw.Excluded},
		{Reason: "same person answered again later", Rows: p.raw.Repeated},
	} {
		if left.Rows > 0 {
			q.LeftOut = append(q.LeftOut, left)
		}
	}
	q.Careless = p.scorer.Careless(p.raw.Whole, p.req.LongRun)
	if q.Careless != nil {
		q.Careless.Excluded = p.req.Excluded
		if n := *q.Careless.LongRuns; n > 0 && n < p.min {
			q.Careless.LongestRun = nil // that of one person
		}
	}
	hidden := func(withheld []bool) bool { return withheld[total] }
	if slices.ContainsFunc(p.items, hidden) || slices.ContainsFunc(p.outcomes, hidden) {
		return q
	}
	items := len(p.raw.Total.Items)
	var answers int64
	for i := range items {
		answers += p.scorer.ItemPeople(p.raw.Total, i)
	}
	missing := p.raw.Total.N*int64(items) - answers - q.Unusable
	q.Answers, q.Missing = &answers, &missing
	return q
}
