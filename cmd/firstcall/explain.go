package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/score"
	"github.com/firstcall-cli/firstcall/core/survey"
)

// This file is about how files of answers are read: what the flags say about
// it, and what the user is told.

// readingSettings turns the flags about the files into what core needs.
func readingSettings(in *invocation, instr *instrument.Instrument, minGroup int) (survey.Request, error) {
	req := survey.Request{
		Dialect: in.text("dialect"), Encoding: in.text("encoding"), Sheet: in.text("sheet"),
		Unfinished: in.on("unfinished"), MinGroup: minGroup,
	}
	if err := survey.CheckEncoding(req.Encoding); err != nil {
		return req, usagef(hintOf(err), "--encoding: %v", err)
	}
	if path := in.text("map"); path != "" {
		var err error
		if req.Map, err = survey.OpenMap(path, instr); err != nil {
			return req, err
		}
	}
	return req, nil
}

// explainedColumn is what is said about one column.
type explainedColumn struct {
	File    string `json:"file"`
	Column  int    `json:"column"`
	Heading string `json:"heading"`
	Role    string `json:"role,omitempty"`
	ID      string `json:"id,omitempty"`
	Why     string `json:"why"`
}

// explainColumns shows what the columns of each file are taken for, also where
// something is missing, which is told as an error.
func explainColumns(in *invocation, sources []score.Source, opt score.Options) error {
	req := opt.Reading
	req.Instrument, req.By, req.ClientColumn, req.WaveColumn = opt.Instrument, opt.By, opt.ClientColumn, opt.WaveColumn
	var faults []error
	var columns []explainedColumn
	for _, src := range sources {
		e, err := explainFile(src, req)
		if err != nil {
			faults = append(faults, err)
		}
		if e == nil {
			continue
		}
		in.note("%s: read as %s", inputName(src.Path), e.Format)
		if e.Headless {
			in.note("%s: the first row looks like answers, not like headings; columns go by their numbers", inputName(src.Path))
		}
		for _, c := range e.Columns {
			columns = append(columns, explainedColumn{src.Path, c.Number, c.Heading, string(c.Role), c.ID, c.Why})
		}
	}
	if len(columns) > 0 {
		faults = append(faults, writeColumns(in, columns, len(sources) > 1))
	}
	return errors.Join(faults...)
}

func explainFile(src score.Source, req survey.Request) (e *survey.Explanation, err error) {
	f, err := src.Open()
	if err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return survey.Explain(src.Path, f, req)
}

func writeColumns(in *invocation, columns []explainedColumn, several bool) error {
	format := in.format()
	if format == "ndjson" || format == "json" {
		text, err := jsonLines(columns, format == "json")
		if err != nil {
			return err
		}
		return writeAll(in.out, text)
	}
	var rows [][]string
	for _, c := range columns {
		rows = append(rows, []string{c.File, strconv.Itoa(c.Column), c.Heading, c.Role, c.ID, c.Why})
	}
	if format != "table" {
		return outputError(render.Delimited(in.out, format, []string{"file", "column", "heading", "role", "id", "why"}, rows))
	}
	return writeColumnTable(in, rows, several)
}

// mostHeading is how much of a heading stands in the table.
const mostHeading = 40

func writeColumnTable(in *invocation, rows [][]string, several bool) error {
	header := []string{"File", "Column", "Heading", "Taken for", "Why"}
	aligns := []tw.Align{tw.AlignLeft, tw.AlignRight, tw.AlignLeft, tw.AlignLeft, tw.AlignLeft}
	var lines [][]string
	for _, r := range rows {
		heading := []rune(render.Printable(r[2]))
		if len(heading) > mostHeading {
			heading = append(heading[:mostHeading-1], '…')
		}
		taken := strings.TrimSpace(r[3] + " " + render.Printable(r[4]))
		if r[3] == string(survey.RoleFilter) {
			taken = "leaves out: " + r[4]
		}
		if taken == "" {
			taken = "-"
		}
		lines = append(lines, []string{render.Printable(r[0]), r[1], string(heading), taken, render.Printable(r[5])})
	}
	if !several {
		header, aligns = header[1:], aligns[1:]
		for i := range lines {
			lines[i] = lines[i][1:]
		}
	}
	drawn, err := render.Table(header, lines, aligns)
	if err != nil {
		return err
	}
	return writeAll(in.out, drawn)
}

// inputName is how a file is called in a note.
func inputName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// tellReading says what a file was taken for, unless it is a plain table, and
// which of its rows are no respondents.
func tellReading(in *invocation, name string, f score.FileReport) {
	if !f.Format.Plain() {
		in.note("%s: read as %s", name, f.Format)
	}
	for _, l := range f.LeftOut {
		in.note("%s: %s left out: %s", name, count(l.Rows, "row"), l.Reason)
	}
}

// tellLabels names answers that many people gave and that no scale knows, as
// lines to complete and paste into a mapping file.
func tellLabels(in *invocation, name string, labels []survey.UnknownLabel) {
	if len(labels) == 0 || in.quiet {
		return
	}
	const most = 20
	in.note("%s: %s that many people gave, and that no scale knows; lines for a mapping file (--map), to complete with numbers:", name, count(len(labels), "answer"))
	fmt.Fprintln(in.err, "  [answers]")
	for i, l := range labels {
		if i == most {
			fmt.Fprintf(in.err, "  # and %d more\n", len(labels)-most)
			return
		}
		fmt.Fprintf(in.err, "  %s\n", render.Printable(l.Suggestion()))
	}
}
