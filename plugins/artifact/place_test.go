package artifact

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// workspace is a folder to write in, with a state of its own.
type workspace struct {
	t     *testing.T
	dir   string
	state string
}

func newWorkspace(t *testing.T) *workspace {
	return &workspace{t: t, dir: t.TempDir(), state: t.TempDir()}
}

func (w *workspace) path(name string) string { return filepath.Join(w.dir, name) }

func (w *workspace) write(name, body string) {
	w.t.Helper()
	if err := os.WriteFile(w.path(name), []byte(body), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *workspace) place(out string, force bool, files ...File) (*Report, error) {
	return Place(context.Background(), files, Options{Out: out, Force: force, StateDir: w.state, Stdout: &bytes.Buffer{}})
}

// tree lists all files with their content, and fails on a temporary one.
func (w *workspace) tree() string {
	w.t.Helper()
	var lines []string
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(w.dir, path)
		switch {
		case rel == ".":
		case strings.HasPrefix(d.Name(), "."):
			w.t.Errorf("left behind: %s", rel)
		case d.Type().IsRegular():
			body, err := os.ReadFile(path)
			lines = append(lines, filepath.ToSlash(rel)+"="+string(body))
			return err
		case d.IsDir():
			lines = append(lines, filepath.ToSlash(rel)+"/")
		default:
			lines = append(lines, filepath.ToSlash(rel)+"@")
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(lines, " ")
}

func md(name, body string) File { return NewFile(name, "text/markdown", []byte(body)) }

func TestPlaceWhere(t *testing.T) {
	one := []File{md("acme.md", "1")}
	nested := []File{md("acme/q3.md", "1")}
	two := []File{md("a.md", "1"), md("sub/b.md", "2")}
	tests := []struct {
		name  string
		files []File
		out   string
		want  string // tree, where dir/ and file=x are there before
		err   any
	}{
		{"one to a file", one, "new.md", "dir/ file=x new.md=1", nil},
		{"one to a file without extension", one, "new", "dir/ file=x new=1", nil},
		{"one into a folder", one, "dir", "dir/ dir/acme.md=1 file=x", nil},
		{"one into a folder with a separator", one, "dir/", "dir/ dir/acme.md=1 file=x", nil},
		{"one into a new folder", one, "new/", "dir/ file=x new/ new/acme.md=1", nil},
		{"one with a folder in its name", nested, "dir", "dir/ dir/acme/ dir/acme/q3.md=1 file=x", nil},
		{"one whose folder is missing", one, "no/new.md", "dir/ file=x", new(problem.Problem)},
		{"one below a file", one, "file/new.md", "dir/ file=x", new(problem.Problem)},
		{"several into a folder", two, "dir", "dir/ dir/a.md=1 dir/sub/ dir/sub/b.md=2 file=x", nil},
		{"several into a new folder", two, "new", "dir/ file=x new/ new/a.md=1 new/sub/ new/sub/b.md=2", nil},
		{"several into a new folder with a dot", two, "new.d/", "dir/ file=x new.d/ new.d/a.md=1 new.d/sub/ new.d/sub/b.md=2", nil},
		{"several to a file", two, "file", "dir/ file=x", new(*UsageError)},
		{"several to what looks like a file", two, "new.md", "dir/ file=x", new(*UsageError)},
		{"several whose parent is missing", two, "no/new", "dir/ file=x", new(problem.Problem)},
		{"none", nil, "new", "dir/ file=x", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorkspace(t)
			w.write("file", "x")
			if err := os.Mkdir(w.path("dir"), 0o755); err != nil {
				t.Fatal(err)
			}
			_, err := w.place(w.dir+string(filepath.Separator)+filepath.FromSlash(tt.out), false, tt.files...)
			if (tt.err == nil) != (err == nil) || err != nil && !errors.As(err, tt.err) {
				t.Errorf("error %v (%T), want %T", err, err, tt.err)
			}
			if got := w.tree(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestPlaceStdout(t *testing.T) {
	var out bytes.Buffer
	if _, err := Place(context.Background(), []File{md("a.md", "body")}, Options{Stdout: &out}); err != nil || out.String() != "body" {
		t.Errorf("got %q and error %v", out.String(), err)
	}
	out.Reset()
	_, err := Place(context.Background(), []File{md("a.md", "1"), md("b.md", "2")}, Options{Stdout: &out})
	var usage *UsageError
	if !errors.As(err, &usage) || out.Len() > 0 {
		t.Fatalf("error %v and %d bytes, want a UsageError before a byte", err, out.Len())
	}
	if !strings.Contains(usage.What, "a.md, b.md") || !strings.Contains(usage.Hint, "--out DIR") {
		t.Errorf("error %q, hint %q", usage.What, usage.Hint)
	}
	if _, err := Place(context.Background(), nil, Options{Stdout: &out}); err != nil || out.Len() > 0 {
		t.Errorf("no file: %q and error %v", out.String(), err)
	}
}

// The whole life of a file: made, made again, edited by the user, forced.
func TestPlaceProtects(t *testing.T) {
	w := newWorkspace(t)
	out := w.path("report.md")
	mustPlace := func(force, unchanged bool, body string) {
		t.Helper()
		report, err := w.place(out, force, md("r.md", body))
		if err != nil {
			t.Fatal(err)
		}
		want := Written{Path: out, Size: int64(len(body)), Unchanged: unchanged}
		if !slices.Equal(report.Written, []Written{want}) || len(report.Warnings) > 0 {
			t.Errorf("report %+v, want %+v", report, want)
		}
		if got := w.tree(); got != "report.md="+body {
			t.Errorf("tree %s, want %s", got, body)
		}
	}
	mustPlace(false, false, "one")
	mustPlace(false, false, "two")
	mustPlace(false, true, "two")
	w.write("report.md", "edited")
	_, err := w.place(out, false, md("r.md", "three"))
	var conflict *ConflictError
	if !errors.As(err, &conflict) || len(conflict.Files) != 1 || !strings.Contains(conflict.Files[0].Hint, "--force") || conflict.Files[0].File != out {
		t.Fatalf("error %#v, want a ConflictError about the file with the hint --force", err)
	}
	if got := w.tree(); got != "report.md=edited" {
		t.Fatalf("tree %s: the user's file was touched", got)
	}
	mustPlace(true, false, "three")
	mustPlace(false, false, "four")
	// What equals the new bytes is as good as ours.
	w.write("report.md", "five")
	mustPlace(false, true, "five")
	mustPlace(false, false, "six")
}

// Whichever way a file is named, it is remembered as the same.
func TestPlaceRemembersByRealPath(t *testing.T) {
	w := newWorkspace(t)
	if err := os.Mkdir(w.path("dir"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("dir", w.path("link")); err != nil {
		t.Skip("no symbolic links:", err)
	}
	if _, err := w.place(w.path("dir"), false, md("a.md", "1")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.place(w.path("link/a.md"), false, md("x.md", "2")); err != nil {
		t.Error(err)
	}
	t.Chdir(w.path("dir"))
	if _, err := w.place("a.md", false, md("x.md", "3")); err != nil {
		t.Error(err)
	}
}

func TestPlaceAllOrNothing(t *testing.T) {
	w := newWorkspace(t)
	w.write("b.md", "mine")
	w.write("c.md", "mine too")
	before := w.tree()
	_, err := w.place(w.dir, false, md("a.md", "1"), md("b.md", "2"), md("c.md", "3"), md("new/d.md", "4"))
	var conflict *ConflictError
	if !errors.As(err, &conflict) || len(conflict.Files) != 2 {
		t.Fatalf("error %v, want a ConflictError about b.md and c.md", err)
	}
	if got := w.tree(); got != before {
		t.Errorf("got %s, want %s", got, before)
	}
}

func TestPlaceNeverReplaces(t *testing.T) {
	tests := []struct {
		what  string
		setup func(w *workspace) error
	}{
		{"is a folder", func(w *workspace) error { return os.Mkdir(w.path("a.md"), 0o755) }},
		{"is a symbolic link", func(w *workspace) error {
			w.write("secret", "1") // the new bytes, so that only the link can be the reason
			return os.Symlink("secret", w.path("a.md"))
		}},
		{"is a symbolic link", func(w *workspace) error { return os.Symlink("nowhere", w.path("a.md")) }},
	}
	for _, tt := range tests {
		w := newWorkspace(t)
		if err := tt.setup(w); err != nil {
			t.Skip("no symbolic links:", err)
		}
		before := w.tree()
		for _, out := range []string{w.dir, w.path("a.md")} {
			if tt.what == "is a folder" && out != w.dir {
				continue // then it is the folder that was asked for
			}
			_, err := w.place(out, true, md("a.md", "1"))
			var conflict *ConflictError
			if !errors.As(err, &conflict) || conflict.Files[0].What != tt.what {
				t.Errorf("error %v, want %q", err, tt.what)
			}
		}
		if got := w.tree(); got != before {
			t.Errorf("got %s, want %s", got, before)
		}
	}
}

func TestPlaceStaysInFolder(t *testing.T) {
	w := newWorkspace(t)
	outside := t.TempDir()
	if err := os.Symlink(outside, w.path("sub")); err != nil {
		t.Skip("no symbolic links:", err)
	}
	if _, err := w.place(w.dir, true, md("a.md", "1"), md("sub/b.md", "2")); err == nil || !strings.Contains(err.Error(), filepath.Join("sub", "b.md")) {
		t.Errorf("error %v, want one that names the file", err)
	}
	if got, _ := os.ReadDir(outside); len(got) > 0 {
		t.Errorf("written outside: %v", got)
	}
	if got := w.tree(); got != "sub@" {
		t.Errorf("tree %s, want nothing new", got)
	}
}

func TestPlaceModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits")
	}
	w := newWorkspace(t)
	if _, err := w.place(w.path("a.md"), false, md("a.md", "1")); err != nil {
		t.Fatal(err)
	}
	// The reference is a file made in the ordinary way under the same umask.
	ref, err := os.OpenFile(w.path("ref"), os.O_CREATE, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	ref.Close()
	mode := func(name string) fs.FileMode {
		info, err := os.Stat(w.path(name))
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	if mode("a.md") != mode("ref") {
		t.Errorf("new file has mode %v, want %v", mode("a.md"), mode("ref"))
	}
	if err := os.Chmod(w.path("a.md"), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := w.place(w.path("a.md"), false, md("a.md", "2")); err != nil {
		t.Fatal(err)
	}
	if mode("a.md") != 0o640 {
		t.Errorf("mode of the existing file became %v", mode("a.md"))
	}
	if err := os.Chmod(w.path("a.md"), 0o440); err != nil {
		t.Fatal(err)
	}
	var conflict *ConflictError
	if _, err := w.place(w.path("a.md"), false, md("a.md", "3")); !errors.As(err, &conflict) {
		t.Errorf("a write-protected file was replaced (error %v)", err)
	}
}

// failing content stands for a full disk: some bytes, then an error.
type failing struct{ err error }

func (f failing) ReadAt(b []byte, off int64) (int, error) {
	if off > 0 || len(b) == 0 {
		return 0, f.err
	}
	b[0] = 'x'
	return 1, f.err
}

func TestPlaceFailureLeavesNothing(t *testing.T) {
	w := newWorkspace(t)
	bad := File{Name: "new/sub/b.md", Size: 10, content: failing{errors.New("no space left")}}
	for _, out := range []string{w.dir, w.path("made") + "/"} {
		_, err := w.place(out, false, md("a.md", "1"), bad)
		if err == nil || !strings.Contains(err.Error(), filepath.Join("new", "sub", "b.md")) {
			t.Errorf("error %v, want one that names the file", err)
		}
		if got := w.tree(); got != "" {
			t.Errorf("left behind: %s", got)
		}
	}
}

func TestPlaceReadOnlyFolder(t *testing.T) {
	if os.Getuid() <= 0 {
		t.Skip("needs a user who is bound by permissions")
	}
	w := newWorkspace(t)
	if err := os.Chmod(w.dir, 0o555); err != nil {
		t.Fatal(err)
	}
	_, err := w.place(w.path("a.md"), false, md("a.md", "1"))
	var path *fs.PathError
	if !errors.As(err, &path) || path.Path != w.path("a.md") {
		t.Errorf("error %v, want one that names the file", err)
	}
}

func TestPlaceStateNotWritable(t *testing.T) {
	w := newWorkspace(t)
	w.state = filepath.Join(w.dir, "file")
	w.write("file", "x")
	report, err := w.place(w.path("a.md"), false, md("a.md", "1"))
	if err != nil || len(report.Warnings) != 1 || !strings.Contains(report.Warnings[0], "--force") {
		t.Fatalf("report %+v, error %v, want one warning", report, err)
	}
	if got := w.tree(); got != "a.md=1 file=x" {
		t.Errorf("tree %s", got)
	}
	if _, err := w.place(w.path("a.md"), false, md("a.md", "2")); err == nil {
		t.Error("replaced a file that is not known to be ours")
	}
}

func TestPlaceCanceled(t *testing.T) {
	w := newWorkspace(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Place(ctx, []File{md("a.md", "1")}, Options{Out: w.path("new") + "/", StateDir: w.state})
	if !errors.Is(err, context.Canceled) || w.tree() != "" {
		t.Errorf("error %v, tree %q", err, w.tree())
	}
}

// Somebody else's change between look and rename is noticed.
func TestPlaceNoticesChange(t *testing.T) {
	for _, before := range []string{"", "old"} {
		w := newWorkspace(t)
		if before != "" {
			if _, err := w.place(w.path("a.md"), false, md("a.md", before)); err != nil {
				t.Fatal(err)
			}
		}
		f := md("a.md", "new")
		f.content = meddling{f.content.(*bytes.Reader), func() { w.write("a.md", "theirs, later") }}
		_, err := w.place(w.path("a.md"), true, f)
		var conflict *ConflictError
		if !errors.As(err, &conflict) || w.tree() != "a.md=theirs, later" {
			t.Errorf("error %v, tree %s", err, w.tree())
		}
	}
}

type meddling struct {
	*bytes.Reader
	meddle func()
}

func (m meddling) ReadAt(b []byte, off int64) (int, error) {
	m.meddle()
	return m.Reader.ReadAt(b, off)
}
