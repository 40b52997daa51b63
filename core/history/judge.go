package history

import (
	"context"
	"errors"
)

// hit is a change of a file that is followed.
type hit struct {
	cursor *cursor
	change change
}

// judge records what commit c did to the files it changed. With deletions,
// the commit deleted files too.
func (w *walker) judge(ctx context.Context, c *commit, hits []hit, deletions bool) error {
	s := noSweep
	changed := 0
	for _, h := range hits {
		if !h.change.same() {
			changed++
		}
	}
	if w.bulk > 0 && changed >= w.bulk {
		s = bulkSweep
	}
	if len(hits) > 0 && w.ignored.has(c.hash) {
		s = ignoredSweep
	}
	for _, h := range hits {
		was := w.done(h.cursor.target)
		if err := w.judgeOne(ctx, c, h, s, deletions); err != nil {
			return err
		}
		w.update(h.cursor.target, was)
	}
	return nil
}

func (w *walker) judgeOne(ctx context.Context, c *commit, h hit, s sweep, deletions bool) error {
	t := h.cursor.target
	if h.change.status == 'A' {
		if w.repository.Partial && deletions {
			t.giveUp(NoContent, c) // may have been moved: contents would tell
		}
		a := &arrival{cursor: h.cursor, commit: c, blob: h.change.new, number: w.counter, sweep: s}
		h.cursor.held = a
		if w.opt.Added && !t.born {
			t.added = c
		}
		if t.candidate == nil {
			t.candidate = a
		}
		w.held = append(w.held, a)
		return nil
	}
	if t.settled {
		return nil
	}
	if h.change.same() {
		if h.change.status == 'R' {
			t.skip(&t.skipped.Moves)
		} else {
			t.skip(&t.skipped.Layout)
		}
		return nil
	}
	unmoved := &t.skipped.Layout
	if h.change.status == 'R' {
		unmoved = &t.skipped.Moves
	}
	return w.record(ctx, t, c, h.change.old, h.change.new, s, unmoved)
}

// record compares two contents and records what c did. Where the words are the
// same, one is added to same.
func (w *walker) record(ctx context.Context, t *target, c *commit, older, newer entry, s sweep, same *int) error {
	if s == ignoredSweep {
		t.text(c, s)
		return nil
	}
	d, note, err := w.compare(ctx, t, older, newer)
	switch {
	case errors.Is(err, errMissing):
		t.giveUp(NoContent, c)
	case err != nil:
		return err
	case d == Same:
		t.skip(same)
	case d == Dates:
		t.bump(c, note)
	default:
		t.text(c, s)
	}
	return nil
}

// compare judges two contents from the history.
func (w *walker) compare(ctx context.Context, t *target, older, newer entry) (Difference, string, error) {
	if older.blob == newer.blob {
		return Same, "", nil
	}
	if !older.regular() || !newer.regular() {
		return Text, "", nil
	}
	var contents [2][]byte
	for i, hash := range []string{older.blob, newer.blob} {
		content, err := w.blobs.get(ctx, hash)
		if errors.Is(err, errTooLarge) {
			return Text, "", nil
		}
		if err != nil {
			return Same, "", err
		}
		contents[i] = content
	}
	if isPointer(contents[0]) || isPointer(contents[1]) {
		return Text, "", nil
	}
	d, note := w.opt.Compare(t.path, contents[0], contents[1])
	return d, note, nil
}

// restore looks whether change deleted files that a later commit brought in.
func (w *walker) restore(ctx context.Context, f *flock, change change) error {
	for _, cur := range f.at[change.path] {
		a, t := cur.held, cur.target
		if cur.over || a == nil {
			continue
		}
		was := w.done(t)
		cur.held = nil
		if t.candidate == a {
			t.candidate = nil
		}
		if err := w.record(ctx, t, a.commit, change.old, a.blob, a.sweep, &t.skipped.Restored); err != nil {
			return err
		}
		w.update(t, was)
	}
	return nil
}
