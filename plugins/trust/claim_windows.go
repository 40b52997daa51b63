package trust

import (
	"os"
	"path/filepath"
)

// claim marks a folder as in use for as long as this process lives, or until
// the returned function is called: it holds a file in it open, which keeps
// Windows from giving the folder another name.
func claim(dir string) func() {
	f, err := os.Create(filepath.Join(dir, ".in-use"))
	if err != nil {
		return func() {}
	}
	return func() { _ = f.Close() }
}

// removeUnclaimed removes a folder that nobody has claimed.
func removeUnclaimed(dir string) {
	if old := dir + ".old"; os.Rename(dir, old) == nil {
		_ = os.RemoveAll(old)
	}
}
