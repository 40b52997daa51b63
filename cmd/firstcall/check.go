package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/jobs"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/record"
)

func runCheck(ctx context.Context, in *invocation) error {
	go lexicon.EnglishJobs() // made while settings and files are read
	c, err := checkSettings(ctx, in)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	// A long document is read in one go; who stops the run does not wait for that.
	go func() { done <- c.work(ctx) }()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case err := <-done:
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	}
}

// work does all of the check after its settings are read.
func (c *checking) work(ctx context.Context) error {
	files, err := c.files()
	if err != nil {
		return err
	}
	if len(files) > manyFiles && os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		// See main: here new memory costs more than collecting it.
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(checkMemory + fileMemory*int64(len(files)))
	}
	papers, err := c.read(ctx, files)
	if err != nil {
		return err
	}
	judged, err := c.judge(ctx, papers)
	if err != nil {
		return err
	}
	gate := c.gate(judged) // before what is true of all is taken out of each
	out, err := c.rollUp(ctx, judged)
	if err != nil {
		return err
	}
	// What could not be read is told also where what was found can't be written.
	if err := c.writeDecisions(); err != nil {
		return errors.Join(append(c.faults, err)...)
	}
	if err := c.write(out); err != nil {
		return errors.Join(append(c.faults, err)...)
	}
	return errors.Join(append(c.faults, gate)...)
}

// manyFiles is from how many files on memory is collected as often as is usual.
const manyFiles = 500

// Memory that a check of many files should do with, besides the program's own: what all
// share, and what each file of usual length takes.
const (
	checkMemory = 100 << 20
	fileMemory  = 36 << 10
)

// judge judges all documents that could be read, beside each other.
func (c *checking) judge(ctx context.Context, papers []*jobs.Paper) ([]*record.Job, error) {
	for _, p := range papers {
		if p != nil {
			c.set.Add(p)
		}
	}
	c.set.Settle()
	before, err := c.before(ctx)
	if err != nil {
		return nil, err
	}
	ordered := c.set.Papers()
	out := make([]*record.Job, len(ordered))
	failed := make([]error, len(ordered))
	c.unlisted = make([]map[lint.Severity]int, len(ordered))
	opt := jobs.Options{Rules: c.builtIn, Accept: c.rejects}
	if before != nil {
		opt.PerRule = math.MaxInt // what is new may be beyond what is listed
	}
	parallelOn(ctx, runtime.GOMAXPROCS(0), len(ordered), func() func(int) {
		return func(i int) {
			j := ordered[i].Judge(opt)
			if before != nil {
				before.newOnly(&j.Job)
			}
			out[i], failed[i], c.unlisted[i] = &j.Job, j.Result.Failed.Err(), j.Result.Unlisted
		}
	})
	c.faults = append(c.faults, failed...)
	return out, ctx.Err()
}

// rejects says whether the client has rejected a finding.
func (c *checking) rejects(id string, rule *lint.Rule, quote string) bool {
	if c.decisions == nil {
		return false
	}
	return c.decisions.Meet(id, rule.ID, quote)
}

// checked is what a check brought to light.
type checked struct {
	jobs   []*record.Record
	bodies []*record.Job
	folder *record.Record
	sums   record.Folder
	plan   *record.Record
	todo   record.Plan
}

// rollUp sums the documents up and makes the records.
func (c *checking) rollUp(ctx context.Context, judged []*record.Job) (checked, error) {
	slices.SortFunc(c.unread, func(a, b record.Unread) int {
		return cmp.Or(record.CompareNatural(a.File, b.File), strings.Compare(a.File, b.File))
	})
	roll := jobs.Roll{ID: c.folderName(), Unread: c.unread, NewOnly: c.in.text("base") != "", Since: c.since, SinceThemes: c.sinceThemes, SinceDay: c.sinceDay}
	if c.decisions != nil {
		roll.Decisions = c.decisions.Precision()
	}
	out := checked{bodies: judged, sums: c.set.RollUp(judged, roll)}
	out.todo = jobs.Plan(out.sums, judged, c.set.AsOf)
	envelope := record.Record{
		Client: record.Client{ID: c.client, Name: c.clientName()}, AsOf: c.set.AsOf.Format("2006-01-02"),
		Tool: record.Tool{Name: "firstcall", Version: version},
	}
	all := make([]string, len(judged))
	failed := make([]error, len(judged))
	out.jobs = make([]*record.Record, len(judged))
	parallelOn(ctx, runtime.GOMAXPROCS(0), len(judged), func() func(int) {
		return func(i int) {
			one := envelope
			all[i] = baseName(judged[i].ID)
			one.Sources = all[i : i+1 : i+1]
			out.jobs[i], failed[i] = record.NewJob(one, *judged[i])
		}
	})
	if err := errors.Join(append(failed, ctx.Err())...); err != nil {
		return out, err
	}
	all = slices.Clone(all) // the records keep theirs
	for _, u := range c.unread {
		all = append(all, baseName(u.File))
	}
	slices.Sort(all)
	envelope.Sources = slices.Compact(all)
	var err error
	if out.folder, err = record.NewFolder(envelope, out.sums); err != nil {
		return out, err
	}
	if out.plan, err = record.NewPlan(out.folder, out.todo); err != nil {
		return out, err
	}
	return out, nil
}

func baseName(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// folderName is how the folder is called in its record: what the named paths have in
// common.
func (c *checking) folderName() string {
	var common []string
	for i, p := range c.named {
		if p == "-" {
			p = "."
		}
		parts := strings.Split(documentID(filepath.Clean(p)), "/")
		if info, err := os.Stat(p); err == nil && !info.IsDir() {
			parts = parts[:len(parts)-1]
		}
		if i == 0 {
			common = parts
			continue
		}
		n := 0
		for n < len(common) && n < len(parts) && common[n] == parts[n] {
			n++
		}
		common = common[:n]
	}
	name := strings.Join(common, "/")
	if name == "" {
		return "."
	}
	return name
}

// write writes what was found.
func (c *checking) write(out checked) error {
	format := c.format()
	opt := render.Options{Width: c.in.width, Color: c.in.color}
	var err error
	switch {
	case format == "ndjson" || format == "json":
		all := append(slices.Clone(out.jobs), out.folder, out.plan)
		if c.in.on("plan") {
			all = []*record.Record{out.plan}
		}
		err = render.Records(c.in.out, format, all, opt)
	default:
		r := render.Checked{Folder: &out.sums, FolderRecord: out.folder, Plan: &out.todo, Rules: ruleTexts(c.book.all()), Version: version, AsOf: out.folder.AsOf}
		r.Root, _ = os.Getwd() // without it, absolute names become base names
		for i, j := range out.bodies {
			r.Jobs = append(r.Jobs, render.CheckedJob{Record: out.jobs[i], Job: *j})
		}
		if c.in.on("plan") {
			err = render.Schedule(c.in.out, format, r, opt)
		} else {
			err = render.Jobs(c.in.out, format, r, opt)
		}
	}
	if err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// format is the form of the output: on a terminal, text.
func (c *checking) format() string {
	if c.in.text("format") == "" && c.in.outTerminal {
		return "text"
	}
	return c.in.format()
}

// gate checks what the user said must hold.
func (c *checking) gate(judged []*record.Job) error {
	what := c.in.text("fail-on")
	if what == "" {
		return nil
	}
	var failing []string
	n := 0
	least, isLevel := lint.ParseSeverity(what)
	fails := func(verdict string) bool { return verdict == "stale" || verdict == "overdue" && what == "overdue" }
	for i, j := range judged {
		switch {
		case isLevel:
			for _, f := range j.Findings {
				if s, _ := lint.ParseSeverity(f.Severity); s >= least {
					n++
				}
			}
			for s, more := range c.unlisted[i] {
				if s >= least {
					n += more
				}
			}
		case fails(j.Verdict) && !fails(c.stood[j.ID]):
			failing = append(failing, j.ID)
		}
	}
	switch {
	case n > 0:
		return &gateError{what: fmt.Sprintf("%s at or above %s", count(n, "finding"), what), hint: "firstcall rules show RULE explains one; --decisions takes out those that are wrong"}
	case len(failing) > 0:
		return &gateError{what: fmt.Sprintf("%s %s: %s", count(len(failing), "document"), map[string]string{"stale": "stale", "overdue": "stale or overdue"}[what], shortList(failing, 5))}
	}
	return nil
}
