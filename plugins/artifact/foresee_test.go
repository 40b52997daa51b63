package artifact

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/problem"
)

func (w *workspace) foresee(out string, force bool, files ...File) ([]Foreseen, error) {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	return Foresee(names, Options{Out: out, Force: force, StateDir: w.state})
}

// What is foreseen is what Place then does, and foreseeing changes nothing.
func TestForeseeAgreesWithPlace(t *testing.T) {
	one := []File{md("acme.md", "1")}
	two := []File{md("a.md", "1"), md("sub/b.md", "2")}
	for _, out := range []string{"new.md", "dir", "dir/", "new/", "new.d/", "file", "no/new.md", "file/new.md", "dir/own.md"} {
		for _, files := range [][]File{one, two, nil} {
			w := newWorkspace(t)
			w.write("file", "x")
			if err := os.Mkdir(w.path("dir"), 0o755); err != nil {
				t.Fatal(err)
			}
			w.write("dir/own.md", "mine")
			before := w.tree()
			at := w.dir + string(filepath.Separator) + filepath.FromSlash(out)
			foreseen, ferr := w.foresee(at, false, files...)
			if after := w.tree(); after != before {
				t.Errorf("%s: foreseeing made %s of %s", out, after, before)
			}
			report, err := w.place(at, false, files...)
			if reflect.TypeOf(ferr) != reflect.TypeOf(err) || err != nil && ferr.Error() != err.Error() {
				t.Errorf("%s with %d files: foresaw error %v (%T), got %v (%T)", out, len(files), ferr, ferr, err, err)
			}
			if err != nil {
				continue
			}
			var want, got []string
			for _, f := range report.Written {
				want = append(want, f.Path)
			}
			for _, f := range foreseen {
				got = append(got, f.Path)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: foresaw %q, got %q", out, got, want)
			}
		}
	}
}

func TestForeseeConflicts(t *testing.T) {
	w := newWorkspace(t)
	files := []File{md("a.md", "1"), md("b.md", "2"), md("c.md", "3")}
	if _, err := w.place(w.dir, false, files...); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(w.path("c.md")); err != nil {
		t.Fatal(err)
	}
	w.write("b.md", "edited")
	places, err := w.foresee(w.dir, false, files...)
	var conflict *ConflictError
	if !errors.As(err, &conflict) || len(conflict.Files) != 1 || conflict.Files[0].File != w.path("b.md") {
		t.Fatalf("error %v, want a conflict about b.md alone", err)
	}
	want := []Foreseen{{w.path("a.md"), false}, {w.path("b.md"), true}, {w.path("c.md"), false}}
	if !slices.Equal(places, want) {
		t.Errorf("foresaw %+v, want %+v", places, want)
	}
	if places, err = w.foresee(w.dir, true, files...); err != nil || len(places) != 3 || places[1].Refused {
		t.Errorf("with force: %+v, %v", places, err)
	}
}

func TestForeseeStdout(t *testing.T) {
	if places, err := Foresee([]string{"a.md"}, Options{}); err != nil || len(places) > 0 {
		t.Errorf("one file: %v, %v", places, err)
	}
	_, err := Foresee([]string{"a.md", "b.md"}, Options{})
	if usage := new(UsageError); !errors.As(err, &usage) {
		t.Errorf("two files: %v, want a UsageError", err)
	}
	_, err = Foresee([]string{"a.md"}, Options{Out: filepath.Join(t.TempDir(), "no", "a.md")})
	if fault := new(problem.Problem); !errors.As(err, fault) {
		t.Errorf("missing folder: %v, want a problem", err)
	}
}
