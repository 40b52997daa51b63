package sqlite

import (
	"errors"
	"fmt"
	"os"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// foreignError says that a database belongs to another program.
type foreignError struct{}

func (foreignError) Error() string { return "the database is another program's" }

// versionError says that the tables are of another version of this program.
type versionError struct{ version int64 }

func (e versionError) Error() string {
	return fmt.Sprintf("the tables are of version %d, not %d", e.version, schemaVersion)
}

// changedError says that the database is not the one that was opened.
type changedError struct{}

func (changedError) Error() string { return "the database was exchanged" }

// code is SQLite's extended code of an error, or 0.
func code(err error) int {
	var fault *driver.Error
	if errors.As(err, &fault) {
		return fault.Code()
	}
	return 0
}

// busy reports whether an error will pass when another program is done.
func busy(err error) bool {
	primary := code(err) & 0xff
	return primary == lib.SQLITE_BUSY || primary == lib.SQLITE_LOCKED || errors.Is(err, errBusy)
}

func readOnly(name string) *sdk.Diagnostic {
	return &sdk.Diagnostic{Code: "sqlite.readonly", Field: "path", Summary: name + " can't be written",
		Hint: "let your user write the file and the folder that it is in, or name another file"}
}

// fault words an error for the user. Others than those of SQLite and of files pass as
// they are.
func (s *session) fault(err error) *sdk.Diagnostic {
	say := func(code, summary, hint string) *sdk.Diagnostic {
		return &sdk.Diagnostic{Code: "sqlite." + code, Field: "path", Summary: s.name + " " + summary, Hint: hint}
	}
	var version versionError
	switch {
	case busy(err):
		return say("locked", "is locked by another program", "end what that program does with it, and export again")
	case errors.As(err, &version) && version.version > schemaVersion:
		return say("version", "was made by a later version of firstcall", "install the latest version, or name another file")
	case errors.As(err, &version):
		return say("version", fmt.Sprintf("has tables of version %d, which this version of firstcall does not know", version.version), "name another file")
	case errors.As(err, new(foreignError)):
		return say("foreign", "is a database of another program", "firstcall keeps its records in a file of their own: name another")
	case errors.As(err, new(changedError)):
		return say("changed", "was moved, deleted or exchanged since this export began", "export again")
	case errors.Is(err, os.ErrPermission):
		return say("permission", "can't be read", "let your user read the file, or name another")
	}
	switch code := code(err); code & 0xff {
	case lib.SQLITE_NOTADB:
		return say("no-database", "is no SQLite database", "name another file; firstcall writes into no file that it did not make")
	case lib.SQLITE_FULL:
		return say("full", "can't grow: the disk is full", "make room and export again; nothing of this batch was written")
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_AUTH:
		if code == lib.SQLITE_READONLY_DBMOVED {
			return s.fault(changedError{})
		}
		return readOnly(s.name)
	case lib.SQLITE_CANTOPEN:
		return say("open", "can't be opened", "let your user read and write the file and the folder that it is in")
	case lib.SQLITE_IOERR:
		return say("io", "could not be read or written: "+err.Error(), "look whether the disk is full or failing, and export again")
	case lib.SQLITE_CORRUPT, lib.SQLITE_CONSTRAINT, lib.SQLITE_ERROR, lib.SQLITE_SCHEMA, lib.SQLITE_MISMATCH: // rows of no record, a table that is not there
		return say("damaged", "is damaged: "+err.Error(), "put back a copy of it, or export everything into a new file")
	}
	return say("failed", "could not be used: "+err.Error(), "export again; if that does not help, export everything into a new file")
}
