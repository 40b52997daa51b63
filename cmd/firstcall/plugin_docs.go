package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
	"github.com/firstcall-cli/firstcall/plugins/trust"
)

func pluginDocsCommand() *command {
	return &command{
		name: "docs", args: "NAME|PROGRAM [ARGUMENTS...]", summary: "write the reference of an exporter in Markdown",
		about: "Makes a page of what an exporter says about itself: its settings, the kinds of record it takes, how duplicates are avoided, its limits, and a section for firstcall.toml to start from.\n\n" +
			"A bundled exporter, and one that is remembered, is not started; another is started once if it may run. " +
			"An author names the program by its path, with a slash, and it is started as it is; with --bridge, it is a script, whose flags come after --.",
		examples: []example{
			{"firstcall plugin docs markdown > markdown.md", "the page of a bundled exporter"},
			{"firstcall plugin docs ./firstcall-export-keys > README.md", "of a program you are writing"},
			{"firstcall plugin docs --bridge ./keys.sh", "of a script"},
		},
		complete: completePlugins,
		options: []option{
			{name: "bridge", kind: toggle, usage: "the program is a script that reads and writes lines of JSON"},
			pluginsOption(),
		},
		run: runPluginDocs,
	}
}

func runPluginDocs(ctx context.Context, in *invocation) error {
	if len(in.args) == 0 {
		return usagef("firstcall plugin list shows what there is", "plugin docs needs an exporter or a program")
	}
	var info *pb.DescribeResponse
	var err error
	if in.on("bridge") || strings.ContainsAny(in.args[0], `/\`) {
		info, err = askProgram(ctx, in, in.args)
	} else {
		info, err = askByName(ctx, in)
	}
	if err != nil {
		return err
	}
	return writeAll(in.out, exporterPage(info))
}

// askByName gets the description of an exporter that is bundled or installed.
func askByName(ctx context.Context, in *invocation) (*pb.DescribeResponse, error) {
	if len(in.args) > 1 {
		return nil, usagef("a program is named by its path: ./"+in.args[0], "plugin docs takes one exporter, but got %q too", in.args[1])
	}
	places, err := pluginPlaces(in.list("plugins"))
	if err != nil {
		return nil, err
	}
	found, err := trust.Look(places, in.args[0])
	var unknown *trust.NotFoundError
	if errors.As(err, &unknown) {
		return nil, usagef(cmp.Or(unknown.Hint(), "a program is named by its path: ./"+in.args[0]), "%v", err)
	}
	if err != nil {
		return nil, err
	}
	info, err := describePlugin(ctx, in, places, found)
	if err == nil && info == nil {
		// It may not run: this says why, and what to do.
		if _, err = trust.Find(places, found.Name); err == nil {
			err = &hinted{fmt.Errorf("exporter %s is not what its lock says", found.Name), "firstcall plugin show " + found.Name + " says more"}
		}
	}
	return info, err
}

// askProgram starts a program that the user has named by its path.
func askProgram(ctx context.Context, in *invocation, words []string) (*pb.DescribeResponse, error) {
	command := host.Command{Path: words[0], Args: words[1:]}
	if in.on("bridge") {
		places, err := pluginPlaces(nil)
		if err != nil {
			return nil, err
		}
		command.Path, command.Args = places.Bridge[0], append(places.Bridge[1:len(places.Bridge):len(places.Bridge)], words...)
	}
	plugin, err := host.Launch(ctx, command, host.Options{HostVersion: version})
	if err != nil {
		return nil, pluginFault(in, err)
	}
	defer plugin.Close()
	return plugin.Info(), nil
}

// exporterPage is the reference of an exporter.
func exporterPage(info *pb.DescribeResponse) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", info.GetName())
	if summary := info.GetSummary(); summary != "" {
		first, rest := utf8.DecodeRuneInString(summary)
		fmt.Fprintf(&b, "%s.\n\n", inMarkdown(string(unicode.ToUpper(first))+summary[rest:]))
	}
	fmt.Fprintf(&b, "Version %s", inMarkdown(info.GetVersion()))
	if c := info.GetHostConstraint(); c != "" {
		fmt.Fprintf(&b, ", for firstcall %s", inMarkdown(c))
	}
	b.WriteString(".\n")
	caps := info.GetCapabilities()
	pageSettings(&b, info)
	fmt.Fprintf(&b, "\n## Records\n\n%s\n", kindsSentence(caps.GetRecordKinds()))
	fmt.Fprintf(&b, "\n## Duplicates\n\n%s\n", duplicatesWords[caps.GetIdempotency()])
	if modes := modesSentence(caps); modes != "" {
		fmt.Fprintf(&b, "\n%s\n", modes)
	}
	fmt.Fprintf(&b, "\n## Limits\n\n%s\n", limitsSentence(caps))
	pageExample(&b, info)
	return b.String()
}

// inMarkdown makes a text of an exporter safe within a line or a table cell.
func inMarkdown(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "&", "&amp;", "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, `\`, `\\`).Replace(render.Printable(text))
}

func pageSettings(b *strings.Builder, info *pb.DescribeResponse) {
	b.WriteString("\n## Settings\n\n")
	if len(info.GetConfig()) == 0 {
		b.WriteString("It takes no settings.\n")
		return
	}
	b.WriteString("| setting | type | required | secret | default | allowed | what it does |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, f := range showPlugin(trust.Listed{}, info).Settings {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", f.Name, cmp.Or(typeWords[f.Type], f.Type),
			yes(f.Required), yes(f.Secret), code(f.Default), codes(f.OneOf), inMarkdown(f.Doc))
	}
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

// code is a value as code within a table cell; empty when it is.
func code(value string) string {
	if value == "" {
		return ""
	}
	quote := "`"
	for strings.Contains(value, quote) {
		quote += "`"
	}
	if strings.HasPrefix(value, "`") || strings.HasSuffix(value, "`") {
		value = " " + value + " "
	}
	return quote + strings.ReplaceAll(render.Printable(value), "|", `\|`) + quote
}

func codes(values []string) string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = code(v)
	}
	return strings.Join(all, ", ")
}

func kindsSentence(kinds []string) string {
	if len(kinds) == 0 {
		return "It takes every kind of record."
	}
	return "It takes records of the kinds " + codes(kinds) + "; others are left out."
}

// duplicatesWords say what happens to a record that is exported twice.
var duplicatesWords = map[pb.Capabilities_Idempotency]string{
	pb.Capabilities_IDEMPOTENCY_ATOMIC: "It makes files. Each run makes all of them anew, and firstcall puts them in place whole or not at all.",
	pb.Capabilities_IDEMPOTENCY_UPSERT: "The system it writes to keeps one object a record, by the record's key. Exporting a record again updates that object.",
	pb.Capabilities_IDEMPOTENCY_LOOKUP: "Before it writes, it looks for the object of a record by the record's key. Exporting a record again updates that object.",
	pb.Capabilities_IDEMPOTENCY_NONE:   "Nothing keeps a record that is sent twice from standing there twice. A run that was cut off is not resumed unless you ask for it.",
}

// modeWords say what happens to what is there already.
var modeWords = map[pb.WriteMode]string{
	pb.WriteMode_WRITE_MODE_UPSERT:  "`upsert` updates what is there and makes what is not",
	pb.WriteMode_WRITE_MODE_APPEND:  "`append` only adds",
	pb.WriteMode_WRITE_MODE_REPLACE: "`replace` also removes what the clients of a run have there and the run does not",
}

func modesSentence(caps *pb.Capabilities) string {
	if len(caps.GetModes()) == 0 {
		return ""
	}
	words := make([]string, len(caps.GetModes()))
	for i, m := range caps.GetModes() {
		words[i] = cmp.Or(modeWords[m], "`"+strings.ToLower(m.String())+"`")
	}
	return "Modes: " + strings.Join(words, "; ") + "."
}

func limitsSentence(caps *pb.Capabilities) string {
	of := func(own uint32, fallback string) string {
		if own == 0 {
			return fallback
		}
		return fmt.Sprint(own)
	}
	alone := "a larger record comes alone"
	if caps.GetWholeClients() {
		alone = "all records of a client come in one, which may be larger then"
	}
	return fmt.Sprintf("A batch has at most %s records and %s bytes; %s, up to 32 MiB. Batches under way at a time: at most %s.",
		of(caps.GetMaxBatchRecords(), "100"), of(caps.GetMaxBatchBytes(), "1,048,576"), alone, of(caps.GetMaxInFlight(), "4"))
}

// pageExample is how it is called, and a section of firstcall.toml to start from.
func pageExample(b *strings.Builder, info *pb.DescribeResponse) {
	name := info.GetName()
	out := ""
	if info.GetCapabilities().GetIdempotency() == pb.Capabilities_IDEMPOTENCY_ATOMIC {
		out = " --out reports/"
	}
	fmt.Fprintf(b, "\n## Example\n\n```sh\nfirstcall export --to %s records.ndjson%s\n```\n", name, out)
	if len(info.GetConfig()) == 0 {
		return
	}
	fmt.Fprintf(b, "\nIn `firstcall.toml`; what is commented out can be left out:\n\n```toml\n[export.%s]\n", name)
	for _, f := range info.GetConfig() {
		comment := "# "
		if f.GetRequired() {
			comment = ""
		}
		fmt.Fprintf(b, "%s%s = %s\n", comment, f.GetName(), exampleValue(name, f))
	}
	b.WriteString("```\n")
}

// exampleValue is a value of the setting in TOML: its default, or one of its
// type.
func exampleValue(exporter string, f *pb.Field) string {
	if f.GetSecret() {
		variable := strings.ToUpper(strings.ReplaceAll(exporter+"_"+f.GetName(), "-", "_"))
		return quoteTOML("env:" + variable)
	}
	text := f.GetDefault()
	if text == "" && len(f.GetOneOf()) > 0 {
		text = f.GetOneOf()[0]
	}
	switch f.GetType() {
	case pb.Field_TYPE_INT:
		return cmp.Or(text, "10")
	case pb.Field_TYPE_BOOL:
		return cmp.Or(text, "true")
	case pb.Field_TYPE_DURATION:
		return quoteTOML(cmp.Or(text, "90s"))
	case pb.Field_TYPE_STRINGS:
		return listTOML(strings.Split(cmp.Or(text, "one,two"), ","))
	case pb.Field_TYPE_TABLE:
		var pairs []string
		for pair := range strings.SplitSeq(cmp.Or(text, "from=to"), ",") {
			from, to, _ := strings.Cut(pair, "=")
			pairs = append(pairs, quoteTOML(from)+" = "+quoteTOML(to))
		}
		return "{ " + strings.Join(pairs, ", ") + " }"
	}
	return quoteTOML(cmp.Or(text, "…"))
}

func listTOML(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quoteTOML(v)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
