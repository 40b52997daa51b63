package crm

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// aCompany puts a company into the CRM by hand.
func (m *memory) aCompany(key, name string, figures ...string) string {
	c := Company{ID: m.id(), Name: name, Values: map[string]Value{fieldOf("key"): Line(key)}}
	for _, f := range figures {
		id, text, _ := strings.Cut(f, "=")
		c.Values[fieldOf(id)] = Value{m.fields[fieldOf(id)].Type, text}
	}
	m.companies = append(m.companies, c)
	return c.ID
}

func TestUpsertMakesAndUpdates(t *testing.T) {
	m := newMemory()
	m.aCompany("bar", "Bar & Co", "index=50")
	b := opened(t, m, "")
	batch := append(everything(t, "bar"), everything(t, "inn")...)
	expect(t, "outcomes", said(b.wrote(batch...)),
		"created company:8 note:10; created company:8 task:12; updated company:8; created company:9 note:11; created company:9 task:13; created company:9")
	expect(t, "there", m.there("index", "date", "open_actions", "lint_errors"),
		"8 bar Bar & Co index=59.95 date=2026-09-30 open_actions=1 lint_errors=0; 9 inn The inn index=59.95 date=2026-09-30 open_actions=1 lint_errors=0; "+
			"10 note at 8 Service culture, Three, q3; 11 note at 9 Service culture, Three, q3; 12 task at 8 Do one; 13 task at 9 Do one")
	expect(t, "calls", strings.Join(m.calls, "; "),
		"fields 1; find companies 2; find notes 1; find tasks 1; create companies 1; update companies 1; create notes 2; create tasks 2")

	expect(t, "again", said(b.wrote(batch...)),
		"unchanged company:8 note:10; unchanged company:8 task:12; unchanged company:8; unchanged company:9 note:11; unchanged company:9 task:13; unchanged company:9")
	expect(t, "calls again", strings.Join(m.calls, "; "), "find companies 2; find notes 2; find tasks 2")
}

func TestUpdateOnlyMakesNothing(t *testing.T) {
	m := newMemory()
	m.aCompany("inn", "The Inn")
	b := opened(t, m, "match=update-only")
	out := b.wrote(append(everything(t, "imn"), everything(t, "inn")...)...)
	expect(t, "outcomes", said(out),
		"rejected acme.match; rejected acme.match; rejected acme.match; created company:8 note:9; created company:8 task:10; updated company:8")
	expect(t, "reason", summary(out[0]), "no company carries the key imn")
	expect(t, "hint", out[0].Diagnostic.Hint, `put the key into the field f_key of the client's company, mend the client's id, or let it be made with match = "upsert"`)
	if len(m.companies) != 1 {
		t.Error(m.there())
	}
}

func TestCreateOnlyLeavesAlone(t *testing.T) {
	made := []string{"index=59.95", "assessment=inn/assessment/three/q3", "instrument=three", "instrument_version=1.0", "date=2026-09-30", "band=Mixed",
		"respondents=40", "weakest=Keeping everyone informed", "score_care=71.25", "score_news=44", "score_follow-up=64.6"}
	for name, test := range map[string]struct {
		figures []string
		change  func(*sdk.Record)
		want    string
	}{
		"somebody else's": {[]string{"index=50"}, func(*sdk.Record) {}, "rejected acme.match"},
		"made by an earlier run": {nil, func(r *sdk.Record) {
			r.Remote = []sdk.RemoteObject{{Type: "note", ID: "3"}, {Type: "company", ID: "8"}}
		}, "created company:8 note:9"},
		"another one was made":  {[]string{"index=50"}, func(r *sdk.Record) { r.Remote = []sdk.RemoteObject{{Type: "company", ID: "5"}} }, "rejected acme.match"},
		"a note of that id was": {[]string{"index=50"}, func(r *sdk.Record) { r.Remote = []sdk.RemoteObject{{Type: "note", ID: "8"}} }, "rejected acme.match"},
		"perhaps made by one":   {[]string{"index=50"}, func(r *sdk.Record) { r.InDoubt = true }, "created company:8 note:9"},
		// A run that made one and could not write the rest leaves nothing but the company.
		"has all figures": {made, func(r *sdk.Record) {}, "created company:8 note:9"},
		"has all but one": {made[1:], func(r *sdk.Record) {}, "rejected acme.match"},
		"has another":     {append(made[1:], "index=50"), func(r *sdk.Record) {}, "rejected acme.match"},
		// A company that a run makes has its figures at once.
		"not made by that one": {nil, func(r *sdk.Record) { r.InDoubt = true }, "rejected acme.match"},
	} {
		m := newMemory()
		m.aCompany("inn", "The Inn", test.figures...)
		r := aSurvey(t, "inn", "q3", "2026-09-30")
		test.change(&r)
		out := opened(t, m, "match=create-only").wrote(r)
		expect(t, name, said(out), test.want)
		if out[0].Status == sdk.Rejected {
			expect(t, name, summary(out[0])+"; "+out[0].Diagnostic.Hint, `the company 8 carries the key inn already; let it be updated with match = "upsert"`)
			expect(t, name+": calls", strings.Join(m.calls, "; "), "fields 1; find companies 1")
		}
	}
}

// A host sends what came back as it was sent before.
func TestCreateOnlyGoesOnAfterRetry(t *testing.T) {
	m := newMemory()
	b := opened(t, m, "match=create-only")
	batch := everything(t, "inn")
	busy := true
	m.each = func(call, _ string) error {
		if busy && call == "create notes" {
			return errBusy
		}
		return nil
	}
	expect(t, "first", said(b.wrote(batch...)), "retry company:8 acme.busy; retry company:8 task:9 acme.busy; retry company:8 acme.busy")
	busy = false
	m.companies[0].Values["f_index"] = Value{NumberType, "50"} // somebody was there
	expect(t, "then", said(b.wrote(batch...)), "created company:8 note:10; updated company:8 task:9; updated company:8")
	// It is remembered of this client alone.
	m.aCompany("bar", "Bar", "index=50")
	expect(t, "another", said(b.wrote(everything(t, "bar")...)), "rejected acme.match; rejected acme.match; rejected acme.match")
}

func TestSeveralCompanies(t *testing.T) {
	m := newMemory()
	for range 2 {
		m.aCompany("inn", "The Inn")
	}
	for range 6 {
		m.aCompany("bar", "Bar")
	}
	for _, match := range []string{matchUpsert, matchUpdate, matchCreate} {
		b := opened(t, m, "match="+match)
		out := b.wrote(aSurvey(t, "inn", "q3", "2026-09-30"), aSurvey(t, "bar", "q3", "2026-09-30"), aSurvey(t, "tea", "q3", "2026-09-30"))
		expect(t, match, summary(out[0])+"; "+summary(out[1]),
			"2 companies carry the key inn: 8, 9; 6 companies carry the key bar: 10, 11, 12, 13, 14, …")
		if out[0].Status != sdk.Rejected || out[0].Diagnostic.Code != "acme.several" || out[0].Diagnostic.Hint == "" {
			t.Errorf("%s: %+v", match, out[0])
		}
		if len(m.companies) > 9 || match == matchUpdate && m.writes > 0 {
			t.Errorf("%s: %s", match, m.there())
		}
		m.companies = m.companies[:8]
		m.entries = map[EntryKind][]Entry{}
	}
}

func TestKeysThatDifferInCase(t *testing.T) {
	m := newMemory()
	m.folds = true
	m.aCompany("INN", "The Inn")
	b := opened(t, m, "")
	out := b.wrote(aSurvey(t, "inn", "q3", "2026-09-30"), aSurvey(t, "Bar", "q3", "2026-09-30"), aSurvey(t, "bar", "q3", "2026-09-30"))
	expect(t, "outcomes", said(out), "rejected acme.key; created company:9 note:10; rejected acme.key")
	expect(t, "at the CRM", summary(out[0]), "the company 8 carries the key INN, which differs from inn in upper and lower case only")
	expect(t, "in the batch", summary(out[2]), "the clients Bar and bar differ in upper and lower case only, and a CRM may take them for one")
}

func TestKeyThatIsTooLong(t *testing.T) {
	m := newMemory()
	m.fields["f_key"] = Field{Name: "f_key", Length: 3, Unique: true}
	out := opened(t, m, "").wrote(aSurvey(t, "inn", "q3", "2026-09-30"), aSurvey(t, "inns", "q3", "2026-09-30"), aSurvey(t, "öäü", "q3", "2026-09-30"))
	expect(t, "outcomes", said(out), "created company:8 note:10; rejected acme.key; created company:9 note:11")
	expect(t, "reason", summary(out[1]), "the client's id is longer than the 3 characters that the field f_key takes")
}

func TestEmptyNeverOverwrites(t *testing.T) {
	withheld := func(b *record.AssessmentBody) {
		b.Withheld, b.Index, b.N, b.Band, b.Dimensions = true, nil, nil, "", nil
	}
	for name, test := range map[string]struct{ settings, want, warned, emptied string }{
		"kept": {"", "change=3 index=50 respondents=40 score_care=60",
			"the assessment does not have index, change, respondents, score_care (withheld: too few people answered): the old values were kept; the setting clear empties them", ""},
		"cleared": {"clear=index,score_care,change", "change= index= respondents=40 score_care=",
			"the assessment does not have respondents (withheld: too few people answered): the old value was kept; the setting clear empties it",
			"index 50 -> nothing; change 3 -> nothing; score_care 60 -> nothing; "},
		"all cleared": {"clear=all", "change= index= respondents= score_care=", "",
			"index 50 -> nothing; change 3 -> nothing; respondents 40 -> nothing; score_care 60 -> nothing; "},
	} {
		m := newMemory()
		m.aCompany("inn", "The Inn", "index=50", "change=3", "respondents=40", "score_care=60", "lint_errors=4", "stale_jobs=2")
		b := opened(t, m, test.settings)
		r := aSurvey(t, "inn", "q3", "2026-09-30", withheld)
		expect(t, name+": diff", strings.ReplaceAll(b.planned(r)[0].Diff, "\n", "; "),
			"assessment inn/assessment/three/q3; instrument three; instrument_version 1.0; date 2026-09-30; "+test.emptied+"new note: Service culture, Three, q3")
		out := b.wrote(r)
		c := m.companies[0]
		got := ""
		for _, id := range []string{"change", "index", "respondents", "score_care"} {
			got += " " + id + "=" + c.Values[fieldOf(id)].Text
		}
		expect(t, name, got[1:], test.want)
		expect(t, name+": warning", summary(out[0]), test.warned)
		// The other records' figures are no matter of an assessment.
		if c.Values["f_lint_errors"].Text != "4" || c.Values["f_stale_jobs"].Text != "2" {
			t.Errorf("%s: %s", name, m.there("lint_errors", "stale_jobs"))
		}
		expect(t, name+" again", said(b.wrote(r))[:9], "unchanged")
	}
}

// Without an assessment nothing is said of its figures.
func TestOtherRecordsKeepTheAssessment(t *testing.T) {
	m := newMemory()
	m.aCompany("inn", "The Inn", "index=50", "date=2026-09-30", "assessment=inn/assessment/three/q3")
	out := opened(t, m, "clear=all").wrote(statement(t, "inn", "1", nil, nil))
	expect(t, "outcomes", said(out), "updated company:8")
	expect(t, "there", m.there("index", "date", "lint_errors"), "8 inn The Inn index=50 date=2026-09-30 lint_errors=0")
}

func TestEmptyReasons(t *testing.T) {
	expect(t, "one", missingFigures([]string{"index"}, nil), "the assessment does not have index: the old value was kept; the setting clear empties it")
	expect(t, "several", missingFigures([]string{"a", "b", "c", "d", "e"}, map[string]string{"a": "x", "b": "x", "c": "y", "e": "x"}),
		"the assessment does not have a, b (x), c (y), d, e (x): the old values were kept; the setting clear empties them")
}

func TestOlderNeverOverwrites(t *testing.T) {
	for name, test := range map[string]struct {
		settings   string
		there      []string
		wave, day  string
		want, warn string
	}{
		"older":    {"", []string{"date=2026-12-31", "index=50"}, "q3", "2026-09-30", "index=50 date=2026-12-31", "the figures of inn that are there are of a later day, 2026-12-31, and were kept"},
		"same day": {"", []string{"date=2026-09-30", "index=50"}, "q3", "2026-09-30", "index=59.95 date=2026-09-30", ""},
		"later":    {"", []string{"date=2026-09-29", "index=50"}, "q3", "2026-09-30", "index=59.95 date=2026-09-30", ""},
		"no day":   {"", []string{"date=2026-09-29", "index=50"}, "q3", "", "index=50 date=2026-09-29", "the assessment has no day, and the figures of inn that are there are of 2026-09-29: they were kept; --as-of gives it its day"},
		"none has": {"", []string{"index=50"}, "q3", "", "index=59.95 date=", ""},
		// The day of a record was mended.
		"same record": {"", []string{"date=2026-12-31", "index=50", "assessment=inn/assessment/three/q3"}, "q3", "2026-09-30", "index=59.95 date=2026-09-30", ""},
		// Only one instrument's figures are wanted now.
		"of another instrument":        {"instrument=three", []string{"date=2026-12-31", "index=50", "instrument=four"}, "q3", "2026-09-30", "index=59.95 date=2026-09-30", ""},
		"of who knows which":           {"instrument=three", []string{"date=2026-12-31", "index=50"}, "q3", "2026-09-30", "index=50 date=2026-12-31", "the figures of inn that are there are of a later day, 2026-12-31, and were kept"},
		"of the instrument":            {"instrument=three", []string{"date=2026-12-31", "index=50", "instrument=three"}, "q3", "2026-09-30", "index=50 date=2026-12-31", "the figures of inn that are there are of a later day, 2026-12-31, and were kept"},
		"of another, and any is fine":  {"", []string{"date=2026-12-31", "index=50", "instrument=four"}, "q3", "2026-09-30", "index=50 date=2026-12-31", "the figures of inn that are there are of a later day, 2026-12-31, and were kept"},
		"the day has no field":         {"fields=date:", []string{"date=2026-12-31", "index=50"}, "q3", "2026-09-30", "index=59.95 date=2026-12-31", ""},
		"clear empties nothing either": {"clear=all", []string{"date=2026-12-31", "index=50", "change=3"}, "q3", "2026-09-30", "index=50 date=2026-12-31", "the figures of inn that are there are of a later day, 2026-12-31, and were kept"},
	} {
		m := newMemory()
		id := m.aCompany("inn", "The Inn", test.there...)
		before := len(m.companies[0].Values)
		b := opened(t, m, test.settings)
		out := b.wrote(aSurvey(t, "inn", test.wave, test.day), statement(t, "inn", "1", nil, nil))
		expect(t, name, strings.SplitN(m.there("index", "date"), " The Inn ", 2)[1], test.want+"; 9 note at "+id+" Service culture, Three, q3")
		expect(t, name+": warning", summary(out[0]), test.warn)
		// Figures of other records are written all the same.
		if c := m.companies[0]; c.Values["f_lint_errors"].Text != "0" || test.warn != "" && len(c.Values) != before+1 {
			t.Errorf("%s: %v", name, c.Values)
		}
	}
}

func TestRename(t *testing.T) {
	for settings, want := range map[string]string{"": "8 inn Old", "rename=true": "8 inn The inn"} {
		m := newMemory()
		m.aCompany("inn", "Old")
		b := opened(t, m, settings)
		r := aSurvey(t, "inn", "q3", "2026-09-30")
		plan := b.planned(r)
		if got := strings.HasPrefix(plan[0].Diff, "name Old -> The inn\n"); got != (settings != "") {
			t.Errorf("%s: diff %s", settings, plan[0].Diff)
		}
		b.wrote(r, statement(t, "inn", "1", nil, nil))
		expect(t, settings, strings.SplitN(m.there(), ";", 2)[0], want)
		// No record gives a name: the company keeps its own.
		b.wrote(statement(t, "inn", "1", nil, nil))
		expect(t, settings, strings.SplitN(m.there(), ";", 2)[0], want)
		expect(t, settings, said(b.wrote(r, statement(t, "inn", "1", nil, nil))), "unchanged company:8 note:9; unchanged company:8")
	}
}

func TestCompanyThatLostItsKey(t *testing.T) {
	m := newMemory()
	r := aSurvey(t, "inn", "q3", "2026-09-30")
	r.Remote = []sdk.RemoteObject{{Type: "company", ID: "3"}}
	out := opened(t, m, "").wrote(r)
	expect(t, "outcome", said(out), "created company:8 note:9 acme.note")
	expect(t, "warning", summary(out[0]), "the company 3 that an earlier run wrote to carries the key no more: a new one is made")
}

// The CRM may still be at work on what an interrupted run sent.
func TestDoubtWaitsOnce(t *testing.T) {
	m := newMemory()
	b := opened(t, m, "")
	calm, doubtful := everything(t, "inn"), everything(t, "bar")
	doubtful[1].InDoubt = true
	b.wrote(calm...)
	expect(t, "calm", fmt.Sprint(b.pauses), "[]")
	looked := 0
	b.session.Sleep = func(context.Context, time.Duration) error {
		looked = len(m.calls)
		b.pauses = append(b.pauses, grace)
		return nil
	}
	b.wrote(append(calm, doubtful...)...)
	if len(b.pauses) != 1 || looked != 0 || len(m.calls) == 0 {
		t.Errorf("waited %v after %d calls", b.pauses, looked)
	}
	b.wrote(doubtful...)
	expect(t, "afterwards", fmt.Sprint(b.pauses), "[]")

	b = opened(t, m, "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m.calls = nil
	if _, err := b.Write(ctx, sdk.Run{}, doubtful); err != context.Canceled || len(m.calls) != 1 {
		t.Errorf("canceled: error %v after %q", err, m.calls)
	}
}

func TestSameMarkTwice(t *testing.T) {
	m := newMemory()
	b := opened(t, m, "")
	batch := everything(t, "inn")
	b.wrote(batch...)
	note, task := m.entries[NoteEntry][0], m.entries[TaskEntry][0]
	note.ID, task.ID = "100", "5" // of notes the first is the one that was made, of tasks the other
	m.entries[NoteEntry] = append([]Entry{note}, m.entries[NoteEntry]...)
	m.entries[TaskEntry] = append(m.entries[TaskEntry], task)
	expect(t, "unchanged", said(b.wrote(batch...)), "unchanged company:8 note:9; unchanged company:8 task:5; unchanged company:8")
	batch[0] = aSurvey(t, "inn", "q3", "2026-09-30", index(61))
	batch[1] = aPlan(t, batch[0], "one")
	expect(t, "changed", said(b.wrote(batch...)), "updated company:8 note:9; updated company:8 task:5; updated company:8")
	expect(t, "calls", strings.Join(m.calls, "; "), "find companies 1; find notes 1; find tasks 1; update companies 1; update notes 1")
}

func TestEarlier(t *testing.T) {
	for _, pair := range [][2]string{{"9", "10"}, {"10", "11"}, {"a", "b"}, {"b", "aa"}} {
		if !earlier(pair[0], pair[1]) || earlier(pair[1], pair[0]) || earlier(pair[0], pair[0]) {
			t.Errorf("%q", pair)
		}
	}
}

// Records that no client has are refused, and the others are written.
func TestRefusedAlone(t *testing.T) {
	m := newMemory()
	broken := aSurvey(t, "bar", "q3", "2026-09-30")
	broken.JSON = []byte("{")
	out := opened(t, m, "").wrote(wrongKind(t, "inn"), aSurvey(t, "inn", "q3", "2026-09-30"), statement(t, "", "1", nil, nil), broken)
	expect(t, "outcomes", said(out), "rejected acme.record; created company:8 note:9; rejected acme.client; rejected acme.record")
}

func TestSameRecordTwice(t *testing.T) {
	m := newMemory()
	r := aSurvey(t, "inn", "q3", "2026-09-30")
	opened(t, m, "").wrote(r, r)
	expect(t, "there", m.there(), "8 inn The inn; 9 note at 8 Service culture, Three, q3")
}

func TestLimitsOfLookUps(t *testing.T) {
	m := newMemory()
	m.limits = Limits{Find: 2, Write: 3, Entries: 2}
	var batch []sdk.Record
	for i := range 5 {
		batch = append(batch, everything(t, fmt.Sprint("client", i))...)
	}
	b := opened(t, m, "")
	b.wrote(batch...)
	expect(t, "calls", strings.Join(m.calls, "; "), "fields 1; find companies 2; find companies 2; find companies 1; create companies 3; create companies 2; "+
		"create notes 2; create notes 2; create notes 1; create tasks 2; create tasks 2; create tasks 1")
	b.wrote(batch...)
	expect(t, "calls again", strings.Join(m.calls, "; "), "find companies 2; find companies 2; find companies 1; "+
		"find notes 2; find notes 2; find notes 1; find tasks 2; find tasks 2; find tasks 1")
}
