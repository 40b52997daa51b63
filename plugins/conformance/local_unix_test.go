//go:build unix

package conformance

import (
	"os"
	"syscall"
)

// hold holds an open file as a process would that inherited it, and returns what
// lets go of it.
func hold(f *os.File) func() {
	held, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		panic(err)
	}
	syscall.CloseOnExec(held)
	return func() { _ = syscall.Close(held) }
}
