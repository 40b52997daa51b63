package trust

import (
	"os"
	"path/filepath"
	"testing"
)

// newPlaces makes empty places with a project that has no lock yet.
func newPlaces(t testing.TB) Places {
	t.Helper()
	dir := t.TempDir()
	return Places{
		User: filepath.Join(dir, "user"), Project: filepath.Join(dir, "project"), State: filepath.Join(dir, "state"),
		Bundled: []string{"markdown"}, Bridge: []string{"/bin/firstcall", "plugin", "bridge", "--"},
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// put puts a program into a folder.
func put(t testing.TB, f Folder, name, text string) {
	t.Helper()
	write(t, f.Program(name), text)
}

// lockNow locks a program as it is.
func lockNow(t testing.TB, p Places, f Folder, name string) {
	t.Helper()
	lock, err := ReadLock(f.Lock)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := SumFile(f.Program(name))
	if err != nil {
		t.Fatal(err)
	}
	lock.Add(Entry{Name: name, Version: "1.0.0", Source: "/src/" + name, SHA256: map[string]string{Platform(): sum}})
	if err := lock.Write(); err != nil {
		t.Fatal(err)
	}
}

// trustNow trusts the project's lock as it is.
func trustNow(t testing.TB, p Places) {
	t.Helper()
	lock, err := ReadLock(p.ProjectFolder().Lock)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Trust(lock); err != nil {
		t.Fatal(err)
	}
}

// find finds a program that must be there.
func find(t testing.TB, p Places, name string) *Program {
	t.Helper()
	program, err := Find(p, name)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// leftovers lists what lies in the folder of running copies.
func leftovers(t testing.TB, p Places) []string {
	t.Helper()
	var names []string
	entries, err := os.ReadDir(filepath.Join(p.State, runName))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
