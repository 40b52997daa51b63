package crm

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

func TestClientsInOrder(t *testing.T) {
	clients, refused := join([]sdk.Record{
		statement(t, "b", "1", nil, nil), statement(t, "a", "1", nil, nil), statement(t, "b", "2", nil, nil), statement(t, "a/b c", "1", nil, nil),
	}, joinOptions{exporter: "acme"})
	got := ""
	for _, c := range clients {
		got += fmt.Sprint(c.id, c.records, c.headline, " ")
	}
	if got != "b[0 2] -1 a[1] -1 a/b c[3] -1 " || len(refused) > 0 {
		t.Errorf("%s, refused %v", got, refused)
	}
}

func TestRefused(t *testing.T) {
	good := statement(t, "inn", "1", nil, nil)
	broken, other, empty, foreign := good, good, good, good
	broken.JSON = []byte(`{"schema":`)
	other.Key = "inn/statement/2"
	empty.JSON = []byte(strings.Replace(string(good.JSON), `"id":"1"`, `"id":""`, 1))
	foreign.JSON = []byte(strings.Replace(string(good.JSON), `"client":{"id":"inn"`, `"client":{"id":"bar"`, 1))
	job, err := record.NewJob(aRecord("inn", "", ""), record.Job{ID: "cook", Verdict: "current", Review: record.Review{Months: 12}})
	clients, refused := join([]sdk.Record{broken, other, good, statement(t, "", "1", nil, nil), empty, sent(t, job, err), foreign}, joinOptions{exporter: "acme"})
	if len(clients) != 1 || !slices.Equal(clients[0].records, []int{2}) {
		t.Errorf("clients %v", clients)
	}
	got := ""
	for i := range 7 {
		if o, ok := refused[i]; ok {
			got += fmt.Sprint(i, " ", o.Status == sdk.Rejected, " ", o.Diagnostic.Code, ", ")
			if o.Diagnostic.Hint == "" {
				t.Errorf("%d has no hint", i)
			}
		}
	}
	if want := "0 true acme.record, 1 true acme.record, 3 true acme.client, 4 true acme.record, 5 true acme.record, 6 true acme.record, "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// survey is an assessment of the client inn.
func survey(t testing.TB, instrument, wave, day string, after ...string) sdk.Record {
	body := found(asked(instrument, "Three", "high-is-good"), wave)
	for _, w := range after {
		body = since(body, w, 70, 40, 61)
	}
	return assessed(t, aRecord("inn", "", day), body)
}

func TestLeadingAssessment(t *testing.T) {
	for name, test := range map[string]struct {
		instrument string
		batch      []sdk.Record
		want       string // the leading record
		warned     string // codes by record
	}{
		"latest day":                   {"", []sdk.Record{survey(t, "three", "b", "2026-03-31"), survey(t, "three", "a", "2026-09-30")}, "three/a", ""},
		"no day is before any":         {"", []sdk.Record{survey(t, "three", "2027", ""), survey(t, "three", "2026", "2026-09-30")}, "three/2026", ""},
		"latest wave":                  {"", []sdk.Record{survey(t, "three", "2026-q3", "2026-09-30"), survey(t, "three", "2026-q1", "2026-09-30"), survey(t, "three", "Q4 2025", "2026-09-30")}, "three/2026-q3", ""},
		"nobody knows":                 {"", []sdk.Record{survey(t, "three", "before", "2026-09-30"), survey(t, "three", "after", "2026-09-30")}, "three/before", "acme.wave"},
		"the record says it":           {"", []sdk.Record{survey(t, "three", "before", "2026-09-30"), survey(t, "three", "after", "2026-09-30", "before")}, "three/after", ""},
		"latest instrument":            {"", []sdk.Record{survey(t, "aaa", "2026-q1", "2026-03-31"), survey(t, "three", "2026-q3", "2026-09-30")}, "three/2026-q3", ""},
		"latest wave of two":           {"", []sdk.Record{survey(t, "aaa", "2026-q1", "2026-09-30"), survey(t, "three", "2026-q3", "2026-09-30")}, "three/2026-q3", ""},
		"first of several instruments": {"", []sdk.Record{survey(t, "three", "2026-q3", "2026-09-30"), survey(t, "aaa", "2026-q3", "2026-09-30"), survey(t, "old", "2026-q1", "2026-03-31")}, "aaa/2026-q3", "acme.instrument acme.instrument"},
		"by id, not by key":            {"", []sdk.Record{survey(t, "three-b", "2026-q3", "2026-09-30"), survey(t, "three", "2026-q3", "2026-09-30")}, "three/2026-q3", "acme.instrument acme.instrument"},
		"nobody knows which wave":      {"", []sdk.Record{survey(t, "aaa", "after", "2026-09-30"), survey(t, "three", "before", "2026-09-30")}, "aaa/after", "acme.instrument acme.instrument"},
		"the record says it again":     {"", []sdk.Record{survey(t, "three", "B", "2026-09-30"), survey(t, "three", "a", "2026-09-30", "B")}, "three/a", ""},
		"two without a wave":           {"", []sdk.Record{survey(t, "three", "", "2026-09-30"), survey(t, "aaa", "", "2026-09-30")}, "aaa", "acme.instrument acme.instrument"},
		"the instrument asked for":     {"aaa", []sdk.Record{survey(t, "three", "2026-q3", "2026-09-30"), survey(t, "aaa", "2026-q1", "2026-03-31"), survey(t, "aaa", "2025-q1", "2025-03-31")}, "aaa/2026-q1", ""},
		"not the instrument asked for": {"bbb", []sdk.Record{survey(t, "three", "2026-q3", "2026-09-30"), survey(t, "aaa", "2026-q1", "2026-03-31")}, "", "acme.instrument acme.instrument"},
	} {
		c := aJoin(t, joinOptions{instrument: test.instrument, scores: everyDimension}, test.batch...)
		got, codes := "", []string{}
		if c.headline >= 0 {
			got = strings.TrimPrefix(test.batch[c.headline].Key, "inn/assessment/")
			if figure := c.figures["assessment"].Text; figure != test.batch[c.headline].Key {
				t.Errorf("%s: the figures are of %s", name, figure)
			}
		}
		for i := range test.batch {
			if w := c.warnings[i]; w != nil {
				codes = append(codes, w.Code)
				if w.Severity != sdk.SeverityWarning || w.Hint == "" {
					t.Errorf("%s: %+v", name, w)
				}
			}
		}
		if got != test.want || strings.Join(codes, " ") != test.warned {
			t.Errorf("%s: %s leads with warnings %q, want %s with %q", name, got, codes, test.want, test.warned)
		}
		if len(c.entries) != len(test.batch) {
			t.Errorf("%s: %d notes of %d assessments", name, len(c.entries), len(test.batch))
		}
	}
}

func TestWarningsOfOneRecord(t *testing.T) {
	c := aJoin(t, joinOptions{}, survey(t, "three", "q", "2026-09-30"), survey(t, "aaa", "q", "2026-09-30"))
	w := c.warnings[1]
	if w == nil || w.Code != "acme.instrument" ||
		w.Summary != "there are assessments of one day with several instruments (aaa, three): the figures are those of aaa; no field for the scores of care, news, follow-up: they stand in the note alone" ||
		w.Hint != "say in the setting instrument whose figures should stand there; name them in the setting scores" {
		t.Errorf("%+v", w)
	}
	if w := c.warnings[0]; w == nil || strings.Contains(w.Summary, "no field") {
		t.Errorf("the other record: %+v", w)
	}
	plain := aJoin(t, joinOptions{plainFigures: true}, survey(t, "three", "q", "2026-09-30"))
	if len(plain.warnings) > 0 {
		t.Errorf("without fields: %v", plain.warnings)
	}
}

func TestNameOfTheClient(t *testing.T) {
	in := asked("three", "Three", "high-is-good")
	older, newer := assessed(t, aRecord("inn", "Old Inn", "2026-03-31"), found(in, "q1")), assessed(t, aRecord("inn", "New\n Inn", "2026-09-30"), found(in, "q3"))
	nameless := assessed(t, aRecord("inn", "", "2026-12-31"), found(in, "q4"))
	if c := aJoin(t, joinOptions{}, older, newer); c.name != "New Inn" {
		t.Error(c.name)
	}
	if c := aJoin(t, joinOptions{}, nameless, newer, older); c.name != "Old Inn" {
		t.Error(c.name)
	}
	if c := aJoin(t, joinOptions{}, nameless); c.name != "" {
		t.Error(c.name)
	}
}

// mixed are records of several clients and all kinds.
func mixed(t testing.TB) []sdk.Record {
	var all []sdk.Record
	for _, id := range []string{"inn", "bar", "spa"} {
		for _, instrument := range []string{"three", "aaa"} {
			for _, wave := range []string{"2026-q1", "2026-q3", "before", "after"} {
				body := found(asked(instrument, "Three", "high-is-good"), wave)
				all = append(all, assessed(t, aRecord(id, id+" "+wave, "2026-09-30"), body))
			}
		}
		of := decoded(t, all[len(all)-1])
		jobs := folder(t, id, "jobs", record.VerdictCounts{Stale: 2})
		all = append(all, statement(t, id, "a", nil, nil), statement(t, id, "b", nil, nil), sent(t, jobs, nil),
			planned(t, of, "Plan", record.Action{ID: "1", What: "Talk."}, record.Action{ID: "2", What: "Walk."}),
			planned(t, jobs, "Review", record.Action{ID: "1", What: "Read.", Due: "2026-11-02"}))
	}
	return all
}

// outline is all that a join gives, with keys in place of indexes.
func outline(t testing.TB, batch []sdk.Record, opt joinOptions) string {
	clients, refused := join(batch, opt)
	if len(refused) > 0 {
		t.Fatal(refused)
	}
	slices.SortFunc(clients, func(a, b *client) int { return strings.Compare(a.id, b.id) })
	var all []any
	for _, c := range clients {
		var keys, warnings []string
		for _, at := range c.records {
			keys = append(keys, batch[at].Key)
			if w := c.warnings[at]; w != nil {
				warnings = append(warnings, batch[at].Key+" "+w.Code+" "+w.Summary+" "+w.Hint)
			}
		}
		if !slices.IsSorted(c.records) {
			t.Errorf("records %v", c.records)
		}
		slices.Sort(keys)
		slices.Sort(warnings)
		lead := ""
		if c.headline >= 0 {
			lead = batch[c.headline].Key
		}
		all = append(all, c.id, c.name, keys, c.figures, c.absent, c.day, lead, warnings)
		for _, e := range c.entries {
			all = append(all, batch[e.record].Key, e.kind, e.entry, e.label)
		}
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOrderOfRecordsChangesNothing(t *testing.T) {
	batch := mixed(t)
	for _, opt := range []joinOptions{{exporter: "acme", scores: []string{"care"}}, {exporter: "acme", instrument: "three", plainFigures: true}, {exporter: "acme", instrument: "none"}} {
		want := outline(t, batch, opt)
		random := rand.New(rand.NewPCG(1, 2))
		for range 40 {
			other := slices.Clone(batch)
			random.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
			if got := outline(t, other, opt); got != want {
				t.Fatalf("another order gives\n%s\nwant\n%s", got, want)
			}
		}
	}
}

func TestEntriesAreToldApart(t *testing.T) {
	clients, _ := join(mixed(t), joinOptions{exporter: "acme", plainFigures: true})
	seen := map[string]string{}
	for _, c := range clients {
		if len(c.entries) != 8+3+1 {
			t.Errorf("%s has %d entries", c.id, len(c.entries))
		}
		for _, e := range c.entries {
			if other := seen[e.entry.Mark.ID]; other != "" {
				t.Errorf("%s and %s have one mark", other, e.label)
			}
			seen[e.entry.Mark.ID] = c.id + " " + e.label
			if e.entry.ID != "" || e.entry.Company != "" || e.label == "" {
				t.Errorf("%+v", e)
			}
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		in   string
		most int
		want string
	}{
		{"one two", 7, "one two"},
		{" one\n\ttwo\x00 ", 7, "one two"},
		{"one two three", 9, "one two…"},
		{"one two three", 8, "one two…"},
		{"one two, three", 11, "one two…"},
		{"élodieélodie", 5, "élod…"},
		{"a bcdefghijkl", 8, "a bcdef…"},
		{"", 3, ""},
	} {
		if got := cut(test.in, test.most); got != test.want {
			t.Errorf("cut(%q, %d) = %q, want %q", test.in, test.most, got, test.want)
		}
	}
}
