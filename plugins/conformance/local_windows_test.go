package conformance

import (
	"os"
	"syscall"
)

// hold holds an open file as a process would that inherited it, and returns what
// lets go of it.
func hold(f *os.File) func() {
	self, err := syscall.GetCurrentProcess()
	var held syscall.Handle
	if err == nil {
		err = syscall.DuplicateHandle(self, syscall.Handle(f.Fd()), self, &held, 0, false, syscall.DUPLICATE_SAME_ACCESS)
	}
	if err != nil {
		panic(err)
	}
	return func() { _ = syscall.CloseHandle(held) }
}
