package xapi

import (
	"context"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// session is an LRS that statements are sent to. It is an sdk.Session.
type session struct {
	maker   maker
	options learning.Options
	store   *store
	batch   int // statements in a request
}

// Target says whose data is written.
func (s *session) Target() sdk.Target { return s.store.target() }

// Plan says what Write would do.
func (s *session) Plan(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	works, out, err := s.begin(ctx, batch)
	if err != nil {
		return nil, err
	}
	for _, w := range works {
		out[w.at] = w.outcome()
		if st := out[w.at].Status; st == sdk.Created || st == sdk.Updated {
			out[w.at].Diff = w.diff()
		}
	}
	return out, nil
}

// Write sends what is missing, and then takes back what no longer holds.
func (s *session) Write(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	works, out, err := s.begin(ctx, batch)
	if err != nil {
		return nil, err
	}
	d := &delivery{session: s}
	if err := d.send(ctx, missing(works)); err != nil {
		return nil, err
	}
	if err := d.send(ctx, s.outdated(works)); err != nil {
		return nil, err
	}
	for _, w := range works {
		out[w.at] = w.outcome()
	}
	return out, nil
}

// begin finds out what is to be in the LRS, and what is there. The outcomes are those of
// the records that give no statements: UNCHANGED, since nothing comes of them by
// themselves, or why they can't be used.
func (s *session) begin(ctx context.Context, batch []sdk.Record) ([]*work, []sdk.Outcome, error) {
	clients, refused := learning.Join(batch, s.options)
	out := make([]sdk.Outcome, len(batch))
	for i := range out {
		out[i].Status = sdk.Unchanged
		if o, ok := refused[i]; ok {
			out[i] = o
		}
	}
	var works []*work
	for _, c := range clients {
		for _, a := range c.Assessments {
			works = append(works, s.work(c, a, batch[a.At]))
		}
	}
	return works, out, s.findAll(ctx, works)
}

// outdated are the statements that void those that no longer hold. One whose successor
// could not be stored stays: an old score is better than none.
func (s *session) outdated(works []*work) []*item {
	var all []*item
	for _, w := range works {
		kept := map[string]bool{}
		for _, it := range w.items {
			if it.state == refused {
				kept[it.slot()] = true
			}
		}
		for _, old := range w.old {
			if w.fault != nil || kept[slot(old.group, old.verb, old.object)] {
				continue
			}
			it := &item{work: w, fact: fact{statement: s.maker.void(w.client, w.assessment, old.id), what: "an earlier statement, taken back"}, state: needed}
			w.items = append(w.items, it)
			all = append(all, it)
		}
	}
	return all
}
