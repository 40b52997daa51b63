// Package rows decodes the records of exporters that write tables into rows, by as
// many workers as there are processors, and words what is wrong with a record that
// has none.
package rows

import (
	"context"
	"fmt"
	"runtime"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Decoded is a record with its rows.
type Decoded struct {
	Index  int // among the records given
	Record *record.Record
	Rows   []flat.Rows
	Err    error // why there are none
}

// Of decodes one record.
func Of(r sdk.Record) (*record.Record, []flat.Rows, error) {
	// As Decode, without going through the text twice before.
	rec := &record.Record{}
	if err := rec.UnmarshalJSON(r.JSON); err != nil {
		return nil, nil, err
	}
	if rec.Kind != r.Kind || rec.Key != r.Key {
		return nil, nil, fmt.Errorf("it is sent as %s and is %s", r.Key, rec.Key)
	}
	made, err := flat.Record(rec)
	return rec, made, err
}

// Kinds are the kinds of record that there are tables for.
func Kinds() []record.Kind {
	var kinds []record.Kind
	for _, table := range flat.Tables() {
		kinds = append(kinds, table.Kind)
	}
	return kinds
}

// Tables are the tables of the kinds that records are of. Documents that could not be
// read make rows among the jobs, also when there is no job.
func Tables(records []sdk.Record) []*flat.Table {
	seen := map[record.Kind]bool{}
	for _, r := range records {
		seen[r.Kind] = true
	}
	for _, r := range records {
		if r.Kind == record.KindFolder && !seen[record.KindJob] {
			_, made, _ := Of(r)
			seen[record.KindJob] = len(made) > 1
		}
	}
	var tables []*flat.Table
	for _, table := range flat.Tables() {
		if seen[table.Kind] {
			tables = append(tables, table)
		}
	}
	return tables
}

// Each decodes the records that want picks and visits them in their order. Few are
// decoded at a time, so that memory does not grow with the number of records. It
// returns the first error of visit, or that of ctx.
func Each(ctx context.Context, records []sdk.Record, want func(sdk.Record) bool, visit func(Decoded) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	type job struct {
		index int
		done  chan Decoded
	}
	work := make(chan job)
	order := make(chan job, 4*workers) // bounds what is decoded and not yet visited
	for range workers {
		go func() {
			for j := range work {
				rec, made, err := Of(records[j.index])
				j.done <- Decoded{j.index, rec, made, err}
			}
		}()
	}
	go func() {
		defer close(work)
		defer close(order)
		for i, r := range records {
			if !want(r) {
				continue
			}
			j := job{i, make(chan Decoded, 1)}
			select {
			case <-ctx.Done():
				return
			case order <- j:
			}
			work <- j // a worker is free soon: none waits for visit
		}
	}()
	for j := range order {
		if err := visit(<-j.done); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Refused is the outcome of a record that has no rows. exporter begins its code.
func Refused(exporter string, err error) sdk.Outcome {
	return sdk.Reject(exporter+".record", "not a record that can be read: "+err.Error(),
		"make it again with the version of firstcall you are using")
}
