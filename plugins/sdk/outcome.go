package sdk

import "time"

// Outcome is what became of one record. The zero value says that it was
// written.
type Outcome struct {
	Status     Status
	Remote     []RemoteObject // destinations: the objects made or updated
	Diagnostic *Diagnostic    // why, for every status that is not a success; a warning may come with a success
	RetryAfter time.Duration  // Retry: the earliest moment to try again, when the target named one
	Diff       string         // Plan: what would change, for people
}

// Status is what became of a record.
type Status int

// The statuses.
const (
	Created   Status = iota // written, was not there before
	Updated                 // written over an older revision
	Unchanged               // there already, as it should be
	Rejected                // never possible with this content; it is not tried again
	Retry                   // not possible just now; firstcall tries again
	Deferred                // a quota is used up; firstcall keeps it for a later run
)

// Reject returns the Outcome of a record that cannot be exported with this
// content. code is stable and documented ("markdown.as_of"), summary says what
// is wrong in plain words, hint what the user can do about it.
func Reject(code, summary, hint string) Outcome {
	return Outcome{Status: Rejected, Diagnostic: &Diagnostic{Code: code, Summary: summary, Hint: hint}}
}

// Diagnostic tells the user what is wrong and what to do next. It is an error,
// so that any method of an exporter can return it.
type Diagnostic struct {
	Severity Severity // zero: an error
	Code     string   // stable, documented: "hubspot.auth"
	Summary  string   // lower case, no full stop; never a secret, never a respondent's answer
	Hint     string   // what to do next; may be empty
	Field    string   // the setting it is about, or a JSON pointer into the record; may be empty
}

// Error gives the summary.
func (d *Diagnostic) Error() string { return d.Summary }

// Severity is how bad it is.
type Severity int

// The severities.
const (
	SeverityError Severity = iota
	SeverityWarning
)
