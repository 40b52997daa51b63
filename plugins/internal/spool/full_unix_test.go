//go:build unix

package spool

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
)

const fullRole = "SPOOL_TEST_FULL"

// A process that may write no more than a little fails like one whose disk is
// full.
func TestFullDisk(t *testing.T) {
	if os.Getenv(fullRole) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
		cmd.Env = append(os.Environ(), fullRole+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 100 << 10, Max: 100 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Skip(err)
	}
	s := New(t.TempDir(), 50<<10)
	defer s.Close()
	var err error
	for range 1000 {
		if err = s.Add("order", make([]byte, 1<<10)); err != nil {
			break
		}
	}
	var file *FileError
	if !errors.Is(err, ErrFile) || !errors.Is(err, syscall.EFBIG) || !errors.As(err, &file) || file.Op != "write" {
		t.Fatalf("%v", err)
	}
	if _, again := s.Cursor(); again != err {
		t.Errorf("then Cursor says %v", again)
	}
}
