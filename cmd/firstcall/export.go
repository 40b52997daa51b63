package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/firstcall-cli/firstcall/plugins/artifact"
	"github.com/firstcall-cli/firstcall/plugins/host"
	"github.com/firstcall-cli/firstcall/plugins/journal"
)

// export is one run of the command.
type export struct {
	in       *invocation
	name     string // of the exporter
	records  *host.Records
	outcomes *host.Outcomes // those that there is something to say about
	exporter *exporter
	// rejecters are the targets that rejected the records of --retry.
	rejecters []string
	journal   *journal.Journal // destinations only
}

func runExport(ctx context.Context, in *invocation) (err error) {
	x := &export{in: in, records: host.NewRecords(""), outcomes: host.NewOutcomes("")}
	defer func() { err = errors.Join(err, x.records.Close(), x.outcomes.Close()) }()
	set, err := settings(in.list("set"))
	if err != nil {
		return err
	}
	if err := checkTogether(in); err != nil {
		return err
	}
	retried, err := openRejected(in)
	if err != nil {
		return err
	}
	defer retried.close()
	if x.name, err = exporterName(in, retried); err != nil {
		return err
	}
	if x.exporter, err = findExporter(in, x.name); err != nil {
		return err
	}
	defer x.exporter.close()
	if in.text("provision") == "" {
		if err := x.read(ctx, retried); err != nil {
			return err
		}
	}
	if err := x.exporter.launch(ctx, in); err != nil {
		return err
	}
	if err := x.exporter.configure(ctx, in, set); err != nil {
		return err
	}
	if err := x.checkRejecter(); err != nil {
		return err
	}
	switch {
	case in.text("provision") != "":
		return x.provision(ctx)
	case in.on("dry-run"):
		return x.plan(ctx)
	}
	return x.write(ctx)
}

// checkTogether refuses options that say different things.
func checkTogether(in *invocation) error {
	switch report, rejected := in.text("report"), in.text("rejected"); {
	case in.on("dry-run") && in.text("provision") == "apply":
		return usagef("--provision plan shows what would be made", "--dry-run writes nothing, and --provision apply does")
	case in.on("dry-run") && (report != "" || rejected != ""):
		return usagef("leave it out: a dry run tells everything on standard output", "--dry-run writes no files")
	case report != "" && filepath.Clean(report) == filepath.Clean(rejected):
		return usagef("give each a name of its own", "--report and --rejected name the same file")
	case report == "-" || rejected == "-":
		return usagef("name a file", "--report and --rejected write files, not standard output")
	}
	return nil
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

// provision shows or makes what the target needs.
func (x *export) provision(ctx context.Context) error {
	needs, err := x.exporter.plugin.Provision(ctx, x.in.text("provision") == "apply")
	var all []host.Provisioned
	var files []artifact.File
	if needs != nil {
		defer needs.Close()
		all, files = needs.Objects, needs.Files
	}
	var b strings.Builder
	mismatches := 0
	for _, p := range all {
		fmt.Fprintf(&b, "%-8s  %s\n", actionWords[p.Action], printableLines(p.Object))
		if p.Diagnostic != nil {
			fmt.Fprintf(&b, "          %s\n", printableLines(p.Diagnostic.Summary))
		}
		if p.Action == host.ActionMismatch {
			mismatches++
		}
	}
	if err := errors.Join(writeAll(x.in.out, b.String()), pluginFault(x.in, err)); err != nil {
		return err
	}
	if err := x.provisionFiles(ctx, files); err != nil {
		return err
	}
	if len(all) == 0 {
		x.in.note("exporter %s needs nothing to be made first", x.name)
	}
	if mismatches > 0 {
		return &hinted{fmt.Errorf("exporter %s: %s not as needed", x.name, count(mismatches, "object")), "change it at the destination; firstcall changes no type and deletes nothing"}
	}
	return nil
}

// provisionFiles puts the files where the user wants them: nowhere, unless asked.
func (x *export) provisionFiles(ctx context.Context, files []artifact.File) error {
	switch {
	case len(files) == 0:
		return nil
	case x.in.text("out") == "":
		x.in.note("%s for making it by hand: --out FOLDER/ writes them there", count(len(files), "file"))
		return nil
	}
	return place(ctx, x.in, files)
}

var actionWords = map[host.Action]string{
	host.ActionCreate: "create", host.ActionExists: "exists", host.ActionMismatch: "mismatch",
}

// plan shows what an export would do, and writes nothing.
func (x *export) plan(ctx context.Context) error {
	var look func(string) (journal.Entry, error)
	if !x.exporter.configured.Artifacts && x.exporter.state != "" {
		view, err := journal.Peek(ctx, x.exporter.journalDir(), x.name, x.exporter.target())
		if err != nil {
			return err
		}
		defer view.Close()
		look = view.Look
	}
	result, err := x.run(ctx, x.exporter.plugin.Plan, host.Request{Look: look})
	if err != nil {
		return errors.Join(pluginFault(x.in, err), result.Close())
	}
	defer result.Close()
	return x.tellPlan(result)
}

// write exports the records and says what became of them.
func (x *export) write(ctx context.Context) error {
	if err := x.checkOutputs(); err != nil {
		return err
	}
	if err := x.openJournal(ctx); err != nil {
		return err
	}
	result, err := x.run(ctx, x.exporter.plugin.Export, host.Request{Journal: x.journal})
	if result == nil {
		return errors.Join(pluginFault(x.in, err), x.closeJournal(false))
	}
	defer result.Close()
	if closing := x.closeJournal(err == nil && result.Summary.Finished()); !errors.Is(err, closing) { // else it is told twice
		err = errors.Join(err, closing)
	}
	// What the exporter made is complete; it need not wait for the disk.
	x.exporter.close()
	if err == nil {
		err = place(ctx, x.in, result.Files)
		if err != nil && len(result.Files) > 0 {
			return err // nothing of it counts
		}
	}
	rejected, told := x.tellOutcomes()
	err = pluginFault(x.in, err) // after the records, so that the cause stands last
	return errors.Join(err, told, x.report(ctx, result.Summary, errors.Join(err, told)), x.unwritten(result.Summary, rejected))
}

// run sends the records one way or the other. Outcomes are kept.
func (x *export) run(ctx context.Context, call func(context.Context, host.Request) (*host.Result, error), req host.Request) (*host.Result, error) {
	next, end, err := x.records.Source()
	if err != nil {
		return nil, err
	}
	bar := newBar(x.in, x.records.Len(), "exporting to "+x.name)
	x.exporter.tell = bar.text
	req.Next, req.Count = next, x.records.Len()
	req.Resend, req.AllowDuplicates = x.in.on("force"), x.in.on("allow-duplicates")
	req.Outcome = func(o host.Outcome) error {
		if o.Status != host.InDoubt && o.Status != host.NotSent {
			bar.step()
		}
		if !x.toldOf(o) {
			return nil
		}
		return x.outcomes.Add(o)
	}
	result, err := call(ctx, req)
	bar.done()
	return result, errors.Join(err, end())
}

// toldOf reports whether there is anything to say about a record later.
func (x *export) toldOf(o host.Outcome) bool {
	return x.in.on("dry-run") || x.in.text("report") != "" || !o.Status.Written() || o.Diagnostic != nil
}

// openJournal opens the journal of a destination.
func (x *export) openJournal(ctx context.Context) (err error) {
	e := x.exporter
	if e.configured.Artifacts {
		return nil
	}
	if e.fence == nil {
		return &hinted{fmt.Errorf("exporter %s: there is no place for its journal: %w", e.name, e.fenceErr), "set HOME, or XDG_STATE_HOME, to a folder that you may write to"}
	}
	x.journal, err = journal.Open(ctx, e.journalDir(), x.name, e.target(), e.fence)
	return err
}

func (x *export) closeJournal(finished bool) error {
	if x.journal == nil {
		return nil
	}
	return x.journal.Close(finished)
}

// readable reports whether a file begins as texts do. Packages and workbooks would only
// put a terminal out of order.
func readable(f artifact.File) bool {
	head := make([]byte, 512)
	n, _ := io.ReadFull(f.Content(), head) // what can't be read fails where it is written
	return !bytes.ContainsRune(head[:n], 0)
}

// place puts the files of an exporter where the user wants them.
func place(ctx context.Context, in *invocation, files []artifact.File) error {
	if len(files) == 0 {
		return nil
	}
	if outOption(in) == "" && in.outTerminal && len(files) == 1 && !readable(files[0]) {
		return usagef("--out "+files[0].Name+" writes it to a file", "%s is nothing to read on a terminal", files[0].Name)
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

// outOption is where the files go; "-" is standard output, as without --out.
func outOption(in *invocation) string {
	if out := in.text("out"); out != "-" {
		return out
	}
	return ""
}
