package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// bridge lets the command of a script refer to the copies of its files.
func (s *stage) bridge(starter, command []string, copies map[string]string) error {
	if len(starter) == 0 {
		return errors.New("nothing is known that starts a bridged script")
	}
	words := slices.Clone(starter)
	for _, word := range command {
		flag, name := splitWord(word)
		switch at, ok := copies[name]; {
		case ok:
			word = flag + at
		case holds(copies, name):
			word = flag + filepath.Join(s.dir, filepath.FromSlash(name))
		}
		words = append(words, word)
	}
	s.ready.Path, s.ready.Args = words[0], words[1:]
	return nil
}

// holds reports whether name is a folder of files.
func holds(files map[string]string, name string) bool {
	for file := range files {
		if strings.HasPrefix(file, name+"/") {
			return true
		}
	}
	return false
}

// splitWord takes --flag=FILE apart into what comes before the file, and what
// may be one. What begins with a hyphen otherwise is no file.
func splitWord(word string) (flag, name string) {
	if !strings.HasPrefix(word, "-") {
		return "", word
	}
	if i := strings.IndexByte(word, '='); i >= 0 {
		return word[:i+1], word[i+1:]
	}
	return word, ""
}

// ScriptError says why a command cannot be locked, or cannot run as it is.
type ScriptError struct{ what, hint string }

// Error says what is wrong.
func (e *ScriptError) Error() string { return e.what }

// Hint says what to do.
func (e *ScriptError) Hint() string { return e.hint }

// gather makes an entry's command and file list of a command as the user
// writes it, with file names relative to dir, and of further files or folders
// that the script needs. root is the folder of the lock. The hashes are still
// empty.
func gather(dir, root string, command, with []string) ([]string, map[string]string, error) {
	if len(command) == 0 {
		return nil, nil, &ScriptError{"there is no command to lock", "write it after two hyphens: firstcall plugin lock NAME --bridge -- node export.mjs"}
	}
	g := &gatherer{dir: dir, files: map[string]string{}}
	words := slices.Clone(command)
	for i, word := range words {
		flag, name := splitWord(word)
		if name == "" {
			continue
		}
		local, err := g.add(name, i == 0)
		if err != nil {
			return nil, nil, err
		}
		if local != "" {
			words[i] = flag + local
		}
	}
	if _, ours := g.files[words[0]]; !ours {
		program, err := interpreter(dir, words[0])
		if err != nil {
			return nil, nil, err
		}
		words[0] = program
	}
	if at, fault := commandFault(root, words, g.files); fault != "" {
		return nil, nil, &ScriptError{fmt.Sprintf("%q %s", words[at], fault), "put it into " + dir + ": paths are relative to that folder"}
	}
	if err := strayFile(words, g.files); err != nil {
		return nil, nil, err
	}
	for _, name := range with {
		local, err := g.add(name, false)
		if err == nil && local == "" {
			err = &ScriptError{fmt.Sprintf("%s is not in %s", name, dir), "put it there; paths are relative to that folder"}
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return words, g.files, nil
}

// commandFault finds the first word of a command that stands for code that is
// not hashed, and says why. root is the folder of the lock.
//
// What a lock lets run must not change unless the lock does, but a command is
// free to say anything. So the word behind an interpreter must be a file that is
// hashed, or a flag; a word that is plainly a path must be hashed; and an
// interpreter must not come with the project. Programs that are written out in a
// command (sh -c) are what the lock says they are.
func commandFault(root string, command []string, files map[string]string) (at int, why string) {
	_, ours := files[command[0]]
	switch {
	case ours:
	case !absolute(command[0]):
		return 0, "is neither an absolute path nor one of the files"
	case within(root, command[0]):
		return 0, "lies beside the lock and is not hashed"
	}
	for i, word := range command[1:] {
		flag, name := splitWord(word)
		_, hashed := files[name]
		second := i == 0 && !ours && flag == "" && name != ""
		if !hashed && !holds(files, name) && (second || isPath(name)) {
			return i + 1, "is not one of the files that are hashed"
		}
	}
	return 0, ""
}

func within(root, name string) bool {
	inside, err := filepath.Rel(root, filepath.FromSlash(name))
	return err == nil && filepath.IsLocal(inside)
}

// isPath reports whether a word can be nothing but a path.
func isPath(word string) bool {
	word = strings.ReplaceAll(word, `\`, "/")
	return word == "." || word == ".." || strings.HasPrefix(word, "./") || strings.HasPrefix(word, "../") || absolute(word)
}

// strayFile refuses a command with a word that is not hashed, but is the name of
// a file in the working directory: that is the file which would be used.
func strayFile(command []string, files map[string]string) error {
	for _, word := range command[1:] {
		_, name := splitWord(word)
		if _, hashed := files[name]; hashed || name == "" {
			continue
		}
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			return &ScriptError{fmt.Sprintf("%q is a file in the working directory, and is not one of the files that are hashed", name),
				"put it into the plugin folder and lock the script again, or run the command in another folder"}
		}
	}
	return nil
}

// gatherer finds the files of a script.
type gatherer struct {
	dir   string
	files map[string]string
}

// mostFiles is how many files a script may have: each is read at every launch.
const mostFiles = 2000

// add notes the file, or all files of the folder, that name means, and returns
// its path below the plugin folder with slashes; empty when name means nothing
// there. program says that it is the first word, which may be a program
// elsewhere.
func (g *gatherer) add(name string, program bool) (string, error) {
	local := filepath.Clean(filepath.FromSlash(name))
	if filepath.IsAbs(local) {
		inside, err := filepath.Rel(g.dir, local)
		if err != nil || !filepath.IsLocal(inside) {
			if _, err := os.Stat(local); err != nil || program {
				return "", nil
			}
			return "", &ScriptError{fmt.Sprintf("%s lies outside of %s", name, g.dir), "copy it there: what is locked is what lies in the plugin folder"}
		}
		local = inside
	}
	if !filepath.IsLocal(local) {
		return "", nil
	}
	info, err := os.Stat(filepath.Join(g.dir, local))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return filepath.ToSlash(local), g.file(filepath.ToSlash(local))
	}
	if program || local == "." {
		return "", nil
	}
	return filepath.ToSlash(local), g.folder(filepath.ToSlash(local))
}

func (g *gatherer) file(name string) error {
	if !validFile(name) {
		return &ScriptError{fmt.Sprintf("%q cannot stand in a lock: not every system can have a file of that name", name), "give the file another name"}
	}
	if g.files[name] = ""; len(g.files) > mostFiles {
		return &ScriptError{fmt.Sprintf("the script has more than %d files", mostFiles), "bundle it into a few, since each is checked at every launch"}
	}
	return nil
}

func (g *gatherer) folder(name string) error {
	return fs.WalkDir(os.DirFS(g.dir), name, func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return g.file(path.Clean(at))
	})
}

// interpreter is the absolute path of the program that a command begins with.
func interpreter(dir, word string) (string, error) {
	if filepath.IsAbs(word) {
		return filepath.Clean(word), nil
	}
	if filepath.Base(word) != word {
		return "", &ScriptError{fmt.Sprintf("%s is not in %s", word, dir), "paths are relative to the plugin folder"}
	}
	found, err := exec.LookPath(word)
	if err != nil {
		return "", &ScriptError{fmt.Sprintf("%s is neither in %s nor a program in PATH", word, dir), "check the name, or give the absolute path of the interpreter"}
	}
	return filepath.Abs(found)
}
