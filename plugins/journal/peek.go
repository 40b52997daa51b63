package journal

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/internal/spool"
)

// View is what a journal said at one moment. It is for looking before anything
// is written: a dry run.
type View struct {
	entries *spool.Sorter
	cursor  *spool.Cursor

	order string // of the entry it is at
	text  []byte
	ended bool
	asked string
}

// Peek looks into the journal of an exporter and target, a folder below dir,
// and changes nothing, neither files nor locks: of a run that is at work it sees
// a moment. A journal that does not exist is empty. The error is a
// [*DamagedError] or [*VersionError], or that of ctx or of the system. Close the
// View.
func Peek(ctx context.Context, dir, exporter string, t Target) (*View, error) {
	folder, err := folderOf(dir, exporter, t)
	if err != nil {
		return nil, err
	}
	var v *View
	// A run that begins may replace the snapshot between two looks at it.
	for range 3 {
		v, err = peek(ctx, folder)
		if !errors.As(err, new(*DamagedError)) {
			break
		}
		time.Sleep(fencePoll)
	}
	return v, err
}

func peek(ctx context.Context, folder string) (*View, error) {
	v := &View{entries: spool.New("", 0)}
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		v.ended = true
		return v, nil
	}
	err := v.fill(ctx, filepath.Clean(folder))
	if err == nil {
		v.cursor, err = v.entries.Cursor()
	}
	if err == nil {
		err = v.next()
	}
	if err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

func (v *View) fill(ctx context.Context, folder string) error {
	c, err := read(ctx, folder, "")
	if err != nil {
		return err
	}
	defer c.close()
	return c.each(func(text []byte) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		key, _ := keyOf(text) // it is an entry
		return v.entries.Add(record.Order(key), text)
	})
}

func (v *View) next() (err error) {
	v.order, v.text, err = v.cursor.Next()
	if err == io.EOF {
		v.ended, err = true, nil
	}
	return err
}

// Look is that of [Journal].
func (v *View) Look(key string) (Entry, error) {
	order := record.Order(key)
	if order < record.Order(v.asked) {
		return Entry{}, &OrderError{Key: key, After: v.asked}
	}
	v.asked = key
	for !v.ended && v.order < order {
		if err := v.next(); err != nil {
			return Entry{}, err
		}
	}
	if v.ended || v.order != order {
		return Entry{}, nil
	}
	e, _ := entryOf(v.text) // it was read before
	return e, nil
}

// Close frees the View. It may be called more than once.
func (v *View) Close() error {
	if v.cursor != nil {
		_ = v.cursor.Close()
	}
	return v.entries.Close()
}
