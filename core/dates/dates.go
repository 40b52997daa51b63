// Package dates finds the dates that are written out in a text, and what each is
// said to be: when the text was revised, until when it may be answered, what is
// promised by then.
//
// Its grammar is small on purpose. Texts are full of figures that general date
// readers take for dates (24/7, 80/20, 9-5, salary ranges, telephone numbers,
// sections of laws, Windows 7), so a date needs a year, and whatever is open to
// doubt (a year alone, 3/19, 20210304) counts only where a label or a word such as
// "until" makes a date of it. Web addresses, file names and e-mail addresses hold
// no dates.
//
// The package knows no clock: whether a date has passed is for the caller to say.
// Any bytes are accepted, and all work is linear in their number.
package dates

import (
	"fmt"
	"iter"
	"time"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// Precision is the unit in which a date is given.
type Precision uint8

// The precisions, finest first.
const (
	Day Precision = iota
	Month
	Quarter // three months: a calendar quarter or a season
	Year
)

var precisionNames = [...]string{"day", "month", "quarter", "year"}

func (p Precision) String() string { return name(precisionNames[:], uint8(p)) }

// Date is a stretch of days that a text names: First to Last, both included, each
// at midnight UTC. First is never after Last.
type Date struct {
	First, Last time.Time
	Precision   Precision
}

// String writes the date as ISO 8601 does (2021-02-24, 2021-02, 2021), quarters as
// 2021-Q1, and a stretch that is no single unit by its ends: 2018-09-24/2018-09-28,
// 2022-03/2022-05 for a spring.
func (d Date) String() string {
	switch d.Precision {
	case Month:
		return ends(d.First.Format("2006-01"), d.Last.Format("2006-01"))
	case Year:
		return ends(d.First.Format("2006"), d.Last.Format("2006"))
	case Quarter:
		if m := d.First.Month(); m%3 == 1 && d.Last.Equal(monthEnd(d.First.Year(), m+2)) {
			return fmt.Sprintf("%04d-Q%d", d.First.Year(), (m+2)/3)
		}
		return ends(d.First.Format("2006-01"), d.Last.Format("2006-01"))
	}
	return ends(d.First.Format(time.DateOnly), d.Last.Format(time.DateOnly))
}

// Equal says whether both are the same days in the same precision.
func (d Date) Equal(e Date) bool {
	return d.Precision == e.Precision && d.First.Equal(e.First) && d.Last.Equal(e.Last)
}

func ends(first, last string) string {
	if first == last {
		return first
	}
	return first + "/" + last
}

// Order is how dates such as 3/4/21 are read.
type Order uint8

// The orders.
const (
	Unknown    Order = iota
	MonthFirst       // March 4, as in the United States
	DayFirst         // 3 April, as nearly everywhere else
)

var orderNames = [...]string{"unknown", "month first", "day first"}

func (o Order) String() string { return name(orderNames[:], uint8(o)) }

// Edge is the part of a stretch that a text speaks of.
type Edge uint8

// The edges. Date is that part: the first or last day for Beginning and End (then
// its precision is Day), a third of it for Early, Middle and Late (days 1-10, 11-20
// and the rest of a month, four months of a year, a month of a quarter; the
// precision is the unit that the third is counted in).
const (
	Whole     Edge = iota
	Beginning      // the beginning of, the start of
	Early
	Middle // mid, the middle of
	Late
	End // the end of
)

var edgeNames = [...]string{"whole", "beginning", "early", "middle", "late", "end"}

func (e Edge) String() string { return name(edgeNames[:], uint8(e)) }

// Mention is a date that stands in a text. A weekday before it and the words for
// its edge belong to it, a time of day only where it is written onto the date
// (2021-03-04T10:30Z).
type Mention struct {
	prose.Span
	Date           // month first where both orders are possible
	Other   *Date  // the reading with the day first, nil when there is only one
	Numeric bool   // written with numbers alone, in an order that has to be known: 10-17-18
	Phrase  string // as written, white space folded
	Edge    Edge
	order   Order // what the numbers say of the order by themselves
}

// In gives the date as read in an order. Where the order is unknown and both are
// possible it is the stretch from the earlier to the later: surely not before
// First, surely not after Last.
func (m Mention) In(o Order) Date {
	switch {
	case m.Other == nil || o == MonthFirst:
		return m.Date
	case o == DayFirst:
		return *m.Other
	}
	d := m.Date
	if m.Other.First.Before(d.First) {
		d.First = m.Other.First
	}
	if m.Other.Last.After(d.Last) {
		d.Last = m.Other.Last
	}
	return d
}

// OrderOf says in which order the numeric dates of a folder or text are written,
// from those that have only one reading: 13/4/21 can't be month first. It is
// Unknown when there are none or they contradict each other.
func OrderOf(mentions iter.Seq[Mention]) Order {
	order := Unknown
	for m := range mentions {
		switch {
		case m.order == Unknown:
		case order == Unknown:
			order = m.order
		case order != m.order:
			return Unknown
		}
	}
	return order
}

// name gives the i-th name, and a number for a value that has none.
func name(names []string, i uint8) string {
	if int(i) < len(names) {
		return names[i]
	}
	return fmt.Sprintf("unknown (%d)", i)
}
