//go:build unix

package trust

import (
	"os"
	"syscall"
)

// claim marks a folder as in use for as long as this process lives, or until
// the returned function is called. Where a file system cannot lock, the folder
// is left unmarked: it is not swept within a day in any case.
func claim(dir string) func() {
	f, err := os.Open(dir)
	if err != nil {
		return func() {}
	}
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	return func() { _ = f.Close() }
}

// remove removes a folder that nobody has claimed.
func removeUnclaimed(dir string) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		_ = os.RemoveAll(dir)
	}
}
