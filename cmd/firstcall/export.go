package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters"
	"github.com/firstcall-cli/firstcall/plugins/artifact"
	"github.com/firstcall-cli/firstcall/plugins/host"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

func runExport(ctx context.Context, in *invocation) error {
	name := in.text("to")
	if name == "" {
		return usagef("there are: "+strings.Join(exporters.Names(), ", "), "export needs --to")
	}
	if _, ok := exporters.Find(name); !ok {
		return usagef(oneOf(name, exporters.Names()), "no exporter is called %q", name)
	}
	set, err := settings(in.list("set"))
	if err != nil {
		return err
	}
	records, err := readRecords(ctx, in)
	if err != nil {
		return err
	}
	plugin, err := launch(ctx, in, name)
	if err != nil {
		return err
	}
	defer plugin.Close()
	if err := configure(ctx, in, plugin, name, set); err != nil {
		return err
	}
	req := host.Request{Records: records}
	if in.on("dry-run") {
		result, err := plugin.Plan(ctx, req)
		if err != nil {
			return pluginFault(in, err)
		}
		defer result.Close()
		return tellPlan(in, result)
	}
	result, err := plugin.Export(ctx, req)
	if err != nil {
		if result != nil {
			tellOutcomes(in, result)
		}
		return errors.Join(pluginFault(in, err), result.Close())
	}
	defer result.Close()
	// What the exporter made is complete; it need not wait for the disk.
	plugin.Close()
	if err := place(ctx, in, result.Files); err != nil {
		return err
	}
	tellOutcomes(in, result)
	return unwritten(result)
}

// settings takes the values of --set apart.
func settings(set []string) (map[string]string, error) {
	out := map[string]string{}
	for _, s := range set {
		key, value, ok := strings.Cut(s, "=")
		if !ok || key == "" {
			return nil, usagef("write it as --set key=value", "--set: %q is not a setting", s)
		}
		out[key] = value
	}
	return out, nil
}

// readRecords reads every record of the run; a key may come only once.
func readRecords(ctx context.Context, in *invocation) ([]*record.Record, error) {
	paths, err := inputPaths(in, "firstcall score survey.csv … | firstcall export --to markdown")
	if err != nil {
		return nil, err
	}
	var records []*record.Record
	var faults problem.List
	seen := map[string]string{}
	for _, path := range paths {
		err := eachRecord(ctx, in, path, func(rec *record.Record, line int) {
			if first, twice := seen[rec.Key]; twice {
				faults.Add(problem.Problem{File: path, Line: line, What: fmt.Sprintf("key %s is already that of %s", rec.Key, first), Hint: "export each client and wave once; pass --client or --wave to score to tell them apart"})
			}
			seen[rec.Key] = fmt.Sprintf("%s:%d", path, line)
			records = append(records, rec)
		})
		if err != nil {
			return nil, err
		}
	}
	if len(records) == 0 && len(faults) == 0 {
		return nil, &hinted{errors.New("there are no records to export"), "did the command before this one say why?"}
	}
	return records, faults.Err()
}

// launch starts a bundled exporter: this program again, as a process of its
// own, over the protocol that every exporter speaks.
func launch(ctx context.Context, in *invocation, name string) (*host.Plugin, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program itself: %w", err)
	}
	opts := host.Options{HostVersion: version}
	if in.errTerminal && !in.quiet {
		opts.Progress = func(line string) { in.note("%s", line) }
	}
	plugin, err := host.Launch(ctx, host.Command{Name: name, Path: self, Args: []string{serveCommand().name, name}}, opts)
	if err != nil {
		return nil, pluginFault(in, err)
	}
	return plugin, nil
}

// configure hands the exporter its settings: those of firstcall.toml, and over
// them those of --set.
func configure(ctx context.Context, in *invocation, plugin *host.Plugin, name string, set map[string]string) error {
	text, err := plugin.Settings(set)
	if err != nil {
		return settingsFault(err)
	}
	merged := maps.Clone(in.config.exporters[name])
	if merged == nil {
		merged = map[string]any{}
	}
	if err := json.Unmarshal(text, &merged); err != nil {
		return fmt.Errorf("settings of exporter %s: %w", name, err)
	}
	if text, err = json.Marshal(merged); err != nil {
		return fmt.Errorf("settings of exporter %s: %w", name, err)
	}
	configured, err := plugin.Configure(ctx, text, false)
	if err != nil {
		return settingsFault(pluginFault(in, err))
	}
	for _, w := range configured.Warnings {
		tellDiagnostic(in, &w)
	}
	return nil
}

// settingsFault gives each fault of the settings its own line and hint.
func settingsFault(err error) error {
	var faults *host.ConfigError
	if !errors.As(err, &faults) {
		return err
	}
	var all []error
	for _, d := range faults.Diagnostics {
		all = append(all, &hinted{fmt.Errorf("exporter %s: %s", faults.Name, d.Summary), d.Hint})
	}
	return errors.Join(all...)
}

// pluginFault shows what a failed exporter printed last.
func pluginFault(in *invocation, err error) error {
	var fault *host.PluginError
	if !errors.As(err, &fault) {
		return err
	}
	for _, d := range fault.Diagnostics {
		tellDiagnostic(in, &d)
	}
	if fault.Stderr != "" {
		fmt.Fprintf(in.err, "%s says:\n%s\n", fault.Name, printableLines(fault.Stderr))
	}
	return err
}

// tellDiagnostic tells what an exporter says: a warning as a note, a fault as
// what it is, also when the user wants quiet.
func tellDiagnostic(in *invocation, d *host.Diagnostic) {
	switch {
	case !d.Warning:
		fmt.Fprintf(in.err, "firstcall: %s\n", render.Printable(d.Summary))
	case in.quiet:
		return
	default:
		in.note("%s", d.Summary)
	}
	if d.Hint != "" {
		fmt.Fprintf(in.err, "hint: %s\n", render.Printable(d.Hint))
	}
}

// statusWords say what became of a record, and what would.
var statusWords = map[host.Status]string{
	host.NotSent: "not sent", host.InDoubt: "in doubt", host.Created: "create", host.Updated: "update",
	host.Unchanged: "unchanged", host.Rejected: "reject", host.Retry: "failed", host.Deferred: "put off",
}

// tellPlan shows what an export would do.
func tellPlan(in *invocation, result *host.Result) error {
	var b strings.Builder
	for _, o := range result.Outcomes {
		fmt.Fprintf(&b, "%-9s  %s\n", statusWords[o.Status], render.Printable(o.Key))
		if o.Diagnostic != nil {
			fmt.Fprintf(&b, "           %s\n", render.Printable(o.Diagnostic.Summary))
		}
		for line := range strings.Lines(o.Diff) {
			b.WriteString("           " + render.Printable(strings.TrimSuffix(line, "\n")) + "\n")
		}
	}
	refused := tellFilesPlanned(&b, in, result.Planned)
	if err := writeAll(in.out, b.String()); err != nil {
		return err
	}
	return errors.Join(unwritten(result), refused)
}

// tellFilesPlanned shows where files would go, and returns the error that
// placing them there would end with.
func tellFilesPlanned(b *strings.Builder, in *invocation, planned []host.PlannedFile) error {
	names := make([]string, len(planned))
	for i, f := range planned {
		names[i] = f.Name
	}
	places, err := artifact.Foresee(names, artifact.Options{Out: outOption(in), Force: in.on("force")})
	for i, f := range planned {
		word, where := "file", ""
		if i < len(places) {
			where = " to " + places[i].Path
			if places[i].Refused {
				word = "refuse"
			}
		}
		fmt.Fprintf(b, "%-9s  %s (%d bytes)%s\n", word, render.Printable(f.Name), f.Size, render.Printable(where))
	}
	return err
}

// outOption is where the files go; "-" is standard output, as without --out.
func outOption(in *invocation) string {
	if out := in.text("out"); out != "-" {
		return out
	}
	return ""
}

// place puts the files of an exporter where the user wants them.
func place(ctx context.Context, in *invocation, files []artifact.File) error {
	if len(files) == 0 {
		return nil
	}
	placed, err := artifact.Place(ctx, files, artifact.Options{Out: outOption(in), Force: in.on("force"), Stdout: in.out})
	if err != nil {
		return err
	}
	for _, w := range placed.Warnings {
		in.note("%s", w)
	}
	return nil
}

// unwrittenWords say why a record is not known to be where it should be.
var unwrittenWords = map[host.Status]string{
	host.NotSent: "not sent", host.InDoubt: "in doubt, it was sent and not answered",
	host.Rejected: "rejected", host.Retry: "failed after several attempts", host.Deferred: "put off, a quota is used up",
}

// tellOutcomes says on standard error what was not written, or written with a
// reservation. What was not written is told even when the user wants quiet.
func tellOutcomes(in *invocation, result *host.Result) {
	for _, o := range result.Outcomes {
		told := host.Diagnostic{Warning: true}
		if o.Diagnostic != nil {
			told = *o.Diagnostic
			told.Warning = true
		}
		what := []string{o.Key}
		if why, missing := unwrittenWords[o.Status]; missing {
			what, told.Warning = append(what, why), false
		}
		if told.Summary != "" {
			what = append(what, told.Summary)
		}
		if len(what) > 1 {
			told.Summary = strings.Join(what, ": ")
			tellDiagnostic(in, &told)
		}
	}
}

func unwritten(result *host.Result) error {
	if n := result.Summary().Unwritten(); n > 0 {
		return &unwrittenError{what: fmt.Sprintf("%d of %s not written", n, count(len(result.Outcomes), "record"))}
	}
	return nil
}

// runExporter is a bundled exporter's side: it serves until its host is done.
func runExporter(_ context.Context, in *invocation) error {
	if len(in.args) != 1 {
		return usagef("", "name one exporter")
	}
	bundled, ok := exporters.Find(in.args[0])
	if !ok {
		return usagef(oneOf(in.args[0], exporters.Names()), "no exporter is called %q", in.args[0])
	}
	sdk.ServeArtifacts(bundled.New())
	return nil
}
