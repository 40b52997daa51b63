package history

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// repo is a repository made for a test with the real git.
type repo struct {
	t   *testing.T
	dir string
}

// TestMain keeps the settings of whoever runs the tests out of them.
func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "history")
	if err != nil {
		panic(err)
	}
	for name, value := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": home, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.DevNull, "SUDO_UID": "",
	} {
		os.Setenv(name, value)
	}
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

func newRepo(t *testing.T) *repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	r := &repo{t, realDir(t)}
	r.git("init", "-q", "-b", "main")
	return r
}

// realDir gives a folder without symbolic links in its path.
func realDir(t *testing.T) string {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (r *repo) at(path string) string { return filepath.Join(r.dir, path) }

func (r *repo) git(args ...string) string { r.t.Helper(); return r.gitOn("2020-01-01", args...) }

// gitOn runs git with day as the date of what it commits.
func (r *repo) gitOn(day string, args ...string) string {
	r.t.Helper()
	out, err := r.tryGit(day, args...)
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

func (r *repo) tryGit(day string, args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-c", "protocol.file.allow=always"}, args...)...)
	cmd.Dir = r.dir
	date := day + "T12:00:00+0200"
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date,
		"GIT_AUTHOR_NAME=Wren Moor", "GIT_AUTHOR_EMAIL=wren@moor.example",
		"GIT_COMMITTER_NAME=Wren Moor", "GIT_COMMITTER_EMAIL=wren@moor.example")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (r *repo) write(path, content string) {
	r.t.Helper()
	full := r.at(path)
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

// commit commits all that there is on a day, which is also its subject.
func (r *repo) commit(day string) {
	r.t.Helper()
	r.git("add", "-A")
	r.gitOn(day, "commit", "-q", "--allow-empty", "-m", day)
}

// save writes a file and commits it.
func (r *repo) save(day, path, content string) {
	r.t.Helper()
	r.write(path, content)
	r.commit(day)
}

// head gives the hash of the last commit.
func (r *repo) head() string { return r.git("rev-parse", "HEAD") }

// read asks for one file.
func (r *repo) read(path string, opt Options) (File, Repository) {
	r.t.Helper()
	files, repositories := r.readAll([]string{path}, opt)
	return files[0], repositories[0]
}

// readAll asks for files of the one repository.
func (r *repo) readAll(paths []string, opt Options) ([]File, []Repository) {
	r.t.Helper()
	full := make([]string, len(paths))
	for i, p := range paths {
		full[i] = r.at(p)
	}
	files, repositories, err := Read(r.t.Context(), full, opt)
	if err != nil {
		r.t.Fatal(err)
	}
	return files, repositories
}

var reviewed = regexp.MustCompile(`(?m)^reviewed: (.*)$`)

// judge is a Compare that knows lines "reviewed: DATE".
func judge(path string, older, newer []byte) (Difference, string) {
	if d, _ := foldedCompare(path, older, newer); d == Same {
		return Same, ""
	}
	d, _ := foldedCompare(path, reviewed.ReplaceAll(older, nil), reviewed.ReplaceAll(newer, nil))
	if d == Same {
		return Dates, string(reviewed.Find(newer))
	}
	return Text, ""
}

// show words an answer on one line, commits by their subjects.
func show(f File) string {
	var b strings.Builder
	subject := func(name string, c *Commit) {
		if c != nil {
			fmt.Fprintf(&b, "%s=%s ", name, c.Subject)
		}
	}
	subject("changed", f.Changed)
	subject("stood", f.Stood)
	subject("added", f.Added)
	if f.Changed == nil {
		fmt.Fprintf(&b, "why=%d ", f.Why)
	}
	for _, s := range []struct {
		name  string
		count int
	}{
		{"bulk", f.Skipped.Bulk}, {"layout", f.Skipped.Layout}, {"moves", f.Skipped.Moves},
		{"ignored", f.Skipped.Ignored}, {"restored", f.Skipped.Restored},
	} {
		if s.count > 0 {
			fmt.Fprintf(&b, "%s=%d ", s.name, s.count)
		}
	}
	for _, bump := range f.Bumps {
		fmt.Fprintf(&b, "bump=%s(%s) ", bump.Subject, bump.Note)
	}
	if f.Dirty != Same {
		fmt.Fprintf(&b, "dirty=%d ", f.Dirty)
	}
	return strings.TrimSpace(b.String())
}

// expect holds an answer and a repository without notes against what is wanted.
func expect(t *testing.T, f File, r Repository, want string) {
	t.Helper()
	if got := show(f); got != want {
		t.Errorf("%s: got  %s\nwant %s", f.Path, got, want)
	}
	if len(r.Notes) > 0 {
		t.Errorf("notes: %q", r.Notes)
	}
}

const prose = `The warden looks after the moor and its birds.
Paths are kept open from spring to the first snow.
Visitors are told where the ground is soft and why.
Counts of nests go to the county each month.
`
