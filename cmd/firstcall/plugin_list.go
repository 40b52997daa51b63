package main

import (
	"context"

	"github.com/olekukonko/tablewriter/tw"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/exporters"
	"github.com/firstcall-cli/firstcall/plugins/trust"
)

func pluginListCommand() *command {
	return &command{
		name: "list", summary: "list the exporters there are, and whether they may run",
		about: "Lists the exporters that come with firstcall, those in your plugin folder, and those in the plugin folder of the project, which is that of the nearest firstcall.lock upwards. " +
			"Programs are hashed and held against the lock, and none is started.\n\n" +
			"States: ready; not locked (firstcall plugin lock); not trusted (firstcall plugin trust); changed, the file is not what the lock says; missing, the lock names a file that is not there; unreadable; hidden, another exporter of the same name goes before it.",
		examples: []example{{"firstcall plugin list", "see what there is"}},
		options: []option{
			{name: "format", short: "f", kind: text, value: "FORMAT", usage: "form of the output", fallback: "table on a terminal, ndjson in a pipe", choices: []string{"table", "ndjson", "json", "csv", "tsv"}},
			pluginsOption(),
		},
		run: runPluginList,
	}
}

// pluginLine is what a list says about one exporter.
type pluginLine struct {
	Name    string `json:"name"`
	Version string `json:"version"` // empty: not known
	From    string `json:"from"`    // "bundled", "user", "project", "extra"
	State   string `json:"state"`
	Summary string `json:"summary"`        // empty: not known
	Path    string `json:"path,omitempty"` // absent for a bundled one
}

func runPluginList(_ context.Context, in *invocation) error {
	places, err := pluginPlaces(in.list("plugins"))
	if err != nil {
		return err
	}
	// What can be read is shown, whatever is wrong with the rest.
	found, faults := trust.List(places)
	lines := make([]pluginLine, len(found))
	rows := make([][]string, len(found))
	untrusted := 0
	for i, l := range found {
		line := pluginLine{Name: l.Name, Version: l.Version, From: string(l.Where), State: string(l.State), Path: l.Path}
		if bundled, ok := exporters.Find(l.Name); ok && l.Where == trust.Bundled {
			line.Version, line.Summary = bundled.New().Info().Version, bundled.Summary
		} else if said, known := places.Described(l.Sum); known {
			line.Summary = said.GetSummary()
		}
		if l.State == trust.StateNotTrusted {
			untrusted++
		}
		lines[i] = line
		rows[i] = []string{line.Name, line.Version, line.From, line.State, line.Summary}
	}
	if err := writePlugins(in, lines, rows); err != nil {
		return err
	}
	if untrusted > 0 {
		in.note("%s of this project may not run: look at %s, then run firstcall plugin trust", count(untrusted, "exporter"), places.ProjectFolder().Lock)
	}
	return faults
}

func writePlugins(in *invocation, lines []pluginLine, rows [][]string) error {
	switch format := in.format(); format {
	case "table":
		for _, row := range rows {
			for i := range row {
				row[i] = render.Printable(row[i])
			}
		}
		left := tw.AlignLeft
		drawn, err := render.Table([]string{"Name", "Version", "From", "State", "Summary"}, rows, []tw.Align{left, left, left, left, left})
		if err != nil {
			return err
		}
		return writeAll(in.out, drawn)
	case "csv", "tsv":
		return outputError(render.Delimited(in.out, format, []string{"name", "version", "from", "state", "summary"}, rows))
	default:
		text, err := jsonLines(lines, format == "json")
		if err != nil {
			return err
		}
		return writeAll(in.out, text)
	}
}
