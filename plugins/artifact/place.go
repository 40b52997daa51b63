package artifact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// Options say where files go.
type Options struct {
	Out      string    // a file or a folder, as the user wrote it; empty: Stdout
	Force    bool      // replace files that were not written by firstcall
	Stdout   io.Writer // takes the one file there is when Out is empty
	StateDir string    // where what was written is remembered; empty: the user's
}

// Written is a file that is where the user wanted it.
type Written struct {
	Path      string // below Options.Out, as the user wrote that
	Size      int64
	Unchanged bool // it was there with these bytes already
}

// Report is what Place did.
type Report struct {
	Written  []Written // in the order of the files; empty when the file went to Stdout
	Warnings []string  // lower case, no full stop
}

// UsageError says that Options.Out does not fit the files there are. Nothing
// was written.
type UsageError struct{ What, Hint string }

// Error gives what is wrong.
func (e *UsageError) Error() string { return e.What }

// ConflictError names the files that were left alone because they are not what
// firstcall wrote there last, each with a hint. Nothing was written.
type ConflictError struct{ Files problem.List }

// Error gives one line a file.
func (e *ConflictError) Error() string { return e.Files.Error() }

// Unwrap returns the list.
func (e *ConflictError) Unwrap() error { return e.Files }

// Place puts files where the user wants them. Without Out, the one file there
// is goes to Stdout. With Out, one file gets that name, or its own in the
// folder that Out is or, ending in a separator, shall be; several go into the
// folder Out, which is made when it is not there and its parent is.
//
// A file that exists is replaced only when its bytes are those firstcall wrote
// there last, or the new ones, or with Force. Symbolic links are never
// followed to a file, nor out of the folder, and never replaced, since neither
// is known to be what the user means; folders and devices are not replaced
// either. Every file is complete on disk under another name before the first
// gets its own, so that a full disk changes nothing.
//
// The error is a [*UsageError], a [*ConflictError], a [problem.Problem], an
// [*fs.PathError] that names the file, that of ctx, or that of Stdout.
func Place(ctx context.Context, files []File, opts Options) (*Report, error) {
	if opts.Out == "" {
		return &Report{}, toStdout(files, opts.Stdout)
	}
	if len(files) == 0 {
		return &Report{}, nil
	}
	t, err := locate(files, opts.Out)
	if err != nil {
		return nil, err
	}
	job := newPlacement(t, opts)
	if err := job.run(ctx, files); err != nil {
		return nil, err
	}
	return job.report, nil
}

// forStdout reports files that can't go to standard output.
func forStdout(files []File) error {
	if len(files) > 1 {
		return &UsageError{
			What: fmt.Sprintf("the exporter made %d files, and standard output takes one: %s", len(files), names(files)),
			Hint: "--out DIR writes them into a folder",
		}
	}
	return nil
}

func toStdout(files []File, stdout io.Writer) error {
	if err := forStdout(files); err != nil {
		return err
	}
	for _, f := range files {
		if _, err := io.Copy(stdout, f.Content()); err != nil {
			return err
		}
	}
	return nil
}

// names lists the first few files.
func names(files []File) string {
	const shown = 8
	var list []string
	for _, f := range files[:min(len(files), shown)] {
		list = append(list, f.Name)
	}
	if len(files) > shown {
		list = append(list, fmt.Sprintf("and %d more", len(files)-shown))
	}
	return strings.Join(list, ", ")
}

// target is a folder and the names of the files in it.
type target struct {
	dir   string   // as the user wrote it
	mkdir bool     // it is to be made
	names []string // slash-separated, one a file
}

// path names a file for people.
func (t target) path(name string) string { return filepath.Join(t.dir, filepath.FromSlash(name)) }

// locate reads out as the name of a file or a folder.
func locate(files []File, out string) (target, error) {
	t := target{dir: out}
	for _, f := range files {
		t.names = append(t.names, f.Name)
	}
	info, err := os.Stat(out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		if fault := needFolder(filepath.Dir(filepath.Clean(out))); fault != nil {
			return target{}, fault
		}
		return target{}, &fs.PathError{Op: "read", Path: out, Err: cause(err)}
	}
	exists := err == nil
	slash := os.IsPathSeparator(out[len(out)-1])
	switch {
	case exists && info.IsDir():
		return t, nil
	case exists && (slash || len(files) > 1):
		return target{}, &UsageError{
			What: fmt.Sprintf("%s is a file, and a folder is needed for %s", out, names(files)),
			Hint: "name a folder with --out",
		}
	case len(files) == 1 && !slash:
		t = target{dir: filepath.Dir(out), names: []string{filepath.Base(out)}}
		return t, needFolder(t.dir)
	case !slash && filepath.Ext(out) != "":
		return target{}, &UsageError{
			What: fmt.Sprintf("the exporter made %d files, and %s looks like one: %s", len(files), out, names(files)),
			Hint: fmt.Sprintf("--out %s%c makes a folder of that name", out, filepath.Separator),
		}
	}
	t.mkdir = true
	return t, needFolder(filepath.Dir(filepath.Clean(out)))
}

// needFolder reports a missing folder by its name, which the system's message
// would not.
func needFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return problem.Problem{File: dir, What: "folder does not exist", Hint: "make it first, or check the path given to --out"}
	case err != nil:
		return &fs.PathError{Op: "read", Path: dir, Err: cause(err)}
	case !info.IsDir():
		return problem.Problem{File: dir, What: "not a folder", Hint: "check the path given to --out"}
	}
	return nil
}

// cause strips the operation and path that the system's error carries.
func cause(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
