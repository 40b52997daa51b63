package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
	"github.com/firstcall-cli/firstcall/exporters/internal/rows"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// prepared is a record that is ready to be written.
type prepared struct {
	sdk.Record
	envelope *record.Record
	id       record.Key
	rows     []flat.Rows
}

// prepare decodes the records of a batch. Those that can't be written have their
// outcome, and nil.
func prepare(ctx context.Context, batch []sdk.Record) ([]*prepared, []sdk.Outcome, error) {
	ready, outcomes := make([]*prepared, len(batch)), make([]sdk.Outcome, len(batch))
	err := rows.Each(ctx, batch, func(sdk.Record) bool { return true }, func(d rows.Decoded) error {
		i := d.Index
		id, err := record.ParseKey(batch[i].Key)
		switch err := errors.Join(d.Err, err); {
		case err != nil:
			outcomes[i] = rows.Refused(Name, err)
		case id.Client == "":
			outcomes[i] = sdk.Reject("sqlite.client", "the record has no client, so that nothing keeps it apart from those of others",
				"say whose it is with --client when you make the record")
		default:
			ready[i] = &prepared{batch[i], d.Record, id, d.Rows}
		}
		return nil
	})
	return ready, outcomes, err
}

// Write writes a batch in one transaction.
func (s *session) Write(ctx context.Context, _ sdk.Run, batch []sdk.Record) ([]sdk.Outcome, error) {
	ready, outcomes, err := prepare(ctx, batch)
	if err != nil {
		return nil, err
	}
	err = s.transaction(ctx, func(w *writer) error {
		for i, r := range ready {
			if r == nil {
				continue
			}
			if outcomes[i].Status, err = w.write(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err == nil:
		return outcomes, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !busy(err):
		return nil, s.fault(err)
	}
	return s.allLocked(ready, outcomes), nil
}

// allLocked are the outcomes when another program's lock keeps a batch out.
func (s *session) allLocked(ready []*prepared, outcomes []sdk.Outcome) []sdk.Outcome {
	for i, r := range ready {
		if r != nil {
			outcomes[i] = sdk.Outcome{Status: sdk.Retry, Diagnostic: s.fault(errBusy)}
		}
	}
	return outcomes
}

// transaction writes to the database that was opened, and to no other. It makes the
// tables of a new one.
func (s *session) transaction(ctx context.Context, write func(*writer) error) error {
	if s.db == nil {
		mode := "rwc"
		if s.exists {
			mode = "rw"
		}
		db, err := open(ctx, s.path, mode)
		if err != nil {
			if _, gone := os.Stat(s.path); s.exists && gone != nil {
				return changedError{}
			}
			return err
		}
		s.db = db
	}
	err := s.db.transaction(ctx, func() error {
		if err := s.recognize(ctx); err != nil {
			return err
		}
		var err error
		if s.writer == nil {
			if s.writer, err = newWriter(ctx, s.db.Conn); err != nil {
				return err
			}
		}
		if err := write(s.writer); err != nil {
			return err
		}
		return s.unmoved()
	})
	if err != nil {
		s.writer = nil // the tables may be gone with the transaction
		return err
	}
	s.exists = true
	return nil
}

// recognize makes sure that the database is the one that was opened. What the host does
// not send, since it is there already, would be missing in any other.
func (s *session) recognize(ctx context.Context) error {
	if err := s.unmoved(); err != nil {
		return err
	}
	state, err := readState(ctx, s.db)
	switch {
	case err != nil:
		return err
	case state.empty() && !s.exists:
		return create(ctx, s.db, s.id)
	case state.id != s.id:
		return changedError{}
	}
	return nil
}

// unmoved reports whether the file at the path is still the one that is written: one
// that was deleted takes everything, and nobody would find it.
func (s *session) unmoved() error {
	info, err := os.Stat(s.path)
	switch {
	case err != nil:
		return changedError{}
	case s.file == nil:
		s.file = info
	case !os.SameFile(s.file, info):
		return changedError{}
	}
	return nil
}

// create makes the tables of a new database.
func create(ctx context.Context, db *database, id string) error {
	for _, statement := range definition() {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err := db.ExecContext(ctx, "INSERT INTO firstcall (name, value) VALUES ('target', ?)", id)
	return err
}

// writer writes records.
type writer struct {
	revision, upsert *sql.Stmt
	remove, insert   map[*flat.Table]*sql.Stmt
}

func newWriter(ctx context.Context, db *sql.Conn) (*writer, error) {
	w := &writer{remove: map[*flat.Table]*sql.Stmt{}, insert: map[*flat.Table]*sql.Stmt{}}
	var err error
	prepare := func(query string) *sql.Stmt {
		if err != nil {
			return nil
		}
		var stmt *sql.Stmt
		stmt, err = db.PrepareContext(ctx, query)
		return stmt
	}
	w.revision = prepare("SELECT revision FROM records WHERE key = ?")
	w.upsert = prepare(`INSERT INTO records (key, kind, client_id, client_name, subject, wave, as_of, revision, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET client_name = excluded.client_name, as_of = excluded.as_of, revision = excluded.revision, json = excluded.json`)
	for _, table := range flat.Tables() {
		w.remove[table] = prepare("DELETE FROM " + table.Name + " WHERE key = ?")
		names := []string{"key", "row"}
		for _, i := range columns(table) {
			names = append(names, quoted(table.Columns[i].Name))
		}
		w.insert[table] = prepare(fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", table.Name, strings.Join(names, ", "), strings.Repeat(", ?", len(names)-1)))
	}
	return w, err
}

// write puts a record in the place of an older one.
func (w *writer) write(ctx context.Context, r *prepared) (sdk.Status, error) {
	status := sdk.Updated
	var revision string
	switch err := w.revision.QueryRowContext(ctx, r.Key).Scan(&revision); {
	case errors.Is(err, sql.ErrNoRows):
		status = sdk.Created
	case err != nil:
		return 0, err
	case revision == r.Revision:
		return sdk.Unchanged, nil
	}
	if status == sdk.Updated {
		for _, stmt := range w.remove {
			if _, err := stmt.ExecContext(ctx, r.Key); err != nil {
				return 0, err
			}
		}
	}
	e := r.envelope
	_, err := w.upsert.ExecContext(ctx, r.Key, string(r.Kind), r.id.Client, orNull(e.Client.Name), r.id.Subject, orNull(r.id.Wave), orNull(e.AsOf), r.Revision, string(r.JSON))
	if err != nil {
		return 0, err
	}
	for _, made := range r.rows {
		if err := w.writeRows(ctx, r.Key, made); err != nil {
			return 0, err
		}
	}
	return status, nil
}

func (w *writer) writeRows(ctx context.Context, key string, made flat.Rows) error {
	at := columns(made.Table)
	values := make([]any, 2, 2+len(at))
	for n, row := range made.Rows {
		values = append(values[:0], key, n+1)
		for _, i := range at {
			values = append(values, sqlValue(row[i]))
		}
		if _, err := w.insert[made.Table].ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return nil
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
