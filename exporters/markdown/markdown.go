// Package markdown renders records as reports in Markdown, one for each client,
// that can be handed to that client unchanged: the assessment of the culture, the
// vision and mission statements, the job descriptions, and what to do.
//
// It draws what the records say and computes no statistic of its own: a figure
// is rounded, a difference is taken between two figures that are printed, what
// stands in a table is counted, and what a record marks as withheld is dropped
// before anything is drawn.
package markdown

import (
	"cmp"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Options are what the user chooses about the reports.
type Options struct {
	Title      string // heading of every report; "" makes one from client and instrument
	PreparedBy string // printed under the heading; "" prints nothing
	Items      int    // how many questions to discuss, at least 1
	Bars       bool   // draw bars made of block characters
	Headings   int    // level of the top heading, 1 to 3; three levels follow below it
}

// DefaultOptions returns what holds when the user chooses nothing.
func DefaultOptions() Options { return Options{Items: 5, Bars: true, Headings: 1} }

// Report is one client's report.
type Report struct {
	Name   string // file name, safe and unique among the reports rendered together
	Client string // client id as in the records; "" for records without a client
	Body   []byte // Markdown, UTF-8, with a line feed at the end
}

// Render returns one report for each client that has something to draw, in the
// order of client ids. The order of records does not matter: the same records
// give the same bytes. Of records with the same key the one with the smallest
// revision counts. A plan becomes part of the report when it answers the latest
// wave of an assessment in it, or job descriptions. Records that can't be drawn
// are counted in their client's report; a client who has nothing else gets none.
func Render(records []*record.Record, opt Options) []Report {
	var reports []Report
	var ids []string
	for _, c := range gather(records) {
		if len(c.surveys) == 0 && !c.hasPapers() {
			continue
		}
		ids = append(ids, c.id)
		reports = append(reports, Report{Client: c.id, Body: []byte(c.render(opt))})
	}
	names := fileNames(ids)
	for i := range reports {
		reports[i].Name = names[reports[i].Client]
	}
	return reports
}

// client is everything that was read about one client.
type client struct {
	id, name string
	surveys  []survey // by instrument id
	papers
	plans   []planRecord // that answer an assessment
	others  []kindCount
	sources []string    // base names, sorted, each once
	tool    record.Tool // of the last record that is drawn
}

// survey is one instrument of one client: its waves, earliest first.
type survey []view

// latest is the wave that the report is about.
func (s survey) latest() view { return s[len(s)-1] }

// kindCount says how many records of a kind there are.
type kindCount struct {
	kind record.Kind
	n    int
}

// gather sorts records into clients, surveys and waves.
func gather(records []*record.Record) []client {
	sorted := slices.Clone(records)
	slices.SortFunc(sorted, compareRecords)
	sorted = slices.CompactFunc(sorted, func(a, b *record.Record) bool { return a.Key == b.Key })
	var clients []client
	for len(sorted) > 0 {
		id := sorted[0].Client.ID
		end := slices.IndexFunc(sorted, func(r *record.Record) bool { return r.Client.ID != id })
		if end < 0 {
			end = len(sorted)
		}
		clients = append(clients, newClient(id, sorted[:end]))
		sorted = sorted[end:]
	}
	return clients
}

// newClient expects the records of one client in the order of compareRecords.
func newClient(id string, records []*record.Record) client {
	c := client{id: id}
	instrument := ""
	for _, r := range records {
		if r.Client.Name != "" {
			c.name = r.Client.Name
		}
		if c.addPaper(r) {
			c.sources, c.tool = append(c.sources, r.Sources...), r.Tool
			continue
		}
		if p, ok := planFrom(r); ok {
			c.plans = append(c.plans, p)
			continue
		}
		if r.Kind != record.KindAssessment || r.Assessment == nil {
			c.count(r.Kind)
			continue
		}
		c.sources, c.tool = append(c.sources, r.Sources...), r.Tool
		v := newView(r)
		if last := len(c.surveys) - 1; last >= 0 && v.in.ID == instrument {
			c.surveys[last] = append(c.surveys[last], v)
		} else {
			c.surveys = append(c.surveys, survey{v})
		}
		instrument = v.in.ID
	}
	c.papers.arrange()
	c.countPlans()
	slices.Sort(c.sources)
	c.sources = slices.Compact(c.sources)
	return c
}

// countPlans counts the plans that no survey of the report is joined to.
func (c *client) countPlans() {
	shown := 0
	for _, s := range c.surveys {
		if c.planOf(s.latest()) != nil {
			shown++
		}
	}
	for range len(c.plans) - shown {
		c.count(record.KindPlan)
	}
}

func (c *client) count(kind record.Kind) {
	if last := len(c.others) - 1; last >= 0 && c.others[last].kind == kind {
		c.others[last].n++
		return
	}
	c.others = append(c.others, kindCount{kind, 1})
}

// compareRecords orders by client, kind, instrument and wave; key and revision
// decide the rest, so that no two different records are equal.
func compareRecords(a, b *record.Record) int {
	instrument := func(r *record.Record) (id, wave string) {
		if r.Assessment == nil {
			return "", ""
		}
		body := r.Assessment.Body()
		return body.Instrument.ID, body.Wave
	}
	aID, aWave := instrument(a)
	bID, bWave := instrument(b)
	return cmp.Or(
		strings.Compare(a.Client.ID, b.Client.ID),
		cmp.Compare(slices.Index(record.Kinds(), a.Kind), slices.Index(record.Kinds(), b.Kind)),
		strings.Compare(string(a.Kind), string(b.Kind)),
		strings.Compare(aID, bID),
		record.CompareWaves(aWave, bWave),
		strings.Compare(a.Key, b.Key),
		strings.Compare(a.Revision, b.Revision))
}
