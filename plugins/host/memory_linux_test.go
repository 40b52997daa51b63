package host

import (
	"os"
	"testing"
)

// What a process has started counts as its own.
func TestResidentBytes(t *testing.T) {
	before, known := residentBytes(os.Getpid())
	alone, _ := residentAlone(os.Getpid())
	if !known || before < 1<<20 || before < alone {
		t.Fatalf("holds %d bytes, alone %d, known %v", before, alone, known)
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
