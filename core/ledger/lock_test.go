package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets tests start this binary as another run of the program.
func TestMain(m *testing.M) {
	if role := os.Getenv("LEDGER_TEST_ROLE"); role != "" {
		if err := play(role, os.Getenv("LEDGER_TEST_PATH")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func play(role, path string) error {
	switch role {
	case "key":
		key, err := OpenKey("", path)
		if err == nil {
			fmt.Print(key.mac("test"))
		}
		return err
	case "add":
		for i := range 5 {
			if err := addOne(path, fmt.Sprint(os.Getpid(), " ", i)); err != nil {
				return err
			}
		}
		return nil
	case "hold":
		if _, err := Open(context.Background(), path, testKey); err != nil {
			return err
		}
		fmt.Println("held")
		_, _ = io.Copy(io.Discard, os.Stdin)
		return nil
	case "full":
		return addUnderLimit(path)
	}
	return errors.New("no such role")
}

func addOne(path, told string) error {
	l, err := open(context.Background(), path, testKey, time.Minute)
	if err != nil {
		return err
	}
	if _, err = l.Add(release(told, 5), []byte(told)); err == nil {
		err = l.Save()
	}
	return errors.Join(err, l.Close())
}

func start(role, path string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LEDGER_TEST_ROLE="+role, "LEDGER_TEST_PATH="+path)
	return cmd
}

func TestGoroutines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "acme.ledger")
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			if err := addOne(path, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := len(mustOpen(t, path).Releases()); n != 16 {
		t.Errorf("%d releases", n)
	}
}

func TestProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "acme.ledger")
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if out, err := start("add", path).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wait.Wait()
	if n := len(mustOpen(t, path).Releases()); n != 20 {
		t.Errorf("%d releases", n)
	}
}

// Who holds the ledger is told, and a run that is killed holds it no longer.
func TestHeldByAnother(t *testing.T) {
	path, _ := written(t, 1)
	cmd := start("hold", path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	_, err = open(t.Context(), path, testKey, 50*time.Millisecond)
	var e *LockedError
	if !errors.As(err, &e) || e.File != path || !strings.Contains(err.Error(), "in use by process "+strconv.Itoa(cmd.Process.Pid)+" on host ") {
		t.Errorf("%v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	l := mustOpen(t, path) // also past the one above that gave up waiting
	mustAdd(t, l, release("r", 9), "")
	mustSave(t, l)
}

// Who is stopped while waiting waits no longer, and does not take the lock when
// it comes free.
func TestStoppedWaiting(t *testing.T) {
	path, _ := written(t, 1)
	holder := mustOpen(t, path)
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	time.AfterFunc(20*time.Millisecond, func() { cancel(stopped) })
	began := time.Now()
	if _, err := open(ctx, path, testKey, time.Minute); !errors.Is(err, stopped) {
		t.Error(err)
	}
	if waited := time.Since(began); waited > 10*time.Second {
		t.Errorf("waited for %v", waited)
	}
	if err := holder.Close(); err != nil {
		t.Fatal(err)
	}
	l := mustOpen(t, path)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, path, testKey); !errors.Is(err, stopped) {
		t.Errorf("stopped before: %v", err)
	}
}

func TestHolderIsNotBelieved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "by")
	if err := os.WriteFile(path, []byte("\x1b[31mevil\r\n"+strings.Repeat("x", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if who := readWho(path); strings.ContainsAny(who, "\x1b\r\n") || len(who) > 200 {
		t.Errorf("%q", who)
	}
	if who := readWho(path + "x"); who != "" {
		t.Errorf("%q", who)
	}
	if text := (&LockedError{File: "x"}).Error(); text != "x: is in use by another process" {
		t.Error(text)
	}
}

// A file that changes though it is locked, by an editor or a copy, is not
// written over.
func TestChangedMeanwhile(t *testing.T) {
	changes := map[string]func(path string) error{
		"removed":  os.Remove,
		"replaced": func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) },
	}
	for name, change := range changes {
		path, _ := written(t, 1)
		l := mustOpen(t, path)
		mustAdd(t, l, release("r", 9), "")
		if err := change(path); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(path)
		if err := l.Save(); !errors.Is(err, ErrChanged) || strings.Count(err.Error(), path) != 1 {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Errorf("%s: is written over", name)
		}
	}
	path := filepath.Join(t.TempDir(), "new")
	l := mustOpen(t, path)
	mustAdd(t, l, release("r", 9), "")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := l.Save(); !errors.Is(err, ErrChanged) {
		t.Errorf("made: %v", err)
	}
}

func TestFailedWrite(t *testing.T) {
	path, before := written(t, 1)
	replaced, err := replaceFile(path, func(w io.Writer) error {
		_, _ = w.Write(make([]byte, 1<<20))
		return errors.New("no more")
	})
	if replaced || err == nil {
		t.Errorf("replaced %t, %v", replaced, err)
	}
	untouched(t, path, before)
}

func untouched(t *testing.T, path string, before []byte) {
	t.Helper()
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the ledger is not what it was: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".ledger-*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestFolderGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	l := mustOpen(t, filepath.Join(dir, "acme.ledger"))
	mustAdd(t, l, release("r", 9), "")
	if err := os.RemoveAll(dir); err != nil {
		t.Skip(err)
	}
	if err := l.Save(); !errors.Is(err, os.ErrNotExist) || strings.Count(err.Error(), dir) != 1 {
		t.Error(err)
	}
}

func TestUnwritableFolder(t *testing.T) {
	if os.Geteuid() <= 0 {
		t.Skip("root, and Windows, may write everywhere")
	}
	path, before := written(t, 1)
	l := mustOpen(t, path)
	mustAdd(t, l, release("r", 9), "")
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Dir(path), 0o700)
	if err := l.Save(); !errors.Is(err, os.ErrPermission) {
		t.Error(err)
	}
	untouched(t, path, before)
	if _, err := OpenKey("", filepath.Dir(path)); !errors.Is(err, os.ErrPermission) {
		t.Error(err)
	}
}
