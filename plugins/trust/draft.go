package trust

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// Draft is an entry for a lock in the making: what it is about is copied and
// hashed as by Prepare, and held against nothing. It is for the user who has
// asked to lock, or to install, just this. Close its Ready.
type Draft struct {
	Entry Entry  // without a version, and without a name unless it was given
	Ready *Ready // to be started once, to learn the rest
}

// CheckName reports with a [*NameError] whether a vendor's exporter can have the
// name.
func (p Places) CheckName(name string) error {
	switch {
	case !config.ValidName(name, '-'):
		return &NameError{Name: name}
	case slices.Contains(p.Bundled, name):
		return &NameError{Name: name, Bundled: true}
	}
	return nil
}

// DraftProgram makes a draft of the program at path; the copy is called base,
// which may matter to the program, with the ending the system asks for. It
// fails with a [*SumError] when want is not empty and not its hash.
func (p Places) DraftProgram(path, base, want string) (*Draft, error) {
	return p.draft(func(s *stage) (Entry, error) { return s.program(path, base, want) })
}

// DraftStream is DraftProgram for a program that is read from in, which may
// take its time.
func (p Places) DraftStream(in io.Reader, base, want string) (*Draft, error) {
	return p.draft(func(s *stage) (Entry, error) {
		path := filepath.Join(s.dir, ".incoming")
		out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return Entry{}, err
		}
		sum, err := copyHashed(out, in)
		if err := errors.Join(err, out.Close()); err != nil {
			return Entry{}, err
		}
		if want != "" && sum != want {
			return Entry{}, &SumError{Want: want, Got: sum}
		}
		e, err := s.program(path, base, sum)
		return e, errors.Join(err, os.Remove(path))
	})
}

// program stages one program.
func (s *stage) program(path, base, want string) (Entry, error) {
	at, sum, err := s.copy(strings.TrimSuffix(base, programSuffix())+programSuffix(), path)
	if err != nil {
		return Entry{}, err
	}
	if want != "" && sum != want {
		return Entry{}, &SumError{Want: want, Got: sum}
	}
	s.ready.Path, s.ready.Sum = at, sum
	return Entry{SHA256: map[string]string{Platform(): sum}}, s.allow(at)
}

// SumError says that a file is not the one that was asked for.
type SumError struct{ Want, Got string }

// Error gives both hashes.
func (e *SumError) Error() string {
	return fmt.Sprintf("this is not the file that was asked for\n  wanted: sha256 %s\n  is:     sha256 %s", e.Want, e.Got)
}

// Hint says what to do.
func (e *SumError) Hint() string {
	return "don't run it: compare the hash with the one its author publishes"
}

// DraftScript makes a draft of a bridged script: its command, whose files are
// relative to the folder, and further files or folders of the script. An
// interpreter given by its bare name is looked up in PATH and locked by its
// path; it is not hashed, since the system updates it.
//
// The error is a [*ScriptError], or one of the file system.
func (p Places) DraftScript(f Folder, command, with []string) (*Draft, error) {
	words, files, err := gather(f.Dir, filepath.Dir(f.Lock), command, with)
	if err != nil {
		return nil, err
	}
	return p.draft(func(s *stage) (Entry, error) {
		copies := map[string]string{}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			at, sum, err := s.copy(name, filepath.Join(f.Dir, filepath.FromSlash(name)))
			if err == nil {
				err = s.allow(at)
			}
			if err != nil {
				return Entry{}, err
			}
			copies[name], files[name] = at, sum
		}
		e := Entry{Command: words, Files: files}
		s.ready.Sum = e.Sum()
		return e, s.bridge(p.Bridge, words, copies)
	})
}

func (p Places) draft(fill func(*stage) (Entry, error)) (*Draft, error) {
	s, err := p.newStage()
	if err != nil {
		return nil, err
	}
	e, err := fill(s)
	if err != nil {
		return nil, errors.Join(err, s.ready.Close())
	}
	return &Draft{e, s.ready}, nil
}

// SumFile returns the SHA-256 of a file in hexadecimal.
func SumFile(path string) (string, error) {
	f, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return copyHashed(io.Discard, f)
}
