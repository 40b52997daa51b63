// Package sqlite keeps records in a SQLite database: a table of the records
// themselves, and a table for each kind with the rows of core/record/flat. A record
// that comes again replaces what is there of it.
//
// A batch is one transaction, so that a process that is killed at any moment leaves a
// whole database. A database of somebody else's is never written into.
package sqlite

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"

	"github.com/firstcall-cli/firstcall/exporters/internal/rows"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// What the exporter is called, for tables that must not start it.
const (
	Name    = "sqlite"
	Summary = "a SQLite database that keeps the latest of each record"
)

// Exporter is the exporter as firstcall sees it.
type Exporter struct{}

var _ sdk.DestinationExporter = Exporter{}

// Info describes the exporter.
func (Exporter) Info() sdk.Info {
	return sdk.Info{
		Name: Name, Version: "1.0.0", Summary: Summary, Kinds: rows.Kinds(), Idempotency: sdk.Upsert,
		Config: []sdk.Field{{Name: "path", Required: true, Doc: "file of the database; made when it is not there, in a folder that is"}},
	}
}

// Open looks at the database and makes nothing. Whether it can be written is found out
// always, not only when the host asks for it: found out later, it would leave records in
// doubt.
func (Exporter) Open(ctx context.Context, cfg sdk.Config, _ bool) (sdk.Session, error) {
	name := cfg.String("path")
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	if fault := place(name, path); fault != nil {
		return nil, fault
	}
	s := &session{name: name, path: path}
	state, err := look(ctx, path)
	if err != nil {
		return nil, s.fault(err)
	}
	if fault := writable(name, path); fault != nil {
		return nil, fault
	}
	if s.id, s.exists = state.id, !state.empty(); !s.exists {
		s.id = rand.Text()
	}
	return s, nil
}

// place reports why there can be no database at a path.
func place(name, path string) error {
	at := func(code, summary, hint string) error {
		return &sdk.Diagnostic{Code: "sqlite." + code, Field: "path", Summary: summary, Hint: hint}
	}
	if name == "" {
		return at("path", "path is empty", "name the file of the database: path=results.db")
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return at("path", name+" is a folder", "name a file in it: "+filepath.Join(name, "results.db"))
	case err == nil && !info.Mode().IsRegular():
		return at("path", name+" is no regular file", "a database is kept in a file")
	case err == nil:
		return nil
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		hint := "make the folder first, or name another"
		if name[0] == '~' {
			hint = "write the path without ~, which only a shell understands"
		}
		return at("folder", "there is no folder "+filepath.Dir(name)+" for the database", hint)
	}
	return nil
}

// writable reports why a database can't be written. SQLite keeps a journal beside it, so
// that the folder counts, too.
func writable(name, path string) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	switch {
	case err == nil:
		if err := f.Close(); err != nil {
			return readOnly(name)
		}
	case !os.IsNotExist(err):
		return readOnly(name)
	}
	if !mayMakeFiles(filepath.Dir(path)) {
		return readOnly(name)
	}
	return nil
}

// session is one database.
type session struct {
	name   string // as the user wrote it
	path   string // absolute
	id     string
	exists bool // with tables of ours

	db     *database // open for writing; nil before the first Write
	file   os.FileInfo
	writer *writer
}

var (
	_ sdk.Session = (*session)(nil)
	_ io.Closer   = (*session)(nil)
)

// Target names the database by an id that is kept in it: one that is deleted and made
// anew is another.
func (s *session) Target() sdk.Target { return sdk.Target{ID: s.id, Label: s.name} }

// Close implements io.Closer.
func (s *session) Close() error {
	if s.db == nil {
		return nil
	}
	return s.db.close()
}
