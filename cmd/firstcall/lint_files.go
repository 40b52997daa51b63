package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/prose"
	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/survey"
	"github.com/firstcall-cli/firstcall/core/vision"
)

// fileResult is what came of one file.
type fileResult struct {
	path       string
	statements []linted
	notes      []string
	changed    *changedFile // with --fix and --diff
}

// lintFiles lists the files to read: folders are walked, in the order of their
// names. bad is what can't be read, which keeps nothing else from being read.
func lintFiles(in *invocation) (files []string, bad, err error) {
	paths, err := inputPaths(in, "name files or folders of statements, or pipe a statement in")
	if err != nil {
		return nil, nil, err
	}
	var faults []error
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case path == "-":
			files = append(files, path)
		case err != nil:
			faults = append(faults, fmt.Errorf("read statements: %w", err))
		case info.IsDir():
			inside, err := walkFolder(in, path)
			files = append(files, inside...)
			if err != nil {
				faults = append(faults, err)
			}
		default:
			files = append(files, path)
		}
	}
	return files, errors.Join(faults...), nil
}

// walkFolder lists the documents of a folder and the folders in it.
func walkFolder(in *invocation, folder string) ([]string, error) {
	var files []string
	other := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != folder && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
		default:
			if _, known := document.FormatOf(path); known {
				files = append(files, path)
			} else {
				other++
			}
		}
		return nil
	})
	if err != nil {
		err = fmt.Errorf("read folder: %w", err)
	}
	if other > 0 {
		in.note("%s: %s of other kinds not read", folder, count(other, "file"))
	}
	if len(files) == 0 && err == nil {
		err = &hinted{fmt.Errorf("%s has no statements", folder), "statements are .md, .txt, .html, .docx, .odt or .pdf files; name tables (.csv, .xlsx, .ndjson) one by one"}
	}
	return files, err
}

// lintAll looks through the files, several at a time. What can't be read is an
// error; the others are looked through all the same.
func lintAll(ctx context.Context, in *invocation, set *lintSet, files []string) ([]fileResult, error) {
	results := make([]fileResult, len(files))
	faults := make([]error, len(files))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(usualWorkers(), len(files)) {
		workers.Go(func() {
			for i := range next {
				results[i], faults[i] = lintFile(ctx, in, set, files[i])
			}
		})
	}
	for i := range files {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	for _, r := range results {
		for _, n := range r.notes {
			in.note("%s", n)
		}
	}
	results = slices.DeleteFunc(results, func(r fileResult) bool { return r.path == "" })
	return results, errors.Join(faults...)
}

func lintFile(ctx context.Context, in *invocation, set *lintSet, path string) (fileResult, error) {
	if set.table(path) {
		return lintTable(ctx, in, set, path)
	}
	data, err := readFile(ctx, in, path)
	if err != nil {
		return fileResult{}, err
	}
	doc, err := document.Read(path, data)
	if err != nil {
		return fileResult{}, err
	}
	if !set.fixing {
		data = nil // what the text does not share can go
	}
	return lintDocument(set, path, data, doc)
}

// readFile reads all of a file, or of standard input. Reading ends with ctx.
func readFile(ctx context.Context, in *invocation, path string) ([]byte, error) {
	if path != "-" {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("read statements: %w", err)
			}
			return data, nil
		}
	}
	f, err := openInput(ctx, in, path)
	if err != nil {
		return nil, fmt.Errorf("read statements: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return data, nil
}

// lintDocument judges the statements of a document. data is its source, needed
// only for fixes.
func lintDocument(set *lintSet, path string, data []byte, doc *document.Document) (fileResult, error) {
	r := fileResult{path: path}
	found, left := vision.Split(filepath.ToSlash(path), doc)
	if left > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: %s outside the statements that its headings mark not looked at", path, count(left, "word")))
	}
	quiet, notices := lint.ReadDirectives(directives(doc), set.known(), nextBlock(doc))
	for _, n := range notices {
		place := doc.Place(n.Offset)
		r.notes = append(r.notes, fmt.Sprintf("%s: %s; %s", problem.Problem{File: path, Line: place.Line, What: n.What}.Error(), "the directive has no effect", n.Hint))
	}
	var diagnostics []lint.Diagnostic
	var failed error
	for _, f := range found {
		shift := func(d lint.Diagnostic) lint.Diagnostic {
			if d.Span.End > d.Span.Start {
				d.Span.Start += f.Start
				d.Span.End += f.Start
			}
			return d
		}
		f.Statement = set.named(f.Statement)
		var suppress func(lint.Diagnostic) bool
		if len(doc.Comments) > 0 {
			suppress = func(d lint.Diagnostic) bool { return quiet.Covers(shift(d)) }
		}
		j := vision.Judge(f.Statement, set.options(path, set.client, f.ID, suppress))
		j.Locate(f.Text, func(offset int) record.Place {
			place := doc.Place(f.Start + offset)
			return record.Place{File: filepath.ToSlash(path), Line: place.Line, Column: place.Column, Part: place.Part}
		})
		failed = errors.Join(failed, j.Result.Failed.Err())
		if set.fixing {
			for _, d := range j.Result.Diagnostics {
				diagnostics = append(diagnostics, shift(d))
			}
		}
		set.finish(&j.Body, f.Text)
		if note := untold(path, &j.Body); note != "" {
			r.notes = append(r.notes, note)
		}
		body := j.Body // alone: the rest of j is large
		r.statements = append(r.statements, linted{client: set.client, body: &body, source: filepath.Base(path)})
	}
	if set.fixing {
		r.changed = fixDocument(path, data, doc, diagnostics)
	}
	return r, failed
}

// untold says why a statement has no verdict.
func untold(path string, body *record.Statement) string {
	if body.Verdict != nil {
		return ""
	}
	return fmt.Sprintf("%s is not judged: %s", body.ID, body.Undefined["verdict"])
}

func directives(doc *document.Document) []lint.Comment {
	var out []lint.Comment
	for _, c := range doc.Comments {
		out = append(out, lint.Comment{Offset: c.Offset, Text: c.Text})
	}
	return out
}

// nextBlock gives the paragraph that follows an offset.
func nextBlock(doc *document.Document) func(int) prose.Span {
	if doc.Blocks == nil {
		if len(doc.Comments) == 0 {
			return nil
		}
		return lint.NextParagraph(prose.Parse(doc.Text))
	}
	return func(offset int) prose.Span {
		for _, b := range doc.Blocks {
			if b.Start >= offset {
				return b.Span
			}
		}
		return prose.Span{}
	}
}

// lintTable judges the statements of a table, one a row.
func lintTable(ctx context.Context, in *invocation, set *lintSet, path string) (fileResult, error) {
	r := fileResult{path: path}
	f, err := openInput(ctx, in, path)
	if err != nil {
		return fileResult{}, fmt.Errorf("read statements: %w", err)
	}
	defer f.Close()
	t, err := survey.OpenTable(path, f, survey.TableOptions{Sheet: in.text("sheet")})
	if err != nil {
		return fileResult{}, err
	}
	defer t.Close()
	columns, err := set.columns(path, t.Header())
	if err != nil {
		return fileResult{}, err
	}
	row, blank := 0, 0
	for {
		line, cells, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return r, err
		}
		if ctx.Err() != nil {
			return r, context.Cause(ctx)
		}
		row++
		text := cells[columns.text]
		if strings.TrimSpace(text) == "" {
			blank++
			continue
		}
		place := record.Place{File: filepath.ToSlash(path), Line: line, Part: t.Place(line, columns.text+1)}
		l, err := set.row(path, row, cells, columns, place)
		if err != nil {
			return r, err
		}
		if note := untold(path, l.body); note != "" {
			r.notes = append(r.notes, note)
		}
		r.statements = append(r.statements, l)
	}
	if blank > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: %s without a statement left out", path, count(blank, "row")))
	}
	return r, nil
}
