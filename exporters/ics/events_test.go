package ics

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var update = flag.Bool("update", false, "rewrite golden files")

// organization is the record of a client with policies and departments.
func organization(t testing.TB, client, asOf string, o record.Organization) sdk.Record {
	t.Helper()
	e := envelope(asOf)
	e.Client.ID = client
	rec, err := record.NewOrganization(e, o)
	return sent(t, rec, err)
}

// changed is a record of the sample in which a text is another.
func changed(t testing.TB, r sdk.Record, old, text string) sdk.Record {
	t.Helper()
	if !bytes.Contains(r.JSON, []byte(old)) {
		t.Fatalf("%s has no %q", r.Key, old)
	}
	var rec record.Record
	if err := json.Unmarshal(bytes.ReplaceAll(r.JSON, []byte(old), []byte(text)), &rec); err != nil {
		t.Fatal(err)
	}
	key, err := record.ParseKey(rec.Key)
	if err == nil {
		err = rec.Seal(key)
	}
	return sent(t, &rec, err)
}

func TestGolden(t *testing.T) {
	records := exporttest.Taken(t, Exporter{}, sample)
	for folder, settings := range map[string]string{
		"plain": `{}`,
		"timed": `{"as":"task","one_file":true,"time":"09:00","timezone":"Europe/Vienna","remind_days":14,"next_assessment":"2027-03-01","sequence":3}`,
	} {
		for name, got := range calendars(t, settings, records...) {
			path := filepath.Join("testdata", folder, name)
			if *update {
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, got, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not as it was (run with -update and read the diff): %v", path, err)
			}
		}
	}
}

// TestContent: what a reader of another's making finds in a calendar of everything.
func TestContent(t *testing.T) {
	records := exporttest.Taken(t, Exporter{}, sample)
	records = append(records, organization(t, "wrenmoor", "2026-09-01", record.Organization{Policies: []record.Policy{{Title: "Refunds; returns", Reviewed: "2024-02-29"}, {Title: "Never read"}, {Title: "Refunds; returns", Reviewed: "2026-01-31"}}}))
	files := calendars(t, `{"remind_days":7,"policy_months":13}`, records...)
	all := icalJS(t, files["ferry-landing.ics"], files["ivy-corner.ics"], files["wrenmoor.ics"])
	var got []string
	for _, c := range all {
		if c.Version != "2.0" || c.Method != nil {
			t.Errorf("version %s, method %v", c.Version, c.Method)
		}
		for _, e := range c.Entries {
			got = append(got, fmt.Sprintf("%s|%s|%s-%s|%s|%s|%s|%d|%s", c.Name, e.Kind, e.Start, e.End, e.Category, e.Summary, e.Trigger, e.Sequence, e.Stamp))
		}
	}
	at := "97400|2026-09-01T00:00:00.000Z" // 9740 days from 2000-01-01 to 2026-09-01
	late := "97690|2026-09-30T00:00:00.000Z"
	title := "Next assessment: Four steps to better service|-P7D|" + late
	want := []string{
		"ferry-landing: due days|vevent|2027-03-30-2027-03-31|Assessment|" + title,
		"ivy-corner: due days|vevent|2026-12-29-2026-12-30|Action|Follow one customer request through all departments and write down each rule or tool that slows it. Remove the worst one, and give a small reward for good service.|-P7D|" + late,
		"ivy-corner: due days|vevent|2026-12-29-2026-12-30|Action|Set three service goals, each with a number and a date. Look at them once a month next to what customers and staff say, and write down what you will change.|-P7D|" + late,
		"ivy-corner: due days|vevent|2027-03-30-2027-03-31|Assessment|" + title,
		"Wrenmoor Hotels: due days|vevent|2020-09-14-2020-09-15|Job description|Overdue: Review job description: ROOM ATTENDANT||" + at,
		"Wrenmoor Hotels: due days|vevent|2025-03-11-2025-03-12|Job description|Overdue: Review job description: Front Desk Agent||" + at,
		"Wrenmoor Hotels: due days|vevent|2025-03-29-2025-03-30|Policy|Overdue: Review policy: Refunds; returns||" + at,
		"Wrenmoor Hotels: due days|vevent|2026-09-15-2026-09-16|Action|Correct “Front Desk Agent” and review it.|-P7D|" + at,
		"Wrenmoor Hotels: due days|vevent|2026-09-15-2026-09-16|Action|Read “Breakfast Cook”, and note when that was.|-P7D|" + at,
		"Wrenmoor Hotels: due days|vevent|2026-09-15-2026-09-16|Action|Review “ROOM ATTENDANT” with somebody who does the job.|-P7D|" + at,
		"Wrenmoor Hotels: due days|vevent|2026-09-22-2026-09-23|Action|Archive “NIGHT AUDITOR (part time)”, or keep what describes the job.|-P7D|" + at,
		"Wrenmoor Hotels: due days|vevent|2026-09-22-2026-09-23|Action|Save jobs/scan.docx in a form that can be read, and check it again.|-P7D|" + at,
		"Wrenmoor Hotels: due days|vevent|2026-11-30-2026-12-01|Job description|Review job description: Porter|-P7D|" + at,
		"Wrenmoor Hotels: due days|vevent|2027-02-28-2027-03-01|Policy|Review policy: Refunds; returns|-P7D|" + at,
		"Wrenmoor Hotels: due days|vevent|2027-05-20-2027-05-21|Job description|Review job description: Concierge|-P7D|" + at,
	}
	slices.Sort(got)
	slices.Sort(want)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("got  %q\nwant %q", got[min(i, len(got)-1)], want[min(i, len(want)-1)])
		}
	}
	porter := all[2].Entries[slices.IndexFunc(all[2].Entries, func(e foundEntry) bool { return strings.Contains(e.Summary, "ROOM ATTENDANT") })]
	if want := "This was overdue on 2026-09-01.\nDepartment: Housekeeping\nOwner: Head Housekeeper\nDocument: jobs/room-attendant.txt\nLast gone through on 2019-09-14, every 12 months.\nClient: Wrenmoor Hotels\nAs of 2026-09-01."; porter.Description != want {
		t.Errorf("description %q\nwant %q", porter.Description, want)
	}
}

// TestTextsOfOthers: another reader gets any text back.
func TestTextsOfOthers(t *testing.T) {
	titles := []string{`Clerk, "front"; back\end: n\n`, "Zwei\nZeilen", strings.Repeat("Größe 😀 ", 30), "  blanks  ", `\`, "\\,;:=\"'^n", "नमस्ते 東京 مرحبا"}
	var records []sdk.Record
	for i, title := range titles {
		records = append(records, job(t, "2026-09-30", fmt.Sprint(i), title, fmt.Sprintf("2027-01-%02d", i+1)))
	}
	got := icalJS(t, only(t, calendars(t, `{}`, records...)))[0]
	for i, e := range got.Entries {
		if want := "Review job description: " + titles[i]; e.Summary != want {
			t.Errorf("%q comes back as %q", want, e.Summary)
		}
	}
	if len(got.Entries) != len(titles) {
		t.Errorf("%d entries", len(got.Entries))
	}
}

// program keeps entries as a calendar program does (RFC 5546, 2.1.5): by id, of which the
// one with the higher sequence holds, or the later stamp where they are equal.
type program map[string]foundEntry

func (p program) take(c found) {
	for _, e := range c.Entries {
		old, there := p[e.UID]
		if !there || e.Sequence > old.Sequence || e.Sequence == old.Sequence && e.Stamp > old.Stamp {
			p[e.UID] = e
		}
	}
}

// TestChangedDate: a date that changes moves the entry that is there, and an older file
// that comes later changes nothing.
func TestChangedDate(t *testing.T) {
	desk := func(r *record.Job) { r.Owner = "Front office manager" }
	plan := exporttest.Taken(t, Exporter{}, sample)
	plan = slices.DeleteFunc(plan, func(r sdk.Record) bool { return r.Key != "ivy-corner/plan/four-steps" })
	later := changed(t, changed(t, plan[0], `"as_of":"2026-09-30"`, `"as_of":"2026-10-01"`), `"due":"2026-12-29"`, `"due":"2027-01-29"`)
	policy := func(asOf, day string) sdk.Record {
		return organization(t, "acme", asOf, record.Organization{Policies: []record.Policy{{Title: "Refunds", Reviewed: day}}})
	}
	first := []sdk.Record{job(t, "2026-09-30", "desk", "Desk", "2026-12-01"), plan[0], policy("2026-09-30", "2026-01-01")}
	second := []sdk.Record{job(t, "2026-10-01", "desk", "Front desk", "2027-12-01", desk), later, policy("2026-10-01", "2026-10-01")}
	files := icalJS(t, only(t, calendars(t, `{"one_file":true}`, first...)), only(t, calendars(t, `{"one_file":true}`, second...)),
		only(t, calendars(t, `{"one_file":true,"sequence":1,"remind_days":3}`, second...)))
	for name, order := range map[string][]int{"once": {0, 1}, "twice": {0, 1, 1}, "older last": {0, 1, 0}} {
		p := program{}
		for _, i := range order {
			p.take(files[i])
		}
		var days []string
		for _, e := range p {
			days = append(days, e.Start)
		}
		slices.Sort(days)
		if want := []string{"2027-01-29", "2027-01-29", "2027-10-01", "2027-12-01"}; !slices.Equal(days, want) {
			t.Errorf("%s: %q, want %q", name, days, want)
		}
	}
	p := program{}
	p.take(files[1])
	p.take(files[2])
	for _, e := range p {
		if e.Trigger != "-P3D" {
			t.Errorf("%s: with a higher sequence, other settings count: %+v", e.Summary, e)
		}
	}
}

// TestNextAssessment: it moves with each assessment, whatever the wave is called.
func TestNextAssessment(t *testing.T) {
	all := exporttest.Taken(t, Exporter{}, sample)
	at := slices.IndexFunc(all, func(r sdk.Record) bool { return r.Kind == record.KindAssessment })
	autumn := all[at]
	spring := changed(t, changed(t, autumn, `"as_of":"2026-09-30"`, `"as_of":"2027-03-31"`), `ferry-landing/assessment/four-steps`, `ferry-landing/assessment/four-steps/2027-q1`)
	day := func(settings string, records ...sdk.Record) (uid, start string) {
		t.Helper()
		files, _ := exporttest.Render(t, Exporter{}, settings, records)
		for _, p := range unfold(t, only(t, files)) {
			switch p.name {
			case "UID":
				uid += p.value
			case "DTSTART":
				start += p.value
			}
		}
		return uid, start
	}
	uid, start := day(`{}`, autumn)
	for _, c := range []struct {
		settings string
		records  []sdk.Record
		want     string
	}{
		{`{}`, []sdk.Record{spring}, "20270930"},
		{`{}`, []sdk.Record{autumn, spring}, "20270930"},
		{`{"assess_months":12}`, []sdk.Record{autumn}, "20270930"},
		{`{"assess_months":0,"next_assessment":"2027-02-01"}`, []sdk.Record{autumn}, "20270201"},
		{`{"next_assessment":"2027-02-01"}`, []sdk.Record{autumn, spring}, "20270930"}, // that one was
	} {
		if u, s := day(c.settings, c.records...); u != uid || s != c.want {
			t.Errorf("%s: %s on %s, want %s on %s", c.settings, u, s, uid, c.want)
		}
	}
	if start != "20270330" {
		t.Errorf("first on %s", start)
	}
	if files, _ := exporttest.Render(t, Exporter{}, `{"assess_months":0}`, []sdk.Record{autumn}); len(files) != 0 {
		t.Errorf("%d files", len(files))
	}
}

// TestLeftOut: a department that an assessment withholds is named nowhere, but in texts
// that somebody wrote. Its papers are reviewed all the same.
func TestLeftOut(t *testing.T) {
	records := exporttest.Taken(t, Exporter{}, sample)
	e := envelope("2026-09-30")
	e.Client = record.Client{ID: "ivy-corner"}
	describe := func(id, title, department string) sdk.Record {
		rec, err := record.NewJob(e, record.Job{ID: id, Title: title, TitleFrom: "heading", DocKind: "description", Verdict: "due", Sure: "high", Department: department, Review: record.Review{Months: 12, From: "default", Next: "2027-01-01"}})
		return sent(t, rec, err)
	}
	records = append(records,
		organization(t, "ivy-corner", "2026-09-30", record.Organization{
			Departments: []record.OrgDepartment{{ID: "sup", Name: "Supervisor", FormerNames: []string{"Shift Lead"}}, {ID: "front", Name: "Front line"}},
		}),
		describe("a.md", "Keeper of keys", "Supervisor"),
		describe("b.md", "Runner of errands", "shift lead"),
		describe("c.md", "Greeter", "Front line"))
	body := string(calendars(t, `{"by":"role"}`, records...)["ivy-corner.ics"])
	whole := ""
	for _, p := range unfold(t, []byte(body)) {
		whole += p.name + ":" + p.value + "\n"
	}
	for _, word := range []string{"supervisor", "shift lead"} {
		if strings.Contains(strings.ToLower(whole), word) {
			t.Errorf("%q stands in\n%s", word, whole)
		}
	}
	for _, text := range []string{"SUMMARY:Review job description: Keeper of keys\n", "SUMMARY:Review job description: Runner of errands\n", "SUMMARY:Review job description: Greeter\n", "Department: Front line"} {
		if !strings.Contains(whole, text) {
			t.Errorf("%q is missing in\n%s", text, whole)
		}
	}
	if whole := calendars(t, `{"by":"team"}`, records...)["ivy-corner.ics"]; bytes.Contains(whole, []byte("Department: Supervisor")) {
		t.Error("it is named where another column is looked at")
	}
}

// TestDays: what has no day gets none, and what has one needs to say of which day it
// speaks.
func TestDays(t *testing.T) {
	policies := record.Organization{Policies: []record.Policy{{Title: "P", Reviewed: "2026-01-01"}}}
	closed := func(j *record.Job) { j.Verdict = "closed" }
	for name, c := range map[string]struct {
		records []sdk.Record
		codes   string
		entries int
	}{
		"job without a day":      {[]sdk.Record{job(t, "", "a", "A", "2027-01-01"), job(t, "2026-09-30", "b", "B", "2027-01-01")}, "ics.day ", 1},
		"job without a review":   {[]sdk.Record{job(t, "", "a", "A", "")}, "ics.empty", 0},
		"closed job":             {[]sdk.Record{job(t, "2026-09-30", "a", "A", "2027-01-01", closed), job(t, "2026-09-30", "b", "B", "2027-01-01")}, " ", 1},
		"policies of no day":     {[]sdk.Record{organization(t, "acme", "", policies)}, "ics.day", 0},
		"policies beside a job":  {[]sdk.Record{organization(t, "acme", "", policies), job(t, "2026-09-30", "b", "B", "2027-01-01")}, " ", 2},
		"organization of no day": {[]sdk.Record{organization(t, "acme", "", record.Organization{Vision: "V"}), job(t, "2026-09-30", "b", "B", "2027-01-01")}, " ", 1},
		"the last day there is":  {[]sdk.Record{job(t, "2026-09-30", "b", "B", "9999-12-31")}, "", 1},
		"no day":                 {[]sdk.Record{job(t, "2026-09-30", "b", "B", "2027-02-30")}, "ics.empty", 0},
	} {
		files, outcomes := exporttest.Render(t, Exporter{}, `{}`, c.records)
		var codes []string
		for _, o := range outcomes {
			code := ""
			if o.Diagnostic != nil {
				code = o.Diagnostic.Code
			}
			if rejected := o.Status == sdk.Rejected; rejected != (code == "ics.day") {
				t.Errorf("%s: %+v", name, o)
			}
			codes = append(codes, code)
		}
		n := 0
		for _, body := range files {
			n += bytes.Count(body, []byte("BEGIN:VEVENT\r\n"))
		}
		if strings.Join(codes, " ") != c.codes || n != c.entries {
			t.Errorf("%s: %q and %d entries, want %q and %d", name, codes, n, c.codes, c.entries)
		}
	}
}

// TestTasks: a task has a due day, and reminds before its end.
func TestTasks(t *testing.T) {
	files := calendars(t, `{"as":"task","remind_days":5}`, job(t, "2026-09-30", "a", "A", "2027-01-01"))
	e := icalJS(t, only(t, files))[0].Entries[0]
	if e.Kind != "vtodo" || e.Start != "2027-01-01" || e.Trigger != "-P5D" || e.Related != "END" || e.End != "" {
		t.Errorf("%+v", e)
	}
}

// TestOrder: the order of the records makes no difference.
func TestOrder(t *testing.T) {
	records := exporttest.Taken(t, Exporter{}, sample)
	for _, settings := range []string{`{}`, `{"one_file":true}`} {
		want := calendars(t, settings, records...)
		back := slices.Clone(records)
		slices.Reverse(back)
		if got := calendars(t, settings, back...); len(want) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: backwards, they are others", settings)
		}
	}
}
