package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// Version is the content of one file at a revision.
type Version struct {
	Path    string // as given
	Content []byte // nil when Missing is set or Why is not Told
	Missing bool   // the revision has no such file, or something else than a file in its place
	Why     Reason // why the content is not known: NoContent for one that is not at hand or over 64 MiB
}

// UnknownRevision is the error for a revision that a repository does not have.
type UnknownRevision struct {
	Revision string
	Top      string // of the work tree whose repository was asked
}

func (e *UnknownRevision) Error() string {
	return fmt.Sprintf("no revision %q in the repository at %s", e.Revision, e.Top)
}

// OutsideRepository is the error for a file that is in no repository.
type OutsideRepository struct{ Path string }

func (e *OutsideRepository) Error() string { return e.Path + " is in no git repository" }

// NotReadable is the error for a repository that git would not or could not
// read, or for a git that is not there.
type NotReadable struct {
	Top    string // of the work tree; empty when git itself is the trouble
	Reason string // one line
}

func (e *NotReadable) Error() string {
	if e.Top == "" {
		return e.Reason
	}
	return fmt.Sprintf("git can't read the repository at %s: %s", e.Top, e.Reason)
}

// Show gives the contents of files at revision rev, in the order given within
// each repository, and repositories ordered by their tops. Files are looked for
// under the path they have now; moves are not followed. Anything that git takes
// for a commit is a revision.
//
// An error ends the sequence: *UnknownRevision, *OutsideRepository and
// *NotReadable come before the first version of any file; later only a failure
// of git or the error of ctx may come.
func Show(ctx context.Context, rev string, files []string) iter.Seq2[Version, error] {
	return func(yield func(Version, error) bool) {
		trees, places, err := locate(files)
		if err != nil {
			yield(Version{}, err)
			return
		}
		for i, p := range places {
			if p.tree < 0 {
				yield(Version{}, &OutsideRepository{files[i]})
				return
			}
		}
		program, err := findGit(ctx)
		if err != nil {
			yield(Version{}, cmp.Or(ctx.Err(), error(&NotReadable{Reason: err.Error()})))
			return
		}
		commits := make([]string, len(trees))
		for t, top := range trees {
			if commits[t], err = program.in(top).commitOf(ctx, rev); err != nil {
				yield(Version{}, err)
				return
			}
		}
		for t, top := range trees {
			s := shower{git: program.in(top), files: files, places: places, tree: t}
			if !s.show(ctx, commits[t], yield) {
				return
			}
		}
	}
}

// commitOf gives the hash of the commit that a revision stands for.
func (g git) commitOf(ctx context.Context, rev string) (string, error) {
	out, err := g.output(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if hash := strings.TrimSpace(string(out)); err == nil && isHash(hash) {
		return hash, nil
	}
	// Whether it is the revision or the repository that git does not like is
	// seen from whether it can do without the revision.
	if _, err := g.output(ctx, "rev-parse", "--git-dir"); err != nil {
		return "", g.notReadable(ctx, err)
	}
	return "", &UnknownRevision{Revision: rev, Top: g.top}
}

func (g git) notReadable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &NotReadable{Top: g.top, Reason: oneLine(err.Error(), 300)}
}

// shower shows the files of one repository.
type shower struct {
	git    git
	files  []string
	places []place
	tree   int
}

// show yields the versions at commit. It gives false when there is to be no
// more.
func (s *shower) show(ctx context.Context, commit string, yield func(Version, error) bool) bool {
	wanted := map[string]bool{}
	folded := map[string]bool{}
	for _, p := range s.places {
		if p.tree == s.tree {
			wanted[p.path], folded[strings.ToLower(p.path)] = true, true
		}
	}
	tree, err := s.git.listTree(ctx, commit, func(path string) bool {
		return wanted[path] || folded[strings.ToLower(path)]
	})
	if err != nil {
		yield(Version{}, s.git.notReadable(ctx, err))
		return false
	}
	_, partial, err := s.git.clonedInPart(ctx)
	if err != nil {
		yield(Version{}, s.git.notReadable(ctx, err))
		return false
	}
	byFolded := foldPaths(tree)
	blobs := &blobs{git: s.git, partial: partial}
	defer blobs.end()
	for i, p := range s.places {
		if p.tree != s.tree {
			continue
		}
		v := Version{Path: s.files[i]}
		path, ok := trackedPath(tree, byFolded, s.git.top, p)
		if !ok || !tree[path].regular() {
			v.Missing = true
		} else if v.Content, err = blobs.get(ctx, tree[path].blob); errors.Is(err, errMissing) || errors.Is(err, errTooLarge) {
			v.Why = NoContent
		} else if err != nil {
			yield(Version{}, s.git.notReadable(ctx, err))
			return false
		}
		if !yield(v, nil) {
			return false
		}
	}
	return true
}
