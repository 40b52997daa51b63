package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/auditor"
	"github.com/firstcall-cli/firstcall/core/disclosure"
	"github.com/firstcall-cli/firstcall/core/record"
)

func runVerify(ctx context.Context, in *invocation) error {
	paths, err := inputPaths(in, `"firstcall score" makes records`)
	if err != nil {
		return err
	}
	var sources []auditor.Source
	for _, path := range paths {
		err := eachRecord(ctx, in, path, func(rec *record.Record, _ int) {
			if rec.Kind == record.KindAssessment {
				sources = append(sources, auditor.Source{Name: nameOf(path), Record: rec})
			}
		})
		if err != nil {
			return err
		}
	}
	if len(sources) == 0 {
		return &hinted{errors.New("there is no assessment among the records"), "verify looks at what \"firstcall score\" and \"firstcall merge\" write"}
	}
	findings := auditor.Records(ctx, sources, auditor.Rules{Alike: disclosure.UnanimousFloor, Spread: disclosure.Spread})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := writeFindings(in, findings); err != nil {
		return err
	}
	if len(findings) > 0 {
		return &gateError{count(len(findings), "finding") + " in " + count(len(sources), "assessment"), "do not send these records on; score again, with fewer groups or all groups in one run"}
	}
	tellUnknown(in, sources)
	in.note("%s looked at together: nothing that is withheld can be worked out", count(len(sources), "assessment"))
	return nil
}

// tellUnknown says where records of one survey group by columns of which none of
// them tells how their groups lie in each other: a shop in a region, say.
func tellUnknown(in *invocation, sources []auditor.Source) {
	columns := map[string][][]string{}
	var order []string
	for _, s := range sources {
		body := s.Record.Assessment.Body()
		id := strings.Join([]string{s.Record.Client.ID, body.Instrument.ID, body.Wave}, "\x1f")
		var own []string
		for _, g := range body.Groups {
			own = append(own, g.By...)
		}
		slices.Sort(own)
		if own = slices.Compact(own); len(own) == 0 {
			continue
		}
		if columns[id] == nil {
			order = append(order, id)
		}
		columns[id] = append(columns[id], own)
	}
	for _, id := range order {
		all := slices.Concat(columns[id]...)
		slices.Sort(all)
		all = slices.Compact(all)
		if !slices.ContainsFunc(columns[id], func(own []string) bool { return len(own) == len(all) }) {
			in.note("the records do not tell how groups by %s lie in each other, so that was not looked at; score with --ledger knows it from the answers", shortList(all, 8))
		}
	}
}

// nameOf is how messages call a file.
func nameOf(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// findingLine is a finding as it is written.
type findingLine struct {
	Release string `json:"release"`
	People  string `json:"people"`
	Measure string `json:"measure"`
	What    string `json:"what"`
}

func writeFindings(in *invocation, findings []auditor.Finding) error {
	lines, rows := []findingLine{}, [][]string{}
	for _, f := range findings {
		lines = append(lines, findingLine{f.Release, f.Cell, f.Measure, f.What})
		rows = append(rows, []string{f.Release, f.Cell, f.Measure, f.What})
	}
	switch format := in.format(); format {
	case "table":
		if len(rows) == 0 {
			return nil
		}
		left := tw.AlignLeft
		drawn, err := render.Table([]string{"Record", "People", "Of", "What is wrong"}, rows, []tw.Align{left, left, left, left})
		if err != nil {
			return err
		}
		return writeAll(in.out, drawn)
	case "csv", "tsv":
		return outputError(render.Delimited(in.out, format, []string{"release", "people", "measure", "what"}, rows))
	default:
		if len(lines) == 0 && format != "json" {
			return nil
		}
		text, err := jsonLines(lines, format == "json")
		if err != nil {
			return err
		}
		return writeAll(in.out, text)
	}
}
