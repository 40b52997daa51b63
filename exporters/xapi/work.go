package xapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// work is what is to be done for the scores of an assessment, or for the assignments of
// the latest one: what is found under one registration.
type work struct {
	at           int // index of its record in the batch
	client       *learning.Client
	assessment   *learning.Assessment
	assigns      bool // of the assignments
	registration string
	remote       []sdk.RemoteObject // of an earlier run, of the type

	items  []*item
	live   map[string]found // what the LRS has of ours, by id
	voided map[string]bool  // ids that can't be used again
	old    []found          // live, and not wanted any more
	last   string           // id of what was stored last
	fault  error            // why not all could be done
}

// item is a statement on its way.
type item struct {
	fact
	work       *work
	generation int
	state      state
	again      bool         // sent once more after a conflict with nothing
	why        *web.Refused // of one that is refused
}

// state is where an item is.
type state int

const (
	needed  state = iota // not in the LRS, as far as is known
	there                // in the LRS already
	stored               // put there now
	refused              // the LRS does not take it
)

// works are what is to be done for an assessment.
func (s *session) works(c *learning.Client, a *learning.Assessment, r sdk.Record) []*work {
	scores := &work{registration: s.maker.registration(a.Record.Key)}
	scores.take(s.maker.scores(c, a))
	all := []*work{scores}
	if a.Latest {
		assigns := &work{assigns: true, registration: s.maker.assignmentsOf(c.ID, a.Body.Instrument.ID)}
		assigns.take(s.maker.assignments(c, a))
		all = append(all, assigns)
	}
	for _, w := range all {
		w.at, w.client, w.assessment, w.live, w.voided = a.At, c, a, map[string]found{}, map[string]bool{}
		for _, o := range r.Remote {
			if o.Type == w.kind() {
				w.remote = append(w.remote, o)
			}
		}
	}
	return all
}

func (w *work) take(facts []fact) {
	for _, f := range facts {
		w.items = append(w.items, &item{fact: f, work: w})
	}
}

// kind is what the last statement of a work is remembered as.
func (w *work) kind() string {
	if w.assigns {
		return "assignment"
	}
	return "statement"
}

// atOnce is how many records are looked up at a time.
const atOnce = 4

// findAll finds out what the LRS has of each record. What ends the export is the error;
// what concerns one record alone is its fault.
func (s *session) findAll(ctx context.Context, works []*work) error {
	ends := make([]error, len(works))
	slots := make(chan struct{}, atOnce)
	var group sync.WaitGroup
	for i, w := range works {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if ends[i] = ctx.Err(); ends[i] == nil {
				ends[i] = s.find(ctx, w)
			}
		})
	}
	group.Wait()
	for _, err := range ends { // the first by order, so that the same is told each time
		if err != nil {
			return err
		}
	}
	return nil
}

// find finds out what the LRS has of a record.
func (s *session) find(ctx context.Context, w *work) error {
	all, err := s.store.of(ctx, w.registration)
	if err == nil {
		err = s.caughtUp(ctx, w, all)
	}
	if err == nil {
		w.compare(s.maker, all)
		return nil
	}
	if passing(err) {
		w.fault = err
		return nil
	}
	return err
}

// passing reports whether an error says that something may do later.
func passing(err error) bool {
	return errors.As(err, new(*web.Busy)) || errors.As(err, new(*web.Quota)) || errors.As(err, new(*web.Unsure))
}

// caughtUp holds a list against what was stored last by an earlier run. An LRS may need a
// while before its lists have what it was sent; judged by such a list, what no longer
// holds would stay.
func (s *session) caughtUp(ctx context.Context, w *work, all []found) error {
	for _, o := range w.remote {
		if slices.ContainsFunc(all, func(f found) bool {
			voids, ok := f.voids()
			return f.id == o.ID || ok && voids == o.ID
		}) {
			continue
		}
		for _, void := range []bool{false, true} {
			if _, there, err := s.store.one(ctx, o.ID, void); err != nil {
				return err
			} else if there {
				return &web.Busy{After: 5 * time.Second, Known: true, Text: "the LRS does not list yet what it was sent before"}
			}
		}
	}
	return nil
}

// compare says of each item whether it is there, and what is there that should not be.
func (w *work) compare(m maker, all []found) {
	for _, f := range all {
		if id, ok := f.voids(); ok {
			w.voided[id] = true
		}
	}
	for _, f := range all {
		if _, voids := f.voids(); !voids && !w.voided[f.id] {
			w.live[f.id] = f
		}
	}
	if w.assigns && slices.ContainsFunc(all, w.isLater) {
		w.items, w.old = nil, nil
		return
	}
	wanted := map[string]bool{}
	for _, it := range w.items {
		if it.state != needed {
			continue
		}
		if it.seed != "" {
			it.choose(m)
		}
		wanted[it.ID] = true
		if f, ok := w.live[it.ID]; ok {
			it.meets(f)
		}
	}
	w.old = w.old[:0]
	for id, f := range w.live {
		if !wanted[id] && f.platform == platform && w.ours(f) {
			w.old = append(w.old, f)
		}
	}
	slices.SortFunc(w.old, func(a, b found) int { return strings.Compare(a.id, b.id) })
}

// ours reports whether a statement was made of the same record; an assignment, of any
// wave.
func (w *work) ours(f found) bool {
	if !w.assigns {
		return f.record == w.assessment.Record.Key
	}
	key, err := record.ParseKey(f.record)
	return err == nil && key.Client == w.client.ID && key.Kind == record.KindAssessment
}

// isLater reports whether a statement shows that a later wave was here: it has assigned
// something, or taken something back. An earlier one that comes after it changes nothing.
func (w *work) isLater(f found) bool {
	_, voids := f.voids()
	_, live := w.live[f.id]
	if f.record == w.assessment.Record.Key || !w.ours(f) || !voids && (!live || f.platform != platform) {
		return false
	}
	key, _ := record.ParseKey(f.record)
	at, _ := time.Parse(time.RFC3339Nano, moment(w.assessment.Record.AsOf))
	return cmp.Or(f.at.Compare(at), record.CompareWaves(key.Wave, w.assessment.Body.Wave)) > 0
}

// choose gives an item the first id that is not void.
func (it *item) choose(m maker) {
	for it.ID = m.id(it.seed, it.generation); it.work.voided[it.ID]; it.ID = m.id(it.seed, it.generation) {
		it.generation++
	}
}

// meets says of an item what it means that the LRS has a statement of its id.
func (it *item) meets(f found) {
	if f.is(it.statement) {
		it.state = there
		return
	}
	it.state = refused
	it.why = &web.Refused{Text: "the LRS has another statement of this id", Hint: "find out in the LRS who made it; once it is void, the record can be sent again"}
}

// missing are the items that are to be sent.
func missing(works []*work) []*item {
	var all []*item
	for _, w := range works {
		for _, it := range w.items {
			if w.fault == nil && it.state == needed {
				all = append(all, it)
			}
		}
	}
	return all
}

// diff says for people what would be sent.
func diff(works []*work) string {
	var lines []string
	gone := 0
	for _, w := range works {
		some, n := w.diff()
		lines = append(lines, some...)
		gone += n
	}
	if gone > 0 {
		lines = append(lines, fmt.Sprintf("taken back, since no longer so: %d", gone))
	}
	return cmp.Or(strings.Join(lines, "\n"), "nothing")
}

// diff gives what would be sent, and counts what would only be taken back: a department
// that is left out by now is not named.
func (w *work) diff() ([]string, int) {
	var lines []string
	before := map[string]found{}
	for _, f := range w.old {
		before[slot(f.group, f.verb, f.object)] = f
	}
	replaced := 0
	for _, it := range w.items {
		if it.state != needed {
			continue
		}
		old, ok := before[it.slot()]
		switch {
		case ok && old.raw != nil && fmt.Sprintf("%.2f", *old.raw) == it.says:
			lines = append(lines, fmt.Sprintf("changed: %s %s, in what else is said", it.what, it.says))
		case ok && old.raw != nil:
			lines = append(lines, fmt.Sprintf("%s %.2f -> %s", it.what, *old.raw, it.says))
		case ok:
			lines = append(lines, fmt.Sprintf("changed: %s, %s", it.what, it.says))
		default:
			lines = append(lines, fmt.Sprintf("new: %s %s", it.what, it.says))
		}
		if ok {
			replaced++
		}
	}
	return lines, len(w.old) - replaced
}
