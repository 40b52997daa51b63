package ledger

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// lockWait is how long Open waits for another run to close the ledger.
const lockWait = 10 * time.Second

// LockedError says that another run has the ledger open.
type LockedError struct {
	File   string
	Holder string // "process 4711 on host kitchen", or empty where it is not known
}

func (e *LockedError) Error() string {
	holder := e.Holder
	if holder == "" {
		holder = "another process"
	}
	return e.File + ": is in use by " + holder
}

// lock is held by one run at a time. The system lets go of it when the process
// ends, however it ends.
//
// The lock file stays when the lock is given back: if it were removed, one run
// could hold the lock on the removed file and another on its successor.
type lock struct {
	file   *lockedfile.File
	holder string // the file that says who holds the lock
}

// acquire takes the lock of the ledger at path, which errors call name.
func acquire(ctx context.Context, path, name string, wait time.Duration) (*lock, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	type taken struct {
		file *lockedfile.File
		err  error
	}
	got, gaveUp := make(chan taken), make(chan struct{})
	// lockedfile can't try, only wait. When this function has given up, the
	// one that waits gives the lock back at once, should it ever get it.
	go func() {
		f, err := lockedfile.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
		select {
		case got <- taken{f, err}:
		case <-gaveUp:
			if err == nil {
				_ = f.Close()
			}
		}
	}()
	holder := path + ".lock.by"
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case t := <-got:
		if t.err != nil {
			return nil, fileError(name, "lock: ", t.err)
		}
		sayWho(holder)
		return &lock{file: t.file, holder: holder}, nil
	case <-ctx.Done():
		close(gaveUp)
		return nil, context.Cause(ctx)
	case <-timer.C:
		close(gaveUp)
		return nil, &LockedError{File: name, Holder: readWho(holder)}
	}
}

func (l *lock) release() error {
	_ = os.Remove(l.holder)
	return l.file.Close()
}

// sayWho leaves a note for those who wait. It is a file of its own because on
// Windows nobody else can read a locked one. Who can't leave one has the lock
// all the same.
func sayWho(path string) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	// Removed and made anew: a link that somebody put there is not followed.
	_ = os.Remove(path)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	_, _ = fmt.Fprintf(f, "process %d on host %s\n", os.Getpid(), host)
}

// readWho reads the note, of which nothing is believed: it ends up on a screen.
func readWho(path string) string {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 200))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, string(text)))
}
