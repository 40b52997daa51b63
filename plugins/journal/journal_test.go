package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

var portal = Target{ID: "147", Label: "Acme"}

// quick is a disk for tests that end no process and no power: it syncs nothing.
func quick() *disk {
	return &disk{step: func(op, _ string) error {
		if op == "sync" {
			return errSkip
		}
		return nil
	}}
}

// mustOpen opens the journal of exporter hubspot and the target portal, with a
// fence of its own that is let go of when the test is over, or by mustClose.
func mustOpen(t testing.TB, dir string) *Journal {
	t.Helper()
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { fence.Close() })
	j, err := open(context.Background(), quick(), 0, dir, "hubspot", portal, fence)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func mustClose(t testing.TB, j *Journal, finished bool) {
	t.Helper()
	if err := errors.Join(j.Close(finished), j.fence.Close()); err != nil {
		t.Fatal(err)
	}
}

func mustIntend(t testing.TB, j *Journal, items ...Intent) {
	t.Helper()
	if err := j.Intend(items); err != nil {
		t.Fatal(err)
	}
}

func mustSettle(t testing.TB, j *Journal, items ...Settlement) {
	t.Helper()
	if err := j.Settle(items); err != nil {
		t.Fatal(err)
	}
}

func mustLook(t testing.TB, j *Journal, key string) Entry {
	t.Helper()
	e, err := j.Look(key)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// journalFolder is the one of mustOpen.
func journalFolder(t testing.TB, dir string) string {
	t.Helper()
	folder, err := folderOf(dir, "hubspot", portal)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func remote(ids ...string) []RemoteObject {
	var out []RemoteObject
	for _, id := range ids {
		out = append(out, RemoteObject{"company", id})
	}
	return out
}

// What a key is known by after lines of a log, in one run and spread over runs.
func TestWhatIsKnown(t *testing.T) {
	const key = "acme/job/a"
	sent := func(revision string) any { return Intent{key, revision} }
	got := func(revision, status string, ids ...string) any {
		return Settlement{Key: key, Revision: revision, Status: status, Remote: remote(ids...)}
	}
	tests := map[string]struct {
		lines []any
		want  Entry
	}{
		"nothing":                  {nil, Entry{}},
		"sent":                     {[]any{sent("r1")}, Entry{InDoubt: true}},
		"created":                  {[]any{sent("r1"), got("r1", "created", "7")}, Entry{"r1", "created", remote("7"), false}},
		"updated":                  {[]any{sent("r1"), got("r1", "updated", "7", "8")}, Entry{"r1", "updated", remote("7", "8"), false}},
		"unchanged":                {[]any{sent("r1"), got("r1", "unchanged")}, Entry{Revision: "r1", Status: "unchanged"}},
		"rejected":                 {[]any{sent("r1"), got("r1", "rejected")}, Entry{}},
		"retry":                    {[]any{sent("r1"), got("r1", "retry")}, Entry{}},
		"deferred":                 {[]any{sent("r1"), got("r1", "deferred")}, Entry{}},
		"settled without intent":   {[]any{got("r1", "created", "7")}, Entry{"r1", "created", remote("7"), false}},
		"sent again":               {[]any{got("r1", "created", "7"), sent("r2")}, Entry{"r1", "created", remote("7"), true}},
		"rejected later":           {[]any{got("r1", "created", "7"), sent("r2"), got("r2", "rejected")}, Entry{"r1", "created", remote("7"), false}},
		"other objects":            {[]any{got("r1", "created", "7"), sent("r2"), got("r2", "updated", "9")}, Entry{"r2", "updated", remote("9"), false}},
		"no objects later":         {[]any{got("r1", "created", "7"), sent("r2"), got("r2", "updated")}, Entry{"r2", "updated", remote("7"), false}},
		"objects of a rejection":   {[]any{got("r1", "created", "7"), sent("r2"), got("r2", "rejected", "9")}, Entry{"r1", "created", remote("7"), false}},
		"in doubt, then deferred":  {[]any{sent("r1"), sent("r1"), got("r1", "deferred")}, Entry{}},
		"in doubt, then unchanged": {[]any{sent("r1"), sent("r2"), got("r2", "unchanged", "7")}, Entry{"r2", "unchanged", remote("7"), false}},
	}
	for name, tt := range tests {
		for _, everyRun := range []bool{false, true} {
			dir := t.TempDir()
			j := mustOpen(t, dir)
			for _, l := range tt.lines {
				if everyRun {
					mustClose(t, j, false)
					j = mustOpen(t, dir)
				}
				switch l := l.(type) {
				case Intent:
					mustIntend(t, j, l)
				case Settlement:
					mustSettle(t, j, l)
				}
			}
			for range 2 {
				mustClose(t, j, false)
				j = mustOpen(t, dir)
				if got := mustLook(t, j, key); !reflect.DeepEqual(got, tt.want) {
					t.Errorf("%s (a run for each line: %v): %+v, want %+v", name, everyRun, got, tt.want)
				}
			}
			mustClose(t, j, false)
		}
	}
}

func TestRuns(t *testing.T) {
	dir := t.TempDir()
	var first string
	steps := []struct {
		finished bool
		same     bool // as the first
		attempt  int
	}{{false, true, 1}, {false, true, 2}, {true, true, 3}, {false, false, 1}, {true, false, 2}, {true, false, 1}}
	ids := map[string]bool{}
	for i, step := range steps {
		j := mustOpen(t, dir)
		id, attempt := j.Run()
		if i == 0 {
			first = id
		}
		if len(id) < 20 || (id == first) != step.same || attempt != step.attempt {
			t.Errorf("step %d: run %s, attempt %d, want %+v", i, id, attempt, step)
		}
		ids[id] = true
		if i%2 == 1 { // with and without a merge in between
			mustIntend(t, j, Intent{"acme/job/a", "r"})
		}
		mustClose(t, j, step.finished)
	}
	if len(ids) != 3 {
		t.Errorf("%d runs, want 3", len(ids))
	}
}

func TestLookOrder(t *testing.T) {
	dir := t.TempDir()
	// Orders follow the client as it is, not as it is escaped; and texts that
	// are no keys stand where their bytes put them.
	keys := []string{"a%20b/job/x", "a/job/%22quoted%22", "a/job/x", "a/plan/é", "ä/job/\\", "-/job/x", "no key", `with "quotes"`, "a%21/job/x", "<&>/job/\u2028"}
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(record.Order(a), record.Order(b)) })
	j := mustOpen(t, dir)
	for i, key := range keys {
		if i%2 == 0 {
			mustSettle(t, j, Settlement{Key: key, Revision: key, Status: "created"})
		}
	}
	mustClose(t, j, true)
	j = mustOpen(t, dir)
	defer mustClose(t, j, true)
	for i, key := range keys {
		for range 2 {
			want := Entry{}
			if i%2 == 0 {
				want = Entry{Revision: key, Status: "created"}
			}
			if got := mustLook(t, j, key); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v", key, got)
			}
		}
	}
	var order *OrderError
	if _, err := j.Look(keys[3]); !errors.As(err, &order) || order.Key != keys[3] || order.After != keys[len(keys)-1] {
		t.Errorf("out of order: %v", err)
	}
	if e := mustLook(t, j, "\xff"); !reflect.DeepEqual(e, Entry{}) {
		t.Errorf("after the last: %+v", e)
	}
}

// What would not come back as it is, is refused, and the journal goes on.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	j := mustOpen(t, dir)
	for _, it := range []Intent{{"", "r"}, {"a\x00", "r"}, {"\xff", "r"}, {"a", "\xff"}} {
		if err := j.Intend([]Intent{{"good", "r"}, it}); err == nil {
			t.Errorf("%+v was taken", it)
		}
	}
	for _, s := range []Settlement{
		{Key: "a", Revision: "r"},
		{Key: "a", Revision: "r", Status: "CREATED"},
		{Key: "a", Status: "created"},
		{Key: "a", Revision: "r", Status: "created", Code: "\xff"},
		{Key: "a", Revision: "r", Status: "created", Remote: []RemoteObject{{"\xff", ""}}},
		{Key: "a", Revision: "r", Status: "created", Remote: []RemoteObject{{"", "\xff"}}},
		{Key: "a", Revision: "r", Status: "created", Remote: remote(strings.Repeat("x", maxLine))},
	} {
		if err := j.Settle([]Settlement{{Key: "good", Revision: "r", Status: "created"}, s}); err == nil {
			t.Errorf("%.80v was taken", s)
		}
	}
	mustIntend(t, j, Intent{"last", "r"})
	mustClose(t, j, true)
	j = mustOpen(t, dir)
	defer mustClose(t, j, true)
	if e := mustLook(t, j, "good"); !reflect.DeepEqual(e, Entry{}) {
		t.Errorf("part of a refused call was written: %+v", e)
	}
	if e := mustLook(t, j, "last"); !e.InDoubt {
		t.Errorf("last: %+v", e)
	}
}

func TestLongLine(t *testing.T) {
	dir := t.TempDir()
	ids := make([]string, 5000)
	for i := range ids {
		ids[i] = strings.Repeat("x", 50) + fmt.Sprint(i)
	}
	j := mustOpen(t, dir)
	mustSettle(t, j, Settlement{Key: "a", Revision: "r", Status: "created", Remote: remote(ids...)})
	for range 2 {
		mustClose(t, j, true)
		j = mustOpen(t, dir)
	}
	defer mustClose(t, j, true)
	if e := mustLook(t, j, "a"); !reflect.DeepEqual(e.Remote, remote(ids...)) {
		t.Errorf("%d objects", len(e.Remote))
	}
}

// Runs that send nothing do not write the snapshot anew.
func TestNoMergeWithoutRecords(t *testing.T) {
	dir := t.TempDir()
	j := mustOpen(t, dir)
	mustSettle(t, j, Settlement{Key: "a", Revision: "r", Status: "created"})
	mustClose(t, j, true)
	mustClose(t, mustOpen(t, dir), true) // merges
	path := filepath.Join(journalFolder(t, dir), snapshotName)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		j := mustOpen(t, dir)
		if e := mustLook(t, j, "a"); e.Revision != "r" {
			t.Errorf("%+v", e)
		}
		mustClose(t, j, true)
	}
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Errorf("the snapshot was written anew: %v", err)
	}
	// Until the log is long.
	var lines []byte
	for len(lines) < smallLog {
		lines = appendRun(lines, run{id: "someid", attempt: 3})
	}
	log := filepath.Join(journalFolder(t, dir), logName)
	f, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.Write(lines)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	j = mustOpen(t, dir)
	if id, attempt := j.Run(); id != "someid" || attempt != 4 {
		t.Errorf("run %s, attempt %d", id, attempt)
	}
	if e := mustLook(t, j, "a"); e.Revision != "r" {
		t.Errorf("%+v", e)
	}
	mustClose(t, j, true)
	if info, err := os.Stat(log); err != nil || info.Size() > 1000 {
		t.Errorf("the log was not begun anew: %v", err)
	}
}

func TestPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes here")
	}
	dir := filepath.Join(t.TempDir(), "state", "journal")
	for range 2 {
		j := mustOpen(t, dir)
		mustIntend(t, j, Intent{"a", "r"})
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			want := fs.FileMode(0o600)
			if d.IsDir() {
				want = 0o700
			}
			if err == nil && info.Mode().Perm() != want {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		mustClose(t, j, false)
	}
	if info, err := os.Stat(filepath.Dir(dir)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the state folder: %v, %v", info.Mode(), err)
	}
}

// Everything in the folder of a journal, after a few runs, in words.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	j := mustOpen(t, dir)
	mustIntend(t, j, Intent{"acme/job/b", "r1"}, Intent{"acme/job/a", "r2"})
	mustSettle(t, j, Settlement{Key: "acme/job/b", Revision: "r1", Status: "created", Remote: remote("7"), Code: "c"})
	id, _ := j.Run()
	log := logText(t, dir)
	for _, want := range []string{`{"log":1,"follows":0}`, `{"run":"` + id + `","attempt":1}`, `{"intent":"acme/job/b","revision":"r1"}`, `{"durable":`,
		`{"settled":"acme/job/b","revision":"r1","status":"created","remote":[{"type":"company","id":"7"}],"code":"c"}`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %s:\n%s", want, log)
		}
	}
	mustClose(t, j, true)
	mustClose(t, mustOpen(t, dir), false)
	text, err := os.ReadFile(filepath.Join(journalFolder(t, dir), snapshotName))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for l := range strings.Lines(string(text)) {
		got = append(got, strings.TrimSpace(l[9:]))
	}
	want := []string{
		`{"snapshot":1,"generation":1,"run":"` + id + `","attempt":1,"finished":true}`,
		`{"key":"acme/job/a","doubt":true}`,
		`{"key":"acme/job/b","revision":"r1","status":"created","remote":[{"type":"company","id":"7"}]}`,
		`{"entries":2}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("the snapshot is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	about, err := os.ReadFile(filepath.Join(journalFolder(t, dir), aboutName))
	if err != nil || !bytes.Contains(about, []byte("\"label\": \"Acme\"\n")) {
		t.Errorf("about: %s, %v", about, err)
	}
	names, err := os.ReadDir(journalFolder(t, dir))
	if err != nil || len(names) != 5 {
		t.Errorf("%v, %v", names, err)
	}
}

func logText(t testing.TB, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(journalFolder(t, dir), logName))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	j := mustOpen(t, dir)
	var wait sync.WaitGroup
	const workers, each = 8, 25
	for w := range workers {
		wait.Go(func() {
			for i := range each {
				key := fmt.Sprintf("acme/job/%d-%02d", w, i)
				if err := j.Intend([]Intent{{key, "r"}}); err != nil {
					t.Error(err)
				}
				if i%2 == 0 {
					if err := j.Settle([]Settlement{{Key: key, Revision: "r", Status: "created", Remote: remote(key)}}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	for i := range 100 {
		mustLook(t, j, fmt.Sprintf("acme/job/%03d", i))
	}
	wait.Wait()
	mustClose(t, j, false)
	j = mustOpen(t, dir)
	defer mustClose(t, j, true)
	for w := range workers {
		for i := range each {
			key := fmt.Sprintf("acme/job/%d-%02d", w, i)
			if e := mustLook(t, j, key); e.InDoubt != (i%2 == 1) || (e.Revision == "r") != (i%2 == 0) {
				t.Errorf("%s: %+v", key, e)
			}
		}
	}
}

// Calls that wait at the same time share a sync.
func TestSharedSync(t *testing.T) {
	dir := t.TempDir()
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	var (
		syncs   int // only ever one at a time
		started = make(chan bool, 1)
		blocked = make(chan bool)
		slow    bool
	)
	d := &disk{step: func(op, path string) error {
		if op == "sync" && filepath.Base(path) == logName {
			syncs++
			if slow {
				slow = false
				started <- true
				<-blocked
			}
		}
		return nil
	}}
	j, err := open(context.Background(), d, 0, dir, "hubspot", portal, fence)
	if err != nil {
		t.Fatal(err)
	}
	syncs, slow = 0, true
	var wait sync.WaitGroup
	intend := func(key string) {
		if err := j.Intend([]Intent{{key, "r"}}); err != nil {
			t.Error(err)
		}
	}
	wait.Go(func() { intend("first") })
	<-started
	for i := range 20 {
		wait.Go(func() { intend(fmt.Sprint(i)) })
	}
	for lines := 0; lines < 21; lines = strings.Count(logText(t, dir), `"intent"`) {
		runtime.Gosched()
	}
	close(blocked)
	wait.Wait()
	if syncs != 2 {
		t.Errorf("%d syncs for 21 calls, want 2", syncs)
	}
	if err := j.Close(true); err != nil {
		t.Error(err)
	}
}

func TestUseAfterClose(t *testing.T) {
	j := mustOpen(t, t.TempDir())
	mustClose(t, j, true)
	_, lookErr := j.Look("a")
	for i, err := range []error{lookErr, j.Intend(nil), j.Settle(nil), j.Sync(), j.Close(true)} {
		if !errors.Is(err, errClosed) {
			t.Errorf("call %d: %v", i, err)
		}
	}
}
