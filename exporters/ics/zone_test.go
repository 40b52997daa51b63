package ics

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// TestOn: times of day at the changes of the clocks, as these zones have them. What is
// wanted was worked out by hand from the rules of the zone.
func TestOn(t *testing.T) {
	for _, c := range []struct{ zone, day, clock, want string }{
		{"Europe/Vienna", "2027-01-15", "09:00", "2027-01-15T08:00:00Z"},
		{"Europe/Vienna", "2027-07-15", "09:00", "2027-07-15T07:00:00Z"},
		{"Europe/Vienna", "2027-03-28", "01:59", "2027-03-28T00:59:00Z"},
		{"Europe/Vienna", "2027-03-28", "02:30", "2027-03-28T01:30:00Z"}, // not there: 03:30
		{"Europe/Vienna", "2027-03-28", "03:00", "2027-03-28T01:00:00Z"},
		{"Europe/Vienna", "2027-10-31", "02:30", "2027-10-31T00:30:00Z"}, // the first of two
		{"Europe/Vienna", "2027-10-31", "03:00", "2027-10-31T02:00:00Z"},
		{"America/New_York", "2027-03-14", "02:30", "2027-03-14T07:30:00Z"}, // 03:30
		{"America/New_York", "2027-11-07", "01:30", "2027-11-07T05:30:00Z"},
		{"America/New_York", "2027-11-07", "23:00", "2027-11-08T04:00:00Z"},
		{"Australia/Lord_Howe", "2027-10-03", "02:15", "2027-10-02T15:45:00Z"}, // by half an hour: 02:45
		{"Australia/Lord_Howe", "2027-04-04", "01:45", "2027-04-03T14:45:00Z"},
		{"Africa/Cairo", "2027-04-30", "00:00", "2027-04-29T22:00:00Z"},       // 01:00
		{"Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T19:00:00Z"},       // a day that never was
		{"Pacific/Kiritimati", "2027-01-01", "00:30", "2026-12-31T10:30:00Z"}, // furthest ahead
		{"Asia/Kathmandu", "2027-01-01", "09:00", "2027-01-01T03:15:00Z"},
		{"Etc/GMT+12", "2027-01-01", "23:59", "2027-01-02T11:59:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, _ := time.Parse("15:04", c.clock)
		day, _ := time.Parse(time.DateOnly, c.day)
		got := (&clock{at.Hour(), at.Minute(), zone}).on(day).UTC().Format(time.RFC3339)
		if got != c.want {
			t.Errorf("%s %s %s is %s, want %s", c.zone, c.day, c.clock, got, c.want)
		}
	}
}

// TestZonesOfOthers: with nothing but the zone in the file, another reader comes to the
// moments that Go's own zones give.
func TestZonesOfOthers(t *testing.T) {
	var texts [][]byte
	var want [][]string
	for _, name := range []string{
		"Europe/Vienna", "Europe/London", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Australia/Lord_Howe",
		"Asia/Kolkata", "Africa/Casablanca", "Africa/Cairo", "Pacific/Apia", "Asia/Almaty", "Etc/GMT-14", "UTC", "CET",
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		var records []sdk.Record
		var moments []string
		for day := time.Date(2023, 1, 5, 0, 0, 0, 0, time.UTC); day.Year() < 2031; day = day.AddDate(0, 0, 17) {
			records = append(records, job(t, "2026-09-30", fmt.Sprint(day.Unix()), "J", day.Format(time.DateOnly)))
			// Never at 09:30 do clocks change.
			moments = append(moments, time.Date(day.Year(), day.Month(), day.Day(), 9, 30, 0, 0, zone).UTC().Format("2006-01-02T15:04:05.000Z"))
		}
		texts = append(texts, only(t, calendars(t, fmt.Sprintf(`{"time":"09:30","timezone":%q}`, name), records...)))
		want = append(want, moments)
	}
	for i, c := range icalJS(t, texts...) {
		for j, e := range c.Entries {
			if e.Start != want[i][j] {
				t.Errorf("%s %s: %s, want %s", e.Zone, e.Local, e.Start, want[i][j])
			}
			start, _ := time.Parse(time.RFC3339, e.Start)
			if end, err := time.Parse(time.RFC3339, e.End); err != nil || end.Sub(start) != 30*time.Minute {
				t.Errorf("%s: ends at %s, %v", e.Local, e.End, err)
			}
		}
		if len(c.Entries) != len(want[i]) {
			t.Errorf("%d entries, want %d", len(c.Entries), len(want[i]))
		}
	}
}

// TestZoneComponent: the parts of a zone, by hand for a year in Vienna.
func TestZoneComponent(t *testing.T) {
	body := only(t, calendars(t, `{"time":"09:00","timezone":"Europe/Vienna"}`, job(t, "2026-09-30", "j", "J", "2027-05-05")))
	want := "BEGIN:VTIMEZONE\r\nTZID:Europe/Vienna\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\n" +
		"BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\n" +
		"BEGIN:STANDARD\r\nDTSTART:20271031T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:20280326T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
	if !bytes.Contains(body, []byte(want)) {
		t.Errorf("not in\n%s", body)
	}
	if !bytes.Contains(body, []byte("DTSTART;TZID=Europe/Vienna:20270505T090000\r\nDURATION:PT30M\r\n")) {
		t.Errorf("no start in\n%s", body)
	}
	body = only(t, calendars(t, `{"time":"09:00","timezone":"UTC"}`, job(t, "2026-09-30", "j", "J", "2027-05-05")))
	if bytes.Contains(body, []byte("VTIMEZONE")) || !bytes.Contains(body, []byte("DTSTART:20270505T090000Z\r\n")) {
		t.Errorf("UTC:\n%s", body)
	}
}

func TestOffset(t *testing.T) {
	for in, want := range map[int]string{0: "+0000", 3600: "+0100", -12600: "-0330", 20700: "+0545", 3921: "+010521", -1: "-000001", 50400: "+1400"} {
		if got := offset(in); got != want {
			t.Errorf("%d is %s, want %s", in, got, want)
		}
	}
}
