package history

import (
	"context"
	"slices"
)

// walker follows files back through one repository.
type walker struct {
	git        git
	opt        Options
	repository *Repository
	shallow    map[string]bool // commits whose parents are cut off
	ignored    ignored
	bulk       int // how many files make a bulk commit, 0 for never
	blobs      *blobs
	commits    *commits
	changes    *changes

	open    int               // targets that are not done
	flocks  map[string]*flock // by commit
	queue   []*commit         // read ahead
	likely  map[string]bool   // commits not read yet that will be asked about
	held    []*arrival        // in the order met
	counter int               // commits visited
}

// cursor is where in the history a file is being looked at: at a commit, the
// one its flock is kept under, and at a path, the one it is kept under there.
// A file has several while branches with different contents of it are followed.
type cursor struct {
	target *target
	held   *arrival // when the file is not there before a later commit
	over   bool
}

// flock is what is to be looked at in one commit.
type flock struct {
	at   map[string][]*cursor
	open int // cursors of targets that are not done; may be more than there are
}

func newFlock() *flock { return &flock{at: map[string][]*cursor{}} }

// restoreWithin is for how many commits before the one that brought a file in
// a deletion is looked for, so that a file deleted by mistake and put back is
// not taken for new. Without an end, every file that was never changed would
// make the walk go to the first commit.
const restoreWithin = 1000

func (w *walker) walk(ctx context.Context, head string, targets []*target) error {
	w.flocks, w.likely = map[string]*flock{}, map[string]bool{head: true}
	first := newFlock()
	for _, t := range targets {
		t.cursors = 1
		first.at[t.path] = []*cursor{{target: t}}
	}
	first.open, w.open = len(targets), len(targets)
	w.flocks[head] = first

	var err error
	if w.commits, err = w.git.commits(ctx, head); err != nil {
		return err
	}
	defer w.commits.process.end()
	if w.changes, err = w.git.changes(ctx, w.repository.Partial); err != nil {
		return err
	}
	defer w.changes.end()
	for w.open > 0 {
		if err := w.readAhead(); err != nil {
			return err
		}
		if len(w.queue) == 0 {
			break
		}
		c := w.queue[0]
		w.queue = w.queue[1:]
		if err := w.visit(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// readAhead fills the queue and asks for the changes that will be needed.
func (w *walker) readAhead() error {
	for len(w.queue) < lookAhead {
		c, err := w.commits.next()
		if err != nil {
			return err
		}
		if c == nil {
			return nil
		}
		w.queue = append(w.queue, c)
		if w.likely[c.hash] {
			delete(w.likely, c.hash)
			if len(c.parents) > 0 {
				w.likely[c.parents[0]] = true
			}
			w.changes.ask(firstPair(c))
		}
	}
	return nil
}

func firstPair(c *commit) pair {
	if len(c.parents) == 0 {
		return pair{c.hash, ""}
	}
	return pair{c.hash, c.parents[0]}
}

// visit looks at one commit and hands its files on to its parents.
func (w *walker) visit(ctx context.Context, c *commit) error {
	w.counter++
	w.repository.Commits++
	w.expire()
	f := w.flocks[c.hash]
	delete(w.flocks, c.hash)
	switch {
	case f == nil:
		return w.changes.drop(firstPair(c))
	case len(c.parents) == 0 && w.shallow[c.hash]:
		w.cut(f, c)
		return w.changes.drop(firstPair(c))
	case f.open == 0 && len(c.parents) > 0:
		w.hand(f, c.parents[0])
		return w.changes.drop(firstPair(c))
	case len(c.parents) > 1:
		return w.visitMerge(ctx, c, f)
	}
	return w.visitPlain(ctx, c, f)
}

// visitPlain looks at a commit with one parent or none.
func (w *walker) visitPlain(ctx context.Context, c *commit, f *flock) error {
	list, err := w.changes.get(firstPair(c))
	if err != nil {
		return err
	}
	var hits []hit
	parent := firstPair(c).parent
	for _, change := range list {
		if change.status == 'D' {
			if err := w.restore(ctx, f, change); err != nil {
				return err
			}
			continue
		}
		for _, cur := range f.take(change.path) {
			hits = append(hits, hit{cur, change})
		}
	}
	before := w.open
	if err := w.judge(ctx, c, hits, hasDeletion(list)); err != nil {
		return err
	}
	for _, h := range hits {
		f.put(h.change.from, h.cursor)
	}
	if w.open != before {
		f.recount(w)
	}
	if parent == "" {
		w.endAll(f)
	} else {
		w.hand(f, parent)
	}
	return nil
}

// take removes and gives the cursors at path whose file is there.
func (f *flock) take(path string) []*cursor {
	all, ok := f.at[path]
	if !ok {
		return nil
	}
	var taken, left []*cursor
	for _, cur := range all {
		switch {
		case cur.over:
		case cur.held != nil:
			left = append(left, cur)
		default:
			taken = append(taken, cur)
		}
	}
	if len(left) > 0 {
		f.at[path] = left
	} else {
		delete(f.at, path)
	}
	return taken
}

// put adds a cursor, unless its like is there already.
func (f *flock) put(path string, cur *cursor) {
	for _, other := range f.at[path] {
		if other.target == cur.target && (other.held == nil) == (cur.held == nil) && !other.over {
			cur.over = true
			cur.target.cursors--
			return
		}
	}
	f.at[path] = append(f.at[path], cur)
}

// recount counts the cursors of targets that are not done.
func (f *flock) recount(w *walker) {
	f.open = 0
	for _, all := range f.at {
		for _, cur := range all {
			if !cur.over && !w.done(cur.target) {
				f.open++
			}
		}
	}
}

// hand gives a flock on to a parent, where another may be waiting.
func (w *walker) hand(f *flock, parent string) {
	other := w.flocks[parent]
	if other == nil {
		w.flocks[parent] = f
		return
	}
	if len(other.at) < len(f.at) {
		f, other = other, f
		w.flocks[parent] = other
	}
	for path, all := range f.at {
		for _, cur := range all {
			if !cur.over {
				other.put(path, cur)
			}
		}
	}
	other.recount(w)
}

// done says whether nothing more is to be found out about t.
func (w *walker) done(t *target) bool { return t.settled && (t.born || !w.opt.Added) }

// update notices that something about t has become final.
func (w *walker) update(t *target, wasDone bool) {
	if !wasDone && w.done(t) {
		w.open--
	}
}

// end stops following a cursor, whose file begins there as far as is known.
func (w *walker) end(cur *cursor) {
	if cur.over {
		return
	}
	t := cur.target
	was := w.done(t)
	cur.over = true
	t.cursors--
	if a := cur.held; a != nil {
		if t.candidate == a {
			t.candidate = nil
		}
		t.text(a.commit, a.sweep)
	}
	if t.cursors == 0 {
		t.giveUp(NothingReal, nil)
		t.born = true
	}
	w.update(t, was)
}

func (w *walker) endAll(f *flock) {
	for _, all := range f.at {
		for _, cur := range all {
			w.end(cur)
		}
	}
}

// expire ends the cursors whose files have been away for long enough.
func (w *walker) expire() {
	for len(w.held) > 0 {
		a := w.held[0]
		if a.cursor.held == a && !a.cursor.over {
			if w.counter-a.number < restoreWithin {
				return
			}
			w.end(a.cursor)
		}
		w.held = w.held[1:]
	}
}

// cut ends the flock at a commit whose parents are cut off. Everything looks
// new there, which is no evidence.
func (w *walker) cut(f *flock, c *commit) {
	for _, all := range f.at {
		for _, cur := range all {
			t := cur.target
			if cur.held != nil {
				w.end(cur)
				continue
			}
			if cur.over {
				continue
			}
			was := w.done(t)
			cur.over = true
			t.cursors--
			t.added = nil
			if a := t.candidate; a != nil && a.sweep == noSweep {
				t.settle(a.commit)
			}
			t.giveUp(Cut, c)
			t.born = true
			w.update(t, was)
		}
	}
}

func hasDeletion(list []change) bool {
	return slices.ContainsFunc(list, func(c change) bool { return c.status == 'D' })
}
