// Package nodetest gives tests the npm packages that stand for the other end of an
// exporter: engines, players and readers of other people's making.
package nodetest

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"
)

// sets are folders with the package.json and package-lock.json of a set of packages.
//
//go:embed xapi scorm ics
var sets embed.FS

// Required is the environment variable that makes a test fail, where it would be
// skipped because the packages can't be had.
const Required = "FIRSTCALL_NPM"

// Modules returns the folder whose node_modules hold a set of packages, which it
// installs when that was not done before. The test is skipped when Node or the
// packages can't be had.
func Modules(t testing.TB, set string) string {
	t.Helper()
	lock, err := sets.ReadFile(path.Join(set, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			missing(t, "needs "+program)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "firstcall-tests", set+"-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	install(t, set, dir)
	return dir
}

// install installs into a folder of its own, which becomes dir when all is there: tests
// of several packages may be at it at once.
func install(t testing.TB, set, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), set+"-new-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	folder, err := fs.Sub(sets, set)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(fresh, folder); err != nil {
		t.Fatal(err)
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
	npm.Dir = fresh
	if out, err := npm.CombinedOutput(); err != nil {
		missing(t, "the npm packages can't be had: "+err.Error()+"\n"+string(out))
	}
	if err := os.Rename(fresh, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, there := os.Stat(dir); there != nil {
			t.Fatal(err)
		}
	}
}

func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv(Required) != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}
