package main

import (
	"bytes"
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

// readResult is what was read of one file.
type readResult struct {
	path  string
	units []unit
	notes []string
	doc   *document.Document // of a file that may be fixed; nil for tables
	data  []byte             // its source
}

// unit is a statement that is still to be judged.
type unit struct {
	path      string
	client    string
	statement vision.Statement
	at        func(offset int) record.Place // the place of a byte of its text
	suppress  func(lint.Diagnostic) bool
	start     int // of its text in the document's

	judged linted
	found  []lint.Diagnostic // in the document's text; only for fixes
	failed error
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
			inside, err := walkFolder(in, path, "statements", nil)
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

// walkFolder lists the documents of a folder and the folders in it. Names that begin
// with a dot are passed over, and what skip says; nil for nothing.
func walkFolder(in *invocation, folder, what string, skip func(path string, dir bool) bool) ([]string, error) {
	var files []string
	var faults []error
	other, links := 0, 0
	// A link that the user names is followed, as one says with the slash.
	root := strings.TrimSuffix(folder, string(filepath.Separator)) + string(filepath.Separator)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			// The rest of the folder is read all the same.
			faults = append(faults, fmt.Errorf("read folder: %w", err))
			if entry != nil && entry.IsDir() {
				return fs.SkipDir
			}
		case path != root && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case path != root && skip != nil && skip(path, entry.IsDir()):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
		case linksFolder(path, entry):
			links++
		default:
			if _, known := document.FormatOf(path); known || what == checkedThings && slices.Contains(foreignEndings, strings.ToLower(filepath.Ext(path))) {
				files = append(files, path)
			} else {
				other++
			}
		}
		return nil
	})
	err = errors.Join(errors.Join(faults...), err)
	if links > 0 {
		in.note("%s: %s not followed; name the folders themselves", folder, plural(links, "link to a folder", "links to folders"))
	}
	if other > 0 {
		in.note("%s: %s of other kinds not read", folder, count(other, "file"))
	}
	if len(files) == 0 && err == nil {
		err = &hinted{fmt.Errorf("%s has no %s", folder, what), what + " are .md, .txt, .html, .docx, .odt or .pdf files" + tablesHint(what)}
	}
	return files, err
}

// checkedThings is what check looks for.
const checkedThings = "job descriptions"

// foreignEndings are those of documents that can't be read, and are told as unread where
// a document that is passed over would be taken for one that is in order.
var foreignEndings = []string{".doc", ".rtf", ".pages", ".wpd", ".wps"}

// linksFolder says whether an entry is a link that leads to a folder, or in a circle.
func linksFolder(path string, entry fs.DirEntry) bool {
	if entry.Type()&fs.ModeSymlink == 0 {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// tablesHint says how tables are given, to who looks for statements.
func tablesHint(what string) string {
	if what != "statements" {
		return ""
	}
	return "; name tables (.csv, .xlsx, .ndjson) one by one"
}

// parallel calls do with each of n numbers, several at a time, until ctx ends. Each
// worker has a do of its own.
func parallel(ctx context.Context, n int, worker func() (do func(i int))) {
	parallelOn(ctx, usualWorkers(), n, worker)
}

// parallelOn is parallel with so many workers.
func parallelOn(ctx context.Context, most, n int, worker func() (do func(i int))) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(most, n) {
		do := worker()
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		next <- i
	}
	close(next)
	workers.Wait()
}

// readAll reads the files. What can't be read is an error; the others are read all
// the same.
func readAll(ctx context.Context, in *invocation, set *lintSet, files []string) ([]readResult, error) {
	results := make([]readResult, len(files))
	faults := make([]error, len(files))
	parallel(ctx, len(files), func() func(int) {
		return func(i int) { results[i], faults[i] = readStatements(ctx, in, set, files[i]) }
	})
	for _, r := range results {
		for _, n := range r.notes {
			in.note("%s", n)
		}
	}
	return results, errors.Join(faults...)
}

// judgeAll judges the statements of all files.
func judgeAll(ctx context.Context, in *invocation, set *lintSet, files []readResult) error {
	var units []*unit
	for i := range files {
		for k := range files[i].units {
			units = append(units, &files[i].units[k])
		}
	}
	set.meet(units)
	parallel(ctx, len(units), func() func(int) {
		memory := &vision.Memory{}
		return func(i int) { set.judge(units[i], memory) }
	})
	var faults []error
	for _, u := range units {
		if body := u.judged.body; body != nil && body.Verdict == nil {
			in.note("%s is not judged: %s", body.ID, body.Undefined["verdict"])
		}
		faults = append(faults, u.failed)
	}
	return errors.Join(faults...)
}

func readStatements(ctx context.Context, in *invocation, set *lintSet, path string) (readResult, error) {
	if set.table(path) {
		f, err := openInput(ctx, in, path)
		if err != nil {
			return readResult{}, fmt.Errorf("read statements: %w", err)
		}
		defer f.Close()
		return readTable(ctx, in, set, path, f)
	}
	data, err := readFile(ctx, in, path)
	if err != nil {
		return readResult{}, err
	}
	if path == "-" && looksLikeTable(data) {
		return readTable(ctx, in, set, path, bytes.NewReader(data))
	}
	if lint.IsBaseline(data) {
		return readResult{notes: []string{path + " is a baseline and no statement"}}, nil
	}
	doc, err := document.Read(path, data)
	if err != nil {
		return readResult{}, err
	}
	return readDocument(set, path, data, doc), nil
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

// readDocument finds the statements of a document.
func readDocument(set *lintSet, path string, data []byte, doc *document.Document) readResult {
	r := readResult{path: path}
	if set.fixing {
		r.doc, r.data = doc, data
	}
	found, left := vision.Split(statementName(path), doc)
	if left > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: %s outside the statements that its headings mark not looked at", path, count(left, "word")))
	}
	quiet, notices := lint.ReadDirectives(directives(doc), set.all, nextBlock(doc))
	for _, n := range notices {
		line := doc.Comments[n.Comment].Place.Line
		r.notes = append(r.notes, fmt.Sprintf("%v; the directive has no effect: %s", problem.Problem{File: path, Line: line, What: n.What}, n.Hint))
	}
	for _, f := range found {
		u := unit{path: path, client: set.client, statement: set.named(f.Statement), start: f.Start}
		u.at = func(offset int) record.Place {
			place := doc.Place(f.Start + offset)
			if place.Part != "" {
				return record.Place{File: filepath.ToSlash(path), Part: place.Part} // its lines are not the file's
			}
			return record.Place{File: filepath.ToSlash(path), Line: place.Line, Column: place.Column}
		}
		if len(doc.Comments) > 0 {
			u.suppress = func(d lint.Diagnostic) bool { return quiet.Covers(shifted(d, f.Start)) }
		}
		r.units = append(r.units, u)
	}
	return r
}

// shifted moves a diagnostic of a statement to its place in the document's text.
func shifted(d lint.Diagnostic, start int) lint.Diagnostic {
	if d.Span.End > d.Span.Start {
		d.Span.Start += start
		d.Span.End += start
	}
	return d
}

// statementName is how a file's statement is called: by its path from the working
// directory, however it was named, since records and baselines must not depend on
// where somebody keeps the files. A file elsewhere that was named by its full path
// goes by its base name.
func statementName(path string) string {
	if path == "-" {
		return path
	}
	clean := filepath.Clean(path)
	if !filepath.IsAbs(clean) {
		return filepath.ToSlash(clean)
	}
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, clean); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.Base(clean)
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

// looksLikeTable says whether what is piped in, which has no name to tell, is a
// workbook, a JSON record, or a table with a column called text or statement.
func looksLikeTable(data []byte) bool {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return bytes.Contains(data, []byte("xl/workbook.xml"))
	case bytes.HasPrefix(data, []byte(`{"`)), bytes.HasPrefix(data, []byte(`[{`)):
		return true
	}
	head, _, _ := bytes.Cut(data, []byte("\n"))
	cells := strings.FieldsFunc(string(head), func(r rune) bool { return r == ',' || r == ';' || r == '\t' })
	return len(cells) > 1 && slices.ContainsFunc(cells, func(c string) bool {
		name := strings.ToLower(strings.Trim(c, " \"\r\ufeff"))
		return name == "text" || name == "statement"
	})
}

// readTable reads the statements of a table, one a row. A row that is wrong is an
// error; the others are read all the same.
func readTable(ctx context.Context, in *invocation, set *lintSet, path string, f io.Reader) (readResult, error) {
	r := readResult{path: path}
	t, err := survey.OpenTable(path, f, survey.TableOptions{Sheet: in.text("sheet")})
	if err != nil {
		return readResult{}, err
	}
	defer t.Close()
	columns, err := set.columns(path, t.Header())
	if err != nil {
		return readResult{}, err
	}
	var faults problem.List
	blank := 0
	for {
		line, cells, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return r, errors.Join(err, faults.Err())
		}
		if ctx.Err() != nil {
			return r, context.Cause(ctx)
		}
		if strings.TrimSpace(cells[columns.text]) == "" {
			blank++
			continue
		}
		place := record.Place{File: filepath.ToSlash(path), Line: line, Part: t.Place(line, columns.text+1)}
		u, fault := set.row(path, cells, columns, place)
		if fault != nil {
			faults.Add(*fault)
			continue
		}
		r.units = append(r.units, u)
	}
	if blank > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: %s without a statement left out", path, count(blank, "row")))
	}
	if columns.client >= 0 && set.client != "" {
		r.notes = append(r.notes, fmt.Sprintf("%s: its client column names the clients; --client %s is for rows where that is blank", path, set.client))
	}
	return r, faults.Err()
}
