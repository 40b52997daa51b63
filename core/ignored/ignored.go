// Package ignored tells which files and folders .gitignore files leave out, as git
// itself would, without starting it: https://git-scm.com/docs/gitignore. Whoever
// walks a folder of documents passes over what its owners do not count among them.
package ignored

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Matcher knows what is left out below a folder. It reads .gitignore files when it
// first needs them and remembers them. It is not safe for concurrent use.
type Matcher struct {
	root    string // as given
	inside  string // of the root within the base, with slashes; "." for the base itself
	base    string // the folder that .gitignore files are read from downward
	exclude []pattern
	folders map[string]*folder // by path within base; "." is base
}

// folder is what is known of a folder.
type folder struct {
	path     string // within base, with slashes; "." for base
	above    *folder
	ignored  bool
	patterns []pattern // of its .gitignore
}

// New makes a Matcher for what lies below a folder. Where the folder is in the
// working tree of a git repository, the .gitignore files of all folders from the top
// of the tree on count, and info/exclude of the repository; elsewhere those from
// root on. Settings of the user's outside the repository do not count, so that the
// answer is the same for everybody. Files that can't be read count as absent, and so
// does a .gitignore that is a symbolic link, as with git.
//
// Upper and lower case are told apart. A repository within another one's tree is
// not set apart: the patterns of both count.
func New(root string) *Matcher {
	m := &Matcher{root: root, inside: ".", base: root, folders: map[string]*folder{}}
	absolute, err := filepath.Abs(root)
	if err != nil {
		return m // what follows reads nothing either, then
	}
	m.base = absolute
	for dir := absolute; ; dir = filepath.Dir(dir) {
		if git := repository(dir); git != "" {
			if inside, err := filepath.Rel(dir, absolute); err == nil {
				m.base, m.inside = dir, filepath.ToSlash(inside)
				m.exclude = parsePatterns(string(readFile(filepath.Join(git, "info", "exclude"), os.Stat)))
			}
			break
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return m
}

// Skip reports whether a file or folder is left out: because a pattern says so,
// because a folder around it is left out, or because it is git's own folder. file
// begins with the root as New was given it, like the paths of filepath.WalkDir; dir
// says that it is a folder, not a link to one. The root is never left out, nor is
// anything for the sake of the folders around the root: the user has asked for it.
// What is not below the root is not left out.
func (m *Matcher) Skip(file string, dir bool) bool {
	below, err := filepath.Rel(m.root, file)
	if err != nil || below == "." || !filepath.IsLocal(below) {
		return false
	}
	name := path.Join(m.inside, filepath.ToSlash(below))
	return m.ignored(name, dir, m.folder(path.Dir(name)))
}

// ignored says whether what name is called in base, in the folder in, is left out.
func (m *Matcher) ignored(name string, dir bool, in *folder) bool {
	if in.ignored || strings.EqualFold(path.Base(name), ".git") {
		return true
	}
	for f := in; f != nil; f = f.above {
		if ignored, decided := decide(f.patterns, within(f.path, name), dir); decided {
			return ignored
		}
	}
	ignored, _ := decide(m.exclude, name, dir)
	return ignored
}

// decide asks patterns, of which the last that matches counts.
func decide(patterns []pattern, name string, dir bool) (ignored, decided bool) {
	for i := len(patterns) - 1; i >= 0; i-- {
		if p := &patterns[i]; p.matches(name, dir) {
			return !p.negated, true
		}
	}
	return false, false
}

// folder gives what is known of a folder of the base.
func (m *Matcher) folder(name string) *folder {
	if f := m.folders[name]; f != nil {
		return f
	}
	f := &folder{path: name}
	if name != "." {
		f.above = m.folder(path.Dir(name))
		asked := name == m.inside || strings.HasPrefix(m.inside, name+"/")
		f.ignored = !asked && m.ignored(name, true, f.above)
	}
	if !f.ignored {
		f.patterns = parsePatterns(string(readFile(filepath.Join(m.base, filepath.FromSlash(name), ".gitignore"), os.Lstat)))
	}
	m.folders[name] = f
	return f
}

// within is the path of name within the folder dir, in which it lies.
func within(dir, name string) string {
	if dir == "." {
		return name
	}
	return name[len(dir)+1:]
}

// repository gives the folder in which git keeps what all working trees of a
// repository share, if dir is the top of one; otherwise it is empty.
func repository(dir string) string {
	git := filepath.Join(dir, ".git")
	info, err := os.Stat(git)
	if err != nil {
		return ""
	}
	if info.IsDir() {
		if _, err := os.Lstat(filepath.Join(git, "HEAD")); err != nil {
			return ""
		}
		return git
	}
	// In a further working tree, and in a submodule, a file says where it is.
	to, found := strings.CutPrefix(firstLine(git), "gitdir: ")
	if !found {
		return ""
	}
	git = beside(dir, to)
	if shared := firstLine(filepath.Join(git, "commondir")); shared != "" {
		return beside(git, shared)
	}
	return git
}

// beside is a path as a file in dir gives it.
func beside(dir, to string) string {
	if to = filepath.FromSlash(to); filepath.IsAbs(to) {
		return to
	}
	return filepath.Join(dir, to)
}

// firstLine gives the first line of a small file; empty when there is none.
func firstLine(file string) string {
	line, _, _ := strings.Cut(string(readFile(file, os.Stat)), "\n")
	return strings.TrimSuffix(line, "\r")
}

// maxFile is the largest file that is read, in bytes. What is larger was not
// written by hand.
const maxFile = 4 << 20

// readFile reads a regular file; nil when it can't. stat is os.Lstat where a link is
// not to be followed, or else os.Stat.
func readFile(file string, stat func(string) (fs.FileInfo, error)) []byte {
	info, err := stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return text
}
