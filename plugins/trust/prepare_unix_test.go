//go:build unix

package trust

import (
	"errors"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A process that somebody starts in the meantime must not keep the copy from
// being started, by holding it open for writing.
func TestPreparedCopyStartsWhileOthersStart(t *testing.T) {
	_, program := locked(t, "#!/bin/sh\necho ran\n"+strings.Repeat("#", 1<<20))
	stop := make(chan struct{})
	var others sync.WaitGroup
	for range 4 {
		others.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_ = exec.Command("/bin/true").Run()
				}
			}
		})
	}
	defer others.Wait()
	defer close(stop)
	for i := range 60 {
		ready, err := program.Prepare()
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(ready.Path).Output()
		if err != nil || string(out) != "ran\n" {
			t.Fatalf("start %d: %q, %v", i, out, err)
		}
		if err := ready.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A pipe without a writer would hold up whoever opens it to read.
func TestPipeIsRefusedAtOnce(t *testing.T) {
	p, program := locked(t, "good")
	if err := syscall.Unlink(program.Path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(program.Path, 0o700); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := program.Prepare()
		done <- err
	}()
	select {
	case err := <-done:
		if !errors.Is(err, errNotRegular) {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("hangs")
	}
	if got := leftovers(t, p); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}
