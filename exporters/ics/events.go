package ics

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// space is the namespace of the ids of all entries. It never changes: calendar programs
// know an entry again by its id.
var space = uuid.UUID{0x5d, 0x0e, 0x2c, 0x6b, 0x9a, 0x41, 0x4f, 0x1e, 0x8b, 0x73, 0x2f, 0xc4, 0x90, 0x6d, 0x1a, 0xe8}

// event is something that is due on a day.
type event struct {
	uid      string
	day      time.Time // of which only the date counts
	told     time.Time // the day that the record speaks of
	title    string
	lines    []string // more about it
	category string
}

// diary collects the events of a client.
type diary struct {
	settings
	client  *learning.Client
	records []sdk.Record
	events  []event
	undated []int // records that have something with a day, but none of their own
}

// events are what is due for a client, in the order of the days. undated are the records
// that can't be used, since they speak of no day.
func (set settings) events(c *learning.Client, records []sdk.Record) (all []event, undated []int) {
	d := &diary{settings: set, client: c, records: records}
	d.assessments()
	d.jobs()
	d.actions()
	d.policies()
	slices.SortFunc(d.events, func(a, b event) int {
		return cmp.Or(a.day.Compare(b.day), strings.Compare(a.uid, b.uid), b.told.Compare(a.told), strings.Compare(a.title, b.title))
	})
	all = slices.CompactFunc(d.events, func(a, b event) bool { return a.uid == b.uid })
	return all, d.undated
}

// entry is what add makes an event of.
type entry struct {
	at       int    // index of its record
	told     string // the day that the record speaks of
	day      string // when it is due; empty: never
	id       []string
	category string
	what     string // what to do: Review job description; empty: the title says it
	title    string // with what
	lines    []string
}

// add adds what has a day.
func (d *diary) add(e entry) {
	day, err := time.Parse(time.DateOnly, e.day)
	if err != nil {
		return
	}
	told, err := time.Parse(time.DateOnly, e.told)
	if err != nil {
		d.undated = append(d.undated, e.at)
		return
	}
	made := event{uid: uid(append([]string{d.client.ID}, e.id...)), day: day, told: told, title: e.title, category: e.category}
	if e.what != "" {
		made.title = e.what + ": " + e.title
	}
	if day.Before(told) {
		made.title = "Overdue: " + made.title
		made.lines = append(made.lines, "This was overdue on "+e.told+".")
	}
	if d.oneFile {
		made.title = d.client.Name + ": " + made.title
	}
	for _, line := range e.lines {
		if line != "" {
			made.lines = append(made.lines, line)
		}
	}
	made.lines = append(made.lines, "Client: "+d.client.Name, "As of "+e.told+".")
	d.events = append(d.events, made)
}

// uid is the id of an entry, made of what it is about.
func uid(parts []string) string {
	return uuid.NewSHA1(space, []byte(strings.Join(parts, "\x00"))).String()
}

// field is a line with a name, or nothing when there is nothing to say.
func field(name, text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return name + ": " + text
}

// assessments adds the next assessment with each instrument.
func (d *diary) assessments() {
	for _, a := range d.client.Assessments {
		told, err := time.Parse(time.DateOnly, a.Record.AsOf)
		if !a.Latest || err != nil {
			continue
		}
		next, last := "", "The last one was as of "+a.Record.AsOf+"."
		switch {
		case d.next.After(told):
			next = d.next.Format(time.DateOnly)
		case d.assess > 0:
			next = addMonths(told, d.assess).Format(time.DateOnly)
		}
		in := a.Body.Instrument
		d.add(entry{
			at: a.At, told: a.Record.AsOf, day: next, id: []string{"assessment", in.ID}, category: "Assessment",
			what: "Next assessment", title: in.Title, lines: []string{field("About", in.About), last},
		})
	}
}

// jobs adds the reviews of job descriptions; those that are closed have none.
func (d *diary) jobs() {
	for _, j := range d.client.Jobs {
		if j.Verdict == "closed" {
			continue
		}
		last := ""
		if j.Review.Last != "" {
			last = "Last gone through on " + j.Review.Last + ", every " + months(j.Review.Months) + "."
		}
		d.add(entry{
			at: j.At, told: j.AsOf, day: j.Review.Next, id: []string{"job", j.Key}, category: "Job description",
			what: "Review job description", title: cmp.Or(j.Title, j.ID),
			lines: []string{field("Department", d.department(j.Department)), field("Owner", j.Owner), field("Document", j.ID), last},
		})
	}
}

func months(n int) string {
	if n == 1 {
		return "month"
	}
	return fmt.Sprintf("%d months", n)
}

// department is a department by the name that the client has for it.
func (d *diary) department(name string) string {
	if known := d.client.Department(name); known != nil {
		return known.Name
	}
	return name
}

// actions adds what plans want done.
func (d *diary) actions() {
	for _, a := range d.client.Actions {
		acts := a.Action.Department
		if a.Department != nil {
			acts = a.Department.Name
		}
		lines := []string{field("Why", a.Why), field("Department", acts), field("Owner", a.Owner), field("Effort", efforts(a.Effort))}
		for _, change := range a.Changes {
			lines = append(lines, "- "+change)
		}
		d.add(entry{
			at: a.At, told: a.AsOf, day: a.Due, id: []string{"action", a.Plan, a.ID}, category: "Action",
			title: a.What, lines: lines,
		})
	}
}

func efforts(effort string) string {
	switch effort {
	case "minutes":
		return "some minutes"
	case "hour":
		return "about an hour"
	case "half-day":
		return "about half a day"
	}
	return effort
}

// organization is the index of the record that tells of the policies, and the day it
// speaks of: its own, or else that of the client's other records.
func (d *diary) organization() (int, string) {
	for _, at := range d.client.At {
		if d.records[at].Kind != record.KindOrganization {
			continue
		}
		rec, err := d.records[at].Decode()
		if err != nil {
			continue
		}
		return at, cmp.Or(rec.AsOf, d.client.AsOf)
	}
	return 0, ""
}

// policies adds the reviews of policies.
func (d *diary) policies() {
	at, told := d.organization()
	seen := map[string]int{}
	for _, p := range d.client.Policies {
		seen[p.Title]++
		reviewed, err := time.Parse(time.DateOnly, p.Reviewed)
		if err != nil || d.policy == 0 {
			continue
		}
		d.add(entry{
			at: at, told: told, day: addMonths(reviewed, d.policy).Format(time.DateOnly),
			id: []string{"policy", p.Title, fmt.Sprint(seen[p.Title])}, category: "Policy",
			what: "Review policy", title: p.Title, lines: []string{"Last gone through on " + p.Reviewed + "."},
		})
	}
}

// addMonths is the same day some months later, or the last of a month that is shorter.
func addMonths(day time.Time, months int) time.Time {
	y, m, d := day.Date()
	last := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC)
	return time.Date(y, m+time.Month(months), min(d, last.Day()), 0, 0, 0, 0, time.UTC)
}
