package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/cmd/firstcall/render"
)

// helpText is what --help prints.
func helpText(c *command, path []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nusage:\n  %s\n", sentence(c.summary), usageLine(c, path))
	if c.about != "" {
		for p := range strings.SplitSeq(c.about, "\n\n") {
			b.WriteString("\n" + render.Wrap(p, ""))
		}
	}
	if len(c.commands) > 0 {
		b.WriteString("\ncommands:\n")
		var rows [][2]string
		for _, sub := range c.commands {
			if !sub.hidden {
				rows = append(rows, [2]string{sub.name, sub.summary})
			}
		}
		columns(&b, rows)
	}
	if len(c.options) > 0 {
		b.WriteString("\nflags:\n")
		columns(&b, flagRows(c.options))
	}
	b.WriteString("\nglobal flags:\n")
	columns(&b, flagRows(globalOptions))
	if len(c.examples) > 0 {
		b.WriteString("\nexamples:\n")
		for _, e := range c.examples {
			fmt.Fprintf(&b, "  # %s\n  %s\n", e.does, e.line)
		}
	}
	return b.String()
}

func usageLine(c *command, path []string) string {
	parts := slices.Concat([]string{"firstcall"}, path)
	if len(c.commands) > 0 {
		parts = append(parts, "COMMAND")
	}
	if c.args != "" {
		parts = append(parts, c.args)
	}
	return strings.Join(append(parts, "[flags]"), " ")
}

func flagRows(options []option) [][2]string {
	var rows [][2]string
	for _, o := range options {
		rows = append(rows, [2]string{o.label(), o.describe()})
	}
	return rows
}

// label is the flag as it is typed: "-f, --format FORMAT".
func (o option) label() string {
	s := "    --" + o.name
	if o.short != "" {
		s = "-" + o.short + ", --" + o.name
	}
	if o.takesValue() {
		s += " " + o.value
	}
	return s
}

// describe is the flag's line of help with its choices and what holds
// without it.
func (o option) describe() string {
	s := o.usage
	if len(o.choices) > 0 && !strings.Contains(o.value, "|") {
		s += ": " + strings.Join(o.choices, ", ")
	}
	if o.fallback != "" {
		s += " (without it: " + o.fallback + ")"
	}
	return s
}

// columns writes two columns, the second filled to the width of help.
func columns(b *strings.Builder, rows [][2]string) {
	width := 0
	for _, r := range rows {
		width = max(width, min(len(r[0]), 28))
	}
	indent := strings.Repeat(" ", width+4)
	for _, r := range rows {
		head := fmt.Sprintf("  %-*s  ", width, r[0])
		if len(r[0]) > width {
			head = "  " + r[0] + "\n" + indent
		}
		b.WriteString(head + strings.TrimPrefix(render.Wrap(r[1], indent), indent))
	}
}

// sentence makes a sentence of a lower-case line.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }
