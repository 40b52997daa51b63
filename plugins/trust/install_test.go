package trust

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// draft makes a draft of a program for installing.
func draft(t testing.TB, p Places, name, text string) *Draft {
	t.Helper()
	d, err := p.DraftStream(strings.NewReader(text), Prefix+name, hexSum([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Ready.Close() })
	d.Entry.Name = name
	return d
}

func TestInstallReplacesOnlyWhenAsked(t *testing.T) {
	p := newPlaces(t)
	f := p.UserFolder()
	install := func(text string, force bool) error {
		t.Helper()
		lock, err := p.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Install(f, lock, draft(t, p, "keys", text), force)
		return err
	}
	if err := install("one", false); err != nil {
		t.Fatal(err)
	}
	if err := install("one", false); err != nil {
		t.Errorf("the same again: %v", err)
	}
	var exists *ExistsError
	if err := install("two", false); !errors.As(err, &exists) || exists.Got != hexSum([]byte("one")) || exists.Want != hexSum([]byte("two")) {
		t.Errorf("got %v", err)
	}
	if got := read(t, f.Program("keys")); got != "one" {
		t.Errorf("holds %q", got)
	}
	if err := install("two", true); err != nil {
		t.Fatal(err)
	}
	if got := read(t, f.Program("keys")); got != "two" {
		t.Errorf("holds %q", got)
	}
	ready, err := find(t, p, "keys").Prepare()
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Close()
	if entries, err := os.ReadDir(f.Dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// Nothing is left of an installation that fails at its last step.
func TestInstallUndoes(t *testing.T) {
	p := newPlaces(t)
	f := p.UserFolder()
	lock, err := p.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	write(t, f.Lock, "version = 1\n") // by somebody else meanwhile
	var busy *BusyError
	if _, err := p.Install(f, lock, draft(t, p, "keys", "one"), false); !errors.As(err, &busy) {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(f.Dir); !os.IsNotExist(err) {
		t.Errorf("the folder is there: %v", err)
	}
	// What was there before is there again.
	put(t, f, "keys", "old")
	if _, err := p.Install(f, lock, draft(t, p, "keys", "one"), true); !errors.As(err, &busy) {
		t.Fatalf("got %v", err)
	}
	if got := read(t, f.Program("keys")); got != "old" {
		t.Errorf("holds %q", got)
	}
	if entries, err := os.ReadDir(f.Dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestDraftChecksTheHash(t *testing.T) {
	p := newPlaces(t)
	var wrong *SumError
	if _, err := p.DraftStream(strings.NewReader("evil"), "x", sumA); !errors.As(err, &wrong) || wrong.Got != hexSum([]byte("evil")) {
		t.Errorf("got %v", err)
	}
	path := filepath.Join(t.TempDir(), "x")
	write(t, path, "evil")
	if _, err := p.DraftProgram(path, "x", sumA); !errors.As(err, &wrong) {
		t.Errorf("got %v", err)
	}
	if got := leftovers(t, p); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestRemove(t *testing.T) {
	p, program := locked(t, "good")
	f := p.UserFolder()
	lock, err := p.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(f.Dir, "a.mjs"), "a")
	lock.Add(Entry{Name: "notes", Command: []string{"/usr/bin/node", "a.mjs"}, Files: map[string]string{"a.mjs": hexSum([]byte("a"))}})
	if err := p.Save(f, lock); err != nil {
		t.Fatal(err)
	}
	got, err := p.Remove(f, "keys")
	if err != nil || got != (Removed{Entry: true, File: program.Path}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Find(p, "keys"); err == nil {
		t.Error("still found")
	}
	got, err = p.Remove(f, "notes")
	if err != nil || got != (Removed{Entry: true, Script: true}) {
		t.Errorf("%+v, %v", got, err)
	}
	if read(t, filepath.Join(f.Dir, "a.mjs")) != "a" {
		t.Error("the script's file is gone")
	}
	put(t, f, "loose", "l")
	var missing *NotFoundError
	if _, err := p.Remove(f, "lose"); !errors.As(err, &missing) || missing.Near != "loose" {
		t.Errorf("got %v", err)
	}
	if got, err := p.Remove(f, "loose"); err != nil || got.Entry || got.File == "" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A lock that knows another program of the name is not talked out of it by the
// way.
func TestInstallMindsTheLock(t *testing.T) {
	p, program := locked(t, "good")
	f := p.UserFolder()
	if err := os.Remove(program.Path); err != nil {
		t.Fatal(err)
	}
	lock, err := p.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	var exists *ExistsError
	if _, err := p.Install(f, lock, draft(t, p, "keys", "other"), false); !errors.As(err, &exists) || exists.Lock != f.Lock || exists.Got != program.Sum {
		t.Errorf("got %v", err)
	}
	if _, err := p.Install(f, lock, draft(t, p, "keys", "good"), false); err != nil {
		t.Errorf("the one it knows: %v", err)
	}
}

func TestPutKeepsOtherPlatformsOfTheVersion(t *testing.T) {
	l := &Lock{}
	l.Add(Entry{Name: "keys", Version: "1.0.0", SHA256: map[string]string{"linux-amd64": sumA, "linux-arm64": sumA}})
	if forgot := l.Put(Entry{Name: "keys", Version: "1.0.0", SHA256: map[string]string{"linux-amd64": sumB}}); len(forgot) > 0 {
		t.Errorf("forgot %v", forgot)
	}
	if e, _ := l.Find("keys"); len(e.SHA256) != 2 || e.SHA256["linux-amd64"] != sumB || e.SHA256["linux-arm64"] != sumA {
		t.Errorf("%v", e)
	}
	forgot := l.Put(Entry{Name: "keys", Version: "1.1.0", SHA256: map[string]string{"linux-amd64": sumB}})
	if e, _ := l.Find("keys"); len(e.SHA256) != 1 || len(forgot) != 1 || forgot[0] != "linux-arm64" {
		t.Errorf("%v, forgot %v", e, forgot)
	}
}

func TestLookIsWhatFindMeans(t *testing.T) {
	p, program := locked(t, "good")
	put(t, p.ProjectFolder(), "keys", "hidden")
	put(t, p.ProjectFolder(), "theirs", "theirs")
	lockNow(t, p, p.ProjectFolder(), "theirs")
	tests := []struct {
		name  string
		where Where
		state State
	}{{"keys", User, StateReady}, {"theirs", Project, StateNotTrusted}, {"markdown", Bundled, StateBundled}}
	for _, tt := range tests {
		got, err := Look(p, tt.name)
		if err != nil || got.Where != tt.where || got.State != tt.state {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
	var missing *NotFoundError
	for _, name := range []string{"kexs", "../keys", ""} {
		if _, err := Look(p, name); !errors.As(err, &missing) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := os.Remove(program.Path); err != nil {
		t.Fatal(err)
	}
	// Now the project's is meant.
	if got, err := Look(p, "keys"); err != nil || got.Where != Project || got.State != StateNotLocked {
		t.Errorf("%+v, %v", got, err)
	}
}
