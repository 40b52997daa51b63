package ignored

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree makes files under a new folder. A name that ends in a slash is a folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(root, filepath.FromSlash(name)), text, strings.HasSuffix(name, "/"))
	}
	return root
}

func write(t *testing.T, path, text string, dir bool) {
	t.Helper()
	if dir {
		if err := os.MkdirAll(path, 0o777); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// kept walks a folder as a user of the package does, and gives the files that are
// left, in order.
func kept(t *testing.T, root string) []string {
	t.Helper()
	m := New(root)
	var out []string
	err := filepath.WalkDir(root, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if m.Skip(at, d.IsDir()) {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if !d.IsDir() && d.Name() != ".gitignore" {
			rel, err := filepath.Rel(root, at)
			out = append(out, filepath.ToSlash(rel))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSkip(t *testing.T) {
	for _, test := range []struct {
		name  string
		files map[string]string
		in    string // the folder that is walked
		want  []string
	}{
		{"outside of a repository", map[string]string{
			".gitignore": "*.tmp\nbuild/\n", "a.md": "", "a.tmp": "", "build/x.md": "", "sub/build": "", "sub/.gitignore": "!a.tmp\n/b.md\n",
			"sub/a.tmp": "", "sub/b.md": "", "sub/c/b.md": "",
		}, ".", []string{"a.md", "sub/a.tmp", "sub/build", "sub/c/b.md"}},
		{"folders above count in a repository", map[string]string{
			".git/HEAD": "", ".git/info/exclude": "secret*\n", ".gitignore": "/jobs/old/\n*.bak\n",
			"jobs/old/a.md": "", "jobs/new/a.md": "", "jobs/new/a.bak": "", "jobs/secret.md": "",
		}, "jobs", []string{"new/a.md"}},
		{"and not elsewhere", map[string]string{".git/": "", ".gitignore": "*.md\n", "jobs/a.md": ""}, "jobs", []string{"a.md"}},
		{"what is asked for is not left out", map[string]string{
			".git/HEAD": "", ".gitignore": "jobs/\n*.bak\n", "jobs/a.md": "", "jobs/a.bak": "", "jobs/jobs/b.md": "",
		}, "jobs", []string{"a.md"}},
		{"nothing comes back from a folder that is out", map[string]string{
			".gitignore": "out\n!out/a.md\n!/in/*\n", "out/a.md": "", "out/.gitignore": "!a.md\n", "in/out": "", "in/a.md": "",
		}, ".", []string{"in/a.md", "in/out"}},
		{"its own .gitignore goes before info/exclude", map[string]string{
			".git/HEAD": "", ".git/info/exclude": "a\nb\n", ".gitignore": "!a\n", "a": "", "b": "",
		}, ".", []string{"a"}},
		{"a submodule's folder of git is elsewhere", map[string]string{
			"git/HEAD": "", "git/info/exclude": "a\n", "tree/.git": "gitdir: ../git\n", "tree/a": "", "tree/b": "",
		}, "tree", []string{"b"}},
		{"and that of a further working tree in two places", map[string]string{
			"git/info/exclude": "a\n", "git/worktrees/t/commondir": "../..\n", "tree/.git": "gitdir: ../git/worktrees/t\n", "tree/a": "", "tree/b": "",
		}, "tree", []string{"b"}},
		{"git's own folder", map[string]string{"a": "", "sub/.git/a.md": "", "sub/b": ""}, ".", []string{"a", "sub/b"}},
	} {
		if got := kept(t, filepath.Join(tree(t, test.files), test.in)); !slices.Equal(got, test.want) {
			t.Errorf("%s: kept %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSkipPaths(t *testing.T) {
	root := tree(t, map[string]string{".gitignore": "a\n", "a/b": "", "c": ""})
	t.Chdir(root)
	m := New(".")
	for path, want := range map[string]bool{".": false, "a": true, "./a": true, "a/b": true, "c": false, "../a": false, "c/../a": true, "": false} {
		if got := m.Skip(path, path == "a"); got != want {
			t.Errorf("%q: skip %v, want %v", path, got, want)
		}
	}
	if err := os.Symlink("elsewhere", filepath.Join(root, ".gitignore.new")); err != nil {
		t.Skip("no symbolic links here")
	}
	write(t, filepath.Join(root, "elsewhere"), "c\n", false)
	if err := os.Rename(filepath.Join(root, ".gitignore.new"), filepath.Join(root, ".gitignore")); err != nil {
		t.Fatal(err)
	}
	if New(".").Skip("c", false) {
		t.Error("a .gitignore that is a link was read")
	}
}

// TestAgainstGit holds the answers against those of git itself, for many patterns
// and names of few different bytes, so that most of them meet.
func TestAgainstGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	rng := rand.New(rand.NewPCG(1, 2026))
	trees, lines := 30, 0
	if testing.Short() {
		trees = 10
	}
	ignored, all := 0, 0
	for n := range trees {
		files := map[string]string{}
		for range 60 {
			var parts []string
			for range 1 + rng.IntN(4) {
				parts = append(parts, randomName(rng))
			}
			files[strings.Join(parts, "/")] = ""
		}
		root := t.TempDir()
		git(t, root, "", "init", "-q")
		git(t, root, "", "config", "core.ignorecase", "false")
		for name := range files {
			path := filepath.Join(root, name)
			// A name may be taken for a file or a folder already.
			if os.MkdirAll(filepath.Dir(path), 0o777) == nil {
				_ = os.WriteFile(path, nil, 0o666)
			}
		}
		paths := list(t, root)
		text := map[string]string{".git/info/exclude": randomLines(rng, 2), ".gitignore": randomLines(rng, 8)}
		for _, p := range paths {
			if strings.HasSuffix(p, "/") && rng.IntN(3) == 0 {
				text[p+".gitignore"] = randomLines(rng, 3)
			}
		}
		for name, s := range text {
			write(t, filepath.Join(root, name), s, false)
			lines += strings.Count(s, "\n")
		}
		var ask strings.Builder
		for _, p := range paths {
			ask.WriteString(strings.TrimSuffix(p, "/") + "\x00")
		}
		answer := strings.Split(git(t, root, ask.String(), "check-ignore", "--no-index", "--stdin", "-z"), "\x00")
		m := New(root)
		for _, p := range paths {
			name, dir := strings.CutSuffix(p, "/")
			want := slices.Contains(answer, name)
			all++
			if want {
				ignored++
			}
			if got := m.Skip(filepath.Join(root, name), dir); got != want {
				t.Errorf("tree %d: %q is skipped: %v, and git says %v\n%q", n, p, got, want, text)
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d patterns, %d paths, of which git ignores %d", lines, all, ignored)
	if ignored < all/10 || ignored > all*9/10 {
		t.Errorf("git ignores %d of %d paths: the patterns test little", ignored, all)
	}
}

// git runs git without settings of the user's.
func git(t *testing.T, dir, input string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(input)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "XDG_CONFIG_HOME="+dir, "HOME="+dir)
	cmd.Env = slices.DeleteFunc(cmd.Env, func(v string) bool { return strings.HasPrefix(v, "GIT_DIR=") || strings.HasPrefix(v, "GIT_WORK_TREE=") })
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); err != nil && (!ok || exit.ExitCode() != 1) {
		t.Fatalf("git %s: %v", args, err)
	}
	return string(out)
}

// list gives all paths below root; those of folders end in a slash.
func list(t *testing.T, root string) []string {
	var out []string
	err := filepath.WalkDir(root, func(at string, d fs.DirEntry, err error) error {
		if err != nil || at == root {
			return err
		}
		if d.Name() == ".git" {
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(root, at)
		if rel = filepath.ToSlash(rel); d.IsDir() {
			rel += "/"
		}
		out = append(out, rel)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func randomName(rng *rand.Rand) string {
	names := []string{"a", "b", "ab", "ba", "aa", "abc", "a.b", "b.a", "a b", "a ", "#a", "!a", "[a]", "a]", "a-b", "é", "A", "-", "*", "a*", `a\b`, "^a", "1", "_"}
	return names[rng.IntN(len(names))]
}

// randomLines writes lines of pieces that mean something in patterns.
func randomLines(rng *rand.Rand, most int) string {
	pieces := []string{
		"a", "a", "b", "ab", "c", ".", "*", "*", "**", "***", "?", "/", "/", "/", "**/", "/**", "/**/", "[ab]", "[!a]", "[^b]", "[a-c]", "[]a]", "[!]]", "[]-a]", "[",
		"[[:alpha:]]", "[[:upper:][:digit:]]", "[[:no:]]", "[[:a]", "[a-]", "[-a]", `[\]a]`, `[a-\c]`, "[c-a]", "[--a]", `\a`, `\`, `\*`, `\#`, `\!`, `\ `, "#", "!", " ", "-", "é", "^", "]", "\r", "A", "1", "_",
	}
	var b strings.Builder
	if rng.IntN(10) == 0 {
		b.WriteString("\uFEFF")
	}
	for range rng.IntN(most + 1) {
		if rng.IntN(4) == 0 {
			b.WriteString("!")
		}
		if rng.IntN(5) == 0 {
			b.WriteString("/")
		}
		for range 1 + rng.IntN(4) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		if rng.IntN(5) == 0 {
			b.WriteString("/")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// FuzzPatterns holds what must be so whatever stands in a file: a line that takes
// back the one before it does, a name is itself a pattern for it once its special
// bytes are escaped, and long patterns take no longer than they may.
func FuzzPatterns(f *testing.F) {
	f.Add("*.md\n!a[b-d]?\n**/x\\ \n", "a/b.md")
	f.Add("[[:alpha:]]**/*/**", "é/\\x/")
	f.Add(strings.Repeat("*a", 50), strings.Repeat("a", 90)+"b")
	f.Fuzz(func(t *testing.T, text, name string) {
		if len(text) > 1<<12 || len(name) > 1<<10 || path.Clean(name) != name || !filepath.IsLocal(name) || name == "." {
			t.Skip() // no path within a folder
		}
		for _, p := range parsePatterns(text) {
			if p.matches(name, false) && !p.matches(name, true) {
				t.Errorf("%+v matches a file and no folder", p)
			}
		}
		last, _ := decide(parsePatterns(text), name, true)
		both, decided := decide(parsePatterns(text+"\n*\n!*"), name, true)
		if both || !decided {
			t.Errorf("%q is ignored %v, and then %v after the last line takes all back", name, last, both)
		}
		if strings.ContainsAny(name, "/\n\r\x00") {
			return
		}
		escaped := ""
		for i := range len(name) {
			escaped += "\\" + name[i:i+1]
		}
		for _, line := range []string{escaped, "/" + escaped, "**/" + escaped} {
			if ignored, _ := decide(parsePatterns(line), name, false); !ignored {
				t.Errorf("%q does not match %q", line, name)
			}
		}
	})
}

func BenchmarkSkip(b *testing.B) {
	root := b.TempDir()
	var text strings.Builder
	for i := range 100 {
		fmt.Fprintf(&text, "*.tmp%d\n/build%d/**/x\n", i, i)
	}
	if err := os.WriteFile(filepath.Join(root, ".gitignore"), []byte(text.String()), 0o666); err != nil {
		b.Fatal(err)
	}
	m := New(root)
	path := filepath.Join(root, "jobs", "support", "engineer.docx")
	for b.Loop() {
		m.Skip(path, false)
	}
}
