package ics

import (
	"fmt"
	"strings"
	"time"
)

// Forms of days and times.
const (
	dayForm   = "20060102"
	localForm = "20060102T150405"
	utcForm   = "20060102T150405Z"
)

// lasts is how long an entry with a time of day lasts.
const lasts = "PT30M"

// calendar is the content of a file.
type calendar struct {
	name   string
	events []event // at least one
}

// write gives the text of a calendar. It has no METHOD: the one that would fit, PUBLISH,
// has to name an organizer (RFC 5546, 3.2.1), and without one a file is what it is, a
// calendar to be imported.
func (set settings) write(c calendar) []byte {
	var l lines
	l.put("BEGIN", "VCALENDAR")
	l.put("VERSION", "2.0")
	l.put("PRODID", "-//firstcall//firstcall "+Name+" "+version+"//EN")
	l.put("CALSCALE", "GREGORIAN")
	l.text("NAME", c.name)
	l.text("X-WR-CALNAME", c.name)
	var starts []time.Time
	for _, e := range c.events {
		starts = append(starts, set.start(e))
	}
	if set.zoned() {
		l.zone(set.clock.zone, starts)
	}
	for i, e := range c.events {
		set.entry(&l, e, starts[i])
	}
	l.put("END", "VCALENDAR")
	return l.Bytes()
}

// zoned reports whether times stand with a zone: those in UTC need none.
func (set settings) zoned() bool { return set.clock != nil && set.clock.zone.String() != "UTC" }

// start is when an entry begins.
func (set settings) start(e event) time.Time {
	if set.clock == nil {
		return e.day
	}
	return set.clock.on(e.day)
}

// entry writes an event, or a task.
func (set settings) entry(l *lines, e event, start time.Time) {
	component := "VEVENT"
	if set.task {
		component = "VTODO"
	}
	l.put("BEGIN", component)
	l.put("UID", e.uid)
	l.put("DTSTAMP", set.stamp(e).Format(utcForm))
	l.put("SEQUENCE", fmt.Sprint(set.sequence(e)))
	set.when(l, e, start)
	l.text("SUMMARY", e.title)
	l.text("DESCRIPTION", strings.Join(e.lines, "\n"))
	l.text("CATEGORIES", e.category)
	if set.task {
		l.put("STATUS", "NEEDS-ACTION")
	} else {
		l.put("TRANSP", "TRANSPARENT") // it keeps nobody from being invited that day
	}
	if set.remind > 0 && e.day.After(e.told) {
		set.alarm(l, e)
	}
	l.put("END", component)
}

// when writes the day, or the time.
func (set settings) when(l *lines, e event, start time.Time) {
	name := "DTSTART"
	if set.task {
		name = "DUE"
	}
	switch {
	case set.clock == nil:
		l.put(name+";VALUE=DATE", e.day.Format(dayForm))
		if !set.task {
			l.nextDay(e.day)
		}
		return
	case set.zoned():
		l.put(name+";TZID="+set.clock.zone.String(), start.Format(localForm))
	default:
		l.put(name, start.Format(utcForm))
	}
	// A duration and no end: in the hour that is there twice in autumn an end could be
	// taken for one before the start.
	if !set.task {
		l.put("DURATION", lasts)
	}
}

// alarm writes a reminder.
func (set settings) alarm(l *lines, e event) {
	trigger := "TRIGGER"
	if set.task {
		trigger = "TRIGGER;RELATED=END" // a task has a due time and no start
	}
	l.put("BEGIN", "VALARM")
	l.put("ACTION", "DISPLAY")
	l.put(trigger, fmt.Sprintf("-P%dD", set.remind))
	l.text("DESCRIPTION", e.title)
	l.put("END", "VALARM")
}

// sequence grows with the day that the record speaks of: there is no memory to count the
// changes in. Of two entries with one id, the one with the higher sequence holds (RFC
// 5546, 2.1.5).
func (set settings) sequence(e event) int {
	since := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	return max(0, int(e.told.Sub(since).Hours())/24)*(mostTurn+1) + set.turn
}

// stamp is when the entry was made, as far as its record tells: the day, and as many
// seconds as the setting sequence, which grows with it.
func (set settings) stamp(e event) time.Time {
	return e.told.Add(time.Duration(set.turn) * time.Second)
}

// nextDay writes the end of an entry that lasts a day, which is the day after. Without
// one it lasts a day as well: there is none after the last that can be written.
func (l *lines) nextDay(day time.Time) {
	if next := day.AddDate(0, 0, 1); next.Year() <= 9999 {
		l.put("DTEND;VALUE=DATE", next.Format(dayForm))
	}
}
