package history

// target is a tracked file that is followed back, and what was found of it.
type target struct {
	answers []*File
	path    string // in the last commit
	disk    string
	head    entry // in the last commit

	cursors   int  // of it that are still followed
	settled   bool // changed or why is final
	born      bool // added is final
	candidate *arrival

	changed, added, stood *commit
	why                   Reason
	dirty                 Difference
	skipped               Skipped
	bumps                 []Bump
}

// arrival is a commit that brought a file in, held until it is clear that the
// file was not only put back after it had been deleted.
type arrival struct {
	cursor *cursor // that holds it
	commit *commit
	blob   entry
	number int // of the commit in the walk
	sweep  sweep
}

// sweep says why a commit does not count whatever it did to a text.
type sweep uint8

const (
	noSweep sweep = iota
	bulkSweep
	ignoredSweep
)

// stands keeps that the text has been as it is since c, in walk order the first
// of which this is known.
func (t *target) stands(c *commit) {
	if t.stood == nil {
		t.stood = c
	}
}

// settle says that c was the last to change the text, unless a newer commit of
// another branch that brought the file in is still held.
func (t *target) settle(c *commit) {
	if t.settled {
		return
	}
	if a := t.candidate; a != nil && a.sweep == noSweep {
		c = a.commit
	}
	t.settled, t.changed, t.why = true, c, Told
}

// giveUp says that it can't be told what c, or what comes before it, did.
func (t *target) giveUp(why Reason, c *commit) {
	if t.settled {
		return
	}
	if c != nil {
		t.stands(c)
	}
	t.settled, t.why = true, why
}

// text records that c changed the text.
func (t *target) text(c *commit, s sweep) {
	if t.settled {
		return
	}
	switch s {
	case bulkSweep:
		t.skipped.Bulk++
		t.stands(c)
	case ignoredSweep:
		t.skipped.Ignored++
		t.stands(c)
	default:
		t.settle(c)
	}
}

// bump records that c moved a review date only.
func (t *target) bump(c *commit, note string) {
	if !t.settled {
		t.bumps = append(t.bumps, Bump{*c.published(), oneLine(note, 200)})
	}
}

// skip adds one to a count of commits that are seen through.
func (t *target) skip(count *int) {
	if !t.settled {
		*count++
	}
}

// tell writes the findings to the answers.
func (t *target) tell() {
	for _, f := range t.answers {
		f.Tracked, f.Dirty, f.Why = true, t.dirty, t.why
		f.Skipped, f.Bumps = t.skipped, t.bumps
		if t.changed != nil {
			f.Changed = t.changed.published()
		} else if t.stood != nil {
			f.Stood = t.stood.published()
		}
		if t.born && t.added != nil {
			f.Added = t.added.published()
		}
	}
}
