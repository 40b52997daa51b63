package render

import (
	"bufio"
	"cmp"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// github writes findings as commands to a GitHub Actions runner, which shows
// them beside the lines meant. A text that is not judged has no command: nothing
// is wrong with one in another language, and the log tells of it.
func github(w *bufio.Writer, r report) {
	rules := r.ruleTexts()
	commands := map[string]string{hint: "notice", warning: "warning", failure: "error"}
	for _, t := range r.texts {
		for _, f := range t.told() {
			_, _ = fmt.Fprintf(w, "::%s %s::%s\n", commands[f.Severity], // a failure shows when w is flushed
				githubProperties(r.root, f, rules[f.Rule].Title), githubData(githubMessage(f, rules[f.Rule].Fix)))
		}
	}
}

func githubProperties(r root, f record.Remark, title string) string {
	var properties []string
	add := func(name, value string) {
		if value != "" {
			properties = append(properties, name+"="+githubProperty(value))
		}
	}
	add("file", r.fileName(f.Place.File))
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

// githubMessage is what is shown beside a line, where no other finding is seen:
// fix is the advice of the rule, for findings that come without.
func githubMessage(f record.Remark, fix string) string {
	text := located(f)
	if fix = cmp.Or(f.Fix, fix); fix != "" {
		text += "\n" + fix
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
