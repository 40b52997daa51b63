package artifact

import (
	"context"
	"errors"

	"github.com/firstcall-cli/firstcall/plugins/internal/state"
)

// Foreseen is where Place would put a file.
type Foreseen struct {
	Path    string // below Options.Out, as the user wrote that
	Refused bool   // what is there would be left alone
}

// Foresee tells where Place would put files of these names, and writes
// nothing. The result is in the order of the names, and empty when the one file
// would go to Stdout.
//
// The error is the one that Place would end with, as far as names alone show;
// beside a [*ConflictError], the result says which files it is about. The bytes
// are not known yet: a file that firstcall did not write there is refused here,
// though Place would leave it be if it held the new ones.
func Foresee(names []string, opts Options) ([]Foreseen, error) {
	files := make([]File, len(names))
	for i, name := range names {
		files[i] = File{Name: name}
	}
	if opts.Out == "" {
		return nil, forStdout(files)
	}
	if len(files) == 0 {
		return nil, nil
	}
	t, err := locate(files, opts.Out)
	if err != nil {
		return nil, err
	}
	places := make([]Foreseen, len(files))
	for i, name := range t.names {
		places[i].Path = t.path(name)
	}
	if t.mkdir {
		return places, nil // nothing can be in the way
	}
	p := newPlacement(t, opts)
	if err := p.open(); err != nil {
		return nil, err
	}
	defer p.root.Close()
	err = p.inspect(context.Background(), files)
	var conflicts *ConflictError
	if errors.As(err, &conflicts) {
		for i := range places {
			places[i].Refused = p.items[i].refused
		}
		return places, err
	}
	if err != nil {
		return nil, err
	}
	return places, nil
}

func newPlacement(t target, opts Options) *placement {
	p := &placement{target: t, force: opts.Force, report: &Report{}}
	dir := opts.StateDir
	if dir == "" {
		dir, p.stateErr = state.Dir()
	}
	p.memory = newMemory(dir)
	return p
}
