package nodetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestModules: the packages are installed once and can be used.
func TestModules(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := Modules(t, "ics")
	if again := Modules(t, "ics"); again != dir {
		t.Errorf("%s, and then %s", dir, again)
	}
	if entries, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	node := exec.Command("node", "--input-type=module", "-e", "import ICAL from 'ical.js'; console.log(typeof ICAL.parse)")
	node.Dir = dir
	if out, err := node.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "function" {
		t.Errorf("%s, %v", out, err)
	}
}
