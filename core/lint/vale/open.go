package vale

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// Open reads the styles that a path names:
//
//   - a .vale.ini, with the styles it names in its StylesPath; the config then
//     says which rules a file is checked with;
//   - the folder of one style, which has .yml files;
//   - a StylesPath, which has folders with .yml files and none itself: all of its
//     styles.
//
// For folders the config is nil. taken is the ids of all rules there are already.
// Rules, notes and errors are as Read gives them.
func Open(name string, taken []string) (config *Config, rules []*lint.Rule, notes problem.List, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read styles: %w", err)
	}
	if !info.IsDir() {
		return openConfig(name, taken)
	}
	styles, err := stylesIn(name)
	if err != nil {
		return nil, nil, nil, err
	}
	rules, notes, err = read(styles, taken)
	return nil, rules, notes, err
}

// openConfig reads a .vale.ini and the styles it names.
func openConfig(name string, taken []string) (*Config, []*lint.Rule, problem.List, error) {
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".yml" || ext == ".yaml" {
		what := problem.Problem{File: name, What: "file is one rule, not a .vale.ini", Hint: "name the folder of its style, " + filepath.ToSlash(filepath.Dir(name))}
		return nil, nil, nil, problem.List{what}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read styles: %w", err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read styles: %w", err)
	}
	config, notes, err := ReadConfig(name, src)
	if err != nil {
		return nil, nil, notes, err
	}
	root := filepath.FromSlash(config.StylesPath)
	if !filepath.IsAbs(root) {
		root = filepath.Join(filepath.Dir(name), root)
	}
	if info, err := os.Stat(root); err != nil || !info.IsDir() {
		what := problem.Problem{File: name, Line: config.stylesLine, What: fmt.Sprintf("StylesPath %q is no folder", config.StylesPath), Hint: "it is relative to the file"}
		return nil, nil, notes, problem.List{what}
	}
	fsys := os.DirFS(root)
	var styles []string
	for _, style := range config.Styles() {
		// Vale minds no settings for rules of styles that nothing is based on.
		if !config.based(style) && !slices.Contains(folders(fsys), style) {
			notes.Add(problem.Problem{File: name, What: fmt.Sprintf("there is no style %q, what is set of its rules has no effect", style)})
			continue
		}
		styles = append(styles, style)
	}
	if len(styles) == 0 {
		notes.Add(problem.Problem{File: name, What: "file names no styles, nothing is checked by it", Hint: "write BasedOnStyles = House below [*]"})
	}
	rules, more, err := Read(fsys, filepath.ToSlash(root), styles, taken)
	return config, rules, append(notes, more...), err
}

// stylesIn gives the one style that a folder is, or all that are in it.
func stylesIn(name string) ([]style, error) {
	shown := filepath.ToSlash(filepath.Clean(name))
	fsys := os.DirFS(name)
	ruled, err := hasRules(fsys, ".")
	if err != nil {
		return nil, problem.List{{File: shown, What: "folder can't be read: " + reason(err)}}
	}
	if ruled {
		whole, err := filepath.Abs(name)
		if err != nil {
			return nil, fmt.Errorf("read styles: %w", err)
		}
		return []style{{name: filepath.Base(whole), fsys: fsys, shown: shown}}, nil
	}
	what := problem.Problem{File: shown, What: "folder is neither a style nor has any in it", Hint: "a style is a folder of .yml files"}
	if _, err := fs.Stat(fsys, ".vale.ini"); err == nil {
		// It is the folder of a project, where .yml files are anything.
		what.What, what.Hint = "folder is no style", fmt.Sprintf("did you mean %q?", path.Join(shown, ".vale.ini"))
		return nil, problem.List{what}
	}
	var styles []style
	for _, folder := range stylesOf(fsys) {
		styles = append(styles, styleIn(fsys, shown, folder))
	}
	if len(styles) > 0 {
		return styles, nil
	}
	if at := slices.IndexFunc(folders(fsys), func(folder string) bool {
		sub, err := fs.Sub(fsys, folder)
		return err == nil && len(stylesOf(sub)) > 0
	}); at >= 0 {
		what.Hint = fmt.Sprintf("did you mean %q?", path.Join(shown, folders(fsys)[at]))
	}
	return nil, problem.List{what}
}

// stylesOf lists the folders that have rules. One that can't be read is among
// them, so that it is told.
func stylesOf(fsys fs.FS) []string {
	return slices.DeleteFunc(folders(fsys), func(folder string) bool {
		ruled, err := hasRules(fsys, folder)
		return err == nil && !ruled
	})
}

// hasRules says whether there are files of rules in a folder itself.
func hasRules(fsys fs.FS, dir string) (bool, error) {
	entries, err := fs.ReadDir(fsys, dir)
	return slices.ContainsFunc(entries, isRule), err
}

// isRule says whether an entry of a folder is the file of a rule. Hidden ones
// are other programs'.
func isRule(entry fs.DirEntry) bool {
	return !entry.IsDir() && path.Ext(entry.Name()) == ".yml" && !hidden(entry.Name())
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") && name != "." }

// style is a style's folder.
type style struct {
	name  string
	fsys  fs.FS  // the folder
	shown string // what it is called in problems
	hint  string // for when it can't be read
}

// styleIn gives a style of a StylesPath that is called root.
func styleIn(fsys fs.FS, root, name string) style {
	sub, err := fs.Sub(fsys, name)
	if err != nil {
		return style{name: name, fsys: absent{}, shown: root + "/" + name}
	}
	return style{name: name, fsys: sub, shown: path.Join(root, name)}
}

// absent is the folder of a style whose name no folder can have.
type absent struct{}

func (absent) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Read makes the rules of styles, which are folders in fsys, a StylesPath. The
// rule of Microsoft/Avoid.yml has the id Microsoft/Avoid. root is what files are
// called in problems: the name of the StylesPath. taken is the ids of all rules
// there are already, which no file may have.
//
// The rules are in the order of their ids. The notes tell what is left out. The
// error is a problem.List of all that is wrong in the files; the rules of the
// others are there all the same.
func Read(fsys fs.FS, root string, styles, taken []string) (rules []*lint.Rule, notes problem.List, err error) {
	var all []style
	for _, name := range styles {
		s := styleIn(fsys, root, name)
		s.hint = problem.DidYouMean(name, folders(fsys), "a style is a folder in StylesPath")
		all = append(all, s)
	}
	return read(all, taken)
}

func read(styles []style, taken []string) (rules []*lint.Rule, notes problem.List, err error) {
	var faults problem.List
	ids := map[string]bool{}
	for _, id := range taken {
		ids[id] = true
	}
	for _, s := range styles {
		files, err := filesOf(s.fsys)
		if err != nil {
			faults.Add(problem.Problem{File: s.shown, What: "style can't be read: " + reason(err), Hint: s.hint})
			continue
		}
		for _, name := range files {
			file := path.Join(s.shown, name)
			id := s.name + "/" + strings.TrimSuffix(path.Base(name), path.Ext(name))
			src, err := readFile(s.fsys, name)
			switch {
			case err != nil:
				faults.Add(problem.Problem{File: file, What: "file can't be read: " + reason(err)})
				continue
			case ids[id]:
				faults.Add(problem.Problem{File: file, What: fmt.Sprintf("there is a rule %q already", id), Hint: "rename the file or its style"})
				continue
			}
			ids[id] = true
			rule, left, err := ReadRule(id, file, src)
			notes = append(notes, left...)
			var list problem.List
			if errors.As(err, &list) {
				faults = append(faults, list...)
			}
			if rule != nil {
				rules = append(rules, rule)
			}
		}
	}
	slices.SortFunc(rules, func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules, notes, faults.Err()
}

// filesOf lists the files of rules in a style and in the folders in it.
func filesOf(fsys fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && hidden(entry.Name()):
			return fs.SkipDir
		case isRule(entry):
			files = append(files, name)
		}
		return nil
	})
	return files, err
}

// folders lists the folders in a folder.
func folders(fsys fs.FS) []string {
	entries, _ := fs.ReadDir(fsys, ".") // where there is nothing to list, nothing is near
	var names []string
	for _, e := range entries {
		if hidden(e.Name()) {
			continue
		}
		if info, err := fs.Stat(fsys, e.Name()); err == nil && info.IsDir() { // links too
			names = append(names, e.Name())
		}
	}
	return names
}

var errNoFile = errors.New("it is no ordinary file")

// readFile reads a file, and a little more than it may have.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxSize+1))
}

// reason is an error of the file system without its path.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}
