package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/lint"
)

// changedFile is a file with its safe fixes applied.
type changedFile struct {
	before  []byte
	fixed   lint.Fixed
	foreign bool // of a format whose text has no place in the file
}

// fixDocument applies the safe fixes to a document's source.
func fixDocument(path string, data []byte, doc *document.Document, diagnostics []lint.Diagnostic) *changedFile {
	c := &changedFile{before: data}
	c.foreign = path == "-" || doc.Place(0).Offset < 0
	c.fixed = lint.Apply(lint.Source{Bytes: data, Text: doc.Text, At: func(offset int) int { return doc.Place(offset).Offset }}, diagnostics)
	return c
}

// applyFixes writes files with their safe fixes, or shows what would change.
func applyFixes(in *invocation, texts []fileResult) error {
	var faults []error
	files, fixes := 0, 0
	for _, t := range texts {
		c := t.changed
		if c == nil {
			in.note("%s is a table, and not changed", t.path)
			continue
		}
		if n := len(c.fixed.Skipped); n > 0 {
			in.note("%s: %s left to you: %s", t.path, plural(n, "fix", "fixes"), c.fixed.Skipped[0].Reason)
		}
		if len(c.fixed.Applied) == 0 || c.foreign && in.on("fix") {
			continue
		}
		files++
		fixes += len(c.fixed.Applied)
		if in.on("diff") {
			if _, err := in.out.Write(lint.Diff(t.path, c.before, c.fixed.Bytes)); err != nil {
				return fmt.Errorf("write output: %w", err)
			}
			continue
		}
		if err := rewrite(t.path, c); err != nil {
			faults = append(faults, err)
			files--
			fixes -= len(c.fixed.Applied)
		}
	}
	done := "changed"
	if in.on("diff") {
		done = "would change"
	}
	in.note("%s %s in %s", plural(fixes, "place", "places"), done, count(files, "file"))
	return errors.Join(faults...)
}

// rewrite replaces a file, if nobody has changed it since it was read.
func rewrite(path string, c *changedFile) error {
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
