package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/vision"
)

func runLint(ctx context.Context, in *invocation) error {
	go lexicon.English() // made while settings and files are read
	set, err := lintSettings(ctx, in)
	if err != nil {
		return err
	}
	files, bad, err := lintFiles(in)
	if err != nil {
		return err
	}
	boundMemory(set, files)
	var read []readResult
	work := func() {
		var err error
		read, err = readAll(ctx, in, set, files)
		bad = errors.Join(bad, err)
		if ctx.Err() == nil {
			bad = errors.Join(bad, judgeAll(ctx, in, set, read))
		}
	}
	// A long document is read and judged in one go; who stops the run does not wait
	// for that.
	done := make(chan struct{})
	go func() { defer close(done); work() }()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-done:
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if set.fixing {
		return errors.Join(bad, applyFixes(in, read))
	}
	statements, err := gather(in, read)
	bad = errors.Join(bad, err)
	if len(statements) == 0 && bad != nil && !whole(textFormat(in)) {
		return bad
	}
	if err := writeBaseline(in, set, bad); err != nil {
		return errors.Join(bad, err)
	}
	if err := writeStatements(in, set, statements); err != nil {
		return errors.Join(bad, err)
	}
	tellStale(in, set, statements)
	return errors.Join(bad, gates(in, statements))
}

// With a document of this size and more, memory is bounded: to lintMemory, what the
// document takes, and what the records of the other files take.
const (
	largeDocument = 4 << 20
	lintMemory    = 20 << 20
	recordMemory  = 64 << 10
)

// boundMemory makes up for the rare collections of garbage in short runs, see main:
// where a long document is read, they are to come before memory is a multiple of
// it.
func boundMemory(set *lintSet, files []string) {
	largest := int64(0)
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && !set.table(f) {
			largest = max(largest, info.Size())
		}
	}
	if largest >= largeDocument && os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(lintMemory + largest + recordMemory*int64(len(files)))
	}
}

// whole says whether a format is one document, which must be there though nothing is
// in it.
func whole(format string) bool {
	return slices.Contains([]string{"json", "sarif", "junit", "checkstyle"}, format)
}

// linted is a statement with its record.
type linted struct {
	client string
	body   *record.Statement
	source string         // base name of the file
	record *record.Record // the envelope; the body is put in where records are written
	// unlisted counts findings that are too many to be listed.
	unlisted map[lint.Severity]int
}

// gather puts the statements of all files in order, and compares each client's.
func gather(in *invocation, read []readResult) ([]linted, error) {
	var all []linted
	for _, r := range read {
		for _, u := range r.units {
			all = append(all, u.judged)
		}
	}
	slices.SortStableFunc(all, func(a, b linted) int {
		if c := record.CompareNatural(a.client, b.client); c != 0 {
			return c
		}
		return record.CompareNatural(a.body.ID, b.body.ID)
	})
	if clients := clientsAmong(all); in.text("client-name") != "" && len(clients) > 1 {
		return nil, usagef("name them under [clients] in firstcall.toml", "--client-name names one client, and there are %d: %s", len(clients), shortList(clients, 8))
	}
	for start := 0; start < len(all); {
		end := start
		var of []*record.Statement
		for end < len(all) && all[end].client == all[start].client {
			of = append(of, all[end].body)
			end++
		}
		vision.Rank(of)
		start = end
	}
	var faults []error
	kept := all[:0]
	for i, l := range all {
		if n := len(kept); n > 0 && kept[n-1].client == l.client && kept[n-1].body.ID == l.body.ID {
			faults = append(faults, twice(kept[n-1], l))
			continue
		}
		name := in.text("client-name")
		if name == "" {
			name = in.config.clients[l.client]
		}
		l.record = &record.Record{
			Client: record.Client{ID: l.client, Name: name}, AsOf: in.text("as-of"), Sources: []string{l.source},
			Tool: record.Tool{Name: "firstcall", Version: version},
		}
		kept = append(kept, all[i])
		kept[len(kept)-1].record = l.record
	}
	return kept, errors.Join(faults...)
}

// twice is the error of two statements with one name.
func twice(a, b linted) error {
	of := ""
	if a.client != "" {
		of = " of " + a.client
	}
	first, second := placeName(a.body.Place), placeName(b.body.Place)
	if first == second {
		return &hinted{fmt.Errorf("%s is read twice", first), "name each file once; a folder holds the files in it"}
	}
	return &hinted{fmt.Errorf("two statements%s are called %q: at %s and at %s", of, a.body.ID, first, second), "give each an id of its own: in a table, --id-column names the column"}
}

// placeName is how a place is called: file:line.
func placeName(p record.Place) string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

func clientsAmong(all []linted) []string {
	var clients []string
	for _, l := range all { // sorted by client
		if n := len(clients); n == 0 || clients[n-1] != l.client {
			clients = append(clients, l.client)
		}
	}
	return clients
}

// textFormat is the form of the output of what is a text on a terminal, not a table.
func textFormat(in *invocation) string {
	if in.text("format") == "" && in.outTerminal {
		return "text"
	}
	return in.format()
}

func writeStatements(in *invocation, set *lintSet, all []linted) error {
	opt := render.Options{Width: in.width, Color: in.color}
	format := textFormat(in)
	var err error
	switch format {
	case "ndjson", "json":
		records := make([]*record.Record, len(all))
		for i, l := range all {
			if records[i], err = record.NewStatement(*l.record, *l.body); err != nil {
				return err
			}
		}
		err = render.Records(in.out, format, records, opt)
	default:
		out := render.Lint{Rules: ruleTexts(set.book.all()), Version: version}
		out.Root, _ = os.Getwd() // without it, absolute names become base names
		for _, l := range all {
			out.Statements = append(out.Statements, render.Linted{Record: l.record, Statement: *l.body})
		}
		err = render.Statements(in.out, format, out, opt)
	}
	if err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	if format == "text" && in.outTerminal && len(all) > 5 {
		in.note("%d statements; --format table shows them at a glance", len(all))
	}
	return nil
}

func ruleTexts(rules []*lint.Rule) []render.RuleText {
	out := make([]render.RuleText, len(rules))
	for i, r := range rules {
		out[i] = render.RuleText{ID: r.ID, Title: r.Title, Why: r.Why, Fix: r.Fix, Source: r.Source, Severity: r.Severity.String()}
	}
	return out
}

// gates checks what the user said must hold.
func gates(in *invocation, all []linted) error {
	var failed []error
	if level := in.text("fail-on"); level != "" {
		least, _ := lint.ParseSeverity(level)
		n := 0
		for _, l := range all {
			for _, f := range l.body.Findings {
				if s, _ := lint.ParseSeverity(f.Severity); s >= least {
					n++
				}
			}
			for s, more := range l.unlisted {
				if s >= least {
					n += more
				}
			}
		}
		if n > 0 {
			failed = append(failed, &gateError{what: fmt.Sprintf("%s at or above %s", count(n, "finding"), level), hint: "firstcall rules show RULE explains one; --baseline accepts those you know"})
		}
	}
	for _, bar := range in.list("fail-under") {
		part, least, err := parseBar(bar)
		if err != nil {
			return err
		}
		var under []string
		for _, l := range all {
			if v := l.body.Verdict; v != nil && partScore(v, part) < least {
				under = append(under, l.body.ID)
			}
		}
		if len(under) > 0 {
			failed = append(failed, &gateError{what: fmt.Sprintf("%s below %s: %s", count(len(under), "statement"), bar, shortList(under, 5))})
		}
	}
	return errors.Join(failed...)
}

// verdictParts are what --fail-under can speak of.
var verdictParts = []string{"overall", "simple", "concrete", "true", "credible"}

// parseBar reads "simple=60", or "60" for the overall figure.
func parseBar(bar string) (part string, least float64, err error) {
	part, figure, ok := strings.Cut(bar, "=")
	if !ok {
		part, figure = "overall", bar
	}
	part = strings.TrimSpace(part)
	least, numberErr := strconv.ParseFloat(strings.TrimSpace(figure), 64)
	switch {
	case !slices.Contains(verdictParts, part):
		return "", 0, usagef(oneOf(part, verdictParts), "--fail-under: unknown part %q", part)
	case numberErr != nil || !(least >= 0 && least <= 100):
		return "", 0, usagef("write it as simple=60", "--fail-under: %q is not a figure from 0 to 100", figure)
	}
	return part, least, nil
}

func partScore(v *record.Verdict, part string) float64 {
	switch part {
	case "simple":
		return v.Simple
	case "concrete":
		return v.Concrete
	case "true":
		return v.True
	case "credible":
		return v.Credible
	}
	return v.Overall
}

// writeBaseline accepts all findings of the run for later ones.
func writeBaseline(in *invocation, set *lintSet, bad error) error {
	path := in.text("write-baseline")
	if path == "" {
		return nil
	}
	if bad != nil {
		in.note("%s is not written, since not all could be read", path)
		return nil
	}
	if old, err := os.ReadFile(path); err == nil && !in.on("force") {
		if _, err := lint.ReadBaseline(path, old); err != nil {
			return &hinted{fmt.Errorf("%s is there and is no baseline", path), "name another file, or replace it with --force"}
		}
	}
	var text bytes.Buffer
	if err := set.writing.Write(&text); err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	if err := replaceFile(path, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	in.note("%s accepts %s", path, count(len(set.writing.Entries()), "known finding"))
	return nil
}

// baselineName is how a baseline calls a statement.
func baselineName(client, id string) string {
	return record.Key{Client: client, Kind: record.KindStatement, Subject: id}.String()
}

// tellStale names entries of the baseline that are no longer needed.
func tellStale(in *invocation, set *lintSet, all []linted) {
	if set.baseline == nil || set.writing != nil {
		return
	}
	looked := map[string]bool{}
	for _, l := range all {
		looked[baselineName(l.client, l.body.ID)] = true
	}
	if n := len(set.baseline.Stale(func(text, _ string) bool { return looked[text] })); n > 0 {
		in.note("%s of %s no longer found; --write-baseline %s writes it anew", plural(n, "entry", "entries"), in.text("baseline"), in.text("baseline"))
	}
}

// plural words a number of things whose plural is irregular.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
