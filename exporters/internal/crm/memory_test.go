package crm

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// memory is a CRM that is kept in memory, and fails as a test tells it.
type memory struct {
	limits    Limits
	folds     bool             // keys that differ in case only are equal to it
	fields    map[string]Field // of companies
	companies []Company
	entries   map[EntryKind][]Entry
	last      int // id that was given last

	whole  bool                                           // one object that is refused has the whole call refused
	refuse map[string]string                              // why, by the key of a company or the title of an entry
	fault  func(call string) (before, after error)        // of a call that is not carried out, or whose answer is not given
	each   func(call string, object string) (fault error) // of one object

	calls  []string
	writes int
	broken []string // what no CRM would take
}

// newMemory is a CRM that has all fields.
func newMemory() *memory {
	m := &memory{limits: Limits{Find: 100, Write: 100, Entries: 100}, fields: map[string]Field{}, entries: map[EntryKind][]Entry{}, refuse: map[string]string{}, last: 7}
	for _, f := range Catalog(everyDimension) {
		m.fields[fieldOf(f.ID)] = Field{Name: fieldOf(f.ID), Type: f.Type, Given: f.Type.String(), Decimals: 2, Length: 255, Unique: f.ID == keyFigure}
	}
	return m
}

func fieldOf(figure string) string { return "f_" + strings.ReplaceAll(figure, "-", "_") }

func (m *memory) Target() sdk.Target { return sdk.Target{ID: "memory"} }

func (m *memory) Limits() Limits { return m.limits }

// begun notes a call and says how it fails.
func (m *memory) begun(call string, n, most int) (before, after error) {
	m.calls = append(m.calls, fmt.Sprintf("%s %d", call, n))
	if n > most || n == 0 {
		m.broken = append(m.broken, fmt.Sprintf("%s of %d objects", call, n))
	}
	if m.fault == nil {
		return nil, nil
	}
	return m.fault(call)
}

func (m *memory) same(a, b string) bool { return a == b || m.folds && strings.EqualFold(a, b) }

func (m *memory) Companies(_ context.Context, key string, keys, fields []string) ([]Company, error) {
	if before, after := m.begun("find companies", len(keys), m.limits.Find); before != nil || after != nil {
		return nil, cmp.Or(before, after)
	}
	var out []Company
	for _, c := range m.companies {
		if !slices.ContainsFunc(keys, func(k string) bool { return m.same(k, c.Values[key].Text) }) {
			continue
		}
		is := Company{ID: c.ID, Key: c.Values[key].Text, Name: c.Name, Values: map[string]Value{}}
		for _, f := range fields {
			if v := c.Values[f]; !v.Empty() {
				is.Values[f] = Value{Text: m.shown(v)}
			}
		}
		out = append(out, is)
	}
	return out, nil
}

// shown is a value as CRMs write it.
func (m *memory) shown(v Value) string {
	switch v.Type {
	case NumberType:
		return strconv.FormatFloat(v.Float(), 'f', 4, 64)
	case CountType:
		return v.Text + ".0"
	case DayType:
		return v.Text + "T00:00:00.000Z"
	}
	return v.Text
}

// take says why values are not taken.
func (m *memory) take(values map[string]Value) {
	for name, v := range values {
		f, there := m.fields[name]
		_, decimals, _ := strings.Cut(v.Text, ".")
		switch {
		case !there:
			m.broken = append(m.broken, name+" is no field")
		case v.Type != f.Type && !(v.Type == CountType && f.Type == NumberType):
			m.broken = append(m.broken, fmt.Sprintf("%s is given a %s", name, v.Type))
		case v.Type == LineType && f.Length > 0 && utf8.RuneCountInString(v.Text) > f.Length, v.Type == NumberType && len(decimals) > f.Decimals:
			m.broken = append(m.broken, name+" is too long: "+v.Text)
		}
	}
}

// write has a call carried out that writes objects called by names.
func (m *memory) write(call string, most int, names []string, do func(i int) string) ([]Result, error) {
	before, after := m.begun(call, len(names), most)
	if before != nil {
		return nil, before
	}
	results := make([]Result, len(names))
	for i, name := range names {
		if why := m.refuse[name]; why != "" {
			if results[i].Err = (&web.Refused{Text: why}); m.whole {
				return nil, results[i].Err
			}
		} else if m.each != nil {
			results[i].Err = m.each(call, name)
		}
	}
	for i := range names {
		if results[i].Err == nil {
			m.writes++
			results[i].ID = do(i)
		}
	}
	if after != nil {
		return nil, after
	}
	return results, nil
}

func (m *memory) id() string {
	m.last++
	return strconv.Itoa(m.last)
}

func keysOf(companies []Company) []string {
	keys := make([]string, len(companies))
	for i, c := range companies {
		keys[i] = c.Key
	}
	return keys
}

func (m *memory) CreateCompanies(_ context.Context, key string, companies []Company) ([]Result, error) {
	return m.write("create companies", m.limits.Write, keysOf(companies), func(i int) string {
		c := companies[i]
		if c.ID != "" || c.Name == "" || c.Key == "" {
			m.broken = append(m.broken, fmt.Sprintf("a new company %+v", c))
		}
		m.take(c.Values)
		c.ID, c.Values = m.id(), maps.Clone(c.Values)
		c.Values[key] = Line(c.Key)
		m.companies = append(m.companies, c)
		return c.ID
	})
}

func (m *memory) UpdateCompanies(_ context.Context, companies []Company) ([]Result, error) {
	return m.write("update companies", m.limits.Write, keysOf(companies), func(i int) string {
		at := slices.IndexFunc(m.companies, func(c Company) bool { return c.ID == companies[i].ID })
		if at < 0 || companies[i].Name == "" && len(companies[i].Values) == 0 {
			m.broken = append(m.broken, fmt.Sprintf("an update of %+v", companies[i]))
			return ""
		}
		m.take(companies[i].Values)
		m.companies[at].Name = cmp.Or(companies[i].Name, m.companies[at].Name)
		maps.Copy(m.companies[at].Values, companies[i].Values)
		return companies[i].ID
	})
}

func (m *memory) Entries(_ context.Context, kind EntryKind, refs []Ref) ([]Entry, error) {
	if before, after := m.begun("find "+kind.Object()+"s", len(refs), m.limits.Find); before != nil || after != nil {
		return nil, cmp.Or(before, after)
	}
	var out []Entry
	for _, e := range m.entries[kind] {
		if slices.ContainsFunc(refs, func(r Ref) bool { return r.Company == e.Company && r.Mark.ID == e.Mark.ID }) {
			out = append(out, Entry{ID: e.ID, Company: e.Company, Mark: e.Mark})
		}
	}
	return out, nil
}

func titlesOf(entries []Entry) []string {
	titles := make([]string, len(entries))
	for i, e := range entries {
		titles[i] = e.Title
	}
	return titles
}

func (m *memory) CreateEntries(_ context.Context, kind EntryKind, entries []Entry) ([]Result, error) {
	return m.write("create "+kind.Object()+"s", m.limits.Entries, titlesOf(entries), func(i int) string {
		e := entries[i]
		if e.ID != "" || !slices.ContainsFunc(m.companies, func(c Company) bool { return c.ID == e.Company }) {
			m.broken = append(m.broken, fmt.Sprintf("a new entry %+v", e))
		}
		e.ID = m.id()
		m.entries[kind] = append(m.entries[kind], e)
		return e.ID
	})
}

func (m *memory) UpdateEntries(_ context.Context, kind EntryKind, entries []Entry) ([]Result, error) {
	return m.write("update "+kind.Object()+"s", m.limits.Entries, titlesOf(entries), func(i int) string {
		at := slices.IndexFunc(m.entries[kind], func(e Entry) bool { return e.ID == entries[i].ID })
		if at < 0 {
			m.broken = append(m.broken, fmt.Sprintf("an update of the entry %+v", entries[i]))
			return ""
		}
		m.entries[kind][at] = entries[i]
		return entries[i].ID
	})
}

func (m *memory) Fields(context.Context) (map[string]Field, error) {
	if before, after := m.begun("fields", 1, 1); before != nil || after != nil {
		return nil, cmp.Or(before, after)
	}
	return maps.Clone(m.fields), nil
}

func (m *memory) AddFields(_ context.Context, fields []Field) ([]Result, error) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return m.write("add fields", 1000, names, func(i int) string {
		if _, there := m.fields[names[i]]; there {
			m.broken = append(m.broken, names[i]+" is made again")
		}
		m.fields[names[i]] = fields[i]
		return names[i]
	})
}

// bench is a session at a CRM in memory.
type bench struct {
	t testing.TB
	*session
	m      *memory
	pauses []time.Duration
}

// opened is a session with settings as in "match=upsert clear=index,band fields=index:mine".
func opened(t testing.TB, m *memory, settings string) *bench {
	t.Helper()
	b, err := tried(t, m, settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tried(t testing.TB, m *memory, settings string, change func(*Config)) (*bench, error) {
	t.Helper()
	given := map[string]any{"scores": everyDimension}
	for _, pair := range strings.Fields(settings) {
		name, value, _ := strings.Cut(pair, "=")
		switch name {
		case "clear", "scores":
			given[name] = strings.Split(value, ",")
		case "rename":
			given[name] = true
		case "fields":
			table := map[string]string{}
			for _, entry := range strings.Split(value, ",") {
				id, field, _ := strings.Cut(entry, ":")
				table[id] = field
			}
			given[name] = table
		default:
			given[name] = value
		}
	}
	text, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	words := Wording{Company: "company"}
	cfg, err := sdk.ParseConfig(Settings(words), text, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, m: m}
	c := Config{Exporter: "acme", Wording: words, Settings: cfg, System: m, FieldName: fieldOf, UniqueKey: true, Sleep: func(ctx context.Context, d time.Duration) error {
		b.pauses = append(b.pauses, d)
		return ctx.Err()
	}}
	if change != nil {
		change(&c)
	}
	s, err := Open(context.Background(), c)
	if err != nil {
		return nil, err
	}
	b.session = s.(*session)
	return b, nil
}

// wrote writes a batch; the calls are those of this one alone.
func (b *bench) wrote(batch ...sdk.Record) []sdk.Outcome {
	b.t.Helper()
	return b.did(b.Write, batch)
}

func (b *bench) planned(batch ...sdk.Record) []sdk.Outcome {
	b.t.Helper()
	return b.did(b.Plan, batch)
}

func (b *bench) did(what func(context.Context, sdk.Run, []sdk.Record) ([]sdk.Outcome, error), batch []sdk.Record) []sdk.Outcome {
	b.t.Helper()
	b.m.calls, b.m.writes, b.pauses = nil, 0, nil
	out, err := what(context.Background(), sdk.Run{}, batch)
	if err != nil || len(out) != len(batch) {
		b.t.Fatalf("%d outcomes of %d records, error %v", len(out), len(batch), err)
	}
	if len(b.m.broken) > 0 {
		b.t.Fatalf("no CRM would take %q", b.m.broken)
	}
	return out
}

// there says what the CRM has: companies with their values of some figures, and titles.
func (m *memory) there(figures ...string) string {
	var lines []string
	for _, c := range m.companies {
		line := c.ID + " " + c.Values["f_key"].Text + " " + c.Name
		for _, id := range figures {
			line += " " + id + "=" + c.Values[fieldOf(id)].Text
		}
		lines = append(lines, line)
	}
	for _, kind := range []EntryKind{NoteEntry, TaskEntry} {
		for _, e := range m.entries[kind] {
			lines = append(lines, e.ID+" "+kind.Object()+" at "+e.Company+" "+e.Title)
		}
	}
	return strings.Join(lines, "; ")
}

var statusWords = [...]string{"created", "updated", "unchanged", "rejected", "retry", "deferred"}

// said are outcomes in short: status, remote objects, code.
func said(outcomes []sdk.Outcome) string {
	var all []string
	for _, o := range outcomes {
		line := statusWords[o.Status]
		for _, r := range o.Remote {
			line += " " + r.Type + ":" + r.ID
		}
		if o.Diagnostic != nil {
			line += " " + o.Diagnostic.Code
		}
		all = append(all, line)
	}
	return strings.Join(all, "; ")
}

// summary is that of an outcome's diagnostic.
func summary(o sdk.Outcome) string {
	if o.Diagnostic == nil {
		return ""
	}
	return o.Diagnostic.Summary
}

func expect(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got  %s\nwant %s", what, got, want)
	}
}

// aSurvey is an assessment of a client, whose title is that of its wave.
func aSurvey(t testing.TB, client, wave, day string, change ...func(*record.AssessmentBody)) sdk.Record {
	t.Helper()
	body := found(asked("three", "Three", "high-is-good"), wave)
	for _, f := range change {
		f(&body)
	}
	return assessed(t, aRecord(client, "The "+client, day), body)
}

// index gives an assessment another index.
func index(x float64) func(*record.AssessmentBody) {
	return func(b *record.AssessmentBody) { b.Index = &x }
}

// aPlan is the plan of a record, with actions of these ids, which are their titles, too.
func aPlan(t testing.TB, of sdk.Record, ids ...string) sdk.Record {
	t.Helper()
	var actions []record.Action
	for _, id := range ids {
		actions = append(actions, record.Action{ID: id, What: "Do " + id, Why: "It helps"})
	}
	return planned(t, decoded(t, of), "Plan", actions...)
}

// everything are the records of a client that come to a company, a note and a task.
func everything(t testing.TB, client string) []sdk.Record {
	t.Helper()
	s := aSurvey(t, client, "q3", "2026-09-30")
	return []sdk.Record{s, aPlan(t, s, "one"), statement(t, client, "1", nil, nil)}
}

// wrongKind is a record of a kind that is not taken.
func wrongKind(t testing.TB, client string) sdk.Record {
	t.Helper()
	job, err := record.NewJob(aRecord(client, "", ""), record.Job{ID: "cook", Verdict: "current", Review: record.Review{Months: 12}})
	return sent(t, job, err)
}
