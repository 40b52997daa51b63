package trust

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// State says whether an exporter may run, or what keeps it from that.
type State string

// The states.
const (
	StateBundled    State = "bundled"     // it comes with firstcall
	StateReady      State = "ready"       // it is what its lock says, and the lock counts
	StateNotLocked  State = "not locked"  // the lock does not know it, or not for this platform
	StateNotTrusted State = "not trusted" // the project's lock does not count
	StateChanged    State = "changed"     // a file is not what the lock says
	StateMissing    State = "missing"     // the lock knows it, and a file is not there
	StateUnreadable State = "unreadable"  // the lock or a file can't be read
	StateHidden     State = "hidden"      // another exporter of the same name goes before it
)

// Listed is one exporter as List finds it.
type Listed struct {
	Name    string
	Version string // as of when it was locked; may be empty
	Where   Where
	State   State
	Path    string   // the program, or the folder of a bridged script; empty for a bundled one
	Lock    string   // path of the lock that goes with it; empty for a bundled one
	Source  string   // where it came from; may be empty
	Command []string // of a bridged script
	Sum     string   // in the lock, for this platform; as Program.Sum; may be empty
}

// List finds every exporter: the bundled ones, then each folder's by name. It
// hashes the programs and starts none. What could be found is returned with the
// error, too, which joins a [*LockError] for each lock that is not right, and
// errors of the file system.
func List(places Places) ([]Listed, error) {
	var all []Listed
	var faults []error
	seen := map[string]bool{}
	for _, name := range slices.Sorted(slices.Values(places.Bundled)) {
		all = append(all, Listed{Name: name, Where: Bundled, State: StateBundled})
		seen[name] = true
	}
	told := map[string]bool{}
	for _, f := range places.Folders() {
		found, err := places.list(f, seen)
		all = append(all, found...)
		if err != nil && !told[f.Lock] {
			told[f.Lock] = true
			faults = append(faults, err)
		}
	}
	return all, errors.Join(faults...)
}

// Look is List for one name: the first exporter that has it, which is the one
// that Find means. The error is a [*NotFoundError] when there is none, or a
// [*LockError], which comes with what is known all the same.
func Look(places Places, name string) (Listed, error) {
	if slices.Contains(places.Bundled, name) {
		return Listed{Name: name, Where: Bundled, State: StateBundled}, nil
	}
	if !config.ValidName(name, '-') {
		return Listed{}, &NotFoundError{Name: name, Near: places.near(name)}
	}
	missing := Listed{}
	for _, f := range places.Folders() {
		lock, err := ReadLock(f.Lock)
		if err != nil {
			lock = &Lock{}
		}
		_, locked := f.entry(lock, name)
		there, _ := isProgram(f.Program(name))
		if !locked && !there && err == nil {
			continue
		}
		l := places.one(f, lock, err, name)
		if err != nil || there || len(l.Command) > 0 {
			return l, err
		}
		if missing.Name == "" {
			missing = l
		}
	}
	if missing.Name == "" {
		return missing, &NotFoundError{Name: name, Near: places.near(name)}
	}
	return missing, nil
}

// list finds the exporters of one folder, and adds to seen those that hide
// others.
func (p Places) list(f Folder, seen map[string]bool) ([]Listed, error) {
	lock, err := ReadLock(f.Lock)
	if err != nil {
		lock = &Lock{}
	}
	names := f.Names()
	if f.Where != Extra {
		names = append(names, lock.names()...)
	}
	slices.Sort(names)
	var out []Listed
	for _, name := range slices.Compact(names) {
		l := p.one(f, lock, err, name)
		if seen[name] {
			l.State = StateHidden
		}
		// What Find passes over hides nothing.
		there, _ := isProgram(f.Program(name))
		seen[name] = seen[name] || there || len(l.Command) > 0
		out = append(out, l)
	}
	return out, err
}

// one says what there is of a name in a folder. lockErr is what kept the lock
// from being read.
func (p Places) one(f Folder, lock *Lock, lockErr error, name string) Listed {
	entry, locked := f.entry(lock, name)
	l := Listed{
		Name: name, Version: entry.Version, Where: f.Where, Path: f.Program(name), Lock: f.Lock,
		Source: entry.Source, Command: entry.Command, Sum: entry.Sum(),
	}
	if len(entry.Command) > 0 {
		l.Path = f.Dir
	}
	switch {
	case lockErr != nil:
		l.State = StateUnreadable
	case !locked:
		l.State = StateNotLocked
	default:
		l.State = stateOf(p.mayRun(f, lock))
		if l.State == StateReady {
			l.State = inspect(f, entry)
		}
	}
	return l
}

// stateOf reads the answer of mayRun.
func stateOf(err error) State {
	var untrusted *NotTrustedError
	switch {
	case err == nil:
		return StateReady
	case errors.As(err, &untrusted):
		return StateNotTrusted
	}
	return StateUnreadable
}

// inspect holds the files of an entry that counts against their hashes.
func inspect(f Folder, e Entry) State {
	if len(e.Command) == 0 {
		if e.Sum() == "" {
			return StateNotLocked
		}
		return compare(f.Program(e.Name), e.Sum())
	}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		if s := compare(filepath.Join(f.Dir, filepath.FromSlash(name)), e.Files[name]); s != StateReady {
			return s
		}
	}
	return StateReady
}

func compare(path, want string) State {
	got, err := SumFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return StateMissing
	case err != nil:
		return StateUnreadable
	case got != want:
		return StateChanged
	}
	return StateReady
}
