package lrstest

import (
	"bufio"
	_ "embed"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/exporters/internal/nodetest"
)

// engine starts an LRS of other people's making.
//
//go:embed engine.js
var engine []byte

// Engine starts the engine of Learning Locker and gives its address, which ends with
// /xapi. It speaks version 1.0.3, has the statements alone, and takes any user. The test
// is skipped when it can't be had.
func Engine(t testing.TB) string {
	t.Helper()
	modules := nodetest.Modules(t, "xapi")
	script := filepath.Join(t.TempDir(), "engine.js")
	if err := os.WriteFile(script, engine, 0o600); err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", script, modules)
	node.Dir = t.TempDir() // for its logs
	var said strings.Builder
	node.Stderr = &said
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // which ends it
		kill := time.AfterFunc(5*time.Second, func() { _ = node.Process.Kill() })
		_, _ = io.Copy(io.Discard, out)
		_ = node.Wait()
		kill.Stop()
	})
	lines := bufio.NewReader(out)
	port, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("the engine does not start: %v\n%s", err, said.String())
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return "http://127.0.0.1:" + strings.TrimSpace(port) + "/xapi"
}
