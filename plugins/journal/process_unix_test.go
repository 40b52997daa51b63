//go:build unix

package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// playHost opens the journal, starts an exporter that inherits the fence, and
// waits to be killed.
func playHost(dir string, fence *Fence) error {
	if _, err := Open(context.Background(), dir, "hubspot", portal, fence); err != nil {
		return err
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "JOURNAL_TEST_ROLE=exporter")
	cmd.ExtraFiles = []*os.File{fence.File()}
	if err := cmd.Start(); err != nil {
		return err
	}
	fmt.Println(cmd.Process.Pid)
	time.Sleep(time.Minute)
	return nil
}

// An exporter whose host was killed keeps the journal from others until it has
// ended as well.
func TestExporterOutlivesHost(t *testing.T) {
	dir := t.TempDir()
	host := start(t, "host", dir)
	pid, err := strconv.Atoi(host.says())
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(pid, syscall.SIGKILL)
	busyWith(t, dir, host.cmd.Process.Pid)
	_ = host.cmd.Process.Kill() // not waited for: the exporter has its output too
	for err := error(nil); err == nil; err = syscall.Kill(host.cmd.Process.Pid, 0) {
		if state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", host.cmd.Process.Pid)); err == nil && strings.Contains(string(state), ") Z ") {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	busyWith(t, dir, host.cmd.Process.Pid)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	j, err := Open(context.Background(), dir, "hubspot", portal, fence)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(true); err != nil {
		t.Error(err)
	}
}

// A fence whose exporter still lives is not removed when the host closes it.
func TestFenceInherited(t *testing.T) {
	dir := t.TempDir()
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "JOURNAL_TEST_ROLE=exporter")
	cmd.ExtraFiles = []*os.File{fence.File()}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	path := fence.File().Name()
	if err := fence.Close(); err != nil {
		t.Error(err)
	}
	if err := probe(path); err != errHeld {
		t.Errorf("while the exporter lives: %v", err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if err := probe(path); err != nil {
		t.Errorf("after its end: %v", err)
	}
}

// playFull writes until the process has written more than it may to a file,
// which fails like a disk that is full.
func playFull(dir string, fence *Fence) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 10_000, Max: 10_000}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	j, err := Open(context.Background(), dir, "hubspot", portal, fence)
	if err != nil {
		return err
	}
	for i := range 1000 {
		key := fmt.Sprintf("acme/job/%03d", i)
		if err = j.Intend([]Intent{{key, "r"}}); err != nil {
			break
		}
		fmt.Println(key)
	}
	var told *WriteError
	if !errors.Is(err, syscall.EFBIG) || !errors.As(err, &told) || told.Op != "write" {
		return fmt.Errorf("the limit does not hold: %w", err)
	}
	for i, again := range []error{j.Intend([]Intent{{"a", "r"}}), j.Settle(nil), j.Sync(), j.Close(true)} {
		if !errors.Is(again, syscall.EFBIG) {
			return fmt.Errorf("then call %d: %w", i, again)
		}
	}
	return nil
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	full := start(t, "full", dir)
	var said []string
	for key := full.says(); key != ""; key = full.says() {
		said = append(said, key)
	}
	if err := full.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(said) < 50 {
		t.Fatalf("%d intents were written", len(said))
	}
	entries, err := tryOpen(t, dir, append(said, fmt.Sprintf("acme/job/%03d", len(said)))...)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		if e.InDoubt != (i < len(said)) {
			t.Errorf("key %d of %d: %+v", i, len(said), e)
		}
	}
}
