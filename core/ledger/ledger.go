package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/firstcall-cli/firstcall/core/auditor"
)

var (
	// ErrChanged says that the file on disk is not what was read.
	ErrChanged = errors.New("was changed by another program while it was in use")
	// ErrClosed says that the ledger was used after Close.
	ErrClosed = errors.New("ledger is closed")
)

// Ledger is a ledger that is open, and that no other run can open meanwhile.
// It is for one goroutine at a time.
type Ledger struct {
	path, name string // as it is opened, as the user calls it
	key        Key
	lock       *lock // nil once closed
	contents   *contents
	added      bool // something that is not on the disk

	exists bool              // a file was there when it was last read or written
	disk   [sha256.Size]byte // of what it held
}

// Open reads the ledger at path, which is empty where there is no file, and
// holds it until Close, which must be called: open a ledger late. Where another
// run holds it, Open waits for up to 10 seconds and returns a *LockedError; when
// ctx is done it gives up at once and returns the cause.
//
// Beside the file there are, with the same name, one that ends in .lock and
// stays, and, while the ledger is open, one that ends in .lock.by.
//
// Other errors are ErrWrongKey, ErrNotLedger, ErrNoKey, *TamperedError,
// *VersionError or the file system's. Those about the file name it, once.
func Open(ctx context.Context, path string, key Key) (*Ledger, error) {
	return open(ctx, path, key, lockWait)
}

func open(ctx context.Context, path string, key Key, wait time.Duration) (*Ledger, error) {
	if key.mac == nil {
		return nil, ErrNoKey
	}
	resolved, err := resolve(path)
	if err != nil {
		return nil, fileError(path, "", err)
	}
	lock, err := acquire(ctx, resolved, path, wait)
	if err != nil {
		return nil, err
	}
	l := &Ledger{path: resolved, name: path, key: key, lock: lock}
	if err := l.read(); err != nil {
		_ = l.Close()
		return nil, err
	}
	return l, nil
}

func (l *Ledger) read() error {
	data, exists, err := readWhole(l.path)
	if err != nil {
		return fileError(l.name, "", err)
	}
	if !exists {
		l.contents = newContents(newSecret(16), l.key)
		return nil
	}
	l.exists, l.disk = true, sha256.Sum256(data)
	l.contents, err = parse(l.name, data, l.key)
	return err
}

// Releases returns what was released so far, the oldest first, with what was
// added in this run. They hold what is written of them: no histograms. They
// are not to be changed.
func (l *Ledger) Releases() []*auditor.Release {
	return slices.Clone(l.contents.releases)
}

// Add adds a release, unless the same is there already, with the same figures;
// told is the canonical text of the record's body. The release's name does not
// matter: the same may be released to two files. It is kept by the next Save.
//
// A release with a figure of fewer people than its minimum, or than 3, is
// refused with a *SmallFigureError and nothing is added. Of nobody there may be
// figures: they are of no one to protect.
func (l *Ledger) Add(rel *auditor.Release, told []byte) (added bool, err error) {
	if l.lock == nil {
		return false, ErrClosed
	}
	if err := checkShape(rel); err != nil {
		return false, fmt.Errorf("ledger %s: add %s: %w", l.name, rel.Name, err)
	}
	if err := checkCounts(rel); err != nil {
		return false, err
	}
	figures, err := l.figures(rel, told)
	if err != nil {
		return false, fmt.Errorf("ledger %s: add %s: %w", l.name, rel.Name, err)
	}
	if l.contents.figures[figures] {
		return false, nil
	}
	object, err := json.Marshal(entry{Release: rel, Figures: figures})
	if err != nil {
		return false, fmt.Errorf("ledger %s: add %s: %w", l.name, rel.Name, err)
	}
	line, digest := seal(l.key, forLine, l.contents.last, object)
	if len(line) > MaxLine || l.contents.size+len(line) > maxFile-4<<10 { // the header's share
		return false, fileError(l.name, "", errTooLarge)
	}
	// Taken in from its line: what this run sees of it is what later ones will.
	if err := l.contents.append(line, digest); err != nil {
		return false, fmt.Errorf("ledger %s: add %s: %w", l.name, rel.Name, err)
	}
	l.added = true
	return true, nil
}

// figures is the digest by which a release is known again. It is of the
// release and the body, since a body does not say whose it is: of two clients
// of whom all is withheld it is the same.
func (l *Ledger) figures(rel *auditor.Release, told []byte) (string, error) {
	unnamed := *rel
	unnamed.Name = ""
	text, err := json.Marshal(&unnamed)
	if err != nil {
		return "", err
	}
	return l.key.mac(forFigures, []byte(l.contents.id), text, told), nil
}

// Save writes what was added, the whole file or nothing. It returns ErrChanged
// when the file is not the one that was read.
func (l *Ledger) Save() error {
	if l.lock == nil {
		return ErrClosed
	}
	if !l.added {
		return nil
	}
	data, exists, err := readWhole(l.path)
	if err != nil {
		return fileError(l.name, "save: ", err)
	}
	if exists != l.exists || exists && sha256.Sum256(data) != l.disk {
		return fmt.Errorf("%s: %w", l.name, ErrChanged)
	}
	head, err := l.contents.header(l.key)
	if err != nil {
		return fileError(l.name, "save: ", err)
	}
	sum := sha256.New()
	replaced, err := replaceFile(l.path, func(w io.Writer) error {
		return writeLines(io.MultiWriter(w, sum), head, l.contents.lines)
	})
	if replaced {
		l.exists, l.added = true, err != nil // what may still be lost is saved again
		sum.Sum(l.disk[:0])
	}
	if err != nil {
		return fileError(l.name, "save: ", err)
	}
	return nil
}

func writeLines(w io.Writer, head []byte, lines [][]byte) error {
	for _, line := range append([][]byte{head}, lines...) {
		if _, err := w.Write(line); err != nil {
			return err
		}
		if _, err := w.Write([]byte{'\n'}); err != nil {
			return err
		}
	}
	return nil
}

// Close lets other runs open the ledger. What was added and not saved is lost.
// To close a ledger twice does nothing.
func (l *Ledger) Close() error {
	if l.lock == nil {
		return nil
	}
	err := l.lock.release()
	l.lock = nil
	if err != nil {
		return fileError(l.name, "close: ", err)
	}
	return nil
}
