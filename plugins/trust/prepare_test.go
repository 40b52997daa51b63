package trust

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// locked makes places in which a program of the user's is locked.
func locked(t testing.TB, text string) (Places, *Program) {
	t.Helper()
	p := newPlaces(t)
	put(t, p.UserFolder(), "keys", text)
	lockNow(t, p, p.UserFolder(), "keys")
	return p, find(t, p, "keys")
}

// Whatever happens to the file after the check, what runs is what was checked.
func TestPreparedCopyIsOutOfReach(t *testing.T) {
	p, program := locked(t, "good")
	ready, err := program.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	// In place, as somebody who has it open would do; and by another file.
	f, err := os.OpenFile(program.Path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("evil"); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	if got := read(t, ready.Path); got != "good" {
		t.Errorf("the copy holds %q", got)
	}
	_ = os.Remove(program.Path)
	put(t, p.UserFolder(), "keys", "evil")
	if got := read(t, ready.Path); got != "good" {
		t.Errorf("the copy holds %q", got)
	}
	if filepath.Base(ready.Path) != filepath.Base(program.Path) || ready.Sum != program.Sum {
		t.Errorf("name or sum not kept: %+v", ready)
	}
	info, err := os.Stat(ready.Path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o500 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for dir := filepath.Dir(ready.Path); dir != p.State; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
			t.Errorf("%s: mode %v, %v", dir, info.Mode(), err)
		}
	}
	if err := ready.Close(); err != nil {
		t.Error(err)
	}
	if err := ready.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
	if got := leftovers(t, p); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestPrepareRefusesAnotherFile(t *testing.T) {
	p, program := locked(t, "good")
	put(t, p.UserFolder(), "keys", "evil")
	_, err := program.Prepare()
	var changed *ChangedError
	if !errors.As(err, &changed) || changed.Want != hexSum([]byte("good")) || changed.Got != hexSum([]byte("evil")) || changed.Path != program.Path {
		t.Fatalf("got %v", err)
	}
	for _, part := range []string{changed.Want, changed.Got} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%v lacks %s", err, part)
		}
	}
	hint := changed.Hint()
	warning, advice := strings.Index(hint, "someone else changed it"), strings.Index(hint, "plugin lock")
	if warning < 0 || advice < warning || !strings.Contains(hint, "/src/keys") {
		t.Errorf("hint %q", hint)
	}
	if err := os.Remove(program.Path); err != nil {
		t.Fatal(err)
	}
	if _, err := program.Prepare(); !errors.As(err, &changed) || changed.Got != "" {
		t.Errorf("gone: got %v", err)
	}
	if err := os.Mkdir(program.Path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := program.Prepare(); !errors.Is(err, errNotRegular) {
		t.Errorf("a folder: got %v", err)
	}
	if got := leftovers(t, p); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestPrepareClosesAFolderThatIsOpenToOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are another matter there")
	}
	p, program := locked(t, "good")
	run := filepath.Join(p.State, runName)
	if err := os.MkdirAll(run, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(run, 0o777); err != nil {
		t.Fatal(err)
	}
	ready, err := program.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	if info, err := os.Stat(run); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestSweep(t *testing.T) {
	p, program := locked(t, "good")
	run := filepath.Join(p.State, runName)
	old := time.Now().Add(-leftover - time.Hour)
	for _, name := range []string{"killed", "young"} {
		write(t, filepath.Join(run, name, "lib", "x"), "x")
	}
	used, err := program.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	defer used.Close()
	for _, dir := range []string{filepath.Join(run, "killed"), used.dir} {
		if err := os.Chtimes(dir, old, old); err != nil {
			t.Fatal(err)
		}
	}
	next, err := program.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	for dir, stays := range map[string]bool{filepath.Join(run, "killed"): false, filepath.Join(run, "young"): true, used.dir: true, next.dir: true} {
		if _, err := os.Stat(dir); (err == nil) != stays {
			t.Errorf("%s: %v, should stay: %t", filepath.Base(dir), err, stays)
		}
	}
}

func TestPrepareScript(t *testing.T) {
	p := newPlaces(t)
	f := p.UserFolder()
	files := map[string]string{"export.mjs": "main", "conf.json": "{}", "lib/deep/a.mjs": "a"}
	for name, text := range files {
		write(t, filepath.Join(f.Dir, filepath.FromSlash(name)), text)
	}
	draft, err := p.DraftScript(f, []string{"/usr/bin/node", "./export.mjs", "--config=conf.json", "--title=x", "lib", "-v"}, []string{"lib"})
	if err != nil {
		t.Fatal(err)
	}
	defer draft.Ready.Close()
	draft.Entry.Name = "notes"
	lock := &Lock{Path: f.Lock}
	lock.Add(draft.Entry)
	if err := lock.Write(); err != nil {
		t.Fatal(err)
	}
	program := find(t, p, "notes")
	ready, err := program.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	at := func(name string) string { return filepath.Join(ready.dir, filepath.FromSlash(name)) }
	want := []string{"plugin", "bridge", "--", "/usr/bin/node", at("export.mjs"), "--config=" + at("conf.json"), "--title=x", at("lib"), "-v"}
	if ready.Path != "/bin/firstcall" || strings.Join(ready.Args, " ") != strings.Join(want, " ") {
		t.Errorf("starts %s %q\nwant %q", ready.Path, ready.Args, want)
	}
	for name, text := range files {
		if got := read(t, at(name)); got != text {
			t.Errorf("%s holds %q", name, got)
		}
	}
	if ready.Sum != program.Sum || draft.Ready.Sum != program.Sum {
		t.Errorf("sums %s, %s, %s", ready.Sum, draft.Ready.Sum, program.Sum)
	}

	// A change in any file is a change, also in one that is only imported.
	write(t, filepath.Join(f.Dir, "lib", "deep", "a.mjs"), "evil")
	var changed *ChangedError
	if _, err := program.Prepare(); !errors.As(err, &changed) || !strings.HasSuffix(filepath.ToSlash(changed.Path), "lib/deep/a.mjs") {
		t.Errorf("got %v", err)
	}
	if listed, _ := List(p); listed[1].State != StateChanged {
		t.Errorf("listed as %s", listed[1].State)
	}
}

func TestGather(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"export.mjs", "run", "lib/a.mjs", "node_local"} {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), name)
	}
	outside := filepath.Join(t.TempDir(), "other.mjs")
	write(t, outside, "o")
	bin := t.TempDir()
	node := filepath.Join(bin, "node"+programSuffix())
	write(t, node, "#!/bin/sh\n")
	t.Setenv("PATH", bin)
	here := t.TempDir()
	write(t, filepath.Join(here, "here.mjs"), "h")
	t.Chdir(here)
	tests := []struct {
		command, with string
		want, files   string
		fault         string
	}{
		{"node export.mjs --flag", "", node + " export.mjs --flag", "export.mjs", ""},
		{"node ./lib/../export.mjs", "", node + " export.mjs", "export.mjs", ""},
		{"node " + filepath.Join(dir, "export.mjs"), "", node + " export.mjs", "export.mjs", ""},
		{"./run x", "", "run x", "run", ""},
		{"run x", "", "run x", "run", ""},
		{"node export.mjs", "lib", node + " export.mjs", "export.mjs lib/a.mjs", ""},
		{"node -x=export.mjs", "", node + " -x=export.mjs", "export.mjs", ""},
		{"node lib", "", node + " lib", "lib/a.mjs", ""},
		{"node -v . --x=1", "", "", "", "not one of the files"},
		{"node .", "", "", "", "not one of the files"},
		{"node nothing.mjs", "", "", "", "not one of the files"},
		{"node lib/gone.mjs", "", "", "", "not one of the files"},
		{"node ../x.mjs", "", "", "", "not one of the files"},
		{"node export.mjs ./gone.json", "", "", "", "not one of the files"},
		{"node -r here.mjs export.mjs", "", "", "", "a file in the working directory"},
		{"node --require=here.mjs export.mjs", "", "", "", "a file in the working directory"},
		{"node -e code other https://example.org/x", "", node + " -e code other https://example.org/x", "", ""},
		{node + " export.mjs", "", node + " export.mjs", "export.mjs", ""},
		{"", "", "", "", "no command"},
		{"nodule export.mjs", "", "", "", "neither in"},
		{"./gone", "", "", "", "is not in"},
		{"node " + outside, "", "", "", "outside of"},
		{"node export.mjs", "gone.mjs", "", "", "is not in"},
		{"node export.mjs", "../x", "", "", "is not in"},
	}
	for _, tt := range tests {
		command, files, err := gather(dir, dir, strings.Fields(tt.command), strings.Fields(tt.with))
		if tt.fault != "" {
			var fault *ScriptError
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), tt.fault) || fault.Hint() == "" {
				t.Errorf("%s: got %v", tt.command, err)
			}
			continue
		}
		if err != nil || strings.Join(command, " ") != tt.want {
			t.Errorf("%s: %q, %v", tt.command, command, err)
		}
		if len(files) != len(strings.Fields(tt.files)) {
			t.Errorf("%s: files %v", tt.command, files)
		}
		for _, name := range strings.Fields(tt.files) {
			if _, ok := files[name]; !ok {
				t.Errorf("%s: %s is not among %v", tt.command, name, files)
			}
		}
	}
}

// A command that leaves out the hash of a file must not take the one that
// happens to lie in the working directory, as in the folder that was cloned.
func TestPrepareTakesNothingFromTheWorkingDirectory(t *testing.T) {
	p := newPlaces(t)
	f := p.ProjectFolder()
	write(t, f.Lock, "version = 1\n[[plugin]]\nname = \"tool\"\ncommand = [\"/usr/bin/java\", \"-jar\", \"tool.jar\"]\n")
	trustNow(t, p)
	write(t, filepath.Join(p.Project, "tool.jar"), "evil")
	t.Chdir(p.Project)
	var fault *ScriptError
	if _, err := find(t, p, "tool").Prepare(); !errors.As(err, &fault) {
		t.Errorf("got %v", err)
	}
	if got := leftovers(t, p); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}
