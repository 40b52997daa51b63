package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// Peek sees what a run would find, and leaves every file as it is.
func TestPeek(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	target := Target{ID: "portal"}
	v, err := Peek(ctx, dir, "test", target)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := v.Look("acme/job/a"); err != nil || e.known() {
		t.Errorf("of no journal: %+v, error %v", e, err)
	}
	if files, _ := os.ReadDir(dir); len(files) > 0 || v.Close() != nil {
		t.Errorf("made %v", files)
	}
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	j, err := Open(ctx, dir, "test", target, fence)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(j.Intend([]Intent{{"acme/job/a", "1"}, {"acme/job/b", "1"}, {"acme/job/c", "1"}}))
	must(j.Settle([]Settlement{{Key: "acme/job/a", Revision: "1", Status: "created", Remote: []RemoteObject{{"note", "7"}}}, {Key: "acme/job/c", Revision: "1", Status: "rejected"}}))
	before := contentOf(t, dir)
	v, err = Peek(ctx, dir, "test", target) // while the run is at work
	must(err)
	want := map[string]Entry{
		"acme/job/a": {Revision: "1", Status: "created", Remote: []RemoteObject{{"note", "7"}}},
		"acme/job/b": {InDoubt: true}, "acme/job/c": {}, "acme/job/d": {},
	}
	for _, key := range []string{"acme/job/a", "acme/job/b", "acme/job/c", "acme/job/d"} {
		if got, err := v.Look(key); err != nil || !reflect.DeepEqual(got, want[key]) {
			t.Errorf("%s: %+v, error %v, want %+v", key, got, err, want[key])
		}
	}
	var order *OrderError
	if _, err := v.Look("acme/job/a"); !errors.As(err, &order) {
		t.Errorf("asked out of order: error %v", err)
	}
	must(v.Close())
	if after := contentOf(t, dir); !reflect.DeepEqual(before, after) {
		t.Error("Peek changed a file")
	}
	must(j.Close(false))
}

// contentOf reads every file below dir.
func contentOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		out[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
