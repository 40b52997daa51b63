package host

import (
	"os"
	"testing"
)

// What a process has started counts as its own.
func TestResidentBytes(t *testing.T) {
	if held, known := residentBytes(os.Getpid()); !known || held < 1<<20 {
		t.Fatalf("holds %d bytes, known %v", held, known)
	}
	p := launch(t, "files", Options{})
	child, _ := residentAlone(p.proc.cmd.Process.Pid)
	with, _ := residentBytes(os.Getpid())
	if alone, _ := residentAlone(os.Getpid()); child < 1<<20 || with < alone+child/2 {
		t.Errorf("holds %d bytes with a child that holds %d, alone %d", with, child, alone)
	}
	if _, known := residentBytes(1 << 30); known {
		t.Error("knows of a process that is not there")
	}
}
