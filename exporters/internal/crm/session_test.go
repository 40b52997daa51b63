package crm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

func TestInfo(t *testing.T) {
	own := make([]sdk.Field, 1, 20)
	own[0] = sdk.Field{Name: "token", Secret: true}
	info := Info("acme", "1.0.0", "writes to Acme", sdk.Lookup, Wording{"account"}, own)
	var names []string
	for _, f := range info.Config {
		names = append(names, f.Name)
		if f.Name == "rename" && f.Doc != "give an account that is there the client's name, too" {
			t.Error(f.Doc)
		}
	}
	expect(t, "settings", strings.Join(names, " "), "token match instrument scores fields clear rename")
	if !info.WholeClients || info.Idempotency != sdk.Lookup || slices.Contains(info.Kinds, record.KindJob) || len(info.Kinds) != 4 {
		t.Errorf("%+v", info)
	}
	if own[:2][1].Name != "" {
		t.Error("the exporter's own settings were written over")
	}
	if (Wording{"party"}).a() != "a party" {
		t.Error((Wording{"party"}).a())
	}
}

func TestMapping(t *testing.T) {
	m := newMemory()
	m.fields["mine"] = Field{Name: "mine", Type: NumberType, Decimals: 1}
	b := opened(t, m, "fields=index:mine,band:,date:")
	b.wrote(aSurvey(t, "inn", "q3", "2026-09-30"))
	c := m.companies[0]
	if c.Values["mine"].Text != "60" { // 59.95 with one decimal
		t.Errorf("%v", c.Values)
	}
	for _, name := range []string{"f_index", "f_band", "f_date"} {
		if _, there := c.Values[name]; there {
			t.Errorf("%s was written", name)
		}
	}
	expect(t, "again", said(b.wrote(aSurvey(t, "inn", "q3", "2026-09-30"))), "unchanged company:8 note:9")
	expect(t, "target", b.Target().ID, "memory")
}

func TestMappingFaults(t *testing.T) {
	const ids = "figures are key, assessment, instrument, instrument_version, date, index, change, band, respondents, weakest, score_care, score_news, score_follow-up, lint_errors, stale_jobs, open_actions, next_review"
	for settings, want := range map[string]string{
		"fields=indx:a,key:,band:same,weakest:same,score_culture:x clear=nothing,all,index": "band and weakest both go into the field same (fields): give each a field of its own; " +
			"the key has no field (fields): the key is by which a client is found again: give it a field, or leave key out of fields; " +
			`there is no figure "indx" (fields): ` + ids + `; there is no figure "nothing" (clear): ` + ids + `; there is no figure "score_culture" (fields): ` + ids + "; ",
		"fields=index:f_band": "index and band both go into the field f_band (fields): give each a field of its own; ",
		"fields=index:f_key":  "key and index both go into the field f_key (fields): give each a field of its own; ",
	} {
		_, err := tried(t, newMemory(), settings, nil)
		var faults sdk.Diagnostics
		got := ""
		if !errors.As(err, &faults) {
			t.Errorf("%s: error %v", settings, err)
		}
		for _, d := range faults {
			got += fmt.Sprintf("%s (%s): %s; ", d.Summary, d.Field, d.Hint)
			if d.Code != "acme.figure" {
				t.Errorf("%s: %+v", settings, d)
			}
		}
		expect(t, settings, got, want)
	}
}

// Without fields of its own a CRM is given the key alone, and the rest in notes.
func TestNoFields(t *testing.T) {
	m := newMemory()
	m.fields = map[string]Field{"f_key": {Name: "f_key", Unique: true}}
	b, err := tried(t, m, "", func(c *Config) { c.NoFields = true })
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "outcomes", said(b.wrote(everything(t, "inn")...)), "created company:8 note:9; created company:8 task:11; created company:8 note:10")
	if c := m.companies[0]; len(c.Values) != 1 {
		t.Errorf("%v", c.Values)
	}
	expect(t, "again", said(b.wrote(everything(t, "inn")...)), "unchanged company:8 note:9; unchanged company:8 task:11; unchanged company:8 note:10")
	// Nothing tells what firstcall made, but for what is remembered.
	b, err = tried(t, m, "match=create-only", func(c *Config) { c.NoFields = true })
	if err != nil {
		t.Fatal(err)
	}
	batch := everything(t, "inn")
	expect(t, "create-only", said(b.wrote(batch[0])), "rejected acme.match")
	batch[0].InDoubt = true
	expect(t, "create-only in doubt", said(b.wrote(batch[0])), "unchanged company:8 note:9")
}

// A value that the field can't hold as it is must not be written again and again.
func TestFitIsStable(t *testing.T) {
	m := newMemory()
	m.fields["f_index"] = Field{Name: "f_index", Type: NumberType, Decimals: 0, Given: "int"}
	m.fields["f_change"] = Field{Name: "f_change", Type: NumberType, Decimals: 1}
	m.fields["f_respondents"] = Field{Name: "f_respondents", Type: NumberType, Decimals: 3} // a number takes a count
	m.fields["f_weakest"] = Field{Name: "f_weakest", Type: LineType, Length: 9}
	b := opened(t, m, "")
	r := aSurvey(t, "inn", "q3", "2026-09-30", func(b *record.AssessmentBody) { *b = since(*b, "q1", 70, 40, 61) })
	out := b.wrote(r)
	expect(t, "there", m.there("index", "change", "respondents", "weakest"), "8 inn The inn index=60 change=3 respondents=40 weakest=Keeping…; 9 note at 8 Service culture, Three, q3")
	expect(t, "outcome", said(out)+": "+summary(out[0]), "created company:8 note:9 acme.note: weakest was cut to what the field f_weakest takes")
	out = b.wrote(r)
	expect(t, "again", said(out), "unchanged company:8 note:9 acme.note")
}

func TestFit(t *testing.T) {
	for _, test := range []struct {
		value Value
		field Field
		want  string
		whole bool
	}{
		{Line("abc"), Field{Length: 3}, "abc", true},
		{Line("abcd"), Field{Length: 3}, "ab…", false},
		{Line("äöüß"), Field{Length: 4}, "äöüß", true},
		{Line("a b c"), Field{Length: 3}, "a…", false},
		{Line("abcd"), Field{}, "abcd", true},
		{Line(""), Field{Length: 3}, "", true},
		{Number(1.25), Field{Type: NumberType, Decimals: 1}, "1.3", true},
		{Number(-0.04), Field{Type: NumberType, Decimals: 1}, "0", true},
		{Number(1.25), Field{Type: NumberType, Decimals: 2}, "1.25", true},
		{Count(12), Field{Type: NumberType}, "12", true},
		{Value{Type: NumberType}, Field{Type: NumberType}, "", true},
	} {
		got, whole := fit(test.value, test.field)
		if got.Text != test.want || got.Type != test.value.Type || whole != test.whole {
			t.Errorf("%+v in %+v: %+v, %v", test.value, test.field, got, whole)
		}
	}
}

// What a plan announces is what then happens.
func TestPlan(t *testing.T) {
	m := newMemory()
	m.aCompany("inn", "The Inn", "index=50", "score_care=71.2500", "respondents=12")
	m.aCompany("two", "Two")
	m.aCompany("two", "Two")
	s := aSurvey(t, "inn", "q3", "2026-09-30")
	b := opened(t, m, "clear=change")
	b.wrote(s, aPlan(t, s, "one"))
	m.companies[0].Values["f_index"] = Value{NumberType, "50"}
	m.companies[0].Values["f_change"] = Value{NumberType, "3.5"}
	m.entries[TaskEntry][0].Mark.Content = "00000000"
	batch := append([]sdk.Record{s, aPlan(t, s, "one", "two"), statement(t, "inn", "1", nil, nil)}, everything(t, "new")...)
	batch = append(batch, aSurvey(t, "two", "q3", "2026-09-30"), wrongKind(t, "inn"))
	planned := b.planned(batch...)
	if m.writes > 0 {
		t.Errorf("a plan wrote: %q", m.calls)
	}
	var diffs []string
	for _, o := range planned {
		diffs = append(diffs, strings.ReplaceAll(o.Diff, "\n", ", "))
	}
	expect(t, "diffs", strings.Join(diffs, "; "), "index 50 -> 59.95, change 3.5 -> nothing, lint_errors 0, open_actions 1 -> 2; changed task: Do one, new task: Do two; ; "+
		"new company The new, assessment new/assessment/three/q3, instrument three, instrument_version 1.0, date 2026-09-30, index 59.95, band Mixed, respondents 40, "+
		"weakest Keeping everyone informed, score_care 71.25, score_news 44, score_follow-up 64.6, lint_errors 0, open_actions 1, new note: Service culture, Three, q3; new task: Do one; ; ; ")
	written := b.wrote(batch...)
	for i := range batch {
		expect(t, fmt.Sprint("status of ", i), statusWords[planned[i].Status], statusWords[written[i].Status])
		expect(t, fmt.Sprint("words of ", i), summary(planned[i]), summary(written[i]))
		if written[i].Diff != "" {
			t.Errorf("%d: written with the diff %s", i, written[i].Diff)
		}
	}
	for i, o := range b.planned(batch...) {
		if o.Status < sdk.Unchanged || o.Diff != "" {
			t.Errorf("%d: in the end %s %q", i, statusWords[o.Status], o.Diff)
		}
	}
	m.fault = failing("find companies", "busy")
	for _, o := range b.planned(everything(t, "inn")...) {
		if o.Status != sdk.Retry || o.Diff != "" {
			t.Errorf("busy: %+v", o)
		}
	}
}

// What is to be told of a record's part in the figures stands with a success, and keeps
// its code.
func TestWarnings(t *testing.T) {
	m := newMemory()
	m.aCompany("inn", "The Inn", "change=3")
	b := opened(t, m, "scores=care,news,follow-up instrument=four")
	out := b.wrote(aSurvey(t, "inn", "q3", "2026-09-30"))
	d := out[0].Diagnostic
	if d == nil || d.Code != "acme.instrument" || d.Severity != sdk.SeverityWarning || d.Hint != "look at the setting instrument" {
		t.Errorf("%+v", d)
	}
	m.fields["f_weakest"] = Field{Name: "f_weakest", Length: 9}
	b = opened(t, m, "")
	body := func(b *record.AssessmentBody) {
		b.Instrument.Dimensions = append(b.Instrument.Dimensions, record.DimensionText{ID: "pay", Title: "Pay"})
		b.Dimensions = append(b.Dimensions, record.Dimension{ID: "pay", Percent: ptr(20.0), N: ptr(int64(40))})
	}
	out = b.wrote(statement(t, "inn", "1", nil, nil), aSurvey(t, "inn", "q3", "2026-09-30", body))
	// What is of the client stands with its first record.
	expect(t, "of the client", summary(out[0]), "the assessment does not have change (there is no earlier wave to compare with): the old value was kept; the setting clear empties it")
	expect(t, "code", out[0].Diagnostic.Code, "acme.note")
	expect(t, "of the record", summary(out[1]), "no field for the scores of pay: they stand in the note alone")
	out = b.wrote(aSurvey(t, "inn", "q3", "2026-09-30", body))
	expect(t, "of both", summary(out[0]), "no field for the scores of pay: they stand in the note alone; "+
		"the assessment does not have change (there is no earlier wave to compare with): the old value was kept; the setting clear empties it")
	expect(t, "code of both", out[0].Diagnostic.Code, "acme.scores")
}

func TestManyRemoteObjects(t *testing.T) {
	m := newMemory()
	m.limits.Entries, m.limits.Find = 2000, 2000
	var ids []string
	for i := range 1100 {
		ids = append(ids, fmt.Sprint("a", i))
	}
	out := opened(t, m, "").wrote(aPlan(t, aSurvey(t, "inn", "q3", "2026-09-30"), ids...))
	if len(out[0].Remote) != 1000 || len(m.entries[TaskEntry]) != 1100 {
		t.Errorf("%d named of %d", len(out[0].Remote), len(m.entries[TaskEntry]))
	}
}

func TestOutcomeOfAnUnknownFault(t *testing.T) {
	s := opened(t, newMemory(), "").session
	expect(t, "other", said([]sdk.Outcome{s.failed(errors.New("odd"))}), "retry acme.failed")
	expect(t, "code of the server", said([]sdk.Outcome{s.failed(&web.Refused{Code: "DUPLICATE", Text: "x"})}), "rejected acme.refused")
	expect(t, "own code", said([]sdk.Outcome{s.failed(&web.Refused{Code: "several", Text: "x"})}), "rejected acme.several")
}

func TestNothingToWrite(t *testing.T) {
	m := newMemory()
	if out := opened(t, m, "").wrote(); len(out) != 0 || strings.Join(m.calls, "") != "fields 1" {
		t.Errorf("%v, %q", out, m.calls)
	}
}
