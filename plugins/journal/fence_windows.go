package journal

import (
	"errors"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// Errors of Windows that package syscall has no names for.
const errorSharingViolation syscall.Errno = 32

// openFile opens a file in the way of CreateFile. A file that is opened without
// sharing can't be opened again until every process that has it is gone.
func openFile(path string, access, share, create uint32, inherit bool) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	var attributes syscall.SecurityAttributes
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	if inherit {
		attributes.InheritHandle = 1
	}
	h, err := syscall.CreateFile(name, access, share, &attributes, create, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, errorSharingViolation) {
		return nil, errHeld
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

const readWrite = syscall.GENERIC_READ | syscall.GENERIC_WRITE

// createLocked makes a file that this process and those that inherit it hold
// until the last of them has ended.
func createLocked(path string) (*os.File, error) {
	return openFile(path, readWrite, 0, syscall.CREATE_NEW, true)
}

// lockFile locks a file, which it makes if there is none, until it is closed.
func lockFile(path string) (*os.File, error) {
	return openFile(path, readWrite, 0, syscall.OPEN_ALWAYS, false)
}

// probe returns nil when nobody holds a file, and errHeld when somebody does.
func probe(path string) error {
	all := uint32(syscall.FILE_SHARE_READ | syscall.FILE_SHARE_WRITE | syscall.FILE_SHARE_DELETE)
	f, err := openFile(path, syscall.GENERIC_READ, all, syscall.OPEN_EXISTING, false)
	if err != nil {
		return err
	}
	return f.Close()
}

// removeUnheld removes a file unless somebody holds it: then the system refuses.
func removeUnheld(path string) error { return os.Remove(path) }

// rename waits for whoever reads the file that is replaced.
func rename(from, to string) error {
	var err error
	for range 40 {
		err = os.Rename(from, to)
		if !errors.Is(err, errorSharingViolation) && !errors.Is(err, syscall.ERROR_ACCESS_DENIED) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}
