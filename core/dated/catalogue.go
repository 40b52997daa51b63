package dated

import (
	"iter"
	"slices"
	"sync"
)

// Catalogue is all that is known to be out of date. It is only read once made, and
// safe for concurrent use.
type Catalogue struct {
	entries []*Entry // by id
	byID    map[string]*Entry
	firsts  *table
}

// English gives the catalogue of this package's data, made at the first call.
func English() *Catalogue { return english() }

var english = sync.OnceValue(func() *Catalogue {
	c, err := read(files)
	if err != nil {
		panic(err) // the data are part of the program
	}
	return c
})

// Entries gives all entries in the order of their ids.
func (c *Catalogue) Entries() iter.Seq[*Entry] { return slices.Values(c.entries) }

// Entry gives the entry with the id.
func (c *Catalogue) Entry(id string) (*Entry, bool) {
	e, ok := c.byID[id]
	return e, ok
}

// Len gives the number of entries.
func (c *Catalogue) Len() int { return len(c.entries) }
