package trust

import (
	"fmt"
	"path/filepath"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// NotFoundError says that no exporter has the name.
type NotFoundError struct {
	Name    string
	Near    string // a known name that looks like it; may be empty
	Missing string // the file that a lock promises and that is not there; may be empty
}

// Error says which.
func (e *NotFoundError) Error() string {
	if e.Missing != "" {
		return fmt.Sprintf("exporter %s is locked, but %s is not there", e.Name, e.Missing)
	}
	return fmt.Sprintf("no exporter is called %q", e.Name)
}

// Hint says what to do.
func (e *NotFoundError) Hint() string {
	switch {
	case e.Missing != "":
		return "put the file there, or get it with firstcall plugin install"
	case e.Near != "":
		return fmt.Sprintf("did you mean %q?", e.Near)
	}
	return "firstcall plugin list shows what there is"
}

// NotLockedError says that a program is there and that its lock does not know
// it.
type NotLockedError struct {
	Name     string
	Path     string // the program
	Lock     string
	Project  bool   // the lock is the project's
	Platform string // set when only the hash for this platform is missing
}

// Error says which.
func (e *NotLockedError) Error() string {
	if e.Platform != "" {
		return fmt.Sprintf("exporter %s: %s has no hash for %s", e.Name, e.Lock, e.Platform)
	}
	return fmt.Sprintf("exporter %s: %s does not stand in %s", e.Name, e.Path, e.Lock)
}

// Hint says what to do.
func (e *NotLockedError) Hint() string {
	return fmt.Sprintf("if you know where the program comes from, run firstcall plugin lock %s%s", e.Name, projectFlag(e.Project))
}

func projectFlag(project bool) string {
	if project {
		return " --project"
	}
	return ""
}

// NotTrustedError says that a project's lock does not count, because the user
// has not said that it does, or it has changed since.
type NotTrustedError struct {
	Lock    string
	Changed bool // it was trusted, as it was
}

// Error says which.
func (e *NotTrustedError) Error() string {
	if e.Changed {
		return fmt.Sprintf("%s has changed since you trusted it", e.Lock)
	}
	return fmt.Sprintf("%s is not trusted: it came with the project, and lets programs run", e.Lock)
}

// Hint says what to do.
func (e *NotTrustedError) Hint() string {
	return "look at it, then run firstcall plugin trust"
}

// ChangedError says that a file is not the one that was locked.
type ChangedError struct {
	Name    string
	Path    string // the file
	Lock    string
	Source  string // where it came from; may be empty
	Want    string // SHA-256 in the lock, in hexadecimal
	Got     string // SHA-256 of the file; empty: it is not there
	Project bool   // the lock is the project's
}

// Error names the file and both hashes.
func (e *ChangedError) Error() string {
	if e.Got == "" {
		return fmt.Sprintf("exporter %s: %s is locked and not there", e.Name, e.Path)
	}
	return fmt.Sprintf("exporter %s: %s is not what %s says\n  locked: sha256 %s\n  is now: sha256 %s", e.Name, e.Path, filepath.Base(e.Lock), e.Want, e.Got)
}

// Hint says what to do, and what to think of first.
func (e *ChangedError) Hint() string {
	from := ""
	if e.Source != "" {
		from = " from " + e.Source
	}
	if e.Got == "" {
		return "get it again" + from
	}
	return fmt.Sprintf("if you did not update it, someone else changed it: don't run it, and get it again%s; only if the change is yours, firstcall plugin lock %s%s --force accepts it",
		from, e.Name, projectFlag(e.Project))
}

// LockError says that a lock, or the list of trusted ones, cannot be read as
// what it is.
type LockError struct {
	Path     string
	Problems problem.List // with positions and hints; never empty
}

// Error gives one line a problem.
func (e *LockError) Error() string { return e.Problems.Error() }

// Unwrap returns the problems.
func (e *LockError) Unwrap() error { return e.Problems }

// Hint is that of the first problem.
func (e *LockError) Hint() string { return e.Problems[0].Hint }

// NameError says that a program cannot have the name.
type NameError struct {
	Name    string
	Bundled bool // an exporter that comes with firstcall has it
}

// Error says which.
func (e *NameError) Error() string {
	if e.Bundled {
		return fmt.Sprintf("exporter %s comes with firstcall: no other program can have its name", e.Name)
	}
	return fmt.Sprintf("%q is no name for an exporter", e.Name)
}

// Hint says what to do.
func (e *NameError) Hint() string {
	if e.Bundled {
		return "give the program another name"
	}
	return "a name has lower case letters, digits and hyphens, at most 64, and begins with a letter"
}
