package ics

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // zones on machines that have none installed

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Limits of settings.
const (
	mostMonths = 120
	mostDays   = 365
	mostTurn   = 9
)

// fields are the settings it takes.
func fields() []sdk.Field {
	return []sdk.Field{
		{Name: "as", Default: "event", OneOf: []string{"event", "task"}, Doc: "what each is in the calendar; Outlook and Google Calendar leave tasks out"},
		{Name: "one_file", Type: sdk.Bool, Default: "false", Doc: "put all clients into one calendar, " + allName + ".ics, with their names before each title"},
		{Name: "time", Doc: "time of day of every entry, such as 09:00, which needs a timezone; without it entries last the whole day"},
		{Name: "timezone", Doc: "where that time holds, as in Europe/Vienna"},
		{Name: "remind_days", Type: sdk.Int, Default: "0", Doc: fmt.Sprintf("days before, on which the calendar program reminds, up to %d; 0: it does not", mostDays)},
		{Name: "next_assessment", Doc: "day of the next assessment of every client, as in 2027-03-01, as long as it is after the last one"},
		{Name: "assess_months", Type: sdk.Int, Default: "6", Doc: fmt.Sprintf("months from an assessment to the next, up to %d; 0: no entry", mostMonths)},
		{Name: "policy_months", Type: sdk.Int, Default: "12", Doc: fmt.Sprintf("months from the review of a policy to the next, up to %d; 0: no entry", mostMonths)},
		{Name: "sequence", Type: sdk.Int, Default: "0", Doc: fmt.Sprintf("raise it by one, up to %d, when you export records of the same day again with other settings, so that calendar programs take the change", mostTurn)},
		learning.ColumnField(),
	}
}

// settings are the settings, read.
type settings struct {
	task    bool
	oneFile bool
	clock   *clock // nil: all day
	remind  int
	next    time.Time // zero: by months
	assess  int       // months
	policy  int       // months
	turn    int       // added to the sequence of all
}

// clock is the time of day of every entry.
type clock struct {
	hour, minute int
	zone         *time.Location
}

// read reads the settings and tells every fault of them.
func read(cfg sdk.Config) (settings, sdk.Diagnostics) {
	var faults sdk.Diagnostics
	fault := func(field, code, summary, hint string) {
		faults = append(faults, &sdk.Diagnostic{Code: Name + "." + code, Field: field, Summary: summary, Hint: hint})
	}
	number := func(field string, most int64) int {
		n := cfg.Int(field)
		if n < 0 || n > most {
			fault(field, "range", fmt.Sprintf("%s is %d, which is not from 0 to %d", field, n, most), "choose a number in between")
		}
		return int(n)
	}
	if blank := learning.CheckColumn(Name, cfg); blank != nil {
		faults = append(faults, blank)
	}
	set := settings{
		task: cfg.String("as") == "task", oneFile: cfg.Bool("one_file"), remind: number("remind_days", mostDays),
		assess: number("assess_months", mostMonths), policy: number("policy_months", mostMonths), turn: number("sequence", mostTurn),
	}
	if text := strings.TrimSpace(cfg.String("next_assessment")); text != "" {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			fault("next_assessment", "next_assessment", "next_assessment is not a day", "write it as year, month and day: 2027-03-01")
		}
		set.next = day
	}
	zone, err := zoneOf(strings.TrimSpace(cfg.String("timezone")))
	if err != nil {
		fault("timezone", "timezone", "there is no such time zone", "name it by region and city, as in Europe/Vienna or America/New_York")
	}
	if text := strings.TrimSpace(cfg.String("time")); text != "" {
		at, bad := time.Parse("15:04", text)
		if bad != nil {
			fault("time", "time", "time is not a time of day", "write hours and minutes, as in 09:00")
		}
		if zone == nil && err == nil {
			fault("timezone", "timezone", "a time of day needs a timezone, or it would be another time on every device", "set timezone, as in Europe/Vienna, or leave time out")
		}
		set.clock = &clock{at.Hour(), at.Minute(), zone}
	}
	return set, faults
}

// zoneOf finds a time zone; nil when none is named. What means another zone on another
// machine is no name.
func zoneOf(name string) (*time.Location, error) {
	switch {
	case name == "":
		return nil, nil
	case strings.EqualFold(name, "local"), strings.EqualFold(name, "localtime"), strings.EqualFold(name, "posixrules"):
		return nil, fmt.Errorf("%s is a different zone on every machine", name)
	case strings.ContainsFunc(name, func(r rune) bool { return !strings.ContainsRune(zoneLetters, r) }):
		return nil, fmt.Errorf("a zone has no such letters")
	}
	return time.LoadLocation(name)
}

const zoneLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-"
