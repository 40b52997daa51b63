package history

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// place is where one of the files lies.
type place struct {
	tree int    // index of its work tree; -1 for none
	path string // under the top of the work tree, separated by slashes
	disk string // as the operating system finds it, symbolic links followed
}

// locate finds the work tree of each file. It gives the tops in order.
func locate(files []string) (tops []string, places []place, err error) {
	places = make([]place, len(files))
	topOf := map[string]string{} // by folder
	fileTops := make([]string, len(files))
	for i, file := range files {
		absolute, err := filepath.Abs(file)
		if err != nil {
			return nil, nil, err
		}
		disk := followLinks(absolute)
		top := findTop(filepath.Dir(disk), topOf)
		places[i] = place{tree: -1, disk: disk}
		if top == "" {
			continue
		}
		under, err := filepath.Rel(top, disk)
		if err != nil {
			continue
		}
		places[i].path = filepath.ToSlash(under)
		fileTops[i] = top
		tops = append(tops, top)
	}
	slices.Sort(tops)
	tops = slices.Compact(tops)
	for i, top := range fileTops {
		if top != "" {
			places[i].tree, _ = slices.BinarySearch(tops, top)
		}
	}
	return tops, places, nil
}

// followLinks resolves the symbolic links of a path whose last parts need not
// exist: a file may have been deleted.
func followLinks(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	dir := filepath.Dir(path)
	if dir == path {
		return path
	}
	return filepath.Join(followLinks(dir), filepath.Base(path))
}

// findTop gives the top of the work tree that dir is in, or "". It asks the
// file system as git would, so that no process is needed for files outside
// repositories; what it learns is kept in known.
func findTop(dir string, known map[string]string) string {
	if top, ok := known[dir]; ok {
		return top
	}
	top := ""
	if holdsRepository(dir) {
		top = dir
	} else if up := filepath.Dir(dir); up != dir {
		top = findTop(up, known)
	}
	known[dir] = top
	return top
}

// holdsRepository says whether dir has a .git that git would take for one: a
// folder with what every repository has, or, in submodules and linked work trees, a file that
// names such a folder.
func holdsRepository(dir string) bool {
	dot := filepath.Join(dir, ".git")
	info, err := os.Stat(dot)
	if err != nil {
		return false
	}
	if info.IsDir() {
		for _, part := range []string{"HEAD", "objects", "refs"} {
			if _, err := os.Lstat(filepath.Join(dot, part)); err != nil { // HEAD may be a link that leads nowhere yet
				return false
			}
		}
		return true
	}
	content, err := readSmall(dot, 64<<10)
	return err == nil && bytes.HasPrefix(content, []byte("gitdir: "))
}

// readSmall reads a regular file of at most limit bytes. A link, a pipe, a
// device and what is longer give fs.ErrInvalid.
func readSmall(path string, limit int64) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fs.ErrInvalid}
	}
	return os.ReadFile(path)
}

// trackedPath finds the name under which the last commit holds the file at p:
// that path itself or, where the file system does not tell upper from lower
// case, the one that leads to the same file.
func trackedPath(tree map[string]entry, folded map[string][]string, top string, p place) (string, bool) {
	if _, ok := tree[p.path]; ok {
		return p.path, true
	}
	own, err := os.Stat(p.disk)
	if err != nil {
		return "", false
	}
	for _, candidate := range folded[strings.ToLower(p.path)] {
		other, err := os.Stat(filepath.Join(top, filepath.FromSlash(candidate)))
		if err == nil && os.SameFile(own, other) {
			return candidate, true
		}
	}
	return "", false
}

// foldPaths lists the paths of a tree by what they are in lower case.
func foldPaths(tree map[string]entry) map[string][]string {
	folded := make(map[string][]string, len(tree))
	for _, path := range slices.Sorted(maps.Keys(tree)) {
		lower := strings.ToLower(path)
		folded[lower] = append(folded[lower], path)
	}
	return folded
}
