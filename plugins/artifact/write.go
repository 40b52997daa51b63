package artifact

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// placement is one run of Place. All its files are reached through root, which
// does not follow a name out of the folder.
type placement struct {
	target
	force    bool
	memory   memory
	stateErr error // why there is no place to remember anything

	root   *os.Root
	real   string // the folder's absolute path without links: by it paths are remembered
	items  []item
	made   []string // folders made below root, outermost first
	report *Report
}

// item is one file on its way.
type item struct {
	file      File
	name      string      // in root
	before    fs.FileInfo // what is there; nil: nothing
	unchanged bool
	refused   bool   // it must not be replaced
	temp      string // name in root of the complete file; empty: none
}

func (p *placement) run(ctx context.Context, files []File) (err error) {
	defer func() {
		if p.root != nil {
			if err != nil {
				p.undo()
			}
			_ = p.root.Close()
		}
		if err != nil && p.mkdir {
			_ = os.Remove(p.dir) // fails, as it should, when something is in it
		}
	}()
	if err := p.open(); err != nil {
		return err
	}
	if err := p.inspect(ctx, files); err != nil {
		return err
	}
	for i := range p.items {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.stage(&p.items[i]); err != nil {
			return &fs.PathError{Op: "write", Path: p.path(p.items[i].name), Err: cause(err)}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return p.commit()
}

func (p *placement) open() error {
	if p.mkdir {
		if err := os.Mkdir(p.dir, 0o777); err != nil {
			p.mkdir = false // it is not ours to remove
			return &fs.PathError{Op: "make folder", Path: p.dir, Err: cause(err)}
		}
	}
	root, err := os.OpenRoot(p.dir)
	if err != nil {
		return &fs.PathError{Op: "open folder", Path: p.dir, Err: cause(err)}
	}
	p.root = root
	if p.real, err = filepath.Abs(p.dir); err == nil {
		p.real, err = filepath.EvalSymlinks(p.real)
	}
	if err != nil {
		return &fs.PathError{Op: "read", Path: p.dir, Err: cause(err)}
	}
	return nil
}

// inspect looks at what is in the way, all of it before anything is written.
func (p *placement) inspect(ctx context.Context, files []File) error {
	var conflicts problem.List
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		it := item{file: f, name: p.names[i]}
		if err := p.look(&it); err != nil {
			var conflict problem.Problem
			if !errors.As(err, &conflict) {
				return &fs.PathError{Op: "read", Path: p.path(it.name), Err: cause(err)}
			}
			conflicts.Add(conflict)
			it.refused = true
		}
		p.items = append(p.items, it)
	}
	if len(conflicts) > 0 {
		return &ConflictError{Files: conflicts}
	}
	return nil
}

const (
	hintForce = "--force replaces it; another --out leaves it alone"
	hintOther = "choose another --out, or move it away"
)

// look finds out what is at the item's place, and whether it may be replaced.
func (p *placement) look(it *item) error {
	info, err := p.root.Lstat(filepath.FromSlash(it.name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	it.before = info
	conflict := problem.Problem{File: p.path(it.name), Hint: hintOther}
	switch {
	case info.IsDir():
		conflict.What = "is a folder"
		return conflict
	case info.Mode()&fs.ModeSymlink != 0:
		conflict.What = "is a symbolic link"
		return conflict
	case !info.Mode().IsRegular():
		conflict.What = "is not a regular file"
		return conflict
	}
	sum, err := p.sum(it.name)
	switch {
	case err == nil && sum == it.file.Sum:
		it.unchanged = true
		return nil
	case p.force:
		return nil
	}
	conflict.Hint = hintForce
	switch {
	case err != nil:
		conflict.What = "exists and cannot be read: " + cause(err).Error()
	case !p.memory.recall(p.absolute(it.name), sum):
		conflict.What = "exists and is not what firstcall wrote there last"
	case info.Mode().Perm()&0o200 == 0:
		conflict.What = "exists and is write-protected"
	default:
		return nil
	}
	return conflict
}

// absolute is the path by which a file is remembered.
func (p *placement) absolute(name string) string {
	return filepath.Join(p.real, filepath.FromSlash(name))
}

func (p *placement) sum(name string) (sum [sha256.Size]byte, err error) {
	f, err := p.root.Open(filepath.FromSlash(name))
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	h.Sum(sum[:0])
	return sum, nil
}

// stage writes the item completely beside its place.
func (p *placement) stage(it *item) error {
	if it.unchanged {
		return nil
	}
	dir := path.Dir(it.name)
	if err := p.mkdirAll(dir); err != nil {
		return err
	}
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	temp := filepath.FromSlash(path.Join(dir, ".firstcall-"+hex.EncodeToString(random[:])))
	f, err := p.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	it.temp = temp
	_, err = io.Copy(f, it.file.Content())
	if err == nil && it.before != nil {
		err = f.Chmod(it.before.Mode().Perm())
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// mkdirAll makes the folder dir of root with its parents, and notes which ones.
func (p *placement) mkdirAll(dir string) error {
	if dir == "." {
		return nil
	}
	if err := p.mkdirAll(path.Dir(dir)); err != nil {
		return err
	}
	err := p.root.Mkdir(filepath.FromSlash(dir), 0o777)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		p.made = append(p.made, dir)
	}
	return err
}

// commit gives every file its name, and remembers what was written.
func (p *placement) commit() error {
	if err := p.unmoved(); err != nil {
		return err
	}
	for i := range p.items {
		it := &p.items[i]
		if it.temp != "" {
			if err := p.root.Rename(it.temp, filepath.FromSlash(it.name)); err != nil {
				p.remember(p.items[:i]) // those are in place
				return &fs.PathError{Op: "write", Path: p.path(it.name), Err: cause(err)}
			}
			it.temp = ""
		}
		p.report.Written = append(p.report.Written, Written{Path: p.path(it.name), Size: it.file.Size, Unchanged: it.unchanged})
	}
	if err := p.syncFolders(); err != nil {
		return err
	}
	p.remember(p.items)
	return nil
}

// unmoved refuses to go on when somebody else was at work in the meantime.
func (p *placement) unmoved() error {
	var conflicts problem.List
	for _, it := range p.items {
		now, err := p.root.Lstat(filepath.FromSlash(it.name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &fs.PathError{Op: "read", Path: p.path(it.name), Err: cause(err)}
		}
		same := (now == nil) == (it.before == nil)
		if same && now != nil {
			same = os.SameFile(now, it.before) && now.Size() == it.before.Size() && now.ModTime().Equal(it.before.ModTime())
		}
		if !same {
			conflicts.Add(problem.Problem{File: p.path(it.name), What: "was changed by someone else just now", Hint: "run the command again"})
		}
	}
	if len(conflicts) > 0 {
		return &ConflictError{Files: conflicts}
	}
	return nil
}

// syncFolders makes the new names last, in the folders of the files and in the
// parents of folders that are new.
func (p *placement) syncFolders() error {
	if runtime.GOOS == "windows" {
		return nil // cannot, and does not need to
	}
	var dirs []string
	for _, it := range p.items {
		dirs = append(dirs, path.Dir(it.name))
	}
	for _, dir := range p.made {
		dirs = append(dirs, path.Dir(dir))
	}
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		if err := syncFolder(p.root.Open(filepath.FromSlash(dir))); err != nil {
			return &fs.PathError{Op: "write", Path: p.path(dir), Err: cause(err)}
		}
	}
	if p.mkdir {
		if err := syncFolder(os.Open(filepath.Dir(p.real))); err != nil {
			return &fs.PathError{Op: "write", Path: p.dir, Err: cause(err)}
		}
	}
	return nil
}

func syncFolder(f *os.File, err error) error {
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	// Some file systems cannot, and some folders may be written and not read.
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// remember notes files, by the bytes they have now. That it cannot is not worth
// failing for: the next run asks for --force.
func (p *placement) remember(items []item) {
	for _, it := range items {
		err := p.stateErr
		if err == nil {
			err = p.memory.note(p.absolute(it.name), it.file.Sum)
		}
		if err != nil {
			p.report.Warnings = append(p.report.Warnings, fmt.Sprintf(
				"cannot remember what was written (%v): to replace these files, the next run will need --force", err))
			return
		}
	}
}

// undo removes what is not in its place, and folders made for it.
func (p *placement) undo() {
	for _, it := range p.items {
		if it.temp != "" {
			_ = p.root.Remove(it.temp)
		}
	}
	for _, dir := range slices.Backward(p.made) {
		_ = p.root.Remove(filepath.FromSlash(dir)) // fails, as it should, when something is in it
	}
}
