//go:build unix

package journal

import (
	"errors"
	"os"
	"syscall"
)

// createLocked makes a file that this process and those that inherit it hold
// until the last of them has ended. It is errHeld when another process took the
// file for a leftover first.
func createLocked(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockNamed(f, path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// lockNamed locks a file of that name. It is errHeld too when the file lost its
// name before it was locked.
func lockNamed(f *os.File, path string) error {
	if err := flock(f, syscall.LOCK_EX); err != nil {
		return err
	}
	have, err := f.Stat()
	if err != nil {
		return err
	}
	if named, err := os.Lstat(path); err != nil || !os.SameFile(have, named) {
		return errHeld
	}
	return nil
}

// lockFile locks a file, which it makes if there is none, until it is closed.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := flock(f, syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// probe returns nil when nobody holds a file, and errHeld when somebody does.
func probe(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return flock(f, syscall.LOCK_SH)
}

// removeUnheld removes a file unless somebody holds it.
func removeUnheld(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := lockNamed(f, path); err != nil {
		return err
	}
	return os.Remove(path)
}

// flock locks an open file without waiting.
func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		case err != nil:
			return &os.PathError{Op: "lock", Path: f.Name(), Err: err}
		}
		return nil
	}
}

func rename(from, to string) error { return os.Rename(from, to) }
