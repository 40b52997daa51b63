package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/history"
	"github.com/firstcall-cli/firstcall/core/ignored"
	"github.com/firstcall-cli/firstcall/core/jobs"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/record"
)

// checkFile is a document to be read.
type checkFile struct {
	path  string
	id    string // as records call it
	below string // its path below the folder the user named
}

// files lists the documents to read.
func (c *checking) files() ([]checkFile, error) {
	paths, err := inputPaths(c.in, "name files or folders of job descriptions, or pipe one in")
	if err != nil {
		return nil, err
	}
	c.named = paths
	var out []checkFile
	seen := map[string]bool{}
	add := func(path, root string) {
		id := documentID(path)
		if seen[id] {
			return
		}
		seen[id] = true
		c.pathOf[id] = path
		below := id
		if rel, err := filepath.Rel(root, path); root != "" && err == nil {
			below = documentID(rel)
		}
		out = append(out, checkFile{path, id, below})
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case path == "-":
			add(path, "")
		case err != nil:
			c.lost(documentID(path), fmt.Errorf("read job descriptions: %w", err))
		case info.IsDir():
			inside, err := walkFolder(c.in, path, checkedThings, ignored.New(path).Skip)
			for _, f := range inside {
				add(f, path)
			}
			if err != nil {
				c.faults = append(c.faults, err)
			}
		default:
			add(path, "")
		}
	}
	if len(out) == 0 && len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	return out, nil
}

// documentID is a path as records have it: with slashes, and in UTF-8 whatever bytes
// the name has.
func documentID(path string) string {
	path = filepath.ToSlash(path)
	if utf8.ValidString(path) {
		return strings.ToValidUTF8(path, "")
	}
	var b strings.Builder
	for i := 0; i < len(path); {
		r, size := utf8.DecodeRuneInString(path[i:])
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, path[i])
		} else {
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// lost notes a document that could not be read: it is not clean, nobody knows.
func (c *checking) lost(id string, err error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.unread = append(c.unread, record.Unread{File: id, Reason: reasonOf(err, id)})
	c.faults = append(c.faults, err)
}

// remark keeps a note until all is read.
func (c *checking) remark(note string) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.notes = append(c.notes, note)
}

// reasonOf words an error without the name of the file, which stands beside it.
func reasonOf(err error, id string) string {
	var p problem.Problem
	if errors.As(err, &p) && p.What != "" {
		return p.What
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return strings.TrimPrefix(err.Error(), id+": ")
}

// read reads the documents, and asks git for their histories meanwhile. Entries of
// documents that can't be read are nil.
func (c *checking) read(ctx context.Context, files []checkFile) ([]*jobs.Paper, error) {
	type told struct {
		files []history.File
		err   error
	}
	git := make(chan told, 1)
	go func() {
		files, err := c.askGit(ctx, files)
		git <- told{files, err}
	}()
	papers := make([]*jobs.Paper, len(files))
	faults := make([]error, len(files))
	parallelOn(ctx, runtime.GOMAXPROCS(0), len(files), func() func(int) {
		reader := jobs.NewReader(c.known, c.set.AsOf)
		return func(i int) { papers[i], faults[i] = c.readPaper(ctx, reader, files[i]) }
	})
	for i, err := range faults {
		if err != nil && ctx.Err() == nil {
			c.lost(files[i].id, err)
		}
	}
	histories := <-git
	slices.Sort(c.notes) // whoever was first
	for _, n := range c.notes {
		c.in.note("%s", n)
	}
	if histories.err != nil {
		return nil, histories.err
	}
	below := map[string]string{}
	for i, p := range papers {
		below[files[i].id] = files[i].below
		if p != nil && histories.files != nil {
			p.History = &histories.files[i]
			c.histories[files[i].path] = p.History
		}
	}
	c.set.InFolder = func(id string) string { return below[id] }
	return papers, ctx.Err()
}

// askGit asks git about the files; it gives nothing where it is not to be asked.
func (c *checking) askGit(ctx context.Context, files []checkFile) ([]history.File, error) {
	if c.in.on("no-git") || len(files) == 0 {
		return nil, nil
	}
	paths := make([]string, 0, len(files))
	for _, f := range files {
		if f.path == "-" {
			return nil, nil
		}
		paths = append(paths, f.path)
	}
	told, repositories, err := history.Read(ctx, paths, history.Options{Compare: jobs.Difference})
	if err != nil {
		return nil, err
	}
	for _, r := range repositories {
		for _, n := range r.Notes {
			c.remark(fmt.Sprintf("%s: %s", r.Top, n))
		}
		if r.Shallow {
			c.remark(r.Top + ": its history is cut (a shallow clone), so that git can't tell when all texts were changed")
		}
	}
	return told, nil
}

// readPaper reads one document.
func (c *checking) readPaper(ctx context.Context, reader *jobs.Reader, f checkFile) (*jobs.Paper, error) {
	data, modified, err := c.content(ctx, f.path)
	if err != nil {
		return nil, err
	}
	doc, err := document.ReadGuarded(ctx, f.path, data)
	if err != nil {
		return nil, err
	}
	p := reader.Read(f.id, doc)
	p.Modified = modified
	p.Rules = c.userRules(f.path)
	if len(doc.Comments) > 0 {
		quiet, notices := lint.ReadDirectives(directives(doc), c.book.known(), nextBlock(doc))
		for _, n := range notices {
			line := doc.Comments[n.Comment].Place.Line
			c.remark(fmt.Sprintf("%v; the directive has no effect: %s", problem.Problem{File: f.path, Line: line, What: n.What}, n.Hint))
		}
		p.Suppress = func(d lint.Diagnostic) bool { return quiet.Covers(d) }
	}
	return p, nil
}

// content reads a file whole, and says when it was last written. A file that changes
// meanwhile is read once more.
func (c *checking) content(ctx context.Context, path string) ([]byte, time.Time, error) {
	if path == "-" {
		f, err := openInput(ctx, c.in, path)
		if err != nil {
			return nil, time.Time{}, err
		}
		defer f.Close()
		data, err := io.ReadAll(f)
		return data, time.Time{}, err
	}
	for range 2 {
		data, modified, stable, err := readStable(path)
		if err != nil || stable {
			return data, modified, err
		}
	}
	return nil, time.Time{}, problem.Problem{File: path, What: "was changed while it was read", Hint: "run again when nothing writes to it"}
}

// readStable reads a file whole and says when it was last written, and whether that was
// before it was read.
func readStable(path string) (data []byte, modified time.Time, stable bool, err error) {
	// Opening a pipe would wait for somebody to write to it.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, time.Time{}, false, problem.Problem{File: path, What: "is no regular file"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, time.Time{}, false, fmt.Errorf("read job description: %w", err)
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return nil, time.Time{}, false, fmt.Errorf("read job description: %w", err)
	}
	data = make([]byte, before.Size()+1)
	n, err := io.ReadFull(f, data)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, time.Time{}, false, fmt.Errorf("read job description: %w", err)
	}
	after, err := os.Stat(path) // by name: it may have been replaced
	return data[:n], before.ModTime(), err == nil && int64(n) == before.Size() && after.Size() == before.Size() && after.ModTime().Equal(before.ModTime()), nil
}

// earlier is what was found in the documents at another revision.
type earlier map[string]map[[2]string]int

// before finds what was to be found at the revision that --base names; nil when it
// names none.
func (c *checking) before(ctx context.Context) (earlier, error) {
	rev := c.in.text("base")
	if rev == "" {
		return nil, nil
	}
	var paths []string
	ids := map[string]string{}
	for _, p := range c.set.Papers() {
		path := c.pathOf[p.ID]
		paths = append(paths, path)
		ids[path] = p.ID
	}
	set := jobs.NewSet(c.known, c.set.AsOf)
	set.Order, set.Reviews, set.InFolder = c.set.Order, c.set.Reviews, c.set.InFolder
	reader := jobs.NewReader(c.known, c.set.AsOf)
	for v, err := range history.Show(ctx, rev, paths) {
		if err != nil {
			return nil, baseFault(rev, err)
		}
		if v.Missing || v.Content == nil {
			continue
		}
		doc, err := document.ReadGuarded(ctx, v.Path, bytes.Clone(v.Content))
		if err != nil {
			continue // all that is in it now is new
		}
		p := reader.Read(ids[v.Path], doc)
		p.Rules, p.History = c.userRules(v.Path), c.historyAt(v)
		set.Add(p)
	}
	set.Settle()
	out := earlier{}
	c.stood = map[string]string{}
	for _, p := range set.Papers() {
		found := map[[2]string]int{}
		j := p.Judge(jobs.Options{Rules: c.builtIn, PerRule: math.MaxInt, Accept: c.rejects}).Job
		for _, f := range j.Findings {
			found[saying(f)]++
		}
		out[p.ID], c.stood[p.ID] = found, j.Verdict
	}
	return out, nil
}

// historyAt gives what git knows of a file, as it was at the revision: a review date
// that was set anew since then is no part of it.
func (c *checking) historyAt(v history.Version) *history.File {
	now := c.histories[v.Path]
	if now == nil {
		return nil
	}
	then := *now
	then.Dirty = history.Same
	if data, err := os.ReadFile(v.Path); err == nil && len(then.Bumps) > 0 {
		if d, _ := jobs.Difference(v.Path, v.Content, data); d == history.Dates {
			then.Bumps = then.Bumps[1:]
		}
	}
	return &then
}

// baseFault words what keeps a revision from being compared with.
func baseFault(rev string, err error) error {
	var unknown *history.UnknownRevision
	var outside *history.OutsideRepository
	switch {
	case errors.As(err, &unknown):
		return &hinted{fmt.Errorf("--base: %w", err), "git log shows the revisions; in a shallow clone, fetch it first"}
	case errors.As(err, &outside):
		return &hinted{fmt.Errorf("--base: %w", err), "--base compares with a revision of git"}
	}
	return fmt.Errorf("--base %s: %w", rev, err)
}

// saying is what stays of a finding when the text around it changes.
func saying(f record.Remark) [2]string {
	if f.Quote == "" {
		return [2]string{f.Rule, ""}
	}
	return [2]string{f.Rule, f.Quote}
}

// newOnly takes out of a document's findings those that were there before.
func (e earlier) newOnly(j *record.Job) {
	left := e[j.ID]
	kept := j.Findings[:0]
	for _, f := range j.Findings {
		if at := saying(f); left[at] > 0 {
			left[at]--
			continue
		}
		kept = append(kept, f)
	}
	j.Findings = kept
}
