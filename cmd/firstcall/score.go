package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

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
	if err := checkPartial(in, opt); err != nil {
		return err
	}
	sources, err := sources(ctx, in)
	if err != nil {
		return err
	}
	if in.on("explain-columns") {
		return explainColumns(in, sources, opt)
	}
	b, err := openBook(ctx, in)
	if err != nil {
		return err
	}
	defer b.close()
	opt.Also = b.further(opt.Instrument, opt.By)
	progress := newProgress(in)
	opt.Progress = progress.rows
	result, err := score.Run(ctx, sources, opt)
	progress.done()
	if result == nil {
		return err
	}
	bad := tellFiles(in, result)
	if path := in.text("partial"); path != "" {
		return errors.Join(writePartial(in, path, result, opt, err), strict(in, bad))
	}
	if err := publishAll(ctx, in, result, req, b, err); err != nil {
		return err
	}
	return strict(in, bad)
}

// strict turns answers that are not usable into an error when the user asked
// for that.
func strict(in *invocation, bad int) error {
	if bad == 0 || !in.on("strict") {
		return nil
	}
	return fmt.Errorf("%s not usable, and --strict was given", count(bad, "answer"))
}

// scoreSettings turns the flags into what core needs.
func scoreSettings(in *invocation) (score.Options, disclosure.Request, error) {
	fail := func(err error) (score.Options, disclosure.Request, error) {
		return score.Options{}, disclosure.Request{}, err
	}
	if err := in.settle("client", "client-from", "both name the client"); err != nil {
		return fail(err)
	}
	instr, err := instrumentOf(in, "score")
	if err != nil {
		return fail(err)
	}
	if err := checkDay(in.text("as-of")); err != nil {
		return fail(err)
	}
	min, err := minGroup(in, instr)
	if err != nil {
		return fail(err)
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
	reading, err := readingSettings(in, instr, min)
	if err != nil {
		return fail(err)
	}
	opt := score.Options{
		Instrument: instr, By: by, Reading: reading,
		Client: strings.TrimSpace(in.text("client")), Wave: strings.TrimSpace(in.text("wave")),
		ClientFrom:   score.ClientFrom(in.text("client-from")),
		ClientColumn: in.text("client-column"), WaveColumn: in.text("wave-column"),
		Missing: missing, Match: in.on("match"), Part: in.text("partial") != "", ExcludeCareless: in.text("exclude") == "careless", Workers: usualWorkers(),
	}
	if n, ok := in.number("workers"); ok {
		if opt.Workers = n; n < 1 {
			return fail(usagef("leave it out to use all processors", "--workers must be at least 1"))
		}
	}
	if missing == instrument.ItemMedianImputed && slices.ContainsFunc(instr.Items(), func(it instrument.Item) bool { return it.Continuous }) {
		return fail(usagef("take item_mean_imputed, or a policy that fills in nothing", "--missing item_median_imputed does not go with decimals, of which no median is kept"))
	}
	if opt.LongRun, err = longRun(in, instr); err != nil {
		return fail(err)
	}
	opt.Reading.RespondentColumn, opt.Reading.TimeColumn = in.text("respondent-column"), in.text("time-column")
	req := disclosure.Request{
		Instrument: instr, Missing: missing, MinGroup: min, Headcounts: counts,
		ClientName: in.text("client-name"), AsOf: in.text("as-of"),
		Tool: record.Tool{Name: "firstcall", Version: version}, LongRun: opt.LongRun, Excluded: opt.ExcludeCareless,
	}
	return opt, req, nil
}

// usualWorkers is half of the processors: two often share one core, where a
// second worker costs much and gains nothing.
func usualWorkers() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// longRun is from how many same answers in a row somebody counts as careless.
func longRun(in *invocation, instr *instrument.Instrument) (int, error) {
	n, ok := in.number("long-run")
	switch {
	case !ok:
		return score.DefaultLongRun(instr), nil
	case n < 2:
		return 0, usagef("name a number of answers, such as 10", "--long-run must be at least 2")
	}
	return n, nil
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
		tellReading(in, name, f)
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
	tellCounts(in, result)
	return bad
}

// tellCounts says which rows were left out of assessments.
func tellCounts(in *invocation, result *score.Result) {
	for _, a := range result.Assessments {
		for _, left := range []struct {
			rows int64
			why  string
		}{
			{a.NoAnswers, "without a usable answer left out"},
			{a.Excluded, "left out because the same answer stands in them many times in a row"},
			{a.Repeated, "left out because the same person answered again later"},
		} {
			if left.rows > 0 {
				in.note("%s%s %s", label(a), count(int(left.rows), "row"), left.why)
			}
		}
	}
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
	tellLabels(in, name, f.Bad.Labels)
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
