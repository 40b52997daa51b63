// Package flat turns records into rows of typed columns, for spreadsheets and
// databases: one table for each kind of record. It alone knows which columns
// these are; the command line's CSV and the exporters write the same rows.
//
// A figure that can't be computed is empty. What is withheld has the column
// withheld set, and no figures.
package flat

import (
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Type says what the values of a column are.
type Type int

// The types of columns.
const (
	Text    Type = iota // UTF-8
	Whole               // a whole number of 64 bits
	Decimal             // a number with decimals
	Percent             // a number with decimals, 0 to 100
	Share               // a number with decimals, 0 to 1
	Date                // a day: 2026-09-30
	YesNo               // true or false
)

// String names the type for people.
func (t Type) String() string {
	switch t {
	case Text:
		return "text"
	case Whole:
		return "whole number"
	case Decimal:
		return "number"
	case Percent:
		return "percent, 0 to 100"
	case Share:
		return "share, 0 to 1"
	case Date:
		return "date"
	case YesNo:
		return "true or false"
	}
	return fmt.Sprintf("Type(%d)", int(t))
}

// Numeric reports whether values of the type are numbers with decimals.
func (t Type) Numeric() bool { return t == Decimal || t == Percent || t == Share }

// Column is one column of a table.
type Column struct {
	Name  string // lower case letters and underscores: "favorable_low"
	Title string // for people: "Favorable, low"
	Type  Type
	Unit  string // "people", "answer scale"; empty where the type says it
	Doc   string // what it says, in a sentence or two

	// Decimals is how many digits behind the point people need to see. Values
	// have all of theirs.
	Decimals int
	// Identity marks the columns that tell a row from the other rows of its
	// record. A few rows may still have the same.
	Identity bool
}

// Table is what the rows of one kind of record have in common. Do not change one.
type Table struct {
	Kind    record.Kind
	Name    string // of a file or a table: "assessments"
	Title   string // for people: "Assessments"
	About   string // what a row is, in a sentence or two
	Columns []Column

	// Columns begin with those that say which record a row is of. Then come those
	// that the command line prints, and then those for exporters alone. New columns
	// of a sort come last within it.
	envelope, printed int
}

// Envelope is how many columns, the first ones, say which record a row is of.
func (t *Table) Envelope() int { return t.envelope }

// Printed cuts out of the columns, or of a row, what the command line prints.
func Printed[T any](t *Table, cells []T) []T { return cells[t.envelope : t.envelope+t.printed] }

// Index is the place of a column among the columns, or -1.
func (t *Table) Index(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

// Names are the names of columns.
func Names(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// Row is a value for each column of a table.
type Row []Value

// Rows are rows of one table.
type Rows struct {
	Table *Table
	Rows  []Row
}

// Tables returns the tables, in the order of [record.Kinds].
func Tables() []*Table { return []*Table{Assessments, Statements, Jobs, Folders, Plans} }

// Record gives the rows of a record: of the table of its kind, and of a folder
// also those of documents that could not be read, which stand among the jobs. A
// plan without actions has none; every other record has at least one. The error
// says what is wrong with the body.
func Record(rec *record.Record) ([]Rows, error) {
	switch rec.Kind {
	case record.KindAssessment:
		if err := rec.Check(); err != nil {
			return nil, err
		}
		return []Rows{Assessment(rec)}, nil
	case record.KindStatement:
		s, err := rec.Statement()
		if err != nil {
			return nil, err
		}
		return []Rows{Statement(rec, s)}, nil
	case record.KindJob:
		j, err := rec.Job()
		if err != nil {
			return nil, err
		}
		return []Rows{Job(rec, j)}, nil
	case record.KindFolder:
		f, err := rec.Folder()
		if err != nil {
			return nil, err
		}
		rows := []Rows{Folder(rec, f)}
		if len(f.Unread) > 0 {
			rows = append(rows, Unread(rec, f.Unread))
		}
		return rows, nil
	case record.KindPlan:
		p, err := rec.Plan()
		if err != nil {
			return nil, err
		}
		return []Rows{Plan(rec, p)}, nil
	}
	return nil, fmt.Errorf("no table for records of kind %q", rec.Kind)
}

// newTable puts a table together of what the command line prints and of columns
// for exporters alone.
func newTable(t Table, printed, more []Column) *Table {
	head := []Column{
		{Name: "key", Title: "Key", Doc: "Key of the record that the row is of: client/kind/subject[/wave]. It is the same in every run.", Identity: true},
		{Name: "revision", Title: "Revision", Doc: "Fingerprint of the record's content. Equal revisions mean equal content."},
		{Name: "client_name", Title: "Client's name", Doc: "The client's name for people; empty when none was given."},
	}
	if !slices.ContainsFunc(printed, func(c Column) bool { return c.Name == "as_of" }) {
		head = append(head, Column{Name: "as_of", Title: "As of", Type: Date, Doc: "The day the record speaks of."})
	}
	t.Columns = slices.Concat(head, printed, more)
	t.envelope, t.printed = len(head), len(printed)
	return &t
}

// begin makes a row with what it says of its record; rec may be nil.
func (t *Table) begin(rec *record.Record) Row {
	row := make(Row, 0, len(t.Columns))
	if rec == nil {
		rec = &record.Record{}
	}
	row = append(row, text(rec.Key), text(rec.Revision), text(rec.Client.Name))
	if t.envelope > len(row) {
		row = append(row, date(rec.AsOf))
	}
	return row
}

// client is the column that every table begins with for people.
func client() Column {
	return Column{Name: "client", Title: "Client", Doc: "The client's id; empty when none was given."}
}

// clientID is the id of whom a record is of; rec may be nil.
func clientID(rec *record.Record) Value {
	if rec == nil {
		return text("")
	}
	return text(rec.Client.ID)
}
