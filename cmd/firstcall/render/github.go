package render

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// github writes findings as commands to a GitHub Actions runner, which shows
// them beside the lines meant.
func github(w *bufio.Writer, lint Lint) {
	titles := map[string]string{}
	for _, r := range lint.Rules {
		titles[r.ID] = r.Title
	}
	commands := map[string]string{hint: "notice", warning: "warning", failure: "error"}
	for _, l := range lint.Statements {
		for _, f := range l.Statement.Findings {
			_, _ = fmt.Fprintf(w, "::%s %s::%s\n", commands[f.Severity], // a failure shows when w is flushed
				githubProperties(lint, f, titles[f.Rule]), githubData(githubMessage(f)))
		}
	}
}

func githubProperties(lint Lint, f record.Remark, title string) string {
	var properties []string
	add := func(name, value string) {
		if value != "" {
			properties = append(properties, name+"="+githubProperty(value))
		}
	}
	add("file", lint.fileName(f.Place.File))
	add("line", ordinal(f.Place.Line))
	if f.EndLine >= f.Place.Line && f.Place.Line > 0 {
		add("endLine", ordinal(f.EndLine))
	}
	add("col", ordinal(f.Place.Column))
	if f.EndLine == f.Place.Line && f.Place.Column > 0 { // GitHub takes the last column, and only of one line
		add("endColumn", ordinal(max(f.EndColumn-1, f.Place.Column)))
	}
	add("title", joined([]string{title, f.Rule}, " · "))
	return strings.Join(properties, ",")
}

func githubMessage(f record.Remark) string {
	text := located(f)
	if f.Fix != "" {
		text += "\n" + f.Fix
	}
	if f.Replacement != nil && *f.Replacement != "" {
		text += "\nTry: “" + *f.Replacement + "”"
	}
	return text
}

// githubData escapes a message: a line feed would end the command and let the
// rest of the text begin one of its own.
func githubData(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(Printable(line), "%", "%25")
	}
	return strings.Join(lines, "%0A")
}

// githubProperty escapes the value of a property, which has no lines.
func githubProperty(text string) string {
	return strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C").Replace(Printable(text))
}
