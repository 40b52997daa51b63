package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/exporters"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
	"github.com/firstcall-cli/firstcall/plugins/journal"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
	"github.com/firstcall-cli/firstcall/plugins/trust"
)

// exporter is a running exporter, bundled or a vendor's.
type exporter struct {
	name       string
	plugin     *host.Plugin
	configured *host.Configured
	tell       func(line string) // what the exporter is busy with; nil: nobody is told

	program  *trust.Program // a vendor's; nil for a bundled one
	ready    *trust.Ready   // the copy of it that runs
	state    string         // firstcall's state folder
	fence    *journal.Fence
	fenceErr error // why there is no fence, which a destination needs
}

// pluginPlaces says where exporters are found.
func pluginPlaces(extra []string) (trust.Places, error) {
	dir, err := os.Getwd()
	if err != nil {
		return trust.Places{}, fmt.Errorf("find the plugin folder: %w", err)
	}
	places, err := trust.Locate(dir, exporters.Names())
	if err != nil {
		return trust.Places{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return trust.Places{}, fmt.Errorf("find the program itself: %w", err)
	}
	places.Extra, places.Bridge = extra, []string{self, "plugin", "bridge", "--"}
	return places, nil
}

// findExporter finds the exporter called name: a bundled one, which is this
// program again, or a vendor's that may run here. It starts nothing.
func findExporter(in *invocation, name string) (*exporter, error) {
	places, err := pluginPlaces(in.list("plugins"))
	e := &exporter{name: name, state: places.State, fenceErr: err}
	if _, ok := exporters.Find(name); ok {
		return e, nil
	}
	if err != nil {
		return nil, err
	}
	e.program, err = trust.Find(places, name)
	var unknown *trust.NotFoundError
	if errors.As(err, &unknown) && unknown.Missing == "" {
		return nil, usagef(oneOf(name, exporterNames()), "no exporter is called %q", name)
	}
	return e, err
}

// launch starts the exporter.
func (e *exporter) launch(ctx context.Context, in *invocation) error {
	command, err := e.command()
	if err != nil {
		return err
	}
	if e.fenceErr == nil && !in.on("dry-run") && in.text("provision") != "plan" {
		e.fence, e.fenceErr = journal.NewFence(e.journalDir())
	}
	command.Fence = e.fence
	opts := host.Options{HostVersion: version, Progress: func(line string) {
		if e.tell != nil {
			e.tell(line)
		}
	}}
	if e.plugin, err = host.Launch(ctx, command, opts); err != nil {
		return pluginFault(in, err)
	}
	if e.program != nil && !in.on("dry-run") {
		e.remember()
	}
	return nil
}

// remember keeps what a vendor's exporter says about itself, so that completion
// need not start it. It is a convenience: what goes wrong with it is nobody's
// concern here.
func (e *exporter) remember() {
	places := trust.Places{State: e.state}
	if _, known := places.Described(e.program.Sum); !known {
		_ = places.Remember(e.program.Sum, e.plugin.Info())
	}
}

// command is how the exporter is started. Of a vendor's, a copy is started that
// was held against the lock.
func (e *exporter) command() (host.Command, error) {
	if e.program == nil {
		self, err := os.Executable()
		if err != nil {
			return host.Command{}, fmt.Errorf("find the program itself: %w", err)
		}
		return host.Command{Name: e.name, Path: self, Args: []string{serveCommand().name, e.name}}, nil
	}
	ready, err := e.program.Prepare()
	if err != nil {
		return host.Command{}, err
	}
	e.ready = ready
	return host.Command{Name: e.name, Path: ready.Path, Args: ready.Args}, nil
}

// close ends the exporter and frees what it was started with. It may be called
// more than once.
func (e *exporter) close() {
	if e.plugin != nil {
		e.plugin.Close()
	}
	if e.fence != nil {
		_ = e.fence.Close()
	}
	if e.ready != nil {
		_ = e.ready.Close()
	}
}

// configure hands the exporter its settings: those of firstcall.toml, and over
// them those of --set.
func (e *exporter) configure(ctx context.Context, in *invocation, set map[string]string) error {
	text, err := e.plugin.Settings(set)
	if err != nil {
		return settingsFault(err)
	}
	merged := maps.Clone(in.config.exporters[e.name])
	if merged == nil {
		merged = map[string]any{}
	}
	if err := json.Unmarshal(text, &merged); err != nil {
		return fmt.Errorf("settings of exporter %s: %w", e.name, err)
	}
	if text, err = json.Marshal(merged); err != nil {
		return fmt.Errorf("settings of exporter %s: %w", e.name, err)
	}
	if e.configured, err = e.plugin.Configure(ctx, text, in.text("provision") == ""); err != nil {
		return settingsFault(pluginFault(in, err))
	}
	for _, w := range e.configured.Warnings {
		tellDiagnostic(in, &w)
	}
	return e.checkTarget(in)
}

// checkTarget holds the target that the exporter found against the one that the
// user wants, so that a token for another account is noticed in time.
func (e *exporter) checkTarget(in *invocation) error {
	want := in.text("target")
	if want == "" {
		want = in.config.targets[e.name]
	}
	if err := in.config.strayPin(e.name); want == "" && err != nil {
		return err
	}
	switch {
	case want == "" || want == e.configured.TargetID:
		return nil
	case e.configured.Artifacts:
		return &hinted{fmt.Errorf("exporter %s makes files and has no target", e.name), "leave the target out"}
	}
	return &hinted{
		fmt.Errorf("exporter %s: the settings lead to %s, and you want %s", e.name, targetName(e.configured), want),
		"nothing was written; is the credential that of another account?",
	}
}

// cannotLook reports whether the exporter has no way to find out whether a
// record is there.
func (e *exporter) cannotLook() bool {
	return e.plugin.Info().GetCapabilities().GetIdempotency() == pb.Capabilities_IDEMPOTENCY_NONE
}

// wholeClients reports whether the exporter adds up all records of a client.
func (e *exporter) wholeClients() bool {
	return e.plugin.Info().GetCapabilities().GetWholeClients()
}

// takes names the kinds of record that the exporter takes.
func (e *exporter) takes() string {
	return strings.Join(e.plugin.Info().GetCapabilities().GetRecordKinds(), ", ")
}

// journalDir is where the journals of all exporters are.
func (e *exporter) journalDir() string { return filepath.Join(e.state, "journal") }

// target is whose data a destination writes, for its journal.
func (e *exporter) target() journal.Target {
	return journal.Target{ID: e.configured.TargetID, Label: e.configured.TargetLabel}
}

// targetName is what people call the target.
func targetName(c *host.Configured) string {
	if c.TargetLabel == "" || c.TargetLabel == c.TargetID {
		return c.TargetID
	}
	return fmt.Sprintf("%s (%s)", c.TargetID, c.TargetLabel)
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
	for _, d := range fault.Diagnostics[min(1, len(fault.Diagnostics)):] {
		tellDiagnostic(in, &d) // the first is in the error
	}
	if fault.Stderr != "" {
		fmt.Fprintf(in.err, "%s says:\n%s\n", fault.Name, printableLines(strings.ReplaceAll(fault.Stderr, "\t", "    ")))
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

// runExporter is a bundled exporter's side: it serves until its host is done.
func runExporter(_ context.Context, in *invocation) error {
	if len(in.args) != 1 {
		return usagef("", "name one exporter")
	}
	bundled, ok := exporters.Find(in.args[0])
	if !ok {
		return usagef(oneOf(in.args[0], exporters.Names()), "no exporter is called %q", in.args[0])
	}
	// See main: one that makes files holds all records of the run, and would come to
	// five times their size.
	debug.SetGCPercent(50)
	sdk.Serve(bundled.New())
	return nil
}

// exporterNames lists the exporters there are, ordered. It starts none.
func exporterNames() []string {
	names := exporters.Names()
	if places, err := pluginPlaces(nil); err == nil {
		names = append(names, trust.Names(places)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func completeExporters(prefix string) []string { return words(exporterNames()...)(prefix) }

// completeSettings offers the settings of the exporter that the line names, as
// far as they are known without starting it.
func completeSettings(line []string, prefix string) []string {
	name := ""
	for i, word := range line {
		switch {
		case (word == "--to" || word == "-t") && i+1 < len(line):
			name = line[i+1]
		case strings.HasPrefix(word, "--to="):
			name = strings.TrimPrefix(word, "--to=")
		}
	}
	var offers []string
	for _, f := range knownInfo(name).GetConfig() {
		offers = append(offers, f.GetName()+"=")
	}
	return words(offers...)(prefix)
}

// knownInfo is what an exporter says about itself, as far as that is known
// without starting it; nil when it is not.
func knownInfo(name string) *pb.DescribeResponse {
	if bundled, ok := exporters.Find(name); ok {
		server, err := sdk.NewServer(bundled.New())
		if err != nil {
			return nil
		}
		info, _ := server.Describe(context.Background(), &pb.DescribeRequest{})
		return info
	}
	places, err := pluginPlaces(nil)
	if err != nil {
		return nil
	}
	program, err := trust.Find(places, name)
	if err != nil {
		return nil
	}
	info, _ := places.Described(program.Sum)
	return info
}
