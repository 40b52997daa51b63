package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	_ "modernc.org/sqlite" // the driver
	lib "modernc.org/sqlite/lib"
)

// patience is how long another program's lock is waited for, in milliseconds. The host
// tries again after that.
const patience = "1000"

// database is a connection to a database.
type database struct {
	*sql.Conn
	pool    *sql.DB
	discard func() error // what is done when it is closed
}

func (d *database) close() error {
	return errors.Join(d.Conn.Close(), d.pool.Close(), d.discard())
}

// transaction does something in a transaction that ends with it, one way or the other.
//
// A commit once begun is not stopped any more: the driver would report the context's
// error for one that had been made.
func (d *database) transaction(ctx context.Context, do func() error) (err error) {
	if _, err := d.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err = errors.Join(do(), ctx.Err()); err == nil {
		_, err = d.ExecContext(context.WithoutCancel(ctx), "COMMIT")
	}
	if err != nil {
		// A commit that another program's lock keeps out leaves the transaction open; some
		// faults end it by themselves.
		_, _ = d.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return err
}

// open opens a database. mode is ro, rw or rwc; more are further parameters.
func open(ctx context.Context, path, mode string, more ...string) (*database, error) {
	name := filepath.ToSlash(path)
	if runtime.GOOS == "windows" && !strings.HasPrefix(name, "/") {
		name = "/" + name // file:///C:/…
	}
	query := append([]string{"mode=" + mode, "_pragma=busy_timeout(" + patience + ")", "_pragma=foreign_keys(1)"}, more...)
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: name, RawQuery: strings.Join(query, "&")}).String())
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &database{conn, pool, func() error { return nil }}, nil
}

// look says what the database at a path is. It is empty when there is none.
func look(ctx context.Context, path string) (state, error) {
	db, err := openToRead(ctx, path)
	if db == nil || err != nil {
		return state{}, err
	}
	s, err := readState(ctx, db)
	return s, errors.Join(err, db.close())
}

// openToRead opens a database and leaves no trace of that: no file, no byte. It is nil
// for one that does not exist or is empty.
//
// Where a writer was killed, SQLite has to put the file in order before it can be read,
// and where a write-ahead log is used, it makes files beside it. Both then happen to a
// copy.
func openToRead(ctx context.Context, path string) (*database, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil, nil
	}
	logged, err := usesLog(path)
	if err != nil {
		return nil, err
	}
	switch {
	case logged && size(path+"-wal") > 0:
		return openCopy(ctx, path)
	case logged: // all is in the file, but SQLite would make an empty log
		return open(ctx, path, "ro", "immutable=1")
	}
	db, err := open(ctx, path, "ro")
	if err != nil {
		return nil, err
	}
	if _, err = readState(ctx, db); !needsOrder(err) {
		return db, nil // what else is wrong is found again
	}
	if err := db.close(); err != nil {
		return nil, err
	}
	return openCopy(ctx, path)
}

// usesLog reports whether a database uses a write-ahead log.
func usesLog(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 20)
	if _, err := io.ReadFull(f, head); err != nil {
		return false, nil // too short for a database, as SQLite will say
	}
	return head[18] == 2 || head[19] == 2, nil
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// needsOrder reports whether a database can't be read because a writer was killed.
func needsOrder(err error) bool {
	switch code(err) {
	case lib.SQLITE_READONLY_ROLLBACK, lib.SQLITE_READONLY_RECOVERY, lib.SQLITE_READONLY_CANTINIT:
		return true
	}
	return false
}

// openCopy opens a copy, which is removed when it is closed. A writer that is at work
// can't be waited for without a trace, so that the copy must be of one moment.
func openCopy(ctx context.Context, path string) (*database, error) {
	dir, err := os.MkdirTemp("", "firstcall-sqlite-")
	if err != nil {
		return nil, err
	}
	discard := func() error { return os.RemoveAll(dir) }
	to := filepath.Join(dir, "copy.db")
	for _, part := range []string{"", "-journal", "-wal"} {
		before, _ := os.Stat(path + part)
		if before == nil {
			continue
		}
		err := copyFile(ctx, to+part, path+part)
		after, _ := os.Stat(path + part)
		if err == nil && (after == nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())) {
			err = errBusy
		}
		if err != nil {
			return nil, errors.Join(err, discard())
		}
	}
	db, err := open(ctx, to, "rw")
	if err != nil {
		return nil, errors.Join(err, discard())
	}
	db.discard = discard
	return db, nil
}

// errBusy says that another program is writing.
var errBusy = errors.New("another program is writing")

func copyFile(ctx context.Context, to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = in.Close() })
	defer stop()
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close(), ctx.Err())
}
