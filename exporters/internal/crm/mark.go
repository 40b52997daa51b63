package crm

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
)

// Mark identifies a note or a task, and says which content was written. It stands in the
// entry as text, so that the entry is found again when nobody remembers its id. As it
// names the content, too, nothing is read back and compared: what a CRM does to the form
// of a text, or people to its words, does not count as a difference.
type Mark struct {
	ID      string // 20 hexadecimal digits: of what
	Content string // 8 hexadecimal digits: with which content
}

// markOf is the mark of an entry: key is that of its record, part the action within a
// plan, content all that is written.
func markOf(key, part string, content ...string) Mark {
	return Mark{digest(key, part)[:20], digest(content...)[:8]}
}

// digest is a hash over parts that can't be mistaken for others.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// String is the mark as it stands in an entry: one word of letters, digits and hyphens.
func (m Mark) String() string { return m.Prefix() + m.Content }

// Prefix is the part of the mark that does not change with the content.
func (m Mark) Prefix() string { return "firstcall-" + m.ID + "-" }

var markPattern = regexp.MustCompile(`firstcall-([0-9a-f]{20})-([0-9a-f]{8})`)

// FindMark finds the mark in the text of an entry, markup or not. It is the last one: what
// people wrote before it may speak of the mark of another entry.
func FindMark(text string) (Mark, bool) {
	all := markPattern.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return Mark{}, false
	}
	last := all[len(all)-1]
	return Mark{last[1], last[2]}, true
}
