package sqlite

import (
	"context"
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// The marks in the head of a database of ours.
const (
	applicationID = 0x66637264 // "fcrd", firstcall's records
	schemaVersion = 1          // goes up with every change of the tables
)

// state is what a database is.
type state struct {
	application int64 // mark of the program it belongs to; 0 for none
	version     int64
	tables      int64
	id          string // of one of ours
}

// empty reports whether nobody has made anything in it.
func (s state) empty() bool { return s.application == 0 && s.tables == 0 }

// readState finds out what a database is. The error is a foreignError for one that
// must not be written into.
func readState(ctx context.Context, db *database) (state, error) {
	var s state
	for _, part := range []struct {
		query string
		into  *int64
	}{
		{"PRAGMA application_id", &s.application}, {"PRAGMA user_version", &s.version}, {"SELECT count(*) FROM sqlite_schema", &s.tables},
	} {
		if err := db.QueryRowContext(ctx, part.query).Scan(part.into); err != nil {
			return s, err
		}
	}
	switch {
	case s.empty():
		return s, nil
	case s.application != applicationID:
		return s, foreignError{}
	case s.version != schemaVersion:
		return s, versionError{s.version}
	}
	// An id that is missing is nobody's, as that of a database that was emptied.
	return s, db.QueryRowContext(ctx, "SELECT coalesce(max(value), '') FROM firstcall WHERE name = 'target'").Scan(&s.id)
}

// definition is the SQL that makes the tables of a new database.
func definition() []string {
	all := []string{
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		fmt.Sprintf("PRAGMA user_version = %d", schemaVersion),
		"CREATE TABLE firstcall (\n  name TEXT NOT NULL PRIMARY KEY,\n  value TEXT NOT NULL\n)",
		"CREATE TABLE records (\n  key TEXT NOT NULL PRIMARY KEY,\n  kind TEXT NOT NULL,\n  client_id TEXT NOT NULL,\n  client_name TEXT,\n" +
			"  subject TEXT NOT NULL,\n  wave TEXT,\n  as_of TEXT,\n  revision TEXT NOT NULL,\n  json TEXT NOT NULL\n)",
		"CREATE INDEX records_client ON records (client_id, kind)",
	}
	for _, table := range flat.Tables() {
		all = append(all, tableDefinition(table))
	}
	return all
}

// tableDefinition is the SQL of the table of a kind.
func tableDefinition(table *flat.Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE %s (\n", table.Name)
	b.WriteString("  key TEXT NOT NULL REFERENCES records (key) ON DELETE CASCADE,\n  row INTEGER NOT NULL,\n")
	for _, i := range columns(table) {
		c := table.Columns[i]
		fmt.Fprintf(&b, "  %s %s,\n", quoted(c.Name), sqlType(c.Type))
	}
	b.WriteString("  PRIMARY KEY (key, row)\n)")
	return b.String()
}

// columns are the places of the columns that a table of the database has, beside the
// key and the number of the row within its record.
func columns(table *flat.Table) []int {
	var at []int
	for i, c := range table.Columns {
		if c.Name != "key" {
			at = append(at, i)
		}
	}
	return at
}

// quoted is a name that may be a word of SQL.
func quoted(name string) string { return `"` + name + `"` }

func sqlType(t flat.Type) string {
	switch t {
	case flat.Whole, flat.YesNo:
		return "INTEGER"
	case flat.Decimal, flat.Percent, flat.Share:
		return "REAL"
	}
	return "TEXT"
}

// sqlValue is a value as the database keeps it; one that is empty is NULL.
func sqlValue(v flat.Value) any {
	switch {
	case !v.Set():
		return nil
	case v.Type() == flat.YesNo && v.True():
		return int64(1)
	case v.Type() == flat.YesNo:
		return int64(0)
	case v.Type() == flat.Text || v.Type() == flat.Date:
		return flat.Harmless(v.Text())
	}
	return v.Any()
}
