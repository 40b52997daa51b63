package journal

import (
	"fmt"
	"path/filepath"
)

// BusyError says that another run is at work on the target, or an exporter that
// such a run started and left.
type BusyError struct {
	Exporter string
	Target   Target
	PID      int // of the process that opened the journal; 0: not known
}

func (e *BusyError) Error() string {
	who := "another run"
	if e.PID != 0 {
		who = fmt.Sprintf("another run (process %d)", e.PID)
	}
	return fmt.Sprintf("exporter %s: %s: %s or the exporter it started is still at work there", e.Exporter, e.Target.name(), who)
}

// Hint says what to do about it.
func (e *BusyError) Hint() string {
	return "wait until it has ended; two runs at once could write a record twice"
}

// DamagedError says that a file of a journal is not as it was written.
type DamagedError struct {
	File string
	Line int    // 1-based; 0: the file as a whole
	What string // lower case, no full stop: "was changed"
}

func (e *DamagedError) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.What
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What)
}

// Hint says what to do about it.
func (e *DamagedError) Hint() string {
	if filepath.Base(e.File) == fenceName {
		return "make sure that no export to this target is running, then remove the file"
	}
	return "put the folder back from a backup; or move it away to begin anew: then every record is sent again, and what is at the destination already may come twice unless the exporter finds it by its key"
}

// VersionError says that a later version of firstcall wrote a file.
type VersionError struct {
	File    string
	Version int
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("%s: is of version %d, and this firstcall knows none above %d", e.File, e.Version, version)
}

// Hint says what to do about it.
func (e *VersionError) Hint() string { return "use the newest firstcall you have" }

// OrderError says that keys were not asked for in order.
type OrderError struct{ Key, After string }

func (e *OrderError) Error() string {
	return fmt.Sprintf("journal: key %q was asked for after %q", e.Key, e.After)
}

const version = 1

// name is what people call the target.
func (t Target) name() string {
	if t.Label == "" || t.Label == t.ID {
		return t.ID
	}
	return fmt.Sprintf("%s (%s)", t.Label, t.ID)
}
