// Package trust decides which programs on this machine may run as exporters. It
// finds them, holds them against a firstcall.lock, and hands out the very bytes
// that were checked.
//
// An exporter of a vendor's is a program called firstcall-export-NAME, or a
// script that the lock names with its command (a bridged script). It is looked
// for in the user's plugin folder, then in the project's, then in folders that
// the user asked for. Neither the working directory nor PATH is searched, and
// the name of an exporter that comes with firstcall cannot be taken.
//
// A program runs only if its SHA-256 stands in the lock that goes with the
// folder it lies in. The user's lock counts as it is. A project's lock may have
// come with a cloned repository, so it counts only once the user has said so,
// and only as long as not one byte of it changes.
package trust

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
	"github.com/firstcall-cli/firstcall/plugins/internal/state"
)

const (
	// LockName is what a lock is called.
	LockName = "firstcall.lock"
	// Prefix begins the file name of every program.
	Prefix = "firstcall-export-"
)

// Where says in which folder a program was found.
type Where string

// The folders, in the order in which they are searched.
const (
	Bundled Where = "bundled" // no folder: it comes with firstcall
	User    Where = "user"
	Project Where = "project"
	Extra   Where = "extra" // a folder the user asked for
)

// Places are the folders of one run. Only User and State must be there.
type Places struct {
	User    string   // firstcall's folder in the user's configuration, as of os.UserConfigDir
	Project string   // the folder of the nearest firstcall.lock; empty: no project
	State   string   // firstcall's state folder
	Extra   []string // more plugin folders, whose programs are held against the user's lock
	Bundled []string // names of the exporters that come with firstcall
	Bridge  []string // program and arguments that start a bridged script, whose command follows them
}

// Locate finds the places of a run in the working directory dir: the project is
// that of the nearest folder upwards that holds a firstcall.lock. bundled are
// the names that no program can take. The error says that the system knows no
// home folder.
func Locate(dir string, bundled []string) (Places, error) {
	settings, err := os.UserConfigDir()
	if err != nil {
		return Places{}, fmt.Errorf("find the plugin folder: %w", err)
	}
	stateDir, err := state.Dir()
	if err != nil {
		return Places{}, fmt.Errorf("find the plugin folder: %w", err)
	}
	p := Places{User: filepath.Join(settings, "firstcall"), State: stateDir, Bundled: bundled}
	p.Project, err = projectOf(dir, filepath.Join(p.User, LockName))
	return p, err
}

// projectOf walks up from dir to the first firstcall.lock that is not the
// user's own.
func projectOf(dir, users string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the project: %w", err)
	}
	own, _ := os.Stat(users)
	for {
		info, err := os.Stat(filepath.Join(dir, LockName))
		if err == nil && !info.IsDir() && !os.SameFile(info, own) {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", nil
		}
		dir = parent
	}
}

// Folder is one plugin folder, and the lock that goes with it.
type Folder struct {
	Where Where
	Dir   string // where the programs lie; need not exist
	Lock  string // path of the lock; need not exist
}

// Folders lists the plugin folders in the order in which they are searched.
func (p Places) Folders() []Folder {
	folders := []Folder{p.UserFolder()}
	if p.Project != "" {
		folders = append(folders, p.ProjectFolder())
	}
	for _, dir := range p.Extra {
		folders = append(folders, Folder{Extra, dir, p.UserFolder().Lock})
	}
	return folders
}

// UserFolder is the user's plugin folder.
func (p Places) UserFolder() Folder {
	return Folder{User, filepath.Join(p.User, "plugins"), filepath.Join(p.User, LockName)}
}

// ProjectFolder is the plugin folder of the project, which must be set.
func (p Places) ProjectFolder() Folder {
	return Folder{Project, filepath.Join(p.Project, ".firstcall", "plugins"), filepath.Join(p.Project, LockName)}
}

// Program is the path of the program called name, be it there or not.
func (f Folder) Program(name string) string {
	return filepath.Join(f.Dir, Prefix+name+programSuffix())
}

func programSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// Platform names the system that this process runs on, as locks do:
// linux-amd64.
func Platform() string { return runtime.GOOS + "-" + runtime.GOARCH }

// Program is an exporter that may run: it stands in a lock that counts. Whether
// its bytes are those of the lock is found out by Prepare.
type Program struct {
	Name    string
	Version string // of the exporter, as of when it was locked; may be empty
	Source  string // path or URL it came from; may be empty
	Where   Where
	Path    string   // the program, or the folder of a bridged script
	Lock    string   // path of the lock it stands in
	Command []string // of a bridged script, as in the lock; nil for a program
	Sum     string   // SHA-256 in hexadecimal, of a script that of all it is made of; the key of what is remembered about it

	places Places
	entry  Entry
}

// Find returns the exporter called name that may run. It starts and hashes
// nothing. The user's folder is searched first, and another is looked at only
// when there is nothing of the name in it.
//
// The error is a [*NotFoundError], [*NotLockedError], [*NotTrustedError] or
// [*LockError], or one of the file system. The names of bundled exporters are
// not found: the caller knows those.
func Find(places Places, name string) (*Program, error) {
	missing := ""
	if config.ValidName(name, '-') && !slices.Contains(places.Bundled, name) {
		for _, f := range places.Folders() {
			program, err := places.find(f, name)
			if gone := new(NotFoundError); errors.As(err, &gone) {
				missing = cmp.Or(missing, gone.Missing)
				continue
			}
			return program, err
		}
	}
	return nil, &NotFoundError{Name: name, Near: places.near(name), Missing: missing}
}

// find looks for name in one folder.
func (p Places) find(f Folder, name string) (*Program, error) {
	there, err := isProgram(f.Program(name))
	if err != nil {
		return nil, err
	}
	lock, err := ReadLock(f.Lock)
	if err != nil {
		return nil, err
	}
	entry, locked := f.entry(lock, name)
	switch {
	case !there && len(entry.Command) == 0:
		missing := ""
		if locked {
			missing = f.Program(name)
		}
		return nil, &NotFoundError{Name: name, Missing: missing}
	case !locked:
		return nil, &NotLockedError{Name: name, Path: f.Program(name), Lock: f.Lock, Project: f.Where == Project}
	}
	if err := p.mayRun(f, lock); err != nil {
		return nil, err
	}
	return p.program(f, entry)
}

// entry is what the lock says about name in this folder. Scripts lie in the
// folder beside the lock alone.
func (f Folder) entry(lock *Lock, name string) (Entry, bool) {
	e, ok := lock.Find(name)
	if f.Where == Extra && len(e.Command) > 0 {
		return Entry{}, false
	}
	return e, ok
}

// program makes a Program of an entry.
func (p Places) program(f Folder, e Entry) (*Program, error) {
	out := &Program{
		Name: e.Name, Version: e.Version, Source: e.Source, Where: f.Where, Lock: f.Lock,
		Path: f.Program(e.Name), Sum: e.Sum(), places: p, entry: e,
	}
	if len(e.Command) > 0 {
		out.Path, out.Command = f.Dir, slices.Clone(e.Command)
	} else if out.Sum == "" {
		return nil, &NotLockedError{Name: e.Name, Path: out.Path, Lock: f.Lock, Project: f.Where == Project, Platform: Platform()}
	}
	return out, nil
}

// mayRun reports whether the lock counts.
func (p Places) mayRun(f Folder, lock *Lock) error {
	if f.Where != Project {
		return nil
	}
	return p.Trusted(lock)
}

// isProgram reports whether something that could be a program is at path.
func isProgram(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return info.Mode().IsRegular(), nil
}

// near is the known name that looks most like name, or empty. Faults are left
// to whoever asks for the programs themselves.
func (p Places) near(name string) string {
	return problem.Nearest(name, Names(p))
}

// Names lists the names of all exporters there are, bundled or not, ordered, be
// they allowed to run or not. It is quick, for completion: it hashes nothing,
// and leaves out what it cannot read.
func Names(places Places) []string {
	known := slices.Clone(places.Bundled)
	for _, f := range places.Folders() {
		known = append(known, f.Names()...)
		if lock, err := ReadLock(f.Lock); err == nil {
			known = append(known, lock.names()...)
		}
	}
	slices.Sort(known)
	return slices.Compact(known)
}

// Names lists the programs in the folder, ordered.
func (f Folder) Names() []string {
	var names []string
	entries, _ := os.ReadDir(f.Dir)
	for _, e := range entries {
		name, ok := strings.CutPrefix(e.Name(), Prefix)
		if name, ok = cutSuffix(name, ok); ok && config.ValidName(name, '-') {
			names = append(names, name)
		}
	}
	return names
}

func cutSuffix(name string, ok bool) (string, bool) {
	if suffix := programSuffix(); ok && suffix != "" {
		return strings.CutSuffix(name, suffix)
	}
	return name, ok
}
