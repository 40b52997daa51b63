package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// reader reads the history of the files of one repository.
type reader struct {
	git        git
	opt        Options
	repository *Repository
	places     []place
	answers    []*File // by place
	targets    []*target
}

func (r *reader) add(p place, answer *File) {
	r.places = append(r.places, p)
	r.answers = append(r.answers, answer)
}

// read fills the answers in.
func (r *reader) read(ctx context.Context) {
	head, err := r.git.headCommit(ctx)
	if err != nil {
		why := Failed
		if errors.Is(err, errNoCommit) {
			why = NoCommits
		} else {
			r.note(ctx, err)
		}
		r.tellAll(why)
		return
	}
	r.repository.Head = head
	w := &walker{git: r.git, opt: r.opt, repository: r.repository, blobs: &blobs{git: r.git}}
	defer w.blobs.end()
	err = r.findTargets(ctx, head)
	if err == nil {
		w.shallow, r.repository.Partial, err = r.git.clonedInPart(ctx)
		r.repository.Shallow, w.blobs.partial = len(w.shallow) > 0, r.repository.Partial
	}
	if err != nil {
		r.note(ctx, err)
		r.tellAll(Failed)
		return
	}
	if len(r.targets) == 0 {
		return
	}
	var notes []string
	w.ignored, notes = readIgnored(r.git.top)
	r.repository.Notes = append(r.repository.Notes, notes...)
	w.bulk = bulkLimit(r.opt.Bulk, len(r.targets))
	r.repository.Files, r.repository.Bulk = len(r.targets), w.bulk

	if err := w.walk(ctx, head, r.targets); err != nil {
		r.note(ctx, err)
	}
	for _, t := range r.targets {
		dirty, err := w.dirty(ctx, t)
		if err != nil {
			r.note(ctx, err)
			break
		}
		t.dirty = dirty
	}
	for _, t := range r.targets {
		t.tell()
	}
}

// note keeps what went wrong, unless we were told to stop.
func (r *reader) note(ctx context.Context, err error) {
	if ctx.Err() == nil {
		r.repository.Notes = append(r.repository.Notes, oneLine(err.Error(), 300))
	}
}

func (r *reader) tellAll(why Reason) {
	for _, answer := range r.answers {
		answer.Why = why
	}
}

// findTargets finds the files in the last commit. Two paths may lead to one.
func (r *reader) findTargets(ctx context.Context, head string) error {
	exact, folded := map[string]bool{}, map[string]bool{}
	for _, p := range r.places {
		exact[p.path], folded[strings.ToLower(p.path)] = true, true
	}
	tree, err := r.git.listTree(ctx, head, func(path string) bool {
		return exact[path] || folded[strings.ToLower(path)]
	})
	if err != nil {
		return err
	}
	byFolded := foldPaths(tree)
	known := map[string]*target{}
	for i, p := range r.places {
		path, ok := trackedPath(tree, byFolded, r.git.top, p)
		if !ok || tree[path].mode == modeModule {
			r.answers[i].Why = Untracked
			continue
		}
		t := known[path]
		if t == nil {
			t = &target{path: path, disk: p.disk, head: tree[path], why: Failed}
			known[path] = t
			r.targets = append(r.targets, t)
		}
		t.answers = append(t.answers, r.answers[i])
	}
	return nil
}

// bulkLimit gives how many of n files a bulk commit changes, 0 for never.
func bulkLimit(asked, n int) int {
	switch {
	case asked < 0:
		return 0
	case asked > 0:
		return asked
	}
	return max(20, n/2+1)
}

// clonedInPart gives the commits at which the history is cut off, and says
// whether contents may be missing.
func (g git) clonedInPart(ctx context.Context) (shallow map[string]bool, partial bool, err error) {
	out, err := g.output(ctx, "rev-parse", "--git-path", "shallow")
	if err != nil {
		return nil, false, err
	}
	content, err := os.ReadFile(g.absolute(out))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, false, err
	}
	shallow = map[string]bool{}
	for line := range strings.Lines(string(content)) {
		shallow[strings.TrimSpace(line)] = true
	}
	out, err = g.output(ctx, "rev-parse", "--git-path", "objects/pack")
	if err != nil {
		return nil, false, err
	}
	packs, err := os.ReadDir(g.absolute(out))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, false, err
	}
	// What came from a remote that may hold contents back is marked so.
	partial = slices.ContainsFunc(packs, func(e os.DirEntry) bool { return filepath.Ext(e.Name()) == ".promisor" })
	return shallow, partial, nil
}

// absolute reads a path that git printed.
func (g git) absolute(printed []byte) string {
	path := filepath.FromSlash(strings.TrimSuffix(strings.TrimSuffix(string(printed), "\n"), "\r"))
	if !filepath.IsAbs(path) {
		path = filepath.Join(g.top, path)
	}
	return path
}

// ignoreFile names commits that are not to count, as git blame reads it with
// blame.ignoreRevsFile.
const ignoreFile = ".git-blame-ignore-revs"

// ignored are commits that are not to count: full hashes and beginnings.
type ignored struct {
	full  map[string]bool
	begin []string
}

func (g ignored) has(hash string) bool {
	return g.full[hash] || slices.ContainsFunc(g.begin, func(b string) bool { return strings.HasPrefix(hash, b) })
}

// readIgnored reads the list at the top of a work tree, if there is one.
func readIgnored(top string) (ignored, []string) {
	content, err := readSmall(filepath.Join(top, ignoreFile), 4<<20)
	if errors.Is(err, os.ErrNotExist) {
		return ignored{}, nil
	}
	if err != nil {
		return ignored{}, []string{ignoreFile + " can't be read: " + oneLine(err.Error(), 200)}
	}
	return parseIgnored(string(content))
}

// parseIgnored reads one hash a line, with comments from "#" on. Abbreviated
// hashes have at least four digits, as everywhere in git.
func parseIgnored(content string) (ignored, []string) {
	list := ignored{full: map[string]bool{}}
	var notes []string
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(content, "\uFEFF")) {
		number++
		hash, _, _ := strings.Cut(line, "#")
		hash = strings.ToLower(strings.TrimSpace(hash))
		switch {
		case hash == "":
		case isHash(hash):
			list.full[hash] = true
		case len(hash) >= 4 && len(hash) < 64 && strings.Trim(hash, "0123456789abcdef") == "":
			list.begin = append(list.begin, hash)
		case len(notes) < 3:
			notes = append(notes, fmt.Sprintf("%s:%d: %q is no commit", ignoreFile, number, oneLine(hash, 60)))
		}
	}
	return list, notes
}
