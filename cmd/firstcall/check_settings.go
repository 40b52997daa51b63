package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/firstcall-cli/firstcall/core/dates"
	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/history"
	"github.com/firstcall-cli/firstcall/core/jobs"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// checking is a run of check.
type checking struct {
	in        *invocation
	client    string
	known     *jobs.Known
	set       *jobs.Set
	book      *ruleBook
	builtIn   []*lint.Rule // of the rules that are looked for
	decisions *jobs.Decisions
	since     []record.Job
	sinceDay  string
	// What was said once for the folder at the earlier visit.
	sinceThemes []record.Theme

	named     []string                 // paths as the user named them
	pathOf    map[string]string        // by id
	histories map[string]*history.File // by path
	lock      sync.Mutex               // of what follows
	unread    []record.Unread
	faults    []error
	notes     []string

	unlisted []map[lint.Severity]int // findings of each document that are too many to be listed
	stood    map[string]string       // verdicts at the revision that is compared with, by id
}

// checkSettings reads the flags and the files they name.
func checkSettings(ctx context.Context, in *invocation) (*checking, error) {
	c := &checking{in: in, client: strings.TrimSpace(in.text("client")), pathOf: map[string]string{}, histories: map[string]*history.File{}}
	if err := record.CheckName(c.client); err != nil {
		return nil, usagef("", "--client: %v", err)
	}
	if err := checkForms(in); err != nil {
		return nil, err
	}
	day, err := checkDate(in)
	if err != nil {
		return nil, err
	}
	file, err := c.organization()
	if err != nil {
		return nil, err
	}
	c.known = jobs.NewKnown(file)
	c.set = jobs.NewSet(c.known, day)
	c.set.Reviews = in.config.reviews.In(file)
	c.set.Order = map[string]dates.Order{"month-first": dates.MonthFirst, "day-first": dates.DayFirst}[in.text("date-order")]
	if c.book, err = openRules(in, jobs.Rules()); err != nil {
		return nil, err
	}
	if err := c.book.choose(in); err != nil {
		return nil, err
	}
	for _, r := range c.book.rules {
		if slices.ContainsFunc(jobs.Rules(), func(b *lint.Rule) bool { return b.ID == r.ID }) {
			c.builtIn = append(c.builtIn, r)
		}
	}
	if c.builtIn == nil {
		c.builtIn = []*lint.Rule{} // all are off
	}
	if err := c.readDecisions(ctx); err != nil {
		return nil, err
	}
	return c, c.readSince(ctx)
}

// scheduleForms are the forms that --plan can be written in.
var scheduleForms = []string{"text", "csv", "tsv", "md", "ndjson", "json"}

// checkForms finds a form that does not go with what is to be written.
func checkForms(in *invocation) error {
	switch format := in.text("format"); {
	case format == "":
	case in.on("plan") && !slices.Contains(scheduleForms, format):
		return usagef("one of: "+strings.Join(scheduleForms, ", "), "--plan can't be written as %s", format)
	case !in.on("plan") && format == "md":
		return usagef("check --plan --format md", "md is a form of the schedule that --plan prints")
	}
	return nil
}

// checkDate gives the day of the check, and says so when that is today.
func checkDate(in *invocation) (time.Time, error) {
	text := in.text("as-of")
	if text == "" {
		now := time.Now()
		today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
		in.note("checked as of today, %s; --as-of sets the day", today.Format(time.DateOnly))
		return today, nil
	}
	if err := checkDay(text); err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.DateOnly, text)
}

// userRules gives the rules of the user's for a file.
func (c *checking) userRules(path string) []*lint.Rule {
	all := c.book.forFile(path)
	if len(all) == len(c.builtIn) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all), func(r *lint.Rule) bool { return slices.Contains(c.builtIn, r) })
}

// organization reads the client file with the statements it names.
func (c *checking) organization() (*org.Client, error) {
	path := c.in.text("org")
	if path == "" {
		return nil, nil
	}
	file, err := readClient(path)
	if err != nil {
		return nil, err
	}
	switch c.client {
	case "":
		c.client = file.ID
	case file.ID:
	default:
		return nil, usagef("use one of them", "--client is %s, and %s is about %s", c.client, path, file.ID)
	}
	return file, nil
}

// readClient reads a client file and the statements that it keeps in files of their
// own.
func readClient(path string) (*org.Client, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read client file: %w", err)
	}
	client, err := org.ReadClient(path, src)
	if err != nil {
		return nil, err
	}
	for _, s := range client.StatementFiles() {
		name := filepath.FromSlash(s.Path)
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(path), name)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", s.Key, path, err)
		}
		doc, err := document.Read(name, data)
		if err != nil {
			return nil, err
		}
		*s.Text = strings.TrimSpace(doc.Text)
	}
	return client, nil
}

// clientName is the client's name for people.
func (c *checking) clientName() string {
	if name := c.in.text("client-name"); name != "" {
		return name
	}
	if name := c.in.config.clients[c.client]; name != "" {
		return name
	}
	if c.known != nil && c.known.Client.Name != c.known.Client.ID {
		return c.known.Client.Name
	}
	return ""
}

// readDecisions reads the table of decisions.
func (c *checking) readDecisions(ctx context.Context) error {
	path := c.in.text("decisions")
	if c.in.text("write-decisions") != "" || path != "" {
		c.decisions = jobs.NewDecisions()
	}
	if path == "" {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) && path == c.in.text("write-decisions") {
		return nil // it is written for the first time
	}
	return addDecisions(ctx, c.in, path, c.decisions)
}

// addDecisions adds the decisions of a table.
func addDecisions(ctx context.Context, in *invocation, path string, to *jobs.Decisions) error {
	f, err := openInput(ctx, in, path)
	if err != nil {
		return fmt.Errorf("read decisions: %w", err)
	}
	defer f.Close()
	t, err := survey.OpenTable(path, f, survey.TableOptions{})
	if err != nil {
		return err
	}
	defer t.Close()
	at := map[string]int{}
	for _, name := range jobs.DecisionColumns {
		at[name] = slices.IndexFunc(t.Header(), func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
		if at[name] < 0 && name != "note" {
			return problem.Problem{File: path, Line: 1, What: fmt.Sprintf("no column is called %q", name), Hint: "--write-decisions writes such a table: " + strings.Join(jobs.DecisionColumns, ", ")}
		}
	}
	var faults problem.List
	for {
		line, cells, err := t.Next()
		if errors.Is(err, io.EOF) {
			return faults.Err()
		}
		if err != nil {
			return errors.Join(err, faults.Err())
		}
		cell := func(name string) string {
			if i := at[name]; i >= 0 {
				return cells[i]
			}
			return ""
		}
		if err := to.Add(cell("document"), cell("rule"), cell("quote"), cell("decision"), cell("note")); err != nil {
			faults.Add(problem.Problem{File: path, Line: line, Column: at["decision"] + 1, What: err.Error(), Hint: "write accepted, rejected, or nothing"})
		}
	}
}

// writeDecisions writes the table for the client to fill in.
func (c *checking) writeDecisions() error {
	path := c.in.text("write-decisions")
	if path == "" {
		return nil
	}
	if old, err := os.ReadFile(path); err == nil && path != c.in.text("decisions") && !c.in.on("force") {
		head, _, _ := bytes.Cut(old, []byte("\n"))
		if !bytes.HasPrefix(head, []byte(strings.Join(jobs.DecisionColumns[:4], ","))) {
			return &hinted{fmt.Errorf("%s is there and is no table of decisions", path), "name another file, or replace it with --force"}
		}
		return &hinted{fmt.Errorf("%s is there, and its decisions would be lost", path), "read it as well, with --decisions " + path + ", or replace it with --force"}
	}
	var b bytes.Buffer
	if err := c.decisions.Write(&b); err != nil {
		return fmt.Errorf("write decisions: %w", err)
	}
	if err := replaceFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write decisions: %w", err)
	}
	c.in.note("%s: write accepted or rejected beside each finding, and give the table to --decisions", path)
	return nil
}

// readSince reads the job records of an earlier visit.
func (c *checking) readSince(ctx context.Context) error {
	for _, path := range c.in.list("since") {
		var wrong error
		err := eachRecord(ctx, c.in, path, func(rec *record.Record, line int) {
			if rec.Client.ID != c.client {
				return
			}
			if rec.Kind == record.KindFolder {
				if f, err := rec.Folder(); err == nil {
					c.sinceThemes = append(c.sinceThemes, f.Themes...)
				}
			}
			if rec.Kind != record.KindJob {
				return
			}
			j, err := rec.Job()
			if err != nil && wrong == nil {
				wrong = fmt.Errorf("%s:%d: %w", path, line, err)
			}
			c.since = append(c.since, j)
			c.sinceDay = max(c.sinceDay, rec.AsOf)
		})
		if err = errors.Join(err, wrong); err != nil {
			return err
		}
	}
	if c.in.list("since") != nil && len(c.since) == 0 {
		whose := "without a client"
		if c.client != "" {
			whose = "of " + c.client
		}
		return &hinted{fmt.Errorf("--since: there are no job records %s", whose), "give the records that check wrote then, and the same --client"}
	}
	return nil
}
