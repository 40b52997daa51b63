package journal

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	// fenceWait is how long the end of another run is waited for. An exporter
	// whose host was killed has two seconds to go.
	fenceWait = 3 * time.Second
	fencePoll = 50 * time.Millisecond
)

// errHeld says that another process holds the lock on a file.
var errHeld = errors.New("is held by another process")

// Fence is a locked file that outlives this process in every process that
// inherited its descriptor: as long as one of them could still write to a
// target, no other run opens its journal.
type Fence struct {
	dir  string // absolute, the one with the journals
	name string // in the folder of fences
	file *os.File

	mu   sync.Mutex
	open map[string]bool // folders of journals that are open with it
	shut bool
}

// NewFence makes a private file in dir/fences, which holds the id of this
// process, and locks it. dir is what is given to [Open] later. Files of runs
// that are long over are removed.
//
// On Unix the lock is one of the open file (flock); on Windows the file can't
// be opened a second time. Network file systems that don't keep such locks
// across processes are not fit for dir.
func NewFence(dir string) (*Fence, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	fences := filepath.Join(dir, fencesName)
	if err := (&disk{}).mkdir(fences); err != nil {
		return nil, err
	}
	f := &Fence{dir: dir, open: map[string]bool{}}
	for range 100 { // another run that sweeps may hold a new file for a moment
		f.name = strings.ToLower(rand.Text())
		if f.file, err = createLocked(filepath.Join(fences, f.name)); !errors.Is(err, errHeld) {
			break
		}
	}
	if err == nil {
		_, err = fmt.Fprintln(f.file, os.Getpid())
	}
	if err != nil {
		if f.file != nil {
			_ = f.Close()
		}
		return nil, fmt.Errorf("journal: fence: %w", err)
	}
	sweep(fences, f.name)
	return f, nil
}

// sweep removes the fences that nobody holds.
func sweep(fences, own string) {
	list, err := os.ReadDir(fences)
	if err != nil {
		return // it is for tidiness alone
	}
	for _, entry := range list {
		if entry.Name() != own && isFence(entry.Name()) {
			_ = removeUnheld(filepath.Join(fences, entry.Name()))
		}
	}
}

// File is what the exporter must inherit. On Unix it goes into ExtraFiles of
// [os/exec.Cmd]; on Windows its handle can be inherited and goes into
// AdditionalInheritedHandles of syscall.SysProcAttr. It is not to be read,
// written or closed.
func (f *Fence) File() *os.File { return f.file }

// Close lets go of the fence in this process. The file is removed if no other
// process holds it any more, else by a later run. It may be called more than
// once.
func (f *Fence) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shut {
		return nil
	}
	f.shut = true
	if err := f.file.Close(); err != nil {
		return fmt.Errorf("journal: fence: %w", err)
	}
	// Whoever inherited it holds it; what can't be removed is swept later.
	_ = removeUnheld(filepath.Join(f.dir, fencesName, f.name))
	return nil
}

var (
	errShut   = errors.New("journal: the fence is closed")
	errAbroad = errors.New("journal: the fence is not one of this folder")
)

// enter notes that a journal is open with the fence. It says false when it was
// already.
func (f *Fence) enter(folder string) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shut {
		return false, errShut
	}
	if f.open[folder] {
		return false, nil
	}
	f.open[folder] = true
	return true, nil
}

func (f *Fence) leave(folder string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, folder)
}

// holder is what the file fence in a journal's folder says.
type holder struct {
	Fence string `json:"fence"`
	PID   int    `json:"pid"`
}

// isFence reports whether a name is one that fences are given.
func isFence(name string) bool {
	return len(name) >= 20 && len(name) <= 40 && !strings.ContainsFunc(name, func(c rune) bool { return !plain(c) })
}

// readHolder returns a zero holder where there is no file.
func readHolder(folder string) (holder, error) {
	var h holder
	path := filepath.Join(folder, fenceName)
	text, err := readSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	if err := json.Unmarshal(text, &h); err != nil || !isFence(h.Fence) {
		return holder{}, &DamagedError{File: path, What: wasChanged}
	}
	return h, nil
}

// holds reports whether the process that opened the journal last, or one that
// inherited its fence, is still there.
func (h holder) holds(dir string) (bool, error) {
	if h.Fence == "" {
		return false, nil
	}
	err := probe(filepath.Join(dir, fencesName, h.Fence))
	switch {
	case errors.Is(err, errHeld):
		return true, nil
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	}
	return false, err
}

// claim makes the fence that of the journal in a folder, once the one before it
// is free.
func (f *Fence) claim(ctx context.Context, d *disk, folder string, wait time.Duration) (free bool, pid int, err error) {
	for start := time.Now(); ; {
		free, pid, err := f.tryClaim(d, folder)
		if free || err != nil || time.Since(start) >= wait {
			return free, pid, err
		}
		select {
		case <-ctx.Done():
			return false, 0, context.Cause(ctx)
		case <-time.After(fencePoll):
		}
	}
}

// tryClaim asks and takes under a lock, so that of two runs one gets it.
func (f *Fence) tryClaim(d *disk, folder string) (free bool, pid int, err error) {
	lock, err := lockFile(filepath.Join(folder, lockName))
	if errors.Is(err, errHeld) {
		return false, 0, nil
	}
	if err != nil {
		return false, 0, err
	}
	defer lock.Close()
	last, err := readHolder(folder)
	if err != nil {
		return false, 0, err
	}
	if last.Fence == f.name {
		return true, 0, nil
	}
	if held, err := last.holds(f.dir); held || err != nil {
		return false, last.PID, err
	}
	err = d.replace(filepath.Join(folder, fenceName), func(w io.Writer) error {
		text, err := json.Marshal(holder{f.name, os.Getpid()})
		if err == nil {
			_, err = w.Write(append(text, '\n'))
		}
		return err
	})
	return err == nil, 0, err
}
