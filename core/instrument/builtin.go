package instrument

import (
	"embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// Embedded files cost nothing at start-up; each is parsed when asked for.
//
//go:embed builtin/*.toml
var builtinFiles embed.FS

// Builtins lists the ids of the built-in instruments in the order in which the
// models are usually taught.
func Builtins() []string {
	return []string{"eight-qualities", "four-steps", "improvement-plan", "warning-signs", "service-system", "purpose-centered"}
}

// BuiltinSource returns the TOML of the built-in instrument with that id, and
// whether there is one. It is a good start for an instrument of one's own.
func BuiltinSource(id string) ([]byte, bool) {
	if !slices.Contains(Builtins(), id) {
		return nil, false
	}
	src, err := builtinFiles.ReadFile("builtin/" + id + ".toml")
	return src, err == nil
}

// Builtin reads the built-in instrument with that id. The error is an
// *UnknownError when there is none.
func Builtin(id string) (*Instrument, error) {
	src, ok := BuiltinSource(id)
	if !ok {
		return nil, &UnknownError{Ref: id}
	}
	return Read(id+".toml", src)
}

// UnknownError says that a reference is neither the id of a built-in instrument
// nor a file.
type UnknownError struct {
	Ref string // as the user wrote it
}

func (e *UnknownError) Error() string { return fmt.Sprintf("unknown instrument %q", e.Ref) }

// Hint names the built-in instrument that was probably meant, or all of them.
func (e *UnknownError) Hint() string {
	return problem.DidYouMean(e.Ref, Builtins(),
		"built in are "+strings.Join(Builtins(), ", ")+"; or give the path of a .toml file")
}

// Open reads the instrument that ref names: the id of a built-in one, or the
// path of a TOML file. A ref is taken for a path when it contains a separator,
// ends in .toml, or is the name of a file that exists.
//
// The error is a problem.List when the file has faults, an *UnknownError when
// ref names nothing, and wraps the one of the operating system when the file
// cannot be read.
func Open(ref string) (*Instrument, error) {
	if slices.Contains(Builtins(), ref) {
		return Builtin(ref)
	}
	if !looksLikePath(ref) {
		if _, err := os.Stat(ref); err != nil {
			return nil, &UnknownError{Ref: ref}
		}
	}
	src, err := readFile(ref)
	if err != nil {
		return nil, fmt.Errorf("read instrument: %w", err)
	}
	return Read(ref, src)
}

func looksLikePath(ref string) bool {
	return strings.ContainsRune(ref, '/') || strings.ContainsRune(ref, filepath.Separator) ||
		strings.EqualFold(filepath.Ext(ref), ".toml")
}

// readFile reads a file, but no more of it than shows that it is too large.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, tomlfile.MaxSize+1))
}
