//go:build unix

package host

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// wantGone fails when the process whose id is in the file lives, or when there
// is no such file: the test would be worth nothing.
func wantGone(t testing.TB, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal("the exporter was never there:", err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Second); ; time.Sleep(5 * time.Millisecond) {
		if gone(pid) {
			return
		}
		if time.Now().After(end) {
			t.Errorf("process %d lives", pid)
			_ = syscall.Kill(pid, syscall.SIGKILL)
			return
		}
	}
}

// gone reports whether a process has ended; one that only waits for its parent
// to take notice has.
func gone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	for i := len(stat) - 1; i > 1; i-- {
		if stat[i] == ')' { // the name of the program is in parentheses
			return stat[i+2] == 'Z'
		}
	}
	return false
}

// When the host is killed, the exporter notices, cleans up and ends.
func TestExporterDiesWithHost(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	host := exec.Command(os.Args[0], "-test.run=^$")
	host.Env = []string{modeVar + "=host", pidVar + "=" + pid, "TMPDIR=" + place(t)}
	out, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("said %q: %v", line, err)
	}
	if err := host.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = host.Wait()
	wantGone(t, pid+".exporter")
}

// What an exporter has started goes with it, and cannot hold up Close.
func TestGrandchildGoes(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	p, err := Launch(context.Background(), command("grandchild", pidVar+"="+pid), Options{TempDir: place(t)})
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if text, _ := os.ReadFile(pid + ".child"); len(text) > 0 {
			break
		}
	}
	within(t, time.Second, p.Close)
	wantGone(t, pid)
	wantGone(t, pid+".child")
}

// An exporter that is stopped in its tracks is ended all the same.
func TestFrozenExporter(t *testing.T) {
	p := launch(t, "files", Options{})
	pid := p.proc.cmd.Process.Pid
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	within(t, 3*time.Second, p.Close)
	if !gone(pid) {
		t.Error("the process lives")
	}
}
