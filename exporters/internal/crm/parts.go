package crm

import (
	"context"
	"errors"
	"fmt"

	"github.com/firstcall-cli/firstcall/exporters/internal/web"
)

// inParts has a number of objects written, at most limit in a call. A call that is
// refused as a whole is made again in halves, until the object that is refused is known
// by itself and the others are written.
//
// It gives what became of each object, and which may have been written and nobody knows:
// those have no result. The error ends everything.
func inParts(ctx context.Context, n, limit int, write func(at []int) ([]Result, error)) (results []Result, unsure []int, err error) {
	results = make([]Result, n)
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	var stop error // no object is written any more for that reason
	var part func(at []int) error
	part = func(at []int) error {
		if stop != nil {
			setAll(results, at, stop)
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		got, err := write(at)
		switch {
		case err == nil && len(got) != len(at):
			return fmt.Errorf("%d results came for %d objects", len(got), len(at))
		case err == nil:
			for i, r := range got {
				results[at[i]] = r
				if errors.As(r.Err, new(*web.Quota)) {
					stop = r.Err
				}
			}
			return nil
		case errors.As(err, new(*web.Unsure)):
			unsure = append(unsure, at...)
			return nil
		case errors.As(err, new(*web.Busy)):
			setAll(results, at, err)
			return nil
		case errors.As(err, new(*web.Quota)):
			stop = err
			setAll(results, at, err)
			return nil
		case !errors.As(err, new(*web.Refused)):
			return err
		case len(at) == 1:
			results[at[0]] = Result{Err: err}
			return nil
		}
		if err := part(at[:len(at)/2]); err != nil {
			return err
		}
		return part(at[len(at)/2:])
	}
	for len(all) > 0 {
		size := min(limit, len(all))
		if err := part(all[:size]); err != nil {
			return nil, nil, err
		}
		all = all[size:]
	}
	return results, unsure, nil
}

func setAll(results []Result, at []int, err error) {
	for _, i := range at {
		results[i] = Result{Err: err}
	}
}

// pick are the elements at some indexes.
func pick[T any](all []T, at []int) []T {
	out := make([]T, len(at))
	for i, n := range at {
		out[i] = all[n]
	}
	return out
}

// chunks visits a slice in pieces of at most size.
func chunks[T any](all []T, size int, visit func([]T) error) error {
	for len(all) > 0 {
		n := min(size, len(all))
		if err := visit(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}
