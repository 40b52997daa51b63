package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/exporters"
	"github.com/firstcall-cli/firstcall/plugins/conformance"
	"github.com/firstcall-cli/firstcall/plugins/host"
	"github.com/firstcall-cli/firstcall/plugins/trust"
)

func pluginTestCommand() *command {
	return &command{
		name: "test", args: "NAME|PROGRAM [ARGUMENTS...]", summary: "test whether an exporter keeps the rules",
		about: "Starts an exporter many times, sends it made-up records, breaks off, kills it, and holds what it does against the rules in docs/plugin-rules.md. " +
			"An exporter that is bundled or installed goes by its name, another one by the path of its program; with --bridge, the program is a script that reads and writes lines of JSON. Flags of the program's own come after --.\n\n" +
			"One that makes files needs nothing else: no file is written. One that writes to a target of its own is asked which that is, and nothing is written there unless --target names it: " +
			"use a target for tests. Records of made-up clients, whose ids begin with firstcall-test, stay there.\n\n" +
			"Ends with status 1 when a check fails or could not be run, and with 5 when the program can't be started.",
		examples: []example{
			{"firstcall plugin test markdown", "test a bundled exporter"},
			{"firstcall plugin test ./firstcall-export-crm --set url=https://sandbox.example --set token=env:TOKEN", "see which target it would write to"},
			{"firstcall plugin test ./firstcall-export-crm --set url=https://sandbox.example --set token=env:TOKEN --target portal-12", "test it with that target"},
			{"firstcall plugin test --bridge ./keys.sh", "test a script"},
		},
		complete: completeExporters,
		options: []option{
			{name: "set", kind: list, value: "KEY=VALUE", usage: "a setting of the exporter; may be given several times", complete: nothing},
			{name: "target", kind: text, value: "ID", usage: "the target that may be written to", complete: nothing},
			{name: "bridge", kind: toggle, usage: "the program is a script that reads and writes lines of JSON"},
			{name: "check", kind: list, value: "CHECK", usage: "run this check alone; may be given several times", complete: words(checkNames()...)},
			{name: "patience", kind: text, value: "DURATION", usage: "how long to wait for an answer, as 90s", fallback: "30s", complete: nothing},
			{name: "format", short: "f", kind: text, value: "FORMAT", usage: "form of the output", fallback: "table on a terminal, tap in a pipe", choices: []string{"table", "tap", "json"}},
			pluginsOption(),
		},
		run: runPluginTest,
	}
}

func checkNames() []string {
	var ids []string
	for _, c := range conformance.Checks() {
		ids = append(ids, c.ID)
	}
	return ids
}

func runPluginTest(ctx context.Context, in *invocation) error {
	opts, err := testOptions(in)
	if err != nil {
		return err
	}
	program, done, err := testProgram(in)
	if err != nil {
		return err
	}
	defer done()
	bar := newBar(in, len(conformance.Checks()), "testing")
	opts.Begin = func(c *conformance.Check) {
		bar.text(c.ID)
		bar.step()
	}
	report, err := conformance.Run(ctx, program, opts)
	bar.done()
	if len(report.Results) > 0 {
		if err := writeAll(in.out, testReport(in, report, err)); err != nil {
			return err
		}
	}
	if report.Client != "" {
		in.note("records of made-up clients whose ids begin with %s were written to %s, and are still there", report.Client, report.Target)
	}
	if err != nil {
		return settingsFault(pluginFault(in, err))
	}
	return testVerdict(report)
}

// testOptions reads what tunes the run.
func testOptions(in *invocation) (conformance.Options, error) {
	opts := conformance.Options{HostVersion: version, Only: in.list("check")}
	for _, id := range opts.Only {
		if !slices.Contains(checkNames(), id) {
			return opts, usagef(oneOf(id, checkNames()), "--check: no check is called %q", id)
		}
	}
	if asked := in.text("patience"); asked != "" {
		d, err := time.ParseDuration(asked)
		if err != nil || d < time.Second || d > time.Hour {
			return opts, usagef("give a duration from 1s to 1h", "--patience: %q is no such duration", asked)
		}
		opts.Patience = d
	}
	return opts, nil
}

// testProgram finds what is to be tested, and returns what frees it.
func testProgram(in *invocation) (conformance.Program, func(), error) {
	nothing := func() {}
	if len(in.args) == 0 {
		return conformance.Program{}, nothing, usagef("name one of "+strings.Join(exporterNames(), ", ")+", or a program: ./my-exporter", "plugin test needs an exporter")
	}
	set, err := settings(in.list("set"))
	if err != nil {
		return conformance.Program{}, nothing, err
	}
	program := conformance.Program{Settings: set, Target: in.text("target")}
	if isExporter(in, in.args[0]) {
		if len(in.args) > 1 {
			return program, nothing, usagef("a program is named by its path: ./"+in.args[0], "%s is an exporter's name and takes no arguments, but got %q", in.args[0], in.args[1])
		}
		e, err := findExporter(in, in.args[0])
		if err != nil {
			return program, nothing, err
		}
		program.Command, err = e.command()
		return program, e.close, err
	}
	program.Command, err = namedProgram(in)
	return program, nothing, err
}

// isExporter reports whether a word is the name of an exporter, and not a
// program.
func isExporter(in *invocation, word string) bool {
	if in.on("bridge") || strings.ContainsAny(word, `/\`) {
		return false
	}
	if _, bundled := exporters.Find(word); bundled {
		return true
	}
	places, err := pluginPlaces(in.list("plugins"))
	return err == nil && slices.Contains(trust.Names(places), word)
}

// namedProgram is a program that the user has named by its path, or that is
// found where the shell finds programs.
func namedProgram(in *invocation) (host.Command, error) {
	path, err := exec.LookPath(in.args[0])
	if errors.Is(err, exec.ErrNotFound) {
		return host.Command{}, usagef(oneOf(in.args[0], exporterNames()), "no exporter or program is called %q", in.args[0])
	}
	if err != nil {
		path = in.args[0] // why it can't be started is told when it is tried
	}
	if !in.on("bridge") {
		return host.Command{Path: path, Args: in.args[1:]}, nil
	}
	places, err := pluginPlaces(nil)
	if err != nil {
		return host.Command{}, err
	}
	words := append(slices.Clone(places.Bridge), path)
	return host.Command{Path: words[0], Args: append(words[1:], in.args[1:]...)}, nil
}

// testVerdict is how the command ends.
func testVerdict(report *conformance.Report) error {
	failed, missing := report.Count(conformance.Failed), report.Count(conformance.NotRun)
	all := failed + missing + report.Count(conformance.Passed)
	switch {
	case failed > 0:
		return &gateError{fmt.Sprintf("%d of %s failed", failed, count(all, "check")), "docs/plugin-rules.md has the rules"}
	case missing > 0:
		hint := ""
		for _, r := range report.Results {
			if r.Status == conformance.NotRun && hint == "" {
				hint = r.Hint
			}
		}
		return &gateError{fmt.Sprintf("not complete: %d of %s could not be run", missing, count(all, "check")), hint}
	}
	return nil
}
