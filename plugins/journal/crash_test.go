package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A drama is a few runs of a journal, told step by step. It keeps what was asked
// of the journal, so that whatever a crash leaves can be judged: it must be what
// some first part of that makes, not shorter than what was promised.
type drama struct {
	t      testing.TB
	dir    string
	disk   *disk
	fence  *Fence
	j      *Journal
	said   []any // Intent, Settlement, begin, finish
	done   int   // how many of them calls have returned for
	lasts  int   // how many of those a power cut must not take away
	failed error // the first error of a call
}

type (
	begin  struct{}
	finish struct{}
)

func (d *drama) open() {
	if d.failed != nil {
		return
	}
	d.said = append(d.said, begin{})
	d.j, d.failed = open(context.Background(), d.disk, 0, d.dir, "hubspot", portal, d.fence)
	if d.failed == nil {
		d.done, d.lasts = len(d.said), len(d.said)
	}
}

func (d *drama) intend(items ...Intent) {
	if d.failed != nil {
		return
	}
	for _, it := range items {
		d.said = append(d.said, it)
	}
	if d.failed = d.j.Intend(items); d.failed == nil {
		d.done, d.lasts = len(d.said), len(d.said)
	}
}

func (d *drama) settle(items ...Settlement) {
	if d.failed != nil {
		return
	}
	for _, it := range items {
		d.said = append(d.said, it)
	}
	if d.failed = d.j.Settle(items); d.failed == nil {
		d.done = len(d.said)
	}
}

func (d *drama) sync() {
	if d.failed == nil {
		if d.failed = d.j.Sync(); d.failed == nil {
			d.lasts = len(d.said)
		}
	}
}

func (d *drama) close(finished bool) {
	if d.failed != nil {
		return
	}
	if finished {
		d.said = append(d.said, finish{})
	}
	if d.failed = d.j.Close(finished); d.failed == nil {
		d.done, d.lasts = len(d.said), len(d.said)
	}
}

// play has every kind of line in it, keys that come and go over merges, runs
// with and without anything to merge, and a snapshot of several writes.
func (d *drama) play() {
	long := remote(strings.Repeat("x", 30<<10))
	ok := func(key, revision, status string, remote []RemoteObject) Settlement {
		return Settlement{Key: key, Revision: revision, Status: status, Remote: remote}
	}
	d.open()
	d.intend(Intent{"b", "1"}, Intent{"a", "1"})
	d.settle(ok("a", "1", "created", remote("7")))
	d.intend(Intent{"c", "1"}, Intent{"d", "1"})
	d.settle(ok("b", "1", "rejected", nil), ok("c", "1", "created", long))
	d.settle(ok("d", "1", "deferred", nil))
	d.close(false)
	d.open()
	d.intend(Intent{"d", "1"}, Intent{"e", "1"}, Intent{"f", "1"})
	d.settle(ok("e", "1", "unchanged", long))
	d.sync()
	d.settle(ok("f", "1", "created", long))
	d.close(true)
	d.open()
	d.close(true)
	d.open()
	d.intend(Intent{"a", "2"})
	d.settle(ok("a", "2", "updated", nil))
	d.close(false)
	d.open()
	d.settle(ok("d", "1", "created", nil))
	d.close(true)
	d.open()
	d.close(true)
}

var dramaKeys = []string{"a", "b", "c", "d", "e", "f"}

// outcome is what a journal knows.
type outcome struct {
	entries  []Entry // of the keys that were asked for
	attempt  int     // of the last run
	finished bool
}

// imagine works out what the journal knows after lines, apart from the code
// that is tested.
func imagine(keys []string, said []any) outcome {
	entries := map[string]Entry{}
	var out outcome
	for _, s := range said {
		switch s := s.(type) {
		case begin:
			if out.finished {
				out.attempt = 0
			}
			out.attempt, out.finished = out.attempt+1, false
		case finish:
			out.finished = true
		case Intent:
			e := entries[s.Key]
			e.InDoubt = true
			entries[s.Key] = e
		case Settlement:
			e := entries[s.Key]
			e.InDoubt = false
			if s.Status == "created" || s.Status == "updated" || s.Status == "unchanged" {
				e.Revision, e.Status = s.Revision, s.Status
				if s.Remote != nil {
					e.Remote = s.Remote
				}
			}
			entries[s.Key] = e
		}
	}
	for _, key := range keys {
		out.entries = append(out.entries, entries[key])
	}
	return out
}

// check opens what a crash left, and says how many lines of those that were
// said it has, and otherwise what is wrong with it.
func check(t testing.TB, dir string, keys []string, said []any, least int) (has int, err error) {
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	j, err := open(context.Background(), quick(), 0, dir, "hubspot", portal, fence)
	if err != nil {
		return 0, err
	}
	defer j.Close(false)
	var got outcome
	for _, key := range keys {
		e, err := j.Look(key)
		if err != nil {
			return 0, err
		}
		got.entries = append(got.entries, e)
	}
	if _, err := j.Look("z"); err != nil {
		return 0, err
	}
	_, got.attempt = j.Run()
	for n := least; n <= len(said); n++ {
		want := imagine(keys, append(slices.Clip(said[:n]), begin{})) // this is one more run
		if reflect.DeepEqual(got, want) {
			return n, nil
		}
	}
	return 0, fmt.Errorf("attempt %d, %.200v: that is not what any of the first %d to %d lines make", got.attempt, got.entries, least, len(said))
}

// A model is what the disk would have after a power cut: names and contents as
// of the last sync, or as they are, or something in between.
type model struct {
	folder      string
	names, kept map[string]*inode // as they are, and as of the last sync of the folder
	op, path    string            // what was about to be done at the last step
	written     *inode            // by the last step; nil: it was no write
	size        int               // of written before that
}

type inode struct{ text, kept []byte }

// catchUp takes in what was done since the last step.
func (m *model) catchUp() error {
	name := filepath.Base(m.path)
	switch {
	case filepath.Dir(m.path) != m.folder && m.path != m.folder:
		return nil
	case m.op == "open":
		if m.names[name] == nil {
			m.names[name] = &inode{}
		}
	case m.op == "rename":
		m.names[name] = m.names[name+".new"]
		delete(m.names, name+".new")
	case m.op == "sync" && m.path == m.folder:
		m.kept = maps.Clone(m.names)
	case m.op == "sync":
		m.names[name].kept = m.names[name].text
	}
	m.written = nil
	if m.op == "write" {
		m.written, m.size = m.names[name], len(m.names[name].text)
	}
	for name, node := range m.names {
		text, err := os.ReadFile(filepath.Join(m.folder, name))
		if err != nil {
			return err
		}
		node.text = text
	}
	return nil
}

// image makes a folder as a crash could leave it.
func image(t testing.TB, to string, files map[string][]byte) {
	folder := journalFolder(t, to)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// killed is what a process leaves that ended just here.
func (m *model) killed() map[string][]byte {
	out := map[string][]byte{}
	for name, node := range m.names {
		out[name] = node.text
	}
	return out
}

// midway is what a process leaves that ended in the last write.
func (m *model) midway(r *rand.Rand) map[string][]byte {
	out := m.killed()
	for name, node := range m.names {
		if node == m.written {
			out[name] = node.text[:m.size+r.IntN(len(node.text)-m.size+1)]
		}
	}
	return out
}

// unplugged is what a power cut leaves just here. With a nil r nothing is there
// that was not synced.
func (m *model) unplugged(r *rand.Rand) map[string][]byte {
	names := m.kept
	if r != nil && r.IntN(2) == 0 {
		names = m.names
	}
	out := map[string][]byte{}
	for name, node := range names {
		text := node.kept
		if r != nil {
			text = node.partly(r)
		}
		out[name] = text
	}
	return out
}

// partly is the content with what was not synced there, cut, or with a hole.
func (n *inode) partly(r *rand.Rand) []byte {
	how := r.IntN(4)
	if how == 0 {
		return n.kept
	}
	safe := 0
	if bytes.HasPrefix(n.text, n.kept) {
		safe = len(n.kept)
	}
	text := bytes.Clone(n.text)
	if len(text) == safe || how == 1 {
		return text
	}
	from := safe + r.IntN(len(text)-safe)
	if how == 2 {
		return text[:from]
	}
	clear(text[from:min(len(text), from+1+r.IntN(100))])
	return text
}

// TestCrashes ends the process, or the power, before each step that the journal
// does on the disk, and looks at what is left.
func TestCrashes(t *testing.T) {
	seeds := 2
	if testing.Short() {
		seeds = 1
	}
	dir, left := t.TempDir(), t.TempDir()
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	d := &drama{t: t, dir: dir, fence: fence}
	m := &model{folder: journalFolder(t, dir), names: map[string]*inode{}, kept: map[string]*inode{}}
	r := rand.New(rand.NewPCG(1, 2))
	steps, images, doneThen, saidThen := 0, 0, 0, 0
	look := func(how string, files map[string][]byte, least, most int) {
		t.Helper()
		delete(files, fenceName) // its process is gone, whatever it says
		image(t, left, files)
		images++
		if _, err := check(t, left, dramaKeys, d.said[:most], least); err != nil {
			t.Errorf("%s near step %d (%s %s): %v", how, steps, m.op, filepath.Base(m.path), err)
		}
	}
	d.disk = &disk{step: func(op, path string) error {
		if err := m.catchUp(); err != nil {
			t.Fatal(err)
		}
		for range 2 * seeds {
			if m.written != nil {
				look("killed in the write", m.midway(r), doneThen, saidThen)
			}
		}
		steps++
		m.op, m.path = op, path
		look("killed", m.killed(), d.done, len(d.said))
		look("unplugged, all lost", m.unplugged(nil), d.lasts, len(d.said))
		for range 2 * seeds {
			look("unplugged", m.unplugged(r), d.lasts, len(d.said))
		}
		doneThen, saidThen = d.done, len(d.said)
		return nil
	}}
	d.play()
	if d.failed != nil {
		t.Fatal(d.failed)
	}
	t.Logf("%d steps, %d images", steps, images)
	if steps < 60 {
		t.Errorf("only %d steps were seen", steps)
	}
}

var errStep = errors.New("injected")

// TestFailures makes each step fail once, and cuts each write. No call after
// that may succeed, and the next run must find everything.
func TestFailures(t *testing.T) {
	for fail := 1; ; fail++ {
		dir := t.TempDir()
		fence, err := NewFence(dir)
		if err != nil {
			t.Fatal(err)
		}
		d := &drama{t: t, dir: dir, fence: fence}
		steps, what := 0, ""
		d.disk = &disk{step: func(op, path string) error {
			steps++
			if steps != fail {
				return quick().step(op, path)
			}
			what = op + " " + filepath.Base(path)
			if op == "write" { // half of a line is there
				f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
				if err == nil {
					_, err = f.WriteString(`00000000 {"sett`)
				}
				if err := errors.Join(err, f.Close()); err != nil {
					t.Fatal(err)
				}
			}
			return errStep
		}}
		d.play()
		if d.failed == nil {
			if fail < 60 {
				t.Errorf("only %d steps were seen", fail)
			}
			fence.Close()
			return
		}
		var told *WriteError
		if !errors.Is(d.failed, errStep) || !errors.As(d.failed, &told) || told.Hint() == "" {
			t.Errorf("step %d (%s): %v", fail, what, d.failed)
		}
		if d.j != nil {
			for i, err := range []error{d.j.Intend([]Intent{{"x", "1"}}), d.j.Settle(nil), d.j.Sync(), d.j.Close(true)} {
				if err == nil {
					t.Errorf("step %d (%s): call %d after it succeeds", fail, what, i)
				}
			}
		}
		fence.Close()
		if _, err := check(t, dir, dramaKeys, d.said, d.done); err != nil {
			t.Errorf("step %d (%s): %v", fail, what, err)
		}
		if left, err := filepath.Glob(filepath.Join(journalFolder(t, dir), "*.new")); err != nil || len(left) > 0 {
			t.Errorf("step %d (%s) leaves %v", fail, what, left)
		}
		if t.Failed() {
			return
		}
	}
}

// The model itself must see what was not synced: a journal whose syncs do
// nothing loses what it promised.
func TestModelNotices(t *testing.T) {
	m := &model{folder: "f", names: map[string]*inode{}}
	node := &inode{text: []byte("whole"), kept: []byte("wh")}
	m.names["log"], m.kept = node, map[string]*inode{"log": node}
	if got := m.unplugged(nil)["log"]; string(got) != "wh" {
		t.Errorf("%q", got)
	}
	r := rand.New(rand.NewPCG(3, 4))
	var seen []string
	for range 100 {
		seen = append(seen, string(m.unplugged(r)["log"]))
	}
	slices.Sort(seen)
	if seen = slices.Compact(seen); len(seen) < 5 {
		t.Errorf("%q", seen)
	}
}
