// Package dated finds in a text what is out of date in the world: products that
// were discontinued or renamed, versions without support, office machines that
// nobody has any more, and terms for people that are no longer used. It tells
// what it found, since when, and why that may be no fault where it stands; it
// judges nothing itself.
//
// All it knows is in the folder data, whose files say at their heads how they are
// read and where their facts come from.
package dated

import (
	"fmt"
	"time"
)

// Kind is what an entry is in the world.
type Kind uint8

// The kinds of entries.
const (
	Product Kind = iota // something one installs or buys
	Service             // something one signs in to, and names of companies that run one
	Version             // a release of a product that lives on in later ones
	Tool                // a machine or medium of the office
	Term                // a word for people, an agency, a law or a standard
)

var kinds = [...]string{"product", "service", "version", "tool", "term"}

// String gives the kind as one lower-case word.
func (k Kind) String() string { return kinds[k] }

// State is what became of it.
type State uint8

// The states of entries.
const (
	Ended       State = iota // withdrawn, closed, or out of use
	Renamed                  // goes on under another name
	Unsupported              // still runs here and there; its maker mends nothing any more
	OldTerm                  // out of common use: a word, or a thing that few still make
)

var states = [...]string{"ended", "renamed", "unsupported", "old"}

// String gives the state as it is written in the data.
func (s State) String() string { return states[s] }

// Strength is how much a finding says.
type Strength uint8

// The strengths.
const (
	Soft Strength = iota // debatable: a hint
	Sure                 // dated
)

// String gives "soft" or "sure".
func (s Strength) String() string {
	if s == Sure {
		return "sure"
	}
	return "soft"
}

// Month is a month of the calendar, or a year of which the month is not known.
type Month struct {
	Year  int        // 1900 to 2099
	Month time.Month // 0 when not known
}

// String gives 2022-11, or 2022.
func (m Month) String() string {
	if m.Month == 0 {
		return fmt.Sprintf("%04d", m.Year)
	}
	return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month))
}

// After says whether the month has not begun at t. A year without a month has
// begun when it is over, since nothing else is certain.
func (m Month) After(t time.Time) bool {
	if m.Month == 0 {
		return t.Year() <= m.Year
	}
	return t.Year() < m.Year || t.Year() == m.Year && t.Month() < m.Month
}

// before says whether the month was over the given number of years before t.
func (m Month) before(t time.Time, years int) bool {
	return !m.After(t.AddDate(-years, 0, 0))
}

// Entry is one thing that is out of date. Entries are shared: they are only read.
type Entry struct {
	ID          string // lower-case words with hyphens, unique and lasting
	Name        string // as people know it
	Kind        Kind
	State       State
	Since       Month  // when it came into its state
	Replacement string // what it is called or what is used now; empty when nothing is
	Source      string // where that was published: publisher, title, year
	Strength    Strength
	// Page is the address of a page that says so, read when the entry was checked;
	// empty when none was read.
	Page string

	checked bool     // compared with other public texts, none of which is worth its address
	medium  bool     // archives collect it
	yes, no []string // sentences in which it is found, and is not: for tests
}
