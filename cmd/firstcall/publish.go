package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/plan"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

// publishAll makes the records of a result and writes them. earlier is what
// went wrong before with a part of the files; what could be read is written
// all the same.
func publishAll(ctx context.Context, in *invocation, result *score.Result, req disclosure.Request, b *book, earlier error) error {
	saveMemory(result)
	previous, err := previousWaves(ctx, in)
	if err != nil {
		return errors.Join(earlier, err)
	}
	req.Released, req.Lacking = b.releases, result.Lacking
	blame := blameProgram
	if len(b.releases) > 0 {
		blame = blameLedger
	}
	records, err := publish(ctx, in, result, req, previous)
	if err != nil {
		return errors.Join(earlier, leakError(err, blame))
	}
	blame = blameProgram // the ledger had no part in what comes now
	if len(previous) > 0 {
		blame = blamePrevious
	}
	if err := disclosure.AuditTogether(ctx, records, previous); err != nil {
		return errors.Join(earlier, leakError(err, blame))
	}
	if len(records) == 0 && earlier != nil {
		return earlier
	}
	if err := b.enter(records); err != nil {
		return errors.Join(earlier, err)
	}
	return errors.Join(writeRecords(in, records), earlier)
}

// Records take memory in proportion to the groups and items they tell of; see
// saveMemory.
const (
	baseMemory  = 36 << 20
	tableMemory = 192 << 20 // to choose what to withhold where groupings meet
	cellMemory  = 1 << 11   // for each item of each group, and the proof that it gives nothing away
)

// saveMemory makes up for the rare collections of garbage in short runs, see
// main: they are to come when memory would pass what the records need.
func saveMemory(result *score.Result) {
	cells, tables := int64(0), int64(0)
	for _, a := range result.Assessments {
		if len(a.Groupings) > 1 {
			tables = tableMemory
		}
		groups := len(a.Atoms)
		for _, g := range a.Groupings {
			groups += len(g.Groups)
		}
		cells += int64(groups * len(a.Total.Items))
	}
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(baseMemory + tables + cellMemory*cells)
	}
}

// publish makes the records.
func publish(ctx context.Context, in *invocation, result *score.Result, req disclosure.Request, previous []*record.Record) ([]*record.Record, error) {
	if clients := clientsOf(result); in.text("client-name") != "" && len(clients) > 1 {
		return nil, usagef("name them under [clients] in firstcall.toml", "--client-name names one client, and there are %d: %s", len(clients), shortList(clients, 8))
	}
	var records []*record.Record
	told := len(previous)
	withheld := false
	for i, a := range result.Assessments {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		each := req
		if name := in.config.clients[a.Client]; name != "" && each.ClientName == "" {
			each.ClientName = name
		}
		each.Note = func(text string) { in.note("%s%s", label(a), text) }
		each.Previous = before(in, previous, told, a, req.Instrument.ID)
		rec, err := disclosure.Publish(ctx, a, each)
		if err != nil {
			return nil, err
		}
		body := rec.Assessment.Body()
		withheld = withheld || body.AnyWithheld()
		previous = append(previous, rec)
		records = append(records, rec)
		if !in.on("plan") || i+1 < len(result.Assessments) && result.Assessments[i+1].Client == a.Client {
			continue // what is to be done follows from the latest wave
		}
		if actions, any := plan.Make(body, req.Instrument, rec.AsOf); any {
			todo, err := record.NewPlan(rec, actions)
			if err != nil {
				return nil, err
			}
			records = append(records, todo)
		}
	}
	if withheld {
		in.note("some results are withheld to protect people's answers")
	}
	if in.on("plan") && req.AsOf == "" {
		in.note("the plan has no due dates; --as-of DATE gives it some")
	}
	tellStrange(in, result, req.Headcounts)
	return records, nil
}

// before finds the latest wave of the same client and instrument that comes
// before one. told is how many of the records the user named as earlier ones.
func before(in *invocation, records []*record.Record, told int, a *score.Assessment, instrumentID string) *record.AssessmentBody {
	var latest *record.AssessmentBody
	for i, r := range records {
		body := r.Assessment.Body()
		if r.Client.ID != a.Client || body.Instrument.ID != instrumentID || body.Wave == a.Wave {
			continue
		}
		order, certain := record.CompareWaves(body.Wave, a.Wave), record.WavesCertain(body.Wave, a.Wave)
		switch {
		case i < told && certain && order > 0:
			in.note("%s is a later wave than %s and not compared with it", r.Key, a.Wave)
			continue
		case i >= told && !certain:
			in.note("%swaves %q and %q are not compared: their names do not tell which came first; call them for example 2026-q1 and 2026-q3", labelOf(a.Client), body.Wave, a.Wave)
			continue
		}
		if latest == nil || record.CompareWaves(body.Wave, latest.Wave) > 0 {
			latest = &body
		}
	}
	return latest
}

// labelOf names a client in a note.
func labelOf(client string) string {
	if client == "" {
		return ""
	}
	return client + ": "
}

// previousWaves reads the assessments that --previous names.
func previousWaves(ctx context.Context, in *invocation) ([]*record.Record, error) {
	var out []*record.Record
	for _, path := range in.list("previous") {
		err := eachRecord(ctx, in, path, func(rec *record.Record, _ int) {
			if rec.Kind == record.KindAssessment {
				out = append(out, rec)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// clientsOf lists the clients of a result, each once.
func clientsOf(result *score.Result) []string {
	var clients []string
	for _, a := range result.Assessments {
		if !slices.Contains(clients, a.Client) {
			clients = append(clients, a.Client)
		}
	}
	return clients
}

func writeRecords(in *invocation, records []*record.Record) error {
	if err := render.Records(in.out, in.format(), records, render.Options{Width: in.width, Color: in.color}); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// checkDay checks the value of --as-of.
func checkDay(day string) error {
	if day == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return usagef("write it as 2026-09-30", "--as-of: %q is not a date", day)
	}
	return nil
}
