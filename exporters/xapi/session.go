package xapi

import (
	"context"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// session is an LRS that statements are sent to. It is an sdk.Session.
type session struct {
	now     func() time.Time
	maker   maker
	options learning.Options
	store   *store
	batch   int // statements in a request
}

// Target says whose data is written.
func (s *session) Target() sdk.Target { return s.store.target() }

// Plan says what Write would do.
func (s *session) Plan(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	jobs, out, err := s.begin(ctx, batch)
	if err != nil {
		return nil, err
	}
	tell(jobs, batch, out, "would be stored")
	for _, j := range jobs {
		for at, works := range j.byRecord() {
			if st := out[at].Status; st == sdk.Created || st == sdk.Updated {
				out[at].Diff = diff(works)
			}
		}
	}
	return out, nil
}

// Write sends what is missing, and then takes back what no longer holds.
func (s *session) Write(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	jobs, out, err := s.begin(ctx, batch)
	if err != nil {
		return nil, err
	}
	works := worksOf(jobs)
	d := &delivery{session: s}
	if err := d.send(ctx, missing(works)); err != nil {
		return nil, err
	}
	if err := d.send(ctx, s.outdated(works)); err != nil {
		return nil, err
	}
	tell(jobs, batch, out, "is stored")
	return out, nil
}

// begin finds out what is to be in the LRS, and what is there. The outcomes are those of
// the records that give no statements: UNCHANGED, since nothing comes of them by
// themselves, or why they can't be used.
func (s *session) begin(ctx context.Context, batch []sdk.Record) ([]*job, []sdk.Outcome, error) {
	clients, refused := learning.Join(batch, s.options)
	out := make([]sdk.Outcome, len(batch))
	for i := range out {
		out[i].Status = sdk.Unchanged
		if o, ok := refused[i]; ok {
			out[i] = o
		}
	}
	learning.Warn(clients, out)
	var jobs []*job
	tomorrow := moment(s.now().UTC().AddDate(0, 0, 1).Format(time.DateOnly))
	for _, c := range clients {
		j := &job{client: c}
		for _, a := range c.Assessments {
			if moment(a.Record.AsOf) > tomorrow {
				j.future = append(j.future, a)
				continue
			}
			j.works = append(j.works, s.works(c, a, batch[a.At])...)
		}
		jobs = append(jobs, j)
	}
	return jobs, out, s.findAll(ctx, worksOf(jobs))
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
			it := &item{work: w, fact: fact{statement: s.maker.void(w.client, w.assessment, w.registration, old.id), what: "an earlier statement, taken back"}, state: needed}
			w.items = append(w.items, it)
			all = append(all, it)
		}
	}
	return all
}
