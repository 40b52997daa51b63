package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	"github.com/firstcall-cli/firstcall/exporters"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
	"github.com/firstcall-cli/firstcall/plugins/trust"
)

func pluginShowCommand() *command {
	return &command{
		name: "show", args: "NAME", summary: "show what an exporter is, its settings, and whether it may run", complete: completePlugins,
		about: "Shows what an exporter says about itself: its settings with types and defaults, the kinds of record it takes, and what keeps a record that is sent twice from standing there twice. " +
			"Shows, too, where it lies, its hash, and what the lock says.\n\n" +
			"An exporter that may run is started once, when nothing is remembered of what it says. One that may not is never started.",
		examples: []example{
			{"firstcall plugin show markdown", "its settings"},
			{"firstcall plugin show markdown --format json", "for a program"},
		},
		options: []option{
			{name: "format", short: "f", kind: text, value: "FORMAT", usage: "form of the output", fallback: "text", choices: []string{"text", "json"}},
			pluginsOption(),
		},
		run: runPluginShow,
	}
}

// pluginShown is what is known about one exporter.
type pluginShown struct {
	Name    string   `json:"name"`
	Version string   `json:"version,omitempty"` // of the exporter
	Summary string   `json:"summary,omitempty"`
	From    string   `json:"from"` // "bundled", "user", "project", "extra"
	State   string   `json:"state"`
	Path    string   `json:"path,omitempty"`    // the program, or the folder of a bridged script
	Command []string `json:"command,omitempty"` // of a bridged script
	Lock    string   `json:"lock,omitempty"`
	Source  string   `json:"source,omitempty"`
	Locked  string   `json:"locked_sha256,omitempty"` // for this platform
	Is      string   `json:"sha256,omitempty"`        // of the file as it is now

	Described      bool           `json:"described"` // the rest is known
	SDK            string         `json:"sdk,omitempty"`
	HostConstraint string         `json:"host_constraint,omitempty"`
	Makes          string         `json:"makes,omitempty"`       // "files", or "objects" in a target
	Idempotency    string         `json:"idempotency,omitempty"` // "atomic", "upsert", "lookup", "none"
	Kinds          []string       `json:"kinds,omitempty"`       // absent: all
	Modes          []string       `json:"modes,omitempty"`
	Settings       []shownSetting `json:"settings,omitempty"`
}

// shownSetting is one setting of an exporter.
type shownSetting struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Doc      string   `json:"doc,omitempty"`
	Required bool     `json:"required,omitempty"`
	Secret   bool     `json:"secret,omitempty"`
	Default  string   `json:"default,omitempty"`
	OneOf    []string `json:"one_of,omitempty"`
}

func runPluginShow(ctx context.Context, in *invocation) error {
	if len(in.args) != 1 {
		return usagef("firstcall plugin list shows what there is", "plugin show needs one exporter")
	}
	places, err := pluginPlaces(in.list("plugins"))
	if err != nil {
		return err
	}
	found, err := trust.Look(places, in.args[0])
	var unknown *trust.NotFoundError
	if errors.As(err, &unknown) {
		return usagef(unknown.Hint(), "%v", err)
	}
	if err != nil {
		return err
	}
	info, err := describePlugin(ctx, in, places, found)
	if err != nil {
		return err
	}
	shown := showPlugin(found, info)
	if len(found.Command) == 0 && found.Where != trust.Bundled {
		shown.Is, _ = trust.SumFile(found.Path) // the state says it when it can't be read
	}
	if in.text("format") == "json" {
		text, err := json.MarshalIndent(shown, "", "  ")
		if err != nil {
			return err
		}
		return writeAll(in.out, string(text)+"\n")
	}
	if err := writeAll(in.out, shown.text()); err != nil {
		return err
	}
	if found.State != trust.StateReady && found.State != trust.StateBundled {
		tellWhy(in, places, found.Name)
	}
	return nil
}

// describePlugin gets what an exporter says about itself: of a bundled one from
// the code, of another from what is remembered, and from itself only when it may
// run; nil when it may not.
func describePlugin(ctx context.Context, in *invocation, places trust.Places, found trust.Listed) (*pb.DescribeResponse, error) {
	if bundled, ok := exporters.Find(found.Name); ok {
		server, err := sdk.NewServer(bundled.New())
		if err != nil {
			return nil, err
		}
		return server.Describe(ctx, &pb.DescribeRequest{ProtocolMinor: pb.ProtocolMinor})
	}
	if info, known := places.Described(found.Sum); known && info.GetName() == found.Name {
		return info, nil
	}
	if found.State != trust.StateReady {
		return nil, nil
	}
	program, err := trust.Find(places, found.Name)
	if err != nil {
		return nil, err
	}
	ready, err := program.Prepare()
	if err != nil {
		return nil, err
	}
	defer ready.Close()
	info, err := ask(ctx, in, found.Name, ready)
	if err == nil {
		remember(in, places, ready.Sum, info)
	}
	return info, err
}

// tellWhy says what keeps an exporter from running, and what to do.
func tellWhy(in *invocation, places trust.Places, name string) {
	program, err := trust.Find(places, name)
	if err == nil {
		var ready *trust.Ready
		if ready, err = program.Prepare(); err == nil {
			_ = ready.Close()
			return
		}
	}
	in.note("%v", err)
	if hint := hintOf(err); hint != "" && !in.quiet {
		fmt.Fprintf(in.err, "hint: %s\n", printableLines(hint))
	}
}

func showPlugin(l trust.Listed, info *pb.DescribeResponse) *pluginShown {
	s := &pluginShown{
		Name: l.Name, Version: l.Version, From: string(l.Where), State: string(l.State),
		Path: l.Path, Command: l.Command, Lock: l.Lock, Source: l.Source, Locked: l.Sum,
	}
	if info == nil {
		return s
	}
	s.Described, s.Version, s.Summary, s.SDK, s.HostConstraint = true, info.GetVersion(), info.GetSummary(), info.GetSdk(), info.GetHostConstraint()
	caps := info.GetCapabilities()
	s.Makes, s.Idempotency, s.Kinds = "objects", strings.ToLower(strings.TrimPrefix(caps.GetIdempotency().String(), "IDEMPOTENCY_")), caps.GetRecordKinds()
	if caps.GetIdempotency() == pb.Capabilities_IDEMPOTENCY_ATOMIC {
		s.Makes = "files"
	}
	for _, m := range caps.GetModes() {
		s.Modes = append(s.Modes, strings.ToLower(strings.TrimPrefix(m.String(), "WRITE_MODE_")))
	}
	for _, f := range info.GetConfig() {
		s.Settings = append(s.Settings, shownSetting{
			Name: f.GetName(), Type: strings.ToLower(strings.TrimPrefix(f.GetType().String(), "TYPE_")), Doc: f.GetDoc(),
			Required: f.GetRequired(), Secret: f.GetSecret(), Default: f.GetDefault(), OneOf: f.GetOneOf(),
		})
	}
	return s
}

// text is what people read.
func (s *pluginShown) text() string {
	var b strings.Builder
	b.WriteString(versioned(s.Name, s.Version))
	if s.Summary != "" {
		b.WriteString(": " + render.Printable(s.Summary))
	}
	b.WriteString("\n\n")
	columns(&b, s.facts())
	switch {
	case !s.Described:
		b.WriteString("\nWhat it does is not known: it has not been started yet.\n")
	case len(s.Settings) == 0:
		b.WriteString("\nIt takes no settings.\n")
	default:
		b.WriteString("\nSettings, for --set NAME=VALUE or [export." + s.Name + "] in firstcall.toml:\n\n")
		var rows [][2]string
		for _, f := range s.Settings {
			rows = append(rows, [2]string{render.Printable(f.Name), f.text()})
		}
		columns(&b, rows)
	}
	return b.String()
}

// facts are the lines above the settings.
func (s *pluginShown) facts() [][2]string {
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, render.Printable(value)})
		}
	}
	add("from", s.From)
	add("state", s.State)
	if len(s.Command) > 0 {
		add("folder", s.Path)
		add("command", strings.Join(s.Command, " "))
	} else {
		add("program", s.Path)
	}
	add("source", s.Source)
	add("lock", s.Lock)
	add("locked", s.Locked)
	if s.Is != s.Locked {
		add("is now", s.Is)
	}
	if !s.Described {
		return rows
	}
	add("makes", makesWords[s.Makes])
	add("duplicates", idempotencyWords[s.Idempotency])
	add("kinds", cmp.Or(strings.Join(s.Kinds, ", "), "every kind of record"))
	add("modes", strings.Join(s.Modes, ", "))
	add("works with", constraintWords(s.HostConstraint))
	add("made with", s.SDK)
	return rows
}

var makesWords = map[string]string{
	"files":   "files, which firstcall puts where --out says",
	"objects": "objects in a system of its own; which one, it says once it has its settings",
}

var idempotencyWords = map[string]string{
	"atomic": "none: every run makes all files anew",
	"upsert": "none: the system keeps one object a record, by the record's key",
	"lookup": "none: it looks for a record's object by the record's key before it writes",
	"none":   "possible: nothing keeps a record that is sent twice from standing there twice",
}

func constraintWords(constraint string) string {
	if constraint == "" {
		return ""
	}
	return "firstcall " + constraint
}

// typeWords say what a value is.
var typeWords = map[string]string{
	"string": "text", "int": "whole number", "bool": "true or false", "duration": "duration, as 90s or 1h30m",
	"strings": "list, separated by commas", "table": "list of name=value, separated by commas",
}

// text says everything about a setting but its name.
func (f shownSetting) text() string {
	what := []string{cmp.Or(typeWords[f.Type], f.Type)}
	if f.Required {
		what = append(what, "required")
	}
	if f.Secret {
		what = append(what, "secret: give env:NAME or file:PATH")
	}
	if len(f.OneOf) > 0 {
		what = append(what, "one of "+strings.Join(f.OneOf, ", "))
	}
	if f.Default != "" {
		what = append(what, "default "+f.Default)
	}
	doc := f.Doc
	if doc != "" {
		doc += " "
	}
	return render.Printable(doc + "(" + strings.Join(what, "; ") + ")")
}
