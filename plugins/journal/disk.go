package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// disk does what has to survive a crash, one step after the other. A test can
// be told of each step before it is done, make it fail, or leave it out; in use
// step is nil.
type disk struct {
	step func(op, path string) error
}

// errSkip from a test leaves a step out.
var errSkip = errors.New("left out")

// WriteError says that a file of the journal could not be written. Nothing may
// be sent any more then; what was sent is written down.
type WriteError struct {
	Op   string // "write", "sync", "rename"
	File string
	Err  error // of the system
}

func (e *WriteError) Error() string { return fmt.Sprintf("journal: %s %s: %v", e.Op, e.File, e.Err) }

// Unwrap returns the error of the system.
func (e *WriteError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *WriteError) Hint() string {
	return "make room on the disk, or see that the folder can be written; then run the same command again, which goes on where this one stopped"
}

// do runs one step. Errors name the file once.
func (d *disk) do(op, path string, step func() error) error {
	if d.step != nil {
		if err := d.step(op, path); err == errSkip {
			return nil
		} else if err != nil {
			return &WriteError{op, path, err}
		}
	}
	err := step()
	var (
		path1 *fs.PathError
		path2 *os.LinkError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path1):
		err = path1.Err
	case errors.As(err, &path2):
		err = path2.Err
	}
	return &WriteError{op, path, err}
}

// mkdir makes a folder with its parents, for its owner alone, so that it is
// there after a power cut.
func (d *disk) mkdir(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := d.mkdir(parent); err != nil {
			return err
		}
	}
	err := d.do("make", dir, func() error { return os.Mkdir(dir, 0o700) })
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	if err != nil {
		return err
	}
	return d.syncDir(parent)
}

// open opens a file for writing at its end and makes it if there is none.
func (d *disk) open(path string, flags int) (f *os.File, err error) {
	err = d.do("open", path, func() error {
		f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|flags, 0o600)
		return err
	})
	return f, err
}

func (d *disk) write(f *os.File, text []byte) error {
	return d.do("write", f.Name(), func() error {
		_, err := f.Write(text)
		return err
	})
}

func (d *disk) sync(f *os.File) error { return d.do("sync", f.Name(), f.Sync) }

func (d *disk) truncate(path string, size int64) error {
	return d.do("truncate", path, func() error { return os.Truncate(path, size) })
}

// replace puts a file in place, whole or not at all, and returns when it lasts.
func (d *disk) replace(path string, fill func(io.Writer) error) error {
	next := path + ".new"
	f, err := d.open(next, os.O_TRUNC)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(writerFunc(func(p []byte) (int, error) { return len(p), d.write(f, p) }), readSize)
	err = fill(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = d.sync(f)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(next)
		return err
	}
	if err := d.do("rename", path, func() error { return rename(next, path) }); err != nil {
		_ = os.Remove(next)
		return err
	}
	return d.syncDir(filepath.Dir(path))
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(p []byte) (int, error) { return w(p) }

// syncDir makes the names in a folder last.
func (d *disk) syncDir(dir string) error {
	if runtime.GOOS == "windows" { // cannot, and does not need to
		return nil
	}
	return d.do("sync", dir, func() error {
		f, err := os.Open(dir)
		if err != nil {
			return err
		}
		defer f.Close()
		// Some file systems can't, and some folders may be written and not read.
		if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
		return nil
	})
}
