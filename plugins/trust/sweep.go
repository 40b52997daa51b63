package trust

import (
	"os"
	"path/filepath"
	"time"
)

// leftover is the age at which the copy of a run that is no more is cleared
// away.
const leftover = 24 * time.Hour

// sweep clears away what runs left that were killed. That it cannot is no
// reason not to run.
func sweep(parent string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && e.IsDir() && time.Since(info.ModTime()) > leftover {
			removeUnclaimed(filepath.Join(parent, e.Name()))
		}
	}
}
