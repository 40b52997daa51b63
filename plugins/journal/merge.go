package journal

import (
	"context"
	"io"
	"path/filepath"

	"github.com/go-json-experiment/json"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/internal/spool"
)

const (
	// sortMemory is what sorting a log takes at most before it uses the disk.
	sortMemory = 8 << 20
	// smallLog is how large a log without intents and settlements may become
	// before it is merged all the same.
	smallLog = 64 << 10
)

// contents is a snapshot and the log that adds to it, as they are read.
type contents struct {
	snapshot *snapshot
	log      logInfo
	sorted   *spool.Sorter // lines of the log by the order of their keys
	stale    bool          // the snapshot has all of the log already
	run      run           // the last
}

// read reads both files of a folder. tempDir is for what memory does not hold.
func read(ctx context.Context, folder, tempDir string) (*contents, error) {
	c := &contents{sorted: spool.New(tempDir, sortMemory)}
	if err := c.load(ctx, folder); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *contents) load(ctx context.Context, folder string) (err error) {
	if c.snapshot, err = openSnapshot(filepath.Join(folder, snapshotName)); err != nil {
		return err
	}
	path := filepath.Join(folder, logName)
	c.log, err = readLog(path, func(l *logLine, text []byte) error {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		return c.sorted.Add(record.Order(l.Intent+l.Settled), text) // one of the two is empty
	})
	if err != nil {
		return err
	}
	generation := c.snapshot.generation
	c.run = c.snapshot.run
	switch {
	case !c.log.exists && generation > 0:
		return &DamagedError{File: path, What: "is missing"}
	case !c.log.begun:
		// It was about to be begun anew, after a merge or for the first time.
		c.stale = true
	case c.log.follows+1 == generation:
		c.stale = true
	case c.log.follows > generation && generation == 0:
		return &DamagedError{File: c.snapshot.path, What: "is missing"}
	case c.log.follows != generation:
		return &DamagedError{path, 1, "does not belong to the snapshot beside it"}
	case c.log.run.id != "":
		c.run = c.log.run
	}
	return nil
}

func (c *contents) close() {
	if c.snapshot != nil {
		_ = c.snapshot.close()
	}
	_ = c.sorted.Close()
}

// each hands out all entries in order, each as it stands in a line of a
// snapshot, with what the log adds to it. The text is good during the call.
func (c *contents) each(visit func(text []byte) error) error {
	cursor, err := c.sorted.Cursor()
	if err != nil {
		return err
	}
	defer cursor.Close()
	if c.stale {
		return c.rest(visit)
	}
	f := &folder{contents: c, cursor: cursor}
	if err := f.advance(); err != nil {
		return err
	}
	more, err := c.snapshot.next()
	for err == nil && f.order != "" {
		switch {
		case more && c.snapshot.order < f.order:
			err = visit(c.snapshot.text)
		case more && c.snapshot.order == f.order:
			err = f.fold(visit, true)
		default:
			err = f.fold(visit, false)
			continue
		}
		if err == nil {
			more, err = c.snapshot.next()
		}
	}
	for err == nil && more {
		if err = visit(c.snapshot.text); err == nil {
			more, err = c.snapshot.next()
		}
	}
	return err
}

func (c *contents) rest(visit func([]byte) error) error {
	more, err := c.snapshot.next()
	for err == nil && more {
		if err = visit(c.snapshot.text); err == nil {
			more, err = c.snapshot.next()
		}
	}
	return err
}

// folder applies the sorted lines of a log, key by key.
type folder struct {
	*contents
	cursor *spool.Cursor
	order  string // of the next line; "": there is none
	line   logLine
	text   []byte
}

// advance reads the next line of the log.
func (f *folder) advance() error {
	order, text, err := f.cursor.Next()
	if err == io.EOF {
		f.order = ""
		return nil
	}
	if err != nil {
		return err
	}
	f.order, f.line = order, logLine{}
	return json.Unmarshal(text, &f.line) // it was read before
}

// fold hands out the entry of the next key in the log: the snapshot's, when it
// is in there, with all the lines applied.
func (f *folder) fold(visit func([]byte) error, inSnapshot bool) error {
	var e Entry
	if inSnapshot {
		var err error
		if e, err = f.snapshot.entry(); err != nil {
			return err
		}
	}
	key, order := f.line.Intent+f.line.Settled, f.order
	for f.order == order {
		e.apply(&f.line)
		if err := f.advance(); err != nil {
			return err
		}
	}
	if !e.known() {
		return nil
	}
	f.text = appendEntry(f.text[:0], key, e)
	return visit(f.text)
}

// merge writes a new snapshot that has all of the log.
func (c *contents) merge(ctx context.Context, d *disk) error {
	return d.replace(c.snapshot.path, func(w io.Writer) error {
		buf := appendSnapshotHead(nil, c.snapshot.generation+1, c.run)
		entries := 0
		err := c.each(func(text []byte) error {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = appendLine(buf[:0], func(b []byte) []byte { return append(b, text...) })
			entries++
			return nil
		})
		if err != nil {
			return err
		}
		// On Windows an open file can't be replaced.
		if err := c.snapshot.close(); err != nil {
			return err
		}
		_, err = w.Write(appendSnapshotEnd(buf, entries))
		return err
	})
}
