package ics

import (
	"fmt"
	"slices"
	"time"
)

// on is the time of day on a day. A time that does not occur, since clocks are put
// forward, is moved by what they are put forward; of one that occurs twice it is the
// first (RFC 5545, 3.3.5).
func (c *clock) on(day time.Time) time.Time {
	y, m, d := day.Date()
	wall := time.Date(y, m, d, c.hour, c.minute, 0, 0, time.UTC)
	// Offsets are less than a day. The offset before a change is what counts both in a
	// gap and for the first of two.
	_, before := wall.Add(-24 * time.Hour).In(c.zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(c.zone).Zone()
	at := wall.Add(-time.Duration(before) * time.Second).In(c.zone)
	if same(at, wall) || before == after {
		return at
	}
	if later := wall.Add(-time.Duration(after) * time.Second).In(c.zone); same(later, wall) {
		return later
	}
	return at
}

// same reports whether a clock on the wall shows wall at a time.
func same(at, wall time.Time) bool { return at.Format(localForm) == wall.Format(localForm) }

// zone writes a time zone: every change of the clocks from a year before the first start
// to a year after the last, so that both sorts of time are there.
func (l *lines) zone(zone *time.Location, starts []time.Time) {
	first := slices.MinFunc(starts, time.Time.Compare).AddDate(-1, 0, 0)
	last := slices.MaxFunc(starts, time.Time.Compare).AddDate(1, 0, 0)
	l.put("BEGIN", "VTIMEZONE")
	l.put("TZID", zone.String())
	for at := first.In(zone); ; {
		begin, end := at.ZoneBounds()
		l.observance(at, begin)
		if end.IsZero() || end.After(last) {
			break
		}
		at = end
	}
	l.put("END", "VTIMEZONE")
}

// observance writes the time that holds at a moment, since begin; zero: since ever.
func (l *lines) observance(at, begin time.Time) {
	name, to := at.Zone()
	from := to
	onset := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	if !begin.IsZero() {
		_, from = begin.Add(-time.Second).Zone()
		onset = begin.UTC().Add(time.Duration(from) * time.Second)
	}
	component := "STANDARD"
	if at.IsDST() {
		component = "DAYLIGHT"
	}
	l.put("BEGIN", component)
	l.put("DTSTART", onset.Format(localForm))
	l.put("TZOFFSETFROM", offset(from))
	l.put("TZOFFSETTO", offset(to))
	l.text("TZNAME", name)
	l.put("END", component)
}

// offset writes an offset from UTC, with seconds where it has some.
func offset(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	text := fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
	if s := seconds % 60; s != 0 {
		text += fmt.Sprintf("%02d", s)
	}
	return text
}
