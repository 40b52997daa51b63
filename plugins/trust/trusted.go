package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// trustedName is the file in the user's folder that lists the projects' locks
// that count, each with the hash of its bytes.
const trustedName = "trusted.toml"

// trustedLock is a lock as it was when the user trusted it.
type trustedLock struct {
	Path   string `toml:"path"`   // absolute, without links
	SHA256 string `toml:"sha256"` // of its bytes
}

// Trusted reports whether the user has trusted exactly this content of a
// project's lock: nil, or a [*NotTrustedError], or what keeps from finding out.
func (p Places) Trusted(lock *Lock) error {
	real, err := realPath(lock.Path)
	if err != nil {
		return err
	}
	all, err := p.readTrusted()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(t trustedLock) bool { return t.Path == real })
	if at < 0 || all[at].SHA256 != lock.bytes || lock.bytes == "" {
		return &NotTrustedError{Lock: lock.Path, Changed: at >= 0}
	}
	return nil
}

// Trust notes that the user trusts a project's lock as it was read, or written
// last. Any later change of it needs trust again.
func (p Places) Trust(lock *Lock) error {
	real, err := realPath(lock.Path)
	if err != nil {
		return err
	}
	all, err := p.readTrusted()
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(t trustedLock) bool { return t.Path == real })
	return p.writeTrusted(append(all, trustedLock{real, lock.bytes}))
}

// Distrust takes back what Trust noted about the lock at path, and reports
// whether there was anything.
func (p Places) Distrust(path string) (bool, error) {
	real, err := realPath(path)
	if err != nil {
		return false, err
	}
	all, err := p.readTrusted()
	if err != nil {
		return false, err
	}
	rest := slices.DeleteFunc(slices.Clone(all), func(t trustedLock) bool { return t.Path == real })
	if len(rest) == len(all) {
		return false, nil
	}
	return true, p.writeTrusted(rest)
}

// Save writes a lock that the user has just changed. A project's lock that was
// trusted before, or is new, is trusted afterwards too.
func (p Places) Save(f Folder, lock *Lock) error {
	own := lock.bytes == "" || p.mayRun(f, lock) == nil
	if err := lock.Write(); err != nil {
		return err
	}
	if f.Where != Project || !own {
		return nil
	}
	return p.Trust(lock)
}

// Open reads the lock of a folder for adding to it. A project's that is there
// must be trusted: whoever adds to it answers for all of it.
func (p Places) Open(f Folder) (*Lock, error) {
	lock, err := ReadLock(f.Lock)
	if err != nil {
		return nil, err
	}
	if lock.bytes == "" {
		return lock, nil
	}
	return lock, p.mayRun(f, lock)
}

// realPath is the absolute path of a file without links.
func realPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

func (p Places) readTrusted() ([]trustedLock, error) {
	file := filepath.Join(p.User, trustedName)
	text, err := readSmall(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parseTrusted(file, text)
}

func parseTrusted(file string, text []byte) ([]trustedLock, error) {
	var form struct {
		Version int           `toml:"version"`
		Lock    []trustedLock `toml:"lock"`
	}
	doc, err := tomlfile.Decode(file, text, &form)
	if doc != nil {
		if p := versionFault(doc, form.Version); p != nil {
			return nil, &LockError{file, problem.List{*p}}
		}
		for i, t := range form.Lock {
			if !filepath.IsAbs(t.Path) {
				doc.Report("\"path\" is no absolute path", "remove this [[lock]], and run firstcall plugin trust in the project", "lock", i, "path")
			}
			if !ValidSum(t.SHA256) {
				doc.Report("\"sha256\" is not a SHA-256", hintSum, "lock", i, "sha256")
			}
		}
		err = doc.Err()
	}
	if err != nil {
		return nil, lockError(file, err)
	}
	return form.Lock, nil
}

func (p Places) writeTrusted(all []trustedLock) error {
	slices.SortFunc(all, func(a, b trustedLock) int { return strings.Compare(a.Path, b.Path) })
	var b strings.Builder
	b.WriteString("# Projects whose firstcall.lock may let programs run. \"firstcall plugin trust\" writes this file.\n")
	fmt.Fprintf(&b, "version = %d\n", lockVersion)
	for _, t := range all {
		fmt.Fprintf(&b, "\n[[lock]]\npath = %s\nsha256 = %s\n", quote(t.Path), quote(t.SHA256))
	}
	if err := os.MkdirAll(p.User, 0o700); err != nil {
		return err
	}
	return replaceFile(filepath.Join(p.User, trustedName), []byte(b.String()), 0o600)
}
