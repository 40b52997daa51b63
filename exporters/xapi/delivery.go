package xapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// delivery sends statements, as many in a request as may be.
type delivery struct {
	*session
	down error // why nothing more is sent for now; nil: it goes on
}

// send sends items. The error is what ends the export.
func (d *delivery) send(ctx context.Context, items []*item) error {
	done := 0
	for some := range slices.Chunk(items, d.batch) {
		if done += len(some); done%(20*d.batch) == 0 { // a host wants to hear of long work
			sdk.Progress(ctx, fmt.Sprintf("sending statement %d of %d", done, len(items)))
		}
		if d.down != nil {
			fail(some, d.down)
			continue
		}
		if err := d.some(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// fail says why items could not be sent.
func fail(items []*item, why error) {
	for _, it := range items {
		if it.state == needed {
			it.work.fault = why
		}
	}
}

// mostTries is how often items are sent whose answer is lost.
const mostTries = 4

// some sends items in one request. Where its answer is lost, it is looked up what became
// of them before they are sent again.
func (d *delivery) some(ctx context.Context, items []*item) error {
	for try := 1; len(items) > 0; try++ {
		err := d.store.put(ctx, statements(items))
		var no *web.Refused
		switch {
		case err == nil:
			for _, it := range items {
				it.state, it.work.last = stored, it.ID
			}
			return nil
		case errors.As(err, &no):
			return d.divide(ctx, items, no)
		case !passing(err):
			return err
		case !errors.As(err, new(*web.Unsure)) || try == mostTries:
			d.down = err
			fail(items, err)
			return nil
		}
		if items, err = d.lost(ctx, items); err != nil {
			return err
		}
	}
	return nil
}

func statements(items []*item) []statement {
	all := make([]statement, len(items))
	for i, it := range items {
		all[i] = it.statement
	}
	return all
}

// lost gives the items that an LRS does not have, after an answer was lost.
func (d *delivery) lost(ctx context.Context, items []*item) ([]*item, error) {
	looked := map[*work]bool{}
	for _, it := range items {
		w := it.work
		if looked[w] {
			continue
		}
		looked[w] = true
		all, err := d.store.of(ctx, w.registration)
		if err != nil && !passing(err) {
			return nil, err
		}
		if err != nil {
			w.fault = err
			continue
		}
		for _, f := range all {
			if at := slices.IndexFunc(items, func(it *item) bool { return it.ID == f.id && it.work == w }); at >= 0 {
				if items[at].meets(f); items[at].state == there { // just now, by what was sent
					items[at].state, w.last = stored, f.id
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(items), func(it *item) bool { return it.state != needed || it.work.fault != nil }), nil
}

// divide finds out which of some items it is for which an LRS has refused all.
func (d *delivery) divide(ctx context.Context, items []*item, no *web.Refused) error {
	if len(items) == 1 {
		return d.alone(ctx, items[0], no)
	}
	half := len(items) / 2
	for _, part := range [][]*item{items[:half], items[half:]} {
		if d.down != nil {
			fail(part, d.down)
			continue
		}
		if err := d.some(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// alone says what it means that one item is refused: the LRS may have it already, or
// have another statement of its id, or have voided it.
func (d *delivery) alone(ctx context.Context, it *item, no *web.Refused) error {
	f, ok, err := d.store.one(ctx, it.ID, false)
	switch {
	case err == nil && ok:
		if target, voids := f.voids(); voids && it.seed == "" && target == it.Object.ID {
			it.state = there // also when another record has taken it back
			return nil
		}
		it.meets(f)
		return nil
	case err == nil:
		_, ok, err = d.store.one(ctx, it.ID, true)
	}
	if err == nil && ok && it.seed != "" && !it.work.voided[it.ID] {
		it.work.voided[it.ID] = true
		it.choose(d.maker)
		return d.some(ctx, []*item{it})
	}
	if err == nil && it.seed == "" { // which voids: somebody else may have done that
		_, ok, err = d.store.one(ctx, it.Object.ID, true)
		if err == nil && ok {
			it.state = there
			return nil
		}
	}
	switch {
	case err == nil && no.Status == http.StatusConflict && !it.again:
		it.again = true // what it met is gone, or was another request
		return d.some(ctx, []*item{it})
	case err == nil:
		it.state, it.why = refused, no
	case passing(err):
		it.work.fault = err
	default:
		return err
	}
	if it.why != nil && it.why.Status == http.StatusRequestEntityTooLarge {
		it.why = &web.Refused{Text: "the LRS takes no statement of this size: " + no.Text}
	}
	return nil
}
