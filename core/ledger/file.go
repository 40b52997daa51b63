package ledger

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// newSecret gives n random bytes as hex.
func newSecret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: the program ends before it does
	return hex.EncodeToString(b)
}

var (
	errNoTarget   = errors.New("is a link to nothing")
	errNotRegular = errors.New("is not a regular file")
)

// fileError words an error of the file system. It calls the ledger as the user
// does, once; the paths that the system names are of resolved links, locks and
// files that are gone again.
func fileError(name, what string, err error) error {
	var (
		path *fs.PathError
		link *os.LinkError
	)
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return fmt.Errorf("ledger %s: %s%w", name, what, err)
}

// resolve follows links, so that a ledger with two names has one lock, and
// saving replaces the file and not a link to it.
func resolve(path string) (string, error) {
	resolved, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return resolved, err
	}
	// What is no link was made by another run a moment ago.
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return "", errNoTarget
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.Base(path)), nil
}

// readWhole returns what is in a file, and whether there is one.
func readWhole(path string) (text []byte, exists bool, err error) {
	// Asked before it is opened: to open a pipe is to wait for a writer.
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if !info.Mode().IsRegular() {
		return nil, true, errNotRegular
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, true, err
	}
	defer f.Close()
	text, err = io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = errTooLarge
	}
	return text, true, err
}

// replaceFile puts a file that only its owner may read in place, whole or not
// at all. It says whether the file stands there, which with an error means that
// a power cut could still take it away.
func replaceFile(path string, write func(io.Writer) error) (replaced bool, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".ledger-*") // mode 0600
	if err != nil {
		return false, err
	}
	defer func() {
		if !replaced {
			_ = os.Remove(f.Name())
		}
	}()
	if err := writeAndClose(f, write); err != nil {
		return false, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return false, err
	}
	return true, syncDir(filepath.Dir(path))
}

// writeAndClose fills a file and has the system put it on the disk.
func writeAndClose(f *os.File, write func(io.Writer) error) error {
	w := bufio.NewWriterSize(f, 1<<16)
	err := write(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir has the system put the names in a folder on the disk.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" { // where folders can't be opened, and renaming is journaled
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	// Some network file systems do this on their own and refuse to be asked.
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
