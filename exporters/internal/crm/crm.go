// Package crm is what the exporters to CRMs have in common. It joins the records of a
// client into what a CRM keeps of it: figures of the company, a note for each
// assessment, a task for each action of a plan. It finds out what of that is there
// already, and has the rest written, so that each stays one object whatever fails.
//
// What a CRM is asked and how is left to a System, one for each CRM.
package crm

import (
	"context"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Company is a client's company, account or party in a CRM.
type Company struct {
	ID     string           // the CRM's; empty while it is not there
	Key    string           // the client's id, in the field that Key names
	Name   string           // set when it is made
	Values map[string]Value // by the CRM's name of a field; for an update those that change
}

// EntryKind tells notes from tasks.
type EntryKind int

// The kinds of entry.
const (
	NoteEntry EntryKind = iota
	TaskEntry
)

// Object is the kind's name among remote objects: "note", "task".
func (k EntryKind) Object() string {
	if k == TaskEntry {
		return "task"
	}
	return "note"
}

// Entry is a note or a task at a company.
type Entry struct {
	ID      string // the CRM's; empty while it is not there
	Company string // the CRM's id of the company
	Mark    Mark   // stands in the entry as text, and identifies it
	Title   string // one line
	Body    Text   // without the mark
	Day     string // YYYY-MM-DD: the day a note speaks of, or a task is due; may be empty
}

// Ref names an entry that is looked for.
type Ref struct {
	Company string // the CRM's id of the company
	Mark    Mark
}

// Result is what became of one object of a call. Err is nil when it is written.
// Otherwise it is one of:
//
//   - a *web.Refused, when the object is not acceptable as it is;
//   - a *web.Busy, when it is not possible just now (a locked row);
//   - a *web.Quota, when a limit of the day is used up.
type Result struct {
	ID  string
	Err error
}

// Field is a field of the company object.
type Field struct {
	Name     string // the CRM's
	Label    string // for people
	Doc      string // for people, a sentence; may be empty
	Type     Type   // Other when it is none of ours
	Given    string // the CRM's own word for the type, for messages
	Decimals int    // most decimals, for a Number
	Length   int    // most characters, for a Text; 0: not known
	ReadOnly bool   // it can't be written with these credentials
	Unique   bool   // the CRM keeps values unique
}

// System is a CRM that was connected to. Its methods are called one at a time. None
// tries again by itself what may have been carried out.
//
// A method that writes gives one Result for each object, in their order, or an error:
//
//   - a *web.Refused, when the CRM refused them all since one is not acceptable, and
//     nothing was written: they are then written in smaller parts;
//   - a *web.Unsure, when some may have been written: they are then looked for;
//   - a *web.Busy or a *web.Quota, when nothing was written and nothing can be now;
//   - anything else ends the export, a *sdk.Diagnostic tells the user most.
//
// A method that reads gives the last two sorts of error alone.
type System interface {
	// Target says whose data it is.
	Target() sdk.Target

	// Limits says how much a call takes.
	Limits() Limits

	// Companies finds the companies that carry one of the keys, in the field called key,
	// with their values of the named fields. All companies of a key are given, so that it
	// shows when there are several. A field that is empty has no value. What the CRM
	// takes for equal may differ, in upper and lower case for instance: Company.Key is what
	// stands in the CRM.
	Companies(ctx context.Context, key string, keys, fields []string) ([]Company, error)

	// CreateCompanies makes companies. key names the field for the key.
	CreateCompanies(ctx context.Context, key string, companies []Company) ([]Result, error)

	// UpdateCompanies changes the fields in Values, and the name when it is not empty, of
	// companies whose ID is known. A value that is empty empties the field.
	UpdateCompanies(ctx context.Context, companies []Company) ([]Result, error)

	// Entries finds notes or tasks by the company they are at and the id of their mark.
	// It reads what is there now, not an index that follows later, as far as the CRM
	// lets it. Only ID, Company and Mark of an entry need be set.
	Entries(ctx context.Context, kind EntryKind, refs []Ref) ([]Entry, error)

	// CreateEntries makes notes or tasks.
	CreateEntries(ctx context.Context, kind EntryKind, entries []Entry) ([]Result, error)

	// UpdateEntries changes title, body, mark and day of entries whose ID is known. It
	// leaves alone what people do with a task: its status, whose it is.
	UpdateEntries(ctx context.Context, kind EntryKind, entries []Entry) ([]Result, error)

	// Fields gives the fields of the company object, by their names.
	Fields(ctx context.Context) (map[string]Field, error)

	// AddFields makes fields of the company object.
	AddFields(ctx context.Context, fields []Field) ([]Result, error)
}

// Packager is a System that can say what it needs in files, for those who make fields
// by hand.
type Packager interface {
	// Package gives files that make the fields.
	Package(fields []Field) ([]sdk.Artifact, error)
}

// Limits are how many objects a System takes in one call; each is at least 1.
type Limits struct {
	Find    int // keys of Companies, refs of Entries
	Write   int // companies
	Entries int // notes or tasks
}
