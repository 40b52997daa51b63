package survey

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// UnknownLabel is a text that many respondents gave as an answer and that is
// no label of the scale: a label in another language or wording.
//
// Only texts that as many respondents gave as make the smallest group are
// ever told. Anything rarer may be somebody's own words. Where ids tell people
// apart, one who answers again and again counts once. Where there are none, the
// rows of one wave count, of which each is another person's as far as one knows.
type UnknownLabel struct {
	Label   string
	Rows    int      // that it stands in
	Items   []string // the items it was given to, in the order of the instrument
	Nearest string   // the label that looks most like it, or ""
	Answer  int      // what Nearest stands for
}

// Suggestion is a line for [answers] in a mapping file that makes the label
// known. Where it can only be guessed what it stands for, the line is a
// comment to complete.
func (u UnknownLabel) Suggestion() string {
	if u.Nearest == "" {
		return fmt.Sprintf("# %s = ?", tomlQuoted(u.Label))
	}
	return fmt.Sprintf("%s = %d  # if it is %q", tomlQuoted(u.Label), u.Answer, u.Nearest)
}

// tomlQuoted writes a text as a key of TOML.
func tomlQuoted(s string) string {
	if !slices.ContainsFunc([]rune(s), func(c rune) bool { return c == '\'' || c < ' ' || c == 0x7F }) {
		return "'" + s + "'"
	}
	return fmt.Sprintf("%q", s)
}

// maxLabels is how many different unknown labels are kept count of.
const maxLabels = 4096

// maxLabelWaves is how many waves each of them is kept count of in.
const maxLabelWaves = 64

// labelCounts counts in how many rows each label stands that no scale knows,
// and whether enough people gave it. The zero value is ready to merge into.
//
// It keeps the labels with the smallest hashes: which these are depends on
// neither order nor parts, and one that is among them at the end has been so
// from its first row on, so that its count is exact.
type labelCounts struct {
	least   int  // people who must have given a label
	byID    bool // ids tell people apart; otherwise the rows of a wave are counted
	seen    map[string]*labelCount
	highest uint64 // of the hashes in seen, once it is full
}

type labelCount struct {
	hash  uint64
	rows  int
	line  int // of the last row counted
	items map[int]bool
	from  fewest // people by the hash of their id, or waves by that of their name
}

// newLabelCounts starts to count. Ids are known or not for a whole file.
func newLabelCounts(req Request, byID bool) labelCounts {
	least := req.MinGroup
	if least == 0 {
		least = req.Instrument.Policy.MinGroup
	}
	if least == 0 {
		least = instrument.MinGroupDefault
	}
	return labelCounts{least: max(least, instrument.MinGroupFloor), byID: byID}
}

// fewest counts rows by a hash, for as many hashes as there is room for: the
// smallest, ascending. As with labels, these do not depend on order or parts,
// and the count of each is exact.
type fewest []hashCount

type hashCount struct {
	hash uint64
	rows int
}

func (f fewest) add(hash uint64, rows, room int) fewest {
	at, found := slices.BinarySearchFunc(f, hash, func(h hashCount, hash uint64) int { return cmp.Compare(h.hash, hash) })
	switch {
	case found:
		f[at].rows += rows
		return f
	case at >= room:
		return f
	case len(f) >= room:
		f = f[:room-1]
	}
	return slices.Insert(f, at, hashCount{hash, rows})
}

// room is how many hashes are kept for a label.
func (c *labelCounts) room() int {
	if c.byID {
		return c.least
	}
	return maxLabelWaves
}

// enough reports whether as many people gave a label as make a group.
func (c *labelCounts) enough(l *labelCount) bool {
	if c.byID {
		return len(l.from) >= c.least
	}
	return slices.ContainsFunc(l.from, func(wave hashCount) bool { return wave.rows >= c.least })
}

// giver is who gave an answer, as far as that is known.
type giver struct {
	line     int // tells rows apart
	id, wave string
}

// add counts a cell. The item is its index in Instrument.Items().
func (c *labelCounts) add(who giver, item int, cell []byte) {
	if len(cell) > maxSpelling || !utf8.Valid(cell) {
		return
	}
	var scratch [maxSpelling]byte
	label := appendFolded(scratch[:0], cell, false)
	at := c.seen[string(label)]
	if at == nil {
		if at = c.enter(string(label), hashOf(string(label))); at == nil {
			return
		}
	}
	at.items[item] = true
	if at.line == who.line {
		return
	}
	at.line = who.line
	at.rows++
	switch {
	case !c.byID:
		at.from = at.from.add(hashOf(who.wave), 1, c.room())
	case who.id != "": // a row without an id may be anybody's
		at.from = at.from.add(hashOf(foldedLoosely(who.id)), 1, c.room())
	}
}

// enter makes room for a label, or returns nil when its hash is too high.
func (c *labelCounts) enter(label string, hash uint64) *labelCount {
	if c.seen == nil {
		c.seen = map[string]*labelCount{}
	}
	if len(c.seen) >= maxLabels {
		if hash >= c.highest {
			return nil
		}
		for other, count := range c.seen {
			if count.hash == c.highest {
				delete(c.seen, other)
			}
		}
	}
	at := &labelCount{hash: hash, items: map[int]bool{}}
	c.seen[label] = at
	if len(c.seen) >= maxLabels {
		c.highest = 0
		for _, count := range c.seen {
			c.highest = max(c.highest, count.hash)
		}
	}
	return at
}

// hashOf is FNV-1a.
func hashOf(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return min(h, math.MaxUint64-1)
}

// merge adds the counts of another part of the file.
func (c *labelCounts) merge(o *labelCounts) {
	if o.seen == nil {
		return
	}
	c.least, c.byID = o.least, o.byID
	for label, from := range o.seen {
		at := c.seen[label]
		if at == nil {
			if at = c.enter(label, from.hash); at == nil {
				continue
			}
		}
		at.rows += from.rows
		for _, f := range from.from {
			at.from = at.from.add(f.hash, f.rows, c.room())
		}
		for item := range from.items {
			at.items[item] = true
		}
	}
}

// report lists the labels that enough people gave, the commonest first. The
// coders are parallel to the instrument's items.
func (c *labelCounts) report(req Request, coders []*coder) []UnknownLabel {
	items := req.Instrument.Items()
	var out []UnknownLabel
	for label, count := range c.seen {
		if !c.enough(count) || strings.ContainsFunc(label, unicode.IsControl) {
			continue
		}
		u := UnknownLabel{Label: label, Rows: count.rows}
		for i, it := range items {
			if !count.items[i] {
				continue
			}
			u.Items = append(u.Items, it.ID)
			if near := problem.Nearest(label, coders[i].scale.Labels); near != "" && u.Nearest == "" {
				u.Nearest = near
				u.Answer = coders[i].scale.Min + slices.Index(coders[i].scale.Labels, near)
			}
		}
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b UnknownLabel) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Label, b.Label))
	})
	return out
}
