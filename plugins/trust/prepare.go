package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
)

// Ready is an exporter that can be started: a private copy of the bytes that
// were checked. Nobody but this user can change it, and nothing that happens to
// the original matters to it.
type Ready struct {
	Path string   // the program to start
	Args []string // its arguments
	Sum  string   // SHA-256 of the copy, or of all that a script is made of; as Program.Sum

	dir   string // holds the copy
	hold  func() // ends the claim on dir
	close sync.Once
	err   error
}

// Prepare copies what the lock names into a folder of its own below the state
// folder, hashing the very bytes that are copied, and makes the copy executable
// only if the hash is the one in the lock. The caller starts the copy, and
// closes Ready when the process has ended.
//
// No process that this one starts meanwhile inherits the descriptor by which
// the copy is written (other forks wait until it is closed), so that starting
// the copy cannot fail because its text file is busy.
//
// The error is a [*ChangedError], or one of the file system; nothing is left
// behind then.
func (p *Program) Prepare() (*Ready, error) {
	s, err := p.places.newStage()
	if err != nil {
		return nil, err
	}
	if len(p.Command) > 0 {
		err = p.stageScript(s)
	} else {
		s.ready.Path, err = p.stageFile(s, filepath.Base(p.Path), p.Path, p.Sum)
	}
	if err != nil {
		return nil, errors.Join(err, s.ready.Close())
	}
	s.ready.Sum = p.Sum
	return s.ready, nil
}

// stageFile copies and checks one file, and returns the path of the copy.
func (p *Program) stageFile(s *stage, name, source, want string) (string, error) {
	path, got, err := s.copy(name, source)
	changed := &ChangedError{Name: p.Name, Path: source, Lock: p.Lock, Source: p.Source, Want: want, Project: p.Where == Project}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", changed
	case err != nil:
		return "", fmt.Errorf("copy exporter %s: %w", p.Name, err)
	case got != want:
		changed.Got = got
		return "", changed
	}
	return path, s.allow(path)
}

// stageScript copies the files of a bridged script, and lets the command refer
// to the copies.
func (p *Program) stageScript(s *stage) error {
	if err := strayFile(p.Command, p.entry.Files); err != nil {
		return err
	}
	copies := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(p.entry.Files)) {
		at, err := p.stageFile(s, name, filepath.Join(p.Path, filepath.FromSlash(name)), p.entry.Files[name])
		if err != nil {
			return err
		}
		copies[name] = at
	}
	return s.bridge(p.places.Bridge, p.Command, copies)
}

// stage is the private folder of one Ready in the making.
type stage struct {
	ready *Ready
	dir   string
}

// runName is the folder below the state folder in which the copies lie.
const runName = "run"

// newStage makes the folder, and clears away what killed runs have left.
func (p Places) newStage() (*stage, error) {
	parent := filepath.Join(p.State, runName)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, err
	}
	if err := private(parent); err != nil {
		return nil, err
	}
	sweep(parent)
	dir, err := os.MkdirTemp(parent, "")
	if err != nil {
		return nil, err
	}
	return &stage{&Ready{dir: dir, hold: claim(dir)}, dir}, nil
}

// private takes away what others may do in a folder of ours.
func private(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return &fs.PathError{Op: "use", Path: dir, Err: syscall.ENOTDIR}
	}
	if runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	return os.Chmod(dir, 0o700)
}

// copy copies a file to a name, with slashes, in the folder.
func (s *stage) copy(name, source string) (path, sum string, err error) {
	path = filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", "", err
	}
	in, err := openRegular(source)
	if err != nil {
		return "", "", err
	}
	defer in.Close()
	// While the lock is held no process can be forked, and so none can hold
	// the descriptor open a moment longer than this one.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", "", err
	}
	sum, err = copyHashed(out, in)
	if err := errors.Join(err, out.Close()); err != nil {
		return "", "", err
	}
	return path, sum, nil
}

// allow makes a checked copy executable, and nothing else.
func (s *stage) allow(path string) error {
	if runtime.GOOS == "windows" {
		return nil // there it would keep the copy from being removed
	}
	return os.Chmod(path, 0o500)
}

// Close removes the copy. It may be called more than once.
func (r *Ready) Close() error {
	r.close.Do(func() {
		r.hold()
		r.err = os.RemoveAll(r.dir)
	})
	return r.err
}
