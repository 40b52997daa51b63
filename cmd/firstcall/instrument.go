package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/form"
	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
)

// instrumentLine is what a list says about one instrument.
type instrumentLine struct {
	ID         string `json:"id"`
	Version    string `json:"version"`
	Title      string `json:"title"`
	Dimensions int    `json:"dimensions"`
	Items      int    `json:"items"`
	About      string `json:"about"`
}

func runInstrumentList(_ context.Context, in *invocation) error {
	var lines []instrumentLine
	var rows [][]string
	for _, id := range instrument.Builtins() {
		it, err := instrument.Builtin(id)
		if err != nil {
			return err
		}
		line := instrumentLine{it.ID, it.Version, it.Title, len(it.Dimensions), len(it.Items()), it.About}
		lines = append(lines, line)
		rows = append(rows, []string{line.ID, line.Version, strconv.Itoa(line.Dimensions), strconv.Itoa(line.Items), line.Title})
	}
	header := []string{"id", "version", "dimensions", "items", "title"}
	switch format := in.format(); format {
	case "table":
		drawn, err := render.Table([]string{"Id", "Version", "Dimensions", "Items", "Title"}, rows,
			[]tw.Align{tw.AlignLeft, tw.AlignRight, tw.AlignRight, tw.AlignRight, tw.AlignLeft})
		if err != nil {
			return err
		}
		return writeAll(in.out, drawn)
	case "csv", "tsv":
		return outputError(render.Delimited(in.out, format, header, rows))
	default:
		text, err := jsonLines(lines, format == "json")
		if err != nil {
			return err
		}
		return writeAll(in.out, text)
	}
}

// jsonLines writes values one a line, or as one array.
func jsonLines[T any](values []T, array bool) (string, error) {
	lines := make([]string, len(values))
	for i, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			return "", err
		}
		lines[i] = string(text)
	}
	if array {
		return "[\n" + strings.Join(lines, ",\n") + "\n]\n", nil
	}
	return strings.Join(lines, "\n") + "\n", nil
}

func outputError(err error) error {
	if err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// theInstrument opens the one instrument that the command names.
func theInstrument(in *invocation) (*instrument.Instrument, error) {
	if len(in.args) != 1 {
		return nil, usagef("built in are "+strings.Join(instrument.Builtins(), ", "), "%s needs one instrument, an id or a .toml file", strings.Join(in.path, " "))
	}
	return instrument.Open(in.args[0])
}

func runInstrumentShow(_ context.Context, in *invocation) error {
	it, err := theInstrument(in)
	if err != nil {
		return err
	}
	switch in.text("format") {
	case "toml":
		src, ok := instrument.BuiltinSource(in.args[0])
		if !ok {
			if src, err = os.ReadFile(in.args[0]); err != nil {
				return fmt.Errorf("read instrument: %w", err)
			}
		}
		return writeAll(in.out, string(src))
	case "json":
		text, err := json.MarshalIndent(shown(it), "", "  ")
		if err != nil {
			return err
		}
		return writeAll(in.out, string(text)+"\n")
	case "csv":
		header := []string{"dimension", "dimension_title", "level", "item", "text", "reverse", "min", "max", "facet", "aspect", "pair"}
		return outputError(render.Delimited(in.out, "csv", header, itemRows(it)))
	default:
		return writeAll(in.out, render.Instrument(it))
	}
}

// shownInstrument is an instrument as JSON: what records carry of it, its
// rules and its attributes.
type shownInstrument struct {
	record.Instrument
	Missing    string           `json:"missing"`
	MinGroup   int              `json:"min_group"`
	ActWithin  int              `json:"act_within"`
	Actions    []shownAction    `json:"actions,omitempty"`
	Attributes []shownAttribute `json:"attributes,omitempty"`
}

// shownAction is what to do about a weak dimension.
type shownAction struct {
	Dimension string `json:"dimension"`
	Action    string `json:"action,omitempty"`
	Owner     string `json:"owner,omitempty"`
}

type shownAttribute struct {
	ID        string   `json:"id"`
	Text      string   `json:"text"`
	Kind      string   `json:"kind"`
	Values    []string `json:"values,omitempty"`
	Leaders   []string `json:"leaders,omitempty"`
	Sensitive bool     `json:"sensitive,omitempty"`
}

func shown(it *instrument.Instrument) shownInstrument {
	out := shownInstrument{Instrument: it.Describe(), Missing: string(it.Policy.Missing), MinGroup: it.Policy.MinGroup,
		ActWithin: it.Policy.ActWithin}
	for _, d := range it.Dimensions {
		if d.Action != "" || d.Owner != "" {
			out.Actions = append(out.Actions, shownAction{d.ID, d.Action, d.Owner})
		}
	}
	for _, a := range it.Attributes {
		out.Attributes = append(out.Attributes, shownAttribute{a.ID, a.Text, string(a.Kind), a.Values, a.Leaders, a.Sensitive})
	}
	return out
}

func itemRows(it *instrument.Instrument) [][]string {
	var rows [][]string
	add := func(dimension, title, level string, items []instrument.Item) {
		for _, i := range items {
			rows = append(rows, []string{dimension, title, level, i.ID, i.Text, strconv.FormatBool(i.Reverse),
				strconv.Itoa(i.Scale.Min), strconv.Itoa(i.Scale.Max), i.Facet, i.Aspect, i.Pair})
		}
	}
	for _, d := range it.Dimensions {
		level := ""
		if d.Level > 0 {
			level = strconv.Itoa(d.Level)
		}
		add(d.ID, d.Title, level, d.Items)
	}
	add("", "", "", it.Outcomes)
	return rows
}

func runInstrumentCheck(_ context.Context, in *invocation) error {
	if len(in.args) == 0 {
		return usagef("firstcall instrument show eight-qualities --format toml prints one to start from", "instrument check needs a file")
	}
	var faults, unread []error
	for _, path := range in.args {
		it, err := instrument.Open(path)
		var wrong problem.List
		if errors.As(err, &wrong) {
			faults = append(faults, err)
			continue
		}
		if err != nil {
			unread = append(unread, err)
			continue
		}
		line := fmt.Sprintf("%s: %s, %s in %s, fine\n", path, render.Printable(it.Title), count(len(it.Items()), "item"), count(len(it.Dimensions), "dimension"))
		if err := writeAll(in.out, line); err != nil {
			return err
		}
	}
	if len(faults) == 0 {
		return errors.Join(unread...)
	}
	// What is wrong with an instrument is this command's answer, not its
	// failure.
	report(in.err, errors.Join(faults...))
	return errors.Join(append(unread, &gateError{what: count(len(faults), "file") + " with faults"})...)
}

func runInstrumentForm(_ context.Context, in *invocation) error {
	it, err := theInstrument(in)
	if err != nil {
		return err
	}
	choices := map[string][]string{}
	for _, c := range in.list("choice") {
		column, answer, ok := strings.Cut(c, "=")
		if !ok {
			return usagef("write it as --choice department=Kitchen", "--choice: %q has no equals sign", c)
		}
		choices[column] = append(choices[column], answer)
	}
	opt := form.Options{Client: in.text("client"), Wave: in.text("wave"), Choices: choices}
	write := form.Markdown
	switch in.text("format") {
	case "csv":
		write = form.CSV
	case "html":
		write = form.HTML
	}
	var b strings.Builder
	if err := write(&b, it, opt); err != nil {
		return usagef(hintOf(err), "%v", err)
	}
	return writeAll(in.out, b.String())
}
