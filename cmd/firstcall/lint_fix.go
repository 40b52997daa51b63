package main

import (
	"errors"
	"fmt"
	"html"
	"os"
	"slices"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/lint"
)

// checkFixing refuses what does not go with --fix and --diff.
func checkFixing(in *invocation) error {
	switch {
	case in.on("fix") && in.on("diff"):
		return usagef("--diff shows what --fix would do", "--fix and --diff do not go together")
	case in.on("fix") && (len(in.args) == 0 || slices.Contains(in.args, "-")):
		return usagef("name files, or see the changes with --diff", "--fix changes files, and standard input is none")
	case !in.on("fix") && !in.on("diff"):
		return nil
	}
	for _, name := range []string{"format", "fail-on", "fail-under", "write-baseline"} {
		if in.values[name].layer == fromFlag {
			return usagef("run lint again without --fix or --diff", "--%s does not go with --fix and --diff, which write no findings", name)
		}
	}
	return nil
}

// changed is a file with its safe fixes applied.
type changed struct {
	path   string
	before []byte
	fixed  lint.Fixed
}

// applyFixes writes files with their safe fixes, or shows what would change.
func applyFixes(in *invocation, read []readResult) error {
	var faults []error
	files, fixes := 0, 0
	for _, r := range read {
		if r.path == "" {
			continue // could not be read
		}
		c := fix(in, r)
		if c == nil || len(c.fixed.Applied) == 0 {
			continue
		}
		if in.on("diff") {
			diff := lint.Diff(r.path, c.before, c.fixed.Bytes)
			if in.outTerminal {
				diff = []byte(printableLines(string(diff)))
			}
			if _, err := in.out.Write(diff); err != nil {
				return fmt.Errorf("write output: %w", err)
			}
		} else if err := c.rewrite(); err != nil {
			faults = append(faults, err)
			continue
		}
		files++
		fixes += len(c.fixed.Applied)
	}
	done := "changed"
	if in.on("diff") {
		done = "would change"
	}
	in.note("%s %s in %s", count(fixes, "place"), done, count(files, "file"))
	return errors.Join(faults...)
}

// fix applies the safe fixes to the source of a document; nil where that can't be
// done.
func fix(in *invocation, r readResult) *changed {
	if r.doc == nil {
		in.note("%s is a table: tables are not changed", r.path)
		return nil
	}
	if f := r.doc.Format; f != document.Text && f != document.Markdown && f != document.HTML {
		in.note("%s is not changed: only text, Markdown and HTML files are", r.path)
		return nil
	}
	c := &changed{path: r.path, before: r.data}
	source := lint.Source{Bytes: r.data, Text: r.doc.Text, At: func(offset int) int { return r.doc.Place(offset).Offset }}
	if r.doc.Format == document.HTML {
		source.Escape = html.EscapeString
	}
	var found []lint.Diagnostic
	for _, u := range r.units {
		found = append(found, u.found...)
	}
	c.fixed = lint.Apply(source, found)
	if n := len(c.fixed.Skipped); n > 0 {
		in.note("%s: %s left to you: %s", r.path, plural(n, "fix", "fixes"), c.fixed.Skipped[0].Reason)
	}
	return c
}

// rewrite replaces a file, if nobody has changed it since it was read.
func (c *changed) rewrite() error {
	path := c.path
	now, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("fix %s: %w", path, err)
	}
	if string(now) != string(c.before) {
		return &hinted{fmt.Errorf("fix %s: the file has changed since it was read", path), "run it again"}
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("fix %s: %w", path, err)
	}
	if err := replaceFile(path, c.fixed.Bytes, info.Mode().Perm()); err != nil {
		return fmt.Errorf("fix %s: %w", path, err)
	}
	return nil
}
