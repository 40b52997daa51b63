//go:build unix

package bridge

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	pb "github.com/firstcall-cli/firstcall/plugins/exporterpb"
	"github.com/firstcall-cli/firstcall/plugins/host"
)

// wantGone fails when the process whose id is in the file lives a second later,
// or when there is no such file: the test would be worth nothing.
func wantGone(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal("the script was never there:", err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Second); !gone(pid); time.Sleep(5 * time.Millisecond) {
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

// When the host is killed, everything ends: the bridge, a script that would stay,
// and what it has started.
func TestHostDies(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := `cd ` + dir + `; sleep 1000 & printf %s $! > child; printf %s $$ > pid
while read -r line; do case $line in
'{"describe"'*) echo '{"description":{"name":"t","version":"1","summary":"s","capabilities":{"idempotency":"atomic"}}}';;
esac; done
wait`
	program := exec.Command(os.Args[0], "host", "sh", "-c", script)
	program.Env = []string{"TMPDIR=" + os.TempDir(), "GORACE=atexit_sleep_ms=0"}
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("said %q: %v", line, err)
	}
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait()
	time.Sleep(endGrace)
	wantGone(t, filepath.Join(dir, "pid"))
	wantGone(t, filepath.Join(dir, "child"))
}

// A bridge that is killed takes the script along: both are of one group, which
// the host kills.
func TestBridgeDies(t *testing.T) {
	t.Parallel()
	pid := filepath.Join(t.TempDir(), "pid")
	launch(t, destinationParts.with(parts{"start": {"!file " + pid + " PID"}, "eof": {"!sleep"}}))
	text, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	script, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	bridge, err := syscall.Getpgid(script)
	if err != nil || bridge == script {
		t.Fatalf("the script's group is %d: %v", bridge, err)
	}
	if err := syscall.Kill(bridge, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	wantGone(t, pid)
}

// What a script leaves running goes with it.
func TestGrandchildGoes(t *testing.T) {
	t.Parallel()
	pid := filepath.Join(t.TempDir(), "pid")
	script := `sleep 1000 & printf %s $! > ` + pid + `
while read -r line; do case $line in
'{"describe"'*) echo '{"description":{"name":"t","version":"1","summary":"s","capabilities":{"idempotency":"atomic"}}}';;
esac; done`
	p, err := host.Launch(context.Background(), bridged("sh", "-c", script), host.Options{})
	if err != nil {
		t.Fatal(err)
	}
	within(t, 2*time.Second, p.Close)
	wantGone(t, pid)
}

// A script may be killed by a closed pipe like any program, though this process
// may not.
func TestClosedPipe(t *testing.T) {
	t.Parallel()
	script := `read -r line
trap '' EXIT; (yes; echo $? >&2) 2>err | head -n 1 >/dev/null
echo '{"description":{"name":"t","version":"'$(cat err)'","summary":"s","capabilities":{"idempotency":"atomic"}}}'; read -r line`
	p, err := host.Launch(context.Background(), bridged("sh", "-c", "cd "+t.TempDir()+"\n"+script), host.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got := p.Info().GetVersion(); got != "141" { // 128 + SIGPIPE
		t.Errorf("yes ended with status %s", got)
	}
}

// The script inherits the fence, and is told where it is.
func TestScriptHoldsFence(t *testing.T) {
	dir := t.TempDir()
	lock := filepath.Join(dir, "lock")
	if err := os.WriteFile(lock, []byte("the fence"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(lock)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	t.Setenv(pb.FenceKey, fmt.Sprint(f.Fd()))
	_, s := serveScript(t, parts{"start": {"!fence " + filepath.Join(dir, "seen"), "!exit 0"}})
	<-s.exited
	if text, err := os.ReadFile(filepath.Join(dir, "seen")); err != nil || string(text) != "the fence" {
		t.Errorf("the script found %q behind the descriptor: %v", text, err)
	}
}
