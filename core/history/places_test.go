package history

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestShallow(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.save("2020-01-01", "a.md", prose)
	r.save("2020-01-02", "b.md", prose)
	r.save("2020-01-03", "b.md", prose+"3")
	r.save("2020-01-04", "c.md", prose+prose)
	dir := filepath.Join(realDir(t), "clone")
	r.git("clone", "-q", "--depth", "3", "file://"+r.dir, dir)
	clone := &repo{t, dir}
	files, repositories := clone.readAll([]string{"a.md", "b.md", "c.md"}, Options{Added: true})
	if !repositories[0].Shallow || repositories[0].Partial {
		t.Errorf("%+v", repositories[0])
	}
	expect(t, files[0], repositories[0], "stood=2020-01-02 why=6")
	expect(t, files[1], repositories[0], "changed=2020-01-03")
	expect(t, files[2], repositories[0], "changed=2020-01-04 added=2020-01-04")
}

// TestPartial has clones without contents, whose origin a fetch would reach.
func TestPartial(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.git("config", "uploadpack.allowFilter", "true")
	r.save("2020-01-01", "a.md", prose)
	r.save("2020-01-02", "b.md", prose+"b")
	r.save("2020-01-03", "b.md", prose+"b2")
	r.git("mv", "a.md", "c.md")
	r.save("2020-01-04", "c.md", prose+"\n")
	r.save("2020-01-05", "d.md", "x")
	for _, filter := range []string{"blob:none", "tree:0"} {
		dir := filepath.Join(realDir(t), "clone")
		r.git("clone", "-q", "--filter", filter, "file://"+r.dir, dir)
		clone := &repo{t, dir}
		before := objects(clone)
		files, repositories := clone.readAll([]string{"b.md", "c.md", "d.md"}, Options{})
		if after := objects(clone); after != before {
			t.Errorf("%s: something was fetched:\n%s\n%s", filter, before, after)
		}
		if !repositories[0].Partial {
			t.Errorf("%s: %+v", filter, repositories[0])
		}
		if filter == "tree:0" {
			for _, f := range files {
				if f.Changed != nil || f.Why != Failed {
					t.Errorf("%s: %s", filter, show(f))
				}
			}
			if len(repositories[0].Notes) != 1 {
				t.Errorf("notes %q", repositories[0].Notes)
			}
			continue
		}
		expect(t, files[0], repositories[0], "stood=2020-01-03 why=7")
		expect(t, files[1], repositories[0], "stood=2020-01-04 why=7")
		expect(t, files[2], repositories[0], "changed=2020-01-05")
		for v, err := range Show(t.Context(), "HEAD~2", []string{clone.at("b.md")}) {
			if err != nil || v.Why != NoContent && string(v.Content) != prose+"b2" {
				t.Errorf("%+v %v", v, err)
			}
		}
		for v, err := range Show(t.Context(), "HEAD~3", []string{clone.at("b.md")}) {
			if err != nil || v.Why != NoContent || v.Missing {
				t.Errorf("%+v %v", v, err)
			}
		}
	}
}

// objects tells what a repository holds, and when that last grew.
func objects(r *repo) string {
	var b strings.Builder
	filepath.WalkDir(r.at(".git/objects"), func(path string, d os.DirEntry, err error) error {
		b.WriteString(path + "\n")
		return err
	})
	return b.String()
}

func TestWorktreeAndSubmodule(t *testing.T) {
	t.Parallel()
	inner := newRepo(t)
	inner.save("2020-01-01", "in.md", prose)
	r := newRepo(t)
	r.save("2020-01-02", "a.md", prose)
	r.git("submodule", "--quiet", "add", inner.dir, "sub")
	r.commit("2020-01-03")
	sub := &repo{t, r.at("sub")}
	sub.save("2020-01-04", "in.md", prose+"sub")
	other := filepath.Join(realDir(t), "tree")
	r.git("worktree", "add", "-q", "-b", "other", other)
	linked := &repo{t, other}
	linked.save("2020-01-05", "a.md", prose+"linked")

	paths := []string{r.at("a.md"), r.at("sub/in.md"), linked.at("a.md"), r.at("sub"), filepath.Join(t.TempDir(), "x.md")}
	files, repositories, err := Read(t.Context(), paths, Options{})
	if err != nil {
		t.Fatal(err)
	}
	tops := []string{r.dir, sub.dir, linked.dir}
	slices.Sort(tops)
	for i, repository := range repositories {
		if repository.Top != tops[i] || len(repository.Notes) > 0 {
			t.Errorf("%+v, want %s", repository, tops[i])
		}
	}
	for i, want := range []string{"changed=2020-01-02", "changed=2020-01-04", "changed=2020-01-05", "why=4", "why=2"} {
		if got := show(files[i]); got != want {
			t.Errorf("%s: got %s, want %s", paths[i], got, want)
		}
	}
	if files[4].Repository != -1 || repositories[files[2].Repository].Top != linked.dir {
		t.Error("wrong repository")
	}
}

func TestNoCommits(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.write("a.md", prose)
	f, repository := r.read("a.md", Options{})
	expect(t, f, repository, "why=3")

	r.commit("2020-01-01")
	r.git("checkout", "-q", "--orphan", "unborn")
	f, repository = r.read("a.md", Options{})
	expect(t, f, repository, "why=3")
}

// TestFalseDotGit has something that looks like a repository within another,
// of which git would go on to the outer one.
func TestFalseDotGit(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.write("a.md", prose)
	r.save("2020-01-01", "sub/a.md", prose+"sub")
	r.write("sub/.git/HEAD", "nonsense")
	f, repository := r.read("sub/a.md", Options{})
	expect(t, f, repository, "changed=2020-01-01")

	r.write("sub/.git/refs/x", "")
	r.write("sub/.git/objects/x", "")
	f, repository = r.read("sub/a.md", Options{})
	if f.Why != Failed || repository.Top != r.at("sub") || len(repository.Notes) != 1 {
		t.Errorf("got %s of %+v", show(f), repository)
	}
}

// troubles are ways to spoil a repository.
var troubles = []struct {
	name  string
	spoil func(r *repo)
	why   Reason
}{
	{"broken settings", func(r *repo) { r.write(".git/config", "[\x1b[31m nonsense") }, Failed},
	{"broken HEAD", func(r *repo) { r.write(".git/HEAD", "\x00\x01") }, Failed},
	{"dotgit leads nowhere", func(r *repo) {
		os.RemoveAll(r.at(".git"))
		r.write(".git", "gitdir: /nowhere/at/all\n")
	}, Failed},
	{"lost objects", func(r *repo) {
		os.RemoveAll(r.at(".git/objects"))
		os.Mkdir(r.at(".git/objects"), 0o777)
	}, Failed},
	{"lost commit", func(r *repo) {
		first := r.git("rev-parse", "HEAD~1")
		os.Remove(r.at(filepath.Join(".git/objects", first[:2], first[2:])))
	}, Failed},
	{"lost content", func(r *repo) {
		blob := r.git("rev-parse", "HEAD~1:a.md")
		os.Remove(r.at(filepath.Join(".git/objects", blob[:2], blob[2:])))
	}, NoContent},
	{"somebody else's", func(r *repo) {
		if os.Geteuid() != 0 {
			r.t.Skip("only root can give files away")
		}
		for _, path := range []string{".", ".git"} {
			if err := os.Chown(r.at(path), 12345, 12345); err != nil {
				r.t.Skip(err)
			}
		}
	}, Failed},
}

// TestTroubles has repositories that git can't or won't read next to a good one.
func TestTroubles(t *testing.T) {
	good := newRepo(t)
	good.save("2020-01-01", "a.md", prose)
	for _, test := range troubles {
		t.Run(test.name, func(t *testing.T) {
			bad := &repo{t, realDir(t)}
			bad.git("init", "-q", "-b", "main")
			bad.save("2020-01-01", "a.md", prose)
			bad.save("2020-01-02", "a.md", prose+" ")
			test.spoil(bad)
			files, repositories, err := Read(t.Context(), []string{bad.at("a.md"), good.at("a.md")}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if files[0].Changed != nil || files[0].Why != test.why {
				t.Errorf("got %s", show(files[0]))
			}
			if got := show(files[1]); got != "changed=2020-01-01" {
				t.Errorf("the good one: %s", got)
			}
			notes := repositories[files[0].Repository].Notes
			if (len(notes) > 0) != (test.why == Failed) {
				t.Errorf("notes %q", notes)
			}
			for _, note := range notes {
				t.Log(note)
				if note == "" || note != oneLine(note, 400) {
					t.Errorf("note %q", note)
				}
			}
		})
	}
}

func TestNoGit(t *testing.T) {
	r := newRepo(t)
	r.save("2020-01-01", "a.md", prose)
	if runtime.GOOS == "windows" {
		t.Skip("needs scripts")
	}
	for _, test := range []struct{ script, note string }{
		{"", "git is not installed, or not on the path"},
		{"echo git version 2.29.1", "git 2.29 is too old; 2.30 or later is needed"},
		{"echo hello", `git does not say its version but "hello"`},
		{"echo 'no \033[1mway' >&2; exit 3", "git does not run: no [1mway"},
	} {
		bin := t.TempDir()
		t.Setenv("PATH", bin)
		if test.script != "" {
			if err := os.WriteFile(filepath.Join(bin, "git"), []byte("#!/bin/sh\n"+test.script+"\n"), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		f, repository := r.read("a.md", Options{})
		if f.Why != NoGit || !slices.Equal(repository.Notes, []string{test.note}) {
			t.Errorf("%s, %q, want %q", show(f), repository.Notes, test.note)
		}
		for _, err := range Show(t.Context(), "HEAD", []string{r.at("a.md")}) {
			var fault *NotReadable
			if !errors.As(err, &fault) || fault.Error() != test.note {
				t.Errorf("Show: %v", err)
			}
		}
	}
}

// TestHostile has a repository whose settings and attributes name programs,
// each of which would leave a file behind.
func TestHostile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs scripts")
	}
	r := newRepo(t)
	r.save("2020-01-01", "old.md", prose)
	r.write(".gitattributes", "*.md diff=evil filter=evil merge=evil\n")
	r.save("2020-01-02", "old.md", prose+"2")
	r.git("mv", "old.md", "a.md")
	r.save("2020-01-03", "a.md", prose+"2\n\n")
	program, marker := setTraps(r)
	r.write("a.md", prose+"dirty") // a dirty file makes git ask filters
	// What is missing would be fetched.
	blob := r.git("rev-parse", "HEAD~2:old.md")
	os.Remove(r.at(filepath.Join(".git/objects", blob[:2], blob[2:])))
	os.Remove(marker)

	t.Setenv("GIT_EXTERNAL_DIFF", program)
	t.Setenv("GIT_DIR", "/nowhere")
	t.Setenv("GIT_SSH_COMMAND", program)
	f, repository := r.read("a.md", Options{Added: true})
	if f.Why != NoContent && f.Why != Failed {
		t.Errorf("got %s %q", show(f), repository.Notes)
	}
	for _, err := range Show(t.Context(), "HEAD~2", []string{r.at("old.md")}) {
		if err == nil {
			continue
		}
		t.Log(err)
	}
	if ran, err := os.ReadFile(marker); err == nil {
		t.Errorf("programs were run:\n%s", ran)
	}
	// The trap must be able to spring.
	cmd, _ := r.tryGit("2020-01-01", "--git-dir="+r.at(".git"), "status")
	if _, err := os.ReadFile(marker); err != nil {
		t.Errorf("the test would not notice: %s", cmd)
	}
}

// setTraps names a program wherever a repository can, and gives it and the file
// it leaves behind.
func setTraps(r *repo) (program, marker string) {
	t := r.t
	t.Helper()
	marker = filepath.Join(t.TempDir(), "ran")
	program = filepath.Join(t.TempDir(), "evil")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho \"$0 $*\" >>"+marker+"\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"core.fsmonitor", "core.pager", "pager.log", "pager.rev-list", "diff.external", "diff.evil.command", "diff.evil.textconv",
		"filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "gpg.program", "core.sshCommand", "core.editor",
		"core.alternateRefsCommand", "core.askPass", "credential.helper", "core.gitProxy", "alias.rev-list", "alias.cat-file",
		"remote.origin.uploadpack", "trace2.eventTarget",
	} {
		value := program
		if strings.HasPrefix(key, "alias") {
			value = "!" + program
		}
		r.git("config", key, value)
	}
	r.git("config", "log.showSignature", "true")
	for _, hook := range []string{"post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman"} {
		if err := os.Symlink(program, r.at(".git/hooks/"+hook)); err != nil {
			t.Fatal(err)
		}
	}
	r.git("config", "extensions.partialClone", "origin")
	r.git("config", "remote.origin.url", "ext::"+program)
	r.git("config", "remote.origin.promisor", "true")
	return program, marker
}

// TestReadsOnly compares the repository before and after.
func TestReadsOnly(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.save("2020-01-01", "a.md", prose)
	r.save("2020-01-02", "a.md", prose+" ")
	state := func() string {
		var b strings.Builder
		filepath.WalkDir(r.dir, func(path string, d os.DirEntry, err error) error {
			if info, err := d.Info(); err == nil {
				b.WriteString(path + info.ModTime().String() + info.Mode().String() + "\n")
			}
			return err
		})
		return b.String()
	}
	before := state()
	r.read("a.md", Options{Added: true})
	for range Show(t.Context(), "HEAD", []string{r.at("a.md")}) {
	}
	if after := state(); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

func TestSHA256(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	r := &repo{t, realDir(t)}
	if out, err := r.tryGit("2020-01-01", "init", "-q", "--object-format=sha256"); err != nil {
		t.Skip(out)
	}
	r.save("2020-01-01", "a.md", prose)
	r.save("2020-01-02", "a.md", prose+"\n")
	f, repository := r.read("a.md", Options{})
	expect(t, f, repository, "changed=2020-01-01 layout=1")
}

func TestEnvironment(t *testing.T) {
	got := environment([]string{"HOME=/h", "GIT_DIR=x", "git_work_tree=y", "GIT_CONFIG_PARAMETERS=z", "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=safe.directory", "GIT_TRACE=1", "GITHUB_ACTIONS=true"}, filepath.FromSlash("/top/of"))
	for _, want := range []string{"HOME=/h", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GITHUB_ACTIONS=true",
		"GIT_CEILING_DIRECTORIES=" + filepath.FromSlash("/top"), "GIT_NO_LAZY_FETCH=1", "LC_ALL=C"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not there", want)
		}
	}
	for _, v := range got {
		for _, bad := range []string{"GIT_DIR=", "git_work_tree=", "GIT_CONFIG_PARAMETERS=", "GIT_TRACE="} {
			if strings.HasPrefix(v, bad) {
				t.Errorf("%s is there", v)
			}
		}
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.save("2020-01-01", "a b\n.md", "one")
	r.save("2020-01-02", "a b\n.md", "two")
	r.save("2020-01-03", "c.md", "new")
	paths := []string{r.at("c.md"), r.at("a b\n.md"), r.at("none.md"), r.at(".git/HEAD")}
	for _, test := range []struct{ rev, want string }{
		{"HEAD", "new|two|-|-|"}, {"HEAD~1", "-|two|-|-|"}, {"main~2", "-|one|-|-|"}, {r.git("rev-parse", "--short", "HEAD~2"), "-|one|-|-|"},
	} {
		got, i := "", 0
		for v, err := range Show(t.Context(), test.rev, paths) {
			if err != nil {
				t.Fatal(err)
			}
			if v.Path != paths[i] || v.Why != Told {
				t.Errorf("%+v", v)
			}
			i++
			if v.Missing {
				got += "-|"
			} else {
				got += string(v.Content) + "|"
			}
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.rev, got, test.want)
		}
	}
	for range Show(t.Context(), "HEAD", paths) {
		break // must not hang or panic
	}
	for _, rev := range []string{"nope", "--help", "-h", "", "HEAD:c.md", "--all", "HEAD..HEAD", "a\nb", "a\x00b"} {
		for _, err := range Show(t.Context(), rev, paths) {
			var unknown *UnknownRevision
			if !errors.As(err, &unknown) || unknown.Revision != rev || unknown.Top != r.dir {
				t.Errorf("%q: %v", rev, err)
			}
		}
	}
	outside := filepath.Join(t.TempDir(), "x")
	for _, err := range Show(t.Context(), "HEAD", []string{paths[0], outside}) {
		var fault *OutsideRepository
		if !errors.As(err, &fault) || fault.Path != outside {
			t.Errorf("%v", err)
		}
	}
	r.write(".git/config", "[nonsense")
	for _, err := range Show(t.Context(), "HEAD", paths) {
		var fault *NotReadable
		if !errors.As(err, &fault) {
			t.Errorf("%v", err)
		}
	}
}
