package artifact

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
)

// memory remembers which bytes firstcall last wrote to a path. There is one
// small file for every path, named by the SHA-256 of the path; it holds the
// SHA-256 of the bytes and, for people, the path.
type memory struct{ dir string }

func newMemory(stateDir string) memory { return memory{filepath.Join(stateDir, "artifacts")} }

func (m memory) entry(path string) string {
	name := sha256.Sum256([]byte(path))
	return filepath.Join(m.dir, hex.EncodeToString(name[:]))
}

// recall reports whether sum is that of what was last written to path. What
// cannot be read was not written by us.
func (m memory) recall(path string, sum [sha256.Size]byte) bool {
	text, err := os.ReadFile(m.entry(path))
	if err != nil {
		return false
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return first == hex.EncodeToString(sum[:])
}

// note remembers sum for path. A file that is replaced as a whole is never half
// written.
func (m memory) note(path string, sum [sha256.Size]byte) error {
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(m.dir, ".new-")
	if err != nil {
		return err
	}
	_, err = f.WriteString(hex.EncodeToString(sum[:]) + "\n" + path + "\n")
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), m.entry(path))
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
