package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// inputPaths returns the files to read: those named, or standard input when
// none is and somebody pipes something in.
func inputPaths(in *invocation, hint string) ([]string, error) {
	if len(in.args) == 0 {
		if in.inTerminal {
			return nil, usagef(hint, "%s needs a file, or something piped in", strings.Join(in.path, " "))
		}
		return []string{"-"}, nil
	}
	first := map[string]string{}
	for _, path := range in.args {
		same := path
		if path != "-" {
			if abs, err := filepath.Abs(path); err == nil {
				same = abs
			}
			if real, err := filepath.EvalSymlinks(same); err == nil {
				same = real
			}
		}
		if other, twice := first[same]; twice {
			return nil, usagef(map[string]string{"check": "it would be told twice", "lint": "it would be told twice"}[in.path[0]], "%s is given twice%s", path, alias(path, other))
		}
		first[same] = path
	}
	return in.args, nil
}

func alias(path, other string) string {
	if path == other {
		return ""
	}
	return " (also as " + other + ")"
}

// openInput opens a file or standard input. A folder is refused with a hint.
// Reading ends with ctx.
func openInput(ctx context.Context, in *invocation, path string) (io.ReadCloser, error) {
	if path == "-" {
		return interruptible(ctx, func() (io.ReadCloser, error) { return io.NopCloser(in.in), nil }), nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return os.Open(path) // whose error says more
	case info.IsDir():
		return nil, &hinted{fmt.Errorf("%s is a folder", path), "name the files in it: " + filepath.Join(path, "*.csv")}
	case info.Mode().IsRegular():
		return os.Open(path)
	}
	return interruptible(ctx, func() (io.ReadCloser, error) { return os.Open(path) }), nil
}

// eachRecord reads the records of a file and hands each on with its line.
func eachRecord(ctx context.Context, in *invocation, path string, do func(rec *record.Record, line int)) error {
	f, err := openInput(ctx, in, path)
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	defer f.Close()
	r := record.NewReader(path, f)
	for {
		if ctx.Err() != nil { // many records take a while
			return context.Cause(ctx)
		}
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if r.Stale() {
			in.note("%s:%d: this record was changed after firstcall wrote it", path, r.Line())
		}
		do(rec, r.Line())
	}
}

// interruptible reads from what may have nothing to give for a long time, or
// not even open, such as a pipe, and fails as soon as ctx ends.
func interruptible(ctx context.Context, open func() (io.ReadCloser, error)) io.ReadCloser {
	out, in := io.Pipe()
	context.AfterFunc(ctx, func() { _ = in.CloseWithError(context.Cause(ctx)) })
	go func() {
		r, err := open()
		if err == nil {
			_, err = io.CopyBuffer(in, r, make([]byte, 128<<10))
			_ = r.Close()
		}
		_ = in.CloseWithError(err) // nil is the end of the file
	}()
	return out
}

// count words a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// shortList names at most so many things.
func shortList(names []string, most int) string {
	quoted := make([]string, 0, most)
	for i, n := range names {
		if i == most {
			return strings.Join(quoted, ", ") + fmt.Sprintf(" and %d more", len(names)-most)
		}
		quoted = append(quoted, fmt.Sprintf("%q", n))
	}
	return strings.Join(quoted, ", ")
}
