package main

import (
	"context"
	"fmt"
	"strings"
)

func runDocs(_ context.Context, in *invocation) error {
	what := ""
	if len(in.args) == 1 {
		what = in.args[0]
	}
	switch what {
	case "man":
		return writeAll(in.out, manPage(program()))
	case "reference":
		return writeAll(in.out, reference(program()))
	default:
		return usagef("firstcall docs man > firstcall.1", "docs needs one of man and reference")
	}
}

// walk visits a command and all below it that are not hidden.
func walk(c *command, path []string, visit func(c *command, path []string)) {
	visit(c, path)
	for _, sub := range c.commands {
		if !sub.hidden {
			walk(sub, append(path[:len(path):len(path)], sub.name), visit)
		}
	}
}

// reference writes the command reference in Markdown.
func reference(root *command) string {
	var b strings.Builder
	b.WriteString("# Command reference\n\nThis page is made from the program: `firstcall docs reference`.\n")
	walk(root, nil, func(c *command, path []string) {
		name := strings.Join(append([]string{"firstcall"}, path...), " ")
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n```\n%s\n```\n", name, sentence(c.summary), usageLine(c, path))
		if c.about != "" {
			b.WriteString("\n" + c.about + "\n")
		}
		markdownFlags(&b, c.options)
		for _, e := range c.examples {
			fmt.Fprintf(&b, "\n%s:\n\n```sh\n%s\n```\n", sentence(e.does)[:len(e.does)], e.line)
		}
	})
	b.WriteString("\n## Flags of every command\n")
	markdownFlags(&b, globalOptions)
	b.WriteString("\n## Settings\n\n" + settingsText() + "\n")
	b.WriteString("\n## Exit status\n\n| status | meaning |\n| --- | --- |\n")
	for _, s := range exitStatuses {
		fmt.Fprintf(&b, "| %s | %s |\n", s[0], s[1])
	}
	return b.String()
}

// settingsText tells where settings come from, and which ones.
func settingsText() string {
	var b strings.Builder
	b.WriteString("Flags go before environment variables, and these before the nearest `firstcall.toml`, in the working directory or above it. " +
		"In the file, a section is called like its command and takes what can stay the same from run to run:")
	options := configurable()
	for _, section := range sortedKeys(options) {
		names := make([]string, len(options[section]))
		for i, o := range options[section] {
			names[i] = "`" + o.name + "`"
		}
		fmt.Fprintf(&b, " `[%s]` takes %s;", section, strings.Join(names, ", "))
	}
	b.WriteString(" `[clients]` gives names to client ids, `[export.NAME]` holds settings of an exporter, and `[targets]` says by exporter whose data it may write. Paths in it are relative to it, but for those in settings of an exporter: they go to it as they stand and are taken from the working directory.\n\n" +
		"Each of these settings has a variable too, called like its flag: `FIRSTCALL_INSTRUMENT` is `--instrument`. " +
		"So have two flags of every command: `FIRSTCALL_CONFIG` and `FIRSTCALL_QUIET`. Other flags are read from the command line only.")
	return b.String()
}

// exitStatuses documents the constants of errors.go.
var exitStatuses = [][2]string{
	{"0", "done"},
	{"1", "a check that you asked for failed"},
	{"2", "the command line can't be run"},
	{"3", "bad input or settings, or the output could not be written"},
	{"4", "an export left records unwritten"},
	{"5", "an exporter could not run"},
	{"130, 143", "interrupted"},
	{"141", "the reader of the output closed the pipe"},
}

func markdownFlags(b *strings.Builder, options []option) {
	if len(options) == 0 {
		return
	}
	b.WriteString("\n| flag | meaning |\n| --- | --- |\n")
	for _, o := range options {
		fmt.Fprintf(b, "| `%s` | %s |\n", strings.ReplaceAll(strings.TrimSpace(o.label()), "|", "\\|"), strings.ReplaceAll(o.describe(), "|", "\\|"))
	}
}

// manPage writes the manual page in roff.
func manPage(root *command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH FIRSTCALL 1 \"\" \"firstcall %s\"\n.SH NAME\nfirstcall \\- %s\n", roff(version), roff(root.summary))
	b.WriteString(".SH SYNOPSIS\n.B firstcall\nCOMMAND [flags]\n.SH DESCRIPTION\n" + paragraphs(root.about))
	b.WriteString(".SH COMMANDS\n")
	walk(root, nil, func(c *command, path []string) {
		if len(path) == 0 || c.run == nil {
			return
		}
		fmt.Fprintf(&b, ".SS %s\n%s\n.PP\n%s\n", roff(usageLine(c, path)), roff(sentence(c.summary)), paragraphs(c.about))
		roffFlags(&b, c.options)
		for _, e := range c.examples {
			fmt.Fprintf(&b, ".PP\n%s:\n.PP\n.nf\n    %s\n.fi\n", roff(sentence(e.does)[:len(e.does)]), roff(e.line))
		}
	})
	b.WriteString(".SH FLAGS OF EVERY COMMAND\n")
	roffFlags(&b, globalOptions)
	b.WriteString(".SH SETTINGS\n" + paragraphs(strings.ReplaceAll(settingsText(), "`", "")))
	b.WriteString(".SH EXIT STATUS\n")
	for _, s := range exitStatuses {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(s[0]), roff(s[1]))
	}
	return b.String()
}

func roffFlags(b *strings.Builder, options []option) {
	for _, o := range options {
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(o.label())), roff(o.describe()))
	}
}

func paragraphs(text string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		if p != "" {
			b.WriteString(".PP\n" + roff(p) + "\n")
		}
	}
	return b.String()
}

// roff escapes text for roff: a hyphen is a minus sign only when escaped, and
// a point or quote at the start of a line is a request.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
