package trust

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestFindSearchesUserThenProjectThenExtra(t *testing.T) {
	p := newPlaces(t)
	p.Extra = []string{filepath.Join(t.TempDir(), "more")}
	extra := p.Folders()[2]
	put(t, extra, "keys", "extra")
	put(t, extra, "notes", "notes")
	sum := func(text string) string { return hexSum([]byte(text)) }
	lock := &Lock{Path: p.UserFolder().Lock}
	lock.Add(Entry{Name: "keys", SHA256: map[string]string{Platform(): sum("extra")}})
	lock.Add(Entry{Name: "notes", Version: "2.0.0", SHA256: map[string]string{Platform(): sum("notes")}})
	if err := lock.Write(); err != nil {
		t.Fatal(err)
	}
	want := func(name string, where Where, path string) {
		t.Helper()
		got := find(t, p, name)
		if got.Name != name || got.Where != where || got.Path != path {
			t.Errorf("%s: found %s in %s at %s, want %s in %s", name, got.Name, got.Where, got.Path, where, path)
		}
	}
	want("keys", Extra, extra.Program("keys"))

	put(t, p.ProjectFolder(), "keys", "project")
	lockNow(t, p, p.ProjectFolder(), "keys")
	trustNow(t, p)
	want("keys", Project, p.ProjectFolder().Program("keys"))

	put(t, p.UserFolder(), "keys", "user")
	lockNow(t, p, p.UserFolder(), "keys")
	want("keys", User, p.UserFolder().Program("keys"))
	want("notes", Extra, extra.Program("notes"))
	if got := find(t, p, "notes"); got.Version != "2.0.0" || got.Sum != sum("notes") {
		t.Errorf("notes: version %q, sum %s", got.Version, got.Sum)
	}
}

// What stands first decides, even if it may not run: an attacker's choice of
// what to break must not change which program is meant.
func TestFindStopsAtTheFirst(t *testing.T) {
	p := newPlaces(t)
	put(t, p.ProjectFolder(), "keys", "project")
	lockNow(t, p, p.ProjectFolder(), "keys")
	trustNow(t, p)
	put(t, p.UserFolder(), "keys", "user")
	_, err := Find(p, "keys")
	var unlocked *NotLockedError
	if !errors.As(err, &unlocked) || unlocked.Project || unlocked.Path != p.UserFolder().Program("keys") {
		t.Fatalf("got %v, want the user's program not locked", err)
	}
	if !strings.HasSuffix(unlocked.Hint(), "firstcall plugin lock keys") {
		t.Errorf("hint: %s", unlocked.Hint())
	}
}

func TestFindNothing(t *testing.T) {
	p := newPlaces(t)
	put(t, p.UserFolder(), "hubspot", "h")
	elsewhere := t.TempDir()
	write(t, filepath.Join(elsewhere, Prefix+"sheets"+programSuffix()), "s")
	t.Chdir(elsewhere)
	t.Setenv("PATH", elsewhere)
	tests := []struct{ name, near string }{
		{"hubspt", "hubspot"},
		{"markdow", "markdown"},
		{"markdown", "markdown"}, // bundled: the caller knows it
		{"sheets", ""},           // in the working directory and in PATH
		{"../plugins/firstcall-export-hubspot", ""},
		{"", ""},
	}
	put(t, p.UserFolder(), "markdown", "m")
	for _, tt := range tests {
		_, err := Find(p, tt.name)
		var missing *NotFoundError
		if !errors.As(err, &missing) || missing.Near != tt.near || missing.Missing != "" {
			t.Errorf("%q: got %v (%+v), near %q", tt.name, err, missing, tt.near)
		}
	}
}

func TestFindLockedAndGone(t *testing.T) {
	p := newPlaces(t)
	put(t, p.UserFolder(), "keys", "user")
	lockNow(t, p, p.UserFolder(), "keys")
	if err := os.Remove(p.UserFolder().Program("keys")); err != nil {
		t.Fatal(err)
	}
	_, err := Find(p, "keys")
	var missing *NotFoundError
	if !errors.As(err, &missing) || missing.Missing != p.UserFolder().Program("keys") {
		t.Fatalf("got %v", err)
	}
	// The project may still have one.
	put(t, p.ProjectFolder(), "keys", "project")
	lockNow(t, p, p.ProjectFolder(), "keys")
	trustNow(t, p)
	if got := find(t, p, "keys"); got.Where != Project {
		t.Errorf("found %s", got.Where)
	}
}

func TestFindOtherPlatformOnly(t *testing.T) {
	p := newPlaces(t)
	put(t, p.UserFolder(), "keys", "user")
	lock := &Lock{Path: p.UserFolder().Lock}
	lock.Add(Entry{Name: "keys", SHA256: map[string]string{"plan9-mips": hexSum([]byte("user"))}})
	if err := lock.Write(); err != nil {
		t.Fatal(err)
	}
	_, err := Find(p, "keys")
	var unlocked *NotLockedError
	if !errors.As(err, &unlocked) || unlocked.Platform != Platform() {
		t.Fatalf("got %v", err)
	}
	if listed, _ := List(p); listed[1].State != StateNotLocked {
		t.Errorf("listed %s", listed[1].State)
	}
}

func TestScriptOfTheLockIsFoundWithoutAProgram(t *testing.T) {
	p := newPlaces(t)
	p.Extra = []string{t.TempDir()}
	lock := &Lock{Path: p.UserFolder().Lock}
	entry := Entry{Name: "notes", Command: []string{"/usr/bin/node", "a.mjs"}, Files: map[string]string{"a.mjs": hexSum([]byte("a"))}}
	lock.Add(entry)
	if err := lock.Write(); err != nil {
		t.Fatal(err)
	}
	got := find(t, p, "notes")
	if got.Path != p.UserFolder().Dir || !slices.Equal(got.Command, entry.Command) || got.Sum != entry.Sum() || !ValidSum(got.Sum) {
		t.Errorf("found %+v", got)
	}
	for _, other := range []Entry{
		{Command: []string{"/usr/bin/node", "b.mjs"}, Files: entry.Files},
		{Command: []string{"/usr/bin/node", "a.mjs", ""}, Files: entry.Files},
		{Command: entry.Command, Files: map[string]string{"a.mjs": hexSum([]byte("b"))}},
	} {
		if other.Sum() == got.Sum {
			t.Errorf("another script has the same sum: %v", other)
		}
	}
}

func TestLocate(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
	t.Setenv("AppData", filepath.Join(home, "config"))
	t.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
	settings, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	users := filepath.Join(settings, "firstcall")
	write(t, filepath.Join(users, LockName), "version = 1\n")
	work := filepath.Join(home, "work")
	deep := filepath.Join(work, "a", "b")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	in := func(dir, project string) {
		t.Helper()
		got, err := Locate(dir, []string{"markdown"})
		want := Places{User: users, Project: project, State: filepath.Join(home, "state", "firstcall"), Bundled: []string{"markdown"}}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("in %s: %+v, %v; want %+v", dir, got, err, want)
		}
	}
	in(deep, "")
	write(t, filepath.Join(work, LockName), "version = 1\n")
	in(deep, work)
	write(t, filepath.Join(work, "a", LockName), "not read here")
	in(deep, filepath.Join(work, "a"))
	// The user's own lock makes no project of the folder it lies in.
	in(filepath.Join(users, "plugins"), "")
}

func TestListTellsStates(t *testing.T) {
	p := newPlaces(t)
	u, pr := p.UserFolder(), p.ProjectFolder()
	for _, name := range []string{"changed", "gone", "ready"} {
		put(t, u, name, name)
		lockNow(t, p, u, name)
	}
	put(t, u, "changed", "something else")
	if err := os.Remove(u.Program("gone")); err != nil {
		t.Fatal(err)
	}
	put(t, u, "loose", "loose")
	put(t, u, "markdown", "a false one")
	write(t, filepath.Join(u.Dir, "README"), "no program")
	write(t, filepath.Join(u.Dir, Prefix+"Upper"), "no name")
	put(t, pr, "ready", "another")
	put(t, pr, "theirs", "theirs")
	put(t, pr, "loose-too", "l")
	lockNow(t, p, pr, "theirs")
	lockNow(t, p, pr, "ready")
	states := func() []string {
		listed, err := List(p)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, l := range listed {
			out = append(out, string(l.Where)+" "+l.Name+": "+string(l.State))
		}
		return out
	}
	want := []string{
		"bundled markdown: bundled",
		"user changed: changed", "user gone: missing", "user loose: not locked", "user markdown: hidden", "user ready: ready",
		"project loose-too: not locked", "project ready: hidden", "project theirs: not trusted",
	}
	if got := states(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	trustNow(t, p)
	want[len(want)-1] = "project theirs: ready"
	if got := states(); !slices.Equal(got, want) {
		t.Errorf("trusted, got\n%s", strings.Join(got, "\n"))
	}
}

func TestListGoesOnAfterABadLock(t *testing.T) {
	p := newPlaces(t)
	p.Extra = []string{t.TempDir()}
	put(t, p.UserFolder(), "keys", "k")
	write(t, p.UserFolder().Lock, "version = 1\n[[plugin]]\nname = 3\n")
	put(t, p.ProjectFolder(), "theirs", "t")
	listed, err := List(p)
	var bad *LockError
	if !errors.As(err, &bad) || bad.Path != p.UserFolder().Lock {
		t.Errorf("error %v", err)
	}
	if strings.Count(err.Error(), "name") != 1 {
		t.Errorf("told more than once: %v", err)
	}
	if len(listed) != 3 || listed[1].State != StateUnreadable || listed[2].State != StateNotLocked {
		t.Errorf("listed %+v", listed)
	}
}

// A clone's lock and programs are foreign: nothing of it runs, whatever it says.
func TestClonedProjectIsNotTrusted(t *testing.T) {
	p := newPlaces(t)
	f := p.ProjectFolder()
	put(t, f, "keys", "k")
	lockNow(t, p, f, "keys")
	untrusted := func(changed bool) {
		t.Helper()
		_, err := Find(p, "keys")
		var no *NotTrustedError
		if !errors.As(err, &no) || no.Changed != changed || no.Lock != f.Lock {
			t.Fatalf("got %v, want not trusted, changed %t", err, changed)
		}
	}
	untrusted(false)
	// A list of trusted locks that the project brings along counts for nothing.
	write(t, filepath.Join(p.Project, trustedName), read(t, f.Lock))
	untrusted(false)

	trustNow(t, p)
	find(t, p, "keys")
	// Not even a comment may be added.
	text := read(t, f.Lock)
	write(t, f.Lock, text+"# harmless\n")
	untrusted(true)
	write(t, f.Lock, text)
	find(t, p, "keys")

	// The same bytes at another place are another project.
	other := p
	other.Project = filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(other.Project, os.DirFS(p.Project)); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(other, "keys"); err == nil {
		t.Error("a copy of a trusted project is trusted")
	}

	// A program that the trusted lock does not know stays out.
	put(t, f, "more", "m")
	_, err := Find(p, "more")
	var unlocked *NotLockedError
	if !errors.As(err, &unlocked) || !unlocked.Project || !strings.HasSuffix(unlocked.Hint(), "lock more --project") {
		t.Errorf("got %v", err)
	}

	if was, err := p.Distrust(f.Lock); err != nil || !was {
		t.Errorf("distrust: %t, %v", was, err)
	}
	untrusted(false)
	if was, err := p.Distrust(f.Lock); err != nil || was {
		t.Errorf("distrust again: %t, %v", was, err)
	}
}

func TestTrustedFileIsPrivateAndSorted(t *testing.T) {
	p := newPlaces(t)
	for _, name := range []string{"b", "a"} {
		p.Project = filepath.Join(t.TempDir(), name)
		write(t, p.ProjectFolder().Lock, "version = 1\n")
		trustNow(t, p)
		trustNow(t, p)
	}
	file := filepath.Join(p.User, trustedName)
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	all, err := p.readTrusted()
	if err != nil || len(all) != 2 || !slices.IsSortedFunc(all, func(a, b trustedLock) int { return strings.Compare(a.Path, b.Path) }) {
		t.Errorf("%v, %v", all, err)
	}
	// One that is damaged trusts nothing.
	write(t, file, read(t, file)+"[[lock]]\npath = \"relative\"\nsha256 = \"\"\n")
	lock, err := ReadLock(p.ProjectFolder().Lock)
	if err != nil {
		t.Fatal(err)
	}
	var bad *LockError
	if err := p.Trusted(lock); !errors.As(err, &bad) || bad.Problems[0].Line == 0 {
		t.Errorf("got %v", err)
	}
}

// A link to a project is the project.
func TestTrustFollowsLinks(t *testing.T) {
	p := newPlaces(t)
	put(t, p.ProjectFolder(), "keys", "k")
	lockNow(t, p, p.ProjectFolder(), "keys")
	trustNow(t, p)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(p.Project, link); err != nil {
		t.Skip("cannot make symbolic links")
	}
	p.Project = link
	find(t, p, "keys")
}

// A program without a lock that is trusted before stays so when the user locks
// another; one that is not, does not become so by the way.
func TestSaveKeepsTrustAsItWas(t *testing.T) {
	p := newPlaces(t)
	f := p.ProjectFolder()
	put(t, f, "keys", "k")
	lock, err := p.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	entry := Entry{Name: "keys", SHA256: map[string]string{Platform(): hexSum([]byte("k"))}}
	lock.Add(entry)
	if err := p.Save(f, lock); err != nil {
		t.Fatal(err)
	}
	find(t, p, "keys") // new, and so the user's own

	lockNow(t, p, f, "keys") // by somebody else
	if _, err := p.Open(f); err == nil {
		t.Error("opened a lock for adding to it that is not trusted")
	}
	if lock, err = ReadLock(f.Lock); err != nil {
		t.Fatal(err)
	}
	lock.Remove("nothing")
	if err := p.Save(f, lock); err != nil {
		t.Fatal(err)
	}
	var no *NotTrustedError
	if _, err := Find(p, "keys"); !errors.As(err, &no) {
		t.Errorf("got %v", err)
	}
}
