package trust

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ExistsError says that another program has the name already.
type ExistsError struct {
	Name string
	Path string // the program that is there
	Got  string // its SHA-256, in hexadecimal
	Want string // that of the one to be installed
	Lock string // set when no program is there, but another one is locked here
}

// Error gives both hashes.
func (e *ExistsError) Error() string {
	if e.Lock != "" {
		return fmt.Sprintf("%s knows exporter %s as another program\n  locked: sha256 %s\n  new:    sha256 %s", e.Lock, e.Name, e.Got, e.Want)
	}
	return fmt.Sprintf("%s is there already and is another program\n  there: sha256 %s\n  new:   sha256 %s", e.Path, e.Got, e.Want)
}

// Hint says what to do.
func (e *ExistsError) Hint() string { return "--force replaces it" }

// Install puts a drafted program, whose entry has its name by now, into the
// folder, and its entry into lock, which was opened for that folder. With force
// it replaces another program of that name; without it fails with an
// [*ExistsError]. Nothing is changed when it fails. It returns the platforms
// whose hashes the lock forgot, as of Lock.Put.
func (p Places) Install(f Folder, lock *Lock, d *Draft, force bool) (forgot []string, err error) {
	there, err := p.MayInstall(f, lock, d.Entry.Name, d.Ready.Sum, force)
	if err != nil {
		return nil, err
	}
	forgot = lock.Put(d.Entry)
	if there {
		return forgot, p.Save(f, lock)
	}
	return forgot, p.putAndSave(f, lock, d)
}

// MayInstall reports whether Install would let a program with this sum have the
// name, and whether just that program is there already. The error is an
// [*ExistsError], or one of the file system.
func (p Places) MayInstall(f Folder, lock *Lock, name, sum string, force bool) (there bool, err error) {
	path := f.Program(name)
	old, _ := lock.Find(name)
	got, err := SumFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if locked := old.Sum(); locked != "" && locked != sum && !force {
			return false, &ExistsError{Name: name, Path: path, Got: locked, Want: sum, Lock: f.Lock}
		}
		return false, nil
	case err != nil:
		return false, err
	case got != sum && !force:
		return false, &ExistsError{Name: name, Path: path, Got: got, Want: sum}
	}
	return got == sum, nil
}

func (p Places) putAndSave(f Folder, lock *Lock, d *Draft) error {
	s := &swap{path: f.Program(d.Entry.Name)}
	if err := s.put(d.Ready); err != nil {
		return errors.Join(err, s.undo())
	}
	if err := p.Save(f, lock); err != nil {
		return errors.Join(err, s.undo())
	}
	return s.keep()
}

// swap puts a file in the place of another, and can put that one back.
type swap struct {
	path string // the place
	made string // outermost folder that was made for it; empty: none
	temp string // the new file before it has its name
	old  string // what was there before
	done bool   // the new file has its name
}

func (s *swap) put(ready *Ready) error {
	dir := filepath.Dir(s.path)
	s.made = firstMissing(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	name := filepath.Join(dir, ".firstcall-"+hex.EncodeToString(random[:]))
	s.temp = name
	if err := writeProgram(name, ready); err != nil {
		return err
	}
	// A second name for what is there keeps the place from being empty for a
	// moment. Not every file system has second names.
	err := os.Link(s.path, name+".old")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = os.Rename(s.path, name+".old")
	}
	switch {
	case err == nil:
		s.old = name + ".old"
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := os.Rename(name, s.path); err != nil {
		return err
	}
	s.temp, s.done = "", true
	return syncFolder(dir)
}

// firstMissing is the outermost folder on the way to dir that is not there.
func firstMissing(dir string) string {
	missing := ""
	for {
		if _, err := os.Lstat(dir); err == nil || filepath.Dir(dir) == dir {
			return missing
		}
		missing, dir = dir, filepath.Dir(dir)
	}
}

func writeProgram(name string, ready *Ready) error {
	in, err := os.Open(ready.Path)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// undo makes everything as it was.
func (s *swap) undo() error {
	var faults []error
	if s.temp != "" {
		if err := os.Remove(s.temp); !errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, err)
		}
	}
	switch {
	case s.old != "":
		faults = append(faults, putBack(s.old, s.path))
	case s.done:
		faults = append(faults, os.Remove(s.path))
	}
	for dir := filepath.Dir(s.path); s.made != ""; dir = filepath.Dir(dir) {
		_ = os.Remove(dir) // fails, as it should, when something is in it
		if dir == s.made {
			break
		}
	}
	return errors.Join(faults...)
}

// putBack gives a file its old name. Two names of one file are left as they are
// by Rename, so the one that is not wanted any more is removed then.
func putBack(old, path string) error {
	if err := os.Rename(old, path); err != nil {
		return err
	}
	if err := os.Remove(old); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// keep removes what was there before.
func (s *swap) keep() error {
	if s.old == "" {
		return nil
	}
	return os.Remove(s.old)
}

// Removed says what Remove took away.
type Removed struct {
	Entry  bool   // the entry of the lock
	File   string // the program; empty: there was none
	Script bool   // the entry was that of a bridged script, whose files are left
}

// Remove takes an exporter's entry out of the folder's lock, and removes its
// program. The files of a bridged script are left where they are. The error is a
// [*NotFoundError] when there is neither.
func (p Places) Remove(f Folder, name string) (Removed, error) {
	var out Removed
	lock, err := ReadLock(f.Lock)
	if err != nil {
		return out, err
	}
	entry, locked := lock.Find(name)
	if locked {
		lock.Remove(name)
		// First, so that nothing is left that may run should the rest fail.
		if err := p.Save(f, lock); err != nil {
			return out, err
		}
		out.Entry, out.Script = true, len(entry.Command) > 0
	}
	path := f.Program(name)
	switch err := os.Remove(path); {
	case err == nil:
		out.File = path
	case !errors.Is(err, fs.ErrNotExist):
		return out, err
	case !locked:
		return out, &NotFoundError{Name: name, Near: p.near(name)}
	}
	return out, nil
}
