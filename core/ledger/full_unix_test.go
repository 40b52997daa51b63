//go:build unix

package ledger

import (
	"context"
	"errors"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// addUnderLimit adds more than the process may write to a file, which fails
// like a disk that is full.
func addUnderLimit(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 4 << 10, Max: 4 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	l, err := Open(context.Background(), path, testKey)
	if err != nil {
		return err
	}
	defer l.Close()
	rel := release("r", 9)
	rel.Client = strings.Repeat("x", 1<<20)
	if _, err := l.Add(rel, nil); err != nil {
		return err
	}
	if err := l.Save(); !errors.Is(err, syscall.EFBIG) {
		return errors.Join(errors.New("the limit does not hold"), err)
	}
	return nil
}

func TestFullDisk(t *testing.T) {
	path, before := written(t, 1)
	if out, err := start("full", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	untouched(t, path, before)
}
