package history

import "context"

// split is a file whose content in a merge none of the parents looked at so
// far has.
type split struct {
	cursor  *cursor
	path    string
	changes []change // by parent
}

// visitMerge follows each file to the first parent whose content the merge
// took. A content that no parent has is followed in all of them.
func (w *walker) visitMerge(ctx context.Context, c *commit, f *flock) error {
	list, err := w.changes.get(firstPair(c))
	if err != nil {
		return err
	}
	rest, err := w.splitFirst(ctx, f, list)
	if err != nil {
		return err
	}
	onward := make([]*flock, len(c.parents))
	onward[0] = f // what is not touched stays with the first parent
	for i, parent := range c.parents {
		if i == 0 {
			continue
		}
		onward[i] = newFlock()
		if len(rest) == 0 {
			continue
		}
		other, err := w.changes.get(pair{c.hash, parent})
		if err != nil {
			return err
		}
		rest = splitNext(onward[i], rest, other)
	}
	if err := w.judgeMerge(ctx, c, onward, rest, hasDeletion(list)); err != nil {
		return err
	}
	for i, flock := range onward {
		flock.recount(w)
		if len(flock.at) > 0 {
			w.hand(flock, c.parents[i])
			if i > 0 && flock.open > 0 {
				w.expect(c.parents[i])
			}
		}
	}
	return nil
}

// splitFirst takes from f the files of a merge whose content its first parent
// does not have.
func (w *walker) splitFirst(ctx context.Context, f *flock, list []change) ([]split, error) {
	var rest, moved []split
	for _, change := range list {
		if change.status == 'D' {
			if err := w.restore(ctx, f, change); err != nil {
				return nil, err
			}
			continue
		}
		for _, cur := range f.take(change.path) {
			s := split{cur, change.from, nil}
			if change.same() {
				moved = append(moved, s)
				continue
			}
			s.path = change.path
			s.changes = append(s.changes, change)
			rest = append(rest, s)
		}
	}
	for _, s := range moved {
		f.put(s.path, s.cursor)
	}
	return rest, nil
}

// splitNext puts into f the files whose content a further parent has. It gives
// the others.
func splitNext(f *flock, rest []split, list []change) []split {
	changes := make(map[string]change, len(rest))
	for _, s := range rest {
		changes[s.path] = change{}
	}
	for _, c := range list {
		if _, ok := changes[c.path]; ok && c.status != 'D' {
			changes[c.path] = c
		}
	}
	var left []split
	for _, s := range rest {
		c := changes[s.path]
		switch {
		case c.status == 0:
			f.put(s.path, s.cursor)
		case c.same():
			f.put(c.from, s.cursor)
		default:
			s.changes = append(s.changes, c)
			left = append(left, s)
		}
	}
	return left
}

// judgeMerge deals with the contents that no parent of merge c has. Where the
// parents agree, the merge itself made the change, and where none has the file,
// it brought it in. Otherwise it may have done no more than to bring together
// what each had, so that each is followed.
func (w *walker) judgeMerge(ctx context.Context, c *commit, onward []*flock, rest []split, deletions bool) error {
	var hits []hit
	var to []int // parent, by hit
	for _, s := range rest {
		var holders []int
		agree := true
		for i, change := range s.changes {
			if change.status != 'A' {
				holders = append(holders, i)
				agree = agree && change.old.blob == s.changes[holders[0]].old.blob
			}
		}
		if len(holders) == 0 {
			holders = []int{0}
		}
		if agree {
			to = append(to, holders[0])
			hits = append(hits, hit{s.cursor, s.changes[holders[0]]})
			continue
		}
		s.cursor.over = true
		s.cursor.target.cursors += len(holders) - 1
		for _, i := range holders {
			onward[i].put(s.changes[i].from, &cursor{target: s.cursor.target})
		}
	}
	if err := w.judge(ctx, c, hits, deletions); err != nil {
		return err
	}
	for i, h := range hits {
		onward[to[i]].put(h.change.from, h.cursor)
	}
	return nil
}

// expect asks ahead for a commit that files were handed to and for those of its
// first parents that are in the queue.
func (w *walker) expect(hash string) {
	for _, c := range w.queue {
		if c.hash != hash {
			continue
		}
		w.changes.ask(firstPair(c))
		if len(c.parents) == 0 {
			return
		}
		hash = c.parents[0]
	}
	w.likely[hash] = true
}
