package crm

import (
	"context"
	"errors"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const (
	// rounds is how often something is written whose answers are lost.
	rounds = 4
	// settling is waited before something is looked for whose answer was lost.
	settling = 100 * time.Millisecond
)

// passing is an error when it may be over later: a *web.Busy or a *web.Quota.
func passing(err error) error {
	var busy *web.Busy
	var quota *web.Quota
	var unsure *web.Unsure
	switch {
	case errors.As(err, &busy):
		return busy
	case errors.As(err, &quota):
		return quota
	case errors.As(err, &unsure):
		return &web.Busy{Text: unsure.Text}
	}
	return nil
}

// passing is an error when it may be over later. A quota that is used up ends the batch.
func (s *session) passing(err error) error {
	later := passing(err)
	errors.As(later, &s.quota)
	return later
}

// Write writes what a batch comes to.
func (s *session) Write(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	works, outcomes, err := s.begin(ctx, batch)
	if err != nil {
		return nil, err
	}
	if err := s.writeCompanies(ctx, works); err != nil {
		return nil, err
	}
	for _, kind := range []EntryKind{NoteEntry, TaskEntry} {
		if err := s.writeEntries(ctx, kind, works); err != nil {
			return nil, err
		}
	}
	return s.outcomes(len(batch), works, outcomes), nil
}

// writeCompanies makes and changes companies.
func (s *session) writeCompanies(ctx context.Context, works []*work) error {
	var made, changed []*work
	for _, w := range works {
		switch {
		case w.fault != nil || w.status == sdk.Unchanged:
		case w.status == sdk.Created:
			made = append(made, w)
		default:
			changed = append(changed, w)
		}
	}
	err := s.repeat(ctx, len(made), s.System.Limits().Write, func(at []int) ([]Result, error) {
		return s.System.CreateCompanies(ctx, s.keyField(), changesOf(pick(made, at)))
	}, func(i int, r Result) {
		made[i].id, made[i].fault = r.ID, r.Err
		s.sent[made[i].client.id] = s.sent[made[i].client.id] || r.Err == nil
	}, func(unsure []int) ([]int, error) {
		lost := pick(made, unsure)
		for _, w := range lost {
			s.sent[w.client.id] = true
		}
		if err := s.lookUp(ctx, lost); err != nil {
			return nil, err
		}
		var missing []int
		for i, w := range lost {
			if w.fault == nil && w.found == nil {
				missing = append(missing, unsure[i])
			}
		}
		return missing, nil
	})
	if err != nil {
		return err
	}
	return s.repeat(ctx, len(changed), s.System.Limits().Write, func(at []int) ([]Result, error) {
		return s.System.UpdateCompanies(ctx, changesOf(pick(changed, at)))
	}, func(i int, r Result) { changed[i].fault = r.Err }, again)
}

// again says of changes that they are made again when their answer was lost: made twice
// they are what they are once.
func again(unsure []int) ([]int, error) { return unsure, nil }

func changesOf(works []*work) []Company {
	out := make([]Company, len(works))
	for i, w := range works {
		out[i] = w.change
	}
	return out
}

// writeEntries makes and changes the notes, or the tasks, of clients whose company is
// there.
func (s *session) writeEntries(ctx context.Context, kind EntryKind, works []*work) error {
	var made, changed []*entryWork
	for _, w := range works {
		for _, e := range w.entries {
			e.entry.Company = w.id
			switch {
			case w.fault != nil || e.kind != kind || e.status == sdk.Unchanged:
			case e.status == sdk.Created:
				made = append(made, e)
			default:
				changed = append(changed, e)
			}
		}
	}
	err := s.repeat(ctx, len(made), s.System.Limits().Entries, func(at []int) ([]Result, error) {
		return s.System.CreateEntries(ctx, kind, entriesOf(pick(made, at)))
	}, func(i int, r Result) {
		made[i].entry.ID, made[i].fault = r.ID, r.Err
	}, func(unsure []int) ([]int, error) {
		lost := pick(made, unsure)
		err := s.findEntries(ctx, kind, lost, func(e *entryWork, err error) { e.fault = err })
		var missing []int
		for i, e := range lost {
			e.status = sdk.Created
			if e.fault == nil && e.entry.ID == "" {
				missing = append(missing, unsure[i])
			}
		}
		return missing, err
	})
	if err != nil {
		return err
	}
	return s.repeat(ctx, len(changed), s.System.Limits().Entries, func(at []int) ([]Result, error) {
		return s.System.UpdateEntries(ctx, kind, entriesOf(pick(changed, at)))
	}, func(i int, r Result) { changed[i].fault = r.Err }, again)
}

func entriesOf(works []*entryWork) []Entry {
	out := make([]Entry, len(works))
	for i, e := range works {
		out[i] = e.entry
	}
	return out
}

// repeat has n objects written, at most limit in a call. done is told the result of each.
// Of those that nobody knows about, missing says which are to be written again.
func (s *session) repeat(ctx context.Context, n, limit int, write func(at []int) ([]Result, error), done func(i int, r Result), missing func(unsure []int) ([]int, error)) error {
	todo := make([]int, n)
	for i := range todo {
		todo[i] = i
	}
	for round := 1; len(todo) > 0; round++ {
		if s.quota != nil {
			for _, at := range todo {
				done(at, Result{Err: s.quota})
			}
			return nil
		}
		results, unsure, err := inParts(ctx, len(todo), limit, func(at []int) ([]Result, error) { return write(pick(todo, at)) })
		if err != nil {
			return s.ends(err)
		}
		lost := map[int]bool{}
		for _, i := range unsure {
			lost[i] = true
		}
		var left []int
		for i, at := range todo {
			if lost[i] {
				left = append(left, at)
			} else {
				errors.As(results[i].Err, &s.quota)
				done(at, results[i])
			}
		}
		if len(left) == 0 {
			return nil
		}
		if err := s.Sleep(ctx, settling<<(round-1)); err != nil {
			return err
		}
		if todo, err = missing(left); err != nil {
			return err
		}
		if round == rounds {
			for _, at := range todo {
				done(at, Result{Err: &web.Busy{Text: "the answers of the server were lost again and again"}})
			}
			return nil
		}
	}
	return nil
}
