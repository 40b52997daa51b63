package crm

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with a file, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not as before:\n%s", path, got)
	}
}

// shown is an entry as text, without its mark.
func shown(e Entry) string {
	return fmt.Sprintf("Title: %s\nDay: %s\n\n%s\n", e.Title, e.Day, e.Body.Plain())
}

func side(percent float64) record.Side { return record.Side{N: 20, Percent: percent} }

// told is an assessment with everything that a note speaks of.
func told() record.AssessmentBody {
	b := since(found(asked("three", "Three questions", "high-is-good"), "2026-q3"), "2026-q1", 70, 40, 61)
	by := []string{"department"}
	b.Groups = []record.Group{
		{By: by, Key: []string{"Bar"}, N: ptr(int64(20))}, {By: by, Key: []string{"Kitchen"}, N: ptr(int64(17))}, {By: by, Key: []string{"Spa canary"}, Withheld: true},
	}
	for i, text := range []string{"First: keep everyone informed.", "Second: follow up.", "Third: care.", "Fourth: never shown."} {
		b.Priorities = append(b.Priorities, record.Priority{Rank: i + 1, Dimension: "news", Text: text})
	}
	b.Disconnects = []record.Disconnect{
		{By: []string{"department", "role"}, Best: []string{"Bar", "Manager"}, Worst: []string{"Kitchen", "Manager"}, Text: "Crossed groups: left out."},
		{By: by, Dimension: "news", Best: []string{"Bar"}, Worst: []string{"Kitchen"}, BestSide: side(70), WorstSide: side(30), Text: "In “Keeping everyone informed” Bar scores 70 and Kitchen 30."},
		{By: by, Dimension: "care", Best: []string{"Spa canary"}, Worst: []string{"Kitchen"}, Text: "Spa canary must not be told."},
		{By: by, Dimension: "care", Best: []string{"Bar"}, Worst: []string{"Spa canary"}, Text: "Nor must Spa canary here."},
	}
	return b
}

// noted is the only entry of an assessment.
func noted(t *testing.T, body record.AssessmentBody) Entry {
	t.Helper()
	c := aJoin(t, joinOptions{scores: everyDimension}, assessed(t, aRecord("inn", "The Inn", "2026-09-30"), body))
	if len(c.entries) != 1 || c.entries[0].kind != NoteEntry || c.entries[0].record != 0 {
		t.Fatalf("entries %+v", c.entries)
	}
	return c.entries[0].entry
}

func TestNote(t *testing.T) { golden(t, "note.txt", shown(noted(t, told()))) }

func TestNoteWhereHighIsBad(t *testing.T) {
	b := since(found(asked("warning-signs", "Warning signs", "high-is-bad"), "2026-q3"), "2026-q1", 70, 40, 61)
	b.Response, b.Dimensions[2].Percent, b.Dimensions[2].Band = nil, ptr(44.4), "Weak"
	golden(t, "note-bad.txt", shown(noted(t, b)))
}

func TestNoteOfWithheldAssessment(t *testing.T) {
	golden(t, "note-withheld.txt", shown(noted(t, record.AssessmentBody{Instrument: asked("three", "", "high-is-good"), Withheld: true, Method: record.Method{MinGroup: 7}})))
}

func TestNoteWithWithheldDimension(t *testing.T) {
	b := told()
	b.Index, b.Band, b.Dimensions[1] = nil, "", record.Dimension{ID: "news", Withheld: true}
	golden(t, "note-part.txt", shown(noted(t, b)))
}

func TestNothingWithheldIsToldOn(t *testing.T) {
	c := aJoin(t, joinOptions{scores: everyDimension, plainFigures: true}, assessed(t, aRecord("inn", "The Inn", "2026-09-30"), told()))
	for _, e := range c.entries {
		if all := fmt.Sprint(e, e.entry.Body.HTML(), e.entry.Body.Markdown()); strings.Contains(all, "canary") {
			t.Errorf("a withheld group is told of in %s", all)
		}
		if !strings.Contains(e.entry.Body.Plain(), "Kitchen 30") {
			t.Error("groups that are shown are not told of")
		}
	}
}

func TestBriefOfANote(t *testing.T) {
	index := func(b *record.AssessmentBody, now float64, before ...float64) {
		b.Index, b.Changes = &now, nil
		*b = since(*b, "2026-q1", before...)
	}
	for name, test := range map[string]struct {
		change func(*record.AssessmentBody)
		want   string
	}{
		"the same": {func(b *record.AssessmentBody) { index(b, 60.2, 60, 60, 60) }, "The overall score is 60 of 100, which counts as Mixed. In 2026-q1 it was the same. 31 of the 52 people"},
		"a point":  {func(b *record.AssessmentBody) { index(b, 60.6, 60, 60, 60) }, "In 2026-q1 it was 60, so it is 1 point better."},
		"worse":    {func(b *record.AssessmentBody) { index(b, 57, 60, 60, 60) }, "In 2026-q1 it was 60, so it is 3 points worse."},
		"never across a band": {func(b *record.AssessmentBody) { index(b, 64.7, 64, 64, 64) },
			"The overall score is 64 of 100, which counts as Mixed. In 2026-q1 it was the same."},
		"no name of the wave": {func(b *record.AssessmentBody) {
			for i := range b.Changes {
				b.Changes[i].Since = ""
			}
		}, "In the earlier survey it was 57, so it is 3 points better."},
		"one person": {func(b *record.AssessmentBody) { b.N, b.Response = ptr(int64(1)), nil }, "better. 1 person took part."},
		"nearly all": {func(b *record.AssessmentBody) { b.N, b.Response.Rate = ptr(int64(51)), ptr(0.999) }, "51 of the 52 people who were asked took part, a response rate of 99%."},
		"hardly any": {func(b *record.AssessmentBody) { b.Response.Rate = ptr(0.001) }, "a response rate of 1%."},
		"half up":    {func(b *record.AssessmentBody) { b.Response.Rate = ptr(0.285) }, "a response rate of 29%."},
		"no rate":    {func(b *record.AssessmentBody) { b.Response.Rate = nil }, " 31 people took part."},
		"no count":   {func(b *record.AssessmentBody) { b.N = nil }, "3 points better."},
		"no index": {func(b *record.AssessmentBody) {
			b.Index, b.Undefined = nil, record.UndefinedNote{"index": "some reason"}
		}, "There is no overall score (some reason). 31 of"},
		"wave on lines": {func(b *record.AssessmentBody) { b.Changes[0].Since = "x\ny" }, "which counts as Mixed. 31 of"},
	} {
		b := told()
		b.N, b.Response.Rate = ptr(int64(31)), ptr(31.0/52)
		test.change(&b)
		if got := noted(t, b).Body[0].Words; !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestBestAndWorstOfANote(t *testing.T) {
	b := told()
	for i := range b.Dimensions {
		b.Dimensions[i].Percent = ptr(50.1 + float64(i)/10)
	}
	if got, want := noted(t, b).Body[1].Words, "All have the same score, 50."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.Dimensions[2] = record.Dimension{ID: "follow-up", Withheld: true}
	if got, want := noted(t, b).Body[1].Words, "Those that can be shown have the same score, 50."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.Dimensions[1] = record.Dimension{ID: "news", Withheld: true}
	if got := noted(t, b).Body[1].Words; got != "" {
		t.Errorf("of one there is no best: %q", got)
	}
}

func TestNoteStaysShort(t *testing.T) {
	long := strings.Repeat("wörter und Wörter ", 100)
	b := told()
	b.Instrument.ID, b.Instrument.Title, b.Instrument.Version, b.Wave = strings.Repeat("x", 500), long, long, long
	b.Instrument.Dimensions, b.Dimensions, b.Changes = nil, nil, nil
	for i := range 100 {
		id := fmt.Sprint(i)
		b.Instrument.Dimensions = append(b.Instrument.Dimensions, record.DimensionText{ID: id, Title: id + long})
		b.Dimensions = append(b.Dimensions, record.Dimension{ID: id, Percent: ptr(float64(i)), Band: long})
		b.Changes = append(b.Changes, record.Change{Since: long, Dimension: id, Before: &record.Side{}})
	}
	b.Band = long
	for i := range b.Priorities {
		b.Priorities[i].Text = long
	}
	for range 9 {
		b.Disconnects = append(b.Disconnects, record.Disconnect{By: []string{"role"}, Text: long})
	}
	for _, all := range []bool{true, false} {
		if !all {
			b.Dimensions = nil
			b.Index, b.Undefined = nil, record.UndefinedNote{"index": long}
		}
		e := noted(t, b)
		text := e.Body.Plain()
		if n, lines := utf8.RuneCountInString(text), strings.Count(text, "\n")+1; n > 6000 || lines > 60 || n < 3000 {
			t.Errorf("the note has %d characters in %d lines", n, lines)
		}
		if !strings.Contains(text, "and 80 more") || utf8.RuneCountInString(e.Title) > mostTitle || strings.Contains(e.Title, "\n") {
			t.Errorf("title %q of\n%s", e.Title, text)
		}
	}
}

func TestMarkOfANote(t *testing.T) {
	mark := func(change func(*record.Record, *record.AssessmentBody)) Mark {
		b, envelope := told(), aRecord("inn", "", "2026-09-30")
		change(&envelope, &b)
		return aJoin(t, joinOptions{}, assessed(t, envelope, b)).entries[0].entry.Mark
	}
	first := mark(func(*record.Record, *record.AssessmentBody) {})
	for name, change := range map[string]func(*record.Record, *record.AssessmentBody){
		"the text": func(_ *record.Record, b *record.AssessmentBody) { b.Priorities[0].Text = "Another." },
		"the day":  func(r *record.Record, _ *record.AssessmentBody) { r.AsOf = "2026-10-01" },
		"title":    func(_ *record.Record, b *record.AssessmentBody) { b.Instrument.Title = "Other" },
	} {
		if got := mark(change); got.ID != first.ID || got.Content == first.Content {
			t.Errorf("%s changes: %v after %v", name, got, first)
		}
	}
	if got := mark(func(_ *record.Record, b *record.AssessmentBody) { b.Wave = "2026-q4" }); got.ID == first.ID {
		t.Error("two waves have one mark")
	}
	if got := mark(func(r *record.Record, _ *record.AssessmentBody) { r.Tool.Version, r.Client.Name = "9.9.9", "Inn" }); got != first {
		t.Error("another version of firstcall changes the mark")
	}
}

func TestNoteOfPapers(t *testing.T) {
	jobs := folder(t, "inn", "jobs", record.VerdictCounts{Current: 1, Due: 2, Overdue: 3, Stale: 4, Closed: 5, Unknown: 6})
	batch := []sdk.Record{
		survey(t, "three", "2026-q3", "2026-09-30"),
		statement(t, "inn", "b", []record.Remark{{Rule: "x/y", Severity: "error", Message: "something"}}, nil), statement(t, "inn", "a", nil, nil),
		sent(t, jobs, nil), planned(t, jobs, "Review", record.Action{ID: "1", What: "Read.", Due: "2026-11-02"}),
	}
	c := aJoin(t, joinOptions{plainFigures: true}, batch...)
	e := c.entries[len(c.entries)-1]
	if len(c.entries) != 3 || e.kind != NoteEntry || e.record != 3 { // the folder's key is the first
		t.Fatalf("%d entries, the last of record %d", len(c.entries), e.record)
	}
	golden(t, "note-papers.txt", shown(e.entry))
	if c := aJoin(t, joinOptions{}, batch...); len(c.entries) != 2 {
		t.Errorf("with fields there are %d entries", len(c.entries))
	}
	if c := aJoin(t, joinOptions{plainFigures: true}, batch[0], batch[4]); len(c.entries) != 2 {
		t.Errorf("without statements and folders there are %d entries", len(c.entries))
	}
	c = aJoin(t, joinOptions{plainFigures: true}, batch[1])
	if got := c.entries[0].entry.Body.Plain(); len(c.entries) != 1 || got != "Statements\n- Read: 1\n- Errors: 1" {
		t.Errorf("of a statement: %s", got)
	}
	if c.entries[0].entry.Mark.ID != e.entry.Mark.ID {
		t.Error("the note of a client has two marks")
	}
}
