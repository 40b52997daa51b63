package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/score"
)

func runScore(ctx context.Context, in *invocation) error {
	opt, req, err := scoreSettings(in)
	if err != nil {
		return err
	}
	sources, err := sources(ctx, in)
	if err != nil {
		return err
	}
	progress := newProgress(in)
	opt.Progress = progress.rows
	result, err := score.Run(ctx, sources, opt)
	progress.done()
	if result == nil {
		return err
	}
	bad := tellFiles(in, result)
	records, publishErr := publish(in, result, req)
	if publishErr != nil {
		return errors.Join(err, publishErr)
	}
	if len(records) > 0 || err == nil {
		if writeErr := writeRecords(in, records); writeErr != nil {
			return errors.Join(writeErr, err)
		}
	}
	if bad > 0 && in.on("strict") {
		err = errors.Join(err, fmt.Errorf("%s not usable, and --strict was given", count(bad, "answer")))
	}
	return err
}

// scoreSettings turns the flags into what core needs.
func scoreSettings(in *invocation) (score.Options, disclosure.Request, error) {
	fail := func(err error) (score.Options, disclosure.Request, error) {
		return score.Options{}, disclosure.Request{}, err
	}
	ref := in.text("instrument")
	if ref == "" {
		return fail(usagef("built in are "+strings.Join(instrument.Builtins(), ", ")+"; or give a .toml file", "score needs --instrument"))
	}
	if err := in.settle("client", "client-from", "both name the client"); err != nil {
		return fail(err)
	}
	instr, err := instrument.Open(ref)
	if err != nil {
		return fail(err)
	}
	if day := in.text("as-of"); day != "" {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return fail(usagef("write it as 2026-09-30", "--as-of: %q is not a date", day))
		}
	}
	min := instr.Policy.MinGroup
	if n, ok := in.number("min-group"); ok {
		if min = n; n < instrument.MinGroupFloor {
			return fail(usagef("smaller groups would give people's answers away", "--min-group must be at least %d", instrument.MinGroupFloor))
		}
	}
	missing := instr.Policy.Missing
	if m := in.text("missing"); m != "" {
		missing = instrument.MissingPolicy(m)
	}
	counts, err := headcounts(in, instr)
	if err != nil {
		return fail(err)
	}
	by, err := groupings(in.list("by"))
	if err != nil {
		return fail(err)
	}
	opt := score.Options{
		Instrument: instr, By: by,
		Client: strings.TrimSpace(in.text("client")), Wave: strings.TrimSpace(in.text("wave")),
		ClientFrom:   score.ClientFrom(in.text("client-from")),
		ClientColumn: in.text("client-column"), WaveColumn: in.text("wave-column"),
	}
	req := disclosure.Request{
		Instrument: instr, Missing: missing, MinGroup: min, Headcounts: counts,
		ClientName: in.text("client-name"), AsOf: in.text("as-of"),
		Tool: record.Tool{Name: "firstcall", Version: version},
	}
	return opt, req, nil
}

// groupings takes 'department*role' apart.
func groupings(by []string) ([][]string, error) {
	var out [][]string
	for _, b := range by {
		var names []string
		for name := range strings.SplitSeq(b, "*") {
			if name = strings.TrimSpace(name); name == "" {
				return nil, usagef("write --by department, or --by 'department*role' to cross two columns", "--by: %q names no column", b)
			}
			names = append(names, name)
		}
		out = append(out, names)
	}
	return out, nil
}

func headcounts(in *invocation, instr *instrument.Instrument) (*org.Headcounts, error) {
	path := in.text("headcounts")
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read headcounts: %w", err)
	}
	defer f.Close()
	return org.ReadHeadcounts(path, f, instr)
}

// sources are the files named, or standard input.
func sources(ctx context.Context, in *invocation) ([]score.Source, error) {
	paths, err := inputPaths(in, "firstcall instrument form ID --format csv prints a file to fill")
	if err != nil {
		return nil, err
	}
	var out []score.Source
	for _, path := range paths {
		if path == "-" && in.text("client-from") != "" {
			return nil, usagef("name the client with --client", "--client-from needs files, and standard input has no name")
		}
		out = append(out, score.Source{Path: path, Open: func() (io.ReadCloser, error) { return openInput(ctx, in, path) }})
	}
	return out, nil
}

// tellFiles says on standard error what was left out or passed over, and
// returns how many answers were not usable.
func tellFiles(in *invocation, result *score.Result) int {
	bad := 0
	for _, f := range result.Files {
		name := f.Path
		if name == "-" {
			name = "standard input"
		}
		if len(f.Unused) > 0 {
			in.note("%s: %s not used: %s", name, count(len(f.Unused), "column"), shortList(f.Unused, 8))
		}
		if f.NoClient > 0 {
			in.note("%s: %s left out because the client is blank", name, count(int(f.NoClient), "row"))
		}
		if f.NoWave > 0 {
			in.note("%s: %s left out because the wave is blank", name, count(int(f.NoWave), "row"))
		}
		if f.Bad.Total > 0 {
			tellBad(in, name, f)
		}
		bad += f.Bad.Total
	}
	for _, l := range result.Lookalikes() {
		in.note("column %s has %s, which count as different groups", l.Column, shortList(l.Values, 4))
	}
	for _, a := range result.Assessments {
		if a.NoAnswers > 0 {
			in.note("%s%s without a usable answer left out", label(a), count(int(a.NoAnswers), "row"))
		}
	}
	return bad
}

func tellBad(in *invocation, name string, f score.FileReport) {
	const most = 5
	in.note("%s: %s not usable and counted as missing", name, count(f.Bad.Total, "answer"))
	for i, c := range f.Bad.First {
		if i == most {
			in.note("  and %d more", f.Bad.Total-most)
			break
		}
		in.note("  %s", c.Problem().Error())
	}
	if f.Bad.Hint != "" && !in.quiet {
		fmt.Fprintf(in.err, "hint: %s\n", render.Printable(f.Bad.Hint))
	}
}

// label names an assessment in a note.
func label(a *score.Assessment) string {
	parts := []string{}
	for _, p := range []string{a.Client, a.Wave} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " ") + ": "
}

// publish makes the records.
func publish(in *invocation, result *score.Result, req disclosure.Request) ([]*record.Record, error) {
	if clients := clientsOf(result); in.text("client-name") != "" && len(clients) > 1 {
		return nil, usagef("name them under [clients] in firstcall.toml", "--client-name names one client, and there are %d: %s", len(clients), shortList(clients, 8))
	}
	var records []*record.Record
	withheld := false
	for _, a := range result.Assessments {
		each := req
		if name := in.config.clients[a.Client]; name != "" && each.ClientName == "" {
			each.ClientName = name
		}
		rec, err := disclosure.Publish(a, each)
		if err != nil {
			return nil, err
		}
		records = append(records, rec)
		withheld = withheld || rec.Assessment.Body().AnyWithheld()
	}
	if withheld {
		in.note("some results are withheld to protect people's answers")
	}
	tellStrange(in, result, req.Headcounts)
	return records, nil
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

// tellStrange names the headcounts that nobody's answers belong to: a group
// that kept silent, or one that is spelled in another way.
func tellStrange(in *invocation, result *score.Result, counts *org.Headcounts) {
	known := func(column string) ([]string, bool) {
		var values []string
		for _, a := range result.Assessments {
			switch column {
			case org.ClientColumn:
				values = append(values, a.Client)
			case org.WaveColumn:
				values = append(values, a.Wave)
			default:
				return result.Values(column)
			}
		}
		return values, slices.ContainsFunc(values, func(v string) bool { return v != "" })
	}
	const most = 8
	for i, p := range counts.Strange(known) {
		if i == most {
			in.note("and more headcounts of people who did not answer")
			return
		}
		if in.note("%s", p.Error()); p.Hint != "" && !in.quiet {
			fmt.Fprintf(in.err, "hint: %s\n", printableLines(p.Hint))
		}
	}
}

func writeRecords(in *invocation, records []*record.Record) error {
	if err := render.Records(in.out, in.format(), records, render.Options{Width: in.width, Color: in.color}); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}
